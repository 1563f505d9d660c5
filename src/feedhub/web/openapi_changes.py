"""Changes in the API's description: asked for, and streamed."""

from typing import Any

from feedhub.views.api_changes import ChangeJson
from feedhub.web import examples
from feedhub.web.openapi_answers import SCHEMA, get
from feedhub.web.openapi_parameters import FILTER_PARAMETERS, FORMAT
from feedhub.web.place import LONGEST_WAIT, MOST_CHANGES, OF_ACCOUNTS, Place
from feedhub.web.problems import AHEAD, CROWDED, REFUSED

Json = dict[str, Any]  # JSON as OpenAPI defines it

_CHANGE: ChangeJson = {
    "change": 1204,
    "state": "updated",
    "id": examples.POST["id"],
    "status": "live",
    "version": 2,
    "backfill": False,
    "at": examples.POST["updated_at"],
    "post": examples.POST,
    "notice": None,
}
_NARROWING: list[Json] = [each for each in FILTER_PARAMETERS if each["name"] in OF_ACCOUNTS]


def changes_paths() -> Json:
    """What followers ask."""
    after = _number("after", "Changes after this number.", least=0, usual=0, example=1203)
    return {
        "/api/v1/changes": get(
            "Every public change in commit order, deletions included",
            "Each post stands once, at its newest change. Apply, keep `next`, ask it; it is always there.",
            [
                after,
                _number("limit", "How many changes at most.", least=1, most=MOST_CHANGES, usual=Place().limit),
                _number("wait", "Seconds to wait where there is nothing new.", least=0, most=LONGEST_WAIT, usual=0),
                *_NARROWING,
                FORMAT,
            ],
            {
                "application/json": {
                    "schema": {"$ref": f"{SCHEMA}ChangesPage"},
                    "example": {
                        "changes": [_CHANGE],
                        "next": f"{examples.HERE}/api/v1/changes?after=1204",
                        "latest": 1204,
                    },
                }
            },
            REFUSED,
            AHEAD,
            CROWDED,
        ),
        "/api/v1/stream": get(
            "The same as server-sent events",
            "Each event `change` has the number as its id and one change as its data; `end` says where to go on. "
            "Without `after` it begins now.",
            [after, _LAST_EVENT_ID, *_NARROWING, FORMAT],
            {"text/event-stream": {"schema": {"type": "string"}}},
            REFUSED,
            AHEAD,
            CROWDED,
        ),
    }


def _number(  # bounds and what is usual
    name: str, description: str, *, least: int, usual: int, most: int | None = None, example: int | None = None
) -> Json:
    schema: Json = {"type": "integer", "minimum": least, "default": usual}
    if most is not None:
        schema["maximum"] = most
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": schema,
        "example": usual if example is None else example,
    }


_LAST_EVENT_ID: Json = {
    "name": "Last-Event-ID",
    "in": "header",
    "description": "Where a broken line goes on; it goes before `after`.",
    "schema": {"type": "integer", "minimum": 0},
    "example": 1204,
}
