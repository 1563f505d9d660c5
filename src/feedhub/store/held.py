"""What is held, and why: for people who decide about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text, update

from feedhub.accounts.account import Account
from feedhub.errors import NotKnown
from feedhub.posts.habits import change_in
from feedhub.posts.holding import DELAY, DROPPED, RULES, WAITING
from feedhub.posts.post import PostStatus
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.clock import take_clock
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import accounts, posts
from feedhub.store.times import from_ms, iso
from feedhub.store.watching import kept_habits

# ix_post_held
_HELD = (
    select(*posts.c["id", "account_id", "status", "held_for", "held_since", "held_reason", "pending", "document"])
    .where(posts.c.held_for.in_(WAITING))
    .order_by(posts.c.account_id, posts.c.order_key)
)
_OF_ACCOUNT = select(posts.c.id).where(
    posts.c.account_id == bindparam("account"), posts.c.held_for.in_((*RULES, DELAY)), posts.c.stop_id.is_(None)
)
_IDS = select(posts.c.id, posts.c.account_id).where(posts.c.id.in_(bindparam("ids", expanding=True)))
_HELD_ACCOUNTS = select(*accounts.c["id", "held_for", "held_since"]).where(accounts.c.held_for.is_not(None))
_DROP = (
    update(posts)
    .where(
        posts.c.id == bindparam("post"),
        posts.c.held_for.in_(WAITING),
        posts.c.status != text("'withdrawn'"),
    )
    .values(held_for=DROPPED)
)


class What(StrEnum):
    """What of a post waits for a person."""

    POST = "post"
    EDIT = "edit"
    DELETION = "deletion"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPost:
    """A post, an edit or a deletion that the public does not see. `rule`: a hold rule, `stop` or `delay`."""

    id: UUID
    account: Account
    what: What
    rule: str
    reason: str
    since: datetime
    title: str
    source_url: str | None

    def as_json(self) -> dict[str, Any]:
        """One row of `held list --json`."""
        return {
            "id": str(self.id),
            "account": str(self.account.id),
            "department": self.account.department,
            "what": self.what.value,
            "rule": self.rule,
            "reason": self.reason,
            "since": iso(self.since),
            "title": self.title,
            "source_url": self.source_url,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAccount:
    """An account of which everything new is held until a person approves its profile."""

    account: Account
    reason: str
    since: datetime

    def as_json(self) -> dict[str, Any]:
        """One row of `held list --json`."""
        return {
            "id": str(self.account.id),
            "department": self.account.department,
            "reason": self.reason,
            "since": iso(self.since),
        }


def held_list(session: ReadSession, *, account: UUID | None = None) -> tuple[HeldPost, ...]:
    """Everything that is held, of one account or of all, oldest first within each."""
    known = register_copy(session).accounts
    return tuple(
        _held(row, known[row.account_id]) for row in session.rows(_HELD) if account is None or row.account_id == account
    )


def held_accounts(session: ReadSession) -> tuple[HeldAccount, ...]:
    """The accounts that are held as a whole."""
    known = register_copy(session).accounts
    return tuple(
        HeldAccount(account=known[row.id], reason=_profile_reason(session, row.id), since=from_ms(row.held_since))
        for row in session.rows(_HELD_ACCOUNTS)
    )


def named_posts(session: ReadSession, named: Sequence[UUID]) -> tuple[frozenset[UUID], dict[UUID, list[UUID]]]:
    """Of ids of accounts and posts: the accounts, and the posts meant (an account's held ones) by account.

    Raises:
        NotKnown: an id is neither.
    """
    known = register_copy(session).accounts
    whole = frozenset(named) & known.keys()
    meant = {account: [row.id for row in session.rows(_OF_ACCOUNT, {"account": account})] for account in whole}
    single = [one for one in named if one not in whole]
    found = {row.id: row.account_id for row in session.rows(_IDS, {"ids": single})}
    for one in single:
        if one not in found:
            raise NotKnown("post or account", str(one))
        meant.setdefault(found[one], []).append(one)
    return whole, meant


def drop_held(session: WriteSession, ids: Sequence[UUID]) -> int:
    """Never show these held posts and edits, and never follow these deletions; how many there were."""
    take_clock(session)
    return sum(session.run(_DROP, {"post": one}).rowcount for one in ids)


def _held(row: Row[Any], account: Account) -> HeldPost:
    post = post_from(expanded(row.document))
    what = What.POST if row.status == PostStatus.HELD else What.EDIT if row.pending else What.DELETION
    return HeldPost(
        id=row.id,
        account=account,
        what=what,
        rule=row.held_for,
        reason=row.held_reason or "",
        since=from_ms(row.held_since),
        title=post.title,
        source_url=post.source_url,
    )


def _profile_reason(session: ReadSession, account: UUID) -> str:
    habits = kept_habits(session, account)
    return change_in(habits.profile, habits.changed) or "Its profile changed."
