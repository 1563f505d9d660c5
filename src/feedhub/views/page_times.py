"""Times as people read them, in the publisher's zone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, format_time

# English as the Commonwealth writes it: the day before the month, 24 hours.
_LOCALES: Final = {"id": "id_ID", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class ShownTime:
    """A moment for `<time>`: RFC 3339 for programs, words for people."""

    machine: str
    words: str


def day_words(day: date, language: str) -> str:
    """A date in words.

    >>> day_words(date(2026, 8, 17), "id")
    '17 Agustus 2026'
    """
    return format_date(day, "d MMMM y", locale=_LOCALES[language])


def days_words(first: date, last: date, language: str) -> str:
    """Several days in words.

    >>> days_words(date(2026, 8, 17), date(2026, 8, 19), "id")
    '17–19 Agu 2026'
    """
    # CLDR puts thin spaces around some dashes, which few fonts of cheap phones have.
    return format_interval(first, last, "yMMMMd", locale=_LOCALES[language]).replace("\u2009", " ")


def month_words(day: date, language: str) -> str:
    """The month that a day is in.

    >>> month_words(date(2026, 8, 17), "id")
    'Agustus 2026'
    """
    return format_date(day, "MMMM y", locale=_LOCALES[language])


def short_month(day: date, language: str) -> str:
    """The month alone, short enough for a block with the day.

    >>> short_month(date(2026, 8, 17), "id")
    'Agu'
    """
    return format_date(day, "MMM", locale=_LOCALES[language])


def weekday_words(day: date, language: str) -> str:
    """The day of the week.

    >>> weekday_words(date(2026, 8, 17), "id")
    'Senin'
    """
    return format_date(day, "EEEE", locale=_LOCALES[language])


def shown_day(moment: datetime, zone: ZoneInfo, language: str) -> ShownTime:
    """The day alone, with its name, for what lasts all day."""
    local = moment.astimezone(zone).date()
    return ShownTime(local.isoformat(), format_date(local, "EEEE, d MMMM y", locale=_LOCALES[language]))


def clock_words(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """The time of day in `zone`, with its name.

    >>> from datetime import UTC
    >>> clock_words(datetime(2026, 11, 20, 1, 5, tzinfo=UTC), ZoneInfo("Asia/Jakarta"), "id")
    '08.05 WIB'
    """
    local = moment.astimezone(zone)
    return f"{format_time(local, 'short', locale=_LOCALES[language])} {_zone_name(local)}"


def shown_time(moment: datetime, zone: ZoneInfo, language: str, *, with_day: bool = False) -> ShownTime:
    """The moment in `zone`, whole minutes for people, whole seconds for programs.

    >>> from datetime import UTC
    >>> shown_time(datetime(2026, 11, 20, 1, 5, tzinfo=UTC), ZoneInfo("Asia/Jakarta"), "id")
    ShownTime(machine='2026-11-20T08:05:00+07:00', words='20 November 2026, 08.05 WIB')
    """
    local = moment.astimezone(zone).replace(microsecond=0)
    day = shown_day(moment, zone, language).words if with_day else day_words(local.date(), language)
    return ShownTime(local.isoformat(), f"{day}, {clock_words(moment, zone, language)}")


def brief_time(moment: datetime, zone: ZoneInfo, language: str) -> ShownTime:
    """The same in a few letters, for the cards of a list, whose page says the zone.

    >>> from datetime import UTC
    >>> brief_time(datetime(2026, 11, 20, 1, 5, tzinfo=UTC), ZoneInfo("Asia/Jakarta"), "id").words
    '20 Nov 2026, 08.05'
    """
    local = moment.astimezone(zone).replace(microsecond=0)
    day = format_date(local.date(), "d MMM y", locale=_LOCALES[language])
    return ShownTime(local.isoformat(), f"{day}, {format_time(local, 'short', locale=_LOCALES[language])}")


def _zone_name(local: datetime) -> str:
    """`WIB` where the zone has such a name, else `UTC+03:00`."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local.isoformat()[-6:]}"
