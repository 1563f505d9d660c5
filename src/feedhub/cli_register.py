"""Commands for the register and its accounts."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from feedhub.accounts.account import AccountStatus, Register
from feedhub.accounts.register_changes import register_changes
from feedhub.accounts.register_export import write_register
from feedhub.accounts.register_file import read_register
from feedhub.cli_options import AccountId, AsJson, Database, opened_store, read_settings
from feedhub.errors import FeedHubError, NotKnown
from feedhub.store.register import kept_register
from feedhub.store.register_keeping import import_register, set_account_status
from feedhub.store.times import to_ms
from feedhub.store.visits import AccountState, account_states
from feedhub.sync.serving import now

register_app = typer.Typer(no_args_is_help=True, help="The register of departments and their accounts.")
accounts_app = typer.Typer(no_args_is_help=True, help="Accounts: where departments speak.")

RegisterFile = Annotated[Path, typer.Argument(metavar="FILE", help="a register in TOML")]


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
    new = read_file(file)
    with opened_store(read_settings(database)) as store:
        if dry_run:
            changes = register_changes(store.read_now(kept_register), new, retire_missing=retire_missing)
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
    register = read_file(file)
    print(f"{file} is good: {len(register.departments)} departments, {len(register.accounts)} accounts.")


@accounts_app.command("list")
@accounts_app.command("status")
def status(as_json: AsJson = False, database: Database = None) -> None:
    """Say of each account whether it delivers, and if not, why and what to do."""
    with opened_store(read_settings(database)) as store:
        states = store.read_now(account_states)
    if as_json:
        print(json.dumps({"accounts": [state.as_json() for state in states]}, indent=2))
    else:
        _print_states(states)


@accounts_app.command()
def pause(account: AccountId, database: Database = None) -> None:
    """Ask an account no more; its posts stay."""
    _set_status(account, AccountStatus.PAUSED, database)


@accounts_app.command()
def resume(account: AccountId, database: Database = None) -> None:
    """Ask a paused account again."""
    _set_status(account, AccountStatus.ACTIVE, database)


def read_file(file: Path) -> Register:
    try:
        return read_register(file.read_text(encoding="utf-8"), name=str(file))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise FeedHubError(f"{file} can't be read: {reason}.") from None


def _set_status(account: UUID, status: AccountStatus, database: str | None) -> None:
    with opened_store(read_settings(database)) as store:
        if not store.write_now(set_account_status, [account], status, at=to_ms(now())):
            raise NotKnown("account", str(account))
    print(f"Account {account} is {status.value}.")


def _print_states(states: Sequence[AccountState]) -> None:
    table = Table("Department", "Account", "Delivers", "Posts", "What to know", "ID", show_lines=False)
    for state in states:
        table.add_row(
            state.account.department,
            state.account.url or state.account.handle,
            "yes" if state.delivering else "no",
            str(state.posts),
            state.sentence,
            str(state.account.id),
        )
    Console().print(table)
