"""From rows to kept posts; a document that this process has unpacked before is not read again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, select

from feedhub.posts.kept import KeptPost, Notice
from feedhub.posts.picture_copies import MadePicture, PictureCopy, copies_in
from feedhub.posts.post import Post, PostStatus
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts
from feedhub.store.times import from_ms

# What `kept_posts` needs of a row: where the post stands, and which changes made it so and gave it its pictures.
PLACE = (posts.c.order_key, posts.c.change, posts.c.pictured)
_ROW = (
    *PLACE,
    posts.c.id,
    posts.c.account_id,
    posts.c.status,
    posts.c.version,
    posts.c.published_at,
    posts.c.published_is_made,
    posts.c.collected_at,
    posts.c.updated_at,
    posts.c.backfill,
    posts.c.was_public,
    posts.c.notice,
    posts.c.thread_id,
    posts.c.document,
    posts.c.pictures,
)
_BY_KEYS = select(*_ROW).where(posts.c.order_key.in_(bindparam("keys", expanding=True)))
_BY_ID = select(*_ROW).where(posts.c.id == bindparam("id"))
_LIVE = PostStatus.LIVE.value
# the table's own order
_IN_ORDER = (
    select(*_ROW)
    .where(posts.c.status == _LIVE, posts.c.order_key >= bindparam("first"), posts.c.order_key < bindparam("before"))
    .order_by(posts.c.order_key)
    .limit(bindparam("most"))
)
_PICTURES = msgspec.json.Decoder(tuple[MadePicture, ...])


def kept_posts(session: ReadSession, places: Sequence[Row[Any]]) -> tuple[KeptPost, ...]:
    """The live posts at these places, in their order; one unpacked before is not read again."""
    known = session.copies.posts(register_copy(session))
    unknown = [place.order_key for place in places if _number(place) not in known]
    if unknown:
        known.update({_number(row): _kept(session, row) for row in session.rows(_BY_KEYS, {"keys": unknown})})
    return tuple(known[_number(place)] for place in places)


def passing_posts(session: ReadSession, *, first: int, before: int, most: int) -> list[KeptPost]:
    """At most `most` live posts from the order_key `first` on, oldest first; none of them stays unpacked.

    For whoever goes through very many once: the copies are those of posts that many ask for.
    """
    rows = session.rows(_IN_ORDER, {"first": first, "before": before, "most": most})
    return [_kept(session, row) for row in rows]


def one_kept_post(session: ReadSession, post_id: UUID) -> KeptPost | None:
    """The post, if it is or was public; its content only while it is live."""
    row = session.row(_BY_ID, {"id": post_id})
    return None if row is None or not row.was_public else _kept(session, row)


def _number(place: Row[Any]) -> int:
    """The newest change number of a post, no other's."""
    return int(max(place.change, place.pictured))


def _kept(session: ReadSession, row: Row[Any]) -> KeptPost:
    copy = register_copy(session)
    account = copy.accounts[row.account_id]
    post = post_from(expanded(row.document)) if row.status == _LIVE else None
    return KeptPost(
        id=row.id,
        account=account,
        department=copy.departments[account.department],
        status=PostStatus(row.status),
        version=row.version,
        change=row.change,
        order_key=row.order_key,
        published_at=from_ms(row.published_at),
        published_is_made=row.published_is_made,
        collected_at=from_ms(row.collected_at),
        updated_at=from_ms(row.updated_at),
        backfill=row.backfill,
        thread=row.thread_id,
        notice=msgspec.json.decode(row.notice, type=Notice) if row.notice else None,
        post=post,
        pictures=_pictures(row, post) if post and row.pictures and session.copies.with_pictures else (),
    )


def _pictures(row: Row[Any], post: Post) -> tuple[PictureCopy, ...]:
    return copies_in(post, _PICTURES.decode(row.pictures), id=row.id, version=row.version)
