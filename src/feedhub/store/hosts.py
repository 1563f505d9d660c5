"""Hosts and their leases: who may walk a host now, and when its accounts are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import TextClause, bindparam, select, text, update

from feedhub.accounts.account import ASKED, Account
from feedhub.accounts.kinds import KindRule
from feedhub.errors import LeaseLost
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import accounts, payloads
from feedhub.store.tables_desk import pushes

# Pings that were followed by something new, until a hub's silence means anything.
TRUSTED_AFTER = 3

# Leases live by the database's clock: the one that every process sees.
_NOW = {
    True: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    False: "CAST(extract(epoch from clock_timestamp()) * 1000 AS bigint)",
}

_FREE = "next_at <= :due AND lease_until < {now}"
_CLAIM = {
    is_sqlite: text(
        f"UPDATE host SET lease_token = :token, lease_until = {now} + :lease WHERE name"  # noqa: S608  # constants only
        # As an array it is asked once; PostgreSQL may plan an IN so that it asks again and leases too many.
        f" {'IN (' if is_sqlite else '= ANY (ARRAY('}"
        f"SELECT name FROM host WHERE {_FREE.format(now=now)} ORDER BY next_at LIMIT :most"
        f"{')' if is_sqlite else ' FOR UPDATE SKIP LOCKED))'} RETURNING name"
    )
    for is_sqlite, now in _NOW.items()
}
_CLAIM_NAMED = {
    is_sqlite: text(
        f"UPDATE host SET lease_token = :token, lease_until = {now} + :lease"  # noqa: S608  # constants only
        f" WHERE name IN :names AND lease_until < {now} RETURNING name"
    ).bindparams(bindparam("names", expanding=True))
    for is_sqlite, now in _NOW.items()
}
_RENEW = {
    is_sqlite: text(
        f"UPDATE host SET lease_until = {now} + :lease WHERE lease_token = :token AND name IN :names"  # noqa: S608  # constants only
        " RETURNING name"
    ).bindparams(bindparam("names", expanding=True))
    for is_sqlite, now in _NOW.items()
}
_HOLD = text("SELECT name FROM host WHERE name = :name AND lease_token = :token")
_HOLD_LOCKED = text("SELECT name FROM host WHERE name = :name AND lease_token = :token FOR SHARE")
# ix_account_due
_RELEASE = text(
    "UPDATE host SET lease_token = NULL, lease_until = 0, retry_at = :retry_at, next_at = CASE WHEN :retry_at > due.at"
    " THEN :retry_at ELSE due.at END FROM (SELECT coalesce(min(next_visit_at), 9000000000000000) AS at FROM account"
    " WHERE host = :name AND status IN ('active', 'stopped')) AS due WHERE name = :name AND lease_token = :token"
)
_DUE = (
    select(
        *accounts.c["id", "host", "cursor", "failures", "last_success_at", "reason", "last_visit_at", "next_visit_at"],
        # uq_payload_unread
        select(payloads.c.id)
        .where(payloads.c.account_id == accounts.c.id, payloads.c.state == text("'unread'"))
        .exists()
        .label("waits"),
        select(pushes.c.account_id)
        .where(
            pushes.c.account_id == accounts.c.id,
            pushes.c.state == text("'active'"),
            pushes.c.lease_until > bindparam("due"),
            pushes.c.proved >= TRUSTED_AFTER,
        )
        .exists()
        .label("is_pushed"),
    )
    .where(
        accounts.c.host.in_(bindparam("names", expanding=True)),
        accounts.c.status.in_(ASKED),
        accounts.c.next_visit_at <= bindparam("due"),
    )
    .order_by(accounts.c.next_visit_at)
)
_WAKE = (
    update(accounts)
    .where(accounts.c.id.in_(bindparam("ids", expanding=True)), accounts.c.status.in_(ASKED))
    .values(next_visit_at=bindparam("due"))
)
_WAKE_HOSTS = text("UPDATE host SET next_at = :due WHERE name IN :names").bindparams(bindparam("names", expanding=True))
_HOSTS_OF = select(accounts.c.host).where(accounts.c.id.in_(bindparam("ids", expanding=True))).distinct()
_NEXT = text("SELECT min(next_at) AS at FROM host")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAccount:
    """An account to visit, with what we remember of it. Times in ms."""

    account: Account
    host: str
    cursor: dict[str, str]
    failures: int
    is_first: bool
    waits: bool  # whether payloads of it are kept but unread
    planned: int  # when it was due
    note: str | None = None  # what its last visit said
    rules: tuple[KindRule, ...] = ()  # the register's, for kinds
    is_pushed: bool = False  # whether a hub that has proved itself tells of every change
    interval: timedelta = timedelta()  # between its last visit and this one, as it was planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to walk a host, until somebody else's token stands there."""

    host: str
    token: str


def claim_hosts(session: WriteSession, *, token: str, due: int, lease: int, most: int) -> tuple[str, ...]:
    """Lease up to `most` hosts whose time has come (`due`, `lease` in ms); their names.

    One statement, so two processes never get the same host. ix_host_next_at.
    """
    values = {"token": token, "due": due, "lease": lease, "most": most}
    return tuple(row.name for row in session.run(_CLAIM[session.is_sqlite], values))


def due_accounts(session: ReadSession, hosts: Sequence[str], *, due: int) -> tuple[DueAccount, ...]:
    """The accounts of these hosts whose time has come, the longest waiting first."""
    copy = register_copy(session)
    return tuple(
        DueAccount(
            account=copy.accounts[row.id],
            host=row.host,
            cursor=msgspec.json.decode(row.cursor, type=dict[str, str]),
            failures=row.failures,
            is_first=row.last_success_at is None,
            waits=bool(row.waits),
            planned=row.next_visit_at,
            note=row.reason if row.failures == 0 else None,
            rules=copy.register.kinds,
            is_pushed=bool(row.is_pushed),
            interval=timedelta(milliseconds=max(row.next_visit_at - (row.last_visit_at or row.next_visit_at), 0)),
        )
        for row in session.rows(_DUE, {"names": list(hosts), "due": due})
    )


def claim_named_hosts(session: WriteSession, names: Sequence[str], *, token: str, lease: int) -> tuple[str, ...]:
    """Lease those of `names` that nobody walks, whatever their time; their names."""
    values = {"token": token, "lease": lease, "names": list(names)}
    return tuple(row.name for row in session.run(_CLAIM_NAMED[session.is_sqlite], values))


def renew_leases(session: WriteSession, names: Sequence[str], *, token: str, milliseconds: int) -> tuple[str, ...]:
    """Keep the leases of hosts that are walked under `token`; the names of those that still are."""
    if not names:
        return ()
    values = {"token": token, "lease": milliseconds, "names": list(names)}
    return tuple(row.name for row in session.run(_RENEW[session.is_sqlite], values))


def hosts_of(session: ReadSession, ids: Sequence[UUID]) -> tuple[str, ...]:
    """The hosts of these accounts."""
    return tuple(row.host for row in session.rows(_HOSTS_OF, {"ids": list(ids)}))


def hold_lease(session: WriteSession, lease: Lease) -> None:
    """Make sure, for the length of this transaction, that the lease is ours.

    Raises:
        LeaseLost: it is not; what the visit found has to be dropped.
    """
    statement: TextClause = _HOLD if session.is_sqlite else _HOLD_LOCKED
    if session.row(statement, {"name": lease.host, "token": lease.token}) is None:
        raise LeaseLost(f"Another process walks {lease.host} now.")


def release_host(session: WriteSession, lease: Lease, *, retry_at: int = 0) -> None:
    """Give a host back; its next time is its next account's, or `retry_at` if that is later."""
    session.run(_RELEASE, {"name": lease.host, "token": lease.token, "retry_at": retry_at})


def wake_accounts(session: WriteSession, ids: Sequence[UUID], *, due: int) -> None:
    """Make these accounts due now, whatever their time was."""
    if not ids:  # PostgreSQL knows no type of a name that is none of nothing
        return
    # Hosts before accounts, as visits lock them: in another order the two could wait for each other.
    session.run(_WAKE_HOSTS, {"due": due, "names": sorted(hosts_of(session, ids))})
    session.run(_WAKE, {"due": due, "ids": list(ids)})


def next_due(session: ReadSession) -> int | None:
    """When the next host's time comes, in ms; None without hosts."""
    row = session.row(_NEXT)
    return None if row is None or row.at is None else int(row.at)
