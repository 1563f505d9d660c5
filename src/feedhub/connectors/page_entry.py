"""Microformats: what an h-entry says (microformats.org/wiki/h-entry)."""

from collections.abc import Iterator
from typing import Any

from feedhub.connectors.feed_media import enclosure
from feedhub.connectors.page_address import page_id
from feedhub.connectors.page_dates import WIB
from feedhub.errors import ItemUnreadable
from feedhub.posts.dates import read_date
from feedhub.posts.post import Media, MediaType, Place, PostType

_MANY = 50


def entry_in(html: str, url: str) -> dict[str, Any] | None:
    """The one entry of a page; None where there is none, or several of which none is the page's own."""
    import mf2py  # type: ignore[import-untyped]  # noqa: PLC0415 - it costs 0.1 s and 20 MB; few pages need it

    parsed = mf2py.parse(doc=html, url=url)
    entries = list(_entries(parsed.get("items"), 0))
    own = [entry for entry in entries if any(_is_page(address, url) for address in _said(entry, "url"))]
    chosen = own or entries
    return chosen[0] if len(chosen) == 1 else None


def entry_fields(entry: dict[str, Any]) -> dict[str, Any]:
    """What an h-entry says, by the names of the normal form; what it leaves out is left out here."""
    content = next(iter(_values(entry, "content")), None)
    name = _text(entry, "name")
    plain = _plain(content)
    published = read_date(_text(entry, "published"), zone=WIB)
    edited = read_date(_text(entry, "updated"), zone=WIB)
    fields: dict[str, Any] = {
        # Microformats call the whole text a name where no other was given.
        "title": name if name and name != plain and not (plain or _text(entry, "summary")).startswith(name) else None,
        "html": content.get("html") if isinstance(content, dict) else None,
        "text": plain or None,
        "summary": _text(entry, "summary") or None,
        "published_at": published or edited,
        "edited_at": edited if published and edited and edited > published else None,
        "media": list(_media(entry)),
        "tags": [tag for tag in _said(entry, "category") if tag],
        "place": _place(entry),
        **_relation(entry),
    }
    return {field: value for field, value in fields.items() if value}


def _entries(items: object, depth: int) -> Iterator[dict[str, Any]]:
    for found in items if isinstance(items, list) else ():
        if not isinstance(found, dict) or depth > 4:  # noqa: PLR2004 - feeds stand in pages, not deeper
            continue
        if "h-entry" in (found.get("type") or ()):
            yield found
        else:
            yield from _entries(found.get("children"), depth + 1)


def _is_page(address: str, url: str) -> bool:
    try:
        return page_id(address) == page_id(url)
    except ItemUnreadable:
        return False


def _values(entry: dict[str, Any], name: str) -> list[Any]:
    properties = entry.get("properties")
    found = properties.get(name) if isinstance(properties, dict) else None
    return found[:_MANY] if isinstance(found, list) else []


def _plain(value: object) -> str:
    if isinstance(value, dict):
        properties = value.get("properties")
        inner = properties.get("url") or properties.get("name") if isinstance(properties, dict) else None
        said = value.get("value") or (inner[0] if isinstance(inner, list) and inner else "")
        return said.strip() if isinstance(said, str) else ""
    return value.strip() if isinstance(value, str) else ""


def _said(entry: dict[str, Any], name: str) -> list[str]:
    return [text for value in _values(entry, name) if (text := _plain(value))]


def _text(entry: dict[str, Any], name: str) -> str:
    return next(iter(_said(entry, name)), "")


def _media(entry: dict[str, Any]) -> Iterator[Media]:
    for name, kind in (
        ("featured", MediaType.IMAGE),
        ("photo", MediaType.IMAGE),
        ("video", MediaType.VIDEO),
        ("audio", MediaType.AUDIO),
    ):
        for value in _values(entry, name):
            url = _plain(value)
            alt = value.get("alt") if isinstance(value, dict) else None
            if url:
                yield Media(type=kind, url=url, alt=alt if isinstance(alt, str) else None)
    for url in _said(entry, "attachment"):
        medium = enclosure(url, "")
        if medium:
            yield medium


def _relation(entry: dict[str, Any]) -> dict[str, Any]:
    """What it answers, repeats or quotes, by address and never by its text."""
    for name, kind in (("repost-of", PostType.REPOST), ("quotation-of", PostType.QUOTE)):
        if url := next((address for value in _values(entry, name) if (address := _address(value))), ""):
            return {"type": kind, "repost_of": url, "links": [url]}
    if url := next((address for value in _values(entry, "in-reply-to") if (address := _address(value))), ""):
        return {"type": PostType.REPLY, "in_reply_to": url}
    return {}


def _address(value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("properties"), dict):
        urls = value["properties"].get("url") or value["properties"].get("uid")
        said = urls[0] if isinstance(urls, list) and urls else value.get("value")
    else:
        said = value
    return said if isinstance(said, str) and said.startswith(("https://", "http://")) else ""


def _place(entry: dict[str, Any]) -> Place | None:
    name = _text(entry, "location")
    return Place(name=name) if name and not name.startswith(("http:", "https:")) else None
