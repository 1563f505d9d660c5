"""The JSON API."""

import asyncio
from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedhub.accounts.account import Register
from feedhub.errors import NotKnown
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.posts.verdict import verdict
from feedhub.store.lists import kept_post, latest_posts
from feedhub.store.verifying import findings
from feedhub.views.api_register import account_document, accounts_page, departments_page, kinds_page
from feedhub.views.ninjs import ninjs_document
from feedhub.views.page_links import parameters, query
from feedhub.views.post_forms import PostForm, PostsPage, fields_document
from feedhub.views.verify import verify_document
from feedhub.web.asked import FILTERS
from feedhub.web.cursors import read_cursor, write_cursor
from feedhub.web.headers import NOT_CACHED
from feedhub.web.post_forms import POSTS, form_pairs, form_parameters, read_form
from feedhub.web.problems import gone
from feedhub.web.query import as_uuid, read_address, read_filters, refuse_unknown
from feedhub.web.state import register, state

router = APIRouter(prefix="/api/v1")

_MEDIA_TYPE = "application/json"
_OF_DEPARTMENTS = ("department", "group", "area")


@router.get("/posts")
@router.get("/posts.csv")
@router.get("/posts.ndjson")
async def posts(request: Request) -> Response:
    here, known, path = state(request), await register(request), request.url.path
    filters = read_filters(request.query_params, known, FILTERS | {"cursor"} | form_parameters(path))
    form, fields = read_form(path, request.query_params)
    before = read_cursor(request.query_params.get("cursor"), filters, here.secret)
    found = await here.store.read(latest_posts, replace(filters, limit=filters.limit + 1), before=before)
    page = PostsPage(
        posts=found[: filters.limit],
        publisher=known.publisher,
        public_url=here.public_url,
        fields=fields,
        next_url=_next_url(request, filters, found),
        fragments=here.fragments,
    )
    return await asyncio.to_thread(_page, form, page)


@router.get("/posts/{id}")
async def post(request: Request, id: str) -> Response:
    refuse_unknown(request.query_params, ("fields", "format"))
    form, fields = read_form(POSTS, request.query_params)
    here, known, kept = state(request), await register(request), await _post(request, id)
    if not form.has_fields:
        body = ninjs_document(kept, publisher=known.publisher, public_url=here.public_url)
        return Response(body, HTTPStatus.OK if kept.post else HTTPStatus.GONE, media_type=_MEDIA_TYPE)
    if kept.post is None:
        return gone(kept, known.publisher, here.public_url)
    return _json(fields_document(kept, fields, publisher=known.publisher, public_url=here.public_url))


@router.get("/departments")
async def departments(request: Request) -> Response:
    known = await register(request)
    filters = read_filters(request.query_params, known, _OF_DEPARTMENTS)
    return _json(departments_page(_narrowed(known, filters), public_url=state(request).public_url))


@router.get("/accounts")
async def accounts(request: Request) -> Response:
    known = await register(request)
    filters = read_filters(request.query_params, known, (*_OF_DEPARTMENTS, "platform"))
    return _json(accounts_page(_narrowed(known, filters), public_url=state(request).public_url))


@router.get("/accounts/{id}")
async def account(request: Request, id: str) -> Response:
    refuse_unknown(request.query_params, ())
    known, wanted = await register(request), as_uuid(id)
    for each in known.accounts:
        if each.id == wanted:
            owner = next(department for department in known.departments if department.slug == each.department)
            return _json(account_document(each, owner, public_url=state(request).public_url))
    raise NotKnown("account", id)


@router.get("/verify")
async def verify(request: Request) -> Response:
    refuse_unknown(request.query_params, ("url",))
    here = state(request)
    found = await here.store.read(findings, read_address(request.query_params), public_url=here.public_url)
    body = verify_document(verdict(found, now=here.now()), public_url=here.public_url)
    # Visits that find nothing move no clock, so a kept copy would show an old visit.
    return Response(body, headers={"Cache-Control": NOT_CACHED}, media_type=_MEDIA_TYPE)


@router.get("/kinds")
async def kinds(request: Request) -> Response:
    refuse_unknown(request.query_params, ())
    return _json(kinds_page(await register(request), public_url=state(request).public_url))


async def _post(request: Request, id: str) -> KeptPost:
    wanted = as_uuid(id)
    kept = await state(request).store.read(kept_post, wanted) if wanted else None
    if kept is None:
        raise NotKnown("post", id)
    return kept


def _page(form: PostForm, page: PostsPage) -> Response:
    links = {"Link": f'<{page.next_url}>; rel="next"'} if page.next_url else {}
    return Response(form.render(page), HTTPStatus.OK, links, media_type=form.media_type)


def _next_url(request: Request, filters: Filters, found: tuple[KeptPost, ...]) -> str | None:
    """Where the list goes on in the same form; one post more than the page holds says that it does."""
    if len(found) <= filters.limit:
        return None
    here = state(request)
    cursor = write_cursor(found[filters.limit - 1].order_key, filters, here.secret)
    asked = [*parameters(filters), *form_pairs(request.query_params), ("cursor", cursor)]
    return f"{here.public_url}{request.url.path}{query(asked)}"


def _narrowed(known: Register, filters: Filters) -> Register:
    """The register of the departments and platforms that were asked for."""
    departments = tuple(
        department
        for department in known.departments
        if (not filters.departments or department.slug in filters.departments)
        and (not filters.groups or department.group in filters.groups)
        and (not filters.areas or department.area in filters.areas)
    )
    slugs = {department.slug for department in departments}
    accounts = tuple(
        account
        for account in known.accounts
        if account.department in slugs and (not filters.platforms or account.platform in filters.platforms)
    )
    return replace(known, departments=departments, accounts=accounts)


def _json(body: bytes) -> Response:
    return Response(body, media_type=_MEDIA_TYPE)
