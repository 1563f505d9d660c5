"""Commands for Telegram: channels in which a bot tells what is new. No token is ever an argument."""

import json
from typing import Annotated, Any
from uuid import uuid4

import typer

from feedhub.accounts.account import Register
from feedhub.accounts.kinds import kind_named
from feedhub.cli_options import (
    AsJson,
    Database,
    keyring_of,
    opened_store,
    read_settings,
    secret_from,
    telling_of,
)
from feedhub.errors import NotKnown, QuestionRefused
from feedhub.posts.filters import Filters, kept_filters
from feedhub.running import run
from feedhub.store.register import kept_register
from feedhub.store.sealed_wires import subscription_place
from feedhub.store.session import Store
from feedhub.store.subscriptions import Subscription, remove_subscriptions, subscription_named, subscriptions_of
from feedhub.store.telegram import WIRE, keep_channel
from feedhub.sync.serving import now
from feedhub.wires.telegram_out import chat_named, speaks_in, try_channel

telegram_app = typer.Typer(no_args_is_help=True, help="Telegram: channels in which a bot tells what is new.")

_SOME_FAILED = 3

Channel = Annotated[str, typer.Argument(metavar="CHANNEL", help="its @name, or its number, such as -1001234567890")]
OfDepartment = Annotated[str, typer.Option("--department", metavar="SLUG", help="only its posts; all if left out")]


@telegram_app.command()
def add(
    channel: Channel,
    department: OfDepartment = "",
    kind: Annotated[list[str] | None, typer.Option(metavar="KIND", help="only posts of this kind")] = None,
    token_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="of the bot's token; - reads standard input")
    ] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Let a bot post to a channel from now on; again with another token or kinds to change them."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        known, chat = store.read_now(kept_register), chat_named(channel)
        filters = _filters(known, department, kind or [])
        if any(speaks_in(account, chat) for account in known.accounts):
            raise QuestionRefused(
                "channel", f"{chat} is an account of the register: what stands there is posted already."
            )
        topic = "".join(filters.departments)
        held = store.read_now(subscription_named, wire=WIRE, target=chat, topic=topic)
        id, token = held.id if held else uuid4(), secret_from(token_file, "token")
        kept = store.write_now(
            keep_channel,
            id=id,
            chat=chat,
            department=topic,
            filters=kept_filters(filters),
            sealed=keyring_of(settings, store).seal(token.encode(), place=subscription_place(id)),
            at=now(),
        )
    print(json.dumps(_as_json(kept)) if as_json else f"Kept: {_line(kept)}. `feedhub telegram test {chat}` tries it.")


@telegram_app.command("list")
def list_(as_json: AsJson = False, database: Database = None) -> None:
    """Show every channel: what is posted there, and how it goes."""
    with opened_store(read_settings(database)) as store:
        kept = store.read_now(subscriptions_of, WIRE)
    if as_json:
        print(json.dumps({"channels": [_as_json(one) for one in kept]}, indent=2))
        return
    print("\n".join(_line(one) for one in kept) or "No channel is kept; `feedhub telegram add CHANNEL` keeps one.")


@telegram_app.command()
def remove(channel: Channel, department: OfDepartment = "", as_json: AsJson = False, database: Database = None) -> None:
    """Post to a channel no more; what stands there stays."""
    with opened_store(read_settings(database)) as store:
        kept = _named(store, channel, department)
        store.write_now(remove_subscriptions, [one.id for one in kept])
    print(json.dumps({"removed": len(kept)}) if as_json else f"Nothing more is posted to {kept[0].target}.")


@telegram_app.command("test")
def try_(channel: Channel, as_json: AsJson = False, database: Database = None) -> None:
    """Ask Telegram whether the bot may post to a channel; nothing is posted."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        kept = _named(store, channel, "")
        options = telling_of(store, settings).options
        tried = [run(try_channel(one, options.keyring, options.new_platform_http, now=now())) for one in kept]
    for works, sentence in tried:
        print(json.dumps({"works": works, "sentence": sentence}) if as_json else sentence)
    if not all(works for works, _ in tried):
        raise typer.Exit(_SOME_FAILED)


def _filters(known: Register, department: str, kinds: list[str]) -> Filters:
    for one in known.departments:
        if department == one.slug or department in one.formerly:
            department = one.slug
            break
    else:
        if department:
            raise NotKnown("department", department)
    meant = {name: kind_named(name) for name in kinds}
    if unknown := [name for name, kind in meant.items() if kind is None]:
        raise NotKnown("kind", unknown[0])
    return Filters(
        departments=(department,) if department else (), kinds=tuple(kind for kind in meant.values() if kind)
    )


def _named(store: Store, channel: str, department: str) -> list[Subscription]:
    """What is kept of a channel; of one department's posts only, where one is named."""
    chat = chat_named(channel)
    kept = [one for one in store.read_now(subscriptions_of, WIRE) if one.target == chat]
    if department:
        kept = [one for one in kept if one.topic == department]
    if not kept:
        raise NotKnown("channel", chat)
    return kept


def _line(kept: Subscription) -> str:
    what = ", ".join(value for values in kept.filters.values() for value in values) or "everything"
    fault = f": {kept.fault}" if kept.fault else ""
    return f"{kept.target}  {what}  {kept.state.value}{fault}"


def _as_json(kept: Subscription) -> dict[str, Any]:
    return {
        "id": str(kept.id),
        "channel": kept.target,
        "filters": dict(kept.filters),
        "state": kept.state.value,
        "told_through": kept.told_through,
        "fault": kept.fault,
    }
