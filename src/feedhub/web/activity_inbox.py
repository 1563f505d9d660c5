"""Where servers of the fediverse post: what concerns us is kept until it is known who signed it, all else is forgotten.

Nothing is fetched here: a stranger's request must not make the web wait for a stranger's server.
"""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from feedhub.connectors.activity_follows import Act, AskedByActor, asked_by_actor
from feedhub.connectors.exchange import origin_of
from feedhub.errors import SignatureRefused, TooMuchSent
from feedhub.posts.urls import canonical_url
from feedhub.store.followers import follows_of, keep_incoming
from feedhub.store.message_signatures import SignedRequest, claim_of
from feedhub.web.activity import followable, offered
from feedhub.web.state import State, register, state

router = APIRouter(dependencies=[Depends(offered)])

MOST_BYTES = 64 * 1024  # of an activity; a Follow has some hundred
_MOST_HEADERS = 8 * 1024  # characters of those that are signed
_ALWAYS = frozenset({"signature", "signature-input", "date", "digest", "content-digest", "content-type"})


@router.post("/ap/inbox")
async def shared_inbox(request: Request) -> Response:
    return await _receive(request)


@router.post("/ap/{slug}/inbox")
async def inbox(request: Request, slug: str) -> Response:
    followable(state(request), await register(request), slug)
    return await _receive(request)


async def _receive(request: Request) -> Response:
    here, body = state(request), await _body(request)
    asked = asked_by_actor(body)
    if asked is not None and await _concerns(here, asked):
        headers = _signed(request.headers)
        url = here.public_url + request.url.path
        claim_of(SignedRequest(method="POST", url=url, headers=headers, body=body), now=here.now())
        origin = origin_of(canonical_url(asked.actor) or asked.actor)
        await here.store.write(
            keep_incoming, origin=origin, path=request.url.path, headers=headers, body=body, at=here.now()
        )
    return Response(status_code=HTTPStatus.ACCEPTED)


async def _concerns(here: State, asked: AskedByActor) -> bool:
    """Whether it is to be looked at: servers tell every other one of each account that is deleted."""
    if asked.act is Act.FOLLOW:
        return asked.whom.startswith(f"{here.public_url}/ap/")
    return bool(await here.store.read(follows_of, asked.actor))


def _signed(headers: Mapping[str, str]) -> dict[str, str]:
    """Those headers that say who signed, or may be signed."""
    said = f"{headers.get('signature', '')} {headers.get('signature-input', '')}".lower()
    kept = {name: value for name, value in headers.items() if name in _ALWAYS or name in said}
    if sum(map(len, kept.values())) > _MOST_HEADERS:
        raise SignatureRefused("The headers that are signed are too long; sign fewer.")
    return kept


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise TooMuchSent(f"An activity has at most {MOST_BYTES // 1024} KiB.")
    return bytes(body)
