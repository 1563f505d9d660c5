"""Commands for the register and its accounts."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape

from feedhub.accounts.account import Account, AccountStatus, Department, Platform, Register, Via
from feedhub.accounts.account_keys import keys_of
from feedhub.accounts.needs import KINDS_OF_ACCOUNT, next_step
from feedhub.accounts.proposals_export import proposals_json, proposals_toml
from feedhub.accounts.register_changes import register_changes
from feedhub.accounts.register_export import write_register
from feedhub.accounts.register_reading import ReadFile, completed, read_register_file
from feedhub.cli_options import AccountId, AsJson, Database, opened_store, read_settings, walk_options
from feedhub.connectors import SHARED
from feedhub.connectors.finding import FoundAccount
from feedhub.errors import FeedHubError, NotKnown
from feedhub.running import discover as find_city
from feedhub.running import find, run
from feedhub.store.register import kept_register
from feedhub.store.register_keeping import import_register, set_account_status
from feedhub.store.times import to_ms
from feedhub.store.visits import AccountState, account_states
from feedhub.store.waiting import waiting_accounts
from feedhub.sync.serving import now

register_app = typer.Typer(no_args_is_help=True, help="The register of departments and their accounts.")
accounts_app = typer.Typer(no_args_is_help=True, help="Accounts: where departments speak.")

RegisterFile = Annotated[Path, typer.Argument(metavar="FILE", help="a register: TOML, a table (CSV), or OPML")]


@register_app.command("import")
def import_(
    file: RegisterFile,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would change, change nothing")] = False,
    retire_missing: Annotated[
        bool, typer.Option("--retire-missing", help="retire accounts the file leaves out")
    ] = False,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Add and update departments and accounts from a file."""
    found = read_file(file)
    with opened_store(read_settings(database)) as store:
        kept = store.read_now(kept_register)
        new = completed(found.register, kept) if found.is_partial else found.register
        if dry_run:
            changes = register_changes(kept, new, retire_missing=retire_missing)
        else:
            changes = store.write_now(import_register, new, retire_missing=retire_missing, at=to_ms(now()))
    print(json.dumps(changes.as_json(), indent=2) if as_json else "\n".join(changes.summary()))


@register_app.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="where to; standard output if left out")] = None,
    database: Database = None,
) -> None:
    """Write the register as a file, keys included."""
    with opened_store(read_settings(database)) as store:
        text = write_register(store.read_now(kept_register))
    if file is None:
        print(text, end="")
    else:
        file.write_text(text, encoding="utf-8")


@register_app.command()
def check(file: RegisterFile) -> None:
    """Name every fault of a register file; change nothing."""
    register = read_file(file).register
    print(f"{file} is good. Departments: {len(register.departments)}, accounts: {len(register.accounts)}.")


@register_app.command()
def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="of a city's front page")],
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="where to; standard output if left out")] = None,
    as_json: AsJson = False,
) -> None:
    """Propose departments and accounts from a city's site, for a person to check."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    found = run(find_city(walk_options(read_settings(None)), url, report=console.print))
    text = json.dumps(proposals_json(found), indent=2) + "\n" if as_json else proposals_toml(found, url=url)
    if output is None:
        print(text, end="")
    else:
        output.write_text(text, encoding="utf-8")
    console.print(
        f"Read {found.pages} pages: {len(found.register.departments)} departments and"
        f" {len(found.register.accounts)} accounts, for you to check."
    )


@accounts_app.command()
def add(  # noqa: PLR0913, PLR0917  # an option each
    url: Annotated[str, typer.Argument(metavar="URL", help="of a profile, a feed, or a site")],
    department: Annotated[str, typer.Option(metavar="SLUG", help="whose account it is")],
    platform: Annotated[Platform | None, typer.Option(metavar="NAME", help="if the address does not say it")] = None,
    handle: Annotated[str | None, typer.Option(help="of the account, if the address does not say it")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what it is, register nothing")] = False,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Register an account from any address of it; says what credential it needs."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        owner = _department(store.read_now(kept_register), department)
        found = run(find(walk_options(settings), url, platform=platform))
        account = replace(found, handle=handle or found.handle).account(owner.slug)
        new = Register(departments=(owner,), accounts=(account,))
        if dry_run:
            changes = register_changes(store.read_now(kept_register), new, retire_missing=False)
        else:
            changes = store.write_now(import_register, new, retire_missing=False, at=to_ms(now()))
        account = _as_registered(store.read_now(kept_register), account)
    if as_json:
        print(json.dumps(_found_as_json(found, account) | {**changes.as_json()}))
        return
    print(_recognised_sentence(found, account))
    if not changes:
        print("It is registered already.")
    else:
        print(f"{'Would be added' if dry_run else 'Added'} to {owner.name}.")
    if said := next_step(found.platform, account.id):
        print(said)


@accounts_app.command("list")
@accounts_app.command("status")
def status(as_json: AsJson = False, database: Database = None) -> None:
    """Say of each account whether it delivers, and if not, why and what to do."""
    with opened_store(read_settings(database)) as store:
        states = store.read_now(account_states)
        waiting = store.read_now(waiting_accounts, shared=SHARED)
    if as_json:
        rows = {"accounts": [state.as_json() for state in states], "waiting": [one.as_json() for one in waiting]}
        print(json.dumps(rows, indent=2))
    else:
        _print_states(states)
        for one in waiting:
            print(one.sentence)


@accounts_app.command()
def pause(account: AccountId, database: Database = None) -> None:
    """Ask an account no more; its posts stay."""
    _set_status(account, AccountStatus.PAUSED, database)


@accounts_app.command()
def resume(account: AccountId, database: Database = None) -> None:
    """Ask a paused account again."""
    _set_status(account, AccountStatus.ACTIVE, database)


def read_file(file: Path) -> ReadFile:
    try:
        return read_register_file(file.read_bytes(), name=str(file))
    except OSError as error:
        raise FeedHubError(f"{file} can't be read: {error.strerror}.") from None


def _department(register: Register, slug: str) -> Department:
    for department in register.departments:
        if slug in (department.slug, *department.formerly):
            return department
    raise NotKnown("department", slug)


def _as_registered(register: Register, account: Account) -> Account:
    """The account as the register holds it: one that was registered before keeps its key, so its id."""
    keys = set(keys_of(account))
    return next((each for each in register.accounts if not keys.isdisjoint(keys_of(each))), account)


def _recognised_sentence(found: FoundAccount, account: Account) -> str:
    """What was recognised, for people."""
    where = found.url or account.handle or ""
    named = f" {account.handle}" if account.handle and found.url else ""
    posts = f" ({found.title or 'without a title'}, {found.posts} posts)" if found.posts is not None else ""
    by = " by a bridge, so it is never official" if found.via is Via.BRIDGE else ""
    return f"Recognised: {KINDS_OF_ACCOUNT[found.platform]}{named}, {where}{posts}{by}."


def _found_as_json(found: FoundAccount, account: Account) -> dict[str, object]:
    return {
        "id": str(account.id),
        "platform": found.platform.value,
        "url": found.url,
        "handle": account.handle,
        "via": found.via.value if found.via else None,
        "title": found.title,
        "entries": found.posts,
        "credential": found.need.value,
        "next_step": next_step(found.platform, account.id),
    }


def _set_status(account: UUID, status: AccountStatus, database: str | None) -> None:
    with opened_store(read_settings(database)) as store:
        if not store.write_now(set_account_status, [account], status, at=to_ms(now())):
            raise NotKnown("account", str(account))
    print(f"Account {account} is {status.value}.")


def _print_states(states: Sequence[AccountState]) -> None:
    """Three short lines an account: where, how it goes and what to do, its id."""
    console = Console(highlight=False, soft_wrap=True)
    for state in states:
        mark, colour = ("+", "green") if state.delivering else ("-", "red")
        where = escape(state.account.url or state.account.handle or state.account.key)
        console.print(
            f"[{colour}]{mark}[/] [bold]{state.account.department}[/]  {where}  {state.posts} {'post' if state.posts == 1 else 'posts'}"
        )
        console.print(f"  {escape(state.sentence)}")
        console.print(f"  [dim]{state.account.id}[/]")
    if not states:
        console.print("No account is registered; `feedhub accounts add URL --department SLUG` adds one.")
