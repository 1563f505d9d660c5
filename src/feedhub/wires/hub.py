"""The hub's deliveries (WebSub, W3C Recommendation): callbacks asked whether they agree, and told whole feeds.

A delivery is made without its body: the feed is asked for when it is sent, so nobody gets
what was taken back meanwhile, and who was behind gets the newest once.
"""

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4
from weakref import WeakValueDictionary

from feedhub.connectors.addresses import target_of
from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.errors import FeedHubError
from feedhub.failures import VisitFailed
from feedhub.logs import logger
from feedhub.posts.filters import Filters, filters_kept
from feedhub.posts.matching import is_theirs, matches
from feedhub.store.hub import (
    HUB,
    drop_request,
    end_by_request,
    end_leases,
    grant_request,
    has_due_requests,
    has_ended_leases,
    put_off_request,
    take_requests,
)
from feedhub.store.sealed_wires import subscription_place
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store
from feedhub.store.subscriptions import Subscription, subscription_named
from feedhub.wires.wire import Around, Event, EventKind, Fate, Outcome, Parcel, Ready

EVENT = "topic.updated"
MOST_BYTES = 512 * 1024  # that a callback may answer with

_AT_ONCE = 32  # callbacks asked at once
_WAITS = (timedelta(seconds=10), timedelta(minutes=1))  # before a silent callback is asked again; then never
_CHALLENGE_BYTES = 24
_OK = range(200, 300)
_GONE = "The feed is no longer published here."


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDocument:
    """What a reader of a feed gets: `content_type` and `links` are its headers Content-Type and Link."""

    body: bytes
    content_type: str
    links: str


# (path and query, change number) -> the feed as it is once that change is in it; None where there is no such feed.
# Raises FeedHubError where it can't be told just now.
TopicOf = Callable[[str, int], Awaitable[TopicDocument | None]]


@dataclass(slots=True, kw_only=True)
class HubWire:
    """Tells WebSub subscribers. `new_http` makes a client that takes at most MOST_BYTES."""

    store: Store
    keyring: Keyring
    new_http: Callable[[], Http]
    topic_of: TopicOf
    now: Callable[[], datetime]
    name: str = HUB
    # What each subscriber got last, so that a change which its feed does not show is not told.
    _last: dict[UUID, bytes] = field(default_factory=dict)
    # One delivery at a time to each: an older feed must not arrive after a newer one.
    _turns: WeakValueDictionary[UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def compose(self, subscription: Subscription, events: Sequence[Event], around: Around) -> Sequence[Parcel]:  # noqa: ARG002  # the protocol's
        filters = filters_kept(subscription.filters)
        newest = max((event.change for event in events if concerns(filters, event)), default=None)
        return () if newest is None else (Parcel(change=newest, event=EVENT, body=b""),)

    async def send(self, ready: Ready) -> Outcome:
        subscriber = ready.subscription
        turn = self._turns.setdefault(subscriber.id, asyncio.Lock())
        async with turn:
            if subscriber.lease_until is None or subscriber.lease_until <= self.now():
                return Outcome(fate=Fate.DEAD, fault="The lease is over.")
            try:
                document = await self.topic_of(subscriber.topic, ready.change)
            except FeedHubError as error:
                return Outcome(fate=Fate.LATER, fault=str(error))
            if document is None:
                await self._deny(subscriber)
                return Outcome(fate=Fate.ENDED, fault=_GONE)
            digest = blake2b(document.body, digest_size=16).digest()
            if self._last.get(subscriber.id) == digest:
                return Outcome(fate=Fate.SENT)
            outcome = await self._post(subscriber, document)
            if outcome.fate is Fate.SENT:
                self._last[subscriber.id] = digest
            return outcome

    async def tend(self, now: datetime) -> None:
        """Ask callbacks whether they agree, and end what is over."""
        if await self.store.read(has_due_requests, now=now):
            taken = await self.store.write(take_requests, now=now, most=_AT_ONCE)
            await asyncio.gather(*(self._verify(request, now) for request in taken))
        if await self.store.read(has_ended_leases, now=now):
            ended = await self.store.write(end_leases, now=now)
            logger().info("hub.leases_ended", subscriptions=ended)

    async def _post(self, subscriber: Subscription, document: TopicDocument) -> Outcome:
        headers = {"Content-Type": document.content_type, "Link": document.links}
        if subscriber.sealed is not None:
            secret = self.keyring.open(subscriber.sealed, place=subscription_place(subscriber.id))
            headers["X-Hub-Signature"] = f"sha256={hmac.new(secret, document.body, 'sha256').hexdigest()}"
        now = self.now()
        try:
            async with self.new_http() as http:
                said = await http.ask(subscriber.target, method="POST", headers=headers, content=document.body, now=now)
        except VisitFailed as failure:
            return Outcome(fate=Fate.LATER, fault=failure.reason, wait=_wait(failure.retry_at, now))
        return _outcome(said, now)

    async def _verify(self, request: Subscription, now: datetime) -> None:
        """Section 5.3: done where the callback says the challenge back, dropped where it does not."""
        if await self.topic_of(request.topic, 0) is None:
            await self._deny(request)
            await self.store.write(drop_request, request.id)
            return
        challenge = secrets.token_urlsafe(_CHALLENGE_BYTES)
        mode = str(request.asks["mode"])
        asked = {"hub.mode": mode, "hub.topic": request.asks["topic"], "hub.challenge": challenge}
        if mode == "subscribe":
            asked["hub.lease_seconds"] = str(request.asks["lease"])
        said = await self._called(request.target, asked, now)
        if said is None and (tries := int(request.asks["tries"])) < len(_WAITS):
            await self.store.write(put_off_request, request, until=now + _WAITS[tries])
        elif said is not None and said.status in _OK and said.body == challenge.encode():
            await self._agreed(request, mode, now)
        else:
            await self.store.write(drop_request, request.id)
            logger().info("hub.unverified", host=urlsplit(request.target).netloc, mode=mode)

    async def _agreed(self, request: Subscription, mode: str, now: datetime) -> None:
        logger().info("hub.verified", host=urlsplit(request.target).netloc, mode=mode, topic=request.topic)
        if mode == "unsubscribe":
            await self.store.write(end_by_request, request)
            return
        held = await self.store.read(subscription_named, wire=HUB, target=request.target, topic=request.topic)
        id = held.id if held else uuid4()
        sealed = None
        if request.sealed is not None:
            secret = self.keyring.open(request.sealed, place=subscription_place(request.id))
            sealed = self.keyring.seal(secret, place=subscription_place(id))
        await self.store.write(grant_request, request, subscriber=id, sealed=sealed, at=now)

    async def _deny(self, subscriber: Subscription) -> None:
        """Section 5.2: say that there will be nothing; whether it is heard changes nothing."""
        said = {"hub.mode": "denied", "hub.topic": subscriber.asks["topic"], "hub.reason": _GONE}
        await self._called(subscriber.target, said, self.now())

    async def _called(self, callback: str, said: dict[str, str], now: datetime) -> Answer | None:
        """What the callback answers at its very address; None where it does not answer just now."""
        address = f"{callback}{'&' if '?' in callback else '?'}{urlencode(said)}"
        try:
            async with self.new_http() as http:
                answer = await http.ask(address, now=now)
        except VisitFailed:
            return None
        # Section 5.3: a redirect is no agreement.
        return (
            answer
            if answer.url == target_of(address).url and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
            else None
        )


def concerns(filters: Filters, event: Event) -> bool:
    """Whether a feed may look different since the event: what changed may have been in it before.

    A post's first version was not, so a feed that does not have it is left alone.
    """
    is_new = event.kind is EventKind.PUBLISHED and event.kept.version == 1
    return matches(filters, event.kept) if is_new else is_theirs(filters, event.kept)


def _outcome(said: Answer, now: datetime) -> Outcome:
    if said.status in _OK:
        return Outcome(fate=Fate.SENT, status=said.status)
    if said.status == HTTPStatus.GONE:
        return Outcome(fate=Fate.ENDED, status=said.status, fault="The callback is gone (410).")
    fault = f"The callback answered {said.status}."
    return Outcome(fate=Fate.LATER, status=said.status, fault=fault, wait=_wait(said.retry_at, now))


def _wait(until: datetime | None, now: datetime) -> timedelta | None:
    return None if until is None else max(until - now, timedelta(0))
