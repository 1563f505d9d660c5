"""How fresh accounts and departments are, and how many of their pictures are described."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, func, select, text

from feedhub.accounts.account import Account, AccountStatus
from feedhub.posts.facts import GAPS, AccountFacts, DepartmentFacts, Described, Rhythm
from feedhub.posts.post import MediaType
from feedhub.store.bodies import expanded
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession
from feedhub.store.tables import accounts, posts
from feedhub.store.times import from_ms, to_ms

_FIRST_KEY = -(2**63)
_KEY_BITS = 20  # of an order_key, below the milliseconds
_MONTH, _YEAR = timedelta(days=30), timedelta(days=365)
_MOST_PICTURED = 500  # posts whose pictures are counted


def _listed_post(place: int) -> Any:  # noqa: ANN401  # SQLAlchemy's own generic scalar
    """When an account's newest listed post was published, or one `place` posts before it; ix_post_account."""
    return (
        select(posts.c.published_at)
        .where(posts.c.account_id == accounts.c.id, text("post.listed"))
        .order_by(posts.c.order_key.desc())
        .limit(1)
        .offset(place)
        .scalar_subquery()
    )


_RHYTHMS = select(accounts.c.id, _listed_post(0).label("newest"), _listed_post(GAPS).label("earlier"))
_RHYTHMS_OF = _RHYTHMS.where(accounts.c.id.in_(bindparam("accounts", expanding=True)))
_STATES = select(*accounts.c["id", "outcome", "last_success_at"]).where(
    accounts.c.id.in_(bindparam("accounts", expanding=True))
)
# ix_post_account
_COUNTS = (
    select(posts.c.account_id, func.count().label("posts"))
    .where(
        posts.c.account_id.in_(bindparam("accounts", expanding=True)),
        posts.c.order_key >= bindparam("first"),
        text("listed"),
    )
    .group_by(posts.c.account_id)
)
# The table's own order for all, ix_post_account for some; documents are read for the newest alone.
_NEWEST = select(posts.c.order_key).where(posts.c.order_key >= bindparam("first"), text("listed"))
_NEWEST_OF = _NEWEST.where(posts.c.account_id.in_(bindparam("accounts", expanding=True)))
_DOCUMENTS = {
    is_some: select(posts.c.document).where(
        posts.c.order_key.in_(question.order_by(posts.c.order_key.desc()).limit(_MOST_PICTURED))
    )
    for is_some, question in ((False, _NEWEST), (True, _NEWEST_OF))
}


class _Medium(msgspec.Struct):
    type: MediaType
    alt: str | None = None


class _Pictured(msgspec.Struct):
    media: tuple[_Medium, ...] = ()


_DECODER = msgspec.json.Decoder(_Pictured)


def department_facts(session: ReadSession, slug: str, *, now: datetime) -> DepartmentFacts:
    """How fresh a department and each of its accounts is, and how well its pictures are described."""
    mine = tuple(
        one
        for one in register_copy(session).accounts.values()
        if one.department == slug and one.status is not AccountStatus.RETIRED
    )
    ids = [one.id for one in mine]
    rhythms = {row.id: _rhythm(row) for row in session.rows(_RHYTHMS_OF, {"accounts": ids})}
    states = {row.id: row for row in session.rows(_STATES, {"accounts": ids})}
    month = {"accounts": ids, "first": _first_key(now - _MONTH)}
    counts = {row.account_id: int(row.posts) for row in session.rows(_COUNTS, month)}
    return DepartmentFacts(
        accounts=tuple(_facts(one, rhythms[one.id], counts.get(one.id, 0), states[one.id]) for one in mine),
        described=described_pictures(session, ids, now=now),
    )


def listed_count(session: ReadSession, department: str | None = None) -> int:
    """How many posts are listed: of one department, or of all."""
    known = register_copy(session).accounts.values()
    ids = [one.id for one in known if department in {None, one.department}]
    return sum(int(row.posts) for row in session.rows(_COUNTS, {"accounts": ids, "first": _FIRST_KEY}))


def account_rhythms(session: ReadSession) -> dict[UUID, Rhythm]:
    """When every account last said something, and how often it does."""
    return {row.id: _rhythm(row) for row in session.rows(_RHYTHMS)}


def described_pictures(session: ReadSession, of: Sequence[UUID] | None = None, *, now: datetime) -> Described:
    """The pictures of the newest posts of the last year, of some accounts or of all."""
    values: dict[str, Any] = {"first": _first_key(now - _YEAR)}
    if of is not None:
        values["accounts"] = list(of)
    rows = session.rows(_DOCUMENTS[of is not None], values)
    alts = [
        medium.alt
        for row in rows
        for medium in _DECODER.decode(expanded(row.document)).media
        if medium.type is MediaType.IMAGE
    ]
    return Described(pictures=len(alts), described=sum(1 for alt in alts if alt and alt.strip()))


def _facts(account: Account, rhythm: Rhythm, count: int, state: Row[Any]) -> AccountFacts:
    return AccountFacts(
        account=account,
        rhythm=rhythm,
        posts_in_month=count,
        outcome=state.outcome,
        delivering=account.status is AccountStatus.ACTIVE and state.outcome in {"ok", "not_modified"},
        last_success_at=from_ms(state.last_success_at) if state.last_success_at is not None else None,
    )


def _rhythm(row: Row[Any]) -> Rhythm:
    return Rhythm(
        newest_at=from_ms(row.newest) if row.newest is not None else None,
        earlier_at=from_ms(row.earlier) if row.earlier is not None else None,
    )


def _first_key(moment: datetime) -> int:
    """The smallest order_key of that moment."""
    return to_ms(moment) << _KEY_BITS
