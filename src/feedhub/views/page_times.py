"""Times as people read them, in the publisher's zone."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_DAYS = {
    "id": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}


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
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def shown_day(moment: datetime, zone: ZoneInfo, language: str) -> ShownTime:
    """The day alone, with its name, for what lasts all day."""
    local = moment.astimezone(zone)
    words = f"{_DAYS[language][local.weekday()]}, {day_words(local, language)}"
    return ShownTime(local.date().isoformat(), words)


def shown_time(moment: datetime, zone: ZoneInfo, language: str, *, with_day: bool = False) -> ShownTime:
    """The moment in `zone`, whole minutes for people, whole seconds for programs.

    >>> from datetime import UTC
    >>> shown_time(datetime(2026, 11, 20, 1, 5, tzinfo=UTC), ZoneInfo("Asia/Jakarta"), "id")
    ShownTime(machine='2026-11-20T08:05:00+07:00', words='20 November 2026, 08.05 WIB')
    """
    local = moment.astimezone(zone).replace(microsecond=0)
    # Indonesian writes 08.05 (PUEBI), English 08:05.
    clock = f"{local:%H.%M}" if language == "id" else f"{local:%H:%M}"
    day = shown_day(moment, zone, language).words if with_day else day_words(local, language)
    return ShownTime(local.isoformat(), f"{day}, {clock} {_zone_name(local)}")


def _zone_name(local: datetime) -> str:
    """`WIB` where the zone has such a name, else `UTC+03:00`."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local.isoformat()[-6:]}"
