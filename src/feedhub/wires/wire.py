"""What every wire is made of: what changed, what is to be told of it, and how telling went.

A wire is a reader of changes. For each subscription the engine reads the changes after
`told_through`, lets the wire compose what is to be delivered, keeps that and moves the number
in one transaction; then it delivers with retries. Composing is pure; sending is one attempt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.store.subscriptions import Subscription


class EventKind(StrEnum):
    """What happened to a post, as a subscriber sees it."""

    PUBLISHED = "post.published"
    UPDATED = "post.updated"
    CORRECTED = "post.corrected"
    WITHDRAWN = "post.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change for one subscriber. `kept.post` is None where its content may not be shown (withdrawn).

    `was_told`: something of this post was delivered to this subscriber, or is on its way.
    """

    kind: EventKind
    kept: KeptPost
    was_told: bool = False

    @property
    def change(self) -> int:
        """The change number."""
        return self.kept.change


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is to be told once: the engine gives it an id made of subscription, change and event."""

    change: int
    event: str
    body: bytes
    post: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A parcel on its way. `id` is the same at every attempt, `tries` counts the earlier ones."""

    id: UUID
    subscription: Subscription
    change: int
    event: str
    post: UUID | None
    body: bytes
    made_at: datetime
    tries: int


class Fate(StrEnum):
    """How one attempt ended."""

    SENT = "sent"
    LATER = "later"  # try again
    DEAD = "dead"  # no use in trying this one again
    ENDED = "ended"  # the subscriber is gone: its subscription is disabled


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt ended. `fault` is a plain sentence; `remote` what the other side calls its copy."""

    fate: Fate
    status: int | None = None  # HTTP
    fault: str | None = None
    wait: timedelta | None = None  # asked for by the other side (Retry-After)
    remote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What composing may know beside the subscription."""

    publisher: Publisher
    public_url: str
    now: datetime


class Wire(Protocol):
    """One way of telling."""

    @property
    def name(self) -> str:
        """The `wire` of its subscriptions."""
        ...

    def compose(self, subscription: Subscription, events: Sequence[Event], around: Around) -> Sequence[Parcel]:
        """What this subscriber is to be told of these events, in order of their change numbers. Pure."""
        ...

    async def send(self, ready: Ready) -> Outcome:
        """One attempt to tell it; never raises for what the other side does."""
        ...

    async def tend(self, now: datetime) -> None:
        """Whatever else is due, about once a second: verifying new subscriptions, ending old leases."""
        ...


@runtime_checkable
class Digest(Wire, Protocol):
    """A wire that gathers what happened and tells it at certain hours."""

    def next_look(self, subscription: Subscription, around: Around) -> datetime:
        """When this subscriber is to be told again, after now."""
        ...
