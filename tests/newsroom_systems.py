"""What newsrooms' systems make of ninjs: the standard's own schema, and the rules by which Superdesk reads files."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema

_SCHEMA = Path(__file__).parent / "schemas" / "ninjs-1.6.json"
_COPIED = [
    "language",
    "headline",
    "urgency",
    "pubstatus",
    "copyrightholder",
    "ednote",
    "body_text",
    "body_html",
    "usageterms",
    "byline",
    "description_text",
]
_MEDIA = {"picture", "video", "audio"}
_formats = jsonschema.FormatChecker(formats=())


@_formats.checks("uri", raises=ValueError)
def _is_uri(text: object) -> bool:
    parts = urlsplit(str(text))
    return bool(parts.scheme and (parts.netloc or parts.path)) and " " not in str(text)


@_formats.checks("date-time", raises=ValueError)
def _is_moment(text: object) -> bool:
    return datetime.fromisoformat(str(text)).tzinfo is not None


def ninjs_faults(document: bytes | dict[str, object]) -> list[str]:
    """What the schema of ninjs 1.6 finds."""
    told = json.loads(document) if isinstance(document, bytes) else document
    return [f"{error.json_path}: {error.message[:200]}" for error in _validator().iter_errors(told)]


def read_by_superdesk(document: bytes) -> list[dict[str, object]]:
    """The items that Superdesk's file ingest makes of one file, by the rules of its parser (superdesk-core, ninjs.py).

    A file that it would refuse, or whose picture it would not find, raises.
    """
    return _items(json.loads(document))


def _items(told: dict[str, object]) -> list[dict[str, object]]:
    item = {"uri": told["uri"], "guid": told["uri"], "type": told["type"]}
    item |= {name: told[name] for name in _COPIED if told.get(name) is not None}
    item |= {name: _utc(told[name]) for name in ("versioncreated", "firstcreated") if name in told}
    item["subject"] = [{"name": one["name"], "qcode": one["code"]} for one in told.get("subject", [])]
    item["place"] = [{"name": one.get("name"), "qcode": one.get("code")} for one in told.get("place", [])]
    if told["type"] == "text" and "renditions" in told:
        raise AssertionError("a rendition of a text would be fetched as its picture")
    if told["type"] in _MEDIA:
        renditions = told["renditions"]
        item["fetched"] = (renditions.get("baseImage") or next(iter(renditions.values())))["href"]
        item["alt_text"] = told.get("body_text")
    return [item, *(each for one in told.get("associations", {}).values() for each in _items(one))]


def _utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


@cache
def _validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(_SCHEMA.read_text()), format_checker=_formats)
