"""A city, its web, the wire of webhooks and one receiver, in one place for tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from feedhub.connectors.http import Http
from feedhub.posts.post import Post
from feedhub.store.api_keys import NewKey, add_key
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import Store
from feedhub.wires.engine import Engine
from feedhub.wires.webhooks import Webhooks
from web.newsroom import PUBLIC_URL, Newsroom, open_newsroom, serving
from wires.receivers import Receiver, receiving
from wires.wired import Hours

PLACE = "/api/v1/webhooks"
ALL = ["post.published", "post.updated"]


async def key_for(store: Store, *scopes: str, follows: int | None = None, department: str | None = None) -> NewKey:
    return await store.write(
        add_key,
        name="Redaksi",
        department=department,
        scopes=scopes or ("webhooks",),
        keyring=None,
        at=datetime.now(UTC),
        follows=follows,
    )


def bearing(key: NewKey) -> dict[str, str]:
    return {"Authorization": f"Bearer {key.key}"}


@dataclass
class Hooked:
    """What a holder of a key does, and what becomes of it."""

    room: Newsroom
    receiver: Receiver
    engine: Engine
    hours: Hours
    headers: dict[str, str]

    async def ask(self, method: str, path: str = "", said: Any = None, **more: Any) -> httpx.Response:
        more = {"headers": self.headers} | more
        return await self.room.client.request(method, f"{PLACE}{path}", json=said, **more)

    async def made(self, path: str = "/feedhub", **changes: Any) -> dict[str, Any]:
        """A new webhook, still pending."""
        answer = await self.ask("POST", said={"url": self.receiver.url + path, "events": ALL} | changes)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def active(self, path: str = "/feedhub", **changes: Any) -> dict[str, Any]:
        """One that has answered its challenge."""
        made = await self.made(path, **changes)
        await self.turn()
        assert (await self.state(made)) == "active"
        return made

    async def turn(self, **later: float) -> None:
        """Let time pass by, and the wires do what is due; the web lives by the real time."""
        self.hours.pass_by(**later)
        self.hours.at = max(self.hours.at, datetime.now(UTC))
        await self.engine.once()

    async def seen(self, made: dict[str, Any]) -> dict[str, Any]:
        return (await self.ask("GET", f"/{made['id']}")).json()

    async def state(self, made: dict[str, Any]) -> str:
        return (await self.seen(made))["state"]

    async def deliveries(self, made: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
        answer = await self.ask("GET", f"/{made['id']}/deliveries{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()["deliveries"]

    async def publish(self, *posts: Post, **more: Any) -> None:
        await self.room.publish(*posts, **more)


@asynccontextmanager
async def hooked_up(store: Store, *, tell_allow: str = "127.0.0.0/8") -> AsyncIterator[Hooked]:
    await open_newsroom(store)
    hours = Hours(datetime.now(UTC))
    keyring = Keyring((await store.write(made_signing_key),))

    def new_http() -> Http:
        return Http(
            contact="",
            public_url=PUBLIC_URL,
            allow=tell_allow,
            timeout=2.0,
            max_bytes=256 * 1024,
        )

    wire = Webhooks(store=store, keyring=keyring, new_http=new_http, now=hours)
    engine = Engine(store=store, wires=[wire], public_url=PUBLIC_URL, now=hours)
    key = await key_for(store)
    async with (
        serving(store.database_url, fetch_allow="127.0.0.0/8", tell_allow=tell_allow) as client,
        receiving() as receiver,
    ):
        yield Hooked(Newsroom(store, client), receiver, engine, hours, bearing(key))
