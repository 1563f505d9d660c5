"""The command line: parse, ask, print."""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from feedhub import __version__
from feedhub.accounts.first_register import first_register, first_settings, slug_of
from feedhub.accounts.register_file import read_register
from feedhub.cli_accounts import lift, stop
from feedhub.cli_credentials import credentials_app
from feedhub.cli_desk import correct, erase, log_app, proposals_app, reinstate, withdraw
from feedhub.cli_held import held_app
from feedhub.cli_inbox import inbox_app
from feedhub.cli_keys import keys_app
from feedhub.cli_options import (
    AsJson,
    Database,
    active_ids,
    known_ids,
    opened_keyring,
    opened_store,
    read_id,
    read_settings,
    telling_of,
    walk_options,
)
from feedhub.cli_register import accounts_app, register_app
from feedhub.cli_telegram import telegram_app
from feedhub.cli_webhooks import webhooks_app
from feedhub.errors import FeedHubError, SchemaBehind
from feedhub.logs import set_up_logs
from feedhub.running import reread_accounts, run, tell_on, walk_on, walk_once
from feedhub.running import serve as serve_web
from feedhub.settings import Settings
from feedhub.store.api_keys import add_key
from feedhub.store.credentials import keep_credential
from feedhub.store.migrations import migrate as migrate_database
from feedhub.store.register_keeping import import_register
from feedhub.store.session import Store
from feedhub.store.times import to_ms
from feedhub.sync.means import VisitReport
from feedhub.sync.serving import now
from feedhub.web.app import create_app

if TYPE_CHECKING:
    from feedhub_demo.city import DemoCity

REFUSED, USAGE, SOME_FAILED, BEHIND = 1, 2, 3, 4

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Collect the posts of a city's departments.",
)
app.add_typer(register_app, name="register")
app.add_typer(accounts_app, name="accounts")
accounts_app.command()(stop)
accounts_app.command()(lift)
app.add_typer(held_app, name="held")
app.add_typer(keys_app, name="keys")
app.add_typer(inbox_app, name="inbox")
app.add_typer(credentials_app, name="credentials")
app.add_typer(webhooks_app, name="webhooks")
app.add_typer(telegram_app, name="telegram")
for one in (withdraw, correct, reinstate, erase):
    app.command()(one)
app.add_typer(log_app, name="log")
app.add_typer(proposals_app, name="proposals")


def main() -> None:
    """Run the command line; a fault is one plain sentence on stderr, never a stack trace."""
    try:
        app(standalone_mode=True)
    except SchemaBehind as behind:
        _give_up(str(behind), BEHIND)
    except FeedHubError as error:
        _give_up(str(error), REFUSED)
    except OSError as error:
        _give_up(f"{error.filename or 'The system'} can't be used: {error.strerror or error}.", REFUSED)
    except KeyboardInterrupt:
        _give_up("Stopped.", REFUSED)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="print the version")] = False) -> None:
    if version:
        print(f"feedhub {__version__}")
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
    no_sync: Annotated[bool, typer.Option("--no-sync", help="only answer; another process walks")] = False,
    no_wires: Annotated[bool, typer.Option("--no-wires", help="deliver nothing; another process does")] = False,
    database: Database = None,
) -> None:
    """Run the web and the walk."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        run(
            serve_web(
                create_app(settings),
                host=host,
                port=port,
                store=None if no_sync else store,
                options=walk_options(settings),
                telling=None if no_wires else telling_of(store, settings),
                ready=lambda: print(f"FeedHub answers on http://{host}:{port} as {settings.public_url}", flush=True),
            )
        )


@app.command()
def sync(
    once: Annotated[bool, typer.Option("--once", help="visit every account that is due, then end")] = False,
    everything: Annotated[bool, typer.Option("--all", help="due or not")] = False,
    account: Annotated[
        list[UUID] | None, typer.Option(metavar="ID", parser=read_id, help="only these, due or not")
    ] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Walk: visit accounts and keep what is new."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        if not (once or everything or account):
            run(walk_on(store, walk_options(settings)))
            return
        only = active_ids(store, account) if everything or account else None
        reports = _walk_with_bar(store, settings, only=only, quiet=as_json)
    _print_summary(reports, as_json=as_json)
    if any(not report.succeeded for report in reports):
        raise typer.Exit(SOME_FAILED)


@app.command()
def wires(database: Database = None) -> None:
    """Deliver: tell webhooks, hubs' subscribers, the fediverse, mailboxes and departments' contacts what is new."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        run(tell_on(telling_of(store, settings)))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
    fast: Annotated[bool, typer.Option("--fast", help="a new post every 2 s instead of 20 s")] = False,
) -> None:
    """Show a demo city in a database of its own."""
    from feedhub_demo.city import DemoCity  # noqa: PLC0415  # only who asks for the demo pays for it

    with tempfile.TemporaryDirectory(prefix="feedhub-demo-") as folder:
        run(_demo(DemoCity(now=now, fast=fast), f"sqlite:///{folder}/demo.sqlite", port=port))


@app.command()
def init(  # noqa: PLR0913, PLR0917  # an answer each
    name: Annotated[str, typer.Option(prompt="Name of the city", help="of the publisher")],
    department: Annotated[str, typer.Option(prompt="Name of a first department", help="of a first department")],
    site: Annotated[str, typer.Option(prompt="Address of its website", help="of the department")],
    language: Annotated[str, typer.Option(prompt="Language", help="of the pages, as in BCP 47")] = "id",
    time_zone: Annotated[str, typer.Option(prompt="Time zone", help="an IANA name")] = "Asia/Jakarta",
    contact: Annotated[str, typer.Option(prompt="Mail address for the sites' administrators")] = "",
    public_url: Annotated[str, typer.Option(prompt="Public address of this FeedHub")] = "http://127.0.0.1:8000",
) -> None:
    """Write a first register.toml and .env; asks for what is not given."""
    register = first_register(name=name, language=language, time_zone=time_zone, department=department, site_url=site)
    read_register(register, name="register.toml")
    settings = first_settings(database_url=Settings().database_url, public_url=public_url, contact=contact)
    written = {Path("register.toml"): register, Path(".env"): settings}
    if there := [str(file) for file in written if file.exists()]:
        raise FeedHubError(f"{' and '.join(there)} is there already; move it away first. Nothing was written.")
    for file, text in written.items():
        file.write_text(text, encoding="utf-8")
        print(f"Wrote {file}.")
    print("Next: feedhub register import register.toml, then")
    print(f"feedhub accounts add {site} --department {slug_of(department)}, then feedhub serve.")


@app.command()
def migrate(database: Database = None) -> None:
    """Bring the database's schema up to date."""
    migrate_database(read_settings(database).database_url)
    print("The schema is up to date.")


@app.command()
def reread(
    account: Annotated[list[UUID] | None, typer.Option(metavar="ID", parser=read_id, help="only these")] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Make posts again from kept payloads, without the network."""
    with opened_store(read_settings(database)) as store:
        read, changed = run(reread_accounts(store, known_ids(store, account)))
    print(json.dumps({"read": read, "changed": changed}) if as_json else f"Read {read} posts again; {changed} changed.")


def _walk_with_bar(store: Store, settings: Settings, *, only: Sequence[UUID] | None, quiet: bool) -> list[VisitReport]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=Console(stderr=True), disable=quiet or not sys.stderr.isatty(), transient=True
    ) as progress:
        bar = progress.add_task("Visiting accounts")
        return run(
            walk_once(
                store,
                walk_options(settings),
                only=only,
                begun=lambda total: progress.update(bar, total=total),
                report=lambda report: progress.update(bar, advance=1, description=report.account.department),
            )
        )


async def _demo(city: "DemoCity", database_url: str, *, port: int) -> None:
    public_url = f"http://127.0.0.1:{port}"
    settings = Settings(
        database_url=database_url,
        public_url=public_url,
        fetch_allow="127.0.0.0/8",
        tell_allow="127.0.0.0/8",
        host_spacing=0.0,
        min_interval=2.0,
        max_interval=4.0,
        log_format="console",
    )
    set_up_logs("console", quiet=True)
    async with city:
        settings = settings.model_copy(
            update={"fetch_detours": ",".join(f"{origin}={root}" for origin, root in city.detours.items())}
        )
        with opened_store(settings) as store:
            await store.write(import_register, city.register, retire_missing=False, at=to_ms(now()))
            keyring = opened_keyring(store, settings)
            for credential in city.credentials():
                await store.write(keep_credential, credential, keyring, at=now())
            key = await store.write(
                add_key, name="The demo's inboxes", department=None, scopes=("inbox",), keyring=None, at=now()
            )

            def ready() -> None:
                city.post_to(public_url, key=key.key)
                city.take_one_back(store)
                print(f"The demo city speaks on {public_url} (Ctrl-C ends it)", flush=True)

            await serve_web(
                create_app(settings),
                host="127.0.0.1",
                port=port,
                store=store,
                options=walk_options(settings),
                telling=telling_of(store, settings),
                ready=ready,
            )


def _print_summary(reports: Sequence[VisitReport], *, as_json: bool) -> None:
    failed = [report for report in reports if not report.succeeded]
    counts = {
        "visited": len(reports),
        "succeeded": len(reports) - len(failed),
        "failed": len(failed),
        "new": sum(report.new for report in reports),
        "edited": sum(report.edited for report in reports),
        "gone": sum(report.gone for report in reports),
    }
    if as_json:
        print(json.dumps({**counts, "accounts": [report.as_json() for report in reports]}))
        return
    for report in failed:
        print(f"{report.account.department}: {report.account.url} ({report.outcome}): {report.reason}")
    print(", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


def _give_up(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(code)
