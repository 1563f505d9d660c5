"""The desk's stop of a whole account, and its lifting. Both twice change nothing more."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, func, insert, or_, select, text, update

from feedhub.accounts.account import Account, AccountStatus
from feedhub.errors import NotKnown
from feedhub.posts.acts import OPERATOR, ActKind
from feedhub.posts.decisions import HELD_AS_GONE
from feedhub.posts.holding import DELAY, STOP, STOPPED, judge
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import PostStatus
from feedhub.store.clock import set_register_clock, take_clock
from feedhub.store.desk import hide_posts
from feedhub.store.log import append_act
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.showing import hidden_posts, keep_held, show_posts
from feedhub.store.tables import posts
from feedhub.store.tables_desk import stops
from feedhub.store.times import from_ms, to_ms
from feedhub.store.visits import set_status
from feedhub.store.watching import learn, watched_account

_OPEN = select(*stops.c["id", "since", "reason"]).where(
    stops.c.account_id == bindparam("account"), stops.c.lifted_at.is_(None)
)
_STOP = insert(stops)
_EARLIER = update(stops).where(stops.c.id == bindparam("stop")).values(since=bindparam("from_then"))
_LIFT = update(stops).where(stops.c.id == bindparam("stop")).values(lifted_at=bindparam("then"))
_LIVE_SINCE = (
    select(*posts.c["id", "order_key"])
    .where(
        posts.c.account_id == bindparam("account"),
        posts.c.status == text("'live'"),
        or_(
            posts.c.published_at >= bindparam("since"),
            # What stood there before FeedHub came is no news; what came with an old date later may be a lie.
            and_(
                posts.c.updated_at >= bindparam("since"),
                or_(posts.c.version > 1, posts.c.collected_at > bindparam("first")),
            ),
        ),
    )
    .order_by(posts.c.order_key)
)
_FIRST = select(func.min(posts.c.collected_at).label("at")).where(posts.c.account_id == bindparam("account"))
_STAMP = update(posts).where(posts.c.id == bindparam("post")).values(stop_id=bindparam("stop"))
# What waited for its delay waits for the desk now.
_DELAYED = (
    update(posts)
    .where(posts.c.account_id == bindparam("account"), posts.c.held_for == DELAY)
    .values(held_for=STOP, held_reason=STOPPED)
)
_WITHDRAWN = select(posts.c.id, posts.c.held_for).where(
    posts.c.account_id == bindparam("account"),
    posts.c.stop_id == bindparam("stop"),
    posts.c.status == PostStatus.WITHDRAWN.value,
)
# ix_post_held
_HELD = select(posts.c.id).where(
    posts.c.account_id == bindparam("account"), posts.c.held_for == STOP, posts.c.status == PostStatus.HELD.value
)
_GONE = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(status=PostStatus.HELD.value, stop_id=None, notice=None, change=bindparam("number"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What a stop did: how many posts it withdrew, since when."""

    withdrawn: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """What a lift did: posts that live again, posts shown for the first time, posts still held by a rule."""

    revived: int = 0
    released: int = 0
    held: int = 0


def stop_account(  # what a stop says
    session: WriteSession, account: UUID, *, since: datetime, reason: str, at: datetime, actor: str = OPERATOR
) -> Stopped:
    """Withdraw every live post of an account published or changed since then, and hold everything new.

    The account is still asked, so that nothing is lost. A second stop only reaches further back.

    Raises:
        NotKnown: there is no such account.
    """
    number = take_clock(session)
    found = known(session, account)
    before, is_new = _open_stop(session, account, since=since, reason=reason, at=at)
    begins = min(to_ms(since), before.since)
    if begins < before.since:
        session.run(_EARLIER, {"stop": before.id, "from_then": begins})
    notice = Notice(kind=NoticeKind.WITHDRAWAL, reason=before.reason, at=at)
    first = session.row(_FIRST, {"account": account})
    rows = session.rows(_LIVE_SINCE, {"account": account, "since": begins, "first": (first and first.at) or 0})
    newest = hide_posts(session, [(row.id, row.order_key) for row in rows], notice=notice, number=number)
    if rows:
        session.run(_STAMP, [{"post": row.id, "stop": before.id} for row in rows])
    session.run(_DELAYED, {"account": account})
    if is_new or rows or found.status not in {AccountStatus.STOPPED, AccountStatus.RETIRED}:
        newest += 1
        if found.status is not AccountStatus.RETIRED:
            set_status(session, [account], AccountStatus.STOPPED, change=newest)
        _log(session, ActKind.STOP, found, actor=actor, change=newest, reason=before.reason, at=at, tells=bool(rows))
        set_register_clock(session, newest, at=to_ms(at))
    return Stopped(withdrawn=len(rows), since=from_ms(begins))


def lift_account(
    session: WriteSession, account: UUID, *, at: datetime, reason: str = "", actor: str = OPERATOR
) -> Lifted:
    """End a stop: what it withdrew lives again, what it held goes through the hold rules.

    Without a reason of its own the log repeats that of the stop.

    Edits that it held back need to be read: sync/releasing.py goes on with them.

    Raises:
        NotKnown: there is no such account.
    """
    number = take_clock(session)
    found = known(session, account)
    stop = session.row(_OPEN, {"account": account})
    if stop is None:
        return Lifted()
    session.run(_LIFT, {"stop": stop.id, "then": to_ms(at)})
    number += 1
    if found.status is AccountStatus.STOPPED:
        set_status(session, [account], AccountStatus.ACTIVE, change=number)
    rows = session.rows(_WITHDRAWN, {"account": account, "stop": stop.id})
    revived = hidden_posts(session, [row.id for row in rows if row.held_for != HELD_AS_GONE])
    number = show_posts(session, found, revived, number=number, at=at)
    for row in rows:
        if row.held_for == HELD_AS_GONE:
            number += 1
            session.run(_GONE, {"post": row.id, "number": number})
    released, held, number = _judged_again(session, found, number=number, at=at)
    said = reason or stop.reason
    _log(session, ActKind.LIFT, found, actor=actor, change=number, reason=said, at=at, tells=False)
    set_register_clock(session, number, at=to_ms(at))
    return Lifted(revived=len(revived), released=released, held=held)


def known(session: ReadSession, account: UUID) -> Account:
    """The account of an id. Raises NotKnown."""
    found = register_copy(session).accounts.get(account)
    if found is None:
        raise NotKnown("account", str(account))
    return found


def _open_stop(
    session: WriteSession, account: UUID, *, since: datetime, reason: str, at: datetime
) -> tuple[Row[Any], bool]:
    """The stop of an account that is not lifted, and whether it was made just now."""
    if (before := session.row(_OPEN, {"account": account})) is not None:
        return before, False
    session.run(_STOP, {"account_id": account, "since": to_ms(since), "reason": reason, "at": to_ms(at)})
    if (made := session.row(_OPEN, {"account": account})) is None:
        raise AssertionError("the stop was just written")
    return made, True


def _log(  # noqa: PLR0913  # what an entry says
    session: WriteSession,
    kind: ActKind,
    found: Account,
    *,
    actor: str,
    change: int,
    reason: str,
    at: datetime,
    tells: bool,
) -> None:
    append_act(
        session,
        kind,
        actor=actor,
        subject=found.id,
        department=found.department,
        change=change,
        reason=reason,
        at=at,
        tells=tells,
    )


def _judged_again(session: WriteSession, account: Account, *, number: int, at: datetime) -> tuple[int, int, int]:
    """What a stop held: (shown, held by a rule, newest change number)."""
    waiting = hidden_posts(session, [row.id for row in session.rows(_HELD, {"account": account.id})])
    if not waiting:
        return 0, 0, number
    watched = watched_account(session, account, waiting, is_first=False, now=at)
    decisions = judge(replace(watched, is_stopped=False), waiting).decisions
    shown = [found for found in decisions if found.status is PostStatus.LIVE]
    number = show_posts(session, account, shown, number=number, at=at)
    learn(session, account, public=[found.seen.domains for found in shown], at=at)
    held = [found for found in decisions if found.status is not PostStatus.LIVE]
    keep_held(session, held, at=at)
    return len(shown), len(held), number
