"""The desk's acts on single posts: withdrawing, and what a platform declared gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, select, update

from feedhub.errors import NotKnown
from feedhub.posts.acts import OPERATOR, ActKind
from feedhub.posts.decisions import HELD_AS_GONE
from feedhub.posts.holding import DROPPED, MASS
from feedhub.posts.kept import Notice
from feedhub.posts.post import PostStatus
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.log import append_act
from feedhub.store.register import register_copy
from feedhub.store.search import drop_from_index
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import posts
from feedhub.store.times import to_ms

# Between the first word that a post is gone and the one that is believed.
GONE_AFTER = timedelta(hours=1)

_FIND = select(
    *posts.c["id", "account_id", "status", "order_key", "was_public"],
    *posts.c["held_for", "held_since", "held_reason", "pending", "stop_id"],
).where(posts.c.id.in_(bindparam("ids", expanding=True)))
_SUSPECT = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(held_for=bindparam("why"), held_since=bindparam("since"), held_reason=bindparam("reason"))
)
_RENOTICE = update(posts).where(posts.c.id == bindparam("post")).values(notice=bindparam("text"), stop_id=None)
_HIDE = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(
        status=bindparam("status"),
        listed=False,
        change=bindparam("change"),
        updated_at=bindparam("at"),
        notice=bindparam("notice"),
    )
)


def withdraw_post(session: WriteSession, post: UUID, *, notice: Notice, actor: str = OPERATOR) -> int:
    """Take a post back with a public reason; the change number of it. Twice changes nothing more.

    The act stands in the public log; of a post that was never public it names no change.

    Raises:
        NotKnown: there is no such post.
    """
    number = take_clock(session)
    row = session.row(_FIND, {"ids": [post]})
    if row is None:
        raise NotKnown("post", str(post))
    if row.status == PostStatus.WITHDRAWN and row.stop_id is None:
        return number
    _hide(session, post, row.order_key, PostStatus.WITHDRAWN, change=number + 1, notice=notice, at=notice.at)
    if row.stop_id is not None:
        # Lifting the stop revives what the stop withdrew; this one a person has withdrawn by itself.
        session.run(_RENOTICE, {"post": post, "text": msgspec.json.encode(notice).decode()})
    append_act(
        session,
        ActKind.WITHDRAWAL,
        actor=actor,
        subject=post,
        department=register_copy(session).accounts[row.account_id].department,
        change=number + 1 if row.was_public else None,
        reason=notice.reason,
        at=notice.at,
        tells=row.was_public,
    )
    set_clock(session, number + 1, at=to_ms(notice.at))
    return number + 1


def hide_posts(session: WriteSession, found: Sequence[tuple[UUID, int]], *, notice: Notice, number: int) -> int:
    """Withdraw posts (id, order_key) with one notice; the newest change number used. The clock is held."""
    for post, key in found:
        number += 1
        _hide(session, post, key, PostStatus.WITHDRAWN, change=number, notice=notice, at=notice.at)
    return number


def hide_gone(
    session: WriteSession, gone: Sequence[UUID], *, number: int, at: datetime, kept: str | None = None
) -> int:
    """Hide posts that their platform declared gone; the newest change number used. The clock is held.

    The first such answer hides a post (it is held), a second one an hour later makes it gone: platforms err.
    `kept` is why live ones are not hidden this time, but shown to a person first.
    """
    for row in session.rows(_FIND, {"ids": list(gone)}):
        is_called_gone = row.held_for == HELD_AS_GONE
        if _waits_for_word(row):
            continue
        if row.status == PostStatus.LIVE and kept is not None:
            if row.pending is None:  # else a person is asked about its edit first
                _suspect(session, row.id, MASS, at=at, reason=kept)
        elif row.status == PostStatus.LIVE:
            number += 1
            _hide(session, row.id, row.order_key, PostStatus.HELD, change=number, notice=None, at=at)
            _suspect(session, row.id, HELD_AS_GONE, at=at, reason=_unreviewed(row))
        elif row.status == PostStatus.HELD and is_called_gone and row.held_since <= to_ms(at - GONE_AFTER):
            number += 1
            _hide(session, row.id, row.order_key, PostStatus.GONE, change=number, notice=None, at=at)
            _suspect(session, row.id, None, at=at, reason=_unreviewed(row))
        elif not is_called_gone and (row.status == PostStatus.HELD or row.stop_id is not None):
            # Whoever decides about it later need not: neither a release nor a lift brings it back.
            _suspect(session, row.id, HELD_AS_GONE, at=at, reason=_unreviewed(row))
    return number


def countable_gone(session: ReadSession, gone: Sequence[UUID]) -> int:
    """How many of these are public, so that hiding them would be seen."""
    return sum(
        1
        for row in session.rows(_FIND, {"ids": list(gone)})
        if row.status == PostStatus.LIVE and not _waits_for_word(row)
    )


def hide_for_good(session: WriteSession, post: UUID, *, change: int, at: datetime) -> None:
    """Make a post gone at once, on the word of its own department. The clock is held."""
    for row in session.rows(_FIND, {"ids": [post]}):
        _hide(session, row.id, row.order_key, PostStatus.GONE, change=change, notice=None, at=at)
        _suspect(session, row.id, None, at=at, reason=_unreviewed(row))


def _waits_for_word(row: Row[Any]) -> bool:
    """Whether a person was asked if a live post should go, or has said that it stays; or that a held one stays hidden."""
    if row.status == PostStatus.HELD:
        return bool(row.held_for == DROPPED)
    return row.status == PostStatus.LIVE and row.pending is None and row.held_for in {MASS, DROPPED}


def _unreviewed(row: Row[Any]) -> str | None:
    """Why a post, or an edit of it, was kept from the public: gone or not, nobody has approved it."""
    is_held = row.status == PostStatus.HELD or row.pending is not None
    return row.held_reason if is_held else None


def _suspect(session: WriteSession, post: UUID, why: str | None, *, at: datetime, reason: str | None = None) -> None:
    session.run(_SUSPECT, {"post": post, "why": why, "since": to_ms(at) if why else None, "reason": reason})


def _hide(  # noqa: PLR0913  # what a row needs
    session: WriteSession,
    post: UUID,
    order_key: int,
    status: PostStatus,
    *,
    change: int,
    notice: Notice | None,
    at: datetime,
) -> None:
    session.run(
        _HIDE,
        {
            "post": post,
            "status": status.value,
            "change": change,
            "at": to_ms(at),
            "notice": msgspec.json.encode(notice).decode() if notice else None,
        },
    )
    drop_from_index(session, [order_key])
