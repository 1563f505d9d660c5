"""The post that one of LinkedIn's makes (learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from feedhub.accounts.account import Via
from feedhub.connectors.api import said_in
from feedhub.connectors.linkedin_text import read_little_text
from feedhub.connectors.loose import number_in, record_in, records_in, text_in
from feedhub.errors import ItemUnreadable
from feedhub.payloads.payload import Payload
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Poll, Post, PostType

# Under this name a post carries what its media's urns stand for, as LinkedIn told it on another question.
RESOLVED: Final = "feedhub:media"

_SHOWN_STATES: Final = frozenset({"PUBLISHED", "PUBLISHED_EDITED"})
_LATEST: Final = 253_402_300_799_000  # milliseconds: the end of the year 9999
_KINDS: Final = {
    "image": MediaType.IMAGE,
    "digitalmediaAsset": MediaType.IMAGE,
    "video": MediaType.VIDEO,
    "document": MediaType.DOCUMENT,
}
_POLLS_LAST: Final = {"ONE_DAY": 1, "THREE_DAYS": 3, "SEVEN_DAYS": 7, "FOURTEEN_DAYS": 14}  # days


def is_shown(post: Mapping[str, Any]) -> bool:
    """Whether everybody can see it on LinkedIn."""
    state, visibility = text_in(post, "lifecycleState"), text_in(post, "visibility")
    return state in {"", *_SHOWN_STATES} and visibility in {"", "PUBLIC"}


def urns_in(post: Mapping[str, Any]) -> Iterator[str]:
    """The names of its media, for each of which LinkedIn has to be asked for an address."""
    for medium in _media_of(post):
        yield text_in(medium, "id")
    if thumbnail := text_in(record_in(post, "content", "article"), "thumbnail"):
        yield thumbnail


def kind_of(urn: str) -> str:
    """What a urn names: `image`, `video`, `document`, …"""
    return urn.removeprefix("urn:li:").partition(":")[0]


def moment(milliseconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(milliseconds // 1000, UTC) if milliseconds and 0 < milliseconds <= _LATEST else None


def read(payload: Payload) -> Post:
    """A post of a page. One that only passes on another's carries its address and none of its text.

    Raises:
        ItemUnreadable: it has no id.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    post = record_in(said_in(payload))
    id, said = text_in(post, "id"), read_little_text(text_in(post, "commentary"))
    if not id:
        raise ItemUnreadable("The post has no id.")
    published_at = moment(number_in(post, "publishedAt")) or moment(number_in(post, "createdAt"))
    original = text_in(record_in(post, "reshareContext"), "parent") or text_in(post.get("reshareContext"), "root")
    article, poll = record_in(post, "content", "article"), record_in(post, "content", "poll")
    media = _media(post)
    links = [_page_of(original)] if original else []
    links += [text_in(article, "source")] if article else []
    is_bare = bool(original) and not (said.text.strip() or media or article or poll)
    return normal_post(
        native_id=id,
        title=text_in(poll, "question") or (None if said.text.strip() else _name_of(post)),
        html=said.html or None,
        text=said.text or None,
        summary=text_in(article, "description") if not said.text.strip() else None,
        source_url=_page_of(original if is_bare else id),
        media=media,
        links=links,
        tags=said.tags,
        mentions=said.mentions,
        published_at=published_at,
        edited_at=moment(number_in(post, "lastModifiedAt")) if _is_edited(post) else None,
        via=Via.API,
        type=(PostType.REPOST if is_bare else PostType.QUOTE) if original else PostType.ORIGINAL,
        repost_of=original or None,
        poll=_poll(poll, published_at),
    )


def _page_of(urn: str) -> str:
    return f"https://www.linkedin.com/feed/update/{urn}/"


def _is_edited(post: Mapping[str, Any]) -> bool:
    return record_in(post, "lifecycleStateInfo").get("isEditedByAuthor") is True


def _name_of(post: Mapping[str, Any]) -> str | None:
    """What a post without words is about."""
    content = record_in(post, "content")
    return text_in(record_in(content, "article"), "title") or text_in(record_in(content, "media"), "title") or None


def _media_of(post: Mapping[str, Any]) -> list[dict[str, Any]]:
    content = record_in(post, "content")
    single = record_in(content, "media")
    return ([single] if single else []) + records_in(record_in(content, "multiImage"), "images")


def _media(post: Mapping[str, Any]) -> list[Media]:
    resolved = record_in(post, RESOLVED)
    found = [_medium(medium, resolved, _page_of(text_in(post, "id"))) for medium in _media_of(post)]
    thumbnail = text_in(record_in(post, "content", "article"), "thumbnail")
    if address := text_in(record_in(resolved, thumbnail), "downloadUrl"):
        found.append(Media(type=MediaType.IMAGE, url=address))
    return [medium for medium in found if medium is not None]


def _medium(medium: Mapping[str, Any], resolved: Mapping[str, Any], page: str) -> Media | None:
    """A film or document without an address leads to the post itself; a picture without one can't be shown."""
    urn = text_in(medium, "id")
    told, kind = record_in(resolved, urn), _KINDS.get(kind_of(urn), MediaType.DOCUMENT)
    address = text_in(told, "downloadUrl") or ("" if kind is MediaType.IMAGE else page)
    if not address:
        return None
    milliseconds = number_in(told, "duration")
    alt = medium.get("altText")
    return Media(
        type=kind,
        url=address,
        preview_url=text_in(told, "thumbnail") or None,
        duration_seconds=milliseconds / 1000 if milliseconds else None,
        alt=alt if isinstance(alt, str) else None,
    )


def _poll(poll: Mapping[str, Any], published_at: datetime | None) -> Poll | None:
    options = tuple(text_in(option, "text") for option in records_in(poll, "options"))
    days = _POLLS_LAST.get(text_in(record_in(poll, "settings"), "duration"))
    closes_at = published_at + timedelta(days=days) if published_at and days else None
    return Poll(options=options, closes_at=closes_at) if options else None
