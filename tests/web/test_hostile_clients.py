"""Two hundred clients that mean harm, and what the readers of the hot feed notice of them."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from time import monotonic

import httpx
import pytest

from feedhub.store.session import open_store
from web.newsroom import Newsroom, numbered, open_newsroom

HERE = Path(__file__).parent
READERS, EVERY = 4, 0.04  # measured clients, and seconds between two questions of one
POSTS, BATCH = 4_000, 500


@asynccontextmanager
async def served(url: str, **settings: str) -> AsyncIterator[int]:
    """A FeedHub of its own process; its port."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    told = {f"FEEDHUB_{name.upper()}": value for name, value in settings.items()}
    words = ("-m", "feedhub", "serve", "--port", str(port), "--no-sync", "--database", url)
    process = await asyncio.create_subprocess_exec(sys.executable, *words, env={**os.environ, **told})
    try:
        async with httpx.AsyncClient() as client:
            for _ in range(200):
                try:
                    await client.get(f"http://127.0.0.1:{port}/livez")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def reader(port: int, seconds: float, taken: list[float], statuses: set[int]) -> None:
    """Asks the hot feed in time, as one who is not yet over the limits."""
    incoming, outgoing = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    end = monotonic() + seconds
    while (begun := monotonic()) < end:
        outgoing.write(b"GET /feed.rss HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")
        head = await incoming.readuntil(b"\r\n\r\n")
        await incoming.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        taken.append(monotonic() - begun)
        statuses.add(int(head[9:12]))
        await asyncio.sleep(max(0.0, begun + EVERY - monotonic()))
    outgoing.close()


async def p99_of(port: int, seconds: float) -> float:
    """Milliseconds; every answer is the feed."""
    taken: list[float] = []
    statuses: set[int] = set()
    await asyncio.gather(*(reader(port, seconds, taken, statuses) for _ in range(READERS)))
    assert statuses == {200}
    parts = [part * 1000 for part in quantiles(taken, n=1000)]
    sys.stdout.write(
        f"  {len(taken)} answers: p50 {parts[499]:.2f} ms, p99 {parts[989]:.2f} ms, p99.9 {parts[998]:.2f} ms\n"
    )
    return parts[989]


@pytest.mark.long
@pytest.mark.parametrize("named", ["named", "unnamed"])
async def test_the_hot_feed_stays_fast_under_two_hundred_hostile_clients(sqlite_url, named):
    store = open_store(sqlite_url)
    await open_newsroom(store)
    room = Newsroom(store, httpx.AsyncClient())
    for start in range(0, POSTS, BATCH):
        await room.publish(*(numbered(number) for number in range(start, start + BATCH)))
    await store.close()
    seconds = float(os.environ.get("FEEDHUB_HOSTILE_SECONDS", "30"))
    async with served(sqlite_url, trusted_proxies="127.0.0.0/8", log_format="json") as port:
        await p99_of(port, 3)
        quiet = await p99_of(port, seconds)
        words = (str(HERE / "hostile_clients.py"), str(port), str(seconds + 4), named)
        hostile = await asyncio.create_subprocess_exec(sys.executable, *words)
        await asyncio.sleep(3)
        beset = await p99_of(port, seconds)
        await hostile.wait()
    sys.stdout.write(f"{named}: quiet {quiet:.2f} ms, beset {beset:.2f} ms, ratio {beset / quiet:.2f}\n")
    assert beset <= 3 * quiet
