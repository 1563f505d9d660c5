"""Commands for webhooks: who is told, how it goes, and telling again."""

import json
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from feedhub.cli_options import AsJson, Database, opened_store, read_id, read_settings
from feedhub.store.api_keys import kept_keys
from feedhub.store.register import kept_register
from feedhub.store.subscriptions import Subscription
from feedhub.store.times import iso
from feedhub.store.webhook_deliveries import DeliveryState, add_trial, delivery_counts, redeliver_named
from feedhub.store.webhooks import webhook, webhooks_of
from feedhub.sync.serving import now
from feedhub.views.webhooks import TEST, trial_event
from feedhub.web.moments import read_moment
from feedhub.web.webhook_told import delivery_json

webhooks_app = typer.Typer(no_args_is_help=True, help="Webhooks: receivers that are told of posts.")

_WebhookId = Annotated[UUID, typer.Argument(metavar="ID", parser=read_id, help="as `feedhub webhooks list` prints it")]


@webhooks_app.command("list")
def list_(as_json: AsJson = False, database: Database = None) -> None:
    """Show every webhook: whose it is, where it is told, its state and how its deliveries went."""
    with opened_store(read_settings(database)) as store:
        found, counts = store.read_now(webhooks_of, None), store.read_now(delivery_counts)
        names = {key.id: key.name for key in store.read_now(kept_keys)}
    told = [_as_json(one, names.get(one.key or 0), counts.get(one.id, {})) for one in found]
    if as_json:
        print(json.dumps({"webhooks": told}, indent=2))
        return
    for one in told:
        numbers = ", ".join(f"{many} {state}" for state, many in one["deliveries"].items() if many)
        print(f"{one['id']}  {one['state']}  {one['key']}  {one['url']}  {numbers or 'nothing delivered yet'}")
        if one["fault"]:
            print(f"    {one['fault']}")
    if not told:
        print("There is no webhook; holders of a key with the scope webhooks make them at /api/v1/webhooks.")


@webhooks_app.command("test")
def send_test(id: _WebhookId, as_json: AsJson = False, database: Database = None) -> None:
    """Send a test to an active webhook; the wires deliver it within a second."""
    with opened_store(read_settings(database)) as store:
        at, kept = now().replace(microsecond=0), store.read_now(webhook, id)
        body = trial_event(id, at=at, publisher=store.read_now(kept_register).publisher)
        made = store.write_now(add_trial, kept, event=TEST, body=body, at=at)
    if as_json:
        print(json.dumps(delivery_json(made), indent=2))
        return
    print(f"The test {made.id} waits for the wires (`feedhub serve` or `feedhub wires`).")


@webhooks_app.command()
def redeliver(
    id: Annotated[UUID, typer.Argument(metavar="ID", parser=read_id, help="a webhook's or a delivery's")],
    since: Annotated[str | None, typer.Option(metavar="TIME", help="of a webhook: only what ended since then")] = None,
    as_json: AsJson = False,
    database: Database = None,
) -> None:
    """Send again what was given up: all of a webhook's, or one delivery. What its post no longer says is left out."""
    with opened_store(read_settings(database)) as store:
        zone = ZoneInfo(store.read_now(kept_register).publisher.time_zone)
        begun = read_moment(since, zone) if since else None
        if since and begun is None:
            raise typer.BadParameter(f"{since!r} is no date (2026-11-20) and no RFC 3339 time.", param_hint="--since")
        done = store.write_now(redeliver_named, id, since=begun, at=now().replace(microsecond=0))
    if as_json:
        print(json.dumps({"redelivered": done.again, "left_out": done.left_out}))
        return
    print(f"{done.again} to be sent again, {done.left_out} left out because their posts changed since.")


def _as_json(one: Subscription, key: str | None, counts: dict[DeliveryState, int]) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "key": key,
        "url": one.target,
        "state": one.state.value,
        "events": one.asks["events"],
        "filters": dict(one.filters),
        "description": one.asks["description"],
        "fault": one.fault,
        "made_at": iso(one.made_at),
        "deliveries": {state.value: counts.get(state, 0) for state in DeliveryState},
    }
