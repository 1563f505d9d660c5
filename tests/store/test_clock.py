"""The clock: numbers become visible in commit order, and a transaction that holds it makes others wait."""

import asyncio

import pytest
from sqlalchemy import text

from feedhub.errors import StoreBusy
from feedhub.store.clock import clock_now, set_clock, take_clock
from feedhub.store.session import open_store

NEWER = text("SELECT number FROM told WHERE number > :after ORDER BY number")


class RolledBack(Exception):
    """What a writer changed its mind with."""


def change(session, *, fails: bool) -> None:
    number = take_clock(session) + 1
    session.run(text("INSERT INTO told (number) VALUES (:number)"), {"number": number})
    set_clock(session, number, at=0)
    if fails:
        raise RolledBack


async def write(writer) -> None:
    for turn in range(20):
        try:
            await writer.write(change, fails=turn % 3 == 0)
        except RolledBack:
            continue


async def follow(store, writing: asyncio.Future) -> list[int]:
    """What somebody sees who always asks for what is newer than the newest seen."""
    seen: list[int] = [0]
    is_last = False
    while not is_last:
        is_last = writing.done()
        rows = await store.read(lambda session, after: session.rows(NEWER, {"after": after}), seen[-1])
        seen += [row.number for row in rows]
        await asyncio.sleep(0)
    return seen[1:]


async def test_numbers_become_visible_in_commit_order(database_url, store):
    """Eight writers that commit and roll back; whoever follows misses nothing and sees nothing twice."""
    await store.write(lambda session: session.run(text("CREATE TABLE told (number BIGINT PRIMARY KEY)")))
    writers = [open_store(database_url) for _ in range(8)]
    try:
        before = (await store.read(clock_now)).number
        writing = asyncio.ensure_future(asyncio.gather(*map(write, writers)))
        seen = await follow(store, writing)
        await writing
    finally:
        for writer in writers:
            await writer.close()
    after = (await store.read(clock_now)).number
    assert after - before == 8 * 13
    assert seen == list(range(before + 1, after + 1))


async def test_who_holds_the_clock_makes_others_wait_and_then_give_up(database_url, store):
    other = open_store(database_url)

    def hold(session) -> None:
        take_clock(session)
        with pytest.raises(StoreBusy):
            other.write_now(take_clock)

    try:
        await store.write(hold)
        assert await other.write(take_clock) == await store.write(take_clock)
    finally:
        await other.close()
