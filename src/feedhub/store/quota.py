"""What platforms still allow our apps, in the hosts' rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.times import from_ms, to_ms

_KEEP = text("UPDATE host SET quota_left = :left, quota_resets_at = :resets_at WHERE name = :name")
_COUNT = text(
    "UPDATE host SET quota_left = CASE WHEN quota_left IS NULL OR quota_resets_at <= :now THEN :units ELSE quota_left"
    " END - :spent, quota_resets_at = CASE WHEN quota_resets_at <= :now THEN :resets_at ELSE quota_resets_at END"
    " WHERE name = :name"
)
# ix_account_due. An interval below a minute is none that a platform with a quota sees.
_QUOTA = text(
    "SELECT quota_left, quota_resets_at, (SELECT sum(1000.0 / CASE WHEN next_visit_at - last_visit_at < 60000"
    " THEN 60000 ELSE next_visit_at - last_visit_at END) FROM account WHERE host = :name AND status IN ('active', 'stopped')"
    " AND last_visit_at IS NOT NULL) AS visits FROM host"
    " WHERE name = :name AND quota_left IS NOT NULL AND quota_resets_at > :now"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostQuota:
    """`left` units until `resets_at`; the host's accounts make `visits` a second now."""

    left: int
    resets_at: datetime
    visits: float


def keep_limits(session: WriteSession, host: str, *, left: int, resets_at: datetime) -> None:
    """Write what the platform itself says."""
    session.run(_KEEP, {"name": host, "left": left, "resets_at": to_ms(resets_at)})


def count_spent(  # what a counter needs
    session: WriteSession, host: str, *, spent: int, units: int, now: datetime, resets_at: datetime
) -> None:
    """Take `spent` off a quota of `units` that the platform does not report; a new one begins at `resets_at`."""
    values = {"name": host, "spent": spent, "units": units, "now": to_ms(now), "resets_at": to_ms(resets_at)}
    session.run(_COUNT, values)


def host_quota(session: ReadSession, host: str, *, now: datetime) -> HostQuota | None:
    """What is left, where a quota is known and still counts."""
    row = session.row(_QUOTA, {"name": host, "now": to_ms(now)})
    if row is None:
        return None
    return HostQuota(left=row.quota_left, resets_at=from_ms(row.quota_resets_at), visits=float(row.visits or 0))
