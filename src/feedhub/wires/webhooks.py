"""The wire of webhooks: signed POSTs by Standard Webhooks, to receivers that answered a challenge."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID, uuid5

import orjson

from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.connectors.receivers import receiver_url
from feedhub.errors import CredentialRefused
from feedhub.failures import AddressRefused, VisitFailed
from feedhub.logs import logger
from feedhub.payloads.signatures import signature_of
from feedhub.posts.filters import filters_kept
from feedhub.posts.matching import matches
from feedhub.store.register import kept_register
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store
from feedhub.store.subscriptions import Subscription
from feedhub.store.webhooks import (
    WIRE,
    accept_webhook,
    challenge_of,
    claim_unverified,
    disable_orphans,
    is_challenge_due,
    refuse_webhook,
    signing_secrets,
)
from feedhub.views.webhooks import ALWAYS, challenge_event, change_event
from feedhub.wires.wire import Around, Event, Fate, Outcome, Parcel, Ready

_VERIFY_FOR = timedelta(days=1)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
_LEASE = timedelta(seconds=60)  # of a challenge; longer than any attempt takes
_CHALLENGES = 16  # at once
_ORPHANS_EVERY = timedelta(minutes=1)
_SLOW_DOWN = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass(slots=True, kw_only=True)
class Webhooks:
    """The wire. `new_http` makes a client with our deadline for one attempt."""

    store: Store
    keyring: Keyring
    new_http: Callable[[], Http]
    now: Callable[[], datetime]
    name: str = WIRE
    _orphans_at: datetime | None = field(default=None)

    def compose(self, subscription: Subscription, events: Sequence[Event], around: Around) -> list[Parcel]:
        """What the holder asked for; corrections and withdrawals always, of what was told even where it no longer fits."""
        filters, wanted = filters_kept(subscription.filters), {*subscription.asks["events"], *ALWAYS}
        return [
            Parcel(
                change=event.change,
                event=event.kind.value,
                post=event.kept.id,
                body=change_event(
                    event.kind.value, event.kept, publisher=around.publisher, public_url=around.public_url
                ),
            )
            for event in events
            if event.kind in wanted and ((event.was_told and event.kind in ALWAYS) or matches(filters, event.kept))
        ]

    async def send(self, ready: Ready) -> Outcome:
        """One attempt."""
        answer = await self._posted(ready.subscription, ready.id, ready.body)
        return answer if isinstance(answer, Outcome) else outcome_of(answer, now=self.now())

    async def tend(self, now: datetime) -> None:
        """Challenge new receivers; tell no more to those whose keys are over."""
        if self._orphans_at is None or now - self._orphans_at >= _ORPHANS_EVERY:
            self._orphans_at = now
            await self.store.write(disable_orphans, now=now)
        if not await self.store.read(is_challenge_due, now=now):
            return
        pending = await self.store.write(claim_unverified, now=now, lease=_LEASE, most=_CHALLENGES)
        await asyncio.gather(*map(self._verify, pending))

    async def _verify(self, pending: Subscription) -> None:
        challenge = challenge_of(pending)
        publisher = (await self.store.read(kept_register)).publisher
        body = challenge_event(pending.id, challenge.text, at=challenge.since, publisher=publisher)
        answer = await self._posted(pending, uuid5(pending.id, challenge.text), body)
        now = self.now()
        if (fault := challenge_fault(answer, challenge.text)) is None:
            await self.store.write(accept_webhook, pending.id, challenge.text, at=now)
            logger().info("webhook.verified", webhook=str(pending.id))
            return
        waited = now - challenge.since
        again_at = now + min(max(waited, _FIRST_WAIT), _LONGEST_WAIT) if waited < _VERIFY_FOR else None
        if again_at is None:
            fault = f"It did not answer the challenge within a day; the last time: {fault}"
        await self.store.write(refuse_webhook, pending.id, challenge.text, fault=fault, again_at=again_at)
        logger().info("webhook.unverified", webhook=str(pending.id), reason=fault)

    async def _posted(self, receiver: Subscription, message: UUID, body: bytes) -> Answer | Outcome:
        """The receiver's answer, or how the attempt ended without one."""
        now = self.now()
        try:
            secrets = signing_secrets(receiver, self.keyring).at(now)
            async with self.new_http() as http:
                url = receiver_url(receiver.target, http.guard)
                headers = signed_headers(secrets, message=str(message), at=now, body=body)
                return await http.ask(url, method="POST", headers=headers, content=body, now=now)
        except AddressRefused:  # the reason names where a name leads inside, which is not its holder's business
            return Outcome(fate=Fate.LATER, fault="Its address does not lead to the public internet.")
        except VisitFailed as error:
            wait = error.retry_at - now if error.retry_at else None
            return Outcome(fate=Fate.LATER, fault=error.reason, wait=wait)
        except CredentialRefused as error:
            return Outcome(fate=Fate.LATER, fault=str(error))


def signed_headers(secrets: Sequence[bytes], *, message: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The headers of one attempt; while a secret is replaced, a signature by each."""
    stamp = int(at.timestamp())
    signatures = (signature_of(secret, message=message, timestamp=stamp, body=body) for secret in secrets)
    return {
        "content-type": "application/json",
        "accept": "application/json, text/plain;q=0.9, */*;q=0.1",
        "webhook-id": message,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(signatures),
    }


def outcome_of(answer: Answer, *, now: datetime) -> Outcome:
    """What a receiver's answer means for its delivery."""
    status = answer.status
    if HTTPStatus(200) <= status < HTTPStatus(300):
        return Outcome(fate=Fate.SENT, status=status)
    if status == HTTPStatus.GONE:
        return Outcome(fate=Fate.ENDED, status=status, fault="It answered 410: it wants to be told no more.")
    wait = answer.retry_at - now if answer.retry_at and status in _SLOW_DOWN else None
    return Outcome(fate=Fate.LATER, status=status, fault=f"It answered {status} instead of a success.", wait=wait)


def challenge_fault(answer: Answer | Outcome, challenge: str) -> str | None:
    """Why an answer does not show that the receiver wants to be told, or None where it does."""
    if isinstance(answer, Outcome):
        return answer.fault
    if not HTTPStatus(200) <= answer.status < HTTPStatus(300):
        return f"It answered {answer.status} to the challenge instead of a success."
    said = answer.body.strip()
    if said in (challenge.encode(), f'"{challenge}"'.encode()) or _challenge_in(said) == challenge:
        return None
    return 'It answered without the challenge; answer with its text alone, or with {"challenge": "…"}.'


def _challenge_in(said: bytes) -> object:
    try:
        told = orjson.loads(said)
    except orjson.JSONDecodeError:
        return None
    return told.get("challenge") if isinstance(told, dict) else None
