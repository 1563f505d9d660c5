"""What one object of ActivityStreams says: notes, articles, questions, events, films, pictures (w3.org/TR/activitystreams-vocabulary)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from feedhub.accounts.account import Via
from feedhub.connectors.activity_values import (
    addresses,
    id_of,
    ids_of,
    is_web,
    kinds,
    language_of,
    listed,
    page_of,
    seconds_in,
    whole,
    words,
)
from feedhub.connectors.loose import record_in, text_in
from feedhub.connectors.quote_lines import without_quote_line
from feedhub.errors import ItemUnreadable
from feedhub.posts.dates import read_date
from feedhub.posts.html import text_of
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Event, Media, MediaType, Place, Poll, Post, PostType

READ = frozenset({"Note", "Article", "Question", "Event", "Page", "Video", "Audio", "Image", "Document"})

_MEDIA = {"Image": MediaType.IMAGE, "Video": MediaType.VIDEO, "Audio": MediaType.AUDIO}
_SHOWN = frozenset({"Image", "Video", "Audio", "Document"})
# Four names for one thing: FEP-044f, Fedibird, Misskey's old and new ones.
_QUOTES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")
_ACTIVITY_TYPES = ("application/activity+json", "application/ld+json")
_COUNTS = {"replies": "replies", "reposts": "shares", "likes": "likes"}


def boost_post(activity: Mapping[str, Any]) -> Post:
    """The post that an Announce makes: the address of what it repeats, and none of its text."""
    original = next((one for one in listed(activity.get("object")) if isinstance(one, dict)), {})
    repeated = id_of(activity.get("object")) or page_of(original)
    address = page_of(original) or repeated
    return normal_post(
        native_id=id_of(activity),
        source_url=address,
        links=[address],
        published_at=_moment(activity, "published"),
        via=Via.API,
        type=PostType.REPOST,
        repost_of=repeated,
    )


def object_post(said: Mapping[str, Any], context: Mapping[str, str]) -> Post:
    """The post that an object makes. `context` holds its `actor`, and `own` where it answers itself.

    Raises:
        ItemUnreadable: it has no id, or says nothing.
    """
    id = id_of(said) or page_of(said)
    if not id:
        raise ItemUnreadable("The object has no id.")
    media, poll = _media(said), _poll(said)
    if not (media or poll or any(words(said, name) for name in ("content", "name", "summary"))):
        raise ItemUnreadable(f"{id} holds nothing but its address.")  # as a post behind a password
    quoted = _quoted(said)
    published_at, updated_at = _moment(said, "published"), _moment(said, "updated")
    is_plain = text_in(said, "mediaType").startswith("text/") and text_in(said, "mediaType") != "text/html"
    content = without_quote_line(words(said, "content")) if quoted else words(said, "content")
    return normal_post(
        native_id=id,
        **_title_and_summary(said),
        **({"text": content} if is_plain else {"html": content}),
        source_url=page_of(said) or (id if is_web(id) else None),
        media=media,
        links=[link["href"] for one in listed(said.get("attachment")) for link in _links(one)],
        tags=[text_in(tag, "name") for tag in listed(said.get("tag")) if {"Hashtag", "Tag"} & {*kinds(tag)}],
        mentions=[_mention(tag) for tag in listed(said.get("tag")) if "Mention" in kinds(tag)],
        language=language_of(said, "content"),
        published_at=published_at,
        edited_at=updated_at if updated_at != published_at else None,
        via=Via.API,
        repost_of=quoted or None,
        poll=poll,
        event=_event(said),
        place=_place(said),
        counts={name: count for name, key in _COUNTS.items() if (count := _total(said, key)) is not None},
        sensitive=said.get("sensitive") is True,
        **_relation(said, context, is_quote=bool(quoted)),
    )


def _title_and_summary(said: Mapping[str, Any]) -> dict[str, str | None]:
    """A note's summary is its content warning, any other object's a summary."""
    name, summary = words(said, "name"), text_of(words(said, "summary"))
    if {"Note", "Question"} & {*kinds(said)}:
        return {"title": name or summary or None}
    return {"title": name or None, "summary": summary or None}


def _relation(said: Mapping[str, Any], context: Mapping[str, str], *, is_quote: bool) -> dict[str, Any]:
    """An answer to itself continues a thread; most software names objects below their actor."""
    parent = next(iter(ids_of(said.get("inReplyTo"))), "")
    if not parent:
        return {"type": PostType.QUOTE} if is_quote else {}
    actor = context.get("actor", "").rstrip("/")
    is_own = context.get("own") == parent or bool(actor and parent.startswith(f"{actor}/"))
    return {"type": PostType.THREAD if is_own else PostType.REPLY, "in_reply_to": parent}


def _quoted(said: Mapping[str, Any]) -> str:
    """What is quoted, by a property or (FEP-e232) by a link among the tags."""
    named = (id_of(said.get(name)) for name in _QUOTES)
    tags = (link for tag in listed(said.get("tag")) for link in addresses(tag))
    linked = (link["href"] for link in tags if str(link.get("mediaType", "")).startswith(_ACTIVITY_TYPES))
    return next((one for one in (*named, *linked) if one), "")


def _media(said: Mapping[str, Any]) -> list[Media]:
    """Attachments first: they are described best; then featured pictures and the object itself, if it is a film."""
    itself = _medium(said) if _SHOWN & {*kinds(said)} else None
    # The object itself has a title where an attachment has a description.
    own = [replace(itself, alt=None)] if itself else []
    pictures = [{"type": "Image", "url": one} if isinstance(one, str) else one for one in listed(said.get("image"))]
    attached, featured = ([_medium(one) for one in found] for found in (listed(said.get("attachment")), pictures))
    return [medium for medium in (*attached, *own, *featured) if medium]


def _medium(one: object) -> Media | None:
    """One medium; of a film's several files the first that a browser plays."""
    if not isinstance(one, dict):
        return None
    files = addresses(one.get("url")) or addresses(one)
    # PeerTube hangs the files of a film on its playlist.
    files += [link for file in files for link in addresses(file.get("tag"))]
    kind = next((_MEDIA[name] for name in kinds(one) if name in _MEDIA), None)
    for link in files:
        mime = text_in(link, "mediaType") or text_in(one, "mediaType")
        meant = _kind_of(mime) or (kind if not mime else None)
        if meant is None and "Document" in kinds(one) and mime != "text/html":
            meant = MediaType.DOCUMENT
        if meant is not None:
            return Media(
                type=meant,
                url=link["href"],
                preview_url=_preview(one),
                mime_type=mime or None,
                width=whole(one.get("width")) or whole(link.get("width")),
                height=whole(one.get("height")) or whole(link.get("height")),
                bytes=whole(one.get("size")) or whole(link.get("size")),
                duration_seconds=seconds_in(one.get("duration")),
                alt=_described(one),
            )
    return None


def _described(one: Mapping[str, Any]) -> str | None:
    said = next((said for key in ("name", "summary") if isinstance(said := one.get(key), str)), None)
    return words(one, "name") or None if said is None else said


def _preview(one: Mapping[str, Any]) -> str | None:
    for key in ("preview", "icon"):
        for picture in listed(one.get(key)):
            links = addresses(picture.get("url")) if isinstance(picture, dict) else addresses(picture)
            if links:
                href: str = links[0]["href"]
                return href
    return None


def _kind_of(mime: str) -> MediaType | None:
    return _MEDIA.get(mime.partition("/")[0].title())


def _links(attachment: object) -> list[dict[str, Any]]:
    """The addresses of an attachment that is a page to visit, no medium."""
    if isinstance(attachment, str):
        return addresses(attachment)
    if not isinstance(attachment, dict) or not {"Link", "Page", "Article", "Note"} & {*kinds(attachment)}:
        return []
    return [] if _medium(attachment) else addresses(attachment) or addresses(attachment.get("url"))


def _mention(tag: Mapping[str, Any]) -> str:
    return text_in(tag, "name").removeprefix("@") or text_in(tag, "href")


def _poll(said: Mapping[str, Any]) -> Poll | None:
    answers = [one for one in (*listed(said.get("oneOf")), *listed(said.get("anyOf"))) if isinstance(one, dict)]
    options = tuple(words(one, "name") for one in answers)
    return Poll(options=options, closes_at=_moment(said, "endTime") or _moment(said, "closed")) if options else None


def _event(said: Mapping[str, Any]) -> Event | None:
    starts_at = _moment(said, "startTime")
    if starts_at is None or "Event" not in kinds(said):
        return None
    place = _place(said)
    return Event(
        starts_at=starts_at,
        ends_at=_moment(said, "endTime"),
        location=place.name if place else None,
        name=words(said, "name") or None,
    )


def _place(said: Mapping[str, Any]) -> Place | None:
    where = next((one for one in listed(said.get("location")) if isinstance(one, dict)), None)
    if where is None:
        return None
    north, east = (where.get(name) for name in ("latitude", "longitude"))
    known = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (north, east))
    return Place(
        name=words(where, "name") or None,
        latitude=float(north) if known and north is not None else None,
        longitude=float(east) if known and east is not None else None,
    )


def _total(said: Mapping[str, Any], name: str) -> int | None:
    return whole(record_in(said, name).get("totalItems"))


def _moment(said: Mapping[str, Any], name: str) -> datetime | None:
    return read_date(text_in(said, name))
