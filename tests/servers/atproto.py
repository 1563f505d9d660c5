"""An AT Protocol network for as long as a test's block lasts: directory, accounts' server, AppView.

Needs Node 20, npm, Debian's PostgreSQL (the AppView wants its pg_trgm) and Redis.
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from servers.started import free_port, installed, not_run, started

NETWORK = "an AT Protocol network"
_INSTALL = [["npm", "install", "--no-audit", "--no-fund", "--prefix", "{folder}", "@atproto/dev-env@0.3.215"]]
_SCRIPT = Path(__file__).with_name("atproto_network.cjs")
_PASSWORD = "only-on-loopback"
_ADMIN = ("admin", "admin-pass")  # dev-env's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An account of the network; `headers` are its session."""

    did: str
    handle: str
    headers: dict[str, str]


@dataclass(slots=True, kw_only=True)
class Network:
    """Where its parts answer, and what can be said there."""

    directory: str
    server: str
    appview: str
    control: str
    client: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(trust_env=False, timeout=30))

    async def account(self, handle: str, name: str) -> Spoken:
        asked = {"handle": handle, "email": f"{handle}@mail.test", "password": _PASSWORD}
        said = await self._asked("com.atproto.server.createAccount", asked, {})
        spoken = Spoken(did=said["did"], handle=handle, headers={"Authorization": f"Bearer {said['accessJwt']}"})
        await self.put(spoken, "app.bsky.actor.profile", "self", {"displayName": name})
        return spoken

    async def say(self, spoken: Spoken, text: str, **more: Any) -> str:
        """A post; its at-uri."""
        record = {"text": text, "createdAt": written_now(), "langs": ["id"]} | more
        return (await self.create(spoken, "app.bsky.feed.post", record))["uri"]

    async def create(self, spoken: Spoken, collection: str, record: dict[str, Any]) -> dict[str, Any]:
        asked = {"repo": spoken.did, "collection": collection, "record": {"$type": collection} | record}
        return await self._asked("com.atproto.repo.createRecord", asked, spoken.headers)

    async def put(self, spoken: Spoken, collection: str, key: str, record: dict[str, Any]) -> None:
        asked = {"repo": spoken.did, "collection": collection, "rkey": key, "record": {"$type": collection} | record}
        await self._asked("com.atproto.repo.putRecord", asked, spoken.headers)

    async def edit(self, spoken: Spoken, uri: str, **changed: Any) -> None:
        collection, key = uri.rsplit("/", 2)[1:]
        where = {"repo": spoken.did, "collection": collection, "rkey": key}
        answer = await self.client.get(f"{self.server}/xrpc/com.atproto.repo.getRecord", params=where)
        await self.put(spoken, collection, key, answer.raise_for_status().json()["value"] | changed)

    async def delete(self, spoken: Spoken, uri: str) -> None:
        collection, key = uri.rsplit("/", 2)[1:]
        asked = {"repo": spoken.did, "collection": collection, "rkey": key}
        await self._asked("com.atproto.repo.deleteRecord", asked, spoken.headers)

    async def picture(self, spoken: Spoken, body: bytes, mime_type: str) -> dict[str, Any]:
        """A blob, to be named in an embed."""
        headers = spoken.headers | {"Content-Type": mime_type}
        url = f"{self.server}/xrpc/com.atproto.repo.uploadBlob"
        return (await self.client.post(url, content=body, headers=headers)).raise_for_status().json()["blob"]

    async def rename(self, spoken: Spoken, handle: str) -> None:
        await self._asked("com.atproto.identity.updateHandle", {"handle": handle}, spoken.headers)

    async def take_down(self, spoken: Spoken, *, applied: bool = True) -> None:
        subject = {"$type": "com.atproto.admin.defs#repoRef", "did": spoken.did}
        asked = {"subject": subject, "takedown": {"applied": applied}}
        url = f"{self.server}/xrpc/com.atproto.admin.updateSubjectStatus"
        (await self.client.post(url, json=asked, auth=_ADMIN)).raise_for_status()

    async def deactivate(self, spoken: Spoken) -> None:
        await self._asked("com.atproto.server.deactivateAccount", {}, spoken.headers)

    async def settle(self) -> None:
        """Wait until the AppView has seen everything that was said."""
        (await self.client.get(self.control, timeout=60)).raise_for_status()

    async def _asked(self, method: str, asked: dict[str, Any], headers: dict[str, str]) -> Any:
        answer = await self.client.post(f"{self.server}/xrpc/{method}", json=asked, headers=headers)
        assert answer.is_success, f"{method}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@asynccontextmanager
async def atproto_network() -> AsyncIterator[Network]:
    """A network of its own; the test is skipped where a part of it can't be had."""
    programs = _postgres_programs()
    redis, node = shutil.which("redis-server"), shutil.which("node")
    if programs is None or redis is None or node is None:
        not_run(NETWORK, "it needs node, and Debian's packages postgresql and redis-server")
    folder = installed("atproto", _INSTALL, or_skip=NETWORK)
    names = ("PLC", "PDS", "APPVIEW", "OZONE", "CONTROL")
    ports = {name: free_port() for name in names}
    at = {name: f"http://localhost:{port}" for name, port in ports.items()} | {
        "CONTROL": f"http://127.0.0.1:{ports['CONTROL']}"
    }
    async with _postgres(programs) as database, _redis(redis) as memory:
        env = {f"{name}_PORT": str(port) for name, port in ports.items()} | {
            "DB_POSTGRES_URL": database,
            "REDIS_HOST": memory,
            "NODE_PATH": str(folder / "node_modules"),
            "LOG_ENABLED": "false",
        }
        async with started([node, str(_SCRIPT)], at["CONTROL"], env=env, seconds=120):
            network = Network(directory=at["PLC"], server=at["PDS"], appview=at["APPVIEW"], control=at["CONTROL"])
            async with network.client:
                yield network


@asynccontextmanager
async def _postgres(programs: Path) -> AsyncIterator[str]:
    """A database server of our own, on loopback; it refuses to run as root."""
    with tempfile.TemporaryDirectory(prefix="feedhub-atproto-") as folder:
        place, port = Path(folder) / "data", free_port()
        before: list[str] = []
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            before = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
        run = [*before, str(programs / "pg_ctl"), "-D", str(place), "-w", "-l", f"{folder}/log"]
        _run([*before, str(programs / "initdb"), "-D", str(place), "-A", "trust", "-U", "network"], folder)
        _run([*run, "-o", options, "start"], folder)
        try:
            yield f"postgresql://network:any@127.0.0.1:{port}/postgres"
        finally:
            _run([*run, "-m", "immediate", "stop"], folder)


@asynccontextmanager
async def _redis(program: str) -> AsyncIterator[str]:
    port = free_port()
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.DEVNULL)
    try:
        for _ in range(100):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                break
            await asyncio.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


def _postgres_programs() -> Path | None:
    """Debian keeps each version's programs in a folder of its own."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _run(words: list[str], folder: str) -> None:
    subprocess.run(words, cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def written_now() -> str:
    """This moment, as the protocol writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
