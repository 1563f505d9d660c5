"""Politeness: spacing, concurrency, Retry-After, and what is whose fault."""

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from feedhub.failures import DnsFailed, NotFound, TimedOut, Unreachable
from feedhub.logs import set_up_logs
from feedhub.sync.manners import Outage
from feedhub.sync.serving import now, walking
from standins import Asked, answer, silence, standin
from walked import OPTIONS, keep, posts_in, register_of, rss, states, walk, webfeed

BODY = rss(("b", "Vaksin", "Gratis."))
SPACING = 0.3


class Watched:
    """Notes when it is asked, and how many ask at once."""

    def __init__(self, *, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.moments: list[float] = []
        self.inside = self.most = 0

    async def meet(self, _: Asked, writer: asyncio.StreamWriter) -> None:
        self.moments.append(time.monotonic())
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(self.seconds)
        self.inside -= 1
        writer.write(answer(body=BODY))

    @property
    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in zip(self.moments, self.moments[1:], strict=False)]


@asynccontextmanager
async def polite(store, *, report=lambda _report: None, **changed):
    """A walker to whom no host is exempt from politeness."""
    options = replace(OPTIONS, **{"host_spacing": SPACING, **changed})
    await options.new_http().aclose()  # the first one reads the authorities' certificates, which takes a while
    async with walking(store, options, report=report) as walker:
        walker.manners = replace(walker.manners, is_exempt=lambda _host: False)
        yield walker


async def test_starts_at_one_host_are_spaced_and_only_so_many_at_once(store):
    watched = Watched(seconds=1.0)
    async with standin(watched.meet) as base:
        await keep(store, register_of(webfeed(f"{base}/{name}") for name in "abcdef"))
        async with polite(store) as walker:
            await walker.once(asyncio.Event())
    assert len(watched.moments) == 6
    assert min(watched.gaps) > SPACING * 0.7
    assert watched.most == 2


async def test_spacing_holds_between_two_leases(store):
    watched = Watched()
    async with standin(watched.meet) as base:
        await keep(store, register_of(webfeed(f"{base}/{name}") for name in "abc"))
        stop = asyncio.Event()
        async with polite(store, min_interval=0.05, max_interval=0.05) as walker:
            walking_on = asyncio.create_task(walker.run(stop))
            async with asyncio.timeout(30):
                while len(watched.moments) <= 5:  # noqa: ASYNC110  # a machine may be busy; the gaps are the claim
                    await asyncio.sleep(0.05)
            stop.set()
            await walking_on
    assert min(watched.gaps) > SPACING * 0.7


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_the_whole_hosts_and_outlives_the_walker(store, status):
    async with standin(answer(status, fields={"Retry-After": "3600"})) as base:
        accounts = [webfeed(f"{base}/{name}") for name in "abc"]
        await keep(store, register_of(accounts))
        found = []
        async with polite(store, host_concurrency=1, report=found.append) as walker:
            await walker.once(asyncio.Event())
            assert len(base.asked) == 1
            await walker.once(asyncio.Event())
        assert len(base.asked) == 1
        assert Counter(report.outcome for report in found)["rate_limited"] == (3 if status == 429 else 2)
    for state in (await states(store)).values():
        assert timedelta(minutes=59) < state.next_visit_at - now() < timedelta(minutes=61)
        assert state.reason
    row = await store.read(lambda session: session.row(text("SELECT next_at, retry_at FROM host")))
    assert row.next_at >= row.retry_at > 0


async def test_an_endless_retry_after_parks_nobody(store):
    async with standin(answer(429, fields={"Retry-After": "999999999"})) as base:
        await keep(store, register_of([webfeed(base + "/a")]))
        async with polite(store) as walker:
            await walker.once(asyncio.Event())
    (state,) = (await states(store)).values()
    assert state.next_visit_at - now() < timedelta(hours=25)


async def test_failures_back_off_up_to_the_longest_interval_and_never_for_good(store):
    async with standin(answer(500)) as base:
        account = webfeed(base + "/a")
        await keep(store, register_of([account]))
        waits = []
        for _ in range(9):
            await walk(store, account)
            (state,) = (await states(store)).values()
            waits.append((state.next_visit_at - state.last_visit_at).total_seconds())
    assert waits[0] < 70
    assert 3000 < waits[-1] <= 3600
    assert len(set(waits[6:])) > 1, "jitter"


async def test_our_own_outage_counts_against_nobody(store):
    dead = [webfeed(f"http://127.0.0.{number}:9/feed") for number in range(2, 10)]
    await keep(store, register_of(dead))
    for _ in range(3):
        await walk(store, *dead)
    known = (await states(store)).values()
    assert {state.outcome for state in known} == {"unreachable"}
    assert sum(state.failures for state in known) < 3 * len(dead), "some were not blamed"
    assert any("own connection" in (state.remedy or "") for state in known)


def test_an_outage_is_ours_only_where_no_host_answers():
    outage = Outage()
    lost = [DnsFailed("x"), Unreachable("x"), TimedOut("x"), DnsFailed("x")]
    assert [outage.is_ours(f"h{number}", failure) for number, failure in enumerate(lost)] == [False, False, False, True]
    assert not outage.is_ours("h5", NotFound("it answered"))
    assert [outage.is_ours("h1", Unreachable("x")) for _ in range(9)] == [False] * 9


async def test_slow_hosts_hold_up_no_others(store):
    """40 hosts, of which five never answer."""
    set_up_logs("console")
    done: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        urls = []
        for number in range(40):
            talk = silence if number < 5 else answer(body=BODY)
            urls.append(await stack.enter_async_context(standin(talk, host=f"127.0.1.{number + 1}")) + "/feed")
        await keep(store, register_of(map(webfeed, urls)))
        began = time.monotonic()
        async with polite(
            store,
            report=lambda one: done.update({one.account.url: time.monotonic()}),
            fetch_timeout=4.0,
        ) as walker:
            await walker.once(asyncio.Event())
    slow, quick = [done[url] - began for url in urls[:5]], [done[url] - began for url in urls[5:]]
    assert max(quick) < min(slow)
    assert len(await posts_in(store)) == 35


@pytest.mark.long
async def test_500_hosts_are_walked_in_batches(store):
    set_up_logs("console")
    watched = Watched(seconds=0.05)
    async with AsyncExitStack() as stack:
        urls = [
            await stack.enter_async_context(standin(watched.meet, host=f"127.1.{number // 250}.{number % 250 + 1}"))
            + "/feed"
            for number in range(500)
        ]
        await keep(store, register_of(map(webfeed, urls)))
        found = []
        async with polite(store, sync_concurrency=16, report=found.append) as walker:
            await walker.once(asyncio.Event())
    assert Counter(report.outcome for report in found) == {"ok": 500}
    assert 8 < watched.most <= 16
