"""Processes that people wait at: nobody holds a connection, they end at once, and another goes on."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import httpx
import httpx_sse
import psycopg
import pytest

from feedhub.store.session import Store
from feedhub.web.streams import Streams
from feedhub.web.waiting import Waiting
from web.newsroom import Newsroom, numbered, open_newsroom

CHANGES, STREAM = "/api/v1/changes", "/api/v1/stream"
MANY = 50
_IN_USE = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND state <> 'idle' AND pid <> pg_backend_pid()"
# What processes share, and what can be asked who uses it.
SHARED = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@dataclass(frozen=True)
class Served:
    """A web process of its own."""

    process: asyncio.subprocess.Process
    client: httpx.AsyncClient


@asynccontextmanager
async def served(database_url: str, **settings: str) -> AsyncIterator[Served]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    words = ("-m", "feedhub", "serve", "--no-sync", "--no-wires", "--port", str(port), "--database", database_url)
    environment = {**os.environ, **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    try:
        assert b"FeedHub answers" in await process.stdout.readline()
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=40, limits=limits) as client:
            yield Served(process, client)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def opened(store: Store, posts: int = 10) -> None:
    await open_newsroom(store)
    await Newsroom(store, None).publish(*(numbered(number) for number in range(posts)))


async def last_word(client: httpx.AsyncClient, begun: asyncio.Semaphore) -> tuple[str, str]:
    """Listen until the stream ends; its last event's name and data."""
    async with httpx_sse.aconnect_sse(client, "GET", STREAM) as source:
        begun.release()
        events = [event async for event in source.aiter_sse()]
    return events[-1].event, events[-1].data


async def in_use(database_url: str) -> list[int]:
    """How many connections of the database do something, looked at for two seconds."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    seen = []
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as own:
        for _ in range(40):
            seen.append((await (await own.execute(_IN_USE, [name])).fetchone())[0])
            await asyncio.sleep(0.05)
    return seen


@SHARED
async def test_who_waits_holds_no_connection_and_is_answered_when_the_process_ends(store):
    await opened(store)
    async with served(store.database_url) as here:
        newest = (await here.client.get(CHANGES)).json()["latest"]
        begun = asyncio.Semaphore(0)
        waiters = [
            asyncio.create_task(here.client.get(f"{CHANGES}?after={newest}&wait=25{more}"))
            for more in ("", "&department=bpbd") * (MANY // 2)
        ]
        streams = [asyncio.create_task(last_word(here.client, begun)) for _ in range(MANY)]
        for _ in range(MANY):
            await begun.acquire()
        assert not any(task.done() for task in (*waiters, *streams))
        seen = await in_use(store.database_url)
        assert sum(1 for count in seen if count == 0) >= 0.9 * len(seen)  # the clock is read once a second
        assert max(seen) <= 1
        asked_at = monotonic()
        here.process.send_signal(signal.SIGTERM)
        _, errors = await here.process.communicate()
        assert monotonic() - asked_at < 2
        assert (here.process.returncode, errors.decode()) == (0, "")
        for answer in await asyncio.gather(*waiters):
            assert (answer.status_code, answer.json()["changes"], answer.json()["latest"]) == (200, [], newest)
        goes_on = f"http://127.0.0.1:8000{STREAM}?after={newest}"
        assert await asyncio.gather(*streams) == [("end", f'{{"next":"{goes_on}"}}')] * MANY


@SHARED
async def test_another_process_goes_on_where_a_killed_one_broke_off(store):
    await opened(store, posts=120)
    async with served(store.database_url) as first, served(store.database_url) as second:
        expected = (await second.client.get(f"{CHANGES}?limit=1000")).json()["changes"]
        seen, last = [], ""
        async with httpx_sse.aconnect_sse(first.client, "GET", f"{STREAM}?after=0") as source:
            events = source.aiter_sse()
            while len(seen) < 40:
                if (event := await anext(events)).event == "change":
                    seen.append(event.json())
                    last = event.id
            first.process.kill()
        async with httpx_sse.aconnect_sse(second.client, "GET", STREAM, headers={"Last-Event-ID": last}) as source:
            events = source.aiter_sse()
            while len(seen) < 120:
                if (event := await anext(events)).event == "change":
                    seen.append(event.json())
        assert seen == expected


@pytest.mark.long
async def test_a_reader_that_takes_nothing_costs_one_page_and_is_let_go(store):
    """Ten thousand posts for forty readers that never read: the process does not grow by what they are owed."""
    await opened(store)
    room = Newsroom(store, None)
    for start in range(0, 10_000, 500):
        await room.publish(*(numbered(number, content_text="kabar " * 500) for number in range(start, start + 500)))
    async with served(store.database_url) as here:
        for _ in range(3):  # what any reader costs once
            async with here.client.stream("GET", f"{STREAM}?after=0") as answer:
                async for _ in answer.aiter_bytes():
                    break
        before, lines = grown(here.process.pid), []
        port = here.client.base_url.port
        for _ in range(40):
            incoming, outgoing = await asyncio.open_connection("127.0.0.1", port, limit=1)
            outgoing.write(f"GET {STREAM}?after=0 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            lines.append((incoming, outgoing))
        await asyncio.sleep(10)
        after = grown(here.process.pid)
        print(f"  40 streams that nobody reads: {before:.0f} -> {after:.0f} MB")  # noqa: T201  # the figure is the claim
        assert after - before < 60
        await asyncio.sleep(25)
        assert (await here.client.get("/livez")).status_code == 200
        for _, outgoing in lines:
            outgoing.close()


@pytest.mark.long
async def test_one_stream_too_many_is_told_to_come_later(store):
    await opened(store)
    async with served(store.database_url) as here, asyncio.timeout(60):
        lines = []
        for _ in range(1_000):
            incoming, outgoing = await asyncio.open_connection("127.0.0.1", here.client.base_url.port)
            outgoing.write(f"GET {STREAM} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            await incoming.readuntil(b"id: ")
            lines.append(outgoing)
        refused = await here.client.get(STREAM)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert refused.json()["type"].endswith("/docs#crowded")
        assert (await here.client.get(CHANGES)).status_code == 200
        lines.pop().close()
        await asyncio.sleep(0.5)
        async with here.client.stream("GET", STREAM) as answer:
            assert answer.status_code == 200
        for outgoing in lines:
            outgoing.close()


def grown(pid: int) -> float:
    """Megabytes that a process has in memory."""
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def test_only_so_many_wait_at_once():
    waiting, streams = Waiting(most=2), Streams(most=1)
    tasks = [asyncio.create_task(waiting.until(monotonic() + 5)) for _ in range(2)]
    assert (waiting.is_full, streams.is_full) == (False, False)
    await asyncio.sleep(0)
    streams.count += 1
    assert (waiting.is_full, streams.is_full) == (True, True)
    waiting.wake()
    assert (await asyncio.gather(*tasks), waiting.is_full) == ([True, True], False)
    waiting.end()
    assert await waiting.until(monotonic() + 5) is False
