"""Posts that changed after the readers of a feed had seen the last of them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text

from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.posts.matching import matches
from feedhub.store.clock import clock_now
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts
from feedhub.store.times import to_ms
from feedhub.store.unpacking import PLACE, kept_posts

_FOR = timedelta(days=7)
_CHANGES = 2_000  # newest ones that are looked through
_MOST = 50  # told in one document
_DAY = 24 * 3600 * 1000  # ms

# ix_post_change; a post that changed on a later day than its own
_LATER = (
    select(*PLACE)
    .where(
        posts.c.change > bindparam("after"),
        posts.c.order_key < bindparam("before"),
        posts.c.updated_at >= bindparam("since"),
        text("listed AND (version > 1 OR NOT backfill)"),
        text(f"(updated_at + :offset) / {_DAY} > (published_at + :offset) / {_DAY}"),
    )
    .order_by(posts.c.change.desc())
)


def amended_posts(
    session: ReadSession, filters: Filters, *, before: int, at: datetime, zone: ZoneInfo
) -> tuple[KeptPost, ...]:
    """Live posts older than the order_key `before` that came late, were edited or corrected within the last week.

    RFC 5005 section 4.1: what changes in an archive stands in the subscription document too.
    Back-fill stays silent.
    """
    values: dict[str, Any] = {
        "after": clock_now(session).number - _CHANGES,
        "before": before,
        "since": to_ms(at - _FOR),
        "offset": int((at.astimezone(zone).utcoffset() or timedelta()).total_seconds()) * 1000,
    }
    found = kept_posts(session, session.rows(_LATER, values))
    return tuple(kept for kept in found if matches(filters, kept))[:_MOST]
