"""The words, zones and limits of written dates."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

_FIRST_YEAR, _LAST_YEAR = 1970, 2100

_MONTHS_BY_WORDS = (
    "january jan januari",
    "february feb februari peb pebruari",
    "march mar maret",
    "april apr",
    "may mei",
    "june jun juni",
    "july jul juli",
    "august aug agustus agu ags agt agst agust",
    "september sep sept",
    "october oct oktober okt",
    "november nov nopember nop",
    "december dec desember des",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS_BY_WORDS, 1) for word in words.split()}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INDONESIAN_WEEKDAYS = _words("senin sen selasa sel rabu rab kamis kam jumat jum sabtu sab minggu min ahad ahd")
_ENGLISH_WEEKDAYS = _words(
    "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun"
)
WEEKDAYS = _INDONESIAN_WEEKDAYS | _ENGLISH_WEEKDAYS

_INDONESIAN_NOISE = _words("pukul pkl jam hari tanggal tgl")
# Words that stand around dates and times and say nothing about them.
NOISE = _INDONESIAN_NOISE | _words("at on of the")

# A word of this table makes `06/08/2025` the sixth of August.
INDONESIAN = _INDONESIAN_WEEKDAYS | _INDONESIAN_NOISE | _words("wib wita wit")

# Hours east of UTC. RFC 822 section 5 and RFC 2822 section 4.3; then zones that mean one thing
# only (so no IST, BST or AST of three countries). RFC 822's one-letter zones were specified
# wrongly, so they say nothing but UTC.
_HOURS_BY_ZONES = {
    "a b c d e f g h i k l m n o p q r s t u v w x y z ut utc gmt wet": 0,
    "hst": -10,
    "akst": -9,
    "akdt pst": -8,
    "mst pdt": -7,
    "cst mdt": -6,
    "est cdt": -5,
    "edt": -4,
    "cet west": 1,
    "eet cest": 2,
    "msk eest": 3,
    "pkt": 5,
    "wib ict": 7,
    "wita sgt myt hkt awst": 8,
    "wit jst kst": 9,
    "acst": 9.5,
    "aest": 10,
    "acdt": 10.5,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
}
_ZONES: dict[str, tzinfo] = {
    zone: timezone(timedelta(hours=hours)) if hours else UTC
    for zones, hours in _HOURS_BY_ZONES.items()
    for zone in zones.split()
}

_OFFSET = re.compile(r"(?:gmt|utc|ut|z)?\s*([+-])(\d{1,2})(?::?(\d\d)(?::?\d\d)?)?", re.ASCII | re.IGNORECASE)


@lru_cache(maxsize=256)
def zone_of(text: str) -> tzinfo | None:
    """The zone that `text` names (`Z`, `WIB`, `+0700`, `GMT+7`), or None.

    Raises:
        ValueError: an offset that no place on earth has.

    >>> zone_of("GMT+7"), zone_of("-00:30"), zone_of("wita"), zone_of("IST")
    (datetime.timezone(datetime.timedelta(seconds=25200)), datetime.timezone(datetime.timedelta(days=-1, seconds=84600)), datetime.timezone(datetime.timedelta(seconds=28800)), None)
    """
    if zone := _ZONES.get(text.lower()):
        return zone
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes = found.groups(default="0")
    if int(minutes) >= 60:  # noqa: PLR2004  minutes of an hour
        raise ValueError(text)
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset) if offset else UTC


class Clock(NamedTuple):
    """A time of day as written: hour 24 and second 60 are still possible here."""

    hour: int = 0
    minute: int = 0
    second: int = 0
    microsecond: int = 0


def microseconds(fraction: str) -> int:
    """Digits after the point of a second; what is finer than a microsecond is cut off.

    >>> microseconds("5"), microseconds("1234567")
    (500000, 123456)
    """
    return int(fraction[:6].ljust(6, "0"))


def whole_year(digits: str) -> int:
    """RFC 2822 section 4.3: 00-49 are 2000-2049, 50-99 are 1950-1999, three digits count from 1900.

    >>> whole_year("25"), whole_year("94"), whole_year("103"), whole_year("2025")
    (2025, 1994, 2003, 2025)
    """
    year = int(digits)
    match len(digits):
        case 2:
            return year + (2000 if year < 50 else 1900)  # noqa: PLR2004  RFC 2822's own number
        case 3:
            return year + 1900
        case _:
            return year


def moment(day: date, clock: Clock, zone: tzinfo) -> datetime:
    """The instant that a day, a time of day and a zone name.

    24:00 is the next midnight; second 60 is the next second, where UTC has leap seconds (23:59:60Z).

    Raises:
        ValueError: there is no such instant, or it lies outside 1970-2100.

    >>> moment(date(2024, 12, 31), Clock(24), UTC).isoformat()
    '2025-01-01T00:00:00+00:00'
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    if clock == (24, 0, 0, 0):
        return sensible(midnight + timedelta(days=1))
    if clock.second != 60:  # noqa: PLR2004  the leap second's number
        return sensible(midnight.replace(**clock._asdict()))
    before = midnight.replace(hour=clock.hour, minute=clock.minute, second=59)
    if before.astimezone(UTC).strftime("%H%M") != "2359":
        raise ValueError(clock)
    return sensible(before + timedelta(seconds=1))


def sensible(when: datetime) -> datetime:
    """`when` itself, if a post of our world can have it.

    Raises:
        ValueError: its year lies outside 1970-2100.
    """
    if _FIRST_YEAR <= when.year <= _LAST_YEAR:
        return when
    raise ValueError(when)
