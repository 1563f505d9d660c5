"""The register as it is kept: publisher, kinds, departments and accounts."""

from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Row, select, text

from feedhub.accounts.account import Account, AccountStatus, Department, Platform, Publisher, Register, Via
from feedhub.accounts.kinds import Kind, KindRule
from feedhub.store.session import ReadSession, RegisterCopy, WriteSession
from feedhub.store.tables import accounts

_NUMBER = text("SELECT register_number FROM clock WHERE id = 1")
_PUBLISHER = text("SELECT name, language, time_zone, license, url, kinds FROM publisher")
_DEPARTMENTS = text(
    'SELECT id, slug, name, short_name, url, email, phone, "group", area, contacts FROM department ORDER BY name, slug'
)
_FORMER = text("SELECT slug, department_id FROM former_slug ORDER BY slug")
_ACCOUNTS = select(
    *accounts.c[
        "id",
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
    ]
).order_by(accounts.c.key)


def kept_register(session: ReadSession) -> Register:
    """The register as of this session; read again only where it changed."""
    return register_copy(session).register


def register_copy(session: ReadSession) -> RegisterCopy:
    """The same, with accounts by id and departments by slug."""
    if session.register_copy is None:
        session.register_copy = _current(session)
    return session.register_copy


def _current(session: ReadSession) -> RegisterCopy:
    row = session.row(_NUMBER)
    number = -1 if row is None else int(row.register_number)
    newest = session.copies.newest
    if newest.number == number:
        return newest
    copy = _read(session, number)
    # What a writer sees may be rolled back yet, and its number used for something else.
    if not isinstance(session, WriteSession):
        session.copies.newest = copy
    return copy


def _read(session: ReadSession, number: int) -> RegisterCopy:
    publisher, kinds = Publisher(), tuple[KindRule, ...]()
    if row := session.row(_PUBLISHER):
        publisher = Publisher(
            name=row.name, language=row.language, time_zone=row.time_zone, license=row.license, url=row.url
        )
        kinds = msgspec.json.decode(row.kinds, type=tuple[KindRule, ...])
    former: dict[int, list[str]] = {}
    for row in session.rows(_FORMER):
        former.setdefault(row.department_id, []).append(row.slug)
    departments = {row.id: _department(row, former.get(row.id, [])) for row in session.rows(_DEPARTMENTS)}
    known = {row.id: _account(row, departments[row.department_id].slug) for row in session.rows(_ACCOUNTS)}
    return RegisterCopy(
        number=number,
        register=Register(
            publisher=publisher,
            kinds=kinds,
            departments=tuple(departments.values()),
            accounts=tuple(known.values()),
        ),
        accounts=known,
        departments={department.slug: department for department in departments.values()},
        department_ids={department.slug: row_id for row_id, department in departments.items()},
    )


def _department(row: Row[Any], former: list[str]) -> Department:
    return Department(
        slug=row.slug,
        name=row.name,
        short_name=row.short_name,
        url=row.url,
        email=row.email,
        phone=row.phone,
        group=row.group,
        area=row.area,
        formerly=tuple(former),
        contacts=tuple(msgspec.json.decode(row.contacts)),
    )


def _account(row: Row[Any], department: str) -> Account:
    return Account(
        key=row.key,
        platform=Platform(row.platform),
        department=department,
        url=row.url,
        handle=row.handle,
        via=Via(row.via) if row.via else None,
        kind=Kind(row.kind) if row.kind else None,
        verified_at=date.fromisoformat(row.verified_at) if row.verified_at else None,
        evidence=row.evidence,
        status=AccountStatus(row.status),
        delay=row.delay,
        holds=msgspec.json.decode(row.holds, type=tuple[tuple[str, int], ...]),
    )
