"""What only some platforms say: threads, polls, events, places, counts."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from feedhub.posts.post import Event, Place, Poll
from feedhub.posts.text import one_line

_NAME_LENGTH = 500  # characters
_REFERENCE_LENGTH = 2_000  # characters
_MANY = 100
_NORTH, _EAST = 90, 180  # degrees
_MAX_COUNT = 2**53  # beyond it JSON's readers round


def cleaned_extras(others: Mapping[str, Any]) -> dict[str, Any]:
    """The remaining fields of a post, each made legal; what nothing can be made of becomes None."""
    return {name: _CLEANERS[name](value) if name in _CLEANERS else value for name, value in others.items()}


def utc_second(moment: datetime | None) -> datetime | None:
    """`moment` in whole seconds of UTC; None where it has no zone or leaves the years 1 to 9999."""
    if moment is None or moment.tzinfo is None:
        return None
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None


def _reference(value: str | None) -> str | None:
    """An address or id of another post."""
    return (one_line(value)[:_REFERENCE_LENGTH] or None) if value else None


def _name(value: str | None) -> str | None:
    return (one_line(value)[:_NAME_LENGTH].strip() or None) if value else None


def _references(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference for value in values if (reference := _reference(value))))[:_MANY]


def _poll(poll: Poll | None) -> Poll | None:
    if poll is None:
        return None
    options = tuple(name for option in poll.options if (name := _name(option)))[:_MANY]
    return Poll(options=options, closes_at=utc_second(poll.closes_at)) if options else None


def _event(event: Event | None) -> Event | None:
    starts_at = utc_second(event.starts_at) if event else None
    if event is None or starts_at is None:
        return None
    ends_at = utc_second(event.ends_at)
    return replace(
        event,
        starts_at=starts_at,
        ends_at=ends_at if ends_at and ends_at >= starts_at else None,
        location=_name(event.location),
        name=_name(event.name),
    )


def _place(place: Place | None) -> Place | None:
    if place is None:
        return None
    name, latitude, longitude = _name(place.name), place.latitude, place.longitude
    known = latitude is not None and longitude is not None and abs(latitude) <= _NORTH and abs(longitude) <= _EAST
    if known:
        return Place(name=name, latitude=latitude, longitude=longitude)
    return Place(name=name) if name else None


def _counts(counts: Mapping[str, int] | None) -> dict[str, int] | None:
    if not counts:
        return None
    return {
        name: number
        for said, number in list(counts.items())[:_MANY]
        if (name := _name(said)) and math.isfinite(number) and 0 <= number < _MAX_COUNT
    }


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "published_at": utc_second,
    "edited_at": utc_second,
    "in_reply_to": _reference,
    "repost_of": _reference,
    "thread": _reference,
    "mentions": _references,
    "aliases": _references,
    "poll": _poll,
    "event": _event,
    "place": _place,
    "counts": _counts,
}
