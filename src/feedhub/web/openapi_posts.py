"""Posts in the API's description: their lists in every form, each of them, its versions."""

from typing import Any

from feedhub.views.post_forms import FORMS, JSON
from feedhub.web import examples, examples_versions
from feedhub.web.openapi_answers import SCHEMA, get, one, page
from feedhub.web.openapi_parameters import BEFORE_VERSION, CURSOR, FIELDS_ASKED, FILTER_PARAMETERS, FORMAT, ID
from feedhub.web.problems import GONE, NOT_KNOWN, REFUSED

Json = dict[str, Any]  # JSON as OpenAPI defines it

_LINE = "Follow the `Link` header with `rel=next`: every post comes exactly once, whatever is published meanwhile."


def posts_paths() -> Json:
    """The paths below `/api/v1/posts`, and the keys of what they prove."""
    return _lists() | _single()


def _lists() -> Json:
    asked = [*FILTER_PARAMETERS, CURSOR, FIELDS_ASKED]
    return {
        "/api/v1/posts": get(
            "Posts, newest first",
            "Follow `next` until it is null: every post comes exactly once, whatever is published meanwhile.",
            [*asked, FORMAT],
            page("posts", examples.POST),
            REFUSED,
        ),
        "/api/v1/posts.ndjson": get(
            "Posts, newest first, one a line", _LINE, [*asked, FORMAT], _content(".ndjson"), REFUSED
        ),
        "/api/v1/posts.csv": get(
            "Posts, newest first, as a table",
            f"Members of a nested field have a column each; several values are joined by ` | `. {_LINE}",
            asked,
            _content(".csv"),
            REFUSED,
        ),
    }


def _single() -> Json:
    versions = {"posts": [examples_versions.VERSION], "next": None}
    return {
        "/api/v1/posts/{id}": get(
            "One post",
            "With `format=ninjs`, the 410 of a withdrawn post is a document that cancels it.",
            [ID, FIELDS_ASKED, FORMAT],
            one("Post", examples.POST),
            REFUSED,
            NOT_KNOWN,
            GONE,
        ),
        "/api/v1/posts/{id}/versions": get(
            "Every version of a post, newest first",
            "Each visible difference made a new version; `changes` tells it, `proof` signs it. Twenty come at once.",
            [ID, BEFORE_VERSION],
            {JSON: {"schema": {"$ref": f"{SCHEMA}VersionsPage"}, "example": versions}},
            REFUSED,
            NOT_KNOWN,
            GONE,
        ),
        "/.well-known/feedhub-keys.json": get(
            "The public keys that proofs are verified with",
            "A JWK Set of every key that ever signed.",
            [],
            one("Keys", examples_versions.PROOF_KEYS),
            REFUSED,
        ),
    }


def _content(ending: str) -> Json:
    return {FORMS[ending, ""].media_type.partition(";")[0]: {}}
