"""When a post's event is, as its row holds it."""

from feedhub.posts.post import Event
from feedhub.store.times import to_ms

DAY = 24 * 3600 * 1000  # ms


def event_times(event: Event | None) -> dict[str, int | None]:
    """When it begins and when it is over. What lasts all day goes on until its last day's last millisecond.

    >>> from datetime import UTC, datetime
    >>> event_times(Event(starts_at=datetime(1970, 1, 1, tzinfo=UTC), all_day=True))
    {'event_at': 0, 'event_until': 86399999}
    """
    if event is None:
        return {"event_at": None, "event_until": None}
    ends = to_ms(event.ends_at or event.starts_at)
    return {"event_at": to_ms(event.starts_at), "event_until": ends + DAY - 1 if event.all_day else ends}


def is_all_day(event_at: int, event_until: int) -> bool:
    """Whether a row's times are those of an event that lasts all day: no other ends within a second.

    >>> is_all_day(0, 86_399_999), is_all_day(0, 86_400_000)
    (True, False)
    """
    return (event_until - event_at) % DAY == DAY - 1
