"""Posts from a table: how WhatsApp channels and closed accounts get in without a programmer."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from feedhub.accounts.account import Account, AccountStatus, Platform
from feedhub.cli_options import AsJson, Database, opened_store, read_id, read_settings
from feedhub.connectors.inbox import FORM
from feedhub.errors import FeedHubError, InboxRefused, NotKnown
from feedhub.payloads.payload import Payload
from feedhub.posts.dates import read_date
from feedhub.store.hosts import wake_accounts
from feedhub.store.payloads import keep_payloads
from feedhub.store.register import kept_register
from feedhub.store.session import WriteSession
from feedhub.store.times import to_ms
from feedhub.sync.serving import now
from feedhub.web.inbox_post import made_id, payload_body, read_inbox_post

inbox_app = typer.Typer(no_args_is_help=True, help="The inbox: posts that no platform hands out.")

_LONGEST_FIELD = 1_000_000  # characters; the inbox itself says what is too long
COLUMNS = ("id", "published_at", "title", "text", "url", "kinds", "tags", "image", "alt")


@inbox_app.callback()
def _inbox() -> None:
    """The inbox: posts that no platform hands out."""


@inbox_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a CSV table, a row a post")],
    account: Annotated[UUID, typer.Option(metavar="ID", parser=read_id, help="the inbox account whose posts they are")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="name faults, take nothing")] = False,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Take posts from a table; the same rows again change nothing, a changed row is an edit."""
    with opened_store(read_settings(database)) as store:
        register = store.read_now(kept_register)
        known = {each.id: each for each in register.accounts}
        if account not in known:
            raise NotKnown("account", str(account))
        if known[account].platform is not Platform.INBOX:
            raise FeedHubError(f"Account {account} is a {known[account].platform} account; posts go to an inbox one.")
        if known[account].status is AccountStatus.RETIRED:
            raise FeedHubError(f"Account {account} left the register, so nobody would read what is taken in for it.")
        payloads = read_table(file, ZoneInfo(register.publisher.time_zone))
        if not dry_run:
            store.write_now(_take_all, known[account], payloads, at=now().replace(microsecond=0))
    told = {"rows": len(payloads), "taken": 0 if dry_run else len(payloads)}
    print(json.dumps(told) if as_json else f"Good rows: {told['rows']}, taken in: {told['taken']}.")


def read_table(file: Path, zone: ZoneInfo) -> tuple[Payload, ...]:
    """The posts of a table, or every fault of it.

    Raises:
        FeedHubError: it can't be read, or rows have faults: one line each.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FeedHubError(f"{file} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise FeedHubError(f"{file} can't be read as UTF-8 text; save the table as CSV (UTF-8).") from None
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    if unknown := [name for name in rows.fieldnames or () if name.strip().lower() not in COLUMNS]:
        raise FeedHubError(f"{file}:1: There is no column {unknown[0]!r}; known are {', '.join(COLUMNS)}.")
    payloads, faults = [], []
    try:
        for line, row in enumerate(rows, 2):
            try:
                payloads.append(
                    _payload({name.strip().lower(): value or "" for name, value in row.items() if name}, zone)
                )
            except InboxRefused as fault:
                faults.append(f"{file}:{line}: {fault}")
    except csv.Error as error:
        faults.append(f"{file}:{rows.line_num}: This is no row of a table ({error}).")
    if faults:
        raise FeedHubError("\n".join(faults))
    return tuple(payloads)


def _payload(row: dict[str, str], zone: ZoneInfo) -> Payload:
    said = dict(_said(row, zone))
    body = json.dumps(said, ensure_ascii=False).encode()
    post = read_inbox_post(body)
    return Payload(form=FORM, body=payload_body(post, native_id=post.id or made_id(body)))


def _said(row: dict[str, str], zone: ZoneInfo) -> Iterator[tuple[str, object]]:
    """A row as the inbox takes it."""
    for name in ("id", "title", "text", "url"):
        if value := row.get(name, "").strip():
            yield name, value
    for name in ("kinds", "tags"):
        if values := [part.strip() for part in row.get(name, "").split(",") if part.strip()]:
            yield name, values
    if written := row.get("published_at", "").strip():
        yield "published_at", _moment(written, zone).isoformat()
    if image := row.get("image", "").strip():
        yield "media", [{"url": image, "alt": row.get("alt", "").strip() or None}]


def _moment(written: str, zone: ZoneInfo) -> datetime:
    moment = read_date(written, zone=zone)
    if moment is None:
        raise InboxRefused(f"The date {written!r} can't be read; write it as 2026-11-20 08:00.")
    return moment


def _take_all(session: WriteSession, account: Account, payloads: tuple[Payload, ...], *, at: datetime) -> None:
    found = {payload.fingerprint: payload for payload in payloads}
    keep_payloads(session, account.id, found, fetched_at=to_ms(at))
    wake_accounts(session, [account.id], due=to_ms(at))
