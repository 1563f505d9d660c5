"""Feeds of every filter in every format, and the list of them all."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid5
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedhub.accounts.account import FEEDHUB_NAMESPACE, Department, Register
from feedhub.accounts.kinds import Kind, kind_named
from feedhub.errors import NotKnown
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.store.amended import amended_posts
from feedhub.store.archives import Place, newest_archive
from feedhub.store.lists import Deleted, latest_posts, tombstones
from feedhub.store.session import ReadSession
from feedhub.views import opml
from feedhub.views.channel import Channel, History, Tombstone, urn
from feedhub.views.formats import FORMATS, Format
from feedhub.views.messages import language_of_pages, speaker
from feedhub.views.page_links import page_path
from feedhub.views.page_template import static_version
from feedhub.web.addresses import archive_url, feed_address, is_archived, moved, page_address
from feedhub.web.asked import FILTERS
from feedhub.web.query import read_filters, refuse_unknown
from feedhub.web.state import State, clock, register, state

# Readers that come by at least once a month learn of every withdrawal.
TOMBSTONES = timedelta(days=30)

router = APIRouter()


@router.get("/feed.{name}")
async def feed(request: Request, name: str) -> Response:
    written, known = format_named(name), await register(request)
    filters = read_filters(request.query_params, known, FILTERS)
    address = feed_address(filters, name)
    if "?" not in address and address != request.url.path:
        return moved(state(request), address)
    return await _feed(request, written, known, filters)


@router.get("/departments/{slug}/feed.{name}")
async def department_feed(request: Request, slug: str, name: str) -> Response:
    written, known = format_named(name), await register(request)
    department = department_named(known, slug)
    rest = read_filters(request.query_params, known, FILTERS - {"department"})
    if slug != department.slug:
        return moved(state(request), _beside(request, f"/departments/{department.slug}/feed.{name}"))
    return await _feed(request, written, known, replace(rest, departments=(department.slug,)))


@router.get("/kinds/{alias}/feed.{name}")
async def kind_feed(request: Request, alias: str, name: str) -> Response:
    written, known = format_named(name), await register(request)
    kind = kind_of(alias)
    rest = read_filters(request.query_params, known, FILTERS - {"kind"})
    if alias != kind:
        return moved(state(request), _beside(request, f"/kinds/{kind}/feed.{name}"))
    return await _feed(request, written, known, replace(rest, kinds=(kind,)))


@router.get("/feeds.opml")
async def feeds(request: Request) -> Response:
    refuse_unknown(request.query_params, ())
    known, now = await register(request), await clock(request)
    public_url = state(request).public_url
    body = opml.render_opml(known.publisher, known.departments, public_url=public_url, updated_at=now.at)
    return Response(body, media_type=f"{opml.MEDIA_TYPE}; charset=utf-8")


def department_named(known: Register, slug: str) -> Department:
    """The department that has this slug, or had it.

    Raises:
        NotKnown: none has.
    """
    for department in known.departments:
        if department.slug == slug:
            return department
    for department in known.departments:
        if slug in department.formerly:
            return department
    raise NotKnown("department", slug)


def format_named(name: str) -> Format:
    if name not in FORMATS:
        raise NotKnown("feed format", name)
    return FORMATS[name]


def kind_of(alias: str) -> Kind:
    if (kind := kind_named(alias)) is None:
        raise NotKnown("kind", alias)
    return kind


def _beside(request: Request, path: str) -> str:
    return f"{path}?{request.url.query}" if request.url.query else path


async def _feed(request: Request, format: Format, known: Register, filters: Filters) -> Response:
    here, now = state(request), await clock(request)
    zone = ZoneInfo(known.publisher.time_zone)
    posts, deleted, older = await here.store.read(_shown, filters, at=now.at, zone=zone)
    channel = feed_channel(here, known, filters, format=format, posts=posts, deleted=deleted, at=now.at)
    if older is not None:
        channel = replace(channel, history=History(older_url=archive_url(here, filters, format, older)))
    body = await asyncio.to_thread(format.render, channel)
    link = {"Link": f'<{channel.hub_url}>; rel="hub", <{channel.self_url}>; rel="self"'}
    return Response(body, headers=link, media_type=f"{format.media_type}; charset=utf-8")


def _shown(
    session: ReadSession, filters: Filters, *, at: datetime, zone: ZoneInfo
) -> tuple[tuple[KeptPost, ...], tuple[Deleted, ...], Place | None]:
    """Posts, tombstones, and the newest archive of a feed that has some."""
    posts, deleted = latest_posts(session, filters), tombstones(session, filters, since=at - TOMBSTONES)
    if not is_archived(filters):
        return posts, deleted, None
    older = newest_archive(session, filters, posts, at=at, zone=zone)
    if older is not None and posts:
        posts += amended_posts(session, filters, before=posts[-1].order_key, at=at, zone=zone)
    return posts, deleted, older


def feed_channel(  # noqa: PLR0913  # a channel is all of these
    here: State,
    known: Register,
    filters: Filters,
    *,
    format: Format,
    posts: tuple[KeptPost, ...],
    deleted: tuple[Deleted, ...],
    at: datetime,
) -> Channel:
    publisher = known.publisher
    name = f"{publisher.name} {feed_address(filters, 'atom')}"
    title = list_title(known, filters)
    changes = [kept.updated_at for kept in posts] + [stone.deleted_at for stone in deleted]
    say = speaker(language_of_pages(publisher.language))
    return Channel(
        id=urn(uuid5(FEEDHUB_NAMESPACE, name)),
        title=title,
        description=f"{say('tagline')}: {title}",
        publisher=publisher,
        public_url=here.public_url,
        page_url=here.public_url + page_address(filters),
        self_url=here.public_url + feed_address(filters, format.name),
        follow_url=here.public_url + page_path("/follow", filters),
        style_url=f"{urlsplit(here.public_url).path}/static/feed.css?v={static_version('feed.css')}",
        updated_at=max(changes, default=at),
        posts=posts,
        tombstones=tuple(Tombstone(id=each.id, deleted_at=each.deleted_at, reason=each.reason) for each in deleted),
    )


def list_title(known: Register, filters: Filters) -> str:
    """What readers call the feed: what it is narrowed to, then whose it is."""
    say = speaker(language_of_pages(known.publisher.language))
    names = {department.slug: department.name for department in known.departments}
    handles = {account.id: account.handle or account.url or account.platform.value for account in known.accounts}
    parts = [
        *(names[slug] for slug in filters.departments),
        *filters.groups,
        *filters.areas,
        *(handles[account] for account in filters.accounts),
        *filters.platforms,
        *(say(kind.value) for kind in filters.kinds),
        *(f"#{tag}" for tag in filters.tags),
        *filters.languages,
    ]
    quoted = [f"“{filters.q}”"] if filters.q else []
    narrowed = ", ".join(parts + quoted)
    return f"{narrowed} · {known.publisher.name}" if narrowed else known.publisher.name
