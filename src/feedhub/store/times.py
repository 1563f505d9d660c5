"""Times at the store's door: aware datetimes outside, milliseconds since 1970 inside."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970.

    >>> to_ms(datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    1795136400000
    """
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC moment, in whole seconds.

    >>> from_ms(1795136400999)
    datetime.datetime(2026, 11, 20, 1, 0, tzinfo=datetime.timezone.utc)
    """
    return _EPOCH + timedelta(seconds=milliseconds // 1000)


def iso(moment: datetime | None) -> str | None:
    """A moment as JSON shows it.

    >>> iso(datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    '2026-11-20T01:00:00Z'
    """
    return moment.isoformat().replace("+00:00", "Z") if moment else None
