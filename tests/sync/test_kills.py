"""Walkers killed at any moment lose nothing and double nothing."""

import asyncio
import os
import random
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import PostStatus
from feedhub.store.clock import clock_now
from feedhub.store.desk import withdraw_post
from feedhub.store.lists import kept_post, post_versions
from feedhub.sync.serving import now
from standins import Asked, answer, standin
from walked import UNWATCHED, keep, posts_in, register_of, walk, webfeed

_WALKER = Path(__file__).with_name("killed_walker.py")


class TalkingCity:
    """Feeds that say more with every answer, and now and then say it otherwise."""

    def __init__(self, *, most: int, seed: int) -> None:
        self.items: dict[str, list[str]] = {}
        self.most, self.chance = most, random.Random(seed)
        self.is_quiet = False

    def __call__(self, asked: Asked) -> bytes:
        texts = self.items.setdefault(asked.path, [])
        if not self.is_quiet:
            for _ in range(self.chance.randrange(4)):
                if len(texts) < self.most:
                    texts.append(f"kabar {len(texts)}")
            if texts:
                texts[self.chance.randrange(len(texts))] += " lagi"
        written = "".join(
            f"<item><guid>{number}</guid><title>Kabar {number}</title><description>{said}</description>"
            f"<pubDate>Fri, 20 Nov 2026 08:{number % 60:02}:00 +0700</pubDate></item>"
            for number, said in enumerate(texts)
        )
        return answer(body=f"<rss version='2.0'><channel><title>K</title>{written}</channel></rss>".encode())


@asynccontextmanager
async def _walker(database_url: str):
    child = await asyncio.create_subprocess_exec(
        sys.executable, _WALKER, database_url, stdout=PIPE, env={**os.environ, "PYTHONPATH": str(_WALKER.parents[1])}
    )
    assert child.stdout
    assert await child.stdout.readline() == b"walking\n"
    try:
        yield child
    finally:
        await _kill(child)


async def _kill(child: Process) -> None:
    if child.returncode is None:
        child.kill()
    await child.wait()


async def _kills(database_url, store, *, kills: int, seed: int) -> None:
    city, chance = TalkingCity(most=120, seed=seed), random.Random(seed)
    async with standin(city) as base:
        accounts = [replace(webfeed(f"{base}/{name}"), holds=UNWATCHED) for name in "abcd"]
        await keep(store, register_of(accounts))
        withdrawn = set()
        for _ in range(kills):
            async with _walker(database_url):
                await asyncio.sleep(chance.uniform(0.02, 0.6))
                withdrawn |= await _withdraw_one(store, withdrawn, chance)
                await asyncio.sleep(chance.uniform(0.0, 0.2))
        city.is_quiet = True
        await asyncio.sleep(0.5)  # the last lease runs out
        await walk(store, *accounts)
        await _assert_whole(store, city, base, accounts, withdrawn)


async def _withdraw_one(store, withdrawn, chance) -> set:
    live = [kept.id for kept in await posts_in(store) if kept.id not in withdrawn]
    if not live or len(withdrawn) > 10:
        return set()
    post = chance.choice(live)
    notice = Notice(kind=NoticeKind.WITHDRAWAL, reason="Ditarik.", at=now().replace(microsecond=0))
    await store.write(withdraw_post, post, notice=notice)
    return {post}


async def _assert_whole(store, city, base, accounts, withdrawn) -> None:
    live = await posts_in(store)
    shown = {(kept.account.url, kept.post.native_id): kept.post.content_text for kept in live}
    assert len(shown) == len(live), "a post is there twice"
    said = {(base + path, str(number)): text for path, texts in city.items.items() for number, text in enumerate(texts)}
    taken_back = {kept.id for kept in [await store.read(kept_post, post) for post in withdrawn]}
    assert taken_back == withdrawn
    assert withdrawn, "nothing was collected between the kills"
    missing = {place for place in said if place not in shown}
    assert len(missing) == len(withdrawn), "only what was withdrawn may be missing"
    assert {place: text for place, text in said.items() if place in shown} == shown, "the newest text is shown"
    for post in withdrawn:
        assert (await store.read(kept_post, post)).status is PostStatus.WITHDRAWN
    for kept in live:
        numbers = [version.version for version in await store.read(post_versions, kept.id)]
        assert numbers == list(range(kept.version, 0, -1)), "a version is missing"
    await _assert_sound(store)


async def _assert_sound(store) -> None:
    """What no reader sees: unread payloads, the index, the clock."""
    counts = await store.read(
        lambda session: {
            name: session.row(text(f"SELECT count(*) AS n FROM {name}")).n
            for name in ("post WHERE status = 'live'", "search", "payload WHERE state = 'unread'")
        }
    )
    assert counts["search"] == counts["post WHERE status = 'live'"]
    assert counts["payload WHERE state = 'unread'"] == 0
    every = text("SELECT change FROM post UNION ALL SELECT change FROM version")
    changes = await store.read(lambda session: [row.change for row in session.rows(every)])
    assert len(set(changes)) == len(changes)
    assert max(changes) <= (await store.read(clock_now)).number


async def test_20_kills_lose_nothing_and_double_nothing(database_url, store):
    await _kills(database_url, store, kills=8, seed=random.randrange(10**6))


@pytest.mark.long
async def test_100_kills_lose_nothing_and_double_nothing(database_url, store):
    await _kills(database_url, store, kills=100, seed=random.randrange(10**6))
