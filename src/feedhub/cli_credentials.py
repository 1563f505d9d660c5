"""Commands for credentials: what platforms let us in with. No secret is ever an argument."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer

from feedhub.accounts.account import Account, AccountStatus, Platform
from feedhub.accounts.credential import Credential
from feedhub.accounts.credential_given import bound_to, read_end, read_pair
from feedhub.cli_options import (
    AsJson,
    Database,
    keyring_of,
    opened_store,
    read_settings,
    rotating_keyring,
    secret_from,
    signing_key,
    walk_options,
)
from feedhub.connectors import CONNECTORS
from feedhub.connectors.contract import Need
from feedhub.connectors.oauth import PROVIDERS, lasting
from feedhub.errors import CredentialRefused, NotKnown
from feedhub.running import run, try_credential
from feedhub.store.credentials import (
    KeptCredential,
    keep_credential,
    kept_app,
    kept_credentials,
    opened,
    remove_credentials,
    seal_all_anew,
    serving_credentials,
)
from feedhub.store.hosts import wake_accounts
from feedhub.store.register import kept_register
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store
from feedhub.store.times import to_ms
from feedhub.sync.serving import now
from feedhub.web.connect_links import LINK_DAYS, write_link

credentials_app = typer.Typer(no_args_is_help=True, help="Credentials: what platforms let FeedHub in with.")

_SOME_FAILED = 3

Whose = Annotated[
    str, typer.Argument(metavar="ACCOUNT-OR-PLATFORM", help="a platform's name, or an account's id, key, handle or url")
]
Number = Annotated[int, typer.Argument(metavar="ID", help="as `feedhub credentials list` prints it")]
TokenFile = Annotated[str | None, typer.Option(metavar="FILE", help="of the token; - reads standard input")]
RefreshTokenFile = Annotated[str | None, typer.Option(metavar="FILE", help="of the refresh token")]
Others = Annotated[
    list[str] | None, typer.Option("--with", metavar="NAME=VALUE", help="what belongs to it; NAME=@FILE for secrets")
]


@credentials_app.command()
def add(  # noqa: PLR0913, PLR0917  # an option for each thing that a credential has
    whose: Whose,
    token_file: TokenFile = None,
    refresh_token_file: RefreshTokenFile = None,
    expires: Annotated[str | None, typer.Option(metavar="WHEN", help="when the token ends: a date, 60d or 24h")] = None,
    refresh_expires: Annotated[str | None, typer.Option(metavar="WHEN", help="when the refresh token ends")] = None,
    others: Others = None,
    ask: Annotated[list[str] | None, typer.Option(metavar="NAME", help="ask for this one, hidden")] = None,
    is_app: Annotated[bool, typer.Option("--app", help="our app there, by which accounts are connected")] = False,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Keep a credential, sealed; its accounts are visited at once."""
    with _opened(database) as (store, keyring):
        platform, account = bound_to(store.read_now(kept_register), whose)
        given, at = _others(platform, others or (), ask or (), is_app=is_app), now()
        if is_app:
            credential = _app(platform, account, given)
        else:
            _refuse_useless(platform, account)
            credential = Credential(
                platform=platform,
                account=account.id if account else None,
                token=secret_from(token_file, "token"),
                refresh_token=secret_from(refresh_token_file, "refresh token") if refresh_token_file else None,
                issued_at=at,
                expires_at=read_end(expires, now=at) if expires else None,
                refresh_expires_at=read_end(refresh_expires, now=at) if refresh_expires else None,
                others=_of_app(store, keyring, platform) | given,
            )
        kept, unlocked = _keep(store, keyring, lasting(credential), at)
    if as_json:
        print(json.dumps(kept.as_json([one.id for one in unlocked])))
    else:
        print(f"Kept as {kept.id}: the {_name(kept, account)}, {kept.shown}. {_unlocks(unlocked, is_app=is_app)}")


@credentials_app.command("list")
def list_(as_json: AsJson = False, database: Database = None) -> None:
    """Show every credential by its last four characters, with its end and its accounts."""
    with _opened(database) as (store, _):
        known = {account.id: account for account in store.read_now(kept_register).accounts}
        rows = [(kept, _served(store, kept.id)) for kept in store.read_now(kept_credentials)]
    if as_json:
        print(
            json.dumps(
                {"credentials": [kept.as_json([account.id for account in served]) for kept, served in rows]}, indent=2
            )
        )
        return
    for kept, served in rows:
        account = known.get(kept.account) if kept.account else None
        print(f"{kept.id}  {_name(kept, account)}  {kept.shown}  {_reach(kept, served)}")
    if not rows:
        print("No credential is kept; `feedhub credentials add ACCOUNT-OR-PLATFORM` keeps one.")


@credentials_app.command("test")
def try_(
    number: Annotated[int | None, typer.Argument(metavar="ID", help="only this one; all if left out")] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Ask each credential's platform through one of its accounts whether it works."""
    settings = read_settings(database)
    with _opened(database) as (store, _):
        wanted = [kept for kept in store.read_now(kept_credentials) if not kept.is_app]
        if number is not None:
            wanted = [_kept(store, number)]
        results = [(kept, *_tried(store, kept, run_with=walk_options(settings))) for kept in wanted]
    rows = [{"id": kept.id, "works": works, "sentence": sentence} for kept, works, sentence in results]
    if as_json:
        print(json.dumps({"credentials": rows}))
    else:
        print("\n".join(f"{row['id']}  {row['sentence']}" for row in rows) or "No credential is kept.")
    if not all(works for _, works, _ in results):
        raise typer.Exit(_SOME_FAILED)


@credentials_app.command()
def remove(number: Number, as_json: AsJson = False, database: Database = None) -> None:
    """Forget a credential; its accounts keep their posts."""
    with _opened(database) as (store, _):
        kept, served = _kept(store, number), _served(store, number)
        store.write_now(remove_credentials, [number])
    row = {"removed": number, "accounts": len(served)}
    print(json.dumps(row) if as_json else f"Forgot {number}, {kept.shown}. It was for {_count(served)}.")


@credentials_app.command()
def rotate(as_json: AsJson = False, database: Database = None) -> None:
    """Seal everything anew with the newest key, so that older keys can go."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        count = store.write_now(seal_all_anew, rotating_keyring(settings, store))
    print(json.dumps({"sealed": count}) if as_json else f"Sealed anew: {count}; only the newest key is needed now.")


@credentials_app.command()
def link(whose: Whose, as_json: AsJson = False, database: Database = None) -> None:
    """Make an address at which the account's own admin connects it, once."""
    settings = read_settings(database)
    with _opened(database) as (store, _):
        platform, account = bound_to(store.read_now(kept_register), whose)
        provider = PROVIDERS.get(platform)
        if provider is None:
            raise CredentialRefused(
                f"{platform.proper} accounts are not connected this way; `feedhub credentials add` takes a token."
            )
        if account is None:
            raise CredentialRefused(f"Name one {platform.proper} account; each is connected by its own admin.")
        if store.read_now(kept_app, provider.app) is None:
            raise CredentialRefused(
                f"FeedHub's app at {provider.app.proper} is not known yet; run `feedhub credentials add {provider.app} --app` first."
            )
        said = write_link(account.id, at=now(), secret=signing_key(settings, store))
    url = f"{settings.public_url.rstrip('/')}/connect/{platform}?link={said}"
    print(json.dumps({"url": url, "days": LINK_DAYS}) if as_json else f"{url}\nIt works once, for {LINK_DAYS} days.")


@contextmanager
def _opened(database: str | None) -> Iterator[tuple[Store, Keyring]]:
    settings = read_settings(database)
    with opened_store(settings) as store:
        yield store, keyring_of(settings, store)


def _keep(store: Store, keyring: Keyring, credential: Credential, at: datetime) -> tuple[KeptCredential, list[Account]]:
    """What is kept now, and the accounts that are visited at once."""
    id = store.write_now(keep_credential, credential, keyring, at=at)
    unlocked = _served(store, id)
    store.write_now(wake_accounts, [one.id for one in unlocked], due=to_ms(at))
    return _kept(store, id), unlocked


def _others(platform: Platform, pairs: Sequence[str], asked: Sequence[str], *, is_app: bool) -> dict[str, str]:
    given = dict(read_pair(pair) for pair in pairs)
    given = {name: secret_from(said[1:], name) if said.startswith("@") else said for name, said in given.items()}
    wanted = list(asked)
    if is_app and (provider := PROVIDERS.get(platform)):
        wanted += [name for name in (provider.id_name, "client_secret") if name not in given]
    return given | {name: secret_from(None, name) for name in dict.fromkeys(wanted)}


def _app(platform: Platform, account: Account | None, others: Mapping[str, str]) -> Credential:
    provider = PROVIDERS.get(platform)
    if account is not None or provider is None or provider.app is not platform:
        names = ", ".join(sorted({each.app.value for each in PROVIDERS.values()}))
        raise CredentialRefused(f"--app is for a platform where accounts are connected: {names}.")
    return Credential(platform=platform, token="", others=dict(others), is_app=True)


def _refuse_useless(platform: Platform, account: Account | None) -> None:
    """A token that FeedHub would never use had better not be kept."""
    connector = CONNECTORS.get(platform)
    if connector is None:
        return
    if connector.need is Need.NONE:
        raise CredentialRefused(f"{platform.proper} accounts are read without a credential; none is needed.")
    if connector.need is Need.ACCOUNT and account is None:
        raise CredentialRefused(f"Each {platform.proper} account has a credential of its own; name the account.")


def _of_app(store: Store, keyring: Keyring, platform: Platform) -> dict[str, str]:
    """Renewing a token takes the app's id and secret, too."""
    provider = PROVIDERS.get(platform)
    app = store.read_now(kept_app, provider.app) if provider else None
    return opened(app, keyring).others if app else {}


def _kept(store: Store, id: int) -> KeptCredential:
    for kept in store.read_now(kept_credentials):
        if kept.id == id:
            return kept
    raise NotKnown("credential", str(id))


def _served(store: Store, id: int) -> list[Account]:
    """The active accounts that are asked with a credential."""
    serving = store.read_now(serving_credentials)
    accounts = store.read_now(kept_register).accounts
    return [account for account in accounts if account.id in serving and serving[account.id].id == id]


def _tried(store: Store, kept: KeptCredential, *, run_with: Any) -> tuple[bool, str]:  # noqa: ANN401  # WalkOptions
    served = [account for account in _served(store, kept.id) if account.status is AccountStatus.ACTIVE]
    if not served:
        return False, f"No active account is asked by the {_name(kept, None)}, so there is nothing to try it with."
    return run(try_credential(store, run_with, kept, served[0]))


def _name(kept: KeptCredential, account: Account | None) -> str:
    who = (account.handle or account.url or account.key) if account else None
    name = kept.platform.proper
    if kept.is_app:
        return f"app at {name}"
    return f"{name} credential of {who}" if who else f"{name} credential"


def _reach(kept: KeptCredential, served: Sequence[Account]) -> str:
    return "connects accounts" if kept.is_app else f"{kept.state(now())}  {_count(served)}"


def _count(served: Sequence[Account]) -> str:
    return f"{len(served)} {'account' if len(served) == 1 else 'accounts'}"


def _unlocks(unlocked: Sequence[Account], *, is_app: bool) -> str:
    if is_app:
        return "`feedhub credentials link ACCOUNT` makes an address at which an account is connected."
    if not unlocked:
        return "No active account needs it yet."
    names = sorted({account.department for account in unlocked})
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""  # noqa: PLR2004  # a line's worth
    return f"Visited at once: {_count(unlocked)} of {', '.join(names[:5])}{more}."
