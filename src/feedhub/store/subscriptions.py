"""Who is told of changes: subscriptions of every wire, and how far each was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Row, bindparam, delete, func, insert, select, text, update

from feedhub.errors import NotKnown
from feedhub.store.clock import clock_now
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables_wires import deliveries, subscriptions, told_copies
from feedhub.store.times import from_ms, to_ms


class SubscriptionState(StrEnum):
    """Only active ones are told. A disabled one is kept for its owner to see why."""

    PENDING = "pending"  # not verified yet
    ACTIVE = "active"
    PAUSED = "paused"  # by its owner; told of everything when it goes on
    DISABLED = "disabled"  # by us: its side is gone or fails for days
    ENDED = "ended"  # its lease is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Somebody who is told. `filters` and `asks` are whatever the wire wrote there (JSON objects).

    `target` and `topic` are unique together within a wire. `sealed` is the wire's secret, to be
    opened with the keyring and the place `subscription/{id}`.
    """

    id: UUID
    wire: str
    target: str
    topic: str
    state: SubscriptionState
    told_through: int
    made_at: datetime
    filters: Mapping[str, Any] = field(default_factory=dict)
    asks: Mapping[str, Any] = field(default_factory=dict)
    key: int | None = None
    sealed: bytes | None = field(default=None, repr=False)
    look_at: datetime | None = None
    verified_at: datetime | None = None
    lease_until: datetime | None = None
    failing_since: datetime | None = None
    fault: str | None = None


_BY_ID = select(subscriptions).where(subscriptions.c.id == bindparam("id"))
_OF_WIRE = select(subscriptions).where(subscriptions.c.wire == bindparam("wire")).order_by(subscriptions.c.made_at)
_NAMED = select(subscriptions).where(
    subscriptions.c.wire == bindparam("wire"),
    subscriptions.c.target == bindparam("target"),
    subscriptions.c.topic == bindparam("topic"),
)
# Waiting deliveries at which a subscription is told of nothing newer: its side is down, and its number waits for it.
MOST_WAITING = 500
_CROWDED = (
    select(deliveries.c.subscription_id)
    .where(deliveries.c.state == text("'waiting'"))
    .group_by(deliveries.c.subscription_id)
    .having(func.count() >= MOST_WAITING)
)
# ix_subscription_state
_BEHIND = (
    select(subscriptions)
    .where(
        subscriptions.c.state == text("'active'"),
        subscriptions.c.told_through < bindparam("number"),
        subscriptions.c.look_at <= bindparam("now"),
        subscriptions.c.wire.in_(bindparam("wires", expanding=True)),
        subscriptions.c.id.not_in(_CROWDED),
    )
    .order_by(subscriptions.c.told_through)
    .limit(bindparam("most"))
)


def add_subscription(  # noqa: PLR0913  # what a subscription is
    session: WriteSession,
    *,
    wire: str,
    target: str,
    topic: str = "",
    state: SubscriptionState = SubscriptionState.PENDING,
    filters: Mapping[str, Any] | None = None,
    asks: Mapping[str, Any] | None = None,
    key: int | None = None,
    at: datetime,
    id: UUID | None = None,
    sealed: bytes | None = None,
    told_through: int | None = None,
) -> Subscription:
    """Keep a new subscription; it is told of what happens from now on, unless `told_through` says otherwise.

    Whoever needs the id first (to seal a secret for the place `subscription/{id}`) makes it with uuid4.
    """
    id = id or uuid4()
    row = {
        "id": id,
        "wire": wire,
        "target": target,
        "topic": topic,
        "filters": msgspec.json.encode(filters or {}).decode(),
        "asks": msgspec.json.encode(asks or {}).decode(),
        "state": state.value,
        "told_through": clock_now(session).number if told_through is None else told_through,
        "look_at": 0,
        "key_id": key,
        "sealed": sealed,
        "made_at": to_ms(at),
    }
    session.run(insert(subscriptions), row)
    return subscription(session, id)


def subscription(session: ReadSession, id: UUID) -> Subscription:
    """The subscription of an id. Raises NotKnown."""
    if (row := session.row(_BY_ID, {"id": id})) is None:
        raise NotKnown("subscription", str(id))
    return _subscription(row)


def subscription_named(session: ReadSession, *, wire: str, target: str, topic: str = "") -> Subscription | None:
    """The one subscription of a wire with this target and topic."""
    row = session.row(_NAMED, {"wire": wire, "target": target, "topic": topic})
    return None if row is None else _subscription(row)


def subscriptions_of(session: ReadSession, wire: str) -> tuple[Subscription, ...]:
    """Every subscription of a wire, whatever its state, oldest first."""
    return tuple(_subscription(row) for row in session.rows(_OF_WIRE, {"wire": wire}))


def subscriptions_behind(
    session: ReadSession, *, number: int, now: datetime, most: int, wires: Sequence[str]
) -> tuple[Subscription, ...]:
    """Active ones of these wires that were not told through `number` yet, and are to be looked at."""
    rows = session.rows(_BEHIND, {"number": number, "now": to_ms(now), "most": most, "wires": list(wires)})
    return tuple(_subscription(row) for row in rows)


def change_subscription(session: WriteSession, id: UUID, /, **values: Any) -> None:  # noqa: ANN401  # columns are of many types
    """Set columns: state, fault, asks, filters, sealed, lease_until, verified_at, look_at, failing_since, told_through.

    Datetimes become milliseconds, mappings JSON, states their word.
    """
    session.run(
        update(subscriptions).where(subscriptions.c.id == id).values(**{k: _plain(v) for k, v in values.items()})
    )


def remove_subscription(session: WriteSession, id: UUID) -> None:
    """Forget a subscription and whatever was on its way to it."""
    session.run(delete(deliveries).where(deliveries.c.subscription_id == id))
    session.run(delete(told_copies).where(told_copies.c.subscription_id == id))
    session.run(delete(subscriptions).where(subscriptions.c.id == id))


def remove_subscriptions(session: WriteSession, ids: Sequence[UUID]) -> None:
    """The same for several."""
    for id in ids:
        remove_subscription(session, id)


def _plain(value: Any) -> Any:  # noqa: ANN401  # see change_subscription
    match value:
        case datetime():
            return to_ms(value)
        case Mapping():
            return msgspec.json.encode(value).decode()
        case SubscriptionState():
            return value.value
        case _:
            return value


def _subscription(row: Row[Any]) -> Subscription:
    def moment(name: str) -> datetime | None:
        at = getattr(row, name)
        return from_ms(at) if at else None

    return Subscription(
        id=row.id,
        wire=row.wire,
        target=row.target,
        topic=row.topic,
        state=SubscriptionState(row.state),
        told_through=row.told_through,
        made_at=from_ms(row.made_at),
        filters=msgspec.json.decode(row.filters),
        asks=msgspec.json.decode(row.asks),
        key=row.key_id,
        sealed=row.sealed,
        look_at=moment("look_at"),
        verified_at=moment("verified_at"),
        lease_until=moment("lease_until"),
        failing_since=moment("failing_since"),
        fault=row.fault,
    )
