"""Webhooks on the command line: who is told, a test, telling again."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from feedhub.cli import app
from feedhub.store.api_keys import add_key
from feedhub.store.sealing import Keyring
from feedhub.store.session import open_store
from feedhub.store.subscriptions import SubscriptionState, change_subscription
from feedhub.store.tables_wires import deliveries
from feedhub.store.webhooks import WebhookAsk, add_webhook
from walked import keep, register_of
from web.newsroom import CLINIC

NOW = datetime.now(UTC)
ASK = WebhookAsk(url="https://redaksi.example/feedhub", events=("post.published",), filters={"tag": ["imunisasi"]})


def run(url: str, *words: str):
    return CliRunner().invoke(app, ["webhooks", *words, "--database", url])


@pytest.fixture
async def hook(sqlite_url):
    store = open_store(sqlite_url)
    await keep(store, register_of([CLINIC]))
    key = await store.write(add_key, name="Redaksi", department=None, scopes=("webhooks",), keyring=None, at=NOW)
    made, _ = await store.write(add_webhook, ASK, key=key.id, keyring=Keyring((b"key",)), at=NOW)
    yield store, sqlite_url, made
    await store.close()


async def test_every_webhook_is_listed_with_its_key_and_its_deliveries(hook):
    store, url, made = hook
    (told,) = json.loads(run(url, "list", "--json").stdout)["webhooks"]
    assert (told["id"], told["key"], told["state"], told["url"]) == (str(made.id), "Redaksi", "pending", ASK.url)
    assert told["deliveries"] == {"waiting": 0, "sent": 0, "dead": 0, "dropped": 0}
    await store.write(change_subscription, made.id, fault="It answered 404.")
    listed = run(url, "list").stdout
    assert f"{made.id}  pending  Redaksi  {ASK.url}  nothing delivered yet\n    It answered 404.\n" == listed


async def test_no_webhook_is_said(sqlite_url):
    assert "There is no webhook" in run(sqlite_url, "list").stdout


async def test_a_test_waits_for_the_wires_and_dead_letters_go_out_again(hook):
    store, url, made = hook
    assert "only an active one" in str(run(url, "test", str(made.id)).exception)
    await store.write(change_subscription, made.id, state=SubscriptionState.ACTIVE)
    sent = json.loads(run(url, "test", str(made.id), "--json").stdout)
    assert (sent["type"], sent["state"]) == ("webhook.test", "waiting")
    assert sent["id"] in run(url, "test", str(made.id)).stdout
    for named, *more in ((str(made.id),), (sent["id"],), (str(made.id), "--since", "2100-01-01")):
        ended = int(NOW.timestamp() * 1000)
        await store.write(lambda session, at=ended: session.run(update(deliveries).values(state="dead", ended_at=at)))
        done = json.loads(run(url, "redeliver", named, *more, "--json").stdout)
        assert done == {"redelivered": 0 if more else 1, "left_out": 0}
    assert "1 to be sent again, 0 left out" in run(url, "redeliver", str(made.id)).stdout


async def test_what_is_unknown_is_said(hook):
    _, url, _ = hook
    nothing = "0d8f3c0e-6f2a-4c6b-9a53-1b0c2a8d7e11"
    assert str(run(url, "test", nothing).exception) == f"There is no webhook {nothing!r}."
    assert str(run(url, "redeliver", nothing).exception) == f"There is no webhook or delivery {nothing!r}."
    assert run(url, "redeliver", nothing, "--since", "kemarin").exit_code == 2
