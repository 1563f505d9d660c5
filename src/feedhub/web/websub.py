"""Where hubs call (WebSub, W3C Recommendation): verifying what we asked for, and telling that something is new."""

import hmac
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from feedhub.errors import NotKnown
from feedhub.logs import logger
from feedhub.store.pushes import (
    PushState,
    PushSubscription,
    forget_push,
    lease_end,
    push_named,
    set_push,
    take_ping,
)
from feedhub.web.state import State, state

router = APIRouter(prefix="/websub")

MOST_BYTES = 4 * 1024 * 1024  # of a ping; what it holds is only looked at for its signature
_ALGORITHMS = ("sha256", "sha384", "sha512", "sha1")  # section 7.1; sha1 is what old hubs still send
_LONGEST = 4_096  # characters of a challenge
_USUAL_LEASE = 10 * 86_400


@router.get("/{token}")
async def verify(request: Request, token: str) -> Response:
    """Section 5.3: say the challenge back where we asked for just this."""
    here, query = state(request), request.query_params
    push = await _push(here, token)
    mode, topic, challenge = (query.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge"))
    if topic != push.topic:
        raise NotKnown("subscription", token)
    if mode == "denied":
        reason = query.get("hub.reason") or "The hub denied the subscription."
        await here.store.write(set_push, push.account, PushState.REFUSED, at=here.now(), fault=reason[:500])
        return Response(status_code=HTTPStatus.OK)
    if (
        not challenge
        or len(challenge) > _LONGEST
        or not await _agreed(here, push, mode, query.get("hub.lease_seconds"))
    ):
        raise NotKnown("subscription", token)
    return PlainTextResponse(challenge)


@router.post("/{token}")
async def ping(request: Request, token: str) -> Response:
    """Something is new: ask now. What came is not believed, only that it was signed with our secret."""
    here, push = state(request), await _push(state(request), token)
    body = await _body(request)
    is_ours = body is not None and _is_signed(
        request.headers.get("x-hub-signature", ""), body, push.secret(here.keyring)
    )
    if is_ours and push.state in {PushState.ACTIVE, PushState.ASKED}:
        await here.store.write(take_ping, push.account, at=here.now())
    elif not is_ours:
        logger().warning("push.unsigned", account=str(push.account))
    # Section 7: a hub learns nothing from us, whether we believed it or not.
    return Response(status_code=HTTPStatus.ACCEPTED)


async def _push(here: State, token: str) -> PushSubscription:
    push = await here.store.read(push_named, token)
    if push is None:
        raise NotKnown("subscription", token)
    return push


async def _agreed(here: State, push: PushSubscription, mode: str, seconds: str | None) -> bool:
    """Whether we asked for this; what was granted is written."""
    if mode == "unsubscribe" and push.state is PushState.LEAVING:
        await here.store.write(forget_push, push.account)
        return True
    if mode != "subscribe" or push.state not in {PushState.ASKED, PushState.ACTIVE}:
        return False
    granted = int(seconds) if seconds and seconds.isascii() and seconds.isdecimal() else _USUAL_LEASE
    until = lease_end(here.now(), min(granted, 10**9))
    await here.store.write(set_push, push.account, PushState.ACTIVE, at=here.now(), lease_until=until)
    return True


async def _body(request: Request) -> bytes | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _is_signed(header: str, body: bytes, secret: bytes) -> bool:
    """Whether `X-Hub-Signature: method=hexdigest` fits.

    >>> _is_signed("sha256=00", b"", b"secret"), _is_signed("md5=00", b"", b"secret")
    (False, False)
    """
    algorithm, _, given = header.strip().partition("=")
    if algorithm not in _ALGORITHMS:
        return False
    return hmac.compare_digest(hmac.new(secret, body, algorithm).hexdigest().encode(), given.strip().lower().encode())
