"""Commands that stop an account and lift that."""

import json
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from feedhub.cli_options import (
    AccountId,
    AsJson,
    Database,
    Reason,
    acted,
    opened_store,
    read_reason,
    read_settings,
    say_what_waits,
)
from feedhub.errors import FeedHubError
from feedhub.posts.acts import ActName, ActWanted
from feedhub.running import let_go, run
from feedhub.store.register import kept_register
from feedhub.store.times import iso
from feedhub.sync.serving import now


def stop(
    account: AccountId,
    since: Annotated[str, typer.Option(metavar="TIME", help="as 2026-11-27T14:00, in the register's time zone")],
    reason: Reason,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Withdraw what an account said since a moment, and hold everything new."""
    at = now().replace(microsecond=0)
    settings = read_settings(database)
    with opened_store(settings) as store:
        moment = read_moment(since, zone=store.read_now(kept_register).publisher.time_zone)
        wanted = ActWanted(name=ActName.STOP, id=account, reason=reason, since=moment)
        done = acted(store, settings, wanted, at=at)
    if (stopped := done.stopped) is None:
        say_what_waits(done, as_json=as_json)
        return
    if as_json:
        print(json.dumps({"account": str(account), "since": iso(stopped.since), "withdrawn": stopped.withdrawn}))
    else:
        print(f"Account {account} is stopped; {stopped.withdrawn} posts are withdrawn.")


def lift(
    account: AccountId,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", parser=read_reason, help="a public sentence; else the stop's own"),
    ] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """End a stop: what it withdrew lives again, what it held is judged by the hold rules."""
    settings = read_settings(database)
    with opened_store(settings) as store:
        wanted = ActWanted(name=ActName.LIFT, id=account, reason=reason or "")
        done = acted(store, settings, wanted, at=now().replace(microsecond=0))
        if (lifted := done.lifted) is None:
            say_what_waits(done, as_json=as_json)
            return
        edits = run(let_go(store))
    told = {
        "account": str(account),
        "revived": lifted.revived,
        "released": lifted.released,
        "edits": edits.edits,
        "held": lifted.held + edits.held,
    }
    if as_json:
        print(json.dumps(told))
    else:
        print(
            f"Account {account} is active; {told['revived']} posts live again, {told['released']} are new,"
            f" {told['held']} are held."
        )


def read_moment(text: str, *, zone: str) -> datetime:
    """A moment as a person writes it; without an offset it is of `zone`.

    >>> str(read_moment("2026-11-27T14:00", zone="Asia/Jakarta"))
    '2026-11-27 07:00:00+00:00'

    Raises:
        FeedHubError: it is none.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FeedHubError(f"{text!r} is no time; write it as 2026-11-27T14:00.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
