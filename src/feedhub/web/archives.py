"""Archives: every post that a feed ever told, in documents that rarely change (RFC 5005 section 4)."""

import asyncio
from dataclasses import replace
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedhub.accounts.account import Register
from feedhub.errors import NotKnown, QuestionRefused
from feedhub.posts.filters import Filters
from feedhub.posts.months import month_named
from feedhub.store.archives import Archive, Place, archive_at
from feedhub.views.channel import Channel, History
from feedhub.views.formats import Format
from feedhub.web.addresses import archive_url, feed_address, moved
from feedhub.web.feeds import TOMBSTONES, department_named, feed_channel, format_named, kind_of
from feedhub.web.query import refuse_unknown
from feedhub.web.state import State, clock, register, state

router = APIRouter()

_ARCHIVED = ("rss", "atom")  # JSON Feed has no archives
_MOST_DIGITS = 19
_LAST_KEY = 2**63 - 1


@router.get("/feed/archive/{month}.{name}")
async def archive(request: Request, month: str, name: str) -> Response:
    return await _archive(request, Filters(), month, name)


@router.get("/departments/{slug}/feed/archive/{month}.{name}")
async def department_archive(request: Request, slug: str, month: str, name: str) -> Response:
    department = department_named(await register(request), slug)
    return await _archive(request, Filters(departments=(department.slug,)), month, name)


@router.get("/kinds/{alias}/feed/archive/{month}.{name}")
async def kind_archive(request: Request, alias: str, month: str, name: str) -> Response:
    return await _archive(request, Filters(kinds=(kind_of(alias),)), month, name)


@router.get("/feed.{format}/archive/{file}")
@router.get("/departments/{slug}/feed.{format}/archive/{file}")
@router.get("/kinds/{alias}/feed.{format}/archive/{file}")
async def archive_below_its_feed(request: Request, format: str, file: str) -> Response:
    """Who puts the archive below the feed's whole name means the same."""
    said = f"?{request.url.query}" if request.url.query else ""
    feed = request.url.path.removesuffix(f".{format}/archive/{file}")
    return moved(state(request), f"{quote(feed, safe='/%')}/archive/{quote(file)}{said}")


async def _archive(request: Request, filters: Filters, month: str, name: str) -> Response:
    refuse_unknown(request.query_params, ("before",))
    here, known, now = state(request), await register(request), await clock(request)
    format, place = format_named(name), _place(request, month, name)
    address = archive_url(here, filters, format, place)
    if not address.startswith(here.public_url + request.url.path):
        return moved(here, address.removeprefix(here.public_url))
    zone, today = ZoneInfo(known.publisher.time_zone), max(here.now(), now.at)
    found = await here.store.read(archive_at, filters, place, now=today, since=now.at - TOMBSTONES, zone=zone)
    if found is None:
        raise NotKnown("complete archive", month)
    channel = _channel(here, known, filters, format, found, address)
    body = await asyncio.to_thread(format.render, channel)
    return Response(
        body, headers={"Link": f'<{address}>; rel="self"'}, media_type=f"{format.media_type}; charset=utf-8"
    )


def _place(request: Request, month: str, name: str) -> Place:
    first, before = month_named(month), request.query_params.get("before")
    if first is None or name not in _ARCHIVED:
        raise NotKnown("archive", f"{month}.{name}")
    if before is None:
        return Place(month=first)
    if not (before.isascii() and before.isdigit() and len(before) <= _MOST_DIGITS and int(before) <= _LAST_KEY):
        raise QuestionRefused("before", "before must be the number that a link to an archive says.")
    return Place(month=first, before=int(before))


def _channel(here: State, known: Register, filters: Filters, format: Format, found: Archive, address: str) -> Channel:
    """The feed's own head, so that readers know the archive for a part of it."""
    channel = feed_channel(
        here, known, filters, format=format, posts=found.posts, deleted=found.deleted, at=found.ends_at
    )
    history = History(
        current_url=here.public_url + feed_address(filters, format.name),
        older_url=archive_url(here, filters, format, found.older) if found.older else None,
        newer_url=archive_url(here, filters, format, found.newer) if found.newer else None,
    )
    return replace(channel, self_url=address, history=history)
