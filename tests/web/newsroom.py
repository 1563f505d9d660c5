"""A small city in a real database, behind a real server on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
import uvicorn

from feedhub.accounts.account import Account, Department, Platform, Publisher, Register
from feedhub.accounts.kinds import Kind
from feedhub.posts.decisions import decide, post_id
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import Post
from feedhub.posts.seen import seen_post
from feedhub.settings import Settings
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.desk import withdraw_post
from feedhub.store.keeping import held_posts, keep_decisions
from feedhub.store.register_keeping import import_register
from feedhub.store.session import Store, WriteSession
from feedhub.store.times import to_ms
from feedhub.web.app import create_app
from posts_made import made_post

PUBLIC_URL = "https://kabar.example"
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)

CLINIC = Account(key="clinic", platform=Platform.WEBFEED, department="dinkes", url="https://dinkes.example/feed")
RESCUE = Account(key="rescue", platform=Platform.MASTODON, department="bpbd", handle="bpbd@sosial.example")
CITY = Register(
    publisher=Publisher(name="Kota Contoh", license="https://creativecommons.org/licenses/by/4.0/"),
    departments=(
        Department(slug="dinkes", name="Dinas Kesehatan", group="Dinas", formerly=("dinas-kesehatan",)),
        Department(slug="bpbd", name="Badan Penanggulangan Bencana Daerah", group="Badan", area="Mayangan"),
    ),
    accounts=(CLINIC, RESCUE),
)


def numbered(number: int, **changes) -> Post:
    """Post `number`, a minute older than the one before it."""
    at = NOW - timedelta(minutes=number)
    kinds = (Kind.SERVICE,) if number % 2 else (Kind.NEWS,)
    post = made_post(native_id=f"post-{number}", title=f"Kabar {number}", published_at=at, kinds=kinds)
    return replace(post, tags=("imunisasi",) if number % 3 else (), **changes)


@dataclass(frozen=True)
class Newsroom:
    """The store behind the server, and a client of the server."""

    store: Store
    client: httpx.AsyncClient

    async def get(self, target: str, **headers: str) -> httpx.Response:
        return await self.client.get(target, headers={name.replace("_", "-"): said for name, said in headers.items()})

    async def publish(self, *posts: Post, account: Account = CLINIC, now: datetime = NOW) -> None:
        await self.store.write(_keep, posts, account, now)

    async def withdraw(self, post: Post, *, account: Account = CLINIC, reason: str = "Tanggalnya keliru.") -> str:
        """Take a post back; its id."""
        wanted = post_id(account.id, post.native_id)
        notice = Notice(kind=NoticeKind.WITHDRAWAL, reason=reason, at=NOW + timedelta(hours=1))
        await self.store.write(withdraw_post, wanted, notice=notice)
        return str(wanted)

    async def until(self, target: str, is_so, **headers: str) -> httpx.Response:
        """The first answer that `is_so`; at most two seconds after a change there must be one."""
        for _ in range(40):
            if is_so(answer := await self.get(target, **headers)):
                return answer
            await asyncio.sleep(0.05)
        raise AssertionError(f"{target} still says {answer.status_code} {answer.text[:200]}")


async def open_newsroom(store: Store) -> None:
    """Register the city."""
    await store.write(import_register, CITY, retire_missing=False, at=to_ms(NOW))


@asynccontextmanager
async def serving(
    database_url: str, *, public_url: str | None = PUBLIC_URL, **more
) -> AsyncIterator[httpx.AsyncClient]:
    """The app in a server of its own; a client that follows no redirect. `more` are further settings.

    `public_url` None: where the server is.
    """
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        settings = Settings(_env_file=None, database_url=database_url, public_url=public_url or base, **more)
        app = create_app(settings)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        task = asyncio.create_task(server.serve(sockets=[door]))
        try:
            while not (server.started or task.done()):  # noqa: ASYNC110  # uvicorn says it by a flag alone
                await asyncio.sleep(0.01)
            async with httpx.AsyncClient(base_url=base) as client:
                yield client
        finally:
            app.waiting.end()  # whoever still waits, as `serve` does
            server.should_exit = True
            await task


def _keep(session: WriteSession, posts: tuple[Post, ...], account: Account, now: datetime) -> None:
    number = take_clock(session)
    decisions = []
    for post in posts:
        mine = post_id(account.id, post.native_id)
        seen = seen_post(post, payload=post.native_id)
        held = held_posts(session, [mine]).get(mine)
        decisions.append(decide(held, seen, post=mine, now=now, is_first_visit=False))
    number = keep_decisions(session, account, decisions, number=number, now=now)
    set_clock(session, number, at=to_ms(now))
