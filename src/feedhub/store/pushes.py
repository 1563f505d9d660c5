"""Push subscriptions (WebSub): which hubs tell us at once that a feed has changed, and how far we trust them."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, insert, or_, select, text, update

from feedhub.accounts.account import AccountStatus
from feedhub.posts.text import one_line
from feedhub.store.hosts import wake_accounts
from feedhub.store.sealing import Keyring
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import accounts
from feedhub.store.tables_desk import pushes
from feedhub.store.times import to_ms

_TOKEN_BYTES, _SECRET_BYTES = 16, 32
_RENEWED_BEFORE = timedelta(days=1)
_ASKED_AGAIN = timedelta(hours=1)  # where the hub never came back to verify
_REFUSED_AGAIN = timedelta(days=1)
_PING_COUNTS = timedelta(minutes=10)
_PING_EVERY = timedelta(seconds=15)  # a hub that pings faster than this is one ping


class PushState(StrEnum):
    """How a subscription stands."""

    WANTED = "wanted"
    ASKED = "asked"
    ACTIVE = "active"
    REFUSED = "refused"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushSubscription:
    """One account's subscription. `token` stands in the address that the hub calls."""

    account: UUID
    token: str
    hub: str
    topic: str
    state: PushState
    sealed: bytes

    def secret(self, keyring: Keyring) -> bytes:
        """What the hub signs with."""
        return keyring.open(self.sealed, place=_place(self.account))


_OF = select(pushes).where(pushes.c.account_id == bindparam("account"))
_NAMED = select(pushes).where(pushes.c.token == bindparam("said"))
_DUE = (
    select(pushes, accounts.c.status.label("account_status"))
    .join(accounts, accounts.c.id == pushes.c.account_id)
    .where(
        or_(
            pushes.c.state == text("'wanted'"),
            (pushes.c.state == text("'asked'")) & (pushes.c.asked_at < bindparam("asked_before")),
            (pushes.c.state == text("'refused'")) & (pushes.c.asked_at < bindparam("refused_before")),
            (pushes.c.state == text("'active'")) & (pushes.c.lease_until < bindparam("ends_before")),
            # Where ending it failed it is `refused`, and tried again after a day like any other.
            pushes.c.state.not_in(("leaving", "refused")) & (accounts.c.status == text("'retired'")),
        )
    )
    .limit(50)
)
_PROVED = (
    update(pushes)
    .where(pushes.c.account_id == bindparam("of"), pushes.c.pinged_at > bindparam("after"))
    .values(proved=pushes.c.proved + 1, pinged_at=None)
)


def note_push(session: WriteSession, account: UUID, *, hub: str, topic: str, keyring: Keyring, at: datetime) -> None:
    """Want a subscription to what an account's feed names; a new hub or topic begins anew."""
    row = session.row(_OF, {"account": account})
    if row is not None and (row.hub, row.topic) == (hub, topic):
        return
    if row is not None:
        session.run(delete(pushes).where(pushes.c.account_id == account))
    session.run(
        insert(pushes),
        {
            "account_id": account,
            "token": secrets.token_urlsafe(_TOKEN_BYTES),
            "hub": hub,
            "topic": topic,
            "secret": keyring.seal(secrets.token_hex(_SECRET_BYTES).encode(), place=_place(account)),
            "state": PushState.WANTED.value,
            "asked_at": to_ms(at),
        },
    )


def seal_pushes_anew(session: WriteSession, keyring: Keyring) -> int:
    """Seal with the newest key what an older one sealed; how many there were."""
    old = [row for row in session.rows(select(pushes), {}) if not keyring.is_newest(row.secret)]
    for row in old:
        place = _place(row.account_id)
        sealed = keyring.seal(keyring.open(row.secret, place=place), place=place)
        session.run(update(pushes).where(pushes.c.account_id == row.account_id).values(secret=sealed))
    return len(old)


def due_pushes(session: ReadSession, *, now: datetime) -> tuple[tuple[PushSubscription, bool], ...]:
    """Subscriptions to ask for, renew or (True) end because their account left the register."""
    values = {
        "asked_before": to_ms(now - _ASKED_AGAIN),
        "refused_before": to_ms(now - _REFUSED_AGAIN),
        "ends_before": to_ms(now + _RENEWED_BEFORE),
    }
    return tuple((_kept(row), row.account_status == AccountStatus.RETIRED) for row in session.rows(_DUE, values))


def push_named(session: ReadSession, token: str) -> PushSubscription | None:
    """The subscription whose callback is asked."""
    row = session.row(_NAMED, {"said": token})
    return None if row is None else _kept(row)


def set_push(
    session: WriteSession,
    account: UUID,
    state: PushState,
    *,
    at: datetime,
    lease_until: datetime | None = None,
    fault: str | None = None,
) -> None:
    """Write how a subscription stands now."""
    told: dict[str, Any] = {"state": state.value, "fault": one_line(fault) if fault else None}
    if state in {PushState.ASKED, PushState.REFUSED, PushState.LEAVING}:
        told["asked_at"] = to_ms(at)
    if lease_until is not None:
        told["lease_until"] = to_ms(lease_until)
    session.run(update(pushes).where(pushes.c.account_id == account).values(told))


def forget_push(session: WriteSession, account: UUID) -> None:
    """An ended subscription."""
    session.run(delete(pushes).where(pushes.c.account_id == account))


def take_ping(session: WriteSession, account: UUID, *, at: datetime) -> bool:
    """A hub said that something is new: the account is asked now. False where it said so just before."""
    is_first = or_(pushes.c.pinged_at.is_(None), pushes.c.pinged_at < to_ms(at - _PING_EVERY))
    if session.row(select(pushes.c.account_id).where(pushes.c.account_id == account, is_first)) is None:
        return False
    # Hosts and accounts first, as visits lock them: in another order the two could wait for each other.
    wake_accounts(session, [account], due=to_ms(at))
    session.run(update(pushes).where(pushes.c.account_id == account).values(pinged_at=to_ms(at)))
    return True


def prove_push(session: WriteSession, account: UUID, *, at: datetime) -> None:
    """A visit found something new: a ping shortly before it told the truth."""
    session.run(_PROVED, {"of": account, "after": to_ms(at - _PING_COUNTS)})


def _place(account: UUID) -> str:
    return f"push/{account}"


def _kept(row: Row[Any]) -> PushSubscription:
    return PushSubscription(
        account=row.account_id,
        token=row.token,
        hub=row.hub,
        topic=row.topic,
        state=PushState(row.state),
        sealed=row.secret,
    )


def lease_end(now: datetime, seconds: int) -> datetime:
    """When a granted lease ends, at most a year from now.

    >>> from datetime import UTC
    >>> lease_end(datetime(2026, 1, 1, tzinfo=UTC), 864000).isoformat()
    '2026-01-11T00:00:00+00:00'
    """
    return now + timedelta(seconds=min(max(seconds, 60), 366 * 86_400))
