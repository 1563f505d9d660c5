"""Lists of posts, newest first, as readers ask for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, select, text

from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost, Notice
from feedhub.posts.post import PostStatus
from feedhub.posts.search_terms import SearchTerms, read_search_terms
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.register import register_copy
from feedhub.store.search import LISTED, account_token, department_token, fts5_match, language_token, tag_token, tsquery
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts, versions
from feedhub.store.times import from_ms, to_ms
from feedhub.store.unpacking import PLACE, kept_posts, one_kept_post

BITS = 20  # of an order_key, below the milliseconds
# Versions of a live post that may be shown: one that was gone for a while was public before.
_ONCE_SHOWN = frozenset({PostStatus.LIVE.value, PostStatus.GONE.value})
FIRST_KEY, LAST_KEY = -(2**63), 2**63 - 1

# the table's own order
_LATEST = (
    select(*PLACE)
    .where(text("listed"), posts.c.order_key >= bindparam("first"), posts.c.order_key < bindparam("before"))
    .order_by(posts.c.order_key.desc())
    .limit(bindparam("most"))
)
_FOUND = {
    True: text(
        "SELECT rowid AS order_key FROM search WHERE search MATCH :query AND rowid >= :first AND rowid < :before"
        " ORDER BY rowid DESC LIMIT :most"
    ),
    # ix_search_words or the primary key, whichever PostgreSQL's statistics favour
    False: text(
        "SELECT order_key FROM search WHERE words @@ CAST(:query AS tsquery) AND order_key >= :first"
        " AND order_key < :before ORDER BY order_key DESC LIMIT :most"
    ),
}
_BY_KEYS = (
    select(*PLACE).where(posts.c.order_key.in_(bindparam("keys", expanding=True))).order_by(posts.c.order_key.desc())
)
_VERSIONS = (
    select(
        versions.c["number"],
        versions.c.change,
        versions.c.at,
        versions.c.status,
        versions.c.document,
        versions.c.notice,
    )
    .where(versions.c.post_id == bindparam("id"), versions.c.redacted.is_(False))
    .order_by(versions.c["number"].desc())
)
# ix_post_hidden, newest first
_DELETED = (
    select(posts.c.id, posts.c.order_key, posts.c.account_id, posts.c.updated_at, posts.c.notice)
    .where(
        text("status IN ('withdrawn', 'gone') AND was_public"),
        posts.c.updated_at >= bindparam("since"),
    )
    .order_by(posts.c.change.desc())
    .limit(1000)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A post that was public and can no longer be shown."""

    id: UUID
    order_key: int
    deleted_at: datetime
    reason: str | None


def latest_posts(session: ReadSession, filters: Filters, *, before: int | None = None) -> tuple[KeptPost, ...]:
    """At most `filters.limit` live posts, newest first, older than the order_key `before`."""
    terms = read_search_terms(filters.q)
    any_of = filter_tokens(session, filters)
    if (filters.q.strip() and terms.is_empty) or any(not tokens for tokens in any_of):
        return ()
    values = {
        "first": key_at(filters.since) if filters.since else FIRST_KEY,
        "before": _before(filters, before),
        "most": filters.limit,
    }
    if not any_of and terms.is_empty and not filters.types:
        rows = session.rows(_LATEST, values)
    else:
        rows = _found(session, terms, any_of, values)
    return kept_posts(session, rows)


def kept_post(session: ReadSession, post_id: UUID) -> KeptPost | None:
    """The post, if it is or was public; its content only while it is live."""
    return one_kept_post(session, post_id)


def post_versions(session: ReadSession, post_id: UUID) -> tuple[KeptPost, ...]:
    """Every version of a post that is live, newest first; none of one that is not."""
    newest = one_kept_post(session, post_id)
    if newest is None or newest.post is None:
        return ()
    return (
        newest,
        *(
            replace(
                newest,
                version=version.number,
                change=version.change,
                updated_at=from_ms(version.at),
                notice=msgspec.json.decode(version.notice, type=Notice) if version.notice else None,
                post=post_from(expanded(version.document)),
            )
            for version in session.rows(_VERSIONS, {"id": post_id})
            if version.status in _ONCE_SHOWN
        ),
    )


def tombstones(session: ReadSession, filters: Filters, *, since: datetime) -> tuple[Deleted, ...]:
    """Posts of the filters' departments and accounts that can no longer be shown, newest first.

    Kinds, tags and words went with the content: a narrower feed may carry a tombstone of a
    post that it never had, which every reader ignores.
    """
    accounts = accounts_of(session, filters)
    return tuple(
        Deleted(id=row.id, order_key=row.order_key, deleted_at=from_ms(row.updated_at), reason=_reason(row.notice))
        for row in session.rows(_DELETED, {"since": to_ms(since)})
        if row.account_id in accounts
    )


def accounts_of(session: ReadSession, filters: Filters) -> set[UUID]:
    """The accounts that the filters' departments, accounts and platforms leave."""
    departments = _departments(session, filters)
    return {
        account.id
        for account in register_copy(session).accounts.values()
        if (not filters.accounts or account.id in filters.accounts)
        and (not filters.platforms or account.platform in filters.platforms)
        and account.department in departments
    }


def _found(
    session: ReadSession, terms: SearchTerms, any_of: Sequence[Sequence[str]], values: dict[str, Any]
) -> Sequence[Row[Any]]:
    query = (fts5_match if session.is_sqlite else tsquery)(terms, any_of)
    keys = [row.order_key for row in session.rows(_FOUND[session.is_sqlite], {**values, "query": query})]
    return session.rows(_BY_KEYS, {"keys": keys}) if keys else ()


def filter_tokens(session: ReadSession, filters: Filters) -> list[list[str]]:
    """A list of alternatives for each filter that was set."""
    any_of = []
    if filters.departments or filters.groups or filters.areas:
        ids = register_copy(session).department_ids
        any_of.append([department_token(ids[slug]) for slug in sorted(_departments(session, filters))])
    any_of += [
        tokens
        for tokens in (
            [account_token(account) for account in filters.accounts],
            [f"p{platform}" for platform in filters.platforms],
            [f"k{kind}" for kind in filters.kinds],
            [tag_token(tag) for tag in filters.tags],
            [language_token(language) for language in filters.languages],
        )
        if tokens
    ]
    if filters.types:
        any_of.append([f"t{type_}" for type_ in filters.types])
    elif any_of or filters.q.strip():
        any_of.append([LISTED])
    return any_of


def _departments(session: ReadSession, filters: Filters) -> set[str]:
    return {
        department.slug
        for department in register_copy(session).departments.values()
        if (not filters.departments or department.slug in filters.departments)
        and (not filters.groups or department.group in filters.groups)
        and (not filters.areas or department.area in filters.areas)
    }


def _before(filters: Filters, before: int | None) -> int:
    until = key_at(filters.until) if filters.until else LAST_KEY
    return until if before is None else min(before, until)


def key_at(moment: datetime) -> int:
    """The smallest order_key of that moment; people may ask for the year 9999."""
    return min(max(to_ms(moment) << BITS, FIRST_KEY), LAST_KEY)


def _reason(notice: str | None) -> str | None:
    return msgspec.json.decode(notice, type=Notice).reason if notice else None
