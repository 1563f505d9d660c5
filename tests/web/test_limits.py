"""Who asks, how much anybody may ask, and what is turned away when there is no room."""

import asyncio
import contextlib
from datetime import timedelta
from time import monotonic

import pytest

from feedhub.errors import SettingRefused
from feedhub.store.api_keys import add_key, kept_keys, rotate_key
from feedhub.store.session import open_store
from feedhub.web.askers import Askers
from feedhub.web.counts import Counts
from feedhub.web.limits import Limits, policy_of
from feedhub.web.room import Rank, Room
from web.hostile_clients import KINDS, Asker
from web.newsroom import NOW, Newsroom, numbered, open_newsroom, serving

ASKERS = [  # trusted, peer, X-Forwarded-For, who is counted, whether it is near
    ("", "198.51.100.7", "8.8.8.8", "198.51.100.7", True),
    ("", "9.9.9.9", "8.8.8.8", "9.9.9.9", False),
    ("10.0.0.0/8", "10.0.0.1", "", "10.0.0.1", True),
    ("10.0.0.0/8", "10.0.0.1", "8.8.8.8", "8.8.8.8", False),
    ("10.0.0.0/8", "10.0.0.1", "1.1.1.1, 8.8.8.8, 10.0.0.2", "8.8.8.8", False),
    ("10.0.0.0/8", "10.0.0.1", "1.1.1.1, forged", "10.0.0.1", False),
    ("10.0.0.0/8", "10.0.0.1", "192.168.1.4", "192.168.1.4", False),
    ("10.0.0.0/8", "::ffff:10.0.0.1", "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64", False),
    ("10.0.0.0/8", "10.0.0.1", "8.8.8.8:4711", "8.8.8.8", False),
    ("", "2a00:1450:4001:82a::200e", "", "2a00:1450:4001:82a::/64", False),
]


@pytest.mark.parametrize(("trusted", "peer", "forwarded", "name", "is_near"), ASKERS)
def test_an_asker_is_whom_trusted_proxies_name(trusted, peer, forwarded, name, is_near):
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    asker = Askers(trusted).of({"client": (peer, 1), "headers": headers})
    assert (asker.name, asker.is_near) == (name, is_near)


def test_who_comes_by_a_socket_is_near_and_a_wrong_network_is_named():
    assert Askers("").of({"client": None, "headers": []}).is_near
    with pytest.raises(SettingRefused, match="TRUSTED_PROXIES"):
        Askers("10.0.0.1/8")
    with pytest.raises(SettingRefused, match="FEEDHUB_LIMIT_KEYED"):
        policy_of("keyed", "many", setting="FEEDHUB_LIMIT_KEYED")
    for store in ("nonsense://", "redis"):
        with pytest.raises(SettingRefused, match="LIMITS_STORE"):
            Limits(store)


def test_counts_slide_and_forget_the_longest_unseen():
    clock = [600.0]
    counts = Counts(lambda: clock[0], most=2)
    assert counts.acquire_sliding_window_entry("a", 10, 60, 10)
    assert not counts.acquire_sliding_window_entry("a", 10, 60)
    clock[0] += 90  # half of the window after: what was taken weighs half
    assert counts.acquire_sliding_window_entry("a", 10, 60, 5)
    assert not counts.acquire_sliding_window_entry("a", 10, 60)
    clock[0] += 200
    assert counts.get_sliding_window("a", 60)[::2] == (0, 0)
    for key in "bcd":
        assert counts.acquire_sliding_window_entry(key, 10, 60)
    assert counts.get_sliding_window("b", 60)[2] == 0
    assert counts.get_sliding_window("d", 60)[2] == 1


@pytest.mark.parametrize("store", ["memory://", "async+memory://"])
async def test_whoever_took_too_much_is_told_how_long_to_wait(store):
    limits, policy = Limits(store), policy_of("anonymous", "10/hour", setting="x")
    standing = await limits.take(policy, "8.8.8.8", 7)
    assert (standing.left, standing.is_over) == (3, False)
    over = await limits.take(policy, "8.8.8.8", 4)
    assert over.is_over
    assert 1 <= over.wait <= 2 * 3600
    assert over.headers[0] == (b"ratelimit-policy", b'"anonymous";q=10;w=3600')
    assert over.headers[1][1].startswith(b'"anonymous";r=3;t=')
    assert not (await limits.take(policy, "9.9.9.9", 4)).is_over


async def test_room_goes_to_what_matters_and_searches_are_turned_away_first():
    room, order = Room(), []

    async def make(rank: Rank) -> bool:
        async with room.entered(rank) as is_in:
            if is_in:
                order.append(rank)
                await asyncio.sleep(0.001)
        return is_in

    ranks = [Rank.SEARCH] * 14 + [Rank.PAGE, Rank.API, Rank.FEED]
    let_in = await asyncio.gather(*(make(rank) for rank in ranks))
    assert let_in == [True] * 10 + [False] * 4 + [True] * 3  # two at once and eight that wait
    assert order.index(Rank.FEED) == 2
    assert [rank for rank in order if rank is not Rank.FEED][2:4] == [Rank.API, Rank.PAGE]
    assert not room.is_full


async def test_each_asker_has_its_own_limit_and_keys_have_more(sqlite_url):
    store = open_store(sqlite_url)
    await open_newsroom(store)
    keys = {name: await _key(store, name) for name in ("good", "over", "narrow")}
    named = {"limit_anonymous": "60/minute", "limit_keyed": "600/minute", "trusted_proxies": "127.0.0.0/8"}
    async with serving(sqlite_url, **named) as client:
        room = Newsroom(store, client)
        first = await room.get("/api/v1/posts", x_forwarded_for="8.8.8.8")
        assert first.headers["ratelimit-policy"] == '"anonymous";q=60;w=60'
        assert first.headers["ratelimit"].startswith('"anonymous";r=5')
        for _ in range(41):  # the first is made and costs 10 units, as the list before it did
            assert (await room.get("/feed.rss", x_forwarded_for="8.8.8.8")).status_code == 200
        refused = await room.get("/api/v1/posts", x_forwarded_for="1.2.3.4, 8.8.8.8")
        assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
        assert refused.json()["type"].endswith("#limited")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert "ratelimit" in refused.headers
        assert (await room.get("/feed.rss", x_forwarded_for="9.9.9.9")).status_code == 200
        assert (await room.get("/livez", x_forwarded_for="8.8.8.8")).status_code == 200
        for name, policy in {"good": "keyed", "over": "key-ended", "narrow": "key-without-read"}.items():
            shown = await room.get("/api/v1/kinds", x_api_key=keys[name], x_forwarded_for="7.7.7.7")
            assert shown.headers["ratelimit-policy"].startswith(f'"{policy}"')
        bearer = await room.get("/api/v1/kinds", authorization=f"Bearer {keys['good']}", x_forwarded_for="8.8.8.8")
        assert (bearer.status_code, bearer.headers["ratelimit-policy"]) == (200, '"keyed";q=600;w=60')
        ended = await client.post("/api/v1/inbox", headers={"Authorization": f"Bearer {keys['over']}"}, content=b"{}")
        assert ended.status_code == 401
        assert "ended on" in ended.json()["detail"]
    await store.close()


async def _key(store, name: str) -> str:
    made = await store.write(
        add_key,
        name=name,
        department=None,
        scopes=("inbox",) if name == "narrow" else ("read", "inbox"),
        keyring=None,
        at=NOW,
        expires_at=NOW + timedelta(days=1) if name == "over" else None,
    )
    return made.key


async def test_a_rotated_key_works_until_the_overlap_is_over(store):
    await open_newsroom(store)
    await _key(store, "good")
    new = await store.write(rotate_key, 1, overlap=timedelta(hours=2), keyring=None, at=NOW)
    old, made = await store.read(kept_keys)
    assert (made.id, made.follows, made.scopes, made.expires_at) == (new.id, old.id, old.scopes, None)
    assert [old.is_open(NOW + timedelta(hours=hours)) for hours in (1, 2)] == [True, False]


async def test_the_feed_is_answered_whatever_hostile_clients_do(room):
    port, end = room.client.base_url.port, monotonic() + 1.5
    assert (await room.get("/feed.rss")).status_code == 200

    async def harm(act) -> None:
        asker = Asker(port, None)
        try:
            while monotonic() < end:
                with contextlib.suppress(OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
                    await act(asker)
        finally:
            asker.close()

    hostile = [asyncio.create_task(harm(act)) for number, act in KINDS for _ in range(number // 5)]
    answers = []
    while monotonic() < end:
        answers.append((await room.get("/feed.rss")).status_code)
        await asyncio.sleep(0.02)
    await room.publish(numbered(100))
    fresh = await room.until("/feed.rss", lambda answer: "Kabar 100<" in answer.text)
    for task in hostile:
        task.cancel()
    await asyncio.gather(*hostile, return_exceptions=True)
    await asyncio.sleep(0.05)  # until their sockets are closed
    assert set(answers) == {200}
    assert fresh.status_code == 200
