"""Two hundred thousand changes by eight processes that change their minds, and who follows them."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import httpx
import httpx_sse
import pytest

from feedhub.client import AsyncClient
from feedhub.store.clock import clock_now
from feedhub.store.session import Store
from web.newsroom import open_newsroom
from web.test_changes import CHANGES, STREAM, Followed
from web.test_waiting import SHARED, served
from writers import truth

WRITERS, CHANGES_EACH, POSTS, AT_ONCE = 8, 25_000, 40_000, 200
SCRIPT = Path(__file__).parents[1] / "writers.py"


class End:
    """When the writers are done, and the number at which followers may stop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.writers: list[asyncio.subprocess.Process] = []

    async def is_at(self, after: int) -> bool:
        if any(writer.returncode is None for writer in self.writers):
            return False
        return after >= (await self._store.read(clock_now)).number


async def ask(client: httpx.AsyncClient, end: End, limit: int) -> Followed:
    """Without waiting, once a second where there is nothing new."""
    seen, after = Followed(), 0
    while not await end.is_at(after):
        page = (await client.get(CHANGES, params={"after": after, "limit": limit})).raise_for_status().json()
        for change in page["changes"]:
            seen.take(change)
        seen.answers += 1
        after = int(httpx.URL(page["next"]).params["after"])
        await asyncio.sleep(0 if page["changes"] else 1)
    return seen


async def wait(url: str, end: End) -> Followed:
    """By long-polls, through our own client."""
    seen = Followed()
    async with AsyncClient(url) as hub:
        async for page in hub.pages(0, forever=True):
            for change in page.changes:
                seen.take(change)
            seen.answers += 1
            if await end.is_at(page.after):
                break
    return seen


async def listen(client: httpx.AsyncClient, end: End) -> Followed:
    """By streams, each of which is left in the middle of things after so many events; through a foreign client."""
    seen, place, done = Followed(), "0", False
    while not done:
        left = 20_000
        headers = {"Last-Event-ID": place}
        async with httpx_sse.aconnect_sse(client, "GET", STREAM, headers=headers) as source:
            async for event in source.aiter_sse():
                place = event.id
                if event.event == "change":
                    seen.take(event.json())
                    left -= 1
                if done := (left % 1_000 == 0 or not event.data) and await end.is_at(int(place)):
                    break
                if not left:
                    break
        seen.answers += 1
    return seen


async def ended(process: asyncio.subprocess.Process) -> None:
    """Nothing of a test that failed is left."""
    if process.returncode is None:
        process.kill()
    await process.wait()


@pytest.mark.long
@SHARED
async def test_followers_of_two_hundred_thousand_changes_end_with_exactly_the_truth(store):
    await open_newsroom(store)
    end, begun = End(store), monotonic()
    async with served(store.database_url) as one, served(store.database_url) as other, AsyncExitStack() as stack:
        for seed in range(WRITERS):
            words = (str(SCRIPT), store.database_url, str(seed), str(CHANGES_EACH), str(POSTS), str(AT_ONCE))
            writer = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
            stack.push_async_callback(ended, writer)
            end.writers.append(writer)
        following = asyncio.gather(
            ask(one.client, end, 50),
            ask(other.client, end, 1_000),
            wait(str(other.client.base_url), end),
            listen(one.client, end),
        )
        written = [int((await writer.communicate())[0].split()[0]) for writer in end.writers]
        written_in = monotonic() - begun
        followers = await following
        followed_in = monotonic() - begun
    told = await store.read(truth)
    assert sum(written) >= WRITERS * CHANGES_EACH
    print(  # noqa: T201  # the figures are the claim
        f"  {sum(written):,} numbers by {WRITERS} processes in {written_in:.0f} s, followed in {followed_in:.0f} s;"
        f" {len(told.posts):,} posts; answers: {', '.join(f'{seen.answers:,}' for seen in followers)}"
    )
    for seen in followers:
        assert seen.posts == told.posts
