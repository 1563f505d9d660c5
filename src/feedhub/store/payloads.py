"""Payloads: what was said, kept before it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from feedhub.payloads.payload import Payload
from feedhub.posts.text import one_line
from feedhub.store.bodies import expanded, squeezed
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import payloads, posts

UNREAD, READ, UNREADABLE = "unread", "read", "unreadable"
DOCUMENT = "document"  # the form of one that can't be taken apart


_KEEP = {
    True: sqlite.insert(payloads).on_conflict_do_nothing(),
    False: postgresql.insert(payloads).on_conflict_do_nothing(),
}
# ix_post_seen
_SEEN = select(posts.c.seen).where(
    posts.c.account_id == bindparam("account_id"), posts.c.seen.in_(bindparam("fingerprints", expanding=True))
)
# uq_payload_unread
_UNREAD = (
    select(*payloads.c["id", "form", "context", "body", "fingerprint", "fetched_at"])
    .where(payloads.c.account_id == bindparam("account_id"), payloads.c.state == text("'unread'"))
    .order_by(payloads.c.id)
    .limit(bindparam("most"))
)
_UNREAD_IDS = select(payloads.c.id, payloads.c.fingerprint).where(
    payloads.c.account_id == bindparam("account_id"),
    payloads.c.state == text("'unread'"),
    payloads.c.fingerprint.in_(bindparam("fingerprints", expanding=True)),
)
_MARK = (
    update(payloads)
    .where(payloads.c.id == bindparam("payload_id"))
    .values(state=bindparam("state"), post_id=bindparam("post"), fault=bindparam("fault"))
)
# ix_payload_account
_SUPERSEDED = delete(payloads).where(
    payloads.c.account_id == bindparam("account"),
    payloads.c.fingerprint == bindparam("was"),
    payloads.c.id < bindparam("newest"),
)
_FORGET_DOCUMENT = delete(payloads).where(payloads.c.account_id == bindparam("account_id"), payloads.c.form == DOCUMENT)
_NEWEST = (
    select(*payloads.c["id", "form", "context", "body", "fingerprint", "fetched_at"])
    .join(posts, (posts.c.account_id == payloads.c.account_id) & (posts.c.seen == payloads.c.fingerprint))
    .where(payloads.c.account_id == bindparam("account_id"), payloads.c.id > bindparam("after"))
    .order_by(payloads.c.id)
    .limit(bindparam("most"))
)
_PRUNE = delete(payloads).where(
    payloads.c.fetched_at < bindparam("before"),
    payloads.c.state == READ,
    ~select(posts.c.id)
    .where(posts.c.account_id == payloads.c.account_id, posts.c.seen == payloads.c.fingerprint)
    .exists(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPayload:
    """A payload with its place in the store."""

    id: int
    fingerprint: str
    fetched_at: int
    payload: Payload


def seen_fingerprints(session: ReadSession, account_id: UUID, fingerprints: Sequence[str]) -> frozenset[str]:
    """Those of `fingerprints` that are some post's newest payload: nothing new to read there."""
    values = {"account_id": account_id, "fingerprints": list(fingerprints)}
    return frozenset(row.seen for row in session.rows(_SEEN, values))


def keep_payloads(
    session: WriteSession, account_id: UUID, found: Sequence[Payload], *, fetched_at: int, state: str = UNREAD
) -> None:
    """Keep what was said; an item that already waits to be read is not kept twice."""
    if not found:
        return
    session.run(
        _KEEP[session.is_sqlite],
        [
            {
                "account_id": account_id,
                "post_id": None,
                "fingerprint": payload.fingerprint,
                "form": payload.form,
                "context": msgspec.json.encode(payload.context).decode(),
                "body": squeezed(payload.body),
                "state": state,
                "fault": None,
                "fetched_at": fetched_at,
            }
            for payload in found
        ],
    )


def keep_unreadable(session: WriteSession, account_id: UUID, body: bytes, *, fetched_at: int) -> None:
    """Keep a document that can't be taken apart, whole; only the newest one of an account."""
    session.run(_FORGET_DOCUMENT, {"account_id": account_id})
    document = Payload(form=DOCUMENT, body=body)
    keep_payloads(session, account_id, [document], fetched_at=fetched_at, state=UNREADABLE)


def kept_ids(session: ReadSession, account_id: UUID, fingerprints: Sequence[str]) -> dict[str, int]:
    """The ids of unread payloads by fingerprint."""
    values = {"account_id": account_id, "fingerprints": list(fingerprints)}
    return {row.fingerprint: row.id for row in session.rows(_UNREAD_IDS, values)}


def unread_payloads(session: ReadSession, account_id: UUID, *, most: int) -> tuple[KeptPayload, ...]:
    """What waits to be read, in the order in which it came."""
    return tuple(_kept(row) for row in session.rows(_UNREAD, {"account_id": account_id, "most": most}))


def newest_payloads(session: ReadSession, account_id: UUID, *, after: int, most: int) -> tuple[KeptPayload, ...]:
    """The newest payload of each post of an account, by id; for reading again."""
    return tuple(_kept(row) for row in session.rows(_NEWEST, {"account_id": account_id, "after": after, "most": most}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What became of a payload: the post it made, or the fault that stopped it."""

    id: int
    post_id: UUID | None = None
    fault: str | None = None


def mark_payloads(session: WriteSession, marked: Sequence[Marked]) -> None:
    """Write what became of payloads."""
    if marked:
        session.run(
            _MARK,
            [
                {
                    "payload_id": mark.id,
                    "state": UNREADABLE if mark.fault else READ,
                    "post": mark.post_id,
                    "fault": one_line(mark.fault) if mark.fault else None,
                }
                for mark in marked
            ],
        )


def drop_superseded(session: WriteSession, account_id: UUID, superseded: Sequence[tuple[str, int]]) -> None:
    """Drop payloads that differed from their successor in nothing that can be seen.

    Each is (fingerprint of the old one, id of the new one). Some platforms count views
    inside the item: without this every visit would keep another copy.
    """
    if superseded:
        session.run(_SUPERSEDED, [{"account": account_id, "was": was, "newest": newest} for was, newest in superseded])


def prune_payloads(session: WriteSession, *, before: int) -> int:
    """Drop superseded payloads fetched before `before` (ms); how many."""
    return session.run(_PRUNE, {"before": before}).rowcount


def _kept(row: Row[Any]) -> KeptPayload:
    body = expanded(row.body)
    return KeptPayload(
        id=row.id,
        fingerprint=row.fingerprint,
        fetched_at=row.fetched_at,
        payload=Payload(
            form=row.form,
            body=body,
            context=msgspec.json.decode(row.context, type=dict[str, str]),
        ),
    )
