"""The WebSub hub of our own feeds (W3C Recommendation, section 5): what subscribers ask for is written down here.

The wires ask each callback whether it agrees, and deliver. The answer depends on the
request alone, never on what the callback will say.
"""

from http import HTTPStatus
from urllib.parse import parse_qsl
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from feedhub.accounts.account import Register
from feedhub.connectors.addresses import PORTS, Target, literal_address, target_of
from feedhub.connectors.guard import Guard
from feedhub.errors import QuestionRefused, TooManyPosts, TooMuchSent
from feedhub.failures import AddressRefused
from feedhub.posts.filters import kept_filters
from feedhub.store.hub import HUB, Crowd, HubRequest, add_request, crowd, lock_requests
from feedhub.store.sealed_wires import subscription_place
from feedhub.store.session import WriteSession
from feedhub.store.subscriptions import subscription_named
from feedhub.web.state import State, register, state
from feedhub.web.topics import topic_of

router = APIRouter(prefix="/hub")

SHORTEST_LEASE, LONGEST_LEASE = 60, 10 * 86_400  # seconds; the longest is also what is given unasked
MOST_WAITING, MOST_WAITING_OF_ONE = 5_000, 50  # requests to be verified: of everybody; of one host or asker
# Of one host, and of all: names of hosts cost nobody anything, and every change is read for every subscriber.
MOST_ACTIVE_OF_HOST, MOST_ACTIVE = 2_000, 20_000
_MOST_BYTES = 16 * 1024  # of a request
_LONGEST_URL = 2_048
_SECRET_BYTES = 200  # section 5.1: less than that


@router.post("")
async def ask(request: Request) -> Response:
    here, known, said = state(request), await register(request), await _said(request)
    mode, callback = _mode(said), _callback(said, here.guard, here.public_url)
    wanted = _request(said, here, known, callback, mode=mode, asker=_asker(here, request))
    await here.store.write(_add, here, wanted, host=_host(callback))
    return PlainTextResponse("Accepted; the callback is asked whether it agrees.\n", HTTPStatus.ACCEPTED)


def _add(session: WriteSession, here: State, wanted: HubRequest, *, host: str) -> None:
    lock_requests(session)
    is_known = subscription_named(session, wire=HUB, target=wanted.callback, topic=wanted.topic) is not None
    if wanted.mode == "unsubscribe":
        if not is_known:
            return  # nothing to end, and nobody is told who subscribes to what
    else:
        _refuse_crowd(crowd(session, host=host, asker=wanted.asker), is_known=is_known)
    add_request(session, wanted, at=here.now())


def _refuse_crowd(now: Crowd, *, is_known: bool) -> None:
    if max(now.of_host, now.of_asker) >= MOST_WAITING_OF_ONE or now.waiting >= MOST_WAITING:
        raise TooManyPosts("Too many subscriptions wait to be verified; ask again in a minute.")
    if is_known:
        return  # it only goes on
    if now.active >= MOST_ACTIVE:
        raise TooManyPosts("This hub has as many subscriptions as it can serve; ask again in some hours.")
    if now.active_of_host >= MOST_ACTIVE_OF_HOST:
        raise TooManyPosts(f"This callback's host has {MOST_ACTIVE_OF_HOST} subscriptions; end some of them first.")


def _request(
    said: dict[str, str], here: State, known: Register, callback: Target, *, mode: str, asker: str
) -> HubRequest:
    topic = said.get("hub.topic", "")
    address, filters = topic_of(topic[:_LONGEST_URL], known, public_url=here.public_url)
    id, secret = uuid4(), _secret(said)
    return HubRequest(
        id=id,
        callback=callback.url,
        topic=address,
        said=topic,
        mode=mode,
        lease=_lease(said),
        asker=asker,
        filters=kept_filters(filters),
        sealed=here.keyring.seal(secret, place=subscription_place(id)) if secret else None,
    )


async def _said(request: Request) -> dict[str, str]:
    """The parameters, each as it was said first; those that nobody knows do no harm."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise TooMuchSent(f"A subscription request has at most {_MOST_BYTES // 1024} KiB.")
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise QuestionRefused("content-type", "Send the parameters as application/x-www-form-urlencoded.")
    said: dict[str, str] = {}
    for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
        said.setdefault(name, value)
    return said


def _mode(said: dict[str, str]) -> str:
    match said.get("hub.mode"):
        case "subscribe" | "unsubscribe" as mode:
            return mode
        case "publish":
            raise QuestionRefused("hub.mode", "This hub knows when its own feeds change; nobody else publishes here.")
    raise QuestionRefused("hub.mode", "hub.mode must be subscribe or unsubscribe.")


def _lease(said: dict[str, str]) -> int:
    text = said.get("hub.lease_seconds", "").strip()
    if not text:
        return LONGEST_LEASE
    if not (text.isascii() and text.isdigit()):
        raise QuestionRefused("hub.lease_seconds", "hub.lease_seconds must be a whole number of seconds.")
    return min(max(int(text[:12]), SHORTEST_LEASE), LONGEST_LEASE)


def _secret(said: dict[str, str]) -> bytes:
    secret = said.get("hub.secret", "").encode()
    if len(secret) >= _SECRET_BYTES:
        raise QuestionRefused("hub.secret", f"hub.secret must have less than {_SECRET_BYTES} bytes.")
    return secret


def _callback(said: dict[str, str], guard: Guard, public_url: str) -> Target:
    """Where the subscriber wants to be told; what the fetcher would refuse anyhow is refused at once."""
    url = said.get("hub.callback", "")
    if not url or len(url) > _LONGEST_URL:
        raise QuestionRefused("hub.callback", f"hub.callback must be an address of at most {_LONGEST_URL} characters.")
    try:
        target = target_of(url)
    except AddressRefused as error:
        raise QuestionRefused("hub.callback", error.reason) from error
    ours = target_of(public_url)
    if (target.host, target.port) == (ours.host, ours.port):
        raise QuestionRefused("hub.callback", "hub.callback can't be an address of this site itself.")
    if fault := _fault(target, guard):
        raise QuestionRefused("hub.callback", f"FeedHub does not call {target.host}: {fault}.")
    return target


def _fault(target: Target, guard: Guard) -> str | None:
    if guard.is_exempt(target.host):
        return None
    if literal_address(target.host) is not None:
        return guard.refusal(target.host, target.port)
    if target.host == "localhost" or target.host.endswith(".localhost"):
        return "it is this machine"
    return None if target.port in PORTS.values() else f"port {target.port} is not one of 80 and 443"


def _host(target: Target) -> str:
    shown = f"[{target.host}]" if ":" in target.host else target.host
    return shown if target.port == PORTS[target.scheme] else f"{shown}:{target.port}"


def _asker(here: State, request: Request) -> str:
    """Who asks, for counting; nobody where that may be a proxy, behind which the whole world asks."""
    asker = here.askers.of(request.scope)
    return "" if asker.is_near else asker.name
