"""The made city in a real database, behind a real server on loopback, in a thread of its own.

with served_city(tmp_path / "city.sqlite", language="id") as city:
    city.url, city.post("flood")
"""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import UUID

import msgspec
import uvicorn
from fastapi import FastAPI
from sqlalchemy import update

from browser.made_city import (
    ACCOUNTS,
    CORRECTED,
    DINKES_SITE,
    VISITS,
    WITHDRAWN,
    city_posts,
    city_register,
    now_in_city,
)
from browser.made_pictures import keep_pictures
from browser.made_verdicts import earn_verdicts
from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.posts.decisions import decide, post_id
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import Post
from feedhub.posts.seen import seen_post
from feedhub.settings import Settings, credential_keys, pictures_store
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.credentials import keep_credential
from feedhub.store.desk import withdraw_post
from feedhub.store.keeping import held_posts, keep_decisions
from feedhub.store.picture_files import PictureFiles
from feedhub.store.register_keeping import import_register
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store, WriteSession, open_store
from feedhub.store.tables import posts as post_table
from feedhub.store.times import to_ms
from feedhub.store.visits import VisitEnd, end_visit
from feedhub.web.app import create_app

SECRET = b"what signs the links of tests"

_APP = Credential(
    platform=Platform.TIKTOK, token="", is_app=True, others={"client_key": "app-9", "client_secret": "of-tests"}
)
_PATIENCE = 20  # seconds for a server to begin or to end


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Where the city is served, what it is made of, and the app behind it."""

    url: str
    language: str
    now: datetime
    app: FastAPI
    posts: dict[str, UUID]  # by native id
    database_url: str

    @property
    def other_language(self) -> str:
        return "en" if self.language == "id" else "id"

    def post(self, name: str) -> str:
        """The path of the post that `made_city` calls `name`."""
        return f"/posts/{self.posts[name]}"


@contextmanager
def served_city(database: Path, *, language: str = "id") -> Iterator[City]:
    """The whole app over `database`, a file that is migrated and empty, on a port of its own."""
    now = now_in_city()
    settings = Settings(_env_file=None, database_url=f"sqlite:///{database}", secret_key=SECRET.decode())
    asyncio.run(_fill(settings, language, now))
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        front = create_app(settings.model_copy(update={"public_url": address}))
        names = {post.native_id: post_id(account.id, post.native_id) for account, post in city_posts(now)}
        with _running(uvicorn.Server(uvicorn.Config(front, log_config=None, lifespan="on")), door):
            yield City(
                url=address,
                language=language,
                now=now,
                app=front._app,
                posts=names,
                database_url=settings.database_url,
            )


@contextmanager
def _running(server: uvicorn.Server, door: socket.socket) -> Iterator[None]:
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[door])), name="city", daemon=True)
    thread.start()
    until = time.monotonic() + _PATIENCE
    while not server.started:
        assert thread.is_alive(), "the city's server ended at once"
        assert time.monotonic() < until, "the city's server did not begin"
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)


async def _fill(settings: Settings, language: str, now: datetime) -> None:
    store = open_store(settings.database_url)
    await store.write(import_register, city_register(language), retire_missing=False, at=to_ms(now))
    said = sorted(city_posts(now), key=lambda one: one[0].key)
    for account, told in groupby(said, key=lambda one: one[0]):
        await store.write(_keep, account, tuple(post for _, post in told), now)
    await _correct(store, now)
    notice = Notice(kind=NoticeKind.WITHDRAWAL, reason="Memuat data pribadi warga.", at=now)
    await store.write(withdraw_post, post_id(DINKES_SITE.id, WITHDRAWN.native_id), notice=notice)
    await store.write(_end_visits, now)
    await earn_verdicts(store, city_register(language), now)
    await store.write(keep_credential, _APP, Keyring(credential_keys(settings) or (SECRET,)), at=now)
    await keep_pictures(store, PictureFiles(pictures_store(settings)), now)
    await store.close()


async def _correct(store: Store, now: datetime) -> None:
    """A second version with a public correction beside it."""
    post = replace(CORRECTED, published_at=now - timedelta(hours=2, minutes=30))
    await store.write(_keep, DINKES_SITE, (post,), now + timedelta(minutes=1))
    notice = Notice(kind=NoticeKind.CORRECTION, reason="Jam layanan yang benar ialah 08.00–12.00.", at=now)
    await store.write(_stand_beside, post_id(DINKES_SITE.id, post.native_id), notice)


def _stand_beside(session: WriteSession, post: UUID, notice: Notice) -> None:
    said = msgspec.json.encode(notice).decode()
    session.run(update(post_table).where(post_table.c.id == post).values(notice=said))


def _keep(session: WriteSession, account: Account, said: Sequence[Post], now: datetime) -> None:
    number, decisions = take_clock(session), []
    for post in sorted(said, key=lambda one: one.published_at):
        mine = post_id(account.id, post.native_id)
        seen = seen_post(post, payload=post.native_id)
        held = held_posts(session, [mine]).get(mine)
        decisions.append(decide(held, seen, post=mine, now=now, is_first_visit=False))
    number = keep_decisions(session, account, decisions, number=number, now=now)
    set_clock(session, number, at=to_ms(now))


def _end_visits(session: WriteSession, now: datetime) -> None:
    for account in ACCOUNTS:
        if account in VISITS:
            outcome, reason, remedy = VISITS[account]
            end = VisitEnd(
                account=account.id,
                cursor={},
                outcome=outcome,
                reason=reason,
                remedy=remedy,
                failures=0 if outcome in {"ok", "not_modified"} else 3,
                at=now,
                next_visit_at=now + timedelta(hours=1),
                planned=0,
            )
            end_visit(session, end)
