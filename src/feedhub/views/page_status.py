"""Every account's state as the status page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from feedhub.views.page_outcomes import OUTCOMES
from feedhub.views.page_site import Site
from feedhub.views.page_times import ShownTime, shown_time


class AccountLine(Protocol):
    """One account as `accounts list` tells of it; the store's AccountState is one."""

    @property
    def id(self) -> UUID: ...
    @property
    def department(self) -> str: ...
    @property
    def platform(self) -> str: ...
    @property
    def handle(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """One row of the table. `detail` is the visit's own sentence, which is English."""

    href: str
    name: str
    department: str
    department_href: str
    platform: str
    delivering: bool
    why: str
    remedy: str
    detail: str
    last_success: ShownTime | None
    last_visit: ShownTime | None
    next_visit: ShownTime | None
    posts: int


def status_rows(site: Site, lines: tuple[AccountLine, ...], names: Mapping[str, str]) -> tuple[StatusRow, ...]:
    """The rows, what needs somebody first. `names` are the departments' by slug."""
    rows = [_row(site, line, names) for line in lines]
    return tuple(sorted(rows, key=lambda row: (row.delivering, row.department, row.name)))


def _row(site: Site, line: AccountLine, names: Mapping[str, str]) -> StatusRow:
    why, remedy, detail = _sentences(site.language, line)
    return StatusRow(
        href=site.path(f"/accounts/{line.id}"),
        name=line.handle or line.url or str(line.id),
        department=names.get(line.department, line.department),
        department_href=site.path(f"/departments/{line.department}"),
        platform=line.platform,
        delivering=line.delivering,
        why=why,
        remedy=remedy,
        detail=detail,
        last_success=_time(site, line.last_success_at),
        last_visit=_time(site, line.last_visit_at),
        next_visit=_time(site, line.next_visit_at),
        posts=line.posts,
    )


def _sentences(language: str, line: AccountLine) -> tuple[str, str, str]:
    """Why and what to do in the page's language, and what that leaves untold."""
    reason, remedy = line.reason or "", line.remedy or ""
    known = OUTCOMES.get(line.outcome)
    if known is None or (language == "en" and reason):
        return reason, remedy, ""
    if language == "en":
        return known.why.en, remedy or known.remedy.en, ""
    return known.why.id, known.remedy.id, "" if line.delivering else reason


def _time(site: Site, moment: datetime | None) -> ShownTime | None:
    return shown_time(moment, site.zone, site.language) if moment else None
