"""A department's own threads: which post begins one, and its parts in order."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select, text

from feedhub.posts.decisions import Decision, post_id
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import PostType
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts
from feedhub.store.unpacking import PLACE, kept_posts

MOST_PARTS = 100

_THREADS = select(posts.c.id, posts.c.thread_id).where(posts.c.id.in_(bindparam("ids", expanding=True)))
# ix_post_thread, and the beginning itself
_PARTS = (
    select(*PLACE)
    .where(
        (posts.c.thread_id == bindparam("root")) | (posts.c.id == bindparam("root")), posts.c.status == text("'live'")
    )
    .order_by(posts.c.order_key)
    .limit(MOST_PARTS)
)


def thread_ids(session: ReadSession, account: UUID, decisions: Sequence[Decision]) -> dict[UUID, UUID]:
    """By post, the post with which its thread begins. `decisions` are oldest first.

    A part names only the part before it; a beginning that was never collected still holds its parts together.
    """
    parents = {
        found.id: post_id(account, found.seen.in_reply_to)
        for found in decisions
        if found.seen.type is PostType.THREAD and found.seen.in_reply_to
    }
    if not parents:
        return {}
    begun = {row.id: row.thread_id for row in session.rows(_THREADS, {"ids": list(set(parents.values()))})}
    threads: dict[UUID, UUID] = {}
    for post, parent in parents.items():
        threads[post] = threads.get(parent) or begun.get(parent) or parent
    return threads


def thread_parts(session: ReadSession, kept: KeptPost) -> tuple[KeptPost, ...]:
    """The live posts of the thread that this one begins or belongs to, in the order in which they were said."""
    places = session.rows(_PARTS, {"root": kept.thread or kept.id})
    return kept_posts(session, places) if len(places) > 1 else ()
