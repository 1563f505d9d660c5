"""Commands for keys: by which departments' systems post, and newsrooms read more and are told."""

import json
import re
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from feedhub.cli_options import AsJson, Database, opened_keyring, opened_store, read_settings
from feedhub.errors import FeedHubError
from feedhub.store.api_keys import INBOX, OVERLAP, SCOPES, ApiKey, NewKey, add_key, kept_keys, revoke_key, rotate_key
from feedhub.store.register import kept_register
from feedhub.store.session import Store
from feedhub.store.signing import rotate_proof_key
from feedhub.sync.serving import now

keys_app = typer.Typer(no_args_is_help=True, help="Keys of departments' systems, newsrooms and the desk.")

_MAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)
_LONGEST_MAIL = 254  # characters (RFC 5321)
_MOST_DAYS = 36_500
_HOURS = OVERLAP.total_seconds() / 3600


def _read_contact(text: str) -> str:
    if len(text) > _LONGEST_MAIL or not _MAIL.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is no mail address.")
    return text


def _read_end(text: str) -> date | int:
    """A number of days, or the last day."""
    if re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) <= _MOST_DAYS:
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is neither a number of days nor a date such as 2027-06-30.") from None


Contact = Annotated[
    str | None,
    typer.Option("--contact", metavar="MAIL", parser=_read_contact, help="who is told of withdrawals and corrections"),
]
# The parser makes a date or a number of days of it.
Expires = Annotated[
    str | None,
    typer.Option("--expires", metavar="DATE|DAYS", parser=_read_end, help="its last day, or for how many days"),
]
KeyId = Annotated[int, typer.Argument(metavar="ID", help="as `feedhub keys list` prints it")]


@keys_app.command()
def add(  # noqa: PLR0913, PLR0917  # an option each
    name: Annotated[str, typer.Argument(metavar="NAME", help="whose key it is, for people")],
    scope: Annotated[list[str] | None, typer.Option(metavar="S", help=f"what it opens: {', '.join(SCOPES)}")] = None,
    department: Annotated[
        str | None, typer.Option(metavar="SLUG", help="whose posts it may bring; left out = of all departments")
    ] = None,
    signed: Annotated[bool, typer.Option("--signed", help="posts must be signed too (Standard Webhooks)")] = False,
    contact: Contact = None,
    expires: Expires = None,
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
            contact=contact,
            expires_at=_end(store, expires),
        )
    _show(made, f"Key {made.id} for {name}", as_json=as_json)


@keys_app.command("list")
def list_(as_json: AsJson = False, database: Database = None) -> None:
    """Show every key's name, scopes, contact, end and last use, never the key."""
    with opened_store(read_settings(database)) as store:
        keys = store.read_now(kept_keys)
    if as_json:
        print(json.dumps({"keys": [_as_json(key) for key in keys]}, indent=2))
        return
    for key in keys:
        print("  ".join(str(part) for part in (key.id, key.name, key.shown, *_told(key))))
    if not keys:
        print("There is no key; `feedhub keys add NAME --department SLUG` makes one.")


@keys_app.command()
def rotate(
    key: KeyId,
    overlap: Annotated[float, typer.Option(metavar="HOURS", min=0, help="how long both work")] = _HOURS,
    expires: Expires = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Make a key that takes another one's place. It is shown once and can't be shown again."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        made = store.write_now(
            rotate_key,
            key,
            overlap=timedelta(hours=overlap),
            keyring=opened_keyring(store, settings),
            at=now().replace(microsecond=0),
            expires_at=_end(store, expires),
        )
    _show(made, f"Key {made.id} takes the place of key {key}, which works for {overlap:g} hours more", as_json=as_json)


@keys_app.command()
def revoke(
    key: KeyId,
    database: Database = None,
) -> None:
    """Let a key open nothing any more."""
    with opened_store(read_settings(database)) as store:
        store.write_now(revoke_key, key, at=now().replace(microsecond=0))
    print(f"Key {key} is revoked.")


@keys_app.command()
def rotate_proof(as_json: AsJson = False, database: Database = None) -> None:
    """Sign proofs with a new pair of keys. What the old one signed can still be verified."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        made = store.write_now(rotate_proof_key, opened_keyring(store, settings), now=now().replace(microsecond=0))
    said = f"Proofs are signed by {made.id} now; the old key stays in /.well-known/feedhub-keys.json."
    print(json.dumps({"key": made.id}) if as_json else said)


def _end(store: Store, said: str | date | int | None) -> datetime | None:
    """The moment after which a key opens nothing; a date is its last whole day in the city."""
    if said is None:
        return None
    if isinstance(said, int):
        return now().replace(microsecond=0) + timedelta(days=said)
    if not isinstance(said, date) or said < now().date():
        raise FeedHubError(f"{said} is over; name a day to come.")
    zone = ZoneInfo(store.read_now(kept_register).publisher.time_zone)
    return datetime.combine(said + timedelta(days=1), time.min, zone)


def _show(made: NewKey, said: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"id": made.id, "key": made.key, "signing_secret": made.signing_secret}))
        return
    print(f"{said}; write it down, it is shown only now:\n{made.key}")
    if made.signing_secret:
        print(f"Its holder signs with:\n{made.signing_secret}")


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return "revoked"
    return "open" if key.is_open(now()) else "ended"


def _told(key: ApiKey) -> list[str]:
    """What a line says of a key."""
    said = [key.department or "every department", ", ".join(key.scopes), key.contact or "no contact"]
    if key.follows:
        said.append(f"follows {key.follows}")
    said.append(f"last used {key.used_at:%Y-%m-%d}" if key.used_at else "never used")
    if key.expires_at:
        said.append(f"{'until' if key.is_open(now()) else 'since'} {key.expires_at:%Y-%m-%d %H:%M} UTC")
    return [*said, _state(key)]


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
        "contact": key.contact,
        "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        "follows": key.follows,
        "state": _state(key),
    }
