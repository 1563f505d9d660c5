"""The wire to the fediverse: what departments say, change and take back, told to every server where somebody follows.

A subscription is an inbox and one of our actors, not a follower: servers share an inbox among
their people, so each activity goes there once, however many of them follow.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import Any
from urllib.parse import unquote

import orjson

from feedhub.connectors.exchange import Answer
from feedhub.failures import AddressRefused, VisitFailed
from feedhub.posts.filters import DEFAULT_TYPES
from feedhub.posts.kept import KeptPost
from feedhub.store.followers import WIRE, note_signing
from feedhub.store.message_signatures import DRAFT
from feedhub.store.subscriptions import Subscription
from feedhub.views.activity import announcement, creation, in_context, removal, renewal
from feedhub.views.activity_actor import CITY
from feedhub.views.entries import written
from feedhub.wires.activity_inbox import Inbox
from feedhub.wires.activity_moving import Moving
from feedhub.wires.activity_signing import FORMS, Signer
from feedhub.wires.wire import Around, Event, EventKind, Fate, Outcome, Parcel, Ready

_UNSIGNED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
# Trying again with the same words is no use.
_FINAL = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityWire:
    """ActivityPub, from server to server."""

    signer: Signer
    inbox: Inbox
    moving: Moving
    now: Callable[[], datetime]
    name: str = WIRE

    def compose(self, subscription: Subscription, events: Sequence[Event], around: Around) -> Sequence[Parcel]:
        """What an inbox is told of these events in the name of the actor that is followed there."""
        found: list[Parcel] = []
        for event in events:
            if _concerns(subscription.topic, event):
                # A post that can't be written must not keep the others from being told for ever.
                parcels = partial(_parcels, subscription.topic, event, around)
                found += chain.from_iterable(written([event.kept], parcels, format="activity"))
        return found

    async def send(self, ready: Ready) -> Outcome:
        """One attempt, signed now; where its form is not taken, the other one, which is remembered."""
        first = ready.subscription.asks.get("signs", DRAFT)
        name = _name_of(orjson.loads(ready.body))
        outcome = Outcome(fate=Fate.LATER)
        for form in sorted(FORMS, key=lambda one: one != first):
            try:
                answer = await self.signer.post(
                    ready.subscription.target, ready.body, name=name, form=form, now=self.now()
                )
            except AddressRefused as error:
                return Outcome(fate=Fate.DEAD, fault=str(error))
            except VisitFailed as error:
                return Outcome(fate=Fate.LATER, fault=str(error))
            outcome = _outcome(answer, self.now())
            if outcome.fate is Fate.SENT and form != first:
                await self.signer.store.write(note_signing, ready.subscription, form=form)
            if answer.status not in _UNSIGNED:
                break
        return outcome

    async def tend(self, now: datetime) -> None:
        """Look at what came to our inboxes, and answer; tell new names of departments."""
        await self.inbox.look(now)
        await self.inbox.answer(now)
        await self.moving.tell(now)


def _concerns(topic: str, event: Event) -> bool:
    department = event.kept.department
    return topic in {CITY, department.slug, *department.formerly}


def _parcels(topic: str, event: Event, around: Around, kept: KeptPost) -> list[Parcel]:
    return [
        Parcel(change=event.change, event=name, body=orjson.dumps(in_context(activity)), post=kept.id)
        for name, activity in _said(topic, event, around)
    ]


def _said(topic: str, event: Event, around: Around) -> Iterator[tuple[str, dict[str, Any]]]:
    """The activities that tell an event; none of what is old, of replies to others and of bare reposts."""
    kept, name = event.kept, event.kind.value
    if event.kind is EventKind.WITHDRAWN:
        yield name, removal(kept, public_url=around.public_url)
        return
    is_told = kept.post is not None and kept.post.type in DEFAULT_TYPES and not kept.backfill
    if is_told and not event.was_told and event.kind is not EventKind.UPDATED:
        yield EventKind.PUBLISHED.value, _brought(topic, event, around)
    # What a server may have found by itself has to be corrected, however old.
    if event.kind is EventKind.CORRECTED or (event.kind is EventKind.UPDATED and (is_told or event.was_told)):
        yield name, renewal(kept, publisher=around.publisher, public_url=around.public_url)


def _brought(topic: str, event: Event, around: Around) -> dict[str, Any]:
    if topic == CITY:
        return announcement(event.kept, public_url=around.public_url)
    return creation(event.kept, publisher=around.publisher, public_url=around.public_url)


def _name_of(activity: dict[str, Any]) -> str:
    """Whose key signs: the activity's own actor's, which is not always the one that is followed."""
    return unquote(str(activity["actor"]).rpartition("/")[2])


def _outcome(answer: Answer, now: datetime) -> Outcome:
    status = answer.status
    if 200 <= status < 300:  # noqa: PLR2004  # success
        return Outcome(fate=Fate.SENT, status=status)
    fault = f"The inbox answered {status}."
    if status == HTTPStatus.GONE:
        return Outcome(fate=Fate.ENDED, status=status, fault=fault)
    if status in _FINAL:
        return Outcome(fate=Fate.DEAD, status=status, fault=fault)
    wait = answer.retry_at - now if answer.retry_at and answer.retry_at > now else None
    return Outcome(fate=Fate.LATER, status=status, fault=fault, wait=wait)


def activity_wire(signer: Signer, *, now: Callable[[], datetime]) -> ActivityWire:
    """The wire with its parts."""
    return ActivityWire(signer=signer, inbox=Inbox(signer=signer), moving=Moving(signer=signer), now=now)
