"""Every account's state as the status page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from feedhub.accounts.account import Account, AccountStatus, Platform
from feedhub.views.messages import speaker
from feedhub.views.page_outcomes import outcome_words
from feedhub.views.page_site import Site, plain_url
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
    """Whether posts arrive. The order is the order of the rows: what needs somebody comes first."""

    FAILING = "no"
    WAITING = "waiting"
    DELIVERING = "yes"
    NOT_ASKED = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One row of the table. `detail` is the visit's own sentence, which is English."""

    href: str
    name: str
    department: str
    department_href: str
    platform: str
    delivery: Delivery
    why: str
    remedy: str
    detail: str
    last_success: ShownTime | None
    last_visit: ShownTime | None
    next_visit: ShownTime | None
    posts: int
    credential_ends: str | None = None  # the day, where it is near


def status_rows(site: Site, lines: tuple[AccountLine, ...], names: Mapping[str, str]) -> tuple[StatusRow, ...]:
    """The rows in their order. `names` are the departments' by slug."""
    order = list(Delivery)
    rows = [_row(site, line, names) for line in lines]
    return tuple(sorted(rows, key=lambda row: (order.index(row.delivery), row.department, row.name, row.href)))


def waiting_sentences(site: Site, waiting: tuple[WaitingLine, ...]) -> tuple[str, ...]:
    """How much each act unlocks."""
    say = speaker(site.language)
    return tuple(say(_waits(one), platform=one.platform.proper, count=len(one.accounts)) for one in waiting)


def _waits(one: WaitingLine) -> str:
    if len(one.accounts) == 1:
        return "status_waits_one"
    return "status_waits_shared" if one.is_shared else "status_waits_each"


def _row(site: Site, line: AccountLine, names: Mapping[str, str]) -> StatusRow:
    account, delivery = line.account, _delivery(line)
    why, remedy, detail = _sentences(site.language, line, delivery)
    return StatusRow(
        href=site.path(f"/accounts/{account.id}"),
        name=account.handle or plain_url(account.url) or str(account.id),
        department=names.get(account.department, account.department),
        department_href=site.path(f"/departments/{account.department}"),
        platform=account.platform,
        delivery=delivery,
        why=why,
        remedy=remedy,
        detail=detail,
        last_success=_time(site, line.last_success_at),
        last_visit=_time(site, line.last_visit_at),
        next_visit=_time(site, line.next_visit_at) if delivery is not Delivery.NOT_ASKED else None,
        posts=line.posts,
        credential_ends=_day(site, line.credential_ends_at),
    )


def _delivery(line: AccountLine) -> Delivery:
    if line.account.status is not AccountStatus.ACTIVE:
        return Delivery.NOT_ASKED
    if line.outcome == "never":
        return Delivery.WAITING
    return Delivery.DELIVERING if line.delivering else Delivery.FAILING


def _sentences(language: str, line: AccountLine, delivery: Delivery) -> tuple[str, str, str]:
    """Why and what to do in the page's language, and what that leaves untold."""
    if delivery is Delivery.NOT_ASKED:
        return speaker(language)(f"status_{line.account.status}"), "", ""
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
