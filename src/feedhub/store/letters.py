"""Letters to departments' private contacts: what there is to tell, told once for each occasion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, func, select, text, update

from feedhub.accounts.account import Account, Department
from feedhub.posts.text import one_line
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import accounts, posts
from feedhub.store.tables_desk import letters
from feedhub.store.times import from_ms, to_ms

_KEEP = text(
    "INSERT INTO letter (department_id, account_id, topic, occasion, written_at, tries, next_try_at, letter)"
    " VALUES (:department, :account, :topic, :occasion, :at, 0, :at, :letter) ON CONFLICT DO NOTHING"
)
_UNSENT = (
    select(letters)
    .where(
        letters.c.sent_at.is_(None),
        letters.c.tries < bindparam("most_tries"),
        letters.c.next_try_at <= bindparam("now"),
    )
    .order_by(letters.c.id)
    .limit(50)
)
# ix_post_held
_HELD = (
    select(
        posts.c.account_id, posts.c.held_for, func.count().label("many"), func.min(posts.c.held_since).label("since")
    )
    .where(posts.c.held_for.in_(("links", "profile", "burst", "mass")))
    .group_by(posts.c.account_id, posts.c.held_for)
)
# ix_post_account
_PUBLISHED = (
    select(posts.c.published_at)
    .where(posts.c.account_id == bindparam("account"))
    .order_by(posts.c.order_key.desc())
    .limit(bindparam("most"))
)
_DELIVERING = select(accounts.c.id).where(
    accounts.c.status == text("'active'"),
    accounts.c.failures == 0,
    accounts.c.last_success_at > bindparam("after"),
)

MOST_TRIES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as it is kept: to whom, and in whose words."""

    to: tuple[str, ...]
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentLetter:
    """A letter that waits to be delivered."""

    id: int
    tries: int
    letter: Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPosts:
    """What a hold rule caught at an account since then."""

    account: UUID
    rule: str
    many: int
    since: datetime


def owners(session: ReadSession) -> dict[UUID, tuple[Account, Department]]:
    """Every account with its department."""
    copy = register_copy(session)
    return {id: (account, copy.departments[account.department]) for id, account in copy.accounts.items()}


def held_now(session: ReadSession) -> tuple[HeldPosts, ...]:
    """What waits for a person because a rule caught it."""
    return tuple(
        HeldPosts(account=row.account_id, rule=row.held_for, many=row.many, since=from_ms(row.since or 0))
        for row in session.rows(_HELD)
    )


def rhythms(session: ReadSession, *, now: datetime, most: int) -> dict[UUID, tuple[datetime, ...]]:
    """When the accounts that answer published their newest posts, newest first."""
    answering = session.rows(_DELIVERING, {"after": to_ms(now - timedelta(days=1))})
    return {
        row.id: tuple(from_ms(one.published_at) for one in session.rows(_PUBLISHED, {"account": row.id, "most": most}))
        for row in answering
    }


def keep_letter(  # noqa: PLR0913  # what makes it one letter
    session: WriteSession, letter: Letter, *, department: str, account: UUID, topic: str, occasion: str, at: datetime
) -> None:
    """Keep a letter to be sent, unless this occasion was told already."""
    session.run(
        _KEEP,
        {
            "department": register_copy(session).department_ids[department],
            "account": account.hex if session.is_sqlite else account,
            "topic": topic,
            "occasion": occasion,
            "at": to_ms(at),
            "letter": msgspec.json.encode(letter).decode(),
        },
    )


def unsent_letters(session: ReadSession, *, now: datetime) -> tuple[UnsentLetter, ...]:
    """Letters whose time to be tried has come, oldest first."""
    rows = session.rows(_UNSENT, {"now": to_ms(now), "most_tries": MOST_TRIES})
    return tuple(
        UnsentLetter(id=row.id, tries=row.tries, letter=msgspec.json.decode(row.letter, type=Letter)) for row in rows
    )


def mark_sent(session: WriteSession, ids: Sequence[int], *, at: datetime) -> None:
    """Delivered; what it said is forgotten, that it was said is not."""
    done = update(letters).where(letters.c.id.in_(ids))
    session.run(done.values(sent_at=to_ms(at), fault=None, letter="{}"))


def mark_unsent(session: WriteSession, letter: UnsentLetter, *, fault: str, next_try_at: datetime) -> None:
    """Not delivered; it is tried again later, a few times."""
    failed = update(letters).where(letters.c.id == letter.id)
    session.run(failed.values(tries=letter.tries + 1, next_try_at=to_ms(next_try_at), fault=one_line(fault)))
