"""How a visit ends that brought nothing: named, with a reason, a remedy and a time to come back."""

from datetime import datetime

from feedhub.failures import RateLimited, ServerFailed, VisitFailed
from feedhub.store.hosts import DueAccount, Lease, hold_lease
from feedhub.store.session import WriteSession
from feedhub.store.visits import VisitEnd, end_visit
from feedhub.sync.means import Means, VisitReport
from feedhub.sync.rhythm import after_failure, latest_retry

OUR_FAULT = "Send the log's line visit.failed to FeedHub's makers; FeedHub tries again by itself."
OUR_OUTAGE = "No host answers, so FeedHub's own connection seems to be down; it goes on trying."


def keep_failure(
    session: WriteSession, means: Means, due: DueAccount, lease: Lease, failure: VisitFailed, *, now: datetime
) -> VisitReport:
    """Write a failed visit's end."""
    hold_lease(session, lease)
    end, report = failed(means, due, lease, failure, now=now)
    end_visit(session, end)
    return report


def failed(
    means: Means, due: DueAccount, lease: Lease, failure: VisitFailed, *, now: datetime
) -> tuple[VisitEnd, VisitReport]:
    """How a failed visit ends. The report's `retry_at` is what the host wishes for all its accounts."""
    ours = means.is_our_outage(lease.host, failure)
    failures = max(due.failures, 1) if ours else due.failures + 1
    end = VisitEnd(
        account=due.account.id,
        cursor=due.cursor,
        outcome=failure.outcome,
        reason=failure.reason,
        remedy=OUR_OUTAGE if ours else failure.remedy,
        failures=failures,
        at=now,
        next_visit_at=after_failure(
            now, means.pace, failures=failures, retry_at=failure.retry_at, chance=means.chance()
        ),
        planned=due.planned,
    )
    is_hosts_wish = isinstance(failure, (RateLimited, ServerFailed))
    retry_at = latest_retry(failure.retry_at, now) if is_hosts_wish and failure.retry_at else None
    report = VisitReport(account=due.account, outcome=failure.outcome, reason=failure.reason, retry_at=retry_at)
    return end, report
