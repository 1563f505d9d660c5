"""The inbox: a department's own system, or a person, posts here; nothing is asked anywhere.

What was posted waits unread in the store, and a visit reads it like any other payload.
"""

from datetime import datetime
from typing import Any

from feedhub.accounts.account import Account, Platform, Via
from feedhub.accounts.credential import Credential
from feedhub.accounts.kinds import Kind, kind_named
from feedhub.connectors.api import json_in, payloads_of, said_in
from feedhub.connectors.contract import Batch, Connector, Cursor, Split
from feedhub.connectors.http import Http
from feedhub.errors import ItemUnreadable
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.normal import native_identity, normal_post
from feedhub.posts.post import Event, Media, MediaType, Place, Post, PostType

FORM = "inbox"

_TYPES = {kind.value: kind for kind in MediaType}


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:  # noqa: ARG001 - the contract's arguments
    """Nothing: what there is was posted."""
    return Batch(cursor=cursor, not_modified=True)


def split(document: Document) -> Split:
    """One post, or a list of them.

    Raises:
        Unreadable: it is not JSON.
    """
    value = json_in(document)
    return payloads_of(value if isinstance(value, list) else [value], form=FORM)


def read(payload: Payload) -> Post:
    """The post that was posted, as `docs/inbox.md` describes it.

    Raises:
        ItemUnreadable: it has no id, or says nothing.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    said = said_in(payload)
    if not isinstance(said, dict):
        raise ItemUnreadable("What was posted is not a JSON object.")
    parent = _text(said, "in_reply_to")
    return normal_post(
        native_id=_text(said, "id") or "",
        title=_text(said, "title"),
        text=_text(said, "text"),
        html=_text(said, "html"),
        summary=_text(said, "summary"),
        source_url=_text(said, "url"),
        media=[_medium(medium) for medium in _list(said, "media") if isinstance(medium, dict)],
        links=[link for link in _list(said, "links") if isinstance(link, str)],
        tags=[tag for tag in _list(said, "tags") if isinstance(tag, str)],
        kinds=_kinds(said),
        language=_text(said, "language"),
        published_at=read_date(_text(said, "published_at") or ""),
        edited_at=read_date(_text(said, "edited_at") or ""),
        via=Via.INBOX,
        type=PostType.THREAD if parent else PostType.ORIGINAL,
        in_reply_to=parent,
        event=_event(said.get("event")),
        place=_place(said.get("place")),
    )


def native_id_of(payload: Payload) -> str | None:
    """Which post a payload is of, without reading it."""
    said = said_in(payload)
    return native_identity(_text(said, "id") or "") if isinstance(said, dict) else None


connector = Connector(platform=Platform.INBOX, fetch=fetch, split=split, read=read)


def _text(said: dict[str, Any], name: str) -> str | None:
    value = said.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _list(said: dict[str, Any], name: str) -> list[Any]:
    value = said.get(name)
    return value if isinstance(value, list) else []


def _kinds(said: dict[str, Any]) -> tuple[Kind, ...]:
    named = (kind_named(name) for name in _list(said, "kinds") if isinstance(name, str))
    return tuple(dict.fromkeys(kind for kind in named if kind is not None))


def _medium(medium: dict[str, Any]) -> Media:
    alt = medium.get("alt")
    return Media(
        type=_TYPES.get(str(medium.get("type")), MediaType.IMAGE),
        url=_text(medium, "url") or "",
        preview_url=_text(medium, "preview_url"),
        mime_type=_text(medium, "mime_type"),
        width=_whole(medium, "width"),
        height=_whole(medium, "height"),
        alt=alt if isinstance(alt, str) else None,
    )


def _whole(said: dict[str, Any], name: str) -> int | None:
    value = said.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _event(event: object) -> Event | None:
    starts_at = read_date(_text(event, "starts_at") or "") if isinstance(event, dict) else None
    if not isinstance(event, dict) or starts_at is None:
        return None
    return Event(
        starts_at=starts_at,
        ends_at=read_date(_text(event, "ends_at") or ""),
        all_day=event.get("all_day") is True,
        location=_text(event, "location"),
        name=_text(event, "name"),
    )


def _place(place: object) -> Place | None:
    if not isinstance(place, dict):
        return None
    latitude, longitude = place.get("latitude"), place.get("longitude")
    known = isinstance(latitude, int | float) and isinstance(longitude, int | float)
    return Place(
        name=_text(place, "name"),
        latitude=float(latitude) if known and latitude is not None else None,
        longitude=float(longitude) if known and longitude is not None else None,
    )
