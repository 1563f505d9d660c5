"""Posts that tell of an event are found by when it takes place, on both databases."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.posts.post import Event
from feedhub.store.events import events, hidden_events
from feedhub.store.migrations import migrate
from feedhub.store.session import open_store
from posts_made import made_post
from web.newsroom import NOW, RESCUE, Newsroom, open_newsroom

DAY = timedelta(days=1)
MONTH = (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def at(day: int, hour: int = 1) -> datetime:
    return datetime(2026, 12, 1, hour, tzinfo=UTC) + (day - 1) * DAY


def an_event(name, starts_at, ends_at=None, *, all_day=False, **changes):
    event = Event(starts_at=starts_at, ends_at=ends_at, all_day=all_day)
    return made_post(native_id=name, title=name, event=event, published_at=NOW, **changes)


FAIR = an_event("fair", at(10), at(14), kinds=(Kind.EVENT,), tags=("pasar",))
CLINIC = an_event("clinic", at(12, 3), at(12, 5), kinds=(Kind.SERVICE, Kind.EVENT))
PARADE = an_event("parade", at(12), all_day=True, kinds=(Kind.EVENT,), language="en")
DRILL = an_event("drill", at(20, 2), kinds=(Kind.EVENT,))
NEW_YEAR = an_event("new year", MONTH[1] - timedelta(hours=2), MONTH[1] + timedelta(hours=2))
SHORT = an_event("moment", MONTH[1])
PLAIN = made_post(native_id="plain", published_at=NOW)


@pytest.fixture
async def room(store) -> Newsroom:
    await open_newsroom(store)
    room = Newsroom(store, client=None)
    await room.publish(SHORT, FAIR, CLINIC, PARADE, NEW_YEAR, PLAIN)
    await room.publish(DRILL, account=RESCUE)
    return room


async def titles(room, filters=None, *, begin=MONTH[0], end=MONTH[1], most=50, **how):
    found = await room.store.read(events, filters or Filters(), begin=begin, end=end, most=most, **how)
    return [kept.post.title for kept in found]


async def test_events_stand_in_the_order_in_which_they_take_place(room):
    assert await titles(room) == ["fair", "parade", "clinic", "drill", "new year"]
    assert await titles(room, newest_first=True, most=2) == ["new year", "drill"]


@pytest.mark.parametrize(
    ("begin", "end", "found"),
    [
        (at(12, 4), at(12, 5), ["fair", "parade", "clinic"]),  # what goes on counts
        (at(13, 0), at(13, 1), ["fair", "parade"]),  # 00:00 UTC of the day after is 07:00 in Jakarta
        (at(13, 2), at(13, 3), ["fair"]),
        (at(14, 2), at(15), []),
        (MONTH[1], None, ["new year", "moment"]),
        (at(1), at(10), []),  # what begins at the end is left out
    ],
)
async def test_window_holds_what_takes_place_in_it(room, begin, end, found):
    assert await titles(room, begin=begin, end=end) == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(departments=("bpbd",)), ["drill"]),
        (Filters(areas=("Mayangan",)), ["drill"]),
        (Filters(areas=("nowhere",)), []),
        (Filters(kinds=(Kind.SERVICE,)), ["clinic"]),
        (Filters(tags=("pasar",)), ["fair"]),
        (Filters(languages=("en",)), ["parade"]),
        (Filters(q="clinic OR"), []),
        (Filters(q="drill imunisasi"), ["drill"]),
        (Filters(q="*"), []),
        (Filters(since=NOW + DAY), []),
        (Filters(until=NOW + DAY, departments=("dinkes",)), ["fair", "parade", "clinic", "new year"]),
    ],
)
async def test_filters_mean_what_they_mean_everywhere(room, filters, found):
    assert await titles(room, filters) == found


async def test_edited_event_moves(room):
    await room.publish(an_event("clinic", at(25)))
    await room.publish(made_post(native_id="fair", title="fair", published_at=NOW))
    assert await titles(room) == ["parade", "drill", "clinic", "new year"]


async def test_withdrawn_event_is_called_off_without_saying_what_it_was(room):
    for post in (PARADE, PLAIN):
        await room.withdraw(post)
    assert "parade" not in await titles(room)
    (hidden,) = await room.store.read(hidden_events, Filters(departments=("dinkes",)), since=NOW)
    assert (hidden.starts_at, hidden.all_day) == (at(12), True)
    assert hidden.hidden_at == NOW + timedelta(hours=1)
    for filters, since in (
        (Filters(departments=("bpbd",)), NOW),
        (Filters(kinds=(Kind.EVENT,)), NOW),
        (Filters(), NOW + DAY),
    ):
        assert await room.store.read(hidden_events, filters, since=since) == ()


async def test_a_month_is_read_by_its_index(sqlite_url):
    asked = []
    path = sqlite_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT order_key FROM post WHERE event_at IS NOT NULL AND event_until >= 1"
            " AND event_at < 9 AND listed ORDER BY event_at"
        )
        asked = [row[3] for row in plan]
    assert "ix_post_event" in asked[0], asked


async def test_migration_reads_events_out_of_documents(database_url):
    before = open_store(database_url)
    await open_newsroom(before)
    room = Newsroom(before, client=None)
    await room.publish(FAIR, PARADE, PLAIN)
    await before.close()
    migrate(database_url, revision="0003")
    migrate(database_url)
    after = open_store(database_url)
    assert await titles(Newsroom(after, client=None)) == ["fair", "parade"]
    assert await titles(Newsroom(after, client=None), begin=at(13, 2)) == ["fair"]
    await after.close()
