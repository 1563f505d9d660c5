"""Making hidden posts public again, or for the first time. Only ever under the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, update

from feedhub.accounts.account import Account
from feedhub.posts.compare import Change
from feedhub.posts.decisions import Decision
from feedhub.posts.filters import DEFAULT_TYPES
from feedhub.posts.post import PostStatus
from feedhub.posts.seen import Seen, post_from, seen_post
from feedhub.store.bodies import expanded
from feedhub.store.corrections import corrections_of
from feedhub.store.keeping import held_posts, index_posts
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import posts
from feedhub.store.times import to_ms

_DOCUMENTS = select(*posts.c["id", "account_id", "order_key", "seen", "document"]).where(
    posts.c.id.in_(bindparam("ids", expanding=True))
)
_SHOW = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(
        status=PostStatus.LIVE.value,
        was_public=True,
        stop_id=None,
        **{
            name: bindparam(name)
            for name in ("listed", "change", "updated_at", "held_for", "held_since", "held_reason", "notice")
        },
    )
)
_STILL_HELD = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(held_for=bindparam("why"), held_since=bindparam("since"), held_reason=bindparam("reason"))
)


def hidden_posts(session: ReadSession, ids: Sequence[UUID]) -> list[Decision]:
    """What it would mean to show these posts as they are kept, oldest first; nothing is read anew."""
    held = held_posts(session, ids)
    decisions = [_shown(row, held) for row in session.rows(_DOCUMENTS, {"ids": list(ids)})]
    return sorted(decisions, key=lambda found: found.order_key)


def show_posts(
    session: WriteSession, account: Account, decisions: Sequence[Decision], *, number: int, at: datetime
) -> int:
    """Make posts public in the version that is kept; the newest change number used. An edit held back stays so.

    What was corrected before it was hidden is corrected still.
    """
    corrected = corrections_of(session, [found.id for found in decisions])
    numbered = [(found, found.order_key, number + place) for place, found in enumerate(decisions, 1)]
    for found, _, change in numbered:
        waits = found.held is not None and found.held.pending is not None
        session.run(
            _SHOW,
            {
                "post": found.id,
                "listed": found.seen.type in DEFAULT_TYPES,
                "change": change,
                "updated_at": to_ms(at),
                "held_for": found.held.held_for if found.held and waits else None,
                "held_since": to_ms(at) if waits else None,
                "held_reason": found.held.held_reason if found.held and waits else None,
                "notice": corrected.get(found.id),
            },
        )
    index_posts(session, account, numbered)
    return number + len(numbered)


def keep_held(session: WriteSession, decisions: Sequence[Decision], *, at: datetime) -> None:
    """Hidden posts stay hidden, for another reason."""
    for found in decisions:
        values = {"post": found.id, "why": found.held_for, "since": to_ms(at), "reason": found.held_reason}
        session.run(_STILL_HELD, values)


def _shown(row: Row[Any], held: dict[UUID, Any]) -> Decision:
    found = held[row.id]
    seen: Seen = seen_post(post_from(expanded(row.document)), payload=row.seen)
    return Decision(
        id=row.id,
        change=Change.EDITED,
        seen=seen,
        held=found,
        status=PostStatus.LIVE,
        version=found.version,
        published_at=found.published_at,
        published_is_made=found.published_is_made,
        collected_at=found.collected_at,
        backfill=found.backfill,
        order_key=found.order_key,
    )
