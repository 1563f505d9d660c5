"""The JSON API."""

from dataclasses import replace
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedhub.accounts.account import Register
from feedhub.errors import NotKnown
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.posts.verdict import verdict
from feedhub.store.lists import kept_post, latest_posts, post_versions
from feedhub.store.verifying import findings
from feedhub.views.api import post_document, posts_page
from feedhub.views.api_register import account_document, accounts_page, departments_page, kinds_page
from feedhub.views.page_links import parameters, query
from feedhub.views.verify import verify_document
from feedhub.web.asked import FILTERS
from feedhub.web.cursors import read_cursor, write_cursor
from feedhub.web.headers import NOT_CACHED
from feedhub.web.problems import gone
from feedhub.web.query import as_uuid, read_address, read_filters, refuse_unknown
from feedhub.web.state import State, register, state

router = APIRouter(prefix="/api/v1")

_MEDIA_TYPE = "application/json"
_OF_DEPARTMENTS = ("department", "group", "area")


@router.get("/posts")
async def posts(request: Request) -> Response:
    here, known = state(request), await register(request)
    filters = read_filters(request.query_params, known, FILTERS | {"cursor"})
    before = read_cursor(request.query_params.get("cursor"), filters, here.secret)
    found = await here.store.read(latest_posts, replace(filters, limit=filters.limit + 1), before=before)
    return _page(here, known, filters, found)


@router.get("/posts/{id}")
async def post(request: Request, id: str) -> Response:
    refuse_unknown(request.query_params, ())
    here, known, kept = state(request), await register(request), await _post(request, id)
    if kept.post is None:
        return gone(kept, known.publisher, here.public_url)
    return _json(post_document(kept, publisher=known.publisher, public_url=here.public_url))


@router.get("/posts/{id}/versions")
async def versions(request: Request, id: str) -> Response:
    refuse_unknown(request.query_params, ())
    here, known, kept = state(request), await register(request), await _post(request, id)
    if kept.post is None:
        return gone(kept, known.publisher, here.public_url)
    every = await here.store.read(post_versions, kept.id)
    return _json(posts_page(every, publisher=known.publisher, public_url=here.public_url))


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


def _page(here: State, known: Register, filters: Filters, found: tuple[KeptPost, ...]) -> Response:
    """A page of what was found; one post more than the page holds says that another one follows."""
    shown, next_url, links = found[: filters.limit], None, {}
    if len(found) > filters.limit:
        cursor = write_cursor(shown[-1].order_key, filters, here.secret)
        next_url = f"{here.public_url}/api/v1/posts{query([*parameters(filters), ('cursor', cursor)])}"
        links = {"Link": f'<{next_url}>; rel="next"'}
    body = posts_page(
        shown, publisher=known.publisher, public_url=here.public_url, next_url=next_url, fragments=here.fragments
    )
    return Response(body, HTTPStatus.OK, links, media_type=_MEDIA_TYPE)


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
