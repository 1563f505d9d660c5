"""What one post of WordPress's API says (developer.wordpress.org/rest-api/reference/posts)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from html import unescape
from typing import Any

from feedhub.accounts.account import Via
from feedhub.connectors.feed_media import enclosure
from feedhub.connectors.feed_text import plain, summary_of
from feedhub.errors import ItemUnreadable
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Post

_TYPES = {kind.value: kind for kind in MediaType}
_FILES = re.compile(
    r"<a\b[^<>]{0,2000}?\bhref=[\"']([^\"'<>]+\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|csv|zip|mp3|m4a|mp4)(?:\?[^\"'<>#]*)?)[\"'#]"
    r"|<(?:video|audio|source)\b[^<>]{0,2000}?\bsrc=[\"']([^\"'<>]+)",
    re.IGNORECASE,
)
_MANY = 50
_ZONE_STEP = timedelta(minutes=15)
_WIDEST_ZONE = timedelta(hours=14)


def guid_of(said: dict[str, Any]) -> str:
    """The guid exactly as the site's own feed gives it: the API escapes its ampersands once more.

    >>> guid_of({"guid": {"rendered": "https://a.example/?post_type=agenda&#038;p=3"}})
    'https://a.example/?post_type=agenda&p=3'
    """
    return _rendered(said, "guid").replace("&#038;", "&").replace("&amp;", "&").strip()


def is_protected(said: dict[str, Any]) -> bool:
    """Whether a password stands before the content."""
    content = said.get("content")
    return isinstance(content, dict) and content.get("protected") is True


def is_shown(said: object) -> bool:
    """Whether this is a post that everybody may read."""
    if not isinstance(said, dict) or is_protected(said):
        return False
    return said.get("type") != "attachment" and said.get("status", "publish") == "publish"


def published_in(said: dict[str, Any]) -> datetime | None:
    """When it was published."""
    return _moment(said, "date")


def modified_in(said: dict[str, Any]) -> datetime | None:
    """When it was last edited."""
    return _moment(said, "modified")


def post_in(said: dict[str, Any]) -> Post:
    """The post.

    Raises:
        ItemUnreadable: it has no guid, so nobody could tell it from the same post in the feed.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    guid = guid_of(said)
    if not guid:
        raise ItemUnreadable("The post has no guid.")
    published, modified = published_in(said), modified_in(said)
    content, link = _rendered(said, "content"), _text(said.get("link"))
    own = _own_address(said)
    return normal_post(
        native_id=guid,
        base=link or None,
        title=plain(_rendered(said, "title")) or None,
        html=content or None,
        summary=summary_of(_rendered(said, "excerpt")) or None,
        source_url=link or None,
        media=[*_featured(said), *_files(content)],
        tags=list(_terms(said)),
        published_at=published,
        edited_at=modified if modified and published and modified > published else None,
        via=Via.API,
        aliases=[own] if own else [],
    )


def _own_address(said: dict[str, Any]) -> str | None:
    """Where the API answers for this post alone; its permalink can't be asked whether it was deleted."""
    return next((_text(link.get("href")) or None for link in _objects(said.get("_links"), "self")), None)


def _featured(said: dict[str, Any]) -> Iterator[Media]:
    """The featured picture. An empty `alt_text` means that nobody wrote one, not that the picture says nothing."""
    for found in _objects(said.get("_embedded"), "wp:featuredmedia"):
        details = found.get("media_details")
        sizes = details if isinstance(details, dict) else {}
        mime = _text(found.get("mime_type"))
        kind = _TYPES.get(mime.partition("/")[0], MediaType.DOCUMENT)
        if url := _text(found.get("source_url")):
            yield Media(
                type=kind,
                url=url,
                mime_type=mime or None,
                width=_whole(sizes.get("width")),
                height=_whole(sizes.get("height")),
                bytes=_whole(sizes.get("filesize")),
                alt=_text(found.get("alt_text")).strip() or None,
            )


def _files(content: str) -> Iterator[Media]:
    """Announcements come as PDF; films and sounds stand in the content too."""
    for linked, played in _FILES.findall(content)[:_MANY]:
        medium = enclosure(unescape(linked or played), "")
        if medium:
            yield medium


def _terms(said: dict[str, Any]) -> Iterator[str]:
    """Categories, tags and whatever else the site sorts by."""
    embedded = said.get("_embedded")
    groups = embedded.get("wp:term") if isinstance(embedded, dict) else None
    for group in groups if isinstance(groups, list) else ():
        for term in group if isinstance(group, list) else ():
            if isinstance(term, dict) and isinstance(term.get("name"), str):
                yield plain(term["name"])


def _moment(said: dict[str, Any], name: str) -> datetime | None:
    """`date` is naive and local, `date_gmt` naive and UTC; where that is missing the other pair tells the zone."""
    if moment := read_date(_text(said.get(f"{name}_gmt"))):
        return moment
    local = _text(said.get(name))
    return read_date(local, zone=_zone(said)) if local else None


def _zone(said: dict[str, Any]) -> timezone:
    for name in ("date", "modified"):
        local, utc = read_date(_text(said.get(name))), read_date(_text(said.get(f"{name}_gmt")))
        if local and utc and abs(local - utc) <= _WIDEST_ZONE and not (local - utc) % _ZONE_STEP:
            return timezone(local - utc)
    return UTC


def _rendered(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return _text(value.get("rendered") if isinstance(value, dict) else value)


def _objects(holder: object, name: str) -> Iterator[dict[str, Any]]:
    listed = holder.get(name) if isinstance(holder, dict) else None
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict):
            yield one


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    """Some versions write numbers as text."""
    if isinstance(value, str) and value.isdecimal():
        value = int(value[:15])
    return value if isinstance(value, int) and not isinstance(value, bool) else None
