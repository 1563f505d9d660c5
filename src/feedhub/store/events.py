"""Posts that tell of an event, in the order in which these take place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, text

from feedhub.posts.filters import Filters
from feedhub.posts.hidden_event import HiddenEvent
from feedhub.posts.kept import KeptPost
from feedhub.posts.search_terms import read_search_terms
from feedhub.store.event_times import is_all_day
from feedhub.store.lists import FIRST_KEY, LAST_KEY, accounts_of, filter_tokens, key_at
from feedhub.store.search import fts5_match, tsquery
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts
from feedhub.store.times import from_ms, to_ms
from feedhub.store.unpacking import PLACE, kept_posts

_LAST_MOMENT = 2**63 - 1

# ix_post_event holds posts with an event alone, by when that is over
_IN_TIME = select(*PLACE).where(
    posts.c.event_at.is_not(None),
    posts.c.event_until >= bindparam("begin"),
    posts.c.event_at < bindparam("end"),
    posts.c.order_key >= bindparam("first"),
    posts.c.order_key < bindparam("before"),
)
_SOONEST = (posts.c.event_at, posts.c.order_key)
_LATEST = (posts.c.event_at.desc(), posts.c.order_key)
# SQLite finds every match once; a look into its index for each event costs a third of a millisecond each time.
_MATCHES = {
    True: text("post.order_key IN (SELECT rowid FROM search WHERE search MATCH :query)"),
    False: text(
        "EXISTS (SELECT 1 FROM search WHERE search.order_key = post.order_key AND words @@ CAST(:query AS tsquery))"
    ),
}
_CALLED_OFF = (
    select(*posts.c["id", "account_id", "change", "updated_at", "event_at", "event_until"])
    .where(
        posts.c.event_at.is_not(None),
        posts.c.event_until >= bindparam("since"),
        posts.c.updated_at >= bindparam("since"),
        posts.c.status.in_(("withdrawn", "gone")),
        text("was_public"),
    )
    .order_by(*_SOONEST)
)


def events(  # a window of time, and how much of it
    session: ReadSession,
    filters: Filters,
    *,
    begin: datetime,
    end: datetime | None = None,
    most: int,
    newest_first: bool = False,
) -> tuple[KeptPost, ...]:
    """At most `most` live posts whose event is not over at `begin` and begins before `end`, by their beginning."""
    terms, any_of = read_search_terms(filters.q), filter_tokens(session, filters)
    if (filters.q.strip() and terms.is_empty) or any(not tokens for tokens in any_of):
        return ()
    values: dict[str, Any] = {
        "begin": to_ms(begin),
        "end": to_ms(end) if end else _LAST_MOMENT,
        "first": key_at(filters.since) if filters.since else FIRST_KEY,
        "before": key_at(filters.until) if filters.until else LAST_KEY,
        "most": most,
    }
    if any_of or not terms.is_empty:
        values["query"] = (fts5_match if session.is_sqlite else tsquery)(terms, any_of)
        matches = _MATCHES[session.is_sqlite]
    else:
        matches = text("listed")
    question: Select[Any] = _IN_TIME.where(matches).order_by(*(_LATEST if newest_first else _SOONEST))
    rows: Sequence[Row[Any]] = session.rows(question.limit(bindparam("most")), values)
    return kept_posts(session, rows)


def hidden_events(session: ReadSession, filters: Filters, *, since: datetime) -> tuple[HiddenEvent, ...]:
    """Events of the filters' departments and accounts whose posts were hidden since then, before they were over.

    None where the filters ask for more: what a post was about went with its content, and a
    calendar would show as cancelled what it never had.
    """
    if filters.kinds or filters.types or filters.tags or filters.languages or filters.q:
        return ()
    accounts = accounts_of(session, filters)
    return tuple(
        HiddenEvent(
            id=row.id,
            change=row.change,
            starts_at=from_ms(row.event_at),
            all_day=is_all_day(row.event_at, row.event_until),
            hidden_at=from_ms(row.updated_at),
        )
        for row in session.rows(_CALLED_OFF, {"since": to_ms(since)})
        if row.account_id in accounts and row.event_until >= row.updated_at
    )
