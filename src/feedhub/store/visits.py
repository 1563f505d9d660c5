"""How visits ended, and what that says about each account."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, case, func, select, update

from feedhub.accounts.account import ASKED, Account, AccountStatus
from feedhub.posts.holding import WAITING
from feedhub.posts.text import one_line
from feedhub.store.credentials import serving_credentials
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import accounts, posts
from feedhub.store.times import from_ms, iso, to_ms

_END = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(
        {
            **{
                name: bindparam(name) for name in ("cursor", "outcome", "reason", "remedy", "failures", "last_visit_at")
            },
            # Whoever woke the account since it was claimed means a visit after this one.
            "next_visit_at": case(
                (accounts.c.next_visit_at == bindparam("planned"), bindparam("next_visit_at")),
                else_=accounts.c.next_visit_at,
            ),
            "last_success_at": case(
                (bindparam("failures") == 0, bindparam("last_visit_at")), else_=accounts.c.last_success_at
            ),
        }
    )
)
# ix_post_account
_RHYTHM = (
    select(posts.c.published_at)
    .where(posts.c.account_id == bindparam("account"))
    .order_by(posts.c.order_key.desc())
    .limit(bindparam("most"))
)
_STATES = select(
    *accounts.c[
        "id", "outcome", "reason", "remedy", "failures", "last_visit_at", "last_success_at", "next_visit_at", "held_for"
    ]
).order_by(accounts.c.key)
_DUE_COUNT = select(func.count().label("due")).where(
    accounts.c.status.in_(ASKED), accounts.c.next_visit_at <= bindparam("due")
)
_COUNTS = (
    select(posts.c.account_id, func.count().label("posts")).where(posts.c.status == "live").group_by(posts.c.account_id)
)
# ix_post_held
_HELD_COUNTS = (
    select(posts.c.account_id, posts.c.held_for, func.count().label("posts"))
    .where(posts.c.held_for.in_(WAITING))
    .group_by(posts.c.account_id, posts.c.held_for)
)


_NOT_ASKED = {
    AccountStatus.PAUSED: "It is paused; `feedhub accounts resume` asks it again.",
    AccountStatus.STOPPED: "It is stopped by the desk: asked, but nothing of it is shown; `feedhub accounts lift` ends that.",
    AccountStatus.RETIRED: "It left the register; its posts stay.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEnd:
    """How a visit ended: what to remember, what to say, and when to come again.

    `planned` is the time at which the account was due when it was claimed (ms).
    """

    account: UUID
    cursor: dict[str, str]
    outcome: str
    reason: str | None
    remedy: str | None
    failures: int
    at: datetime
    next_visit_at: datetime
    planned: int

    @property
    def succeeded(self) -> bool:
        """Whether the account delivered what it had."""
        return self.failures == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """What a department wants to know of its account: does it deliver, and if not, why."""

    account: Account
    outcome: str
    reason: str | None
    remedy: str | None
    failures: int
    last_visit_at: datetime | None
    last_success_at: datetime | None
    next_visit_at: datetime
    posts: int
    credential_ends_at: datetime | None = None  # where that is near and nobody has acted yet
    held: dict[str, int] = field(default_factory=dict)  # posts, edits and deletions, by what holds them
    held_for: str | None = None  # why everything new of it is held

    @property
    def delivering(self) -> bool:
        """Whether its posts arrive now."""
        return self.account.status is AccountStatus.ACTIVE and self.outcome in {"ok", "not_modified"}

    @property
    def sentence(self) -> str:
        """Why its posts do or don't arrive, and what to do."""
        if self.account.status is not AccountStatus.ACTIVE:
            return " ".join(filter(None, (_NOT_ASKED[self.account.status], self._held)))
        if self.outcome == "never":
            return "It was not visited yet."
        if self.delivering:
            said = self.reason or ("It delivers." if self.posts else "It answers, but has no posts yet.")
            return f"{said} {self.note}" if self.note else said
        return f"{self.reason} {self.remedy or ''}".strip()

    @property
    def note(self) -> str | None:
        """What has to be done soon."""
        ends = self.credential_ends_at
        credential = f"Its credential ends on {ends:%Y-%m-%d}; give FeedHub a new one before." if ends else None
        return " ".join(filter(None, (credential, self._held))) or None

    @property
    def _held(self) -> str | None:
        """What waits for a person, and why."""
        if self.held_for is not None:
            return "Its profile changed, so everything new of it is held; `feedhub held release` approves it."
        if not self.held:
            return None
        why = ", ".join(f"{count} for {rule}" for rule, count in sorted(self.held.items()))
        return f"Held: {why}; `feedhub held list` says why."

    def as_json(self) -> dict[str, Any]:
        """One row of `accounts status --json`."""
        account = self.account
        return {
            "id": str(account.id),
            "key": account.key,
            "department": account.department,
            "platform": account.platform.value,
            "handle": account.handle,
            "url": account.url,
            "status": account.status.value,
            "delivering": self.delivering,
            "outcome": self.outcome,
            "reason": self.reason,
            "remedy": self.remedy,
            "last_visit_at": iso(self.last_visit_at),
            "last_success_at": iso(self.last_success_at),
            "next_visit_at": iso(self.next_visit_at),
            "posts": self.posts,
            "credential_ends_at": iso(self.credential_ends_at),
            "held": self.held,
            "held_for": self.held_for,
        }


def due_count(session: ReadSession, *, due: int) -> int:
    """How many accounts' time has come by `due` (ms)."""
    row = session.row(_DUE_COUNT, {"due": due})
    return int(row.due) if row else 0


def end_visit(session: WriteSession, end: VisitEnd) -> None:
    """Write how a visit ended, in the transaction that keeps what it brought."""
    session.run(
        _END,
        {
            "account": end.account,
            "cursor": msgspec.json.encode(end.cursor).decode(),
            "next_visit_at": to_ms(end.next_visit_at),
            "planned": end.planned,
            "outcome": end.outcome,
            # A reason may quote a stranger's bytes; PostgreSQL takes no NUL, and people no control characters.
            "reason": one_line(end.reason) if end.reason else None,
            "remedy": one_line(end.remedy) if end.remedy else None,
            "failures": end.failures,
            "last_visit_at": to_ms(end.at),
        },
    )


def publication_times(session: ReadSession, account: UUID, *, most: int) -> tuple[datetime, ...]:
    """When the newest posts of an account were published, newest first."""
    return tuple(from_ms(row.published_at) for row in session.rows(_RHYTHM, {"account": account, "most": most}))


def account_states(session: ReadSession) -> tuple[AccountState, ...]:
    """The state of every account that the register holds or held, by key."""
    known = register_copy(session).accounts
    counts = {row.account_id: row.posts for row in session.rows(_COUNTS)}
    ends = {id: kept.ends_at for id, kept in serving_credentials(session).items() if kept.warned is not None}
    held: dict[UUID, dict[str, int]] = {}
    for row in session.rows(_HELD_COUNTS):
        held.setdefault(row.account_id, {})[row.held_for] = row.posts
    return tuple(
        replace(
            _state(row, known[row.id], counts.get(row.id, 0)),
            credential_ends_at=ends.get(row.id),
            held=held.get(row.id, {}),
            held_for=row.held_for,
        )
        for row in session.rows(_STATES)
    )


def set_status(session: WriteSession, ids: Sequence[UUID], status: AccountStatus, *, change: int) -> int:
    """Pause, stop, retire or wake accounts; how many there were. The clock is held."""
    done = update(accounts).where(accounts.c.id.in_(ids)).values(status=status.value, change=change)
    return session.run(done).rowcount


def _state(row: Row[Any], account: Account, count: int) -> AccountState:
    return AccountState(
        account=account,
        outcome=row.outcome,
        reason=row.reason,
        remedy=row.remedy,
        failures=row.failures,
        last_visit_at=from_ms(row.last_visit_at) if row.last_visit_at is not None else None,
        last_success_at=from_ms(row.last_success_at) if row.last_success_at is not None else None,
        next_visit_at=from_ms(row.next_visit_at),
        posts=count,
    )
