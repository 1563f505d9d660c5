"""When an account is asked next: the table, and the bounds that nothing breaks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.sync.rhythm import Pace, after_failure, after_success

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PACE = Pace(shortest=5 * MINUTE, longest=6 * HOUR)


def posted(*ago: timedelta) -> list[datetime]:
    return [NOON - each for each in ago]


@pytest.mark.parametrize(
    ("published", "hint", "expected"),
    [
        ([], None, 5 * MINUTE),
        (posted(HOUR), None, 5 * MINUTE),
        (posted(MINUTE, 2 * MINUTE, 3 * MINUTE), None, 5 * MINUTE),
        (posted(HOUR, 3 * HOUR, 5 * HOUR), None, 30 * MINUTE),
        (posted(HOUR, 3 * HOUR, 50 * DAY), None, 6 * HOUR),
        (posted(HOUR, 3 * HOUR, 5 * HOUR, 50 * DAY), None, 30 * MINUTE),
        (posted(8 * DAY), None, HOUR),
        (posted(31 * DAY), None, 3 * HOUR),
        (posted(181 * DAY), None, 6 * HOUR),
        (posted(HOUR, HOUR, HOUR), None, 5 * MINUTE),
        (posted(-HOUR), None, 5 * MINUTE),
        ([], HOUR, HOUR),
        ([], timedelta(), 5 * MINUTE),
        ([], 400 * DAY, 6 * HOUR),
        (posted(HOUR, 3 * HOUR, 5 * HOUR), 20 * MINUTE, 30 * MINUTE),
    ],
    ids=lambda case: str(case)[:40],
)
def test_interval_follows_rhythm_staleness_and_hints(published, hint, expected):
    assert after_success(NOON, PACE, published=published, hint=hint, chance=0.5) - NOON == expected


@pytest.mark.parametrize(
    ("failures", "retry", "expected"),
    [
        (1, None, 5 * MINUTE),
        (4, None, 40 * MINUTE),
        (40_000, None, 6 * HOUR),
        (1, HOUR, HOUR),
        (9, MINUTE, 6 * HOUR),
        (1, -DAY, 5 * MINUTE),
        (1, 365 * DAY, DAY),
    ],
)
def test_failures_back_off_and_come_back_for_ever(failures, retry, expected):
    retry_at = None if retry is None else NOON + retry
    assert after_failure(NOON, PACE, failures=failures, retry_at=retry_at, chance=0.5) - NOON == expected


def test_chance_spreads_visits_even_at_the_bounds():
    for hint in (None, HOUR, 400 * DAY):
        spread = {after_success(NOON, PACE, published=[], hint=hint, chance=step / 10) for step in range(11)}
        assert len(spread) > 5


moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds it
spans = st.timedeltas(timedelta(), 10_000 * DAY)
paces = st.tuples(
    st.timedeltas(timedelta(milliseconds=1), 40 * DAY), st.timedeltas(timedelta(milliseconds=1), 40 * DAY)
).map(lambda both: Pace(shortest=min(both), longest=max(both)))
chances = st.floats(0, 1)


@given(moments, paces, st.lists(moments, max_size=10), st.none() | spans, chances)
def test_the_next_visit_after_an_answer_is_within_the_bounds(now, pace, published, hint, chance):
    newest_first = sorted(published, reverse=True)
    interval = after_success(now, pace, published=newest_first, hint=hint, chance=chance) - now
    assert pace.shortest <= interval <= pace.longest


@given(moments, paces, st.integers(1, 10**9), st.none() | moments, chances)
def test_the_next_visit_after_a_failure_is_within_the_bounds(now, pace, failures, retry_at, chance):
    interval = after_failure(now, pace, failures=failures, retry_at=retry_at, chance=chance) - now
    assert pace.shortest <= interval <= max(pace.longest, DAY)
