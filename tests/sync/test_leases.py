"""Leases: one walker a host at any time, whoever crashes or comes back from the dead."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from feedhub.errors import LeaseLost
from feedhub.store.hosts import Lease, claim_hosts, claim_named_hosts, hold_lease, release_host, renew_leases
from feedhub.store.session import open_store
from feedhub.store.times import to_ms
from feedhub.sync.serving import now, walking
from standins import Asked, BaseUrl, answer, standin
from walked import OPTIONS, keep, posts_in, register_of, rss, states, walk, webfeed

_WALKER = Path(__file__).with_name("killed_walker.py")
LATER = to_ms(now()) + 10**9


class Crowded:
    """A host that notices when two walkers are there at once. A walker is one process's connections."""

    def __init__(self) -> None:
        self.inside: Counter[str] = Counter()
        self.overlaps = self.asked = 0

    async def meet(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        who = asked.fields["user-agent"]
        self.inside[who] += 1
        self.overlaps += len(+self.inside) > 1
        self.asked += 1
        await asyncio.sleep(0.01)
        self.inside[who] -= 1
        writer.write(answer(body=rss(("a", "Kabar", str(self.asked)))))


@asynccontextmanager
async def _walker(database_url: str, name: str):
    environment = {**os.environ, "PYTHONPATH": str(_WALKER.parents[1]), "FEEDHUB_TEST_CONTACT": name}
    child = await asyncio.create_subprocess_exec(sys.executable, _WALKER, database_url, stdout=PIPE, env=environment)
    assert child.stdout
    assert await child.stdout.readline() == b"walking\n"
    try:
        yield child
    finally:
        child.kill()
        await child.wait()


def agents(bases: Sequence[BaseUrl]) -> set[str]:
    return {asked.fields["user-agent"] for base in bases for asked in base.asked}


async def _hosts(store, *names: str) -> None:
    await keep(store, register_of(webfeed(f"http://{name}/feed") for name in names))


async def _claim(store, token: str, *, most: int = 100, lease: int = 60_000) -> set[str]:
    return set(await store.write(claim_hosts, token=token, due=LATER, lease=lease, most=most))


async def test_a_host_is_leased_to_one_walker_and_free_again_after(store):
    await _hosts(store, "a", "b", "c")
    assert len(await _claim(store, "one", most=2)) == 2
    assert len(await _claim(store, "two")) == 1
    assert await _claim(store, "three") == set()
    (host,) = await store.read(
        lambda s: [row.name for row in s.rows(text("SELECT name FROM host WHERE lease_token = 'two'"))]
    )
    await store.write(release_host, Lease(host=host, token="one"))  # not his to give back
    assert await _claim(store, "three") == set()
    await store.write(release_host, Lease(host=host, token="two"))
    assert await _claim(store, "three") == {host}


async def test_a_lease_that_ran_out_is_taken_over_and_the_zombie_writes_nothing(store):
    await _hosts(store, "a")
    assert await _claim(store, "zombie", lease=30) == {"a"}
    await store.write(hold_lease, Lease(host="a", token="zombie"))
    await asyncio.sleep(0.05)
    await store.write(hold_lease, Lease(host="a", token="zombie"))  # nobody else came: still his
    assert await _claim(store, "heir") == {"a"}
    with pytest.raises(LeaseLost):
        await store.write(hold_lease, Lease(host="a", token="zombie"))
    assert await store.write(renew_leases, ["a"], token="zombie", milliseconds=60_000) == ()
    assert await store.write(renew_leases, ["a"], token="heir", milliseconds=60_000) == ("a",)


async def test_what_a_zombies_visit_found_waits_unread_and_is_kept_by_the_heirs(store):
    """The zombie's own lease is taken while its host makes it wait."""
    is_asked, go_on = asyncio.Event(), asyncio.Event()
    said = [rss(("b", "Vaksin", "Gratis.")), rss(("b", "Vaksin", "Gratis."), ("c", "Banjir", "Waspada."))]

    async def slow(_: Asked, writer: asyncio.StreamWriter) -> None:
        is_asked.set()
        await go_on.wait()
        writer.write(answer(body=said.pop(0)))

    async with standin({"/feed": slow}) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        zombie = asyncio.create_task(walk(store, account))
        await is_asked.wait()
        host = account.host
        await store.write(
            lambda s: s.run(text("UPDATE host SET lease_token = 'heir', lease_until = lease_until + 600000"))
        )
        go_on.set()
        (report,) = (await zombie).values()
        assert (report.outcome, report.new) == ("failed", 0)
        assert await posts_in(store) == ()
        assert (await states(store))[account.url].outcome == "never"
        assert await _count(store, "payload WHERE state = 'unread'") == 1
        await store.write(release_host, Lease(host=host, token="heir"))
        assert (await walk(store, account))[account.url].new == 2
    assert await _count(store, "payload WHERE state = 'unread'") == 0


async def test_a_named_host_is_waited_for(store):
    async with standin(answer(body=rss(("b", "Vaksin", "Gratis.")))) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        assert await store.write(claim_named_hosts, [account.host], token="other", lease=60_000) == (account.host,)
        assert await store.write(claim_named_hosts, [account.host], token="me", lease=60_000) == ()
        waiting = asyncio.create_task(walk(store, account))
        await asyncio.sleep(0.2)
        assert not base.asked
        await store.write(release_host, Lease(host=account.host, token="other"))
        assert (await waiting)[account.url].new == 1


async def test_many_claiming_at_once_never_share_a_host(database_url, store):
    names = [f"h{number}" for number in range(60)]
    await _hosts(store, *names)
    others = [open_store(database_url) for _ in range(4)]
    try:

        async def claim(number: int) -> list[str]:
            found: list[str] = []
            while got := await _claim(others[number], f"walker {number}", most=4):
                assert len(got) <= 4
                found += got
            return found

        claimed = [host for found in await asyncio.gather(*map(claim, range(4))) for host in found]
    finally:
        for other in others:
            await other.close()
    assert sorted(claimed) == sorted(names)


async def test_a_claim_skips_hosts_that_another_transaction_holds(database_url, store):
    """On PostgreSQL a walker never waits for another's row; SQLite has one writer at a time anyway."""
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no row locks")
    await _hosts(store, "a", "b")
    other = open_store(database_url)
    try:

        def hold(session) -> set[str]:
            session.rows(text("SELECT name FROM host WHERE name = 'a' FOR UPDATE"))
            return set(other.write_now(claim_hosts, token="two", due=LATER, lease=1_000, most=10))

        assert await store.write(hold) == {"b"}
    finally:
        await other.close()


async def test_two_walkers_in_two_processes_never_visit_one_host_at_once(database_url, store):
    crowds = [Crowded() for _ in range(3)]
    async with AsyncExitStack() as stack:
        bases = [await stack.enter_async_context(standin(crowd.meet)) for crowd in crowds]
        await keep(store, register_of(webfeed(f"{base}/{name}") for base in bases for name in "abc"))
        for first, second in (("satu", "dua"), ("tiga", "empat")):
            async with _walker(database_url, f"{second}@example.org"):
                async with _walker(database_url, f"{first}@example.org"):
                    await asyncio.sleep(1.5)
                # One was killed in the middle of its work; the other one takes its hosts over.
                await _until_asked(bases, second)
        assert min(crowd.asked for crowd in crowds) > 5
    assert [crowd.overlaps for crowd in crowds] == [0, 0, 0]


async def test_a_walker_that_stood_still_gives_way_to_who_took_over(database_url, store):
    """What it was just about to send when it was stopped may still go out, nothing after that."""
    crowd, stops = Crowded(), 4
    async with standin(crowd.meet) as base:
        await keep(store, register_of(webfeed(f"{base}/{name}") for name in "abc"))
        async with _walker(database_url, "satu@example.org") as one, _walker(database_url, "dua@example.org") as two:
            for walker in (one, two) * (stops // 2):
                walker.send_signal(signal.SIGSTOP)
                await asyncio.sleep(1.6)  # longer than its lease and the other one's pause between two looks
                walker.send_signal(signal.SIGCONT)
                await asyncio.sleep(0.2)
    assert crowd.asked > 5
    assert crowd.overlaps <= stops * OPTIONS.host_concurrency * 2


async def _until_asked(bases: Sequence[BaseUrl], name: str) -> None:
    for _ in range(100):
        if any(name in agent for agent in agents(bases)):
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"{name} took nothing over")


async def test_leases_are_renewed_while_a_visit_lasts_and_given_back_after(store):
    async def slow(_: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1.0)
        writer.write(answer(body=rss(("b", "Vaksin", "Gratis."))))

    async with standin({"/feed": slow}) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        async with walking(store, OPTIONS, lease=0.4) as walker:
            visiting = asyncio.create_task(walker.once(asyncio.Event()))
            while not base.asked:  # noqa: ASYNC110  # the stand-in sets no event
                await asyncio.sleep(0.01)
            for _ in range(8):
                await asyncio.sleep(0.1)
                assert await _claim(store, "thief") == set()
            await visiting
        assert (await states(store))[account.url].outcome == "ok"
        assert await _claim(store, "next") == {account.host}


async def _count(store, rows: str) -> int:
    return await store.read(lambda session: session.row(text(f"SELECT count(*) AS n FROM {rows}")).n)
