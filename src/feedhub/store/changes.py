"""The change feed: every post that is or was public, once, at the number of its newest change.

A post that changes moves to the end, so a reader who has read through number N needs only
what is beyond N, and whoever is behind gets no text that was corrected meanwhile.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select, text

from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.store.clock import clock_now
from feedhub.store.lists import accounts_of
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts
from feedhub.store.unpacking import PLACE, kept_posts

# ix_post_change; held posts that were never public are not told of, not even as deleted
_AFTER = (
    select(*PLACE, posts.c.account_id)
    .where(posts.c.change > bindparam("after"), posts.c.change <= bindparam("through"), text("was_public"))
    .order_by(posts.c.change)
    .limit(bindparam("most"))
)
# Rows looked at for one answer, where filters leave few of them
_MOST_READ = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Changes in commit order. `through`: everything up to it was looked at; `latest`: the clock's number."""

    posts: tuple[KeptPost, ...]
    through: int
    latest: int


def changes_after(session: ReadSession, after: int, *, most: int, filters: Filters | None = None) -> Changes:
    """The next changes after a number, at most `most` of them; by departments, accounts, platforms, groups, areas only.

    `through` is where to go on: past what the filters left out, too.
    """
    latest = clock_now(session).number
    wanted = accounts_of(session, filters) if filters and is_narrow(filters) else None
    found: list[Row[Any]] = []
    through = after
    values = {"through": latest, "most": most if wanted is None else _MOST_READ}
    rows = session.rows(_AFTER, {**values, "after": after})
    for row in rows:
        if len(found) == most:
            break
        through = row.change
        if wanted is None or row.account_id in wanted:
            found.append(row)
    else:
        if len(rows) < values["most"]:
            through = max(latest, after)
    return Changes(posts=kept_posts(session, found), through=through, latest=latest)


def is_narrow(filters: Filters) -> bool:
    """Whether the filters leave out any account at all."""
    return bool(filters.departments or filters.groups or filters.areas or filters.accounts or filters.platforms)
