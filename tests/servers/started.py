"""Real servers of platforms for as long as a test's block lasts; what can't be had is counted as not run.

folder = installed("fedify", [["npm", "install", "@fedify/fedify"]], or_skip="Fedify")
async with started(["node", "server.mjs"], "http://127.0.0.1:8083/", cwd=folder) as server:
    ...
"""

import asyncio
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

_SAID = 2_000  # characters of a server's last words in a message
_POLL = 0.1  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A running server; `log` is everything that it prints."""

    process: asyncio.subprocess.Process
    log: Path

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-_SAID:]


def not_run(server: str, reason: str) -> None:
    """Skip the test, with a message that `pytest -rs` counts."""
    pytest.skip(f"not run: {server} can't be had here: {reason}")


def servers_folder(name: str) -> Path:
    """Where a server's programs are kept between runs: FEEDHUB_TEST_SERVERS, or the system's temporary directory."""
    kept = os.environ.get("FEEDHUB_TEST_SERVERS")
    folder = (Path(kept) if kept else Path(tempfile.gettempdir()) / "feedhub-test-servers") / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def installed(name: str, commands: Sequence[Sequence[str]], *, or_skip: str, seconds: float = 600) -> Path:
    """The folder in which `commands` once ran to their end; runs them now if they never did.

    A command may say `{folder}`. Where one fails, the test is skipped.
    """
    folder = servers_folder(name)
    done = folder / "installed"
    wanted = repr([list(command) for command in commands])
    if done.exists() and done.read_text() == wanted:
        return folder
    for command in commands:
        words = [word.replace("{folder}", str(folder)) for word in command]
        try:
            ran = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            not_run(or_skip, f"{words[0]}: {error}")
        if ran.returncode:
            not_run(or_skip, f"{words[0]} failed: {(ran.stderr or ran.stdout)[-_SAID:]}")
    done.write_text(wanted)
    return folder


def free_port() -> int:
    """A port of loopback that nobody has just now."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


@asynccontextmanager
async def started(
    command: Sequence[str],
    ready_url: str,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] = {},
    seconds: float = 60,
) -> AsyncIterator[Started]:
    """`command` from when `ready_url` answers (whatever it says, short of 5xx) to the end of the block.

    It runs in a process group of its own, all of which ends with the block.
    """
    with tempfile.TemporaryDirectory(prefix="feedhub-server-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *command, cwd=cwd, env=os.environ | env, stdout=out, stderr=out, start_new_session=True
            )
        server = Started(process=process, log=log)
        try:
            await _ready(server, ready_url, seconds)
            yield server
        finally:
            await _ended(process)


async def _ready(server: Started, url: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        while time.monotonic() < until:
            if server.process.returncode is not None:
                raise AssertionError(f"the server ended at once: {server.said()}")
            with suppress(httpx.HTTPError):
                if (await client.get(url)).status_code < 500:
                    return
            await asyncio.sleep(_POLL)
    raise AssertionError(f"the server did not answer within {seconds} seconds: {server.said()}")


async def _ended(process: asyncio.subprocess.Process) -> None:
    for way in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, way)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 5)
            return
