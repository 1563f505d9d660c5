"""Senders of webhooks killed again and again beside eight writers: the receiver ends with exactly the truth."""

import asyncio
import os
import sys
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import func, select
from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feedhub.payloads.signatures import shown_secret
from feedhub.store.clock import clock_now
from feedhub.store.register_keeping import import_register
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import Store, open_store
from feedhub.store.subscriptions import subscriptions_of
from feedhub.store.tables import posts as kept_posts
from feedhub.store.tables_wires import deliveries
from feedhub.store.times import to_ms
from feedhub.store.webhooks import WIRE, WebhookAsk, add_webhook
from feedhub.views.webhooks import EVENTS
from feedhub_demo.platforms.serving import serving_apps
from web.newsroom import CITY, NOW, RESCUE
from wires.hooked import key_for
from writers import truth

WRITER = Path(__file__).parents[1] / "writers.py"
AT_ONCE = 16  # posts in one act of a writer, at most
SIGNED_EVERY = 50  # messages between two that the library verifies
DRAINED_WITHIN = 900  # seconds after the last change; a killed sender's leases last one minute


@dataclass
class Ledger:
    """What one receiver holds, and every fault that it ever saw."""

    secret: str = ""
    bodies: dict[str, bytes] = field(default_factory=dict)
    posts: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    messages: int = 0
    faults: list[str] = field(default_factory=list)

    def take(self, request: Request, body: bytes) -> None:
        id, self.messages = request.headers["webhook-id"], self.messages + 1
        if self.messages % SIGNED_EVERY == 0:
            Webhook(self.secret).verify(body, dict(request.headers))
        digest = blake2b(body, digest_size=16).digest()
        if self.bodies.setdefault(id, digest) != digest:
            self.faults.append(f"{id} came with two bodies")
        told = orjson.loads(body)["data"]
        now, held = (told["change"], told["state"], told["version"]), self.posts.get(told["id"], (0, "", 0))
        if (told["post"] is None) is not (told["state"] == "deleted"):
            self.faults.append(f"{told['id']} is {told['state']} with content")
        self.posts[told["id"]] = max(held, now)


@dataclass
class Newspaper:
    """A receiver that fails now and then, on two paths: everything, and one department's."""

    chance: Random
    failing: float
    ledgers: dict[str, Ledger]

    async def take(self, request: Request) -> Response:
        body = await request.body()
        if request.headers["webhook-id"] and b'"webhook.challenge"' in body[:40]:
            return Response(orjson.loads(body)["data"]["challenge"])
        if self.chance.random() < self.failing:
            return Response(status_code=500)
        self.ledgers[request.url.path].take(request, body)
        if self.chance.random() < self.failing:
            return Response(status_code=500)  # taken, but the sender can't know
        return Response(status_code=204)


@asynccontextmanager
async def process(*words: str):
    """A program of ours, killed at the end."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "FEEDHUB_TELL_ALLOW": "127.0.0.0/8", "FEEDHUB_LOG_FORMAT": "json"},
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


async def killed_at_work(url: str, chance: Random, *, last: asyncio.Event) -> bool:
    """Start a sender and kill it soon after its first deliveries; whether it came to that."""
    async with process("-m", "feedhub", "wires", "--database", url) as sender:
        while not last.is_set():
            with suppress(TimeoutError):
                line = await asyncio.wait_for(sender.stderr.readline(), 1)
                assert line, "a sender ended by itself"
                if b'"delivery.' in line:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(_read_on(sender), chance.uniform(0.0, 4.0))
                    return True
    return False


async def _read_on(sender: asyncio.subprocess.Process) -> None:
    while await sender.stderr.readline():
        pass


async def killed_again_and_again(
    url: str, chance: Random, *, senders: int, last: asyncio.Event, tally: list[int]
) -> None:
    """Keep so many senders at work, each until it is killed; `tally` grows with each kill."""

    async def line() -> None:
        while not last.is_set():
            if await killed_at_work(url, chance, last=last):
                tally.append(len(tally) + 1)

    await asyncio.gather(*(line() for _ in range(senders)))


async def written(url: str, *, changes: int, posts: int, first_seed: int) -> None:
    """Eight writers beside each other, until each used its share of the numbers."""
    words = (str(changes // 8), str(posts), str(AT_ONCE))
    async with AsyncExitStack() as stack:
        writers = [
            await stack.enter_async_context(process(str(WRITER), url, str(first_seed + number), *words))
            for number in range(8)
        ]
        assert [await writer.wait() for writer in writers] == [0] * 8


async def is_drained(store: Store) -> bool:
    latest = (await store.read(clock_now)).number
    waiting = select(func.count().label("many")).where(deliveries.c.state == "waiting")
    many = (await store.read(lambda session: session.rows(waiting)))[0].many
    return not many and all(one.told_through >= latest for one in await store.read(subscriptions_of, WIRE))


async def subscribed(store: Store, address: str, path: str, filters: dict[str, list[str]]) -> str:
    key = await key_for(store)
    keyring = Keyring((await store.write(made_signing_key),))
    ask = WebhookAsk(url=address + path, events=EVENTS, filters=filters)
    _, secret = await store.write(add_webhook, ask, key=key.id, keyring=keyring, at=datetime.now(UTC))
    return shown_secret(secret)


async def told_through_kills(url: str, *, changes: int, posts: int, kills: int) -> dict[str, Any]:
    """Writers, senders that are killed, and a newspaper; what it came to."""
    store, chance = open_store(url), Random(7)
    await store.write(import_register, CITY, retire_missing=False, at=to_ms(NOW))
    paper = Newspaper(chance, failing=0.005, ledgers={"/all": Ledger(), "/bpbd": Ledger()})
    app = Starlette(routes=[Route("/{path}", paper.take, methods=["POST"])])
    last, tally, seed = asyncio.Event(), list[int](), 0
    async with AsyncExitStack() as stack:
        (address,) = await stack.enter_async_context(serving_apps([app]))
        for path, filters in (("/all", {}), ("/bpbd", {"department": ["bpbd"]})):
            paper.ledgers[path].secret = await subscribed(store, address, path, filters)
        killing = asyncio.create_task(killed_again_and_again(url, chance, senders=3, last=last, tally=tally))
        while seed == 0 or len(tally) < kills:  # a quick machine writes more than once
            await written(url, changes=changes, posts=posts, first_seed=seed)
            seed += 8
        last.set()
        await killing
        sender = await stack.enter_async_context(process("-m", "feedhub", "wires", "--database", url))
        reading = asyncio.create_task(_read_on(sender))
        for _ in range(DRAINED_WITHIN * 2):
            if await is_drained(store):
                break
            await asyncio.sleep(0.5)
        reading.cancel()
    expected = await store.read(truth)
    mine = {str(one) for one in await store.read(posts_of, RESCUE.id)}
    await store.close()
    return {"expected": expected, "bpbd": mine, "ledgers": paper.ledgers, "killed": len(tally)}


def posts_of(session, account: UUID) -> list[UUID]:
    return [row.id for row in session.rows(select(kept_posts.c.id).where(kept_posts.c.account_id == account))]


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("changes", "posts", "kills"), [(8_000, 400, 100), (200_000, 4_000, 100)])
async def test_a_receiver_ends_with_the_truth_however_often_senders_are_killed(database_url, changes, posts, kills):
    came = await told_through_kills(database_url, changes=changes, posts=posts, kills=kills)
    expected, ledgers = came["expected"], came["ledgers"]
    messages, ids = (
        sum(count(one) for one in ledgers.values()) for count in (lambda o: o.messages, lambda o: len(o.bodies))
    )
    print(f"{expected.latest} changes of {len(expected.posts)} posts, {came['killed']} kills of senders:")  # noqa: T201
    print(f"{messages} messages, {ids} ids, {messages - ids} doubles")  # noqa: T201
    assert came["killed"] >= kills
    assert ledgers["/all"].faults == ledgers["/bpbd"].faults == []
    assert ledgers["/all"].posts == expected.posts
    assert ledgers["/bpbd"].posts == {id: told for id, told in expected.posts.items() if id in came["bpbd"]}
