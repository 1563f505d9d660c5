"""What every command takes and needs: the database, JSON or not, settings, the store."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from feedhub.accounts.account import ASKED
from feedhub.accounts.credential_given import read_secret
from feedhub.errors import CredentialRefused, FeedHubError, NotKnown, QuestionRefused, SettingRefused
from feedhub.logs import set_up_logs
from feedhub.posts.acts import OPERATOR, ActWanted, public_reason
from feedhub.running import Telling
from feedhub.settings import Settings, credential_keys, fetch_detours, four_eyes, named_in, pictures_store
from feedhub.store.acting import Acted, submit
from feedhub.store.migrations import ready_schema
from feedhub.store.register import kept_register
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import Store, open_store
from feedhub.sync.serving import WalkOptions
from feedhub.web.app import create_app
from feedhub.wires.mail import mailer_of
from feedhub.wires.serving import WireOptions

_PATIENCE = 15.0  # seconds for one attempt to tell somebody
_MOST_ANSWERED = 1024 * 1024  # bytes; who is told has little to say

Database = Annotated[str | None, typer.Option("--database", metavar="URL", help="instead of FEEDHUB_DATABASE_URL")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON for programs")]


def read_id(text: str) -> UUID:
    """The id of an account, a post, a webhook, as it was typed."""
    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no id; ids look like 5b1c7a2e-7d0a-5a3e-9c54-0f3c0d6f4c11.") from None


def read_reason(text: str) -> str:
    """A sentence for the public, without line breaks and signs that XML forbids."""
    try:
        return public_reason(text)
    except QuestionRefused as refused:
        raise typer.BadParameter(str(refused)) from None


Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", parser=read_reason, help="a public sentence")]
AccountId = Annotated[UUID, typer.Argument(metavar="ID", parser=read_id, help="as `feedhub accounts list` prints it")]


def read_settings(database: str | None) -> Settings:
    try:
        settings = Settings(database_url=database) if database else Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = "FEEDHUB_" + "_".join(str(part) for part in fault["loc"]).upper()
        raise SettingRefused(f"{name} can't be used: {fault['msg']}.") from None
    set_up_logs(settings.log_format)
    return settings


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    ready_schema(settings.database_url)
    store = open_store(settings.database_url)
    try:
        yield store
    finally:
        store.close_now()


def opened_keyring(store: Store, settings: Settings) -> Keyring:
    """The keys that seal secrets: those of the settings, else the installation's own."""
    return Keyring(credential_keys(settings) or (store.write_now(made_signing_key),))


def telling_of(store: Store, settings: Settings) -> Telling:
    """What the wires need. Raises SettingRefused: a mail setting that can't be used."""
    walk = walk_options(settings)
    # Strangers choose where they are told: what the walk may reach is not theirs to ask.
    strangers = replace(walk, fetch_allow=settings.tell_allow)
    options = WireOptions(
        public_url=settings.public_url.rstrip("/"),
        keyring=opened_keyring(store, settings),
        secret=signing_key(settings, store),
        new_http=partial(strangers.new_http, timeout=_PATIENCE, max_bytes=_MOST_ANSWERED),
        new_platform_http=partial(walk.new_http, timeout=_PATIENCE, max_bytes=_MOST_ANSWERED),
        mailer=mailer_of(settings.smtp_url, settings.mail_from),
        alerting=frozenset(named_in(settings.alert_departments)),
        fediverse=settings.fediverse == "on",
    )
    return Telling(store=store, options=options, web=create_app(settings))


def walk_options(settings: Settings) -> WalkOptions:
    return WalkOptions(
        contact=settings.contact,
        public_url=settings.public_url,
        fetch_allow=settings.fetch_allow,
        fetch_timeout=settings.fetch_timeout,
        fetch_max_bytes=settings.fetch_max_bytes,
        host_concurrency=settings.host_concurrency,
        host_spacing=settings.host_spacing,
        sync_concurrency=settings.sync_concurrency,
        min_interval=settings.min_interval,
        max_interval=settings.max_interval,
        payloads_keep=settings.payloads_keep,
        fetch_detours=fetch_detours(settings),
        credential_keys=credential_keys(settings),
        pictures_store=pictures_store(settings) if settings.pictures == "copies" else None,
    )


def signing_key(settings: Settings, store: Store) -> bytes:
    """The key that signs links, as the web has it."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    return store.write_now(made_signing_key)


def keyring_of(settings: Settings, store: Store) -> Keyring:
    """What seals credentials."""
    return Keyring(credential_keys(settings) or (store.write_now(made_signing_key),))


def rotating_keyring(settings: Settings, store: Store) -> Keyring:
    """The same, and the installation's own key behind them: who sets a key for the first time has what that one sealed."""
    return Keyring((*credential_keys(settings), signing_key(settings, store)))


def acted(store: Store, settings: Settings, wanted: ActWanted, *, at: datetime) -> Acted:
    """An act of the desk, by the operator."""
    return store.write_now(submit, wanted, actor=OPERATOR, by_key=None, four_eyes=four_eyes(settings), at=at)


def say_what_waits(done: Acted, *, as_json: bool) -> None:
    """Nothing is done yet: two people must want it."""
    sentence = f"Proposal {done.proposal}: somebody with a key of the desk must confirm it (docs/desk.md)."
    print(json.dumps(done.told()) if as_json else sentence)


def known_ids(store: Store, named: Sequence[UUID] | None) -> Sequence[UUID] | None:
    """The same ids, none of which is unknown. Raises NotKnown."""
    known = {account.id for account in store.read_now(kept_register).accounts}
    for unknown in set(named or ()) - known:
        raise NotKnown("account", str(unknown))
    return named


def active_ids(store: Store, named: Sequence[UUID] | None) -> list[UUID]:
    """The accounts that can be visited: all, or those named. Raises NotKnown; FeedHubError for one that is not asked."""
    known_ids(store, named)
    accounts = store.read_now(kept_register).accounts
    for account in accounts:
        if named and account.id in named and account.status not in ASKED:
            raise FeedHubError(f"Account {account.id} is {account.status.value}, so it is not asked.")
    return [account.id for account in accounts if account.status in ASKED and account.id in (named or [account.id])]


def secret_from(file: str | None, what: str) -> str:
    """A secret from a file, standard input (-), or a hidden prompt; never from an argument."""
    if file == "-":
        return read_secret(sys.stdin.read(), what=what)
    if file is not None:
        return read_secret(_text_of(file), what=what)
    if not sys.stdin.isatty():
        raise CredentialRefused(f"Give the {what} as a file; - stands for standard input.")
    return read_secret(typer.prompt(what.capitalize(), hide_input=True), what=what)


def _text_of(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise FeedHubError(f"{file} can't be read: {reason}.") from None
