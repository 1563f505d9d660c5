"""Months and days as the publisher counts them: what archives and monthly files are cut by."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# The years that an order_key can hold, all months of which begin and end there in every zone.
_FIRST_YEAR, _LAST_YEAR = 1971, 2200
_NAMED = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def month_named(name: str) -> date | None:
    """The first day of the month that `name` is, or None.

    >>> month_named("2026-10"), month_named("2026-13"), month_named("1066-10")
    (datetime.date(2026, 10, 1), None, None)
    """
    if (found := _NAMED.fullmatch(name)) is None:
        return None
    month = date(int(found[1]), int(found[2]), 1)
    return month if _FIRST_YEAR <= month.year <= _LAST_YEAR else None


def month_name(month: date) -> str:
    """The month as addresses say it.

    >>> month_name(date(2026, 10, 17))
    '2026-10'
    """
    return f"{month:%Y-%m}"


def month_of(moment: datetime, zone: ZoneInfo) -> date:
    """The first day of the month in which `moment` is there."""
    return moment.astimezone(zone).date().replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next month.

    >>> month_after(date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return (month + timedelta(days=31)).replace(day=1)


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day, and so of a month by its first day."""
    return datetime.combine(day, time.min, zone)
