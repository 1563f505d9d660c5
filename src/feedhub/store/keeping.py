"""Keeping posts and versions. Only ever under the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, insert, or_, select, text, update

from feedhub.accounts.account import Account
from feedhub.posts.compare import Change
from feedhub.posts.decisions import HELD_AS_GONE, Decision, Held
from feedhub.posts.filters import DEFAULT_TYPES
from feedhub.posts.post import PostStatus
from feedhub.store.bodies import squeezed
from feedhub.store.corrections import corrections_of
from feedhub.store.event_times import event_times
from feedhub.store.keeping_hidden import keep_same
from feedhub.store.register import register_copy
from feedhub.store.search import IndexRow, add_to_index, drop_from_index, index_tokens
from feedhub.store.session import DriverAct, ReadSession, WriteSession
from feedhub.store.tables import posts, versions
from feedhub.store.threads import thread_ids
from feedhub.store.times import from_ms, to_ms

_HELD = select(
    posts.c.id,
    posts.c.status,
    posts.c.version,
    posts.c.fingerprint,
    posts.c.seen,
    posts.c.order_key,
    posts.c.published_at,
    posts.c.published_is_made,
    posts.c.collected_at,
    posts.c.updated_at,
    posts.c.backfill,
    posts.c.was_public,
    posts.c.held_for,
    posts.c.pending,
    posts.c.media_at,
    posts.c.held_reason,
    posts.c.pending_fingerprint,
    posts.c.stop_id,
).where(posts.c.id.in_(bindparam("ids", expanding=True)))
_TAKEN = select(posts.c.order_key).where(posts.c.order_key.in_(bindparam("keys", expanding=True)))
_ROW = (
    "order_key",
    "id",
    "account_id",
    "status",
    "listed",
    "version",
    "change",
    "published_at",
    "published_is_made",
    "collected_at",
    "updated_at",
    "backfill",
    "was_public",
    "seen",
    "fingerprint",
    "notice",
    "document",
    "held_for",
    "held_since",
    "held_reason",
    "media_at",
    "thread_id",
    "event_at",
    "event_until",
)
_INSERT = DriverAct(f"INSERT INTO post ({', '.join(_ROW)}) VALUES ({', '.join('?' * len(_ROW))})")  # noqa: S608  # constants only
# What was hidden because it was gone was public before, unless somebody kept it from the public even then.
_IS_GONE = or_(
    posts.c.status == text("'gone'"), and_(posts.c.status == text("'held'"), posts.c.held_for == HELD_AS_GONE)
)
_WAS_SHOWN = or_(posts.c.held_reason.is_(None), posts.c.pending.is_not(None))
_STATUS = case((and_(_IS_GONE, _WAS_SHOWN), text("'gone'")), (_IS_GONE, text("'held'")), else_=posts.c.status)
# The newest version stands in the post's own row; an edit moves it to the versions.
_SUPERSEDE = insert(versions).from_select(
    ["change", "post_id", "number", "at", "status", "notice", "document"],
    select(
        posts.c.change,
        posts.c.id,
        posts.c.version,
        posts.c.updated_at,
        _STATUS,
        posts.c.notice,
        posts.c.document,
    ).where(posts.c.id == bindparam("superseded")),
)
_UPDATE = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "order_key",
                "status",
                "listed",
                "version",
                "change",
                "published_at",
                "published_is_made",
                "updated_at",
                "was_public",
                "seen",
                "fingerprint",
                "document",
                "held_for",
                "held_since",
                "held_reason",
                "media_at",
                "thread_id",
                "event_at",
                "event_until",
            )
        }
    )
    .values(pending=None, pending_fingerprint=None)
)
_CORRECTED = update(posts).where(posts.c.id == bindparam("post")).values(notice=bindparam("told"))


def held_posts(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Held]:
    """What is kept of these posts, by id."""
    return {
        row.id: Held(
            id=row.id,
            status=PostStatus(row.status),
            version=row.version,
            fingerprint=row.fingerprint,
            payload=row.seen,
            order_key=row.order_key,
            published_at=from_ms(row.published_at),
            published_is_made=row.published_is_made,
            collected_at=from_ms(row.collected_at),
            updated_at=from_ms(row.updated_at),
            backfill=row.backfill,
            was_public=row.was_public,
            held_for=row.held_for,
            pending=row.pending,
            media_at=None if row.media_at is None else from_ms(row.media_at),
            held_reason=row.held_reason,
            pending_fingerprint=row.pending_fingerprint,
            stop_id=row.stop_id,
        )
        for row in session.rows(_HELD, {"ids": list(ids)})
    }


def keep_decisions(
    session: WriteSession,
    account: Account,
    decisions: Sequence[Decision],
    *,
    number: int,
    now: datetime,
    media_expires: bool = False,
) -> int:
    """Write what was decided and tell the newest change number used.

    The clock is held: `number` is its own. The oldest post takes the first number, so that
    machines meet posts in the order in which people would.
    """
    public = sorted(
        (found for found in decisions if found.change is not Change.SAME), key=lambda found: found.order_key
    )
    keep_same(session, [found for found in decisions if found.change is Change.SAME], now=now)
    if not public:
        return number
    keys = _free_keys(session, public)
    numbered = list(zip(public, keys, range(number + 1, number + 1 + len(public)), strict=True))
    threads = thread_ids(session, account.id, public)
    rows = [
        _row(account.id, found, key=key, change=change, now=now)
        | {
            "media_at": _media_at(found, now=now if media_expires else None),
            "thread_id": threads.get(found.id),
        }
        for found, key, change in numbered
    ]
    new = [row for row, (found, _, _) in zip(rows, numbered, strict=True) if found.held is None]
    edited = [row for row, (found, _, _) in zip(rows, numbered, strict=True) if found.held is not None]
    if new:
        session.run_many(_INSERT, [_driver_row(session, row) for row in new])
    if edited:
        for row, (found, _, _) in zip(rows, numbered, strict=True):
            if found.held is not None and found.change is not Change.RENEWED:
                session.run(_SUPERSEDE, {"superseded": row["id"]})
        session.run(_UPDATE, [{**row, "post": row["id"]} for row in edited])
        _correct_revived(session, public)
    index_posts(session, account, numbered)
    return number + len(public)


def _correct_revived(session: WriteSession, public: Sequence[Decision]) -> None:
    """What was corrected before it was called gone is corrected still when its platform shows it again."""
    revived = [found.id for found in public if found.held is not None and found.held.status is not PostStatus.LIVE]
    for post, notice in corrections_of(session, revived).items() if revived else ():
        session.run(_CORRECTED, {"post": post, "told": notice})


def _row(account: UUID, found: Decision, *, key: int, change: int, now: datetime) -> dict[str, Any]:
    is_live = found.status is PostStatus.LIVE
    return {
        "id": found.id,
        "account_id": account,
        "order_key": key,
        "status": found.status.value,
        "listed": is_live and found.seen.type in DEFAULT_TYPES,
        "version": found.version,
        "change": change,
        "published_at": to_ms(found.published_at),
        "published_is_made": found.published_is_made,
        "collected_at": to_ms(found.collected_at),
        "updated_at": to_ms(found.held.updated_at if found.held and found.change is Change.RENEWED else now),
        "backfill": found.backfill,
        "was_public": is_live or (found.held is not None and found.held.was_public),
        "held_for": found.held_for,
        "held_since": to_ms(now) if found.held_for else None,
        "held_reason": found.held_reason,
        "seen": found.seen.payload,
        "fingerprint": found.seen.fingerprint,
        "document": squeezed(found.seen.document),
        "notice": None,
        **event_times(found.seen.event),
    }


def _media_at(found: Decision, *, now: datetime | None) -> int | None:
    """When the addresses of a post's media were fresh; `now` is None where none came from the platform just now."""
    held = found.held
    if not found.seen.has_media:
        return None
    if held is not None and held.pending == found.seen.payload:
        # It waited for a person meanwhile.
        now = (held.media_at or held.updated_at) if now is not None else None
    elif now is None and held is not None:
        now = held.media_at
    return None if now is None else to_ms(now)


def _driver_row(session: WriteSession, row: dict[str, Any]) -> tuple[Any, ...]:
    ids = {"id": session.driver_id(row["id"]), "account_id": session.driver_id(row["account_id"])}
    if row["thread_id"] is not None:
        ids["thread_id"] = session.driver_id(row["thread_id"])
    return tuple(ids.get(name, row[name]) for name in _ROW)


def _free_keys(session: WriteSession, public: Sequence[Decision]) -> list[int]:
    """Each post's order_key, the next free one where it collides. The clock keeps others out."""
    wanted = [found.order_key for found in public if found.moves]
    taken = {row.order_key for row in session.rows(_TAKEN, {"keys": wanted})} if wanted else set[int]()
    keys = []
    for found in public:
        key = found.order_key if found.moves or found.held is None else found.held.order_key
        while found.moves and key in taken:
            key += 1
            if key not in taken and session.row(_TAKEN, {"keys": [key]}):
                taken.add(key)
        taken.add(key)
        keys.append(key)
    return keys


def index_posts(session: WriteSession, account: Account, numbered: Sequence[tuple[Decision, int, int]]) -> None:
    department = register_copy(session).department_ids[account.department]
    drop_from_index(session, [found.held.order_key for found, _, _ in numbered if found.held is not None])
    add_to_index(
        session,
        [
            IndexRow(
                order_key=key,
                words=found.seen.words,
                tokens=index_tokens(
                    department=department,
                    account=account.id,
                    platform=account.platform,
                    type=found.seen.type,
                    kinds=found.seen.kinds,
                    tags=found.seen.tags,
                    language=found.seen.language,
                    address=found.seen.source_url,
                ),
            )
            for found, key, _ in numbered
            if found.status is PostStatus.LIVE
        ],
    )
