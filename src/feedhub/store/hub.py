"""The hub's subscribers (WebSub): requests that wait for their verification, and the leases that came of them.

A request is a row of its own beside the subscription that it would make, renew or end, so
what holds now goes on holding until the callback has agreed to something new.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, text, update

from feedhub.store.clock import clock_now
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.subscriptions import (
    Subscription,
    SubscriptionState,
    add_subscription,
    change_subscription,
    remove_subscription,
    remove_subscriptions,
    subscription,
    subscription_named,
)
from feedhub.store.tables_wires import subscriptions
from feedhub.store.times import to_ms

HUB, REQUEST = "hub", "hub-request"

# Longer than asking a callback takes; a process that dies meanwhile has its requests asked again.
_ASKING = timedelta(minutes=1)
_LOCK = 0x68_75_62  # of everything that counts requests; any number that nobody else locks

_rows = subscriptions.c
# the unique index begins with the wire
_DUE = (
    select(_rows.id)
    .where(_rows.wire == text(f"'{REQUEST}'"), _rows.look_at <= bindparam("now"))
    .order_by(_rows.look_at)
    .limit(bindparam("most"))
)
_TAKE = (
    update(subscriptions)
    .where(_rows.id.in_(_DUE), _rows.look_at <= bindparam("now"))
    .values(look_at=bindparam("until"))
    .returning(_rows.id)
)
_OVER = select(_rows.id).where(_rows.wire == text(f"'{HUB}'"), _rows.lease_until <= bindparam("now"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many requests wait (of everybody, of one callback's host, of one asker), and how many subscriptions there are."""

    waiting: int
    of_host: int
    of_asker: int
    active: int
    active_of_host: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRequest:
    """What a subscriber asks for. `said` is the topic in its own words, `topic` the feed's path and query.

    `lease` is seconds; `asker` the address that the request came from.
    """

    id: UUID
    callback: str
    topic: str
    said: str
    mode: str
    lease: int
    asker: str
    filters: Mapping[str, Any]
    sealed: bytes | None = None


def crowd(session: ReadSession, *, host: str, asker: str) -> Crowd:
    """Who waits already. `host` is the callback's, with its port where it is unusual; `asker` "" = not known."""
    asked = _rows.asks.contains(f'"asker":"{asker}"', autoescape=True)
    return Crowd(
        waiting=_count(session, _rows.wire == REQUEST),
        of_host=_count(session, _rows.wire == REQUEST, _at(host)),
        of_asker=_count(session, _rows.wire == REQUEST, asked) if asker else 0,
        active=_count(session, _rows.wire == HUB),
        active_of_host=_count(session, _rows.wire == HUB, _at(host)),
    )


def add_request(session: WriteSession, request: HubRequest, *, at: datetime) -> None:
    """Keep a request to be verified; it takes the place of an earlier one for the same callback and topic."""
    earlier = subscription_named(session, wire=REQUEST, target=request.callback, topic=request.topic)
    if earlier is not None:
        remove_subscription(session, earlier.id)
    asks = {
        "mode": request.mode,
        "lease": request.lease,
        "topic": request.said,
        "asker": request.asker,
        "tries": 0,
    }
    add_subscription(
        session,
        id=request.id,
        wire=REQUEST,
        target=request.callback,
        topic=request.topic,
        filters=request.filters,
        asks=asks,
        sealed=request.sealed,
        at=at,
    )


def lock_requests(session: WriteSession) -> None:
    """Let nobody else add a request in this transaction: who counts first counts right."""
    if not session.is_sqlite:  # where writers wait for each other anyway
        session.run(select(func.pg_advisory_xact_lock(_LOCK)))


def has_due_requests(session: ReadSession, *, now: datetime) -> bool:
    """Whether any request is to be verified now."""
    return session.row(_DUE, {"now": to_ms(now), "most": 1}) is not None


def take_requests(session: WriteSession, *, now: datetime, most: int) -> tuple[Subscription, ...]:
    """Requests that nobody else verifies for the next minute."""
    values = {"now": to_ms(now), "until": to_ms(now + _ASKING), "most": most}
    ids = [row.id for row in session.run(_TAKE, values).all()]
    return tuple(subscription(session, id) for id in ids)


def put_off_request(session: WriteSession, request: Subscription, *, until: datetime) -> None:
    """Its callback did not answer; it is asked once more then."""
    tries = {**request.asks, "tries": request.asks["tries"] + 1}
    change_subscription(session, request.id, asks=tries, look_at=until)


def grant_request(
    session: WriteSession, request: Subscription, *, subscriber: UUID, sealed: bytes | None, at: datetime
) -> bool:
    """The callback agreed: make or renew the subscription with `subscriber` as its id; False where that was overtaken."""
    if not _is_there(session, request.id):
        return False
    held = subscription_named(session, wire=HUB, target=request.target, topic=request.topic)
    asks = {"topic": request.asks["topic"]}
    values = {"verified_at": at, "lease_until": at + timedelta(seconds=request.asks["lease"])}
    if held is None:
        add_subscription(
            session,
            id=subscriber,
            wire=HUB,
            target=request.target,
            topic=request.topic,
            state=SubscriptionState.ACTIVE,
            filters=request.filters,
            asks=asks,
            sealed=sealed,
            at=at,
        )
    elif held.id != subscriber:
        return False  # made meanwhile, and the secret is sealed for another place; it is verified once more
    else:
        fresh = {} if held.state is SubscriptionState.ACTIVE else {"told_through": clock_now(session).number}
        renewed = {"state": SubscriptionState.ACTIVE, "asks": asks, "filters": request.filters, "sealed": sealed}
        change_subscription(session, subscriber, **renewed, **fresh, fault=None)
    change_subscription(session, subscriber, **values)
    remove_subscription(session, request.id)
    return True


def end_by_request(session: WriteSession, request: Subscription) -> None:
    """The callback agreed to be told no more."""
    if not _is_there(session, request.id):
        return
    held = subscription_named(session, wire=HUB, target=request.target, topic=request.topic)
    remove_subscriptions(session, [request.id, *([held.id] if held else [])])


def drop_request(session: WriteSession, id: UUID) -> None:
    """Forget a request that its callback did not agree to."""
    session.run(delete(subscriptions).where(_rows.id == id, _rows.wire == REQUEST))


def end_leases(session: WriteSession, *, now: datetime) -> int:
    """Forget subscriptions whose lease is over; how many there were."""
    over = [row.id for row in session.rows(_OVER, {"now": to_ms(now)})]
    remove_subscriptions(session, over)
    return len(over)


def has_ended_leases(session: ReadSession, *, now: datetime) -> bool:
    """Whether any lease is over."""
    return session.row(_OVER, {"now": to_ms(now)}) is not None


def _is_there(session: ReadSession, id: UUID) -> bool:
    return session.row(select(_rows.id).where(_rows.id == id, _rows.wire == REQUEST)) is not None


def _count(session: ReadSession, *where: ColumnElement[bool]) -> int:
    row = session.row(select(func.count()).select_from(subscriptions).where(*where))
    return int(row[0]) if row else 0


def _at(host: str) -> ColumnElement[bool]:
    return or_(*(_rows.target.startswith(f"{scheme}://{host}/", autoescape=True) for scheme in ("http", "https")))
