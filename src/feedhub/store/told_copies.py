"""What subscribers' sides call their copies of posts, so that an edit or a withdrawal finds them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables_wires import told_copies
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
