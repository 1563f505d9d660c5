"""The first page: what it shows together, read in one transaction."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.store.events import events
from feedhub.store.lists import latest_posts
from feedhub.store.session import ReadSession
from feedhub.views.page_home import Front, home_page
from feedhub.web.asked import FILTERS
from feedhub.web.pages import list_of, site_of
from feedhub.web.query import read_known_filters
from feedhub.web.state import register, state

router = APIRouter(default_response_class=HTMLResponse)

# An emergency stands on top for so long, unless it is withdrawn before.
_EMERGENCY = timedelta(days=3)
_MOST_EMERGENCIES = 3
_CARDS = 23  # one leads, four stand beside it, the rest fills rows of two and three
_LINES = 5  # of each column


@router.get("/")
async def home(request: Request) -> Response:
    known, here = await register(request), state(request)
    filters, front = read_known_filters(request.query_params, known), None
    if not (FILTERS | {"before"}) & set(request.query_params):
        filters = replace(filters, limit=_CARDS)
        front = await here.store.read(_front, now=here.now())
    given = await list_of(request, filters, "/")
    if front is not None:
        given = replace(given, filters=Filters())  # how many fit here is no wish of the visitor's
    return HTMLResponse(await asyncio.to_thread(home_page, site_of(request, known), given, front, known.departments))


def _front(session: ReadSession, *, now: datetime) -> Front:
    def newest(kind: Kind, most: int, since: datetime | None = None) -> tuple[KeptPost, ...]:
        return latest_posts(session, Filters(kinds=(kind,), limit=most, since=since))

    return Front(
        emergencies=newest(Kind.EMERGENCY, _MOST_EMERGENCIES, now - _EMERGENCY),
        services=newest(Kind.SERVICE, _LINES),
        assistance=newest(Kind.ASSISTANCE, _LINES),
        events=events(session, Filters(), begin=now, most=_LINES),
    )
