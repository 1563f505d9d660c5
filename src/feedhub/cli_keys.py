"""Commands for keys: by which departments' systems post."""

import json
from typing import Annotated

import typer

from feedhub.cli_options import AsJson, Database, opened_keyring, opened_store, read_settings
from feedhub.errors import FeedHubError
from feedhub.store.api_keys import INBOX, SCOPES, ApiKey, add_key, kept_keys, revoke_key
from feedhub.sync.serving import now

keys_app = typer.Typer(no_args_is_help=True, help="Keys by which departments' systems post to FeedHub.")


@keys_app.command()
def add(  # an option each
    name: Annotated[str, typer.Argument(metavar="NAME", help="whose key it is, for people")],
    scope: Annotated[
        list[str] | None, typer.Option(metavar="S", help="what it opens: read, inbox, webhooks, desk")
    ] = None,
    department: Annotated[
        str | None, typer.Option(metavar="SLUG", help="whose posts it may bring; left out = of all departments")
    ] = None,
    signed: Annotated[bool, typer.Option("--signed", help="posts must be signed too (Standard Webhooks)")] = False,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Make a key. It is shown once and can't be shown again."""
    scopes = tuple(scope or (INBOX,))
    for unknown in set(scopes) - set(SCOPES):
        raise FeedHubError(f"There is no scope {unknown!r}; known are {', '.join(SCOPES)}.")
    settings = read_settings(database)
    with opened_store(settings) as store:
        made = store.write_now(
            add_key,
            name=name,
            department=department,
            scopes=scopes,
            keyring=opened_keyring(store, settings) if signed else None,
            at=now().replace(microsecond=0),
        )
    if as_json:
        print(json.dumps({"id": made.id, "key": made.key, "signing_secret": made.signing_secret}))
        return
    print(f"Key {made.id} for {name}; write it down, it is shown only now:\n{made.key}")
    if made.signing_secret:
        print(f"Its holder signs with:\n{made.signing_secret}")


@keys_app.command("list")
def list_(as_json: AsJson = False, database: Database = None) -> None:
    """Show every key's name, scopes and last use, never the key."""
    with opened_store(read_settings(database)) as store:
        keys = store.read_now(kept_keys)
    if as_json:
        print(json.dumps({"keys": [_as_json(key) for key in keys]}, indent=2))
        return
    for key in keys:
        state = "revoked" if key.revoked_at else f"last used {key.used_at:%Y-%m-%d}" if key.used_at else "never used"
        whose = key.department or "every department"
        print(f"{key.id}  {key.name}  {key.shown}  {whose}  {', '.join(key.scopes)}  {state}")
    if not keys:
        print("There is no key; `feedhub keys add NAME --department SLUG` makes one.")


@keys_app.command()
def revoke(
    key: Annotated[int, typer.Argument(metavar="ID", help="as `feedhub keys list` prints it")],
    database: Database = None,
) -> None:
    """Let a key open nothing any more."""
    with opened_store(read_settings(database)) as store:
        store.write_now(revoke_key, key, at=now().replace(microsecond=0))
    print(f"Key {key} is revoked.")


def _as_json(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "department": key.department,
        "scopes": list(key.scopes),
        "shown": key.shown,
        "signed": key.is_signed,
        "added_at": key.added_at.isoformat(),
        "used_at": key.used_at.isoformat() if key.used_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }
