"""The clock: one row whose lock puts every public change in order."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.times import from_ms

_TAKE = text("UPDATE clock SET number = number WHERE id = 1 RETURNING number")
_SET = text("UPDATE clock SET number = :number, at = :at WHERE id = 1")
_SET_REGISTER = text("UPDATE clock SET number = :number, at = :at, register_number = :number WHERE id = 1")
_READ = text("SELECT number, at FROM clock WHERE id = 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """The newest change number and when that change was made."""

    number: int
    at: datetime


def take_clock(session: WriteSession) -> int:
    """Lock the clock and tell its number.

    Must be the first statement of every transaction that may change anything public, and
    nobody may touch the network before its end: everyone who writes waits here.
    """
    return int(session.run(_TAKE).scalar_one())


def set_clock(session: WriteSession, number: int, *, at: int) -> None:
    """Make the numbers up to `number` used; they become visible with this transaction."""
    session.run(_SET, {"number": number, "at": at})


def set_register_clock(session: WriteSession, number: int, *, at: int) -> None:
    """The same, where a department, an account or the publisher changed."""
    session.run(_SET_REGISTER, {"number": number, "at": at})


def clock_now(session: ReadSession) -> ClockReading:
    """The newest public change."""
    row = session.row(_READ)
    if row is None:
        raise AssertionError("the clock's row is made by the first migration")
    return ClockReading(number=row.number, at=from_ms(row.at))
