"""What crawlers ask for: robots.txt, sitemaps, and whom to tell about a weakness."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from feedhub.errors import NotKnown
from feedhub.posts.filters import Filters
from feedhub.posts.months import month_after, month_named
from feedhub.store.lists import latest_posts
from feedhub.store.sitemap import Part, departments_changed, mapped_posts, sitemap_parts
from feedhub.views.security_txt import PATH, security_txt
from feedhub.views.sitemap import MEDIA_TYPE, MOST_NEWS, render_index, render_news, render_pages, render_posts
from feedhub.web.pages import site_of
from feedhub.web.state import clock, register, state

router = APIRouter()

_NEWS = timedelta(days=2)  # what Google reads in a sitemap of news
_XML = f"{MEDIA_TYPE}; charset=utf-8"


@router.get("/robots.txt")
async def robots(request: Request) -> Response:
    rules = "User-agent: *\nDisallow: /search\nDisallow: /api/\n"
    return PlainTextResponse(f"{rules}\nSitemap: {state(request).public_url}/sitemap.xml\n")


@router.get(PATH)
async def security(request: Request) -> Response:
    here, site = state(request), site_of(request, await register(request))
    if (said := security_txt(site, here.contact, today=here.now().date())) is None:
        raise NotKnown("contact for reports of weaknesses", "security.txt")
    return PlainTextResponse(said)


@router.get("/sitemap.xml")
async def sitemap(request: Request) -> Response:
    here, now = state(request), await clock(request)
    parts = await here.store.read(sitemap_parts)
    root = f"{here.public_url}/sitemap"
    named = [(f"{root}/pages.xml", now.at)]
    if await here.store.read(latest_posts, Filters(since=here.now() - _NEWS, limit=1)):
        named.append((f"{root}/news.xml", now.at))
    return _xml(render_index([*named, *((f"{root}/{_name(part)}.xml", part.changed_at) for part in parts)]))


@router.get("/sitemap/pages.xml")
async def sitemap_of_pages(request: Request) -> Response:
    known, now = await register(request), await clock(request)
    changed = await state(request).store.read(departments_changed)
    return _xml(render_pages(site_of(request, known), known, changed, at=now.at))


@router.get("/sitemap/news.xml")
async def sitemap_of_news(request: Request) -> Response:
    here, site = state(request), site_of(request, await register(request))
    lately = Filters(since=here.now() - _NEWS, limit=MOST_NEWS)
    return _xml(render_news(site, await here.store.read(latest_posts, lately)))


@router.get("/sitemap/{name}.xml")
async def sitemap_of_posts(request: Request, name: str) -> Response:
    here, site = state(request), site_of(request, await register(request))
    if not (posts := await here.store.read(mapped_posts, *_days(name))):
        raise NotKnown("sitemap", name)
    paths = [(f"/posts/{one.id}", one.updated_at) for one in posts]
    return _xml(await asyncio.to_thread(render_posts, site, paths))


def _name(part: Part) -> str:
    """A month, or a day.

    >>> _name(Part(begins=date(2026, 10, 1), days=31)), _name(Part(begins=date(2026, 10, 1), days=1))
    ('2026-10', '2026-10-01')
    """
    return f"{part.begins:%Y-%m}" if part.days > 1 else f"{part.begins:%Y-%m-%d}"


def _days(name: str) -> tuple[date, date]:
    """The first day of a part, and the one after its last.

    Raises:
        NotKnown: it is no part.
    """
    if (month := month_named(name)) is not None:
        return month, month_after(month)
    try:
        day = datetime.strptime(name, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise NotKnown("sitemap", name) from None
    if month_named(name[:7]) is None or f"{day}" != name:
        raise NotKnown("sitemap", name)
    return day, day + timedelta(days=1)


def _xml(body: bytes) -> Response:
    return Response(body, media_type=_XML)
