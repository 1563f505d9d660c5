"""When to visit an account next: a pure function of what is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

# Quiet accounts are asked less often: (silent for longer than, at least so long between visits).
_STALENESS = (
    (timedelta(days=180), timedelta(hours=6)),
    (timedelta(days=30), timedelta(hours=3)),
    (timedelta(days=7), timedelta(hours=1)),
)
# Four visits between two posts find a new one after an eighth of its usual gap, on average.
_VISITS_A_GAP = 4
_JITTER = 0.1
# Where a hub tells of changes an account is still visited so often: a hub may fall silent.
SAFETY_VISITS = timedelta(hours=1)
# Nobody's Retry-After keeps us away for longer: a source is never parked for good.
_LONGEST_RETRY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The bounds of an account's interval."""

    shortest: timedelta
    longest: timedelta


def after_success(
    now: datetime, pace: Pace, *, published: Sequence[datetime], hint: timedelta | None, chance: float
) -> datetime:
    """The next visit of an account that answered.

    `published` are its newest posts' times, newest first; `hint` what its feed or server asks
    for (ttl, sy:updatePeriod, Cache-Control); `chance` from 0 to 1 spreads visits by up to 10 %, within the bounds.
    """
    interval = max(_by_rhythm(published, pace), _by_staleness(now, published), hint or timedelta())
    return now + _spread(min(max(interval, pace.shortest), pace.longest), pace, chance)


def after_failure(now: datetime, pace: Pace, *, failures: int, retry_at: datetime | None, chance: float) -> datetime:
    """The next visit of an account that failed `failures` times in a row: capped back-off.

    >>> from datetime import UTC
    >>> noon, pace = datetime(2026, 1, 1, 12, tzinfo=UTC), Pace(shortest=timedelta(minutes=5), longest=timedelta(hours=6))
    >>> [str(after_failure(noon, pace, failures=n, retry_at=None, chance=0.5) - noon) for n in (1, 2, 3, 99)]
    ['0:05:00', '0:10:00', '0:20:00', '6:00:00']
    """
    waited = pace.shortest.total_seconds() * 2 ** min(max(failures, 1) - 1, 20)
    doubled = pace.longest if waited >= pace.longest.total_seconds() else timedelta(seconds=waited)
    following = now + _spread(doubled, pace, chance)
    return max(following, latest_retry(retry_at, now)) if retry_at else following


def latest_retry(retry_at: datetime, now: datetime) -> datetime:
    """What is believed of a Retry-After."""
    return min(retry_at, now + _LONGEST_RETRY)


def _spread(interval: timedelta, pace: Pace, chance: float) -> timedelta:
    """Up to ±10 % off, turned inwards at the bounds: accounts that started together drift apart there too."""
    off = interval * (_JITTER * (2 * chance - 1))
    inside = interval - off if not pace.shortest <= interval + off <= pace.longest else interval + off
    return min(max(inside, pace.shortest), pace.longest)


def _by_rhythm(published: Sequence[datetime], pace: Pace) -> timedelta:
    gaps = [(newer - older).total_seconds() for newer, older in pairwise(published)]
    return timedelta(seconds=median(gaps) / _VISITS_A_GAP) if gaps else pace.shortest


def _by_staleness(now: datetime, published: Sequence[datetime]) -> timedelta:
    silent = now - published[0] if published else timedelta()
    return next((least for longer, least in _STALENESS if silent > longer), timedelta())
