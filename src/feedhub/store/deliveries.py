"""What is on its way to subscribers: kept with the number that was read, claimed with a lease, tried until it arrives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Row, bindparam, select, text, update

from feedhub.store.changes import Changes, changes_after
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.subscriptions import Subscription, subscription
from feedhub.store.tables import posts, versions
from feedhub.store.tables_wires import deliveries, subscriptions
from feedhub.store.times import from_ms, to_ms
from feedhub.store.told_copies import keep_copy

_MOVE = update(subscriptions).where(
    subscriptions.c.id == bindparam("which"),
    subscriptions.c.state == text("'active'"),
    subscriptions.c.told_through == bindparam("before"),
)
_KEEP = text(
    "INSERT INTO delivery (id, subscription_id, change, event, post_id, body, state, tries, next_try_at, made_at,"
    " lease_until) VALUES (:id, :subscription, :change, :event, :post, :body, 'waiting', 0, :now, :now, 0)"
    " ON CONFLICT DO NOTHING"
).bindparams(
    bindparam("id", type_=deliveries.c.id.type),
    bindparam("subscription", type_=deliveries.c.id.type),
    bindparam("post", type_=deliveries.c.id.type),
)
# ix_delivery_waiting. In turn for each subscriber, and never a post's later change before its earlier one.
_DUE = """
    SELECT id FROM (
        SELECT id, next_try_at,
               row_number() OVER (PARTITION BY subscription_id ORDER BY change) AS place
        FROM delivery AS one
        WHERE state = 'waiting' AND next_try_at <= :now AND lease_until <= :now
          AND subscription_id NOT IN :busy
          AND subscription_id IN (SELECT id FROM subscription WHERE wire IN :wires)
          AND subscription_id NOT IN (SELECT id FROM subscription
                                      WHERE state = 'paused' OR (state = 'pending' AND wire = 'webhook'))
          AND NOT EXISTS (SELECT 1 FROM delivery AS earlier WHERE earlier.post_id = one.post_id
                          AND earlier.subscription_id = one.subscription_id AND earlier.change < one.change
                          AND earlier.state = 'waiting')
    ) AS due WHERE place <= :each ORDER BY next_try_at LIMIT :most
"""
_CLAIM = text(
    "UPDATE delivery SET lease_token = :token, lease_until = :until"  # noqa: S608  # no value is put in
    f" WHERE id IN ({_DUE}) AND state = 'waiting' AND lease_until <= :now"
).bindparams(bindparam("busy", type_=deliveries.c.id.type, expanding=True), bindparam("wires", expanding=True))
_CLAIMED = (
    select(deliveries, posts.c.status.label("post_status"), posts.c.change.label("post_change"), posts.c.notice)
    .select_from(deliveries.outerjoin(posts, posts.c.id == deliveries.c.post_id))
    .where(deliveries.c.lease_token == bindparam("token"), deliveries.c.state == text("'waiting'"))
    .order_by(deliveries.c.change)
)
_TOLD = (
    select(deliveries.c.subscription_id, deliveries.c.post_id)
    .distinct()
    .where(
        deliveries.c.post_id.in_(bindparam("posts", expanding=True)),
        deliveries.c.subscription_id.in_(bindparam("subscriptions", expanding=True)),
    )
)
_OLDER = (
    select(versions.c.post_id)
    .distinct()
    .where(
        versions.c.post_id.in_(bindparam("posts", expanding=True)),
        versions.c.change <= bindparam("through"),
        versions.c.status != text("'held'"),
    )
)
# Only who still holds the lease may say how it ended.
_OURS = update(deliveries).where(
    deliveries.c.id == bindparam("which"),
    deliveries.c.lease_token == bindparam("token"),
    deliveries.c.state == text("'waiting'"),
)
_OTHERS = update(deliveries).where(
    deliveries.c.subscription_id == bindparam("subscriber"), deliveries.c.state == text("'waiting'")
)
_SUBSCRIPTION = update(subscriptions).where(subscriptions.c.id == bindparam("subscriber"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """What is to be told once; its id is made of the subscription, the change and the event."""

    change: int
    event: str
    body: bytes
    post: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was read for a subscription: what to deliver, and up to which number that is everything."""

    subscription: UUID
    before: int
    through: int
    deliveries: tuple[NewDelivery, ...] = ()
    look_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDelivery:
    """A delivery that this process may try until its lease ends. `is_overtaken`: its content must not be told any more."""

    id: UUID
    subscription: Subscription
    change: int
    event: str
    post: UUID | None
    body: bytes
    made_at: datetime
    tries: int
    token: str
    is_overtaken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Changes after a number, and what tells how they look to subscribers.

    `told`: (subscription, post) of which something was told or is on its way; `older`: posts that
    were public in an earlier version by then.
    """

    changes: Changes
    told: frozenset[tuple[UUID, UUID]]
    older: frozenset[UUID]


def unread_changes(session: ReadSession, after: int, *, most: int, subscribers: Sequence[UUID]) -> Unread:
    """The next changes after a number for subscribers who were all told through it."""
    changes = changes_after(session, after, most=most)
    ids = [kept.id for kept in changes.posts]
    if not ids:
        return Unread(changes=changes, told=frozenset(), older=frozenset())
    told = session.rows(_TOLD, {"posts": ids, "subscriptions": list(subscribers)})
    older = session.rows(_OLDER, {"posts": ids, "through": after})
    return Unread(
        changes=changes,
        told=frozenset((row.subscription_id, row.post_id) for row in told),
        older=frozenset(row.post_id for row in older),
    )


def keep_told(session: WriteSession, told: Sequence[Told], *, at: datetime) -> int:
    """Keep what is to be delivered and move the numbers, together; how many subscriptions moved.

    One that was moved by another process meanwhile, or is no longer active, is left alone.
    """
    moved = 0
    for one in told:
        values: dict[str, Any] = {"told_through": one.through}
        if one.look_at is not None:
            values["look_at"] = to_ms(one.look_at)
        if not session.run(_MOVE.values(**values), {"which": one.subscription, "before": one.before}).rowcount:
            continue
        moved += 1
        if one.deliveries:
            session.run(_KEEP, [_row(one.subscription, new, at) for new in one.deliveries])
    return moved


def add_delivery(session: WriteSession, subscriber: UUID, new: NewDelivery, *, at: datetime) -> None:
    """Have something told that is no change: a confirmation, a test."""
    session.run(_KEEP, _row(subscriber, new, at))


def delivery_id(subscription: UUID, change: int, event: str) -> UUID:
    """The same however often it is made: what a subscriber tells doubles by.

    >>> delivery_id(UUID(int=1), 7, "post.updated") == delivery_id(UUID(int=1), 7, "post.updated")
    True
    """
    return uuid5(subscription, f"{change}/{event}")


def claim_deliveries(  # noqa: PLR0913  # what a claim is
    session: WriteSession,
    *,
    token: str,
    now: datetime,
    lease: timedelta,
    most: int,
    each: int,
    wires: Sequence[str],
    busy: Sequence[UUID] = (),
) -> tuple[ClaimedDelivery, ...]:
    """Lease deliveries of these wires that are due: at most `most`, and `each` of one subscription; none of the busy ones.

    `token` is good for this claim only.
    """
    until = to_ms(now + lease)
    values = {"token": token, "now": to_ms(now), "until": until, "most": most, "each": each}
    values |= {"busy": list(busy), "wires": list(wires)}
    if not session.run(_CLAIM, values).rowcount:
        return ()
    rows = session.rows(_CLAIMED, {"token": token})
    known = {id: subscription(session, id) for id in {row.subscription_id for row in rows}}
    return tuple(_claimed(row, known[row.subscription_id]) for row in rows)


def end_delivery(  # noqa: PLR0913  # how it ended
    session: WriteSession,
    claimed: ClaimedDelivery,
    *,
    state: str,
    at: datetime,
    status: int | None = None,
    fault: str | None = None,
    remote: str | None = None,
) -> None:
    """Sent, dead or dropped. A success lets the others of its subscriber go at once."""
    values = {"state": state, "ended_at": to_ms(at), "status": status, "fault": fault}
    values |= {"body": None} if state == "dropped" else {"tries": claimed.tries + 1}  # it must not be told, so not kept
    if not session.run(_OURS.values(**values), {"which": claimed.id, "token": claimed.token}).rowcount:
        return
    if remote is not None and claimed.post is not None:
        keep_copy(session, claimed.subscription.id, claimed.post, remote=remote, change=claimed.change, at=at)
    if state == "sent" and claimed.subscription.failing_since is not None:
        session.run(_OTHERS.values(next_try_at=to_ms(at)), {"subscriber": claimed.subscription.id})
        session.run(_SUBSCRIPTION.values(failing_since=None, fault=None), {"subscriber": claimed.subscription.id})


def put_off_delivery(
    session: WriteSession,
    claimed: ClaimedDelivery,
    *,
    next_try_at: datetime,
    at: datetime,
    status: int | None,
    fault: str | None,
) -> None:
    """Not arrived: it is tried again then; and where its subscriber was failing before, so is all that waits for them.

    One failure alone is that one's own: a receiver that stumbles over one message still gets the others.
    """
    later = to_ms(next_try_at)
    values = {"tries": claimed.tries + 1, "status": status, "fault": fault, "next_try_at": later}
    values |= {"lease_until": 0, "lease_token": None}
    if not session.run(_OURS.values(**values), {"which": claimed.id, "token": claimed.token}).rowcount:
        return
    if claimed.subscription.failing_since is not None:
        sooner = _OTHERS.where(deliveries.c.next_try_at < later)
        session.run(sooner.values(next_try_at=later), {"subscriber": claimed.subscription.id})
    failing = _SUBSCRIPTION.where(subscriptions.c.failing_since.is_(None))
    session.run(failing.values(failing_since=to_ms(at)), {"subscriber": claimed.subscription.id})
    session.run(_SUBSCRIPTION.values(fault=fault), {"subscriber": claimed.subscription.id})


def disable(session: WriteSession, id: UUID, *, fault: str, at: datetime) -> None:
    """Tell a subscriber no more: its side is gone. What was on its way is dropped."""
    session.run(_SUBSCRIPTION.values(state="disabled", fault=fault), {"subscriber": id})
    session.run(_OTHERS.values(state="dropped", ended_at=to_ms(at), fault=fault), {"subscriber": id})


def forget_old(session: WriteSession, *, bodies: datetime, rows: datetime) -> None:
    """Forget what was said in deliveries that ended before `bodies`, and those that ended before `rows` altogether."""
    ended = update(deliveries).where(deliveries.c.ended_at < to_ms(bodies), deliveries.c.body.is_not(None))
    session.run(ended.values(body=None))
    session.run(deliveries.delete().where(deliveries.c.ended_at < to_ms(rows)))


def _row(subscriber: UUID, new: NewDelivery, at: datetime) -> dict[str, Any]:
    return {
        "id": delivery_id(subscriber, new.change, new.event),
        "subscription": subscriber,
        "change": new.change,
        "event": new.event,
        "post": new.post,
        "body": new.body,
        "now": to_ms(at),
    }


def _claimed(row: Row[Any], subscriber: Subscription) -> ClaimedDelivery:
    return ClaimedDelivery(
        id=row.id,
        subscription=subscriber,
        change=row.change,
        event=row.event,
        post=row.post_id,
        body=row.body or b"",
        made_at=from_ms(row.made_at),
        tries=row.tries,
        token=row.lease_token,
        is_overtaken=row.post_change is not None and row.post_change > row.change and _must_not_be_told(row),
    )


def _must_not_be_told(row: Row[Any]) -> bool:
    """Whether the post was taken back or corrected since."""
    return row.post_status != "live" or row.notice is not None
