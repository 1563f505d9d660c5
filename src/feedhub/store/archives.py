"""The documents that an archived feed is made of (RFC 5005 section 4): where each begins, ends and goes on.

A feed's subscription document holds its newest posts; all others stand in archives. A document
without `before` holds a complete month, one with `before` what one day holds below that
order_key, and neither more than `MOST`. Places are times, not page numbers, so a late or withdrawn
post moves no other one into another document.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, text

from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.posts.months import day_begins, month_after, month_of
from feedhub.posts.search_terms import read_search_terms
from feedhub.store.lists import BITS, Deleted, filter_tokens, key_at, latest_posts, tombstones
from feedhub.store.search import fts5_match, tsquery
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts
from feedhub.store.times import from_ms

MOST = 200  # posts in one document

# the table's own order
_NEXT_KEYS = (
    select(posts.c.order_key)
    .where(text("listed"), posts.c.order_key >= bindparam("first"))
    .order_by(posts.c.order_key)
    .limit(bindparam("most"))
)
_NEXT_FOUND = {
    True: text(
        "SELECT rowid AS order_key FROM search WHERE search MATCH :query AND rowid >= :first ORDER BY rowid LIMIT :most"
    ),
    # ix_search_words or the primary key, whichever PostgreSQL's statistics favour
    False: text(
        "SELECT order_key FROM search WHERE words @@ CAST(:query AS tsquery) AND order_key >= :first"
        " ORDER BY order_key LIMIT :most"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which archive document: a month, or of it what is below the order_key `before`."""

    month: date
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One archive document. `ends_at` is the moment that closes it."""

    posts: tuple[KeptPost, ...]
    deleted: tuple[Deleted, ...]
    ends_at: datetime
    older: Place | None
    newer: Place | None


def newest_archive(
    session: ReadSession, filters: Filters, shown: tuple[KeptPost, ...], *, at: datetime, zone: ZoneInfo
) -> Place | None:
    """The archive that goes on where a document of the newest posts ends.

    Where the document does not reach back to the month's beginning, the archive is that of the
    running month: as far as the day or hour that the document covers whole, else from its last
    post on. So a reader who knows an archive by its address has missed nothing of it.
    """
    local = at.astimezone(zone)
    month = day_begins(local.date().replace(day=1), zone)
    oldest = shown[-1].order_key if len(shown) >= filters.limit else None
    if oldest is None or oldest < key_at(month):
        older = _newest(session, filters, before=key_at(month))
        return None if older is None else Place(month=month_of(older.published_at, zone))
    for boundary in (day_begins(local.date(), zone), local.replace(minute=0, second=0, microsecond=0)):
        if oldest < key_at(boundary):
            return Place(month=month.date(), before=key_at(boundary))
    return Place(month=month.date(), before=oldest)


def archive_at(
    session: ReadSession, filters: Filters, place: Place, *, now: datetime, since: datetime, zone: ZoneInfo
) -> Archive | None:
    """The document at a place, with tombstones since then; None where it is not complete yet."""
    begin, end = day_begins(place.month, zone), day_begins(month_after(place.month), zone)
    upper = key_at(end) if place.before is None else min(place.before, key_at(end))
    ends_at = _moment(upper)
    # A post may be dated up to an hour ahead.
    if ends_at > (now if place.before is None else now + timedelta(hours=1)) or upper <= key_at(begin):
        return None
    if place.before is not None and (newest := _newest(session, filters, before=upper)) is not None:
        begin = max(begin, day_begins(newest.published_at.astimezone(zone).date(), zone))
    found = latest_posts(session, replace(filters, since=begin, limit=MOST), before=upper)
    lower = found[-1].order_key if len(found) == MOST else key_at(begin)
    deleted = tuple(one for one in tombstones(session, filters, since=since) if lower <= one.order_key < upper)
    return Archive(
        posts=found,
        deleted=deleted,
        ends_at=ends_at,
        older=_older(session, filters, place.month, lower, zone),
        newer=_newer(session, filters, upper, now, zone),
    )


def _older(session: ReadSession, filters: Filters, month: date, lower: int, zone: ZoneInfo) -> Place | None:
    if (older := _newest(session, filters, before=lower)) is None:
        return None
    found = month_of(older.published_at, zone)
    return Place(month=found, before=lower if found == month else None)


def _newer(session: ReadSession, filters: Filters, upper: int, now: datetime, zone: ZoneInfo) -> Place | None:
    """The document of the posts next newer, if it is complete: a month where it holds one whole, else a day."""
    keys = _next_keys(session, filters, first=upper)
    if not keys:
        return None
    first = _moment(keys[0]).astimezone(zone)
    month, after = month_of(first, zone), day_begins(month_of(first, zone), zone)
    end = day_begins(month_after(month), zone)
    if upper <= key_at(after) and end <= now and not (len(keys) > MOST and keys[MOST] < key_at(end)):
        return Place(month=month)
    day = day_begins(first.date() + timedelta(days=1), zone)
    if len(keys) > MOST and keys[MOST] < key_at(day):
        return Place(month=month, before=keys[MOST])
    return Place(month=month, before=key_at(day)) if day <= now else None


def _newest(session: ReadSession, filters: Filters, *, before: int) -> KeptPost | None:
    return next(iter(latest_posts(session, replace(filters, limit=1), before=before)), None)


def _next_keys(session: ReadSession, filters: Filters, *, first: int) -> list[int]:
    """The next order_keys from `first` on, one more than a document holds."""
    terms, any_of = read_search_terms(filters.q), filter_tokens(session, filters)
    values = {"first": first, "most": MOST + 1}
    if not any_of and terms.is_empty:
        return [row.order_key for row in session.rows(_NEXT_KEYS, values)]
    if any(not tokens for tokens in any_of):
        return []
    query = (fts5_match if session.is_sqlite else tsquery)(terms, any_of)
    return [row.order_key for row in session.rows(_NEXT_FOUND[session.is_sqlite], {**values, "query": query})]


def _moment(key: int) -> datetime:
    return from_ms(key >> BITS)
