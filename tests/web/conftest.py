"""The newsroom that most of these tests ask."""

from collections.abc import AsyncIterator

import pytest_asyncio

from feedhub.store.session import Store
from web.newsroom import Newsroom, numbered, open_newsroom, serving


@pytest_asyncio.fixture
async def newsroom(store: Store) -> AsyncIterator[Newsroom]:
    """Ten posts of the clinic, on each database in turn."""
    await open_newsroom(store)
    async with serving(store.database_url) as client:
        room = Newsroom(store, client)
        await room.publish(*(numbered(number) for number in range(10)))
        yield room
