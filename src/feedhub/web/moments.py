"""Moments as questions name them: RFC 3339, or a date in the publisher's zone."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?:([Zz])|([+-])(\d\d):?(\d\d))",
    re.ASCII,
)


def read_moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The aware UTC moment that `text` names, or None. A date is its first moment in `zone`.

    >>> read_moment("2026-11-20", ZoneInfo("Asia/Jakarta"))
    datetime.datetime(2026, 11, 19, 17, 0, tzinfo=datetime.timezone.utc)
    >>> read_moment("2026-11-20T08:00:00+07:00", ZoneInfo("UTC"))
    datetime.datetime(2026, 11, 20, 1, 0, tzinfo=datetime.timezone.utc)
    >>> read_moment("20 November", ZoneInfo("UTC")), read_moment("2026-02-30", ZoneInfo("UTC"))
    (None, None)
    """
    try:
        if match := _DATE.fullmatch(text):
            year, month, day = map(int, match.groups())
            return datetime(year, month, day, tzinfo=zone).astimezone(UTC)
        if match := _MOMENT.fullmatch(text):
            return _moment(match)
    except (ValueError, OverflowError):  # a day, hour or offset that no calendar has
        return None
    return None


def _moment(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute = map(int, match.groups()[:5])
    # RFC 3339 section 5.7 allows a leap second; our clocks have none.
    second = 59 if match[6] == "60" else int(match[6] or 0)
    at = datetime(year, month, day, hour, minute, second, tzinfo=_offset(match))
    return at.astimezone(UTC)


def _offset(match: re.Match[str]) -> timezone:
    if match[7]:
        return UTC
    if int(match[10]) > 59:  # noqa: PLR2004  # minutes of an hour
        raise ValueError(match[0])
    distance = timedelta(hours=int(match[9]), minutes=int(match[10]))
    return timezone(distance if match[8] == "+" else -distance)
