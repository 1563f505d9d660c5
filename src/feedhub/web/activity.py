"""What servers of the fediverse read: who can be followed here, and what they said."""

from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from feedhub.accounts.account import Register
from feedhub.errors import NotKnown
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.store.actors import made_actor_key
from feedhub.store.facts import listed_count
from feedhub.store.followers import follower_count
from feedhub.store.lists import kept_post, latest_posts
from feedhub.views.activity import CONTEXT, announcement, creation, in_context, note
from feedhub.views.activity_actor import (
    ACTIVITY_TYPE,
    CITY,
    FINGER_TYPE,
    NODE_TYPE,
    Followable,
    actor_document,
    finger_document,
    followers_document,
    host_meta,
    named_in,
    node_document,
    node_links,
    outbox_document,
    outbox_page,
)
from feedhub.views.entries import written
from feedhub.web.addresses import moved
from feedhub.web.cursors import read_cursor, write_cursor
from feedhub.web.feeds import department_named
from feedhub.web.headers import NOT_CACHED
from feedhub.web.problems import REFUSED, problem_response
from feedhub.web.query import as_uuid
from feedhub.web.state import State, register, state

_A_PAGE = 20
_UNNAMED = replace(REFUSED, status=400)  # RFC 7033 section 4.2


async def offered(request: Request) -> None:
    """Raises NotKnown where nobody can be followed from the fediverse."""
    if not state(request).fediverse:
        raise NotKnown("actor", request.url.path)


router = APIRouter(dependencies=[Depends(offered)])


@router.get("/.well-known/webfinger")
async def webfinger(request: Request) -> Response:
    if (resource := request.query_params.get("resource")) is None:
        told = "Name a resource: ?resource=acct:name@host."
        return await problem_response(state(request), request.url.path, _UNNAMED, told, parameter="resource")
    here, known = state(request), await register(request)
    if (name := named_in(resource, here.public_url)) is None:
        raise NotKnown("actor", resource)
    return Response(finger_document(followable(here, known, name)), media_type=FINGER_TYPE)


@router.get("/.well-known/host-meta")
async def meta(request: Request) -> Response:
    return Response(host_meta(state(request).public_url), media_type="application/xrd+xml")


@router.get("/.well-known/nodeinfo")
async def node(request: Request) -> Response:
    return Response(node_links(state(request).public_url), media_type="application/json")


@router.get("/nodeinfo/2.1")
async def nodeinfo(request: Request) -> Response:
    here, known = state(request), await register(request)
    posts = await here.store.read(listed_count)
    body = node_document(departments=len(known.departments), posts=posts, public_url=here.public_url)
    return Response(body, media_type=NODE_TYPE)


@router.get("/ap/{slug}")
async def actor(request: Request, slug: str) -> Response:
    here, who = state(request), followable(state(request), await register(request), slug)
    if who.name != slug:
        return moved(here, f"/ap/{who.name}")
    key = await made_actor_key(here.store, who.name, here.keyring, now=here.now())
    return Response(actor_document(who, public_key=key.public), media_type=ACTIVITY_TYPE)


@router.get("/ap/{slug}/outbox")
async def outbox(request: Request, slug: str) -> Response:
    here, who = state(request), followable(state(request), await register(request), slug)
    if who.name != slug:
        return moved(here, f"/ap/{who.name}/outbox")
    if request.query_params.get("page") is None:
        count = await here.store.read(listed_count, who.department.slug if who.department else None)
        return Response(outbox_document(who, count=count), media_type=ACTIVITY_TYPE)
    return Response(await _page(here, who, request.query_params.get("before")), media_type=ACTIVITY_TYPE)


@router.get("/ap/{slug}/followers")
async def followers(request: Request, slug: str) -> Response:
    here, who = state(request), followable(state(request), await register(request), slug)
    if who.name != slug:
        return moved(here, f"/ap/{who.name}/followers")
    body = followers_document(who, count=await here.store.read(follower_count, who.name))
    return Response(body, headers={"Cache-Control": NOT_CACHED}, media_type=ACTIVITY_TYPE)


@router.get("/ap/posts/{id}")
async def post(request: Request, id: str) -> Response:
    here, known, wanted = state(request), await register(request), as_uuid(id)
    kept = await here.store.read(kept_post, wanted) if wanted else None
    if kept is None:
        raise NotKnown("post", id)
    told = in_context(note(kept, publisher=known.publisher, public_url=here.public_url))
    return JSONResponse(told, 410 if kept.post is None else 200, media_type=ACTIVITY_TYPE)


def followable(here: State, known: Register, name: str) -> Followable:
    """The actor of this name, or of a department that had it. Raises NotKnown."""
    department = None if name == CITY else department_named(known, name)
    return Followable(register=known, public_url=here.public_url, department=department)


async def _page(here: State, who: Followable, cursor: str | None) -> bytes:
    filters = Filters(departments=(who.department.slug,) if who.department else (), limit=_A_PAGE + 1)
    before = read_cursor(cursor, filters, here.secret, parameter="before")
    found = await here.store.read(latest_posts, filters, before=before)
    shown, has_more = found[:_A_PAGE], len(found) > _A_PAGE
    told = list(written(shown, partial(_told, who), format="activity"))
    older = write_cursor(shown[-1].order_key, filters, here.secret) if has_more else None
    return outbox_page(who, told, before=cursor, older=older, context=CONTEXT)


def _told(who: Followable, kept: KeptPost) -> dict[str, Any]:
    if who.department is None:
        return announcement(kept, public_url=who.public_url)
    return creation(kept, publisher=who.register.publisher, public_url=who.public_url)
