"""What an account is used to: read for the hold rules, learned from what became public."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, func, select, text, update

from feedhub.accounts.account import Account
from feedhub.posts.compare import Change
from feedhub.posts.decisions import Decision, order_key
from feedhub.posts.habits import Habits, Shown, plain_name, with_links, with_profile
from feedhub.posts.holding import PROFILE, Watched
from feedhub.posts.link_domains import domain_of, domains_of, is_anybodys, is_well_known, official_endings
from feedhub.posts.post import PostStatus
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, RegisterCopy, WriteSession
from feedhub.store.tables import accounts, posts
from feedhub.store.tables_desk import stops
from feedhub.store.times import from_ms, to_ms

# Bursts are measured against so long a past; posts of the last days count whether public or not.
_RHYTHM, _RECENT = timedelta(weeks=8), timedelta(days=4)
_MOST_TIMES = 5_000
# Beyond so many public posts a tenth of them is more than the rules ask for.
_MOST_COUNTED = 300
# An account collected before FeedHub had habits learns them from so many of its newest posts.
_MOST_LEARNED = 300

# ix_stop_account_id. An account may leave the register and come back while its stop goes on.
_IS_STOPPED = select(stops.c.id).where(stops.c.account_id == bindparam("account"), stops.c.lifted_at.is_(None))
_ACCOUNT = select(
    *accounts.c["delay", "holds", "habits", "held_for", "last_success_at"], _IS_STOPPED.exists().label("is_stopped")
).where(accounts.c.id == bindparam("account"))
# ix_post_account
_TIMES = (
    select(posts.c.id, posts.c.published_at, posts.c.status)
    .where(posts.c.account_id == bindparam("account"), posts.c.order_key >= bindparam("since"))
    .order_by(posts.c.order_key.desc())
    .limit(_MOST_TIMES)
)
_LIVE = (
    select(posts.c.document)
    .where(posts.c.account_id == bindparam("account"), posts.c.status == text("'live'"))
    .order_by(posts.c.order_key.desc())
    .limit(_MOST_LEARNED)
)
_COUNT = select(func.count().label("live")).select_from(
    select(posts.c.id)
    .where(posts.c.account_id == bindparam("account"), posts.c.status == text("'live'"))
    .limit(_MOST_COUNTED)
    .subquery()
)
_ELSEWHERE = text("SELECT 1 FROM account WHERE habits LIKE :pattern ESCAPE '!' LIMIT 1")
_IN_DEPARTMENT = text(
    "SELECT 1 FROM account WHERE department_id = :department AND habits LIKE :pattern ESCAPE '!' LIMIT 1"
)
_KEEP = update(accounts).where(accounts.c.id == bindparam("account")).values(habits=bindparam("learned"))
_HOLD = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(held_for=bindparam("why"), held_since=bindparam("since"))
)

_DECODER = msgspec.json.Decoder(Habits)
_NOTHING = "{}"


def watched_account(
    session: ReadSession, account: Account, decisions: Sequence[Decision], *, is_first: bool, now: datetime
) -> Watched:
    """What the hold rules have to know of an account to judge these decisions."""
    row = _row(session, account.id)
    told = [found for found in decisions if found.change is not Change.SAME]
    habits = _habits(session, account.id, row, is_first=is_first)
    watched = Watched(
        habits=habits,
        is_first=is_first,
        is_stopped=bool(row.is_stopped),
        held_for=row.held_for,
        delay=row.delay,
        limits=dict(msgspec.json.decode(row.holds, type=tuple[tuple[str, int], ...])),
        last_success_at=None if row.last_success_at is None else from_ms(row.last_success_at),
        registered=_registered(register_copy(session), account),
    )
    if is_first:
        return watched
    times = _times(session, account.id, told, now=now) if told else ()
    wanted = {site for found in told for site in found.seen.domains}
    return replace(
        watched,
        known=_known(session, account, habits, wanted),
        published=tuple(at for at, is_live in times if is_live),
        recent=tuple(at for at, _ in times if at > now - _RECENT),
        public=_public(session, account.id),
    )


def learn(session: WriteSession, account: Account, *, public: Iterable[Sequence[str]], at: datetime) -> None:
    """Remember the sites that posts lead to which became public now."""
    sites = [domains for domains in public if domains]
    if not sites:
        return
    row = _row(session, account.id)
    habits = with_links(_habits(session, account.id, row, is_first=False), sites, at=at)
    keep_habits(session, account.id, habits)


def notice_profile(session: WriteSession, account: Account, shown: Shown | None, *, at: datetime) -> None:
    """Remember how the platform shows an account; where that is another's, it is held from now on."""
    if shown is None:
        return
    row = _row(session, account.id)
    before = _DECODER.decode(row.habits)
    registered = _registered(register_copy(session), account)
    after = with_profile(before, shown, registered=registered)
    limits = dict(msgspec.json.decode(row.holds, type=tuple[tuple[str, int], ...]))
    if not limits.get(PROFILE, 1):
        after = replace(after, profile=after.changed or after.profile, changed=None)
    if after != before:
        keep_habits(session, account.id, after)
    if after.changed is not None and after.changed != before.changed and row.held_for is None:
        hold_account(session, account.id, PROFILE, at=at)


def is_stopped(session: ReadSession, account: UUID) -> bool:
    """Whether the desk has stopped an account and not lifted that yet."""
    return session.row(_IS_STOPPED, {"account": account}) is not None


def keep_habits(session: WriteSession, account: UUID, habits: Habits) -> None:
    session.run(_KEEP, {"account": account, "learned": msgspec.json.encode(habits).decode()})


def kept_habits(session: ReadSession, account: UUID) -> Habits:
    return _DECODER.decode(_row(session, account).habits)


def hold_account(session: WriteSession, account: UUID, why: str | None, *, at: datetime) -> None:
    """Hold everything new of an account, or no longer (`why` None)."""
    session.run(_HOLD, {"account": account, "why": why, "since": to_ms(at) if why else None})


def public_sites(decisions: Iterable[Decision]) -> list[Sequence[str]]:
    """The sites of what decisions make public."""
    return [
        found.seen.domains
        for found in decisions
        if found.change in {Change.NEW, Change.EDITED} and found.status is PostStatus.LIVE
    ]


def _row(session: ReadSession, account: UUID) -> Row[Any]:
    row = session.row(_ACCOUNT, {"account": account})
    if row is None:
        raise AssertionError("accounts are never deleted")
    return row


def _habits(session: ReadSession, account: UUID, row: Row[Any], *, is_first: bool) -> Habits:
    habits = _DECODER.decode(row.habits)
    if habits.domains or is_first:
        return habits
    kept = [domains_of(post_from(expanded(live.document))) for live in session.rows(_LIVE, {"account": account})]
    return with_links(habits, kept, at=from_ms(row.last_success_at or 0))


def _times(
    session: ReadSession, account: UUID, told: Sequence[Decision], *, now: datetime
) -> tuple[tuple[datetime, bool], ...]:
    earliest = min([now, *(found.published_at for found in told if not found.backfill)])
    since = order_key(to_ms(earliest - _RHYTHM), UUID(int=0))
    own = {found.id for found in told}
    return tuple(
        (from_ms(row.published_at), row.status == PostStatus.LIVE)
        for row in session.rows(_TIMES, {"account": account, "since": since})
        if row.id not in own
    )


def _public(session: ReadSession, account: UUID) -> int:
    row = session.row(_COUNT, {"account": account})
    return int(row.live) if row else 0


def _known(session: ReadSession, account: Account, habits: Habits, wanted: Collection[str]) -> frozenset[str]:
    """Those of `wanted` that are no strangers: the account's own, everybody's, the city's, or another account's.

    By a shortener anybody leads anywhere: only the department's own accounts speak for each other there.
    """
    strange = {site for site in wanted if site not in habits.domains and not is_well_known(site)}
    if not strange:
        return frozenset(wanted)
    own = _own_sites(register_copy(session))
    endings = official_endings(own)
    strange = {site for site in strange if is_anybodys(site) or not (site in own or site.endswith(endings))}
    strange = {site for site in strange if not _is_used(session, site, account)}
    return frozenset(wanted) - strange


def _is_used(session: ReadSession, site: str, account: Account) -> bool:
    """Whether another account led there in public."""
    pattern = '%"' + site.replace("!", "!!").replace("_", "!_").replace("%", "!%") + '":[%'
    if not is_anybodys(site):
        return session.row(_ELSEWHERE, {"pattern": pattern}) is not None
    department = register_copy(session).department_ids[account.department]
    return session.row(_IN_DEPARTMENT, {"department": department, "pattern": pattern}) is not None


def _own_sites(copy: RegisterCopy) -> frozenset[str]:
    """The city's own: its publisher's, its departments', its accounts'."""
    register = copy.register
    urls = [register.publisher.url, *(one.url for one in register.departments), *(one.url for one in register.accounts)]
    return frozenset(site for url in urls if url and (site := domain_of(url)))


def _registered(copy: RegisterCopy, account: Account) -> frozenset[str]:
    """The names by which the register knows the account's department."""
    department = copy.departments[account.department]
    names = (department.name, department.short_name, account.handle)
    return frozenset(plain_name(name) for name in names if name)
