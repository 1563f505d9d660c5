"""The calendar: a page of what takes place, and the same for calendar programs."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import uuid5
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.accounts.account import FEEDHUB_NAMESPACE, Register
from feedhub.errors import NotKnown, QuestionRefused
from feedhub.posts.filters import Filters
from feedhub.posts.hidden_event import HiddenEvent
from feedhub.posts.kept import KeptPost
from feedhub.store.events import events, hidden_events
from feedhub.store.lists import kept_post
from feedhub.store.session import ReadSession
from feedhub.views.calendar import MEDIA_TYPE, render_calendar, render_event
from feedhub.views.channel import Channel, urn
from feedhub.views.messages import language_of_pages, speaker
from feedhub.views.page_calendar import FIRST_YEAR, LAST_YEAR, EventList, calendar_page
from feedhub.views.page_links import calendar_path, page_path
from feedhub.web.addresses import moved
from feedhub.web.asked import FILTERS
from feedhub.web.feeds import department_named, list_title
from feedhub.web.pages import site_of
from feedhub.web.query import MOST_POSTS, as_uuid, read_filters, read_known_filters
from feedhub.web.state import State, clock, register, state

router = APIRouter()

# A calendar keeps what was, and learns what was called off, for as long as feeds tell of withdrawals.
_KEPT = timedelta(days=30)
_MOST_ON_PAGE = 150
_FILE = f"{MEDIA_TYPE}; charset=utf-8"


@router.get("/calendar", response_class=HTMLResponse)
async def calendar(request: Request) -> Response:
    known, here = await register(request), state(request)
    filters = read_known_filters(request.query_params, known)
    today = here.now().astimezone(ZoneInfo(known.publisher.time_zone)).date()
    month = _month(request.query_params.get("month"))
    begin, end = _window(month, today, ZoneInfo(known.publisher.time_zone))
    found = await here.store.read(events, filters, begin=begin, end=end, most=_MOST_ON_PAGE + 1)
    posts, has_more = found[:_MOST_ON_PAGE], len(found) > _MOST_ON_PAGE
    given = EventList(posts=posts, filters=filters, today=today, month=month, has_more=has_more)
    return HTMLResponse(await asyncio.to_thread(calendar_page, site_of(request, known), given, known.departments))


@router.get("/events.ics")
async def every_event(request: Request) -> Response:
    known = await register(request)
    filters = read_filters(request.query_params, known, FILTERS)
    address = _address(filters)
    if "?" not in address and address != request.url.path:
        return moved(state(request), address)
    return await _calendar(request, known, filters)


@router.get("/departments/{slug}/events.ics")
async def department_events(request: Request, slug: str) -> Response:
    known = await register(request)
    department = department_named(known, slug)
    rest = read_filters(request.query_params, known, FILTERS - {"department"})
    filters = replace(rest, departments=(department.slug,))
    if slug != department.slug:
        return moved(state(request), _address(filters))
    return await _calendar(request, known, filters)


@router.get("/posts/{id}/event.ics")
async def one_event(request: Request, id: str) -> Response:
    here, known, wanted = state(request), await register(request), as_uuid(id)
    kept = await here.store.read(kept_post, wanted) if wanted else None
    if kept is None or kept.post is None or kept.post.event is None:
        raise NotKnown("event", id)
    channel = _channel(here, known, Filters(), posts=(kept,), at=kept.updated_at)
    named = {"Content-Disposition": f'inline; filename="{kept.department.slug}-{kept.id}.ics"'}
    return Response(render_event(channel), headers=named, media_type=_FILE)


def _month(said: str | None) -> date | None:
    """The first day of a month of ours.

    Raises:
        QuestionRefused: that is none.
    """
    if not said:
        return None
    try:
        month = datetime.strptime(f"{said}-01", "%Y-%m-%d").date()  # noqa: DTZ007  # a date, of no zone
    except ValueError:
        month = date.min
    if not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise QuestionRefused("month", f"month must be one from {FIRST_YEAR}-01 to {LAST_YEAR}-12.")
    return month


def _window(month: date | None, today: date, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
    """From when until when; what is to come has no end."""
    if month is None:
        return datetime.combine(today, time.min, zone), None
    after = (month + timedelta(days=31)).replace(day=1)
    return datetime.combine(month, time.min, zone), datetime.combine(after, time.min, zone)


def _address(filters: Filters) -> str:
    """The one address of a calendar; how many events it holds is part of it."""
    asked = Filters().limit
    address = calendar_path(filters)
    if filters.limit == asked:
        return address
    return f"{address}{'&' if '?' in address else '?'}limit={filters.limit}"


async def _calendar(request: Request, known: Register, filters: Filters) -> Response:
    here, now = state(request), await clock(request)
    most = filters.limit if "limit" in request.query_params else MOST_POSTS
    # By the newest change and not by this minute, so that every process makes the same bytes of it.
    posts, hidden = await here.store.read(_around, filters, at=now.at, most=most)
    changes = [kept.updated_at for kept in posts] + [one.hidden_at for one in hidden]
    channel = _channel(here, known, filters, posts=posts, at=max(changes, default=now.at))
    link = {"Link": f'<{channel.self_url}>; rel="self"'}
    return Response(render_calendar(channel, hidden), headers=link, media_type=_FILE)


def _around(
    session: ReadSession, filters: Filters, *, at: datetime, most: int
) -> tuple[tuple[KeptPost, ...], tuple[HiddenEvent, ...]]:
    """What is to come; before it, where there is room, what was lately."""
    coming = events(session, filters, begin=at, most=most)
    was: tuple[KeptPost, ...] = ()
    if len(coming) < most:
        kept = {one.id for one in coming}
        lately = events(session, filters, begin=at - _KEPT, end=at, most=most, newest_first=True)
        was = tuple(one for one in lately if one.id not in kept)[: most - len(coming)]
    return (*reversed(was), *coming), hidden_events(session, filters, since=at - _KEPT)


def _channel(here: State, known: Register, filters: Filters, *, posts: tuple[KeptPost, ...], at: datetime) -> Channel:
    say, address = speaker(language_of_pages(known.publisher.language)), _address(filters)
    title = list_title(known, filters)
    return Channel(
        id=urn(uuid5(FEEDHUB_NAMESPACE, f"{known.publisher.name} {address}")),
        title=f"{say('calendar_title')}: {title}",
        description=f"{say('tagline')}: {title}",
        publisher=known.publisher,
        public_url=here.public_url,
        page_url=here.public_url + page_path("/calendar", filters),
        self_url=here.public_url + address,
        updated_at=at,
        posts=posts,
    )
