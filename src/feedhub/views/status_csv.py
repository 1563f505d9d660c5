"""Every account's state as a table for spreadsheets and programs: the rows of the status page."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from feedhub.views.page_site import Site
from feedhub.views.page_status import StatusRow

COLUMNS: Final = (
    "department",
    "department_name",
    "platform",
    "handle",
    "url",
    "state",
    "since",
    "last_post_at",
    "last_success_at",
    "last_visit_at",
    "posts",
    "verified_at",
    "reason",
    "remedy",
    "account",
)
# How a spreadsheet tells a formula from a text (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def status_csv(site: Site, rows: Iterable[StatusRow]) -> bytes:
    """RFC 4180 in UTF-8, with a header."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([guarded(cell) for cell in _cells(site, row)] for row in rows)
    return text.getvalue().encode()


def guarded(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula.

    >>> guarded("=1+1"), guarded("@dinkes"), guarded("Dinas = kita")
    ("'=1+1", "'@dinkes", 'Dinas = kita')
    """
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def _cells(site: Site, row: StatusRow) -> tuple[str, ...]:
    account = row.account
    return (
        account.department,
        row.department,
        account.platform.value,
        account.handle or "",
        account.url or "",
        row.delivery.state,
        _moment(site, row.since),
        _moment(site, row.last_post),
        _moment(site, row.last_success),
        _moment(site, row.last_visit),
        str(row.posts),
        account.verified_at.isoformat() if account.verified_at else "",
        f"{row.why} {row.detail}".strip(),
        row.remedy,
        str(account.id),
    )


def _moment(site: Site, at: datetime | None) -> str:
    return at.astimezone(site.zone).replace(microsecond=0).isoformat() if at else ""
