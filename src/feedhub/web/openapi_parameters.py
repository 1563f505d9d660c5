"""The parameters of the API, described once."""

from typing import Any

from feedhub.accounts.account import Platform
from feedhub.accounts.kinds import ALIASES
from feedhub.posts.post import PostType
from feedhub.views.formats import FORMATS
from feedhub.views.post_forms import FIELDS
from feedhub.web.asked import DEFAULT_LIMIT
from feedhub.web.query import MOST_POSTS
from feedhub.web.schemas import SERVED

Json = dict[str, Any]  # JSON as OpenAPI defines it

_TEXT: Json = {"type": "string"}
_MOMENT = "RFC 3339, or a date in the publisher's time zone."


def _any_of(name: str, description: str, example: str, items: Json = _TEXT) -> Json:
    """A list; comma-separated or repeated means any of them."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "array", "items": items},
        "style": "form",
        "explode": False,
        "example": [example],
    }


def _single(name: str, description: str, schema: Json, example: object) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": schema, "example": example}


def _in_path(name: str, schema: Json, example: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}


# Comma-separated or repeated values: any of them. Different parameters: all of them.
FILTER_PARAMETERS: list[Json] = [
    _any_of("department", "Slugs of departments; former ones too.", "dinkes"),
    _any_of("group", "Groups of departments, as the register names them.", "Dinas"),
    _any_of("area", "Areas of departments, as the register names them.", "Mayangan"),
    _any_of(
        "account", "Ids of accounts.", "0e8f5a0c-42c1-5d58-8a3a-6a7b1f0c2d9e", {"type": "string", "format": "uuid"}
    ),
    _any_of("platform", "Where accounts live.", "webfeed", {"enum": [each.value for each in Platform]}),
    _any_of("kind", "What posts are about, in English or Indonesian.", "service", {"enum": sorted(ALIASES)}),
    _any_of(
        "type",
        "How posts relate to others'; without it, everything but replies and bare reposts.",
        "original",
        {"enum": [each.value for each in PostType]},
    ),
    _any_of("tag", "Hashtags and categories; one that nobody used finds nothing.", "imunisasi"),
    _any_of("language", "Languages (BCP 47).", "id"),
    _single("q", 'Words, all of them; "a phrase", -without, begin*.', _TEXT, "vaksin anak"),
    _single("since", f"The earliest time of publication. {_MOMENT}", _TEXT, "2026-11-20"),
    _single("until", f"Before this time of publication. {_MOMENT}", _TEXT, "2026-11-21T00:00:00+07:00"),
    _single(
        "limit",
        "How many posts at most.",
        {"type": "integer", "minimum": 1, "maximum": MOST_POSTS, "default": DEFAULT_LIMIT},
        20,
    ),
]
CURSOR = _single("cursor", "Where the next page begins: take it from `next`, with its filters.", _TEXT, "AAGRf…")
BEFORE_VERSION = _single(
    "before", "Versions older than this number: take it from `next`.", {"type": "integer", "minimum": 0}, 21
)
FIELDS_ASKED = _any_of("fields", "Top-level fields of a post; `id` is always there.", "title", {"enum": list(FIELDS)})
FORMAT = _single("format", "`ninjs`: documents of IPTC ninjs 1.6.", {"enum": ["json", "ninjs"]}, "ninjs")
ADDRESS = {
    **_single("url", "The address, or the full name of an account of the fediverse.", _TEXT, "https://x.com/dinkes"),
    "required": True,
}
ID = _in_path("id", {"type": "string", "format": "uuid"}, "5b1c7a2e-7d0a-5a3e-9c54-0f3c0d6f4c11")
SCHEMA_NAME = _in_path("name", {"enum": list(SERVED)}, "post")
SLUG = _in_path("slug", _TEXT, "dinkes")
KIND_IN_PATH = _in_path("kind", {"enum": sorted(ALIASES)}, "service")
FEED_FORMAT = _in_path("format", {"enum": list(FORMATS)}, "rss")
