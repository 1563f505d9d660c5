"""What posts said before, for programs and for people, and the keys that prove it."""

import asyncio
from functools import partial
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from feedhub.errors import NotKnown, QuestionRefused
from feedhub.posts.kept import KeptPost
from feedhub.store.history import post_history
from feedhub.store.lists import kept_post
from feedhub.store.signing import Signer, kept_signer, made_signer, proof_keys
from feedhub.views.page_versions import versions_page as page_for_people
from feedhub.views.pages import gone_page
from feedhub.views.proofs import Seal, keys_document
from feedhub.views.versions import versions_page
from feedhub.web.pages import site_of
from feedhub.web.problems import gone
from feedhub.web.query import as_uuid, refuse_unknown
from feedhub.web.state import State, register, state

router = APIRouter()

_MOST = 20  # versions in one answer
_DIGITS = 9  # of a version's number


@router.get("/api/v1/posts/{id}/versions")
async def versions(request: Request, id: str) -> Response:
    refuse_unknown(request.query_params, ("before",))
    here, known, kept = state(request), await register(request), await _kept(request, id)
    found = await here.store.read(post_history, kept.id, most=_MOST + 1, before=_before(request))
    if found is None:
        return gone(kept, known.publisher, here.public_url)
    next_url = f"{here.public_url}{request.url.path}?before={found[_MOST - 1].version}" if len(found) > _MOST else None
    write = partial(versions_page, found, most=_MOST, publisher=known.publisher, public_url=here.public_url)
    body = await asyncio.to_thread(write, next_url=next_url, seal=await _seal(here))
    links = {"Link": f'<{next_url}>; rel="next"'} if next_url else {}
    return Response(body, headers=links, media_type="application/json")


@router.get("/posts/{id}/versions")
async def versions_for_people(request: Request, id: str) -> Response:
    here, site, kept = state(request), site_of(request, await register(request)), await _kept(request, id)
    found = await here.store.read(post_history, kept.id, most=_MOST + 1, before=_before(request))
    if found is None:
        return HTMLResponse(gone_page(site, kept), HTTPStatus.GONE)
    write = partial(page_for_people, site, kept, found, most=_MOST, seal=await _seal(here))
    return HTMLResponse(await asyncio.to_thread(write))


@router.get("/.well-known/feedhub-keys.json")
async def keys(request: Request) -> Response:
    refuse_unknown(request.query_params, ())
    here, known = state(request), await register(request)
    await _signer(here)
    body = keys_document(await here.store.read(proof_keys), ZoneInfo(known.publisher.time_zone))
    return Response(body, media_type="application/json")


async def _kept(request: Request, id: str) -> KeptPost:
    wanted = as_uuid(id)
    kept = await state(request).store.read(kept_post, wanted) if wanted else None
    if kept is None:
        raise NotKnown("post", id)
    return kept


def _before(request: Request) -> int | None:
    """The number of a version, all of them older ones are asked for."""
    said = request.query_params.get("before")
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= _DIGITS):
        raise QuestionRefused("before", "before must be the number of a version; take it from next.")
    return int(said)


async def _seal(here: State) -> Seal:
    signer = await _signer(here)
    return Seal(key=signer.id, sign=signer.sign)


async def _signer(here: State) -> Signer:
    """The key in use; the first who asks has it made."""
    if (kept := await here.store.read(kept_signer, here.keyring)) is not None:
        return kept
    return await here.store.write(made_signer, here.keyring, now=here.now())
