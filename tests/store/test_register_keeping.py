"""The register as both databases keep it: imports, renames, moves, and what they leave alone."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from feedhub.accounts.account import AccountStatus, Department
from feedhub.accounts.kinds import Kind, KindRule
from feedhub.errors import RegisterRefused
from feedhub.posts.filters import Filters
from feedhub.store.clock import clock_now
from feedhub.store.lists import latest_posts
from feedhub.store.register import kept_register
from feedhub.store.register_keeping import import_register, set_account_status
from feedhub.store.session import open_store
from registers_made import registers
from standins import answer, standin
from walked import keep, posts_in, register_of, rss, states, walk, webfeed

BODY = rss(("b", "Vaksin", "Gratis."), ("a", "Bansos", "Cair."))


async def found(store, **filters) -> list[str]:
    return [kept.post.title for kept in await store.read(latest_posts, Filters(**filters))]


async def _collected(store):
    """One department with one account and its two posts."""
    async with standin(answer(body=BODY)) as base:
        register = register_of([webfeed(base + "/feed")])
        await keep(store, register)
        await walk(store)
    return register


async def test_a_renamed_department_keeps_its_posts_and_its_old_slug(store):
    register = await _collected(store)
    (old,) = register.departments
    new = replace(old, slug="dinas-kesehatan", formerly=("dinkes",))
    account = replace(register.accounts[0], department="dinas-kesehatan")
    await keep(store, replace(register, departments=(new,), accounts=(account,)))
    kept = await store.read(kept_register)
    assert kept.departments == (new,)
    assert await found(store, departments=("dinas-kesehatan",)) == ["Vaksin", "Bansos"]
    assert await found(store, departments=("dinas-kesehatan",), q="bansos") == ["Bansos"]
    assert {one.department.slug for one in await posts_in(store)} == {"dinas-kesehatan"}


async def test_two_departments_merge_and_all_posts_are_found_under_the_one(store):
    async with standin({"/a": answer(body=BODY), "/b": answer(body=rss(("c", "Banjir", "Waspada.")))}) as base:
        accounts = [webfeed(base + "/a", department="a"), webfeed(base + "/b", department="b")]
        register = register_of(accounts)
        await keep(store, register)
        await walk(store)
    both = Department(slug="ab", name="Dinas AB", formerly=("a", "b"))
    moved = tuple(replace(account, department="ab") for account in accounts)
    await keep(store, replace(register, departments=(both,), accounts=moved))
    assert (await store.read(kept_register)).departments == (both,)
    assert await found(store, departments=("ab",)) == ["Banjir", "Vaksin", "Bansos"]


async def test_an_account_that_moves_takes_its_posts_along(store):
    register = await _collected(store)
    other = Department(slug="lain", name="Dinas Lain")
    moved = replace(register.accounts[0], department="lain")
    await keep(store, replace(register, departments=(*register.departments, other), accounts=(moved,)))
    assert await found(store, departments=("lain",)) == ["Vaksin", "Bansos"]
    assert await found(store, departments=("dinkes",)) == []
    assert await found(store, departments=("lain",), q="vaksin") == ["Vaksin"]


async def test_a_retired_account_keeps_its_posts_and_comes_back_with_the_register(store):
    register = await _collected(store)
    nobody = replace(register, accounts=())
    await keep(store, nobody)
    assert [account.status for account in (await store.read(kept_register)).accounts] == [AccountStatus.ACTIVE]
    await store.write(import_register, nobody, retire_missing=True, at=1)
    (state,) = (await states(store)).values()
    assert (state.account.status, state.delivering) == (AccountStatus.RETIRED, False)
    assert await found(store) == ["Vaksin", "Bansos"]
    assert await walk(store) == {}
    await keep(store, register)
    assert [account.status for account in (await store.read(kept_register)).accounts] == [AccountStatus.ACTIVE]


@pytest.mark.parametrize("status", [AccountStatus.PAUSED, AccountStatus.STOPPED])
async def test_a_paused_account_stays_paused_whatever_is_imported(store, status):
    register = await _collected(store)
    account = register.accounts[0]
    assert await store.write(set_account_status, [account.id], status, at=1) == 1
    await keep(store, register)
    await keep(store, replace(register, accounts=(replace(account, kind=Kind.NEWS),)))
    (kept,) = (await store.read(kept_register)).accounts
    assert (kept.status, kept.kind) == (status, Kind.NEWS)
    # What is stopped is still asked, so that nothing is lost; what it says is held.
    assert bool(await walk(store)) == (status is AccountStatus.STOPPED)


async def test_publisher_and_rules_change_alone(store):
    register = await _collected(store)
    number = (await store.read(clock_now)).number
    rules = (KindRule(kind=Kind.ASSISTANCE, words=("bansos",)),)
    await keep(store, replace(register, kinds=rules))
    await keep(store, replace(register, kinds=rules, publisher=replace(register.publisher, name="Kota Lain")))
    kept = await store.read(kept_register)
    assert (kept.kinds, kept.publisher.name) == (rules, "Kota Lain")
    assert (await store.read(clock_now)).number == number + 2


@given(registers(), registers())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_import_says_what_the_file_says_and_twice_changes_nothing(database_url, one, two):
    store = open_store(database_url)
    try:
        store.write_now(_empty)
        for register in (one, two):
            first = _imported(store, register)
            if first is None:
                continue
            number = store.read_now(clock_now).number
            again = _imported(store, register)
            assert not again, again
            assert store.read_now(clock_now).number == number
            kept = store.read_now(kept_register)
            assert kept.publisher == register.publisher
            spoken = {(account.platform, account.url, account.handle) for account in kept.accounts}
            slugs = {department.slug for department in kept.departments}
            assert {(account.platform, account.url, account.handle) for account in register.accounts} <= spoken
            assert {account.department for account in kept.accounts} <= slugs
            assert {department.slug for department in register.departments} <= slugs
    finally:
        store.close_now()


def _empty(session) -> None:
    for table in ("former_slug", "account", "host", "department", "publisher"):
        session.run(text(f"DELETE FROM {table}"))


def _imported(store, register):

    try:
        return store.write_now(import_register, register, retire_missing=False, at=1)
    except RegisterRefused:
        return None
