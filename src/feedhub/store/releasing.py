"""Letting go of what was held: approved by a person, or because its time has come. Only ever under the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, select, text, update

from feedhub.accounts.account import Account
from feedhub.errors import FeedHubError
from feedhub.payloads.payload import Payload
from feedhub.posts.decisions import Decision, decide
from feedhub.posts.habits import approved
from feedhub.posts.holding import DELAY, DROPPED, MASS, PROFILE, RULES, STOP, judge
from feedhub.posts.post import PostStatus
from feedhub.posts.seen import Seen
from feedhub.store.bodies import expanded
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.desk import hide_gone
from feedhub.store.keeping import held_posts, keep_decisions
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.showing import hidden_posts, keep_held, show_posts
from feedhub.store.tables import accounts, payloads, posts
from feedhub.store.tables_desk import stops
from feedhub.store.times import to_ms
from feedhub.store.watching import (
    hold_account,
    is_stopped,
    keep_habits,
    kept_habits,
    learn,
    public_sites,
    watched_account,
)

_APPROVABLE = frozenset({*RULES, DELAY, DROPPED})

# ix_post_held
_DUE = (
    select(posts.c.id, posts.c.account_id)
    .join(accounts, accounts.c.id == posts.c.account_id)
    .where(
        ~select(stops.c.id).where(stops.c.account_id == accounts.c.id, stops.c.lifted_at.is_(None)).exists(),
        (posts.c.held_for == DELAY)
        & posts.c.status.in_(("held", "live"))
        & (posts.c.held_since + accounts.c.delay * 1000 <= bindparam("now"))
        # Edits that came during a stop which is lifted by now.
        | (posts.c.held_for == STOP) & posts.c.status.in_(("held", "live")),
    )
)
# ix_payload_account
_PENDING = (
    select(posts.c.id.label("post"), payloads.c.id, payloads.c.form, payloads.c.context, payloads.c.body)
    .join(payloads, (payloads.c.account_id == posts.c.account_id) & (payloads.c.fingerprint == posts.c.pending))
    .where(posts.c.id.in_(bindparam("ids", expanding=True)), posts.c.held_for.is_not(None))
    .order_by(payloads.c.id)
)
_WORDLESS = (
    update(posts)
    .where(posts.c.id == bindparam("post"), posts.c.status == text("'live'"))
    .values(held_for=None, held_since=None, held_reason=None)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What letting go came to: posts shown, edits shown, deletions followed, and what a rule holds on."""

    posts: int = 0
    edits: int = 0
    deletions: int = 0
    held: int = 0

    def __add__(self, other: "Released") -> "Released":
        return Released(
            posts=self.posts + other.posts,
            edits=self.edits + other.edits,
            deletions=self.deletions + other.deletions,
            held=self.held + other.held,
        )


def due_releases(session: ReadSession, *, now: datetime) -> dict[UUID, list[UUID]]:
    """The posts whose delay is over, or whose stop, by account."""
    due: dict[UUID, list[UUID]] = {}
    for row in session.rows(_DUE, {"now": to_ms(now)}):
        due.setdefault(row.account_id, []).append(row.id)
    return due


def pending_payloads(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Payload]:
    """The newest payload of each edit held back, by post."""
    return {row.post: _payload(row) for row in session.rows(_PENDING, {"ids": list(ids)})}


def release_due(
    session: WriteSession,
    account: Account,
    ids: Sequence[UUID],
    *,
    read: Mapping[UUID, Seen],
    at: datetime,
    media_expires: bool,
) -> Released:
    """Show posts and edits whose time has come, unless a rule or the desk holds them by now."""
    number = take_clock(session)
    if is_stopped(session, account.id):
        return Released()
    meant = _meant(session, ids, read, of={DELAY, STOP}, at=at)
    watched = replace(watched_account(session, account, meant.all, is_first=False, now=at), delay=0)
    decisions = [
        *judge(watched, [found for found in meant.all if _held_for(found) == STOP]).decisions,
        # These were judged when they came; only an account taken over since then holds them.
        *judge(
            replace(watched, limits={**watched.limits, **dict.fromkeys(RULES, 0), PROFILE: int(watched.has(PROFILE))}),
            [found for found in meant.all if _held_for(found) == DELAY],
        ).decisions,
    ]
    hidden = {found.id for found in meant.hidden}
    done = _Meant(
        hidden=[found for found in decisions if found.id in hidden],
        edits=[found for found in decisions if found.id not in hidden],
    )
    return _let_go(session, account, done, number=number, at=at, media_expires=media_expires)


def release_approved(  # noqa: PLR0913  # what was approved, and what was read of it
    session: WriteSession,
    account: Account,
    ids: Sequence[UUID],
    *,
    read: Mapping[UUID, Seen],
    at: datetime,
    media_expires: bool,
    is_whole: bool,
) -> Released:
    """Show what a person has approved. `is_whole`: the account itself too, as its platform shows it now.

    Raises:
        FeedHubError: the account is stopped; nothing of it is shown before that is lifted.
    """
    number = take_clock(session)
    if is_stopped(session, account.id):
        raise FeedHubError(f"The account is stopped; end that first: feedhub accounts lift {account.id}.")
    if is_whole:
        keep_habits(session, account.id, approved(kept_habits(session, account.id)))
        hold_account(session, account.id, None, at=at)
    meant = _meant(session, ids, read, of=_APPROVABLE, at=at)
    done = _let_go(session, account, meant, number=number, at=at, media_expires=media_expires)
    return done + _follow_deletions(session, ids, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """Posts that are hidden, and edits of posts that are not."""

    hidden: list[Decision]
    edits: list[Decision]

    @property
    def all(self) -> list[Decision]:
        return [*self.hidden, *self.edits]


def _meant(
    session: ReadSession, ids: Sequence[UUID], read: Mapping[UUID, Seen], *, of: frozenset[str] | set[str], at: datetime
) -> _Meant:
    held = {post: found for post, found in held_posts(session, ids).items() if found.held_for in of}
    hidden = [post for post, found in held.items() if found.status is PostStatus.HELD]
    edits = [
        decide(found, read[post], post=post, now=at, is_first_visit=False)
        for post, found in held.items()
        if found.status is PostStatus.LIVE and post in read and found.pending == read[post].payload
    ]
    return _Meant(hidden=hidden_posts(session, hidden), edits=edits)


def _let_go(
    session: WriteSession, account: Account, meant: _Meant, *, number: int, at: datetime, media_expires: bool
) -> Released:
    shown = [found for found in meant.hidden if found.status is PostStatus.LIVE]
    held = [found for found in meant.hidden if found.status is not PostStatus.LIVE]
    newest = show_posts(session, account, shown, number=number, at=at)
    keep_held(session, held, at=at)
    newest = keep_decisions(session, account, meant.edits, number=newest, now=at, media_expires=media_expires)
    learn(session, account, public=public_sites([*shown, *meant.edits]), at=at)
    if newest != number:
        set_clock(session, newest, at=to_ms(at))
    return Released(
        posts=len(shown),
        edits=sum(1 for found in meant.edits if not found.held_back),
        held=len(held) + sum(1 for found in meant.edits if found.held_back),
    )


def _follow_deletions(session: WriteSession, ids: Sequence[UUID], *, at: datetime) -> Released:
    """Hide what a platform called gone, too many at once to be believed without a person."""
    number = take_clock(session)
    called = [
        post
        for post, found in held_posts(session, ids).items()
        if found.status is PostStatus.LIVE and found.pending is None and found.held_for in {MASS, DROPPED}
    ]
    for post in called:
        session.run(_WORDLESS, {"post": post})
    newest = hide_gone(session, called, number=number, at=at)
    if newest != number:
        set_clock(session, newest, at=to_ms(at))
    return Released(deletions=len(called))


def _held_for(found: Decision) -> str | None:
    return found.held.held_for if found.held else None


def _payload(row: Row[Any]) -> Payload:
    return Payload(
        form=row.form, body=expanded(row.body), context=msgspec.json.decode(row.context, type=dict[str, str])
    )
