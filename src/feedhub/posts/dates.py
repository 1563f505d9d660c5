"""Dates as the world writes them, read into aware datetimes; what can't be read is unknown."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from unicodedata import normalize

from feedhub.posts.date_parts import MONTHS, Clock, microseconds, moment, sensible, zone_of
from feedhub.posts.loose_dates import loose_date

_LONGEST = 128  # characters; the longest honest date (JavaScript's, with its comment) has 70

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
).fullmatch
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2,3}) (\d{4}) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d) ([A-Z]{3,4}|[+-]\d{4})",
    re.ASCII,
).fullmatch
_ISO8601 = re.compile(
    r"""(?P<year>\d{4})
        (?: (?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d) | -?W(?P<week>\d\d)-?(?P<weekday>[1-7]) | -?(?P<ordinal>\d{3}) )
        (?: (?:T|\s|,\s)\s* (?P<hour>\d\d)
            (?: (?P<colon>:?)(?P<minute>\d\d) (?: (?P=colon)(?P<second>\d\d) )? (?:[.,](?P<fraction>\d+))? )? )?
        (?: \s*(?P<zone>Z|[+-]\d\d(?::?\d\d)?(?::\d\d)?|[A-Z]{1,5}) )?
        (?: \[[A-Z0-9_+=!/-]+\] )*""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
).fullmatch

# Jum'at in five spellings; the minus sign that ISO 8601 prefers; marks that nobody sees.
_REPAIRS = dict.fromkeys(map(ord, "'’‘`´ʼ\u200b\u200e\u200f\ufeff"), None) | {0x2212: "-"}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_DIGITS, _MILLISECONDS_DIGITS = 10, 13
_COMPACT_TIMES = (12, 14)  # digits of yyyymmddhhmm and yyyymmddhhmmss


def read_date(text: str, *, zone: tzinfo | None = None) -> datetime | None:
    """The instant that `text` names, or None: unknown, never invented. Never raises.

    Reads RFC 822/2822 and 850, asctime, RFC 3339, ISO 8601 (days, weeks, ordinals, compact),
    epoch seconds (10 digits) and milliseconds (13), and what people write in English and
    Indonesian. The result keeps the offset that was written. A text without a zone, or with
    one that nobody knows, is in `zone`, and without `zone` in UTC; a day without a time is
    its midnight there. A wrong weekday is ignored. `06/08/2025` is read only where one
    number can't be a month, both are equal, or the text has an Indonesian word. A month
    without a day, a year outside 1970-2100 and a text of more than 128 characters are unknown.

    >>> read_date("Rabu, 06 Agustus 2025 pukul 10.00 WIB").isoformat()
    '2025-08-06T10:00:00+07:00'
    >>> read_date("06/08/2025"), read_date("31 Feb 2025")
    (None, None)
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    try:
        if _RFC3339(text):
            return sensible(datetime.fromisoformat(text))
        if found := _RFC822(text):
            day, month, year, hour, minute, second, offset = found.groups()
            known = zone_of(offset)
            if known and (number := MONTHS.get(month.lower())):
                return sensible(
                    datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=known)
                )
        return _slowly(normalize("NFKC", text.translate(_REPAIRS)).strip(), zone or UTC)
    except (ValueError, OverflowError):
        return None


def _slowly(text: str, zone: tzinfo) -> datetime | None:
    if text.isascii() and text.isdigit():
        if len(text) == _SECONDS_DIGITS:
            return sensible(_EPOCH + timedelta(seconds=int(text)))
        if len(text) == _MILLISECONDS_DIGITS:
            return sensible(_EPOCH + timedelta(milliseconds=int(text)))
        if len(text) in _COMPACT_TIMES:
            text = f"{text[:8]}T{text[8:]}"
    if found := _ISO8601(text):
        return _iso_date(found, zone)
    return loose_date(text, zone)


def _iso_date(found: re.Match[str], zone: tzinfo) -> datetime:
    """ISO 8601-1:2019 sections 5.2 and 5.3, with RFC 9557's suffix passed over."""
    year = int(found["year"])
    if found["week"]:
        day = date.fromisocalendar(year, int(found["week"]), int(found["weekday"]))
    elif found["ordinal"]:
        day = date(year, 1, 1) + timedelta(days=int(found["ordinal"]) - 1)
        if day.year != year:
            raise ValueError(found[0])
    else:
        day = date(year, int(found["month"]), int(found["day"]))
    return moment(day, _iso_clock(found), (zone_of(found["zone"]) if found["zone"] else None) or zone)


def _iso_clock(found: re.Match[str]) -> Clock:
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    fraction = microseconds(found["fraction"] or "0")
    if found["second"]:
        return Clock(hour, minute, int(found["second"]), fraction)
    # A fraction belongs to the last unit written, here the minute.
    second, microsecond = divmod(fraction * 60, 1_000_000)
    return Clock(hour, minute, second, microsecond)
