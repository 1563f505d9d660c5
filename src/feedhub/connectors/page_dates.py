"""When a page without machine-readable dates was published, read from its words."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from feedhub.posts.date_parts import MONTHS, WEEKDAYS
from feedhub.posts.dates import read_date

# Pages of Indonesian sites write local times without a zone; most of its people live in this one.
WIB = timezone(timedelta(hours=7))

_SHORT = 120  # characters of a line that is about the article, not of it
_MANY_LINES = 60
_YEARS_BACK = 6  # within so many years a weekday tells which year was meant, nearly always
_MONTH = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_ZONE = r"(?:\s*(?:WIB|WITA|WIT|GMT[+-]\d+|UTC)\b)?"
_CLOCK = rf"(?:[\s,|@/–—-]*(?:pukul|pkl\.?|jam|at)?\s*\d{{1,2}}[:.]\d\d(?:[:.]\d\d)?(?:\s*[ap]m\b)?{_ZONE})?"
_WRITTEN = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[\s/.-]+(?:{_MONTH})\.?[\s/.,-]+\d{{4}}|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{4}}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}){_CLOCK}",
    re.IGNORECASE,
)
# As journalists write it: Rabu (26/11), also with a year, also with the month's name.
_DATELINE = re.compile(
    rf"\b({'|'.join(sorted((re.escape(name) for name in WEEKDAYS), key=len, reverse=True))}|jum['’]at)\s*,?\s*"
    rf"\((\d{{1,2}})\s*[/.\s-]\s*(\d{{1,2}}|{_MONTH})(?:\s*[/.\s-]\s*(\d{{4}}|\d\d))?\)",
    re.IGNORECASE,
)
_DAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin mon monday",
            "selasa tue tuesday",
            "rabu wed wednesday",
            "kamis thu thursday",
            "jumat fri friday",
            "sabtu sat saturday",
            "minggu ahad sun sunday",
        )
    )
    for name in names.split()
}


def has_date(line: str) -> bool:
    """Whether a short line tells a date."""
    return len(line) <= _SHORT and _WRITTEN.search(line) is not None


def written_date(lines: Iterable[str], *, seen_on: date) -> datetime | None:
    """The first date in the short lines around an article; a day without a time is its midnight.

    >>> written_date(["Beranda", "Rabu, 06 Agustus 2025 | 10:00 WIB", "Humas"], seen_on=date(2026, 1, 1)).isoformat()
    '2025-08-06T10:00:00+07:00'
    """
    for line in list(lines)[:_MANY_LINES]:
        if len(line) > _SHORT:
            continue
        for found in _WRITTEN.finditer(line):
            moment = read_date(_tidy(found[0]), zone=WIB) or read_date(_tidy(f"tgl {found[0]}"), zone=WIB)
            if moment is not None and moment.date() <= seen_on + timedelta(days=1):
                return moment
    return None


def dateline(text: str, *, seen_on: date) -> datetime | None:
    """The day in the first "Rabu (26/11)" of a text, in the latest year in which that day was a Wednesday.

    >>> dateline("Wali kota membuka pasar murah, Rabu (26/11). Warga …", seen_on=date(2026, 3, 1)).date().isoformat()
    '2025-11-26'
    """
    for found in _DATELINE.finditer(text):
        weekday = _DAYS.get(found[1].lower().replace("'", "").replace("’", ""))
        month = int(found[3]) if found[3].isdecimal() else MONTHS.get(found[3].lower().rstrip("."), 0)
        day = _latest_day(int(found[2]), month, found[4], weekday, seen_on)
        if day is not None:
            return datetime(day.year, day.month, day.day, tzinfo=WIB)
    return None


def _latest_day(day: int, month: int, year: str | None, weekday: int | None, seen_on: date) -> date | None:
    years = range(seen_on.year, seen_on.year - _YEARS_BACK, -1)
    if year is not None:
        years = range(int(year) % 100 + 2000, int(year) % 100 + 1999, -1)
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found <= seen_on + timedelta(days=1) and (weekday is None or found.weekday() == weekday or year):
            return found
    return None


def _tidy(text: str) -> str:
    return " ".join(text.replace("|", " ").replace("@", " ").split())
