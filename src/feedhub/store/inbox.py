"""The inbox: what departments' systems post is kept unread for the next visit, with a receipt."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, bindparam, func, insert, select

from feedhub.accounts.account import Account
from feedhub.payloads.payload import Payload
from feedhub.posts.decisions import post_id
from feedhub.posts.post import PostStatus
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.desk import hide_for_good
from feedhub.store.hosts import wake_accounts
from feedhub.store.payloads import Marked, keep_payloads, mark_payloads, unread_payloads
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import accounts, payloads, posts
from feedhub.store.tables_desk import receipts
from feedhub.store.times import from_ms, to_ms

_BY_IDEMPOTENCY = select(receipts).where(
    receipts.c.key_id == bindparam("key"), receipts.c.idempotency_key == bindparam("said")
)
_BY_ID = select(receipts).where(receipts.c.id == bindparam("receipt"))
_SINCE = select(func.count().label("many")).where(
    receipts.c.key_id == bindparam("key"), receipts.c.at > bindparam("after")
)
# ix_payload_account; the newest reading of what was posted
_STATE = (
    select(payloads.c.state, payloads.c.fault)
    .where(payloads.c.account_id == bindparam("account"), payloads.c.fingerprint == bindparam("of"))
    .order_by(payloads.c.id.desc())
    .limit(1)
)
_ANSWERS = select(accounts.c.id).where(
    accounts.c.id == bindparam("account"), accounts.c.outcome.in_(("ok", "not_modified"))
)
_TAKEN_BACK = "It was taken back before anybody saw it."
_MOST_UNREAD = 100_000  # that many wait for nobody
_POST = select(posts.c.status, posts.c.held_for).where(posts.c.id == bindparam("post"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """That the inbox took something. `post` is the id that it has (or will have) as a post."""

    id: UUID
    account: UUID
    key: int
    asked: str
    native_id: str
    fingerprint: str
    at: datetime

    @property
    def post(self) -> UUID:
        """The post that it makes."""
        return post_id(self.account, self.native_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptState:
    """What became of it: `accepted` (not read yet), a post's status, or `refused` with the fault."""

    state: str
    fault: str | None = None


def earlier_receipt(session: ReadSession, key: int, idempotency_key: str) -> Receipt | None:
    """The receipt of the first request with this Idempotency-Key."""
    row = session.row(_BY_IDEMPOTENCY, {"key": key, "said": idempotency_key})
    return None if row is None else _receipt(row)


def receipt_named(session: ReadSession, id: UUID) -> Receipt | None:
    """A receipt by its id."""
    row = session.row(_BY_ID, {"receipt": id})
    return None if row is None else _receipt(row)


def receipts_since(session: ReadSession, key: int, after: datetime) -> int:
    """How much a key posted since then."""
    row = session.row(_SINCE, {"key": key, "after": to_ms(after)})
    return 0 if row is None else int(row.many)


def receipt_state(session: ReadSession, receipt: Receipt) -> ReceiptState:
    """What became of what was posted."""
    payload = session.row(_STATE, {"account": receipt.account, "of": receipt.fingerprint})
    if payload is not None and payload.state == "unread":
        return ReceiptState(state="accepted")
    if payload is not None and payload.state == "unreadable":
        return ReceiptState(state="refused", fault=payload.fault)
    post = session.row(_POST, {"post": receipt.post})
    return ReceiptState(
        state="accepted" if post is None else post.status, fault=None if post is None else post.held_for
    )


def take_in(  # noqa: PLR0913  # what a receipt says
    session: WriteSession,
    account: Account,
    payload: Payload,
    *,
    native_id: str,
    key: int,
    asked: str,
    idempotency_key: str | None,
    at: datetime,
) -> Receipt:
    """Keep what was posted, unread, and have the account visited at once; its receipt.

    Of two requests with the same Idempotency-Key only the first one is taken, whichever process got it.
    """
    wake_accounts(session, [account.id], due=to_ms(at))  # first: its host's row is what two such requests wait for
    if idempotency_key is not None and (earlier := earlier_receipt(session, key, idempotency_key)):
        return earlier
    receipt = Receipt(
        id=uuid4(),
        account=account.id,
        key=key,
        asked=asked,
        native_id=native_id,
        fingerprint=payload.fingerprint,
        at=at,
    )
    keep_payloads(session, account.id, {payload.fingerprint: payload}, fetched_at=to_ms(at))
    session.run(
        insert(receipts),
        {
            "id": receipt.id,
            "account_id": account.id,
            "key_id": key,
            "idempotency_key": idempotency_key,
            "asked": asked,
            "native_id": native_id,
            "fingerprint": payload.fingerprint,
            "at": to_ms(at),
        },
    )
    return receipt


def take_unread(session: WriteSession, account: UUID, payload: Payload, *, is_partial: bool, at: datetime) -> None:
    """Keep what a platform pushed, unread, and have its account visited at once; the same thing again changes nothing.

    What is partial (a bot is told of a picture without its address) is not kept where the
    account answers by itself: the visit brings it whole.
    """
    wake_accounts(session, [account], due=to_ms(at))
    answers = session.row(_ANSWERS, {"account": account}) is not None
    if not (is_partial and answers):
        keep_payloads(session, account, {payload.fingerprint: payload}, fetched_at=to_ms(at))


def take_back(
    session: WriteSession, account: UUID, native_id: str, *, names: Callable[[Payload], str | None], at: datetime
) -> bool:
    """Its own department takes a post back: it is gone at once. False where there is no such post.

    `names` tells which post a payload is of: what waits unread of this one is never read.
    """
    number = take_clock(session)
    post = post_id(account, native_id)
    waiting = [
        kept.id for kept in unread_payloads(session, account, most=_MOST_UNREAD) if names(kept.payload) == native_id
    ]
    mark_payloads(session, [Marked(id=id, fault=_TAKEN_BACK) for id in waiting])
    row = session.row(_POST, {"post": post})
    if row is None:
        return bool(waiting)
    if row.status in {PostStatus.LIVE, PostStatus.HELD}:
        hide_for_good(session, post, change=number + 1, at=at)
        set_clock(session, number + 1, at=to_ms(at))
    return True


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        id=row.id,
        account=row.account_id,
        key=row.key_id,
        asked=row.asked,
        native_id=row.native_id,
        fingerprint=row.fingerprint,
        at=from_ms(row.at),
    )
