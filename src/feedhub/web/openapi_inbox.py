"""The inbox in the API's description."""

from typing import Any

from feedhub.web.inbox_post import InboxPost
from feedhub.web.problems import MEDIA_TYPE, NARROW, NO_KEY, NOT_KNOWN, POST_REFUSED, TOO_MANY, Problem

Json = dict[str, Any]

_SCHEMA = "#/components/schemas/"
_SECURITY: list[Json] = [{"key": []}]
_RECEIPT_EXAMPLE: Json = {
    "id": "0d8f3c0e-6f2a-4c6b-9a53-1b0c2a8d7e11",
    "url": "https://kabar.example.go.id/api/v1/inbox/0d8f3c0e-6f2a-4c6b-9a53-1b0c2a8d7e11",
    "state": "accepted",
    "reason": None,
    "post": "5b1c7a2e-7d0a-5a3e-9c54-0f3c0d6f4c11",
    "post_url": "https://kabar.example.go.id/posts/5b1c7a2e-7d0a-5a3e-9c54-0f3c0d6f4c11",
    "native_id": "pengumuman-7",
    "received_at": "2026-11-20T01:00:00Z",
}
_BODY: Json = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"$ref": f"{_SCHEMA}InboxPost"},
            "example": {"id": "pengumuman-7", "title": "Posko dibuka", "text": "Posko buka 24 jam."},
        }
    },
}


def inbox_paths() -> Json:
    """What a department's system asks; all of it with a key."""
    return {
        "/api/v1/inbox": {"post": _posting()},
        "/api/v1/inbox/telegram": {"post": _telegram()},
        "/api/v1/inbox/{id}": {"get": _receipt_of()},
        "/api/v1/inbox/posts/{native_id}": {"delete": _taking_back()},
    }


def _posting() -> Json:
    key = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}}
    return {
        "summary": "Post for a department",
        "description": "The same `id` again is an edit; the same Idempotency-Key gets the first receipt again.",
        "security": _SECURITY,
        "parameters": [{**key, "example": "2026-11-20-posko"}],
        "requestBody": _BODY,
        "responses": {"202": _receipt("Taken; it is public in a second or two.")}
        | _problems(NO_KEY, NARROW, POST_REFUSED, TOO_MANY),
    }


def _telegram() -> Json:
    return {
        "summary": "A Telegram bot's webhook",
        "description": "The key is the webhook's secret token.",
        "security": _SECURITY,
        "parameters": [],
        "responses": {"200": {"description": "Taken."}} | _problems(NO_KEY, NARROW, POST_REFUSED),
    }


def _receipt_of() -> Json:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        "summary": "What became of a post",
        "security": _SECURITY,
        "parameters": [{**parameter, "example": _RECEIPT_EXAMPLE["id"]}],
        "responses": {"200": _receipt("OK")} | _problems(NO_KEY, NARROW, NOT_KNOWN),
    }


def _taking_back() -> Json:
    parameter = {"name": "native_id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "summary": "Take a post back",
        "security": _SECURITY,
        "parameters": [{**parameter, "example": "pengumuman-7"}],
        "responses": {"204": {"description": "It is gone from every output."}} | _problems(NO_KEY, NARROW, NOT_KNOWN),
    }


def inbox_schemas() -> Json:
    """The shapes of what is posted and of its receipt."""
    shape = InboxPost.model_json_schema(ref_template=f"{_SCHEMA}{{model}}")
    parts = shape.pop("$defs", {})
    nullable = {"type": ["string", "null"]}
    text = {"type": "string"}
    properties = {name: nullable if value is None else text for name, value in _RECEIPT_EXAMPLE.items()}
    receipt = {"type": "object", "required": list(_RECEIPT_EXAMPLE), "properties": properties}
    return {"InboxPost": shape, **parts, "Receipt": receipt}


def inbox_security() -> Json:
    """How a key is shown."""
    return {"key": {"type": "http", "scheme": "bearer", "description": "`feedhub keys add` makes one."}}


def _receipt(description: str) -> Json:
    media = {"schema": {"$ref": f"{_SCHEMA}Receipt"}, "example": _RECEIPT_EXAMPLE}
    return {"description": description, "content": {"application/json": media}}


def _problems(*problems: Problem) -> Json:
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMA}Problem"}}}
    return {
        str(problem.status): {"description": f"{problem.title}. {problem.meaning}", "content": content}
        for problem in problems
    }
