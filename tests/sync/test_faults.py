"""Faults of our own: one account's visit is named as failed, and the walk goes on."""

import asyncio

from sqlalchemy import text

from feedhub.sync.serving import walking
from standins import answer, standin
from walked import OPTIONS, keep, posts_in, register_of, rss, states, walk, webfeed


class BrokenHttp:
    """A fetcher with a fault that nobody thought of."""

    async def get(self, url: str, **_: object) -> None:
        raise KeyError(url)

    async def aclose(self) -> None:
        pass


async def test_a_fault_nobody_thought_of_fails_the_visit_and_backs_off(store):
    account = webfeed("http://127.0.0.1:9/feed")
    await keep(store, register_of([account]))
    found = []
    async with walking(store, OPTIONS, report=found.append) as walker:
        walker.new_http = BrokenHttp
        await walker.once(asyncio.Event())
        await walker.once(asyncio.Event())
    assert [report.outcome for report in found] == ["failed"]
    (state,) = (await states(store)).values()
    assert (state.outcome, state.failures) == ("failed", 1)
    assert state.next_visit_at > state.last_visit_at
    assert state.reason
    assert state.remedy


async def test_a_walker_that_can_not_even_begin_a_visit_goes_on_and_says_so(store):
    account = webfeed("http://127.0.0.1:9/feed")
    await keep(store, register_of([account]))

    def no_client() -> None:
        raise OSError("too many open files")

    found = []
    async with walking(store, OPTIONS, report=found.append) as walker:
        walker.new_http = no_client
        stop = asyncio.Event()
        going = asyncio.create_task(walker.run(stop))
        await asyncio.sleep(1.5)
        stop.set()
        await going
    assert {report.outcome for report in found} == {"failed"}
    assert len(found) == 1, "the host rests before the next try"


async def test_a_post_the_database_refuses_costs_its_own_account_only(store):
    """A rule of the database that our code does not know: no two posts may look alike."""
    await store.write(lambda session: session.run(text("CREATE UNIQUE INDEX odd ON post (fingerprint)")))
    twin, other = rss(("b", "Vaksin", "Gratis.")), rss(("a", "Bansos", "Cair."))
    async with standin({"/1": answer(body=twin), "/2": answer(body=twin), "/3": answer(body=other)}) as base:
        accounts = [webfeed(f"{base}/{number}") for number in (1, 2, 3)]
        await keep(store, register_of(accounts))
        reports = await walk(store)
        assert sorted(report.outcome for report in reports.values()) == ["failed", "ok", "ok"]
        assert len(await posts_in(store)) == 2
        await store.write(lambda session: session.run(text("DROP INDEX odd")))
        assert {report.outcome for report in (await walk(store, *accounts)).values()} == {"ok", "not_modified"}
    assert len(await posts_in(store)) == 3
