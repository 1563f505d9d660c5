"""Everybody who follows the demo city ends with the same posts, whichever way they follow it."""

import asyncio
import json
import os
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import feedparser
import httpx
import httpx_sse
import pytest

from feedhub_demo.platforms.serving import serving_apps
from hub_callback import HubCallback
from receivers_activity import following
from servers.started import free_port
from wires.receivers import Receiver, receiving

pytestmark = pytest.mark.long

FOLLOWED = 40.0  # seconds that the city speaks while it is followed
LISTED = 50  # posts in a feed
LISTED_TYPES = {"original", "quote", "thread"}
CITY = "kabar_kota"


@asynccontextmanager
async def demo_city(folder: Path) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """A client of the running demo, and the address of its database."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    settings = {name: said for name, said in os.environ.items() if not name.startswith("FEEDHUB_")}
    words = ("-m", "feedhub", "demo", "--port", str(port), "--fast")
    told = settings | {"TMPDIR": str(folder)}
    running = await asyncio.create_subprocess_exec(
        sys.executable, *words, env=told, cwd=folder, stdout=PIPE, stderr=DEVNULL
    )
    try:
        assert url.encode() in await running.stdout.readline()
        [database] = folder.glob("*/*.sqlite")  # noqa: ASYNC240  # once
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
            yield client, f"sqlite:///{database}"
    finally:
        running.terminate()
        await running.communicate()


async def new_key(database_url: str) -> str:
    words = ("-m", "feedhub", "keys", "add", "Redaksi", "--scope", "webhooks", "--json", "--database", database_url)
    made = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
    return json.loads((await made.communicate())[0])["key"]


async def changes_after(client: httpx.AsyncClient, after: int) -> tuple[dict[str, dict], int]:
    """The newest change of each post after a number, and the newest number of all."""
    found: dict[str, dict] = {}
    path = f"/api/v1/changes?after={after}&limit=1000"
    while True:
        said = (await client.get(path)).json()
        found |= {one["id"]: one for one in said["changes"]}
        if not said["changes"]:
            return found, said["latest"]
        path = said["next"]


async def read_stream(client: httpx.AsyncClient, after: int, kept: dict[str, dict]) -> None:
    async with httpx_sse.aconnect_sse(client, "GET", f"/api/v1/stream?after={after}", timeout=None) as source:
        async for event in source.aiter_sse():
            if event.event == "change":
                kept[event.json()["id"]] = event.json()


async def tell_me(client: httpx.AsyncClient, receiver: Receiver, hub: HubCallback, key: str) -> None:
    """Ask for webhooks and for the city's feed by the hub."""
    hook = {"url": f"{receiver.url}/feedhub", "events": ["post.published", "post.updated"]}
    made = await client.post("/api/v1/webhooks", json=hook, headers={"Authorization": f"Bearer {key}"})
    assert made.status_code == 201
    topic = f"{client.base_url}/feed.json".replace("//feed", "/feed")
    form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": f"{hub.url}/callback"}
    assert (await client.post("/hub", data=form)).status_code == 202


async def sfeed_ids(body: bytes) -> set[str]:
    reading = await asyncio.create_subprocess_exec("sfeed", stdin=PIPE, stdout=PIPE)
    out, _ = await reading.communicate(body)
    return {line.split("\t")[5].removeprefix("urn:uuid:") for line in out.decode().splitlines()}


async def newsboat_ids(folder: Path, url: str) -> set[str]:
    (folder / "urls").write_text(f"{url}\n")
    words = ("newsboat", "-q", "-u", folder / "urls", "-c", folder / "cache.db", "-C", "/dev/null", "-x", "reload")
    reading = await asyncio.create_subprocess_exec(*map(str, words))
    await reading.wait()
    asking = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sqlite3,sys; print(*[r[0] for r in sqlite3.connect(sys.argv[1]).execute('SELECT guid FROM rss_item')])",
        str(folder / "cache.db"),
        stdout=PIPE,
    )
    return {guid.removeprefix("urn:uuid:") for guid in (await asking.communicate())[0].decode().split()}


async def readers(client: httpx.AsyncClient, folder: Path) -> dict[str, set[str]]:
    """The posts that each reader of feeds finds, beside those of the API."""
    listed = (await client.get(f"/api/v1/posts?limit={LISTED}")).json()["posts"]
    rss, atom, feed = [(await client.get(f"/feed.{form}")).content for form in ("rss", "atom", "json")]
    found = {
        "api": {one["id"] for one in listed},
        "feedparser of RSS": {one.id.removeprefix("urn:uuid:") for one in feedparser.parse(rss).entries},
        "feedparser of Atom": {one.id.removeprefix("urn:uuid:") for one in feedparser.parse(atom).entries},
        "JSON Feed": {one["id"].removeprefix("urn:uuid:") for one in json.loads(feed)["items"]},
    }
    if shutil.which("sfeed"):
        found |= {"sfeed of RSS": await sfeed_ids(rss), "sfeed of Atom": await sfeed_ids(atom)}
    if shutil.which("newsboat"):
        found["newsboat"] = await newsboat_ids(folder, f"{str(client.base_url).rstrip('/')}/feed.atom")
    return found


async def test_everybody_who_follows_the_demo_city_ends_with_the_same_posts(tmp_path):
    hub, streamed = HubCallback(), {}
    (folder := tmp_path / "demo").mkdir()
    async with (
        demo_city(folder) as (client, database_url),
        receiving() as receiver,
        following() as reader,
        serving_apps([hub.app()]) as (hub.url,),
    ):
        await tell_me(client, receiver, hub, await new_key(database_url))
        assert (await reader.follow(f"{CITY}@{client.base_url.netloc.decode()}")).status_code == 202
        while "Accept" not in reader.types or not hub.verified or not receiver.challenges:  # noqa: ASYNC110  # others' memories
            await asyncio.sleep(0.2)
        _, began = await changes_after(client, 0)
        streaming = asyncio.create_task(read_stream(client, began, streamed))
        await asyncio.sleep(FOLLOWED)
        compared = await agreed(client, began, streamed, receiver, reader)
        by_reader = await until_same(client, tmp_path)
        streaming.cancel()
        await asyncio.gather(streaming, return_exceptions=True)
        print(f"followers: {compared} changes by poll, stream, webhook and fediverse; {len(by_reader)} readers agree")  # noqa: T201  # a figure
        assert hub.bodies
        assert json.loads(hub.newest)["items"]


async def agreed(client, began, streamed, receiver, reader) -> int:
    """What the change feed has at one moment, everybody has some seconds later, or something newer; how many posts."""
    truth, _ = await changes_after(client, began)
    # Whoever names no type is told what lists show; only the change feed has others' words too.
    listed = {id: one for id, one in truth.items() if one["post"] is None or one["post"]["type"] in LISTED_TYPES}
    fresh = {id for id, one in listed.items() if one["state"] == "updated" and not one["backfill"]}
    for _ in range(60):
        heard = {one.said["data"]["id"]: one.said["data"] for one in receiver.told}
        noted = {note["url"].rpartition("/")[2] for note in reader.notes.values()}
        missing = {
            "stream": behind(truth, streamed),
            "webhook": behind(listed, heard),
            # what was taken back meanwhile stands there no more
            "fediverse": fresh - noted - {id for id, one in streamed.items() if one["state"] == "deleted"},
        }
        if truth and not any(missing.values()):
            return len(truth)
        await asyncio.sleep(0.5)
    kinds = {id: truth[id]["post"] and truth[id]["post"]["type"] for ids in missing.values() for id in ids}
    raise AssertionError(missing, kinds)


def behind(truth: dict[str, dict], heard: dict[str, dict]) -> set[str]:
    """The posts of which somebody has not heard as much; who heard of the same change heard the same."""
    for id, one in heard.items():
        if id in truth and one["change"] == truth[id]["change"]:
            assert (one["state"], one["version"]) == (truth[id]["state"], truth[id]["version"])
    return {id for id, one in truth.items() if heard.get(id, {"change": -1})["change"] < one["change"]}


async def every_post(client) -> AsyncIterator[dict]:
    path = "/api/v1/posts?limit=200"
    while path:
        said = (await client.get(path)).json()
        for one in said["posts"]:
            yield one
        path = said["next"]


async def until_same(client, folder) -> dict[str, set[str]]:
    """Readers ask one after the other while the city speaks; once they must all have asked between two posts."""
    for _ in range(30):
        found = await readers(client, folder)
        every = [one["id"] async for one in every_post(client)]
        newest = set(every[:LISTED])
        # A feed also says what was taken back, and a reader keeps what it read before: more may stand there, never less.
        if found["api"] == newest and all(newest <= ids for ids in found.values()):
            assert found["feedparser of Atom"] | found.get("sfeed of Atom", set()) <= set(every)
            return found
    raise AssertionError({name: len(newest - ids) for name, ids in found.items()})
