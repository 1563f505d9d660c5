"""The receivers that the docs show are run as they stand, and told by the real wire."""

import asyncio
import os
import re
import shutil
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from feedhub.store.session import open_store
from feedhub_demo.platforms.serving import loopback_socket
from web.newsroom import numbered
from wires.hooked import hooked_up

PAGE = (Path(__file__).parents[2] / "docs/webhooks.md").read_text(encoding="utf-8")
RUN = {
    "python": (sys.executable, "receiver.py"),
    "javascript": (shutil.which("node"), "receiver.js"),
    "php": (shutil.which("php"), "-S", "127.0.0.1:{port}", "receiver.php"),
}


@pytest_asyncio.fixture
async def hooked(sqlite_url):
    store = open_store(sqlite_url)
    async with hooked_up(store) as hooked:
        yield hooked
    await store.close()


@asynccontextmanager
async def running(language: str, folder: Path, *, port: int, secret: str):
    """An example in a process of its own; its output."""
    program, *words = (word and word.format(port=port) for word in RUN[language])
    (example,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (folder / words[-1]).write_text(example, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        program,
        *words,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PORT": str(port), "WEBHOOK_SECRET": secret},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process.stdout
    finally:
        process.kill()
        await process.wait()


async def answering(url: str) -> httpx.Response:
    """What a receiver says to a forger, as soon as it says anything."""
    forged = {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,Zm9yZ2Vk"}
    async with httpx.AsyncClient() as client:
        for _ in range(200):
            try:
                return await client.post(url, content=b"{}", headers=forged)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    raise AssertionError(f"nothing answers at {url}")


@pytest.mark.parametrize("language", RUN)
async def test_the_receivers_that_are_shown_receive(hooked, tmp_path, language):
    if RUN[language][0] is None:
        pytest.skip(f"{language} is not installed here")
    with loopback_socket() as door:
        port = door.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    made = await hooked.made(url=url)
    async with running(language, tmp_path, port=port, secret=made["secret"]) as output:
        assert (await answering(url)).status_code == 401
        await hooked.turn()
        assert (await hooked.state(made)) == "active"
        await hooked.publish(numbered(1))
        await hooked.turn()
        await hooked.room.withdraw(numbered(1))
        await hooked.turn()
        change = made["told_through"]
        said = [(await asyncio.wait_for(output.readline(), 10)).decode().strip() for _ in range(2)]
        assert said == [f"post.published {change + 1}", f"post.withdrawn {change + 2}"]
    assert {one["status"] for one in await hooked.deliveries(made)} == {204}
