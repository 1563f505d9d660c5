"""Living on a platform's quota: what is left of it is spread over its accounts by their rhythm."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feedhub.connectors.contract import Allowance, Batch, Connector
from feedhub.store.quota import HostQuota, count_spent, host_quota, keep_limits
from feedhub.store.session import WriteSession

# What is kept for checks, tests of credentials and people who can't wait.
_RESERVE = 0.1
# Nobody is asked less often for the sake of a quota.
_LONGEST = timedelta(days=7)


def keep_quota(session: WriteSession, connector: Connector, host: str, batch: Batch, *, now: datetime) -> None:
    """Write what the platform said is left of our quota, or count what this visit spent of an unreported one."""
    if batch.limits is not None:
        keep_limits(session, host, left=batch.limits.left, resets_at=batch.limits.resets_at)
    elif connector.allowance is not None and batch.spent:
        count_spent(
            session,
            host,
            spent=batch.spent,
            units=connector.allowance.units,
            now=now,
            resets_at=next_reset(connector.allowance, now),
        )


def within_quota(
    session: WriteSession, host: str, *, account_interval: timedelta, cost: int, next_at: datetime, now: datetime
) -> datetime:
    """When to visit next where the quota is scarce: `next_at`, or later.

    `account_interval` is the one that this account has now, stretched as it may be.
    """
    quota = host_quota(session, host, now=now)
    if quota is None:
        return next_at
    stretch = account_interval / (next_at - now) if next_at > now else 1.0
    return now + stretched(next_at - now, quota, stretch=max(stretch, 1.0), cost=cost, now=now)


def stretched(interval: timedelta, quota: HostQuota, *, stretch: float, cost: int, now: datetime) -> timedelta:
    """An account's interval, so much longer that all accounts of the host together keep within the quota.

    Every account's interval is stretched by the same factor, so who speaks often is still
    asked often. `quota.visits` is how many visits a second its accounts make at present,
    when they are already stretched by `stretch`; `cost` what one of them spends.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> scarce = HostQuota(left=100, resets_at=noon + timedelta(hours=1), visits=0.1)
    >>> str(stretched(timedelta(minutes=10), scarce, stretch=1.0, cost=1, now=noon))
    '0:40:00'
    >>> str(stretched(timedelta(minutes=10), scarce, stretch=4.0, cost=1, now=noon))
    '2:40:00'
    """
    # A date that is a mistake parks nobody for good.
    until_reset = min(quota.resets_at - now, _LONGEST)
    allowed = quota.left * (1 - _RESERVE) / until_reset.total_seconds()
    if allowed <= 0:
        return max(interval, until_reset)
    factor = max(1.0, quota.visits * stretch * max(cost, 1) / allowed)
    return interval * min(factor, max(_LONGEST / interval, 1.0)) if interval else interval


def next_reset(allowance: Allowance, now: datetime) -> datetime:
    """The next midnight where the platform counts its days.

    >>> from datetime import UTC
    >>> next_reset(Allowance(units=1, time_zone="America/Los_Angeles"), datetime(2026, 1, 1, 12, tzinfo=UTC)).isoformat()
    '2026-01-02T00:00:00-08:00'
    """
    local = now.astimezone(ZoneInfo(allowance.time_zone))
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
