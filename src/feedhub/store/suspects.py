"""Posts about which their platform should be asked one by one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, or_, select, text

from feedhub.posts.decisions import HELD_AS_GONE, order_key
from feedhub.store.bodies import expanded
from feedhub.store.desk import GONE_AFTER
from feedhub.store.session import ReadSession
from feedhub.store.tables import posts
from feedhub.store.times import to_ms

# Older pictures' addresses are left to expire: nobody asks a platform for its whole archive every day.
_RENEWED_FOR = timedelta(days=30)

_COLUMNS = (posts.c.id, posts.c.document)
# ix_post_held: the second word on what was called gone an hour ago.
_CALLED_GONE = (
    select(*_COLUMNS)
    .where(
        posts.c.account_id == bindparam("account"),
        posts.c.held_for == HELD_AS_GONE,
        posts.c.held_since <= bindparam("before"),
    )
    .limit(bindparam("most"))
)
# ix_post_account
_SINCE = (
    select(*_COLUMNS)
    .where(
        posts.c.account_id == bindparam("account"),
        posts.c.order_key >= bindparam("since"),
        # What is held may be taken away too; what was called gone is asked about again in an hour.
        posts.c.status.in_(("live", "held")),
        posts.c.held_for.is_distinct_from(text("'gone'")),
        # Nobody will ever see this one, there or not.
        or_(posts.c.status == text("'live'"), posts.c.held_for.is_distinct_from(text("'dropped'"))),
    )
    .order_by(posts.c.order_key.desc())
)
_EXPIRING = (
    select(*_COLUMNS)
    .where(
        posts.c.account_id == bindparam("account"),
        posts.c.order_key >= bindparam("since"),
        posts.c.status == text("'live'"),
        posts.c.media_at < bindparam("before"),
    )
    .order_by(posts.c.media_at)
    .limit(bindparam("most"))
)


# ix_post_account
_NEWEST = (
    select(*_COLUMNS)
    .where(posts.c.account_id == bindparam("account"), posts.c.status == text("'live'"))
    .order_by(posts.c.order_key.desc())
    .limit(bindparam("most"))
)
# One of these is neither suspect nor without an address of its own.
_SIBLINGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectPost:
    """A post to ask about."""

    id: UUID
    native_id: str
    source_url: str | None
    aliases: tuple[str, ...] = ()
    published_at: datetime | None = None


class _Named(msgspec.Struct):
    native_id: str
    source_url: str | None = None
    aliases: tuple[str, ...] = ()
    published_at: datetime | None = None


_decode = msgspec.json.Decoder(_Named).decode


def suspect_posts(  # noqa: PLR0913  # what makes a post suspect
    session: ReadSession,
    account: UUID,
    *,
    listed: Collection[UUID],
    covers_since: datetime | None,
    media_last: timedelta | None,
    now: datetime,
    most: int,
) -> tuple[SuspectPost, ...]:
    """At most `most` posts to ask about: called gone an hour ago, missing where the platform
    shows everything since `covers_since` and `listed` what it showed, or with media whose
    addresses are past half of their life.
    """
    found = list(session.rows(_CALLED_GONE, {"account": account, "before": to_ms(now - GONE_AFTER), "most": most}))
    expiring: list[Row[Any]] = []
    if media_last is not None:
        since = order_key(to_ms(now - _RENEWED_FOR), UUID(int=0))
        before = to_ms(now - media_last / 2)
        values = {"account": account, "since": since, "before": before, "most": most}
        expiring = [row for row in session.rows(_EXPIRING, values) if row.id not in listed]
    if covers_since is not None:
        since = order_key(to_ms(covers_since), UUID(int=0))
        rows = session.rows(_SINCE, {"account": account, "since": since})
        room = most - min(len(expiring), most // 4)
        found += _turn([row for row in rows if row.id not in listed], most=room, now=now)
    found += expiring
    unique = {row.id: row.document for row in found}
    return tuple(
        SuspectPost(
            id=post,
            native_id=named.native_id,
            source_url=named.source_url,
            aliases=named.aliases,
            published_at=named.published_at,
        )
        for post, document in list(unique.items())[:most]
        for named in (_decode(expanded(document)),)
    )


def _turn(missing: list[Row[Any]], *, most: int, now: datetime) -> list[Row[Any]]:
    """Those whose turn it is this hour: about some a platform may never say a plain word, and others wait too."""
    if len(missing) <= most:
        return missing
    first = int(now.timestamp() // 3600) * most % len(missing)
    turn = missing[first:] + missing[:first]
    return turn[:most]


def sibling_of(
    session: ReadSession, account: UUID, suspects: Collection[SuspectPost], *, listed: Collection[UUID]
) -> str | None:
    """The address of a live post that is not suspect, the newest of those `listed` if any are."""
    asked = {suspect.id for suspect in suspects}
    rows = [row for row in session.rows(_NEWEST, {"account": account, "most": _SIBLINGS}) if row.id not in asked]
    rows.sort(key=lambda row: row.id not in listed)
    return next((named.source_url for row in rows if (named := _decode(expanded(row.document))).source_url), None)
