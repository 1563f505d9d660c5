"""JSON Feed 1.0 and 1.1 (jsonfeed.org), whatever types its values have."""

import json
from collections.abc import Iterator
from dataclasses import replace

import orjson

from feedhub.connectors.feed_draft import MANY, Draft
from feedhub.connectors.feed_media import enclosure, seconds
from feedhub.connectors.feed_text import unescaped
from feedhub.connectors.feed_xml import FIELD_LIMIT
from feedhub.errors import ItemUnreadable
from feedhub.posts.post import Media

JsonObject = dict[str, object]
_SIGN = "jsonfeed.org/version/"


def json_value(text: bytes) -> object:
    r"""The value that `text` (UTF-8) holds; broken strings are taken as they are.

    Raises:
        ValueError: no JSON.
    """
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            value = json.loads(text.decode("utf-8", "replace"), strict=False)
        except RecursionError as too_deep:
            raise ValueError("The JSON is nested too deeply.") from too_deep
    return value


def json_text(value: object) -> bytes:
    r"""One value in one spelling, whatever order its members came in.

    >>> json_text({"b": 1, "a": "é"})
    b'{"a":"\xc3\xa9","b":1}'
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def is_json_feed(value: object) -> bool:
    """Whether it says so, or looks like one."""
    if not isinstance(value, dict):
        return False
    return _SIGN in _text(value.get("version")) or isinstance(value.get("items"), list)


def saved_feed(text: str) -> JsonObject | None:
    """What a truncated JSON Feed still holds: its items up to the break; None if there is no list of items."""
    start = text.find("[", text.find('"items"')) if '"items"' in text else -1
    if start < 0 or _SIGN not in text:
        return None
    return {"items": list(_whole_items(text, start + 1))}


def json_draft(entry: object, *, base: str | None, language: str | None) -> Draft:
    """What a JSON Feed item says; values of wrong types are taken where their meaning is plain.

    Raises:
        ItemUnreadable: it is no object.
    """
    if not isinstance(entry, dict):
        raise ItemUnreadable("The item is no JSON object.")
    said: JsonObject = entry
    draft = Draft(base=base, language=_text(said.get("language")) or language)
    draft.id = _text(said.get("id"))
    draft.offer_link(_text(said.get("url")), 1)
    # Titles are plain text here, yet WordPress' plugins escape them.
    draft.title = unescaped(_text(said.get("title")))
    draft.title_is_text = True
    draft.offer_content(_text(said.get("summary")), 2, is_text=True)
    html, text = _text(said.get("content_html")), _text(said.get("content_text"))
    draft.offer_content(html or text, 6, is_text=not html)
    draft.published, draft.edited = _text(said.get("date_published")), _text(said.get("date_modified"))
    draft.tags = [tag for tag in map(_text, _list(said.get("tags"))) if tag]
    draft.links = [link for link in [_text(said.get("external_url"))] if link]
    draft.media = [medium for attachment in _list(said.get("attachments")) if (medium := _attachment(attachment))]
    picture = enclosure(_text(said.get("image")) or _text(said.get("banner_image")), "image/*")
    draft.thumbnails = [picture] if picture else []
    return draft


def _whole_items(text: str, at: int) -> Iterator[object]:
    decoder = json.JSONDecoder(strict=False)
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value


def _attachment(attachment: object) -> Media | None:
    if not isinstance(attachment, dict):
        return None
    medium = enclosure(
        _text(attachment.get("url")), _text(attachment.get("mime_type")), size=_text(attachment.get("size_in_bytes"))
    )
    return medium and replace(medium, duration_seconds=seconds(_text(attachment.get("duration_in_seconds"))))


def _list(value: object) -> list[object]:
    return value[:MANY] if isinstance(value, list) else [value]


def _text(value: object) -> str:
    """A value as text: numbers as they are written, the first of a list; nothing where there is no text."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, str):
        # JSON can name half a surrogate pair, which is no character.
        value = value if value.isascii() else value.encode("utf-8", "replace").decode()
        return value[:FIELD_LIMIT].strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
