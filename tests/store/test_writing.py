"""Waiting writes share a transaction; each is still all or nothing."""

import asyncio

import pytest
from sqlalchemy import text

from feedhub.errors import NotKnown
from feedhub.store.clock import clock_now, set_clock, take_clock
from feedhub.store.register import kept_register
from feedhub.store.session import open_store

_ADD = text("INSERT INTO secret (name, secret) VALUES (:name, 'x')")
_NAMES = text("SELECT name FROM secret ORDER BY name")


def add(session, name: str) -> str:
    session.run(_ADD, {"name": name})
    return name


def add_and_fail(session, name: str) -> None:
    add(session, name)
    raise NotKnown("post", name)


async def names(store) -> list[str]:
    return await store.read(lambda session: [row.name for row in session.rows(_NAMES)])


async def test_a_failed_act_takes_none_of_its_neighbours_with_it(store):
    acts = [store.write(add_and_fail if number % 5 == 3 else add, f"{number:02}") for number in range(30)]
    results = await asyncio.gather(*acts, return_exceptions=True)
    failed = {f"{number:02}" for number in range(30) if number % 5 == 3}
    assert {str(error) for error in results if isinstance(error, NotKnown)} == {
        f"There is no post {n!r}." for n in failed
    }
    assert await names(store) == [result for result in results if isinstance(result, str)]
    assert len(await names(store)) == 24


async def test_a_batch_that_breaks_the_database_rule_is_carried_out_one_by_one(store):
    acts = [store.write(add, name) for name in ("a", "b", "a", "c")]
    results = await asyncio.gather(*acts, return_exceptions=True)
    assert [isinstance(result, str) for result in results] == [True, True, False, True]
    assert await names(store) == ["a", "b", "c"]


async def test_numbers_of_a_rolled_back_act_are_used_again(store):
    def advance(session, *, fails: bool) -> int:
        number = take_clock(session) + 1
        set_clock(session, number, at=1)
        if fails:
            raise NotKnown("post", "x")
        return number

    before = (await store.read(clock_now)).number
    results = await asyncio.gather(
        *(store.write(advance, fails=number % 2 == 1) for number in range(10)), return_exceptions=True
    )
    assert [number for number in results if isinstance(number, int)] == list(range(before + 1, before + 6))
    assert (await store.read(clock_now)).number == before + 5


async def test_what_a_writer_reads_of_the_register_is_not_believed_before_it_is_kept(store):
    kept = await store.read(kept_register)
    rename = text("UPDATE clock SET register_number = register_number + 1")
    insert = text(
        "INSERT INTO publisher (id, name, language, time_zone, kinds) VALUES (1, 'Palsu', 'id', 'Asia/Jakarta', '[]')"
    )

    def rename_and_fail(session) -> None:
        session.run(rename)
        session.run(insert)
        assert kept_register(session).publisher.name == "Palsu"
        raise NotKnown("post", "x")

    with pytest.raises(NotKnown):
        await store.write(rename_and_fail)
    await store.write(lambda session: session.run(rename) and None)
    assert (await store.read(kept_register)).publisher == kept.publisher


async def test_closing_carries_out_what_waits(database_url):
    first = open_store(database_url)
    acts = [asyncio.ensure_future(first.write(add, f"{number:02}")) for number in range(20)]
    await asyncio.sleep(0)
    await first.close()
    assert len([await act for act in acts]) == 20
    second = open_store(database_url)
    assert len(await names(second)) == 20
    await second.close()
