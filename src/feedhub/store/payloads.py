"""Payloads: what was said, kept before it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, delete, func, select, text

from feedhub.payloads.payload import Payload
from feedhub.posts.text import one_line
from feedhub.store.bodies import expanded, squeezed
from feedhub.store.session import DriverAct, ReadSession, WriteSession
from feedhub.store.tables import payloads, posts

UNREAD, READ, UNREADABLE = "unread", "read", "unreadable"
DOCUMENT = "document"  # the form of one that can't be taken apart


_KEEP = DriverAct(
    "INSERT INTO payload (account_id, fingerprint, form, context, body, state, fetched_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
# ix_post_seen
_SEEN = select(posts.c.id, posts.c.seen).where(
    posts.c.account_id == bindparam("account_id"),
    posts.c.seen.in_(bindparam("fingerprints", expanding=True)),
    # What its platform called gone is looked at again as soon as it shows it again.
    posts.c.status != text("'gone'"),
    posts.c.held_for.is_distinct_from(text("'gone'")),
    # Where an edit waits, the public version shown again ends that.
    posts.c.pending.is_(None),
)
# ix_post_account; few posts of an account have an edit that waits for a person
_PENDING = select(posts.c.id, posts.c.pending.label("seen")).where(
    posts.c.account_id == bindparam("account_id"),
    posts.c.held_for.is_not(None),
    posts.c.held_for != text("'gone'"),
    posts.c.pending.in_(bindparam("fingerprints", expanding=True)),
)
# uq_payload_unread
_UNREAD = (
    select(*payloads.c["id", "form", "context", "body", "fingerprint", "fetched_at"])
    .where(payloads.c.account_id == bindparam("account_id"), payloads.c.state == text("'unread'"))
    .order_by(payloads.c.id)
    .limit(bindparam("most"))
)
_UNREAD_NOW = select(payloads.c.id).where(
    payloads.c.account_id == bindparam("account_id"), payloads.c.state == text("'unread'")
)
_UNREAD_IDS = select(payloads.c.id, payloads.c.fingerprint).where(
    payloads.c.account_id == bindparam("account_id"),
    payloads.c.state == text("'unread'"),
    payloads.c.fingerprint.in_(bindparam("fingerprints", expanding=True)),
)
_MARK = DriverAct("UPDATE payload SET state = ?, post_id = ?, fault = ? WHERE id = ?")
# What an erased post says again is not kept.
_OF_ERASED = select(posts.c.id).where(
    posts.c.id.in_(bindparam("read", expanding=True)),
    posts.c.status == text("'withdrawn'"),
    func.length(posts.c.document) == 0,
)
_FORGET = delete(payloads).where(payloads.c.id == bindparam("payload"))
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
# A few at a time, so that visits need not wait long for their turn to write.
_PRUNE = delete(payloads).where(
    payloads.c.id.in_(
        select(payloads.c.id)
        .where(
            payloads.c.fetched_at < bindparam("before"),
            payloads.c.state.in_((READ, UNREADABLE)),
            ~select(posts.c.id)
            .where(posts.c.account_id == payloads.c.account_id, posts.c.seen == payloads.c.fingerprint)
            .exists(),
            # ix_post_held: an edit that waits for a person
            ~select(posts.c.id)
            .where(
                posts.c.account_id == payloads.c.account_id,
                posts.c.held_for.is_not(None),
                posts.c.pending == payloads.c.fingerprint,
            )
            .exists(),
        )
        .limit(1_000)
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPayload:
    """A payload with its place in the store."""

    id: int
    fingerprint: str
    fetched_at: int
    payload: Payload


def seen_fingerprints(session: ReadSession, account_id: UUID, fingerprints: Sequence[str]) -> dict[str, UUID]:
    """Those of `fingerprints` that are some post's newest payload (nothing new to read there), with its id."""
    values = {"account_id": account_id, "fingerprints": list(fingerprints)}
    return {row.seen: row.id for question in (_SEEN, _PENDING) for row in session.rows(question, values)}


def keep_payloads(
    session: WriteSession, account_id: UUID, found: Mapping[str, Payload], *, fetched_at: int, state: str = UNREAD
) -> None:
    """Keep what was said, by fingerprint; an item that already waits to be read is not kept twice."""
    account = session.driver_id(account_id)
    session.run_many(
        _KEEP,
        [
            (
                account,
                fingerprint,
                payload.form,
                msgspec.json.encode(payload.context).decode(),
                squeezed(payload.body),
                state,
                fetched_at,
            )
            for fingerprint, payload in found.items()
        ],
    )


def keep_unreadable(session: WriteSession, account_id: UUID, body: bytes, *, fetched_at: int) -> None:
    """Keep a document that can't be taken apart, whole; only the newest one of an account."""
    session.run(_FORGET_DOCUMENT, {"account_id": account_id})
    document = Payload(form=DOCUMENT, body=body)
    keep_payloads(session, account_id, {document.fingerprint: document}, fetched_at=fetched_at, state=UNREADABLE)


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


def still_unread(session: ReadSession, account_id: UUID) -> frozenset[int]:
    """The ids of what waits to be read; a department may have taken something back since a visit began."""
    return frozenset(row.id for row in session.rows(_UNREAD_NOW, {"account_id": account_id}))


def mark_payloads(session: WriteSession, marked: Sequence[Marked]) -> None:
    """Write what became of payloads; those of erased posts are dropped."""
    session.run_many(
        _MARK,
        [
            (
                UNREADABLE if mark.fault else READ,
                session.driver_id(mark.post_id) if mark.post_id else None,
                one_line(mark.fault) if mark.fault else None,
                mark.id,
            )
            for mark in marked
        ],
    )
    read = list({mark.post_id for mark in marked if mark.post_id})
    erased = {row.id for row in session.rows(_OF_ERASED, {"read": read})} if read else set[UUID]()
    if erased:
        session.run(_FORGET, [{"payload": mark.id} for mark in marked if mark.post_id in erased])


def drop_superseded(session: WriteSession, account_id: UUID, superseded: Sequence[tuple[str, int]]) -> None:
    """Drop payloads that differed from their successor in nothing that can be seen.

    Each is (fingerprint of the old one, id of the new one). Some platforms count views
    inside the item: without this every visit would keep another copy.
    """
    if superseded:
        session.run(_SUPERSEDED, [{"account": account_id, "was": was, "newest": newest} for was, newest in superseded])


def prune_payloads(session: WriteSession, *, before: int) -> int:
    """Drop at most 1,000 superseded or unreadable payloads fetched before `before` (ms); how many."""
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
