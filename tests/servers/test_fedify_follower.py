"""A real Fedify follows a department: found by its handle over TLS, told of posts, edits and ends, in both forms of signatures."""

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import trustme
import uvicorn

from feedhub.connectors.http import Http
from feedhub.posts.decisions import post_id
from feedhub.settings import Settings
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import open_store
from feedhub.web.app import create_app
from feedhub.wires.activity import activity_wire
from feedhub.wires.activity_signing import Signer
from feedhub.wires.engine import Engine
from servers.started import free_port, installed, started
from servers.test_fedify import COMMANDS, NODE
from web.newsroom import CLINIC, Newsroom, numbered, open_newsroom

pytestmark = [pytest.mark.long, pytest.mark.servers]

PROGRAM = Path(__file__).with_name("fedify_follower.mjs")


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def serving_over_tls(database_url: str, authority: trustme.CA):
    """The app where its public address says, by TLS, as servers ask WebFinger."""
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        base = f"https://127.0.0.1:{door.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(Settings(_env_file=None, database_url=database_url, public_url=base)), log_config=None
        )
        config.load()
        config.ssl = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(config.ssl)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[door]))
        try:
            while not (server.started or task.done()):  # noqa: ASYNC110  # uvicorn says it by a flag alone
                await asyncio.sleep(0.01)
            yield base
        finally:
            server.should_exit = True
            await task


@pytest.mark.parametrize("form", ["draft-cavage-http-signatures-12", "rfc9421"])
async def test_a_real_follower_finds_follows_and_hears(sqlite_url, tmp_path, form):
    folder = installed("fedify", COMMANDS, or_skip="Fedify")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    port, store = free_port(), open_store(sqlite_url)
    keyring = Keyring((await store.write(made_signing_key),))
    await open_newsroom(store)
    program = folder / f"follower-{port}.mjs"
    program.write_text(PROGRAM.read_text())
    node = NODE.replace("{folder}", str(folder))
    environment = {
        "PORT": str(port),
        "SIGNS": form,
        "TAKES": "rfc9421" if form == "rfc9421" else "draft",
        "NODE_EXTRA_CA_CERTS": str(tmp_path / "authority.pem"),
    }
    reader = f"http://127.0.0.1:{port}"
    try:
        async with (
            serving_over_tls(sqlite_url, authority) as base,
            started([node, str(program)], f"{reader}/seen", cwd=folder, env=environment),
            httpx.AsyncClient(base_url=reader, timeout=30) as client,
        ):
            signer = Signer(
                store=store,
                keyring=keyring,
                new_http=lambda: Http(contact="", public_url=base, allow="127.0.0.0/8"),
                public_url=base,
            )
            wire = activity_wire(signer, now=now)
            engine = Engine(store=store, wires=[wire], public_url=base, now=now)
            await hold(Newsroom(store, client), engine, base)
    finally:
        program.unlink()
        await store.close()


async def hold(room: Newsroom, engine: Engine, base: str) -> None:
    host = base.removeprefix("https://")
    found = (await room.get(f"/follow?handle=@dinkes@{host}")).json()
    assert found == {"found": f"{base}/ap/dinkes", "kind": "Service", "name": "Dinas Kesehatan"}
    await engine.once()
    await hold_one_life(room, engine, base)
    await hold_the_city(room, engine, host)
    await room.get(f"/unfollow?handle=@dinkes@{host}")
    assert [one["type"] for one in await new_ones(room, engine, numbered(3))] == ["Announce"]
    told = (await room.get(f"/nodeinfo?of={base}")).json()
    assert (told["software"]["name"], told["usage"]["localPosts"]) == ("feedhub", 2)


async def hold_one_life(room: Newsroom, engine: Engine, base: str) -> None:
    """A post, its edit and its end."""
    post = numbered(1)
    edited = replace(post, content_html="<p>Jadwal baru.</p>", content_text="Jadwal baru.")
    for act in (room.publish(post), room.publish(edited), room.withdraw(post)):
        await act
        await engine.once()
    said = (await room.get("/seen")).json()
    accepted, _, update, delete = said["seen"]
    note = f"{base}/ap/posts/{post_id(CLINIC.id, post.native_id)}"
    assert (accepted["type"], accepted["object"]) == ("Accept", str(room.client.base_url.join("/follows/dinkes")))
    assert [(one["type"], one["kind"], one["object"]) for one in said["seen"][1:]] == [
        ("Create", "Note", note),
        ("Update", "Note", note),
        ("Delete", "Tombstone", note),
    ]
    assert "Jadwal baru." in update["content"]
    assert update["updated"]
    assert delete["content"] is None
    # Secure mode: our questions for its actor were signed, and Fedify found our key.
    assert any(one.startswith("GET draft 200") for one in said["asked"])


async def hold_the_city(room: Newsroom, engine: Engine, host: str) -> None:
    """What a department says is passed on by the city, and fetched from the department."""
    await room.get(f"/follow?handle=@kabar_kota@{host}")
    await engine.once()
    said = await new_ones(room, engine, numbered(2))
    assert sorted(one["type"] for one in said) == ["Announce", "Create"]
    assert all("Kabar 2" in one["content"] for one in said)


async def new_ones(room: Newsroom, engine: Engine, post) -> list[dict]:
    """What comes when `post` is published."""
    await engine.once()
    before = len((await room.get("/seen")).json()["seen"])
    await room.publish(post)
    await engine.once()
    return (await room.get("/seen")).json()["seen"][before:]
