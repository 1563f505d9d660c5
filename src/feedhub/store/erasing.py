"""Legal erasure: everything that a post ever said is forgotten; that it was, and why it went, stays.

An erased post is one without a document. Visits that meet it on its platform again keep
nothing of it (store/payloads.py), and no act brings it back.
"""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select, text, update

from feedhub.posts.acts import OPERATOR, ActKind, ActName, ActWanted
from feedhub.posts.kept import Notice
from feedhub.posts.post import PostStatus
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.correcting import forget_said, found_post, overwrite_freed
from feedhub.store.log import append_act
from feedhub.store.register import register_copy
from feedhub.store.search import drop_from_index
from feedhub.store.session import Store, WriteSession
from feedhub.store.tables import pictures, posts, versions
from feedhub.store.times import to_ms

_PLACE = select(posts.c.order_key).where(posts.c.id == bindparam("post"))
_ERASE = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(
        status=PostStatus.WITHDRAWN.value,
        listed=False,
        document=bindparam("nothing"),
        fingerprint="",
        change=bindparam("number"),
        updated_at=bindparam("at"),
        notice=bindparam("told"),
        **dict.fromkeys(
            (
                "held_for",
                "held_since",
                "held_reason",
                "pending",
                "pending_fingerprint",
                "stop_id",
                "media_at",
                "pictures",
                "event_at",
                "event_until",
            )
        ),
    )
)
_VERSIONS = (
    update(versions).where(versions.c.post_id == bindparam("post")).values(redacted=True, document=bindparam("nothing"))
)
# ix_picture_post_id; whoever copies pictures drops the files of what is unwanted.
_PICTURES = (
    update(pictures)
    .where(pictures.c.post_id == bindparam("post"))
    .values(state="unwanted", source="", host="", reason=None, color=None)
)
_COPIES = select(pictures.c.id).where(pictures.c.post_id == bindparam("post"))
_MERGE = text("INSERT INTO search (search, rank) VALUES ('merge', :pages)")
_PAGES = 200  # of the index, rewritten at once while other writers wait
_MOST_MERGES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure did. `pictures` are those whose files are to go."""

    change: int
    pictures: tuple[UUID, ...] = ()


def erase_post(session: WriteSession, post: UUID, *, notice: Notice, actor: str = OPERATOR) -> Erased:
    """Forget everything that a post said, in every version, and never take it in again. Twice changes nothing more.

    Raises:
        NotKnown: there is no such post.
    """
    number = take_clock(session)
    row = found_post(session, post)
    if not row.document:
        return Erased(change=number)
    overwrite_freed(session)
    number += 1
    drop_from_index(session, [place.order_key for place in session.rows(_PLACE, {"post": post})])
    told = msgspec.json.encode(notice).decode()
    # The row first: a visit that writes it now is waited for, and its payload is seen below.
    session.run(_ERASE, {"post": post, "nothing": b"", "number": number, "at": to_ms(notice.at), "told": told})
    session.run(_VERSIONS, {"post": post, "nothing": b""})
    session.run(_PICTURES, {"post": post})
    forget_said(session, row, kept=[], at=notice.at)
    append_act(
        session,
        ActKind.ERASURE,
        actor=actor,
        subject=post,
        department=register_copy(session).accounts[row.account_id].department,
        change=number if row.was_public else None,
        reason=notice.reason,
        at=notice.at,
        tells=row.was_public,
    )
    set_clock(session, number, at=to_ms(notice.at))
    return Erased(change=number, pictures=tuple(one.id for one in session.rows(_COPIES, {"post": post})))


def leaves_traces(wanted: ActWanted) -> bool:
    """Whether an act forgets words, so that `scrub` is to follow it."""
    return wanted.name is ActName.ERASE or wanted.redact


def scrub(store: Store) -> None:
    """Let SQLite forget in its index too what was erased or redacted, a few pages at a time.

    FTS5 only notes that a row is gone; its words stay in the index until their part of it is
    written anew (sqlite.org/fts5.html#the_merge_command). PostgreSQL does that by itself (VACUUM).
    """
    pages = -_PAGES  # the first one says that everything is to be merged
    for _ in range(_MOST_MERGES):
        if not store.write_now(_merged, pages):
            return
        pages = _PAGES


def _merged(session: WriteSession, pages: int) -> bool:
    """Whether there was still something to merge."""
    if not session.is_sqlite:
        return False
    changes = text("SELECT total_changes() AS many")
    before = session.rows(changes)[0].many
    overwrite_freed(session)
    session.run(_MERGE, {"pages": pages})
    return bool(session.rows(changes)[0].many - before > 1)
