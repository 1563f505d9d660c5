"""A FeedHub in a process of its own, as a city runs it, and its commands in others."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from servers.started import free_port


@dataclass(frozen=True)
class Process:
    """A running server and how its commands are told where it keeps everything."""

    url: str
    database_url: str
    settings: dict[str, str]

    async def command(self, *words: str, said: str = "") -> str:
        """What a command prints; it must succeed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "feedhub", *words, "--database", self.database_url),
            env={**os.environ, **self.settings},
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
        )
        out, error = await process.communicate(said.encode())
        assert process.returncode == 0, error.decode()[-2_000:]
        return out.decode()


@asynccontextmanager
async def served_process(database_url: str, **settings: str) -> AsyncIterator[Process]:
    """`feedhub serve` without its walk, until the block ends; `settings` without their prefix."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    told = {f"FEEDHUB_{name.upper()}": value for name, value in {"public_url": url, **settings}.items()}
    words = ("-m", "feedhub", "serve", "--port", str(port), "--no-sync", "--database", database_url)
    process = await asyncio.create_subprocess_exec(sys.executable, *words, env={**os.environ, **told})
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(300):
                try:
                    await client.get(f"{url}/livez")
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        yield Process(url=url, database_url=database_url, settings=told)
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 20)
