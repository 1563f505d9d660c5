"""What was pushed to us waits unread for the next visit, which reads it whatever its platform says."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from feedhub.connectors.contract import EVERYTHING, Batch
from feedhub.connectors.webfeed import split
from feedhub.payloads.payload import Document
from feedhub.store.inbox import take_unread
from feedhub.store.suspects import suspect_posts
from feedhub.sync import gathering
from feedhub.sync.serving import now, walking
from standins import answer, standin
from walked import OPTIONS, keep, posts_in, register_of, rss, states, walk, webfeed

BODY = rss(("b", "Vaksin", "Gratis."), ("a", "Posyandu", "Buka."))


async def _push(store, account, *, guid: str = "c") -> None:
    """Somebody brings an item of the account's feed."""
    document = Document(url=account.url, body=rss((guid, "Posko", "Buka 24 jam.")), fetched_at=now())
    payload = split(document).payloads[0]
    await store.write(take_unread, account.id, payload, is_partial=False, at=now())


@pytest.mark.parametrize(
    "said",
    [answer(503), answer(429, fields={"Retry-After": "600"}), answer(body=b"<html>no feed</html>")],
    ids=["down", "limited", "no feed"],
)
async def test_what_waits_is_read_though_its_platform_fails(store, said):
    async with standin({"/feed": said}) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await _push(store, account)
        report = (await walk(store, account))[account.url]
    assert (report.succeeded, report.new) == (False, 1)
    [kept] = await posts_in(store)
    assert kept.post.title == "Posko"
    state = (await states(store))[account.url]
    assert (state.delivering, state.failures, state.last_success_at) == (False, 1, None)
    assert state.reason


async def test_what_waits_is_read_though_its_host_asked_us_to_stay_away(store):
    async with standin(answer(429, fields={"Retry-After": "600"})) as base:
        accounts = [webfeed(f"{base}/{name}") for name in "ab"]
        await keep(store, register_of(accounts))
        for account in accounts:
            await _push(store, account)
        async with walking(store, OPTIONS) as walker:
            walker.manners = replace(walker.manners, host_visits=1, is_exempt=lambda _host: False)
            await walker.once(asyncio.Event())
        assert len(base.asked) == 1
    assert len(await posts_in(store)) == 2


async def test_who_is_woken_during_a_visit_is_visited_again(store):
    """The item came after the visit had looked what waits."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_asked, writer) -> None:
        begun.set()
        await go_on.wait()
        writer.write(answer(body=BODY))

    async with standin(slowly) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        visiting = asyncio.create_task(walk(store, account))
        await begun.wait()
        await _push(store, account)
        go_on.set()
        await visiting
        assert len(await posts_in(store)) == 2
        await walk(store)  # whoever is due
    assert len(await posts_in(store)) == 3


async def test_an_unreadable_check_costs_the_listing_nothing(store, monkeypatch):
    """The listing is kept; only what was asked about beside it waits for the next visit."""
    checks = []

    async def check(_means, _http, _connector, account, suspects, *, now):
        checks.append([one.native_id for one in suspects])
        return Batch(documents=(Document(url=account.url, body=b"<html>no feed</html>", fetched_at=now),))

    monkeypatch.setattr(gathering, "check", check)
    shown = [BODY]
    async with standin(lambda _asked: answer(body=shown[-1])) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
        shown.append(rss(("c", "Posko", "Buka."), ("a", "Posyandu", "Buka.")))
        report = (await walk(store, account))[account.url]
    assert checks == [["b"]]
    assert (report.outcome, report.new) == ("ok", 1)


async def test_every_missing_post_has_its_turn_to_be_asked_about(store):
    async with standin(answer(body=rss(*((chr(97 + n), f"Kabar {n}", "Teks.") for n in range(20))))) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
    asked = set()
    for hour in range(5):
        found = await store.read(
            suspect_posts,
            account.id,
            listed=(),
            covers_since=EVERYTHING,
            media_last=None,
            now=now() + timedelta(hours=hour),
            most=5,
        )
        assert len(found) == 5
        asked |= {one.native_id for one in found}
    assert len(asked) == 20
