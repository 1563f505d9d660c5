"""The pages for people, and the few files that they need."""

import asyncio
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.accounts.account import Register
from feedhub.accounts.pasted import address_in
from feedhub.errors import NotKnown
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.posts.urls import MAX_LENGTH
from feedhub.posts.verdict import verdict
from feedhub.store.facts import department_facts
from feedhub.store.lists import kept_post, latest_posts, post_versions
from feedhub.store.session import ReadSession
from feedhub.store.threads import thread_parts
from feedhub.store.verifying import findings
from feedhub.views import pages
from feedhub.views.page_department import department_page
from feedhub.views.page_lists import PostList
from feedhub.views.page_site import Site, is_page
from feedhub.views.page_template import STATIC, static_file, static_version
from feedhub.views.page_verify import verify_page
from feedhub.web.addresses import moved
from feedhub.web.cursors import read_cursor, write_cursor
from feedhub.web.feeds import department_named
from feedhub.web.headers import NOT_CACHED
from feedhub.web.query import as_uuid, read_known_filters
from feedhub.web.state import language, register, state

router = APIRouter(default_response_class=HTMLResponse)

# A file whose address carries its version never changes under it.
FOR_EVER = "public, max-age=31536000, immutable"


@router.get("/departments")
async def departments(request: Request) -> Response:
    known = await register(request)
    return HTMLResponse(pages.departments_page(site_of(request, known), known.departments, known.accounts))


@router.get("/departments/{slug}")
async def department(request: Request, slug: str) -> Response:
    known = await register(request)
    shown = department_named(known, slug)
    if shown.slug != slug:
        rest = f"?{request.url.query}" if request.url.query else ""
        return moved(state(request), f"/departments/{shown.slug}{rest}")
    filters = replace(read_known_filters(request.query_params, known), departments=(slug,))
    given = await list_of(request, filters, f"/departments/{slug}", implied="department")
    facts = await state(request).store.read(department_facts, slug, now=state(request).now())
    return HTMLResponse(await asyncio.to_thread(department_page, site_of(request, known), shown, facts, given))


@router.get("/accounts/{id}")
async def account(request: Request, id: str) -> Response:
    known, wanted = await register(request), as_uuid(id)
    shown = next((one for one in known.accounts if one.id == wanted), None)
    if shown is None:
        raise NotKnown("account", id)
    filters = replace(read_known_filters(request.query_params, known), accounts=(shown.id,))
    given = await list_of(request, filters, f"/accounts/{shown.id}", implied="account")
    owner = department_named(known, shown.department)
    return HTMLResponse(await asyncio.to_thread(pages.account_page, site_of(request, known), shown, owner, given))


@router.get("/posts/{id}")
async def post(request: Request, id: str) -> Response:
    site, wanted = site_of(request, await register(request)), as_uuid(id)
    kept, versions, thread = await state(request).store.read(_whole_post, wanted) if wanted else (None, (), ())
    if kept is None:
        raise NotKnown("post", id)
    if kept.post is None:
        return HTMLResponse(pages.gone_page(site, kept), 410)
    return HTMLResponse(await asyncio.to_thread(pages.post_page, site, kept, versions, thread))


@router.get("/search")
async def search(request: Request) -> Response:
    known = await register(request)
    given = await list_of(request, read_known_filters(request.query_params, known), "/search")
    return HTMLResponse(await asyncio.to_thread(pages.search_page, site_of(request, known), given, known.departments))


@router.get("/verify")
async def verify(request: Request) -> Response:
    here, known = state(request), await register(request)
    url = address_in(request.query_params.get("url", "")[:MAX_LENGTH])
    found = await here.store.read(findings, url, public_url=here.public_url) if url else None
    told = verdict(found, now=here.now()) if found else None
    page = verify_page(site_of(request, known), url, told, known.departments)
    return HTMLResponse(page, headers={"Cache-Control": NOT_CACHED})


@router.get("/static/{name}")
async def static_asset(request: Request, name: str) -> Response:
    if name not in STATIC:
        raise NotKnown("file", name)
    is_named = request.query_params.get("v") == static_version(name)
    headers = {"Cache-Control": FOR_EVER} if is_named else {}
    return Response(static_file(name), headers=headers, media_type=STATIC[name])


def site_of(request: Request, known: Register) -> Site:
    """Whose pages these are. What is no page of the site, as a credential's flow, is not told where it stands."""
    target = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return Site(
        publisher=known.publisher,
        public_url=state(request).public_url,
        pictures=state(request).picture_mode,
        asked_in=language(request),
        here=target if is_page(target) else "",
        fediverse=state(request).fediverse,
    )


async def list_of(request: Request, filters: Filters, path: str, *, implied: str = "") -> PostList:
    """The posts of a page at `path`, which says the filter `implied` already, and what follows.

    Raises:
        QuestionRefused: `before` is no cursor of ours.
    """
    here, cursor = state(request), request.query_params.get("before")
    before = read_cursor(cursor, filters, here.secret, parameter="before")
    # One post more than the page holds says that there are older ones.
    found = await here.store.read(latest_posts, replace(filters, limit=filters.limit + 1), before=before)
    posts, has_more = found[: filters.limit], len(found) > filters.limit
    return PostList(
        posts=posts,
        filters=filters,
        path=path,
        implied=frozenset({implied}),
        before=cursor,
        older=write_cursor(posts[-1].order_key, filters, here.secret) if has_more else None,
    )


def _whole_post(session: ReadSession, id: UUID) -> tuple[KeptPost | None, tuple[KeptPost, ...], tuple[KeptPost, ...]]:
    """A post, its versions where there are several, and the thread that it belongs to."""
    kept = kept_post(session, id)
    versions = post_versions(session, id) if kept and kept.version > 1 else ()
    return kept, versions, thread_parts(session, kept) if kept else ()
