"""Corrections and withdrawals as the posts themselves tell them; every act stands in the log (store/log.py)."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, func, select, text

from feedhub.posts.acts import Act, ActCounts, ActKind
from feedhub.posts.holding import RULES
from feedhub.posts.kept import Notice
from feedhub.posts.post import PostStatus
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts
from feedhub.store.times import to_ms

_LAST = 2**63 - 1

# ix_post_notice, newest change first
_NOTICES = (
    select(*posts.c["id", "account_id", "status", "change", "notice"])
    .where(
        posts.c.notice.is_not(None),
        text("was_public"),
        posts.c.status.in_((PostStatus.LIVE, PostStatus.WITHDRAWN)),
        posts.c.change < bindparam("before"),
    )
    .order_by(posts.c.change.desc())
    .limit(bindparam("most"))
)
# ix_post_notice
_NOTICES_SINCE = select(posts.c.notice).where(
    posts.c.notice.is_not(None), text("was_public"), posts.c.updated_at >= bindparam("since")
)
# ix_post_hidden, ix_post_notice
_TAKEN_BACK = tuple(
    select(posts.c.change).where(text(which)).order_by(posts.c.change.desc()).limit(1)
    for which in ("status IN ('withdrawn', 'gone')", "notice IS NOT NULL")
)
# ix_post_held
_HELD = select(func.count().label("posts")).where(posts.c.held_for.in_(RULES))


def notices(session: ReadSession, *, before: int | None, most: int) -> tuple[Act, ...]:
    """Public posts that carry a correction or a withdrawal, newest change first, older than the change `before`."""
    values = {"before": _LAST if before is None else before, "most": most}
    return tuple(_act(session, row) for row in session.rows(_NOTICES, values))


def last_taken_back(session: ReadSession) -> int:
    """The newest change that took something back or corrected it; 0 where there was none."""
    found = (session.row(question) for question in _TAKEN_BACK)
    return max((row.change for row in found if row is not None), default=0)


def act_counts(session: ReadSession, *, since: datetime) -> ActCounts:
    """How often the city corrected and withdrew since then, and what waits for a person."""
    told = [
        msgspec.json.decode(row.notice, type=Notice) for row in session.rows(_NOTICES_SINCE, {"since": to_ms(since)})
    ]
    kinds = [notice.kind.value for notice in told if notice.at >= since]
    held = session.row(_HELD)
    return ActCounts(
        corrections=kinds.count(ActKind.CORRECTION),
        withdrawals=kinds.count(ActKind.WITHDRAWAL),
        held=int(held.posts) if held else 0,
    )


def _act(session: ReadSession, row: Row[Any]) -> Act:
    notice, copy = msgspec.json.decode(row.notice, type=Notice), register_copy(session)
    account = copy.accounts[row.account_id]
    return Act(
        kind=ActKind(notice.kind.value),
        at=notice.at,
        reason=notice.reason,
        account=account,
        department=copy.departments[account.department],
        post=row.id,
        change=row.change,
    )
