"""Whole months of posts: which there are, in what state each is, and what it holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from feedhub.posts.kept import KeptPost
from feedhub.posts.months import day_begins, month_after, month_name, month_named, month_of
from feedhub.store.lists import BITS, LAST_KEY, key_at
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, Store
from feedhub.store.tables import posts
from feedhub.store.times import from_ms
from feedhub.store.unpacking import passing_posts

_A_PAGE = 500  # posts in memory at once

# the table's own order
_STATE = select(
    func.count().label("posts"),
    func.max(posts.c.change).label("change"),
    func.max(posts.c.pictured).label("pictured"),
).where(posts.c.order_key >= bindparam("first"), posts.c.order_key < bindparam("before"))
_NEWEST = (
    select(posts.c.order_key)
    .where(posts.c.status == "live", posts.c.order_key < bindparam("before"))
    .order_by(posts.c.order_key.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class MonthState:
    """What a month's posts were made of. A post that changes, goes or comes makes another one of it."""

    register: int
    posts: int
    change: int | None
    pictured: int | None


def months_with_posts(session: ReadSession, zone: ZoneInfo) -> tuple[date, ...]:
    """The first days of the months in which something was said that is live, newest first."""
    found, before = list[date](), LAST_KEY
    while (row := session.row(_NEWEST, {"before": before})) is not None:
        month = month_of(from_ms(row.order_key >> BITS), zone)
        before = key_at(day_begins(month, zone))
        if month_named(month_name(month)) is None:
            break
        found.append(month)
    return tuple(found)


def month_state(session: ReadSession, month: date, zone: ZoneInfo) -> MonthState:
    """The state of a month."""
    first, before = _bounds(month, zone)
    row = session.row(_STATE, {"first": first, "before": before})
    if row is None:
        raise AssertionError("an aggregate always has a row")
    return MonthState(register_copy(session).number, row.posts, row.change, row.pictured)


def posts_of_month(store: Store, month: date, zone: ZoneInfo) -> Iterator[KeptPost]:
    """Every live post of a month, oldest first, read page by page as they are taken; in this thread."""
    first, before = _bounds(month, zone)
    while page := store.read_now(passing_posts, first=first, before=before, most=_A_PAGE):
        yield from page
        first = page[-1].order_key + 1


def _bounds(month: date, zone: ZoneInfo) -> tuple[int, int]:
    return key_at(day_begins(month, zone)), key_at(day_begins(month_after(month), zone))
