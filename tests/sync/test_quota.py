"""A platform's quota is spread over its accounts by their rhythm, and counted where nobody reports it."""

from datetime import UTC, datetime, timedelta

from feedhub.connectors.contract import Allowance, Batch, Limits
from feedhub.connectors.mastodon import connector
from feedhub.store.quota import HostQuota, count_spent, host_quota
from feedhub.sync.quota import keep_quota, next_reset, stretched
from walked import keep, register_of, webfeed

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_what_the_platform_says_is_believed(store):
    account = webfeed("https://social.example/@dinkes")
    await keep(store, register_of([account]))
    batch = Batch(limits=Limits(left=17, resets_at=NOON + HOUR))
    await store.write(keep_quota, connector, account.host, batch, now=NOON)
    quota = await store.read(host_quota, account.host, now=NOON)
    assert (quota.left, quota.resets_at, quota.visits) == (17, NOON + HOUR, 0.0)
    assert await store.read(host_quota, account.host, now=NOON + HOUR) is None


async def test_what_nobody_reports_is_counted_and_begins_anew_each_day(store):
    account = webfeed("https://www.googleapis.com/x")
    await keep(store, register_of([account]))

    async def spend(spent: int, at: datetime) -> int:
        await store.write(count_spent, account.host, spent=spent, units=100, now=at, resets_at=at + 24 * HOUR)
        return (await store.read(host_quota, account.host, now=at)).left

    assert [await spend(30, NOON), await spend(50, NOON + HOUR), await spend(3, NOON + 25 * HOUR)] == [70, 20, 97]


def test_every_interval_is_stretched_alike():
    scarce = HostQuota(left=60, resets_at=NOON + HOUR, visits=60 / 3600)
    often, seldom = (
        stretched(timedelta(minutes=minutes), scarce, stretch=1.0, cost=1, now=NOON) for minutes in (10, 60)
    )
    assert abs(seldom / often - 6) < 0.001
    assert timedelta(minutes=10) < often < timedelta(minutes=12)


def test_a_stretched_city_stays_stretched():
    """Sixty accounts that want six times what is left settle at six times their interval, and do not swing."""
    interval, stretch = timedelta(minutes=10), 1.0
    for _ in range(5):
        visits = 60 / (interval * stretch).total_seconds()
        quota = HostQuota(left=66, resets_at=NOON + HOUR, visits=visits)
        stretch = stretched(interval, quota, stretch=stretch, cost=1, now=NOON) / interval
    assert 5.5 < stretch < 6.5


def test_plenty_changes_nothing():
    plenty = HostQuota(left=10_000, resets_at=NOON + HOUR, visits=0.1)
    assert stretched(timedelta(minutes=10), plenty, stretch=1.0, cost=3, now=NOON) == timedelta(minutes=10)


def test_nothing_left_waits_for_the_reset():
    nothing = HostQuota(left=0, resets_at=NOON + HOUR, visits=0.1)
    assert stretched(timedelta(minutes=10), nothing, stretch=1.0, cost=1, now=NOON) == HOUR


def test_a_date_that_is_a_mistake_parks_nobody():
    for left in (0, 1):
        quota = HostQuota(left=left, resets_at=datetime(2286, 11, 20, tzinfo=UTC), visits=1e6)
        for minutes in (1, 60):
            waits = stretched(timedelta(minutes=minutes), quota, stretch=1e9, cost=10**9, now=NOON)
            assert waits == timedelta(days=7)
    assert stretched(timedelta(days=9), quota, stretch=1.0, cost=1, now=NOON) == timedelta(days=9)


def test_days_are_counted_where_the_platform_lives():
    pacific = Allowance(units=10_000, time_zone="America/Los_Angeles")
    assert next_reset(pacific, NOON).astimezone(UTC) == datetime(2026, 11, 21, 8, tzinfo=UTC)
