"""A made city in a real database behind a real server, for the pages and the widget."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from uuid import UUID

import httpx
import uvicorn

from feedhub.accounts.account import Register
from feedhub.posts.decisions import decide, post_id
from feedhub.posts.kept import KeptPost
from feedhub.posts.seen import seen_post
from feedhub.settings import Settings
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.desk import withdraw_post
from feedhub.store.keeping import held_posts, keep_decisions
from feedhub.store.register_keeping import import_register
from feedhub.store.session import WriteSession, open_store
from feedhub.store.times import to_ms
from feedhub.web.app import create_app
from views.made_pages import ACCOUNTS, DEPARTMENTS, GONE, HEALTH, HEALTH_SITE, HOSTILE, NOW, POSTS, SITE

CITY = Register(
    publisher=SITE.publisher,
    departments=tuple(replace(one, formerly=("dinkes-lama",)) if one is HEALTH else one for one in DEPARTMENTS),
    accounts=ACCOUNTS,
)
WITHDRAWN = replace(HOSTILE[0], id=post_id(HEALTH_SITE.id, "withdrawn"))
_SECRET_WORDS = "rahasia yang ditarik"  # what a withdrawn post said


@dataclass(frozen=True)
class Served:
    """The server's address and a client that follows nothing."""

    url: str
    client: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(self.url + path, headers=headers)


@asynccontextmanager
async def served(database_url: str) -> AsyncIterator[Served]:
    """The whole app over `database_url`, which is migrated and empty."""
    await _fill(database_url)
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        settings = Settings(_env_file=None, database_url=database_url, public_url=url)
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, lifespan="on"))
        task = asyncio.create_task(server.serve(sockets=[door]))
        try:
            while not server.started:  # noqa: ASYNC110  # uvicorn says it by a flag alone
                await asyncio.sleep(0.01)
            async with httpx.AsyncClient() as client:
                yield Served(url, client)
        finally:
            server.should_exit = True
            await task


async def _fill(database_url: str) -> None:
    store = open_store(database_url)
    await store.write(import_register, CITY, retire_missing=False, at=to_ms(NOW))
    gone = replace(WITHDRAWN, post=replace(HOSTILE[0].post, native_id="withdrawn", title=_SECRET_WORDS))
    by_account = sorted((*POSTS, *HOSTILE, gone), key=lambda one: one.account.key)
    for _, posts in groupby(by_account, key=lambda one: one.account.key):
        await store.write(_keep, tuple(posts))
    await store.write(withdraw_post, WITHDRAWN.id, notice=GONE.notice)
    await store.close()


def _keep(session: WriteSession, posts: tuple[KeptPost, ...]) -> None:
    number, account = take_clock(session), posts[0].account
    decisions = [_decision(session, account.id, one) for one in posts]
    number = keep_decisions(session, account, decisions, number=number, now=NOW)
    set_clock(session, number, at=to_ms(NOW))


def _decision(session: WriteSession, account: UUID, one: KeptPost):
    post = replace(one.post, published_at=one.published_at)
    seen, mine = seen_post(post, payload=one.post.native_id[:40]), post_id(account, post.native_id)
    held = held_posts(session, [mine]).get(mine)
    return decide(held, seen, post=mine, now=NOW + timedelta(hours=1), is_first_visit=True)
