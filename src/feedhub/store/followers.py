"""Who follows our actors, and the signed requests of the fediverse that wait to be looked at.

Followers that share an inbox share one subscription, so whatever is told goes there once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, delete, func, insert, select, text, update

from feedhub.errors import StoreBusy
from feedhub.store.clock import clock_now
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.subscriptions import (
    Subscription,
    SubscriptionState,
    add_subscription,
    change_subscription,
    remove_subscription,
    subscription,
    subscription_named,
)
from feedhub.store.tables_wires import followers, incoming, subscriptions
from feedhub.store.times import from_ms, to_ms

WIRE = "activity"

# Waiting requests: of everybody, and of one server.
_MOST_WAITING, _MOST_OF_ONE = 1_000, 50
_LOOKED_AT_FOR = timedelta(minutes=2)  # then another process may try

_COUNTS = select(
    func.count().label("everybody"),
    func.count().filter(incoming.c.origin == bindparam("origin")).label("one"),
).select_from(incoming)
_KEEP = text(
    "INSERT INTO incoming (digest, origin, path, headers, body, at, tries, next_try_at)"
    " VALUES (:digest, :origin, :path, :headers, :body, :now, 0, :now) ON CONFLICT (digest) DO NOTHING"
)
# What was looked at in vain must not keep out what nobody has looked at.
_MAKE_ROOM = delete(incoming).where(
    incoming.c.digest
    == select(incoming.c.digest)
    .where(incoming.c.tries > 0)
    .order_by(incoming.c.tries.desc(), incoming.c.at)
    .limit(1)
    .scalar_subquery()
)
_DUE = select(incoming).where(incoming.c.next_try_at <= bindparam("now")).order_by(incoming.c.next_try_at)
_TAKE = update(incoming).where(incoming.c.digest == bindparam("which"), incoming.c.next_try_at <= bindparam("now"))
_ONE = (followers.c.actor == bindparam("who"), followers.c.topic == bindparam("whom"))
_FOLLOWS = select(followers).where(followers.c.actor == bindparam("who"))
_COUNT = (
    select(func.count())
    .select_from(followers.join(subscriptions, subscriptions.c.id == followers.c.subscription_id))
    .where(followers.c.topic == bindparam("whom"), subscriptions.c.state == text("'active'"))
)
_RENAMED = text(
    "SELECT id FROM subscription WHERE wire = :wire AND state = 'active'"
    " AND topic IN (SELECT slug FROM former_slug) AND topic NOT IN (SELECT slug FROM department)"
).columns(subscriptions.c.id)
_SHARE = select(func.count()).select_from(followers).where(followers.c.subscription_id == bindparam("which"))
_UNANSWERED = (
    select(followers)
    .where(followers.c.next_try_at <= bindparam("now"))
    .order_by(followers.c.next_try_at)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A signed request as it came. `headers` are those that may be signed, in lower case."""

    digest: str
    origin: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Who follows whom. `follow` is the activity by which it asked; `topic` the name of our actor."""

    actor: str
    topic: str
    subscription: UUID
    inbox: str
    follow: Mapping[str, Any]
    made_at: datetime
    tries: int


def keep_incoming(
    session: WriteSession, *, origin: str, path: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> None:
    """Keep a request until it is known who signed it; the same one twice is kept once.

    Raises:
        StoreBusy: too many wait already, of this server or of all.
    """
    waiting = session.row(_COUNTS, {"origin": origin})
    is_full = waiting is not None and waiting.everybody >= _MOST_WAITING and not session.run(_MAKE_ROOM).rowcount
    if is_full or (waiting is not None and waiting.one >= _MOST_OF_ONE):
        raise StoreBusy("Too many requests wait to be looked at; send this one again later.")
    digest = sha256(b"\0".join((headers.get("signature", "").encode(), path.encode(), body))).hexdigest()
    said = msgspec.json.encode(dict(headers)).decode()
    values = {"digest": digest, "origin": origin, "path": path, "headers": said, "body": body, "now": to_ms(at)}
    session.run(_KEEP, values)


def take_incoming(session: WriteSession, *, now: datetime, most: int) -> tuple[Incoming, ...]:
    """Requests to look at now; nobody else is given them for two minutes."""
    rows = session.rows(_DUE.limit(most), {"now": to_ms(now)})
    until = {"next_try_at": to_ms(now + _LOOKED_AT_FOR)}
    taken = [
        row for row in rows if session.run(_TAKE.values(**until), {"which": row.digest, "now": to_ms(now)}).rowcount
    ]
    return tuple(map(_incoming, taken))


def put_off_incoming(session: WriteSession, digest: str, *, tries: int, until: datetime) -> None:
    """Nothing could be found out yet."""
    session.run(update(incoming).where(incoming.c.digest == digest).values(tries=tries, next_try_at=to_ms(until)))


def drop_incoming(session: WriteSession, digest: str) -> None:
    """Done with, or not worth more."""
    session.run(delete(incoming).where(incoming.c.digest == digest))


def follows_of(session: ReadSession, actor: str, *, follow: str | None = None) -> tuple[str, ...]:
    """Whom of ours this actor follows; by the Follow of this id alone, if one is named."""
    found = map(_follower, session.rows(_FOLLOWS, {"who": actor}))
    return tuple(one.topic for one in found if follow is None or one.follow.get("id") == follow)


def follower_count(session: ReadSession, topic: str) -> int:
    """How many follow this actor of ours and can be told."""
    row = session.row(_COUNT, {"whom": topic})
    return int(row[0]) if row else 0


def add_follower(  # noqa: PLR0913  # who follows whom, and where they are told
    session: WriteSession, *, actor: str, topic: str, inbox: str, told_at: str, follow: Mapping[str, Any], at: datetime
) -> None:
    """From now on this actor is told at `told_at`, and is owed an answer at `inbox`. Asking twice changes nothing else."""
    remove_follower(session, actor=actor, topic=topic, unless=told_at)
    here = _subscribed(session, told_at, topic, at)
    values = {
        "subscription_id": here.id,
        "inbox": inbox,
        "follow": msgspec.json.encode(follow).decode(),
        "accepted_at": None,
        "tries": 0,
        "next_try_at": to_ms(at),
    }
    if not session.run(update(followers).where(*_ONE).values(**values), {"who": actor, "whom": topic}).rowcount:
        session.run(insert(followers), values | {"actor": actor, "topic": topic, "made_at": to_ms(at)})


def remove_follower(session: WriteSession, *, actor: str, topic: str | None = None, unless: str | None = None) -> None:
    """This actor follows `topic` (None = any of ours) no more; whoever was the last at an inbox takes its subscription along.

    `unless` it is told there.
    """
    question = select(followers.c.topic, followers.c.subscription_id, subscriptions.c.target).where(
        followers.c.subscription_id == subscriptions.c.id, followers.c.actor == actor
    )
    for row in session.rows(question):
        if (topic is not None and row.topic != topic) or row.target == unless:
            continue
        session.run(delete(followers).where(*_ONE), {"who": actor, "whom": row.topic})
        shared = session.row(_SHARE, {"which": row.subscription_id})
        if shared is not None and not shared[0]:
            remove_subscription(session, row.subscription_id)


def unanswered_followers(session: ReadSession, *, now: datetime, most: int) -> tuple[Follower, ...]:
    """Who is owed an answer now."""
    return tuple(map(_follower, session.rows(_UNANSWERED, {"now": to_ms(now), "most": most})))


def note_answer(
    session: WriteSession, follower: Follower, *, accepted_at: datetime | None, again_at: datetime | None
) -> None:
    """It was answered, or is to be answered again then, or is not worth more."""
    values = {
        "tries": follower.tries + 1,
        "accepted_at": to_ms(accepted_at) if accepted_at else None,
        "next_try_at": to_ms(again_at) if again_at else None,
    }
    session.run(update(followers).where(*_ONE).values(**values), {"who": follower.actor, "whom": follower.topic})


def renamed_inboxes(session: ReadSession) -> tuple[Subscription, ...]:
    """Inboxes that follow a department by a name that it no longer has."""
    ids = session.rows(_RENAMED, {"wire": WIRE})
    return tuple(subscription(session, row.id) for row in ids)


def note_moving(session: WriteSession, subscriber: Subscription, *, tries: int) -> None:
    """How often this inbox was told of a department's new name."""
    change_subscription(session, subscriber.id, asks={**subscriber.asks, "moves": tries})


def note_signing(session: WriteSession, subscriber: Subscription, *, form: str) -> None:
    """In which form this inbox takes our signatures."""
    change_subscription(session, subscriber.id, asks={**subscriber.asks, "signs": form})


def _subscribed(session: WriteSession, target: str, topic: str, at: datetime) -> Subscription:
    """The subscription of an inbox, told of what happens from now on if it was not told before."""
    known = subscription_named(session, wire=WIRE, target=target, topic=topic)
    if known is None:
        return add_subscription(session, wire=WIRE, target=target, topic=topic, state=SubscriptionState.ACTIVE, at=at)
    if known.state is not SubscriptionState.ACTIVE:
        change_subscription(
            session,
            known.id,
            state=SubscriptionState.ACTIVE,
            told_through=clock_now(session).number,
            fault=None,
            failing_since=None,
        )
    return known


def _incoming(row: Row[Any]) -> Incoming:
    return Incoming(
        digest=row.digest,
        origin=row.origin,
        path=row.path,
        headers=msgspec.json.decode(row.headers),
        body=row.body,
        at=from_ms(row.at),
        tries=row.tries,
    )


def _follower(row: Row[Any]) -> Follower:
    return Follower(
        actor=row.actor,
        topic=row.topic,
        subscription=row.subscription_id,
        inbox=row.inbox,
        follow=msgspec.json.decode(row.follow),
        made_at=from_ms(row.made_at),
        tries=row.tries,
    )
