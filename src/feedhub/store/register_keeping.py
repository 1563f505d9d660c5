"""Writing the register: departments, accounts, the publisher and the rules for kinds."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from feedhub.accounts.account import Account, AccountStatus, Department, Publisher, Register
from feedhub.accounts.kinds import KindRule
from feedhub.accounts.register_changes import RegisterChanges, register_changes
from feedhub.errors import FeedHubError
from feedhub.store.clock import set_register_clock, take_clock
from feedhub.store.register import kept_register, register_copy
from feedhub.store.session import WriteSession
from feedhub.store.tables import accounts, departments
from feedhub.store.visits import set_status

_DELETE_PUBLISHER = text("DELETE FROM publisher")
_INSERT_PUBLISHER = text(
    "INSERT INTO publisher (id, name, language, time_zone, license, url, kinds)"
    " VALUES (1, :name, :language, :time_zone, :license, :url, :kinds)"
)
_IDS = select(departments.c.id, departments.c.slug)
_RENAME = text("UPDATE department SET slug = :new WHERE slug = :old")
_MERGE_SLUGS = text("UPDATE former_slug SET department_id = :into WHERE department_id = :old")
_MERGE = text("DELETE FROM department WHERE id = :old")
_FORGET_SLUGS = text("DELETE FROM former_slug WHERE department_id = :id")
_FORMER_SLUG = text("INSERT INTO former_slug (slug, department_id) VALUES (:slug, :id)")
_HOST = text("INSERT INTO host (name, next_at, retry_at, lease_until) VALUES (:name, :at, 0, 0) ON CONFLICT DO NOTHING")
_WAKE_HOST = text("UPDATE host SET next_at = :at WHERE name = :name AND next_at > :at")
_PLACES = select(accounts.c.id, accounts.c.department_id)
_MOVE_INDEX = {
    True: text(
        "UPDATE search SET tokens = replace(tokens, :old, :new)"
        " WHERE rowid IN (SELECT order_key FROM post WHERE account_id = :account)"
    ),
    False: text(
        "UPDATE search SET words = ts_delete(words, :old) || CAST(:new AS tsvector)"
        " WHERE order_key IN (SELECT order_key FROM post WHERE account_id = CAST(:account AS uuid))"
    ),
}
_SPOKEN = [
    "key",
    "platform",
    "department_id",
    "url",
    "handle",
    "via",
    "kind",
    "verified_at",
    "evidence",
    "status",
    "delay",
    "holds",
    "change",
    "host",
]


def import_register(session: WriteSession, new: Register, *, retire_missing: bool, at: int) -> RegisterChanges:
    """Make what is kept say what `new` says; what that changed. Twice changes nothing more."""
    number = take_clock(session)
    changes = register_changes(kept_register(session), new, retire_missing=retire_missing)
    keep_register(session, changes, number=number, at=at)
    return changes


def set_account_status(session: WriteSession, ids: Sequence[UUID], status: AccountStatus, *, at: int) -> int:
    """Pause accounts or wake them; how many there were.

    Raises:
        FeedHubError: one is stopped, which only a lift ends.
    """
    number = take_clock(session) + 1
    for account in register_copy(session).accounts.values():
        if account.id in ids and account.status is AccountStatus.STOPPED:
            raise FeedHubError(f"The account is stopped; end that first: feedhub accounts lift {account.id}.")
    done = set_status(session, ids, status, change=number)
    set_register_clock(session, number, at=at)
    return done


def keep_register(session: WriteSession, changes: RegisterChanges, *, number: int, at: int) -> int:
    """Carry out what importing a register changes; the newest change number used.

    The clock is held (`number` is its own). New and changed accounts are due at once.
    """
    if not changes:
        return number
    if changes.publisher is not None or changes.kinds is not None:
        _keep_publisher(session, changes.publisher, changes.kinds)
    for old, new in changes.renamed:
        session.run(_RENAME, {"old": old, "new": new})
    for department in changes.departments:
        number += 1
        _keep_department(session, department, change=number)
    ids = {row.slug: row.id for row in session.rows(_IDS)}
    number = _keep_accounts(session, changes.accounts, ids, number=number, at=at)
    for old, into in changes.merged:
        session.run(_MERGE_SLUGS, {"old": ids[old], "into": ids[into]})
        session.run(_FORGET_SLUGS, {"id": ids[old]})
        session.run(_MERGE, {"old": ids[old]})
    _keep_former_slugs(session, changes.departments, ids)
    if changes.retired_ids:
        number += 1
        set_status(session, changes.retired_ids, AccountStatus.RETIRED, change=number)
    number += 1
    set_register_clock(session, number, at=at)
    return number


def _keep_publisher(session: WriteSession, publisher: Publisher | None, kinds: tuple[KindRule, ...] | None) -> None:
    kept = kept_register(session)
    publisher = publisher or kept.publisher
    rules = kept.kinds if kinds is None else kinds
    session.run(_DELETE_PUBLISHER)
    session.run(
        _INSERT_PUBLISHER,
        {
            "name": publisher.name,
            "language": publisher.language,
            "time_zone": publisher.time_zone,
            "license": publisher.license,
            "url": publisher.url,
            "kinds": msgspec.json.encode(rules).decode(),
        },
    )


def _keep_department(session: WriteSession, department: Department, *, change: int) -> None:
    told: dict[str, Any] = {
        "name": department.name,
        "short_name": department.short_name,
        "url": department.url,
        "email": department.email,
        "phone": department.phone,
        "group": department.group,
        "area": department.area,
        "contacts": msgspec.json.encode(department.contacts).decode(),
        "change": change,
    }
    done = session.run(update(departments).where(departments.c.slug == department.slug).values(told))
    if done.rowcount == 0:
        session.run(insert(departments), {"slug": department.slug, **told})


def _keep_former_slugs(session: WriteSession, told: Sequence[Department], ids: dict[str, int]) -> None:
    for department in told:
        session.run(_FORGET_SLUGS, {"id": ids[department.slug]})
    for department in told:
        for slug in department.formerly:
            session.run(_FORMER_SLUG, {"slug": slug, "id": ids[department.slug]})


def _keep_accounts(
    session: WriteSession, spoken: Sequence[Account], ids: dict[str, int], *, number: int, at: int
) -> int:
    if not spoken:
        return number
    for host in sorted({account.host for account in spoken}):
        session.run(_HOST, {"name": host, "at": at})
        session.run(_WAKE_HOST, {"name": host, "at": at})
    places = {row.id: row.department_id for row in session.rows(_PLACES)}
    rows = [_account(account, ids, change=number + 1 + place, at=at) for place, account in enumerate(spoken)]
    session.run(_upsert(session), rows)
    for account in spoken:
        old, new = places.get(account.id), ids[account.department]
        if old is not None and old != new:
            _move_posts(session, account, old=old, new=new)
    return number + len(rows)


def _upsert(session: WriteSession) -> Any:  # noqa: ANN401  # the two dialects' inserts share no type
    new = (sqlite if session.is_sqlite else postgresql).insert(accounts)
    kept = {name: new.excluded[name] for name in (*_SPOKEN, "next_visit_at")}
    # Another address is another source: validators and page tokens of the old one mean nothing there.
    return new.on_conflict_do_update(index_elements=["id"], set_={**kept, "cursor": "{}"})


def _account(account: Account, ids: dict[str, int], *, change: int, at: int) -> dict[str, Any]:
    return {
        "id": account.id,
        "key": account.key,
        "platform": account.platform.value,
        "department_id": ids[account.department],
        "url": account.url,
        "handle": account.handle,
        "via": account.via.value if account.via else None,
        "kind": account.kind.value if account.kind else None,
        "verified_at": account.verified_at.isoformat() if account.verified_at else None,
        "evidence": account.evidence,
        "status": account.status.value,
        "delay": account.delay,
        "holds": msgspec.json.encode(account.holds).decode(),
        "change": change,
        "host": account.host,
        "cursor": "{}",
        "next_visit_at": at,
        "outcome": "never",
        "failures": 0,
    }


def _move_posts(session: WriteSession, account: Account, *, old: int, new: int) -> None:
    """A department's posts are found by its token in the index (store/search.py)."""
    if session.is_sqlite:
        pair = {"old": f"d{old} a{account.id.hex}", "new": f"d{new} a{account.id.hex}", "account": account.id.hex}
    else:
        pair = {"old": f"@d{old}", "new": f"'@d{new}'", "account": str(account.id)}
    session.run(_MOVE_INDEX[session.is_sqlite], pair)
