"""The public log: every act of the desk, chained by hashes; it can only grow."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, insert, select, text

from feedhub.posts.acts import ActKind
from feedhub.posts.chain import BEGINNING, ChainFault, Entry, Head, LoggedAct, first_fault, hash_of
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables_wires import acknowledgements, acts
from feedhub.store.times import from_ms, to_ms

_NEWEST = select(*acts.c["number", "hash"]).order_by(acts.c["number"].desc()).limit(1)
_APPEND = insert(acts)
_BEFORE = (
    select(acts).where(acts.c["number"] < bindparam("below")).order_by(acts.c["number"].desc()).limit(bindparam("most"))
)
_AFTER = select(acts).where(acts.c["number"] > bindparam("above")).order_by(acts.c["number"]).limit(bindparam("most"))
# ix_act_subject
_LAST_OF = (
    select(acts)
    .where(
        acts.c.subject.in_(bindparam("subjects", expanding=True)), acts.c.kind.in_(bindparam("kinds", expanding=True))
    )
    .order_by(acts.c["number"])
)
_HAS = select(acts.c["number"]).where(acts.c.hash == bindparam("said"))
_RECEIPTS = (
    select(
        acknowledgements.c.act,
        func.count().label("told"),
        func.count(acknowledgements.c.acknowledged_at).label("acknowledged"),
    )
    .where(
        acknowledgements.c.act.in_(bindparam("numbers", expanding=True)),
        acknowledgements.c.sent_at.is_not(None) | acknowledgements.c.acknowledged_at.is_not(None),
    )
    .group_by(acknowledgements.c.act)
)
_TELL = text(
    "INSERT INTO acknowledgement (act, key_id, written_at, tries, next_try_at)"
    " SELECT :act, id, :at, 0, :at FROM api_key"
    " WHERE contact LIKE '%@%' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :at)"
    # While a key and its successor both open, one of them is told.
    " AND NOT EXISTS (SELECT 1 FROM api_key AS newer WHERE newer.follows = api_key.id AND newer.revoked_at IS NULL"
    " AND newer.contact LIKE '%@%' AND (newer.expires_at IS NULL OR newer.expires_at > :at))"
)

_LAST = 2**63 - 1
_A_STRETCH = 1_000  # entries read at once


def append_act(  # noqa: PLR0913  # what an entry says
    session: WriteSession,
    kind: ActKind,
    *,
    actor: str,
    subject: UUID,
    department: str,
    change: int | None,
    reason: str,
    at: datetime,
    tells: bool,
) -> Entry:
    """Write the next entry. The clock is held, so that two processes keep one chain.

    `change` is None where nothing public changed. `tells`: published content changed, so that
    whoever holds a key and left an address is to be told.
    """
    head = log_head(session)
    entry = Entry(
        number=head.number + 1,
        at=at.replace(microsecond=0),
        actor=actor,
        kind=kind.value,
        subject=subject,
        department=department,
        change=change,
        reason=reason,
        before=head.hash,
    )
    row = {**entry.told(), "at": to_ms(entry.at), "subject": subject, "hash": hash_of(entry)}
    session.run(_APPEND, row)
    if tells:
        session.run(_TELL, {"act": entry.number, "at": to_ms(entry.at)})
    return entry


def log_head(session: ReadSession) -> Head:
    """The newest entry; before the first one its number is 0."""
    row = session.row(_NEWEST)
    return Head(number=row.number, hash=row.hash) if row else Head(number=0, hash=BEGINNING)


def newest_acts(session: ReadSession, *, before: int | None, most: int) -> tuple[LoggedAct, ...]:
    """Entries older than number `before`, newest first."""
    return _logged(session, session.rows(_BEFORE, {"below": _LAST if before is None else before, "most": most}))


def acts_after(session: ReadSession, after: int, *, most: int) -> tuple[LoggedAct, ...]:
    """Entries beyond number `after`, oldest first."""
    return _logged(session, session.rows(_AFTER, {"above": after, "most": most}))


def act_named(session: ReadSession, number: int) -> LoggedAct | None:
    """One entry."""
    return next((act for act in acts_after(session, number - 1, most=1) if act.entry.number == number), None)


def last_acts(session: ReadSession, subjects: Sequence[UUID], kinds: frozenset[ActKind]) -> dict[UUID, Entry]:
    """The newest act of some kinds on each of these posts or accounts."""
    asked = {"subjects": list(subjects), "kinds": [kind.value for kind in kinds]}
    return {row.subject: _entry(row) for row in session.rows(_LAST_OF, asked)}


def log_fault(session: ReadSession) -> ChainFault | None:
    """The first entry at which the chain is broken; None where it holds from the first to the newest."""
    head = Head(number=0, hash=BEGINNING)
    while rows := session.rows(_AFTER, {"above": head.number, "most": _A_STRETCH}):
        stretch = [(_entry(row), row.hash) for row in rows]
        if fault := first_fault(stretch, after=head.number, before=head.hash):
            return fault
        head = Head(number=rows[-1].number, hash=rows[-1].hash)
    return None


def number_of(session: ReadSession, hash: str) -> int | None:
    """The entry that has this hash; None where the log holds none."""
    row = session.row(_HAS, {"said": hash})
    return None if row is None else int(row.number)


def _logged(session: ReadSession, rows: Sequence[Row[Any]]) -> tuple[LoggedAct, ...]:
    if not rows:
        return ()
    receipts = {row.act: row for row in session.rows(_RECEIPTS, {"numbers": [row.number for row in rows]})}
    named = register_copy(session).departments
    return tuple(
        LoggedAct(
            entry=_entry(row),
            hash=row.hash,
            department=named[row.department].name if row.department in named else row.department,
            told=receipts[row.number].told if row.number in receipts else 0,
            acknowledged=receipts[row.number].acknowledged if row.number in receipts else 0,
        )
        for row in rows
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        number=row.number,
        at=from_ms(row.at),
        actor=row.actor,
        kind=row.kind,
        subject=row.subject,
        department=row.department,
        change=row.change,
        reason=row.reason,
        before=row.before,
    )
