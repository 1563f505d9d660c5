"""The versions of a post, as its public history shows them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, select

from feedhub.posts.decisions import MOST_AHEAD
from feedhub.posts.kept import KeptPost, Notice
from feedhub.posts.post import PostStatus
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.session import ReadSession
from feedhub.store.tables import versions
from feedhub.store.times import from_ms
from feedhub.store.unpacking import one_kept_post

# Versions of a live post that were public: one that was gone for a while was shown before.
_ONCE_SHOWN = (PostStatus.LIVE.value, PostStatus.GONE.value)
# ix_version_post_id
_OLDER = (
    select(versions)
    .where(
        versions.c.post_id == bindparam("id"),
        versions.c["number"] < bindparam("before"),
        versions.c.status.in_(_ONCE_SHOWN),
    )
    .order_by(versions.c["number"].desc())
    .limit(bindparam("most"))
)


def post_history(
    session: ReadSession, post_id: UUID, *, most: int, before: int | None = None
) -> tuple[KeptPost, ...] | None:
    """At most `most` versions of a live post, older than number `before`, newest first; a redacted one has no `post`.

    None: the post is not live, so none of it may be shown.
    """
    newest = one_kept_post(session, post_id)
    if newest is None or newest.post is None:
        return None
    shown = () if before is not None and newest.version >= before else (newest,)
    values = {"id": post_id, "before": newest.version if before is None else before, "most": most - len(shown)}
    return *shown, *(_version(newest, row) for row in session.rows(_OLDER, values))


def _version(newest: KeptPost, row: Row[Any]) -> KeptPost:
    at, post = from_ms(row.at), None if row.redacted else post_from(expanded(row.document))
    told = post.published_at if post else None
    # What a version itself said, unless it was a date that nobody could have meant.
    is_said = told is not None and not newest.published_is_made and told <= at + MOST_AHEAD
    return replace(
        newest,
        version=row.number,
        change=row.change,
        updated_at=at,
        published_at=told.replace(microsecond=0) if told is not None and is_said else newest.published_at,
        notice=msgspec.json.decode(row.notice, type=Notice) if row.notice else None,
        post=post,
    )
