"""Every account's state as the status page shows it: who speaks, who fell silent, who could not be listened to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Protocol
from uuid import UUID

from feedhub.accounts.account import Account, AccountStatus, Department, Platform
from feedhub.posts.facts import Rhythm
from feedhub.views.messages import speaker
from feedhub.views.page_links import query
from feedhub.views.page_outcomes import outcome_words
from feedhub.views.page_site import Site, plain_url
from feedhub.views.page_template import rendered
from feedhub.views.page_times import ShownTime, day_words, shown_time


class AccountLine(Protocol):
    """What is known of one account; the store's AccountState is one."""

    @property
    def account(self) -> Account: ...
    @property
    def delivering(self) -> bool: ...
    @property
    def outcome(self) -> str: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def remedy(self) -> str | None: ...
    @property
    def last_visit_at(self) -> datetime | None: ...
    @property
    def last_success_at(self) -> datetime | None: ...
    @property
    def next_visit_at(self) -> datetime | None: ...
    @property
    def posts(self) -> int: ...
    @property
    def credential_ends_at(self) -> datetime | None: ...


class WaitingLine(Protocol):
    """Accounts that wait for one act; the store's Waiting is one."""

    @property
    def platform(self) -> Platform: ...
    @property
    def is_shared(self) -> bool: ...
    @property
    def accounts(self) -> tuple[UUID, ...]: ...


class Delivery(StrEnum):
    """Whether posts arrive. The order is that of a department's rows: what needs somebody comes first."""

    FAILING = "no"
    SILENT = "silent"  # it is reached, but says nothing for longer than is usual for it
    WAITING = "waiting"
    DELIVERING = "yes"
    NOT_ASKED = "off"

    @property
    def state(self) -> str:
        """Its name in addresses and in the table for programs.

        >>> [one.state for one in Delivery]
        ['failing', 'silent', 'waiting', 'delivering', 'not_asked']
        """
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFilter:
    """Which rows are asked for; empty = all."""

    states: tuple[Delivery, ...] = ()
    platforms: tuple[Platform, ...] = ()
    departments: tuple[str, ...] = ()

    def parameters(self) -> list[tuple[str, str]]:
        """The query parameters that ask for them."""
        asked = [
            ("department", ",".join(self.departments)),
            ("platform", ",".join(self.platforms)),
            ("state", ",".join(one.state for one in self.states)),
        ]
        return [(name, value) for name, value in asked if value]

    def has(self, row: "StatusRow") -> bool:
        return (
            (not self.states or row.delivery in self.states)
            and (not self.platforms or row.account.platform in self.platforms)
            and (not self.departments or row.account.department in self.departments)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One row of the table. `detail` is the visit's own sentence, which is English."""

    account: Account
    name: str
    department: str
    delivery: Delivery
    why: str
    remedy: str
    detail: str
    since: datetime | None  # it has been so
    last_post: datetime | None
    last_success: datetime | None
    last_visit: datetime | None
    posts: int
    credential_ends: str | None = None  # the day, where it is near


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How many accounts are in one state: a piece of the bar, and the link that shows them. Widths are of 1000."""

    delivery: Delivery
    count: int
    left: int
    width: int
    href: str
    is_current: bool


def status_rows(  # what the store tells, and what it is seen against
    site: Site,
    lines: tuple[AccountLine, ...],
    departments: tuple[Department, ...],
    rhythms: Mapping[UUID, Rhythm],
    *,
    now: datetime,
) -> tuple[StatusRow, ...]:
    """The rows, department by department."""
    order, names = list(Delivery), {one.slug: one.name for one in departments}
    rows = [_row(site, line, names, rhythms.get(line.account.id, Rhythm()), now) for line in lines]
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                row.department,
                row.account.department,
                order.index(row.delivery),
                row.name,
                row.account.key,
            ),
        )
    )


def status_page(
    site: Site, rows: tuple[StatusRow, ...], chosen: StatusFilter, waiting: tuple[WaitingLine, ...] = ()
) -> str:
    """Every account: does it speak, since when not, why, and what to do; and what one act would unlock."""
    shown = filter(chosen.has, rows)
    return rendered(
        "status.html",
        site,
        groups=[tuple(each) for _, each in groupby(shown, lambda row: row.account.department)],
        all=len(rows),
        parts=_parts(site, rows, chosen),
        delivering=sum(row.delivery is Delivery.DELIVERING for row in rows),
        platforms=_platform_links(site, rows, chosen),
        is_filtered=chosen != StatusFilter(),
        csv_href=site.path("/status.csv" + query(chosen.parameters())),
        waiting=waiting_sentences(site, waiting),
        moment=lambda at: _time(site, at),
    )


def waiting_sentences(site: Site, waiting: tuple[WaitingLine, ...]) -> tuple[str, ...]:
    """How much each act unlocks."""
    say = speaker(site.language)
    return tuple(say(_waits(one), platform=one.platform.proper, count=len(one.accounts)) for one in waiting)


def _waits(one: WaitingLine) -> str:
    if len(one.accounts) == 1:
        return "status_waits_one"
    return "status_waits_shared" if one.is_shared else "status_waits_each"


def _parts(site: Site, rows: tuple[StatusRow, ...], chosen: StatusFilter) -> tuple[Part, ...]:
    """The bar, worst first; the links keep what else was chosen."""
    parts, left = [], 0
    for delivery in Delivery:
        if count := sum(row.delivery is delivery for row in rows):
            width = round(1000 * count / len(rows))
            asked = replace(chosen, states=(delivery,)).parameters()
            is_current = chosen.states == (delivery,)
            href = site.path("/status" + query(asked))
            parts.append(Part(delivery=delivery, count=count, left=left, width=width, href=href, is_current=is_current))
            left += width
    return tuple(parts)


def _platform_links(
    site: Site, rows: tuple[StatusRow, ...], chosen: StatusFilter
) -> tuple[tuple[Platform, int, str, bool], ...]:
    """A link for each platform that is there: how many accounts, and whether it is chosen."""
    counts = Counter(row.account.platform for row in rows)
    return tuple(
        (
            platform,
            counts[platform],
            site.path("/status" + query(replace(chosen, platforms=(platform,)).parameters())),
            chosen.platforms == (platform,),
        )
        for platform in Platform
        if counts[platform]
    )


def _row(site: Site, line: AccountLine, names: Mapping[str, str], rhythm: Rhythm, now: datetime) -> StatusRow:
    account, delivery = line.account, _delivery(line, rhythm, now)
    why, remedy, detail = _sentences(site.language, line, delivery, rhythm)
    since = {Delivery.SILENT: rhythm.newest_at, Delivery.FAILING: line.last_success_at}.get(delivery)
    return StatusRow(
        account=account,
        name=account.handle or plain_url(account.url) or str(account.id),
        department=names.get(account.department, account.department),
        delivery=delivery,
        why=why,
        remedy=remedy,
        detail=detail,
        since=since,
        last_post=rhythm.newest_at,
        last_success=line.last_success_at,
        last_visit=line.last_visit_at,
        posts=line.posts,
        credential_ends=_day(site, line.credential_ends_at),
    )


def _delivery(line: AccountLine, rhythm: Rhythm, now: datetime) -> Delivery:
    if line.account.status is not AccountStatus.ACTIVE:
        return Delivery.NOT_ASKED
    if line.outcome == "never":
        return Delivery.WAITING
    if not line.delivering:
        return Delivery.FAILING
    return Delivery.SILENT if rhythm.silent_since(now) else Delivery.DELIVERING


def _sentences(language: str, line: AccountLine, delivery: Delivery, rhythm: Rhythm) -> tuple[str, str, str]:
    """Why and what to do in the page's language, and what that leaves untold."""
    if delivery is Delivery.NOT_ASKED:
        return speaker(language)(f"status_{line.account.status}"), "", ""
    if delivery is Delivery.SILENT:
        say = speaker(language)
        return say("status_silent_why", days=rhythm.patience.days), say("status_silent_remedy"), ""
    reason, remedy = line.reason or "", line.remedy or ""
    known = outcome_words(line.outcome, language)
    if known is None or (language == "en" and reason):
        return reason, remedy, ""
    if language == "en":
        return known.why, remedy or known.remedy, ""
    return known.why, known.remedy, reason


def _time(site: Site, moment: datetime | None) -> ShownTime | None:
    return shown_time(moment, site.zone, site.language) if moment else None


def _day(site: Site, moment: datetime | None) -> str | None:
    return day_words(moment.astimezone(site.zone).date(), site.language) if moment else None
