"""SIGTERM: visits in flight are finished, leases given back, and the process ends well."""

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from feedhub.store.session import open_store
from standins import Asked, answer, silence, standin
from walked import keep, posts_in, register_of, rss, webfeed

BODY = rss(("b", "Vaksin", "Gratis."))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@asynccontextmanager
async def feedhub(database_url: str, *words: str, folder):
    environment = {
        **os.environ,
        "FEEDHUB_DATABASE_URL": database_url,
        "FEEDHUB_FETCH_ALLOW": "127.0.0.0/8",
        "FEEDHUB_MIN_INTERVAL": "0.2",
        "FEEDHUB_MAX_INTERVAL": "0.2",
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "feedhub", *words, cwd=folder, stdout=PIPE, stderr=PIPE, env=environment
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()


class SlowFeed:
    """Answers after a second; `is_asked` tells that a visit is in flight."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()
        self.answered = 0

    async def meet(self, _: Asked, writer: asyncio.StreamWriter) -> None:
        self.is_asked.set()
        await asyncio.sleep(1.0)
        self.answered += 1
        writer.write(answer(body=BODY))


@pytest.mark.parametrize("command", ["sync", "serve"])
async def test_sigterm_finishes_visits_and_gives_leases_back(database_url, store, tmp_path, command):
    feed = SlowFeed()
    async with standin(feed.meet) as base:
        await keep(store, register_of(webfeed(f"{base}/{name}") for name in "abc"))
        words = (command,) if command == "sync" else (command, "--port", str(free_port()))
        async with feedhub(database_url, *words, folder=tmp_path) as child:
            async with asyncio.timeout(20):
                await feed.is_asked.wait()
            began = time.monotonic()
            child.send_signal(signal.SIGTERM)
            _, errors = await child.communicate()
        assert time.monotonic() - began < 8
        assert (child.returncode, errors.decode()) == (0, "")
    assert feed.answered == len(await posts_in(store)) > 0
    assert await store.read(lambda s: s.row(text("SELECT count(*) AS n FROM host WHERE lease_until > 0")).n) == 0


async def test_a_second_sigterm_ends_at_once(sqlite_url, tmp_path):
    async with standin(silence) as base:
        store = open_store(sqlite_url)
        await keep(store, register_of([webfeed(base + "/feed")]))
        await store.close()
        async with feedhub(sqlite_url, "sync", folder=tmp_path) as child:
            async with asyncio.timeout(20):
                while not base.asked:  # noqa: ASYNC110  # the stand-in sets no event
                    await asyncio.sleep(0.01)
            child.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.5)
            assert child.returncode is None
            child.send_signal(signal.SIGTERM)
            async with asyncio.timeout(2):
                assert await child.wait() == -signal.SIGTERM
