"""The shapes of the API as JSON Schema: made of the types that our answers are written from."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final, Literal

import orjson
from pydantic import TypeAdapter

from feedhub.accounts.account import Platform, Via
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import NoticeKind
from feedhub.posts.post import PostStatus, PostType
from feedhub.views.api_changes import ChangeJson
from feedhub.views.api_shapes import AccountJson, DepartmentJson, KindJson, PostJson, VerifyJson
from feedhub.views.proofs import KeysJson
from feedhub.views.versions import VersionJson
from feedhub.views.webhooks import CHALLENGE, EVENTS, TEST
from feedhub.web.openapi_answers import SCHEMA

Json = dict[str, Any]  # JSON Schema

_SHAPES: Final = {
    "Post": PostJson,
    "Version": VersionJson,
    "Change": ChangeJson,
    "Department": DepartmentJson,
    "Account": AccountJson,
    "Kind": KindJson,
    "Verify": VerifyJson,
    "Keys": KeysJson,
}
_PAGES: Final = {
    "PostsPage": ("posts", "Post"),
    "VersionsPage": ("posts", "Version"),
    "DepartmentsPage": ("departments", "Department"),
    "AccountsPage": ("accounts", "Account"),
    "KindsPage": ("kinds", "Kind"),
}
# What a type of ours can't say of a text: which words it takes, or how it is written.
_WORDS: Final[dict[tuple[str, str], type[StrEnum]]] = {
    ("Post", "status"): PostStatus,
    ("Post", "type"): PostType,
    ("Post", "via"): Via,
    ("Post", "kinds"): Kind,
    ("AccountBrief", "platform"): Platform,
    ("Notice", "kind"): NoticeKind,
    ("Change", "status"): PostStatus,
}
_WRITTEN: Final = {"url": "uri", "uri": "uri", "at": "date-time"}


def api_schemas() -> Json:
    """Every shape by its name, referring to others as OpenAPI does."""
    mode: Literal["serialization"] = "serialization"
    adapters = [(name, mode, TypeAdapter[Any](shape)) for name, shape in _SHAPES.items()]
    _, made = TypeAdapter.json_schemas(adapters, ref_template=f"{SCHEMA}{{model}}")
    # The shapes are named for our code; readers of the document need no "Json" in each name.
    schemas: Json = orjson.loads(orjson.dumps(made["$defs"]).replace(b'Json"', b'"'))
    for shape, schema in schemas.items():
        _sharpen(shape, schema)
    for name, (member, shape) in _PAGES.items():
        schemas[name] = page_schema(member, shape)
    return schemas | {"ChangesPage": _changes_page(), "WebhookEvent": _webhook_event(), "Problem": _problem()}


def page_schema(member: str, shape: str) -> Json:
    """A page of a list."""
    return {
        "type": "object",
        "required": [member, "next"],
        "properties": {
            member: {"type": "array", "items": {"$ref": f"{SCHEMA}{shape}"}},
            "next": {"type": ["string", "null"], "format": "uri", "description": "Where the list goes on."},
        },
    }


def _sharpen(shape: str, schema: Json) -> None:
    """Add what is known of each member's text; take away titles that only repeat its name."""
    # A version is a post with more members.
    kind = "Post" if shape == "Version" else shape
    for name, member in schema.get("properties", {}).items():
        member.pop("title", None)
        for text in _texts(member):
            if words := _WORDS.get((kind, name)):
                text["enum"] = [each.value for each in words]
            elif name == "verified_at":
                text["format"] = "date"
            elif format := _WRITTEN.get(name.rpartition("_")[2]):
                text["format"] = format
            elif name == "id":
                text["format"] = "uuid"


def _texts(member: Json) -> Iterator[Json]:
    """The schemas within a member's that are of a text."""
    for part in (member, *member.get("anyOf", ()), member.get("items", {})):
        if part.get("type") == "string":
            yield part


def _changes_page() -> Json:
    schema = page_schema("changes", "Change")
    schema["required"].append("latest")
    schema["properties"]["next"]["type"] = "string"
    schema["properties"]["latest"] = {"type": "integer", "description": "The newest change number."}
    return schema


def _webhook_event() -> Json:
    """What receivers get: of posts, a change; of a webhook itself, what it must answer or only receive."""
    return {
        "type": "object",
        "description": "Standard Webhooks. `data` is the change as `/api/v1/changes` has it.",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"enum": [*EVENTS, CHALLENGE, TEST]},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"type": "object"},
        },
        "if": {"properties": {"type": {"enum": [*EVENTS]}}},
        "then": {"properties": {"data": {"$ref": f"{SCHEMA}Change"}}},
        "else": {"properties": {"data": {"type": "object", "required": ["webhook"]}}},
    }


def _problem() -> Json:
    return {
        "type": "object",
        "description": "RFC 9457.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "parameter": {"type": "string", "description": "The parameter that can't be answered."},
            "reason": {"type": "string", "description": "Why a post is no longer public."},
        },
    }
