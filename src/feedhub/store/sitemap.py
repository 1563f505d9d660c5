"""What crawlers are told of: the months in which something was said, and the posts of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import bindparam, func, select, text

from feedhub.posts.months import month_after, month_name, month_named
from feedhub.store.clock import clock_now
from feedhub.store.lists import BITS, key_at
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts
from feedhub.store.times import from_ms

# Posts of one month. The standard allows 50,000, but a small document is kept and costs little to make.
MOST = 5_000
_MOST_OF_A_DAY = 50_000
_DAY = 24 * 3600 * 1000 << BITS  # of order_keys
_CHANGES = 2_000  # newest ones, by which a part is known to be newer than another time

# Any index of posts, alone: each holds every order_key
_DAYS = select((posts.c.order_key // _DAY).label("day"), func.count().label("posts")).group_by("day").order_by("day")
_ANY = select(posts.c.order_key).where(
    text("listed"), posts.c.order_key >= bindparam("first"), posts.c.order_key < bindparam("before")
)
# the table's own order
_POSTS = (
    select(*posts.c["id", "updated_at"])
    .where(text("listed"), posts.c.order_key >= bindparam("first"), posts.c.order_key < bindparam("before"))
    .order_by(posts.c.order_key.desc())
    .limit(bindparam("most"))
)
# ix_post_change
_CHANGED = (
    select(*posts.c["order_key", "account_id", "updated_at"])
    .where(posts.c.change > bindparam("after"), text("was_public"))
    .order_by(posts.c.change.desc())
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A month, or a day of one with very many posts; in UTC. `changed_at`: None = not lately."""

    begins: date
    days: int
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedPost:
    """A post that stands in a sitemap."""

    id: UUID
    updated_at: datetime


def sitemap_parts(session: ReadSession, *, most: int = MOST) -> tuple[Part, ...]:
    """The parts that hold posts, newest first; a month of more than `most` is told by its days."""
    changed = dict[date, datetime]()
    for row in session.rows(_CHANGED, {"after": clock_now(session).number - _CHANGES}):
        day = from_ms(row.order_key >> BITS).date()
        changed[day] = max(from_ms(row.updated_at), changed.get(day, from_ms(row.updated_at)))
    days = ((date(1970, 1, 1) + timedelta(days=row.day), row.posts) for row in session.rows(_DAYS))
    counted = [(day, count) for day, count in days if month_named(month_name(day)) is not None]
    parts = []
    for part in _parts(counted, most):
        first, before = key_at(_begins(part.begins)), key_at(_begins(part.begins + timedelta(days=part.days)))
        if session.row(_ANY.limit(1), {"first": first, "before": before}) is not None:
            last = part.begins + timedelta(days=part.days)
            moments = [at for day, at in changed.items() if part.begins <= day < last]
            parts.append(Part(begins=part.begins, days=part.days, changed_at=max(moments, default=None)))
    return tuple(reversed(parts))


def mapped_posts(session: ReadSession, begins: date, ends: date) -> tuple[MappedPost, ...]:
    """The posts of these days, newest first; none where there are too many for one document."""
    most = MOST if ends - begins > timedelta(days=1) else _MOST_OF_A_DAY
    place = {"first": key_at(_begins(begins)), "before": key_at(_begins(ends))}
    rows = session.rows(_POSTS, {**place, "most": most + 1})
    return () if len(rows) > most else tuple(MappedPost(id=row.id, updated_at=from_ms(row.updated_at)) for row in rows)


def departments_changed(session: ReadSession) -> dict[str, datetime]:
    """When a post of a department last changed, by its slug; of those where it was lately."""
    accounts, changed = register_copy(session).accounts, dict[str, datetime]()
    for row in session.rows(_CHANGED, {"after": clock_now(session).number - _CHANGES}):
        changed.setdefault(accounts[row.account_id].department, from_ms(row.updated_at))
    return changed


def _parts(counted: list[tuple[date, int]], most: int) -> Iterator[Part]:
    for month, found in groupby(counted, key=lambda one: one[0].replace(day=1)):
        days = list(found)
        if sum(count for _, count in days) <= most:
            yield Part(begins=month, days=(month_after(month) - month).days)
        else:
            yield from (Part(begins=day, days=1) for day, _ in days)


def _begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
