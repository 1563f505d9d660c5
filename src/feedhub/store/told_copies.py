"""What subscribers' sides call their copies of posts, so that an edit or a withdrawal finds them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables_wires import subscriptions, told_copies
from feedhub.store.times import to_ms


def keep_copy(session: WriteSession, subscriber: UUID, post: UUID, *, remote: str, change: int, at: datetime) -> None:
    """Remember what the subscriber's side calls its copy of a post."""
    told = told_copies.c
    mine = (told.subscription_id == subscriber, told.post_id == post)
    values = {"remote_id": remote, "change": change, "at": to_ms(at)}
    if not session.run(update(told_copies).where(*mine).values(**values)).rowcount:
        session.run(told_copies.insert(), {"subscription_id": subscriber, "post_id": post, **values})


def remote_copy(session: ReadSession, subscriber: UUID, post: UUID) -> str | None:
    """What the subscriber's side calls its copy of a post."""
    told = told_copies.c
    row = session.row(select(told.remote_id).where(told.subscription_id == subscriber, told.post_id == post))
    return None if row is None else str(row.remote_id)


def copies_at(
    session: ReadSession, wire: str, target: str, remotes: Sequence[str], *, since: datetime
) -> frozenset[str]:
    """Which of these names copies have at one place, whoever subscribes there; what is no number counts since then only."""
    told, named = told_copies.c, subscriptions.c
    question = (
        select(told.remote_id, told.at)
        .join(subscriptions, named.id == told.subscription_id)
        .where(named.wire == wire, named.target == target, told.remote_id.in_(remotes))
    )
    rows = session.rows(question)
    return frozenset(str(row.remote_id) for row in rows if row.remote_id.isdigit() or row.at > to_ms(since))
