"""What every wire may rely on: told of everything, in order, with the same id, and never what was taken back."""

import asyncio
from dataclasses import dataclass, field, replace

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import func, select

from feedhub.store.deliveries import claim_deliveries, forget_old
from feedhub.store.session import open_store
from feedhub.store.subscriptions import SubscriptionState, change_subscription, subscription
from feedhub.store.tables_wires import deliveries
from feedhub.wires.engine import Engine
from feedhub.wires.wire import Outcome, Ready
from web.newsroom import CLINIC, Newsroom, numbered, open_newsroom
from wires.wired import ENDED, LATER, Hours, Recorder, engine_of, subscribe


@pytest_asyncio.fixture
async def newsroom(store):
    await open_newsroom(store)
    async with httpx.AsyncClient() as nobody:
        yield Newsroom(store=store, client=nobody)


@pytest.fixture
def hours():
    return Hours()


async def states(store) -> dict[str, int]:
    question = select(deliveries.c.state, func.count().label("many")).group_by(deliveries.c.state)
    return {row.state: row.many for row in await store.read(lambda session: session.rows(question))}


async def test_a_subscriber_hears_of_a_post_of_its_edit_and_of_its_end(newsroom, hours):
    wire = Recorder()
    engine = engine_of(newsroom.store, wire, hours)
    await subscribe(newsroom.store, "a")
    post = numbered(1)
    for act in (
        newsroom.publish(post),
        newsroom.publish(replace(post, title="Kabar baru")),
        newsroom.withdraw(post),
    ):
        await act
        await engine.once()
    assert wire.told == [
        ("a", "post.published", "Kabar 1"),
        ("a", "post.updated", "Kabar baru"),
        ("a", "post.withdrawn", ""),
    ]
    await engine.once()
    assert len(wire.told) == 3


async def test_who_comes_later_hears_of_what_happens_from_then_on(newsroom, hours):
    wire = Recorder()
    post = numbered(1)
    await newsroom.publish(post, numbered(2))
    await subscribe(newsroom.store, "late")
    await newsroom.publish(replace(post, title="Diperbaiki"), numbered(3))
    await engine_of(newsroom.store, wire, hours).once()
    assert sorted(wire.told) == [("late", "post.published", "Kabar 3"), ("late", "post.updated", "Diperbaiki")]


async def test_what_does_not_arrive_is_tried_again_with_the_same_id_and_patience(newsroom, hours):
    wire = Recorder(answers={"down": LATER})
    engine = engine_of(newsroom.store, wire, hours)
    for target in ("down", "up"):
        await subscribe(newsroom.store, target)
    await newsroom.publish(numbered(1), numbered(2))
    await engine.once()
    assert [told[0] for told in wire.told] == ["up", "up"]
    tries = 0
    for _ in range(200):
        hours.pass_by(seconds=2)
        before = len(wire.ids)
        await engine.once()
        tries += len(wire.ids) - before
    assert 2 * 5 <= tries <= 2 * 9  # 400 s: each wait is about as long as all that went before
    wire.answers = {}
    hours.pass_by(hours=1)
    await engine.once()
    assert len(wire.told) == 4
    assert len(set(wire.ids)) == 4
    one = (await newsroom.store.read(lambda session: session.rows(select(deliveries))))[0]
    assert one.state == "sent"


async def test_a_message_that_its_receiver_stumbles_over_holds_up_no_other(newsroom, hours):
    wire = Recorder(stumbles_at="Kabar 2")
    engine = engine_of(newsroom.store, wire, hours)
    await subscribe(newsroom.store, "a")
    await newsroom.publish(*(numbered(number) for number in range(1, 9)))
    await engine.once()
    hours.pass_by(seconds=1)
    await engine.once()
    assert len(wire.told) == 7
    wire.stumbles_at = ""
    hours.pass_by(minutes=1)
    await engine.once()
    assert len(wire.told) == 8


async def test_after_three_days_a_delivery_is_a_visible_dead_letter_and_later_ones_still_arrive(newsroom, hours):
    wire = Recorder(answers={"down": LATER})
    engine = engine_of(newsroom.store, wire, hours)
    await subscribe(newsroom.store, "down")
    await newsroom.publish(numbered(1))
    await engine.once()
    hours.pass_by(hours=73)
    await engine.once()
    assert await states(newsroom.store) == {"dead": 1}
    wire.answers = {}
    await newsroom.publish(numbered(2))
    await engine.once()
    assert wire.told == [("down", "post.published", "Kabar 2")]


@dataclass
class Holding(Recorder):
    """Keeps every attempt waiting until it is `let_go`."""

    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, ready: Ready) -> Outcome:
        await self.let_go.wait()
        return await super().send(ready)


async def test_strangers_who_are_slow_hold_up_nobody_who_has_a_key(newsroom, hours):
    strangers, press = Holding(name="hub"), Recorder(name="webhook")
    engine = Engine(store=newsroom.store, wires=[strangers, press], public_url="https://kabar.example", now=hours)
    for number in range(100):
        await subscribe(newsroom.store, f"slow {number}", wire="hub")
    await newsroom.publish(numbered(1))
    await engine.fan_out()
    await subscribe(newsroom.store, "koran", wire="webhook")
    hours.pass_by(seconds=1)
    await newsroom.publish(numbered(2))
    await engine.fan_out()
    telling = asyncio.create_task(engine.deliver_all())
    async with asyncio.timeout(10):
        while not press.told:  # noqa: ASYNC110  # a list says nothing by itself
            await asyncio.sleep(0.01)
    strangers.let_go.set()
    await telling
    assert (len(press.told), len(strangers.told)) == (1, 200)


async def test_who_says_that_it_is_gone_is_told_no_more(newsroom, hours):
    wire = Recorder(answers={"gone": ENDED})
    engine = engine_of(newsroom.store, wire, hours)
    one = await subscribe(newsroom.store, "gone")
    await newsroom.publish(numbered(1))
    await engine.once()
    await newsroom.publish(numbered(2))
    await engine.once()
    kept = await newsroom.store.read(subscription, one.id)
    assert (kept.state, kept.fault, len(wire.ids)) == (SubscriptionState.DISABLED, "It is gone.", 1)


async def test_what_was_taken_back_before_it_arrived_is_not_told_but_its_end_is(newsroom, hours):
    wire = Recorder(answers={"slow": LATER})
    engine = engine_of(newsroom.store, wire, hours)
    await subscribe(newsroom.store, "slow")
    post = numbered(1)
    await newsroom.publish(post)
    await engine.once()
    await newsroom.withdraw(post)
    wire.answers = {}
    hours.pass_by(minutes=5)
    await engine.deliver_all()  # before the withdrawal itself was read
    assert wire.told == []
    await engine.once()
    assert wire.told == [("slow", "post.withdrawn", "")]
    assert await states(newsroom.store) == {"dropped": 1, "sent": 1}
    bodies = await newsroom.store.read(lambda session: [row.body for row in session.rows(select(deliveries.c.body))])
    assert b"Kabar 1" not in [body for body in bodies if body]


async def test_a_paused_subscriber_is_told_of_everything_when_it_goes_on(newsroom, hours):
    wire = Recorder()
    engine = engine_of(newsroom.store, wire, hours)
    one = await subscribe(newsroom.store, "a")
    await newsroom.store.write(change_subscription, one.id, state=SubscriptionState.PAUSED)
    await newsroom.publish(numbered(1))
    await engine.once()
    assert wire.told == []
    await newsroom.store.write(change_subscription, one.id, state=SubscriptionState.ACTIVE)
    await engine.once()
    assert [told[1] for told in wire.told] == ["post.published"]


async def test_a_fault_in_composing_costs_nobody_anything(newsroom, hours):
    wire = Recorder(stumbles_over="odd")
    engine = engine_of(newsroom.store, wire, hours)
    for target in ("odd", "even"):
        await subscribe(newsroom.store, target)
    await newsroom.publish(numbered(1))
    await engine.once()
    assert [told[0] for told in wire.told] == ["even"]
    wire.stumbles_over = ""
    hours.pass_by(minutes=2)
    await engine.once()
    assert [told[0] for told in wire.told] == ["even", "odd"]


async def test_a_process_that_dies_with_a_delivery_in_its_hands_loses_nothing(newsroom, hours):
    wire = Recorder()
    engine = engine_of(newsroom.store, wire, hours)
    await subscribe(newsroom.store, "a")
    await newsroom.publish(numbered(1))
    await engine.fan_out()
    claim = {"now": hours.at, "lease": engine.pace.lease, "most": 9, "each": 9, "wires": ["recorder"]}
    taken = await newsroom.store.write(claim_deliveries, token="dead", **claim)
    assert len(taken) == 1
    await engine.once()
    assert wire.told == []  # it may still be at it
    hours.pass_by(minutes=2)
    await engine.once()
    assert wire.told == [("a", "post.published", "Kabar 1")]
    assert wire.ids == [str(taken[0].id)]


async def test_engines_beside_each_other_tell_nothing_twice(newsroom, hours):
    wire = Recorder()
    engines = [engine_of(newsroom.store, wire, hours) for _ in range(4)]
    for target in "abcdefgh":
        await subscribe(newsroom.store, target)
    await newsroom.publish(*(numbered(number) for number in range(25)))
    await asyncio.gather(*(engine.once() for engine in engines))
    assert len(wire.told) == len(set(wire.told)) == 8 * 25


async def test_one_that_is_down_for_long_fills_no_store_and_misses_nothing(sqlite_url, hours):
    wire, store = Recorder(answers={"down": LATER}), open_store(sqlite_url)
    await open_newsroom(store)
    async with httpx.AsyncClient() as nobody:
        newsroom, engine = Newsroom(store=store, client=nobody), engine_of(store, wire, hours)
        await subscribe(store, "down")
        for start in range(0, 600, 200):
            await newsroom.publish(*(numbered(number) for number in range(start, start + 200)), account=CLINIC)
            await engine.once()
            hours.pass_by(minutes=1)
        await newsroom.publish(numbered(600))
        await engine.once()
        assert await states(store) == {"waiting": 600}  # the last one waits in the change feed
        wire.answers = {}
        for _ in range(8):
            hours.pass_by(hours=1)
            await engine.once()
    assert len({told[2] for told in wire.told}) == 601
    await store.close()


async def test_what_was_said_is_forgotten_after_a_while(newsroom, hours):
    wire = Recorder()
    engine = engine_of(newsroom.store, wire, hours)
    await subscribe(newsroom.store, "a")
    await newsroom.publish(numbered(1))
    await engine.once()
    hours.pass_by(days=8)
    await newsroom.store.write(forget_old, bodies=hours.at, rows=hours.at.replace(year=2020))
    row = await newsroom.store.read(lambda session: session.row(select(deliveries)))
    assert (row.state, row.body) == ("sent", None)
