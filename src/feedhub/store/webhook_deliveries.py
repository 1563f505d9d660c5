"""What became of a webhook's deliveries, and telling one again, by the same id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select, text, tuple_, update

from feedhub.errors import NotKnown, WebhookRefused
from feedhub.store.clock import clock_now
from feedhub.store.deliveries import NewDelivery, add_delivery, delivery_id
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.subscriptions import Subscription, SubscriptionState
from feedhub.store.tables import posts
from feedhub.store.tables_wires import deliveries
from feedhub.store.times import from_ms, to_ms
from feedhub.store.webhooks import webhooks_of


class DeliveryState(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"  # given up
    DROPPED = "dropped"  # its post changed, or its receiver went, before it was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDelivery:
    """A delivery without what it says. `status` and `fault` are the last attempt's.

    `place` is where it stands among its webhook's: its change, and its event's name there.
    """

    id: UUID
    place: tuple[int, str]
    post: UUID | None
    state: DeliveryState
    tries: int
    made_at: datetime
    next_try_at: datetime | None
    ended_at: datetime | None
    status: int | None
    fault: str | None

    @property
    def change(self) -> int:
        """The change number; of a test, the newest one then."""
        return self.place[0]

    @property
    def event(self) -> str:
        """The event's type; several tests may stand at one number."""
        return self.place[1].partition("#")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redelivered:
    """How many go out again, and how many may not: their posts changed since."""

    again: int
    left_out: int


_MOST_WAITING = 1_000  # looked through for a test that still waits
_PLACE = tuple_(deliveries.c.change, deliveries.c.event)
# The unique index of subscription, change and event.
_NEWEST = (
    select(deliveries)
    .where(deliveries.c.subscription_id == bindparam("of"))
    .order_by(deliveries.c.change.desc(), deliveries.c.event.desc())
    .limit(bindparam("most"))
)
_AGAIN = (
    select(
        deliveries.c.id,
        deliveries.c.change,
        deliveries.c.post_id,
        deliveries.c.state,
        deliveries.c.body.is_not(None).label("is_kept"),
        posts.c.change.label("newest"),
    )
    .select_from(deliveries.outerjoin(posts, posts.c.id == deliveries.c.post_id))
    .where(deliveries.c.subscription_id == bindparam("of"))
)
_WAIT_AGAIN = update(deliveries).where(
    deliveries.c.id.in_(bindparam("which", expanding=True)), deliveries.c.state != text("'waiting'")
)
_COUNTS = select(deliveries.c.subscription_id, deliveries.c.state, func.count().label("many")).group_by(
    deliveries.c.subscription_id, deliveries.c.state
)
_TESTS_AT = select(deliveries.c.event).where(
    deliveries.c.subscription_id == bindparam("of"), deliveries.c.change == bindparam("number")
)


def deliveries_of(
    session: ReadSession,
    webhook: UUID,
    *,
    before: tuple[int, str] | None,
    states: Sequence[DeliveryState] = (),
    most: int,
) -> tuple[KeptDelivery, ...]:
    """A webhook's deliveries, newest changes first, that come after the one at `before`."""
    question = _NEWEST
    if before is not None:
        question = question.where(before > _PLACE)
    if states:
        question = question.where(deliveries.c.state.in_(states))
    return tuple(_kept(row) for row in session.rows(question, {"of": webhook, "most": most}))


def delivery_of(session: ReadSession, webhook: UUID, id: UUID) -> KeptDelivery:
    """One of a webhook's deliveries. Raises NotKnown."""
    row = session.row(select(deliveries).where(deliveries.c.id == id, deliveries.c.subscription_id == webhook))
    if row is None:
        raise NotKnown("delivery", str(id))
    return _kept(row)


def redeliver(session: WriteSession, webhook: UUID, id: UUID, *, at: datetime) -> KeptDelivery:
    """Send a delivery again, with its id; one that still waits is sent at once.

    Raises:
        NotKnown: the webhook has no such delivery.
        WebhookRefused: its post changed since, so what it says must not be told again, or it is no longer kept.
    """
    row = session.row(_AGAIN.where(deliveries.c.id == id), {"of": webhook})
    if row is None:
        raise NotKnown("delivery", str(id))
    if fault := _fault(row):
        raise WebhookRefused(fault)
    _send_again(session, [row], at)
    return delivery_of(session, webhook, id)


def redeliver_dead(session: WriteSession, webhook: UUID, *, since: datetime | None, at: datetime) -> Redelivered:
    """Send everything again that was given up or dropped since a moment, unless its post changed meanwhile."""
    dead = _AGAIN.where(
        deliveries.c.state.in_((DeliveryState.DEAD, DeliveryState.DROPPED)),
        deliveries.c.ended_at >= (to_ms(since) if since else 0),
    )
    rows = session.rows(dead, {"of": webhook})
    good = [row for row in rows if _fault(row) is None]
    _send_again(session, good, at)
    return Redelivered(again=len(good), left_out=len(rows) - len(good))


def redeliver_named(session: WriteSession, id: UUID, *, since: datetime | None, at: datetime) -> Redelivered:
    """Send again what an id names: one delivery, or all of a webhook's that were given up since a moment.

    Raises:
        NotKnown: it names neither.
        WebhookRefused: the one delivery must not be sent again.
    """
    if any(one.id == id for one in webhooks_of(session, None)):
        return redeliver_dead(session, id, since=since, at=at)
    row = session.row(select(deliveries.c.subscription_id).where(deliveries.c.id == id))
    if row is None:
        raise NotKnown("webhook or delivery", str(id))
    redeliver(session, row.subscription_id, id, at=at)
    return Redelivered(again=1, left_out=0)


def delivery_counts(session: ReadSession) -> dict[UUID, dict[DeliveryState, int]]:
    """How many deliveries of each webhook are in each state."""
    counts: dict[UUID, dict[DeliveryState, int]] = {}
    for row in session.rows(_COUNTS):
        counts.setdefault(row.subscription_id, {})[DeliveryState(row.state)] = row.many
    return counts


def add_trial(session: WriteSession, webhook: Subscription, *, event: str, body: bytes, at: datetime) -> KeptDelivery:
    """Something to send that tells of no change; a second one while the first still waits is the first.

    Raises:
        WebhookRefused: it is not active, so nothing would be sent.
    """
    if webhook.state is not SubscriptionState.ACTIVE:
        raise WebhookRefused(f"This webhook is {webhook.state.value}; only an active one can be tested.")
    number = clock_now(session).number
    rows = session.rows(_NEWEST.where(deliveries.c.state == "waiting"), {"of": webhook.id, "most": _MOST_WAITING})
    if (waiting := next((row for row in rows if row.event.startswith(event)), None)) is not None:
        return _kept(waiting)
    earlier = len(session.rows(_TESTS_AT, {"of": webhook.id, "number": number}))
    named = f"{event}#{earlier}"
    add_delivery(session, webhook.id, NewDelivery(change=number, event=named, body=body, post=None), at=at)
    return delivery_of(session, webhook.id, delivery_id(webhook.id, number, named))


def _fault(row: Row[Any]) -> str | None:
    """Why a delivery may not be sent again."""
    if row.post_id is not None and row.newest != row.change:
        return (
            "This post changed since, so what was said of it then is not told again; its newest change was, or will be."
        )
    if not row.is_kept:
        return "What this delivery says is no longer kept; read the post or `/api/v1/changes` instead."
    return None


def _send_again(session: WriteSession, rows: Sequence[Row[Any]], at: datetime) -> None:
    """From the beginning, with patience for as long as at the first time."""
    again = {"state": "waiting", "tries": 0, "made_at": to_ms(at), "ended_at": None, "lease_until": 0}
    ended = [row.id for row in rows if row.state != DeliveryState.WAITING]
    waiting = [row.id for row in rows if row.state == DeliveryState.WAITING]
    if ended:
        session.run(_WAIT_AGAIN.values(**again, lease_token=None, next_try_at=to_ms(at)), {"which": ended})
    if waiting:
        sooner = update(deliveries).where(deliveries.c.id.in_(waiting), deliveries.c.state == text("'waiting'"))
        session.run(sooner.values(next_try_at=to_ms(at)))


def _kept(row: Row[Any]) -> KeptDelivery:
    state = DeliveryState(row.state)
    return KeptDelivery(
        id=row.id,
        place=(row.change, row.event),
        post=row.post_id,
        state=state,
        tries=row.tries,
        made_at=from_ms(row.made_at),
        next_try_at=from_ms(row.next_try_at) if state is DeliveryState.WAITING else None,
        ended_at=from_ms(row.ended_at) if row.ended_at else None,
        status=row.status,
        fault=row.fault,
    )
