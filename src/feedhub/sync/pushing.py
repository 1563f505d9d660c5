"""Subscribing to feeds' hubs (WebSub): asked for, renewed before the lease ends, ended with the account.

A hub's ping only means "ask now". Until it has proved itself an account is visited as
often as ever; then, at least every hour: a hub may fall silent.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from feedhub.connectors.guard import Guard
from feedhub.connectors.http import Http
from feedhub.errors import FeedHubError, StoreBusy
from feedhub.failures import VisitFailed
from feedhub.logs import logger
from feedhub.store.pushes import PushState, PushSubscription, due_pushes, forget_push, set_push
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store
from feedhub.sync.serving import WalkOptions, keyring_of

LEASE_SECONDS = 10 * 86_400  # what we ask for; the hub decides

_EVERY_SECONDS = 15.0
_ACCEPTED = range(200, 300)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def push_on(store: Store, options: WalkOptions, *, now: Callable[[], datetime], stop: asyncio.Event) -> None:
    """Subscribe and renew until `stop`."""
    keyring = await keyring_of(store, options)
    async with options.new_http() as http:
        while not stop.is_set():
            try:
                await subscribe_due(store, http, options, keyring, now=now())
            except StoreBusy:
                pass  # a quarter of a minute later is early enough
            except FeedHubError as error:
                logger().warning("push.failed", reason=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


async def subscribe_due(store: Store, http: Http, options: WalkOptions, keyring: Keyring, *, now: datetime) -> int:
    """Ask hubs for what is due; how many were asked."""
    if not can_be_called(options.public_url, options.fetch_allow):
        return 0
    due = await store.read(due_pushes, now=now)
    for push, is_ended in due:
        await _ask_hub(store, http, options.public_url, keyring, push, is_ended=is_ended, now=now)
    return len(due)


def can_be_called(public_url: str, allow: str) -> bool:
    """Whether a hub can reach us: not at a loopback address, unless loopback is where we ask, too.

    >>> can_be_called("http://127.0.0.1:8000", ""), can_be_called("https://kabar.example.go.id", "")
    (False, True)
    """
    host = urlsplit(public_url).hostname or ""
    return not Guard("127.0.0.0/8").is_exempt(host) or Guard(allow).is_exempt(host)


def callback_of(public_url: str, token: str) -> str:
    """The address that the hub calls."""
    return f"{public_url.rstrip('/')}/websub/{token}"


async def _ask_hub(  # noqa: PLR0913  # a request's parts
    store: Store,
    http: Http,
    public_url: str,
    keyring: Keyring,
    push: PushSubscription,
    *,
    is_ended: bool,
    now: datetime,
) -> None:
    mode = "unsubscribe" if is_ended else "subscribe"
    form = {
        "hub.callback": callback_of(public_url, push.token),
        "hub.mode": mode,
        "hub.topic": push.topic,
        "hub.lease_seconds": str(LEASE_SECONDS),
    }
    if not is_ended:
        form["hub.secret"] = push.secret(keyring).decode()
    # Before the hub is asked: it may come back to verify before its answer arrives.
    await store.write(set_push, push.account, PushState.LEAVING if is_ended else PushState.ASKED, at=now)
    try:
        # Section 5.1 says nothing of the answer's body, and hubs write all sorts of things there.
        said = await http.ask(push.hub, method="POST", headers=_FORM, content=urlencode(form).encode(), now=now)
    except VisitFailed as failure:
        await store.write(set_push, push.account, PushState.REFUSED, at=now, fault=failure.reason)
        return
    if said.status in _ACCEPTED:
        logger().info("push.asked", mode=mode, hub=urlsplit(push.hub).netloc)
        return
    if is_ended:
        await store.write(forget_push, push.account)
        return
    fault = f"{urlsplit(push.hub).netloc} refuses the subscription ({HTTPStatus(said.status).phrase})."
    await store.write(set_push, push.account, PushState.REFUSED, at=now, fault=fault)
