"""The newsroom that most of these tests ask."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
import structlog

from feedhub.logs import set_up_logs
from feedhub.store.session import Store, open_store
from web.newsroom import Newsroom, numbered, open_newsroom, serving


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """As `serve` sets them up; structlog's own default draws every local variable, for seconds."""
    set_up_logs("json")
    yield
    structlog.reset_defaults()


@pytest_asyncio.fixture
async def newsroom(store: Store) -> AsyncIterator[Newsroom]:
    """Ten posts of the clinic, on each database in turn."""
    async with _opened(store) as room:
        yield room


@pytest_asyncio.fixture
async def room(sqlite_url: str) -> AsyncIterator[Newsroom]:
    """The same on one database, for tests in which it plays no part."""
    store = open_store(sqlite_url)
    async with _opened(store) as room:
        yield room
    await store.close()


@asynccontextmanager
async def _opened(store: Store) -> AsyncIterator[Newsroom]:
    await open_newsroom(store)
    async with serving(store.database_url) as client:
        room = Newsroom(store, client)
        await room.publish(*(numbered(number) for number in range(10)))
        yield room
