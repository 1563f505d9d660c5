"""Whoever follows the changes misses nothing and sees nothing twice, however they follow."""

import asyncio
from time import monotonic

import httpx
import httpx_sse

from feedhub.posts.decisions import post_id
from feedhub.store.clock import clock_now
from feedhub.store.session import Store
from web.newsroom import RESCUE, numbered, open_newsroom, serving
from writers import Truth, Writing, truth, writers_beside

CHANGES, STREAM = "/api/v1/changes", "/api/v1/stream"
END = 60.0  # seconds after which a follower that has not caught up is stuck


class Followed:
    """What one follower has seen; a number seen twice, or out of order, is a fault at once."""

    def __init__(self) -> None:
        self.after = 0
        self.posts: dict[str, tuple[int, str, int]] = {}
        self.answers = 0

    def take(self, change: dict) -> None:
        assert change["change"] > self.after, "a number out of order"
        assert (change["post"] is None) == (change["state"] == "deleted")
        assert change["post"] is None or change["post"]["change"] == change["change"]
        self.after = change["change"]
        self.posts[change["id"]] = (change["change"], change["state"], change["version"])


async def follow(client: httpx.AsyncClient, store: Store, is_over, **query: int) -> Followed:
    """Ask again and again until the writers are done and there is nothing more."""
    seen, target = Followed(), CHANGES
    while True:
        was_over = is_over()
        answer = await client.get(target, params=query if seen.answers == 0 else None, timeout=40)
        page = answer.raise_for_status().json()
        for change in page["changes"]:
            seen.take(change)
        assert page["latest"] >= seen.after
        seen.answers += 1
        target = page["next"].removeprefix("https://kabar.example")
        if not page["changes"] and was_over and page["latest"] == (await store.read(clock_now)).number:
            return seen
        await asyncio.sleep(0.05 if not query.get("wait") and not page["changes"] else 0)


async def listen(client: httpx.AsyncClient, is_over, latest) -> Followed:
    """Listen through a foreign client until the writers are done and the newest number has come."""
    seen = Followed()
    async with httpx_sse.aconnect_sse(client, "GET", f"{STREAM}?after=0", timeout=40) as source:
        async for event in source.aiter_sse():
            if event.event == "change":
                assert int(event.id) == event.json()["change"]
                seen.take(event.json())
            if is_over() and seen.after >= await latest():
                break
    return seen


async def test_followers_beside_eight_writers_end_with_exactly_the_truth(store):
    await open_newsroom(store)

    async def newest() -> int:
        return max(change for change, _, _ in (await store.read(truth)).posts.values())

    async with serving(store.database_url) as client:
        with writers_beside(store.database_url, writers=8, acts=15, writing=Writing()) as is_over:
            async with asyncio.timeout(END):
                followers = await asyncio.gather(
                    *(follow(client, store, is_over, limit=limit) for limit in (3, 50, 1_000)),
                    follow(client, store, is_over, limit=20, wait=2),
                    listen(client, is_over, newest),
                )
    told: Truth = await store.read(truth)
    assert len(told.posts) > 50
    assert {state for _, state, _ in told.posts.values()} == {"updated", "deleted"}
    for seen in followers:
        assert seen.posts == told.posts


async def caught_up(room) -> int:
    """The newest number, once the server knows it."""
    newest = (await room.store.read(truth)).latest
    await room.until(f"{CHANGES}?limit=1", lambda answer: answer.json()["latest"] == newest)
    return newest


async def test_a_change_is_what_the_contract_says(newsroom):
    withdrawn = await newsroom.withdraw(numbered(3), reason="Salah tanggal.")
    await caught_up(newsroom)
    page = (await newsroom.get(CHANGES)).json()
    assert list(page) == ["changes", "next", "latest"]
    assert len(page["changes"]) == len({change["id"] for change in page["changes"]}) == 10
    *_, updated, deleted = page["changes"]
    post = (await newsroom.get(f"/api/v1/posts/{updated['id']}")).json()
    assert updated == {
        "change": post["change"],
        "state": "updated",
        "id": post["id"],
        "status": "live",
        "version": 1,
        "backfill": False,
        "at": post["updated_at"],
        "post": post,
        "notice": None,
    }
    assert list(updated) == list(deleted)
    assert deleted == {
        "change": page["latest"],
        "state": "deleted",
        "id": withdrawn,
        "status": "withdrawn",
        "version": 1,
        "backfill": False,
        "at": "2026-11-20T11:00:00+07:00",
        "post": None,
        "notice": {"kind": "withdrawal", "reason": "Salah tanggal.", "at": "2026-11-20T11:00:00+07:00"},
    }


async def test_next_goes_on_with_everything_that_was_asked_for(room):
    await room.publish(*(numbered(number) for number in range(4)), account=RESCUE)
    await caught_up(room)
    asked = f"limit=2&wait=1&format=ninjs&department=bpbd,dinkes&platform=mastodon&account={RESCUE.id}"
    first = (await room.get(f"{CHANGES}?{asked}")).json()
    again = httpx.URL(first["next"])
    assert sorted(again.params.multi_items()) == sorted(
        [*httpx.QueryParams(asked).multi_items(), ("after", str(first["changes"][-1]["change"]))]
    )
    assert str(again).startswith("https://kabar.example/api/v1/changes?")
    rest = (await room.get(again.raw_path.decode())).json()
    assert len(first["changes"] + rest["changes"]) == 4


async def test_filters_leave_out_what_is_others_and_next_moves_past_it(room):
    await room.publish(numbered(0), account=RESCUE)
    newest = await caught_up(room)
    for narrow in ("department=bpbd", "platform=mastodon", f"account={RESCUE.id}"):
        page = (await room.get(f"{CHANGES}?{narrow}")).json()
        assert [change["change"] for change in page["changes"]] == [newest]
    page = (await room.get(f"{CHANGES}?department=bpbd&limit=1&after={newest - 1}")).json()
    assert page["next"].endswith(f"?after={newest}&department=bpbd&limit=1")
    none = (await room.get(f"{CHANGES}?platform=x")).json()
    assert (none["changes"], none["next"].partition("?")[2]) == ([], f"after={newest}&platform=x")


REFUSED = [
    ("after=-1", "after"),
    ("after=x", "after"),
    ("after=%D9%A3", "after"),
    ("after=" + "9" * 30, "after"),
    ("after=1&after=2", "after"),
    ("limit=0", "limit"),
    ("limit=1001", "limit"),
    ("wait=26", "wait"),
    ("wait=0.5", "wait"),
    ("format=rss", "format"),
    ("format=json&format=ninjs", "format"),
    ("department=nobody", "department"),
    ("kind=news", "kind"),
    ("q=air", "q"),
]


async def test_what_can_not_be_answered_is_named(room):
    for query, parameter in REFUSED:
        for path in (CHANGES, STREAM):
            answer = await room.get(f"{path}?{query}")
            assert (answer.status_code, answer.json()["status"]) == (422, 422), query
            assert answer.json()["parameter"] == parameter
    answer = await room.get(STREAM, last_event_id="soon")
    assert (answer.status_code, answer.json()["parameter"]) == (422, "Last-Event-ID")
    assert (await room.get(f"{CHANGES}?after=&utm_source=surat&limit=1000")).status_code == 200


async def test_a_number_far_ahead_begins_again_from_nothing(room):
    newest = await caught_up(room)
    assert (await room.get(f"{CHANGES}?after={newest + 1_000}")).json()["changes"] == []
    for path, headers in ((f"{CHANGES}?after={newest + 1_001}", {}), (STREAM, {"last_event_id": str(newest + 1_001)})):
        answer = await room.get(path, **headers)
        assert (answer.status_code, answer.headers["cache-control"]) == (410, "no-store")
        assert answer.json()["type"] == "https://kabar.example/docs#too-far-ahead"
        assert "start again from 0" in answer.json()["detail"]


async def test_changes_are_kept_and_named_as_every_answer(room):
    newest = await caught_up(room)
    first = await room.get(CHANGES)
    assert (await room.get(CHANGES, if_none_match=first.headers["etag"])).status_code == 304
    assert first.headers["content-encoding"] in {"gzip", "zstd"}
    waited = await room.get(f"{CHANGES}?after={newest}&wait=1")
    assert waited.headers["cache-control"] == "no-cache"
    assert "feedhub-patience" not in waited.headers
    again = await room.get(f"{CHANGES}?after={newest}&wait=1", if_none_match=waited.headers["etag"])
    assert again.status_code == 304


async def test_waiting_ends_with_the_first_change_that_concerns_the_asker(newsroom):
    newest = await caught_up(newsroom)
    begun = monotonic()
    asked = [
        asyncio.create_task(newsroom.client.get(f"{CHANGES}?after={newest}&wait=20{more}", timeout=40))
        for more in ("", "&department=bpbd", "&department=dinkes")
    ]
    await newsroom.publish(numbered(90))
    anybody, clinic = await asked[0], await asked[2]
    assert monotonic() - begun < 10
    assert anybody.json()["changes"] == clinic.json()["changes"] != []
    assert not asked[1].done()
    await newsroom.publish(numbered(91), account=RESCUE)
    rescue = (await asked[1]).json()
    assert [change["id"] for change in rescue["changes"]] == [str(post_id(RESCUE.id, "post-91"))]
    assert httpx.URL(rescue["next"]).params["after"] == str(newest + 2)


async def test_waiting_for_nothing_ends_in_time_with_next_moved_on(room):
    newest = await caught_up(room)
    begun = monotonic()
    waiting = asyncio.create_task(room.client.get(f"{CHANGES}?after={newest}&wait=2&platform=x", timeout=40))
    await room.publish(numbered(90))
    page = (await waiting).json()
    assert 2 <= monotonic() - begun < 10
    assert (page["changes"], httpx.URL(page["next"]).params["after"]) == ([], str(newest + 1))


async def test_in_ninjs_a_change_carries_the_news_object_and_its_kill(room):
    await room.withdraw(numbered(3), reason="Salah tanggal.")
    await caught_up(room)
    changes = (await room.get(f"{CHANGES}?format=ninjs")).json()["changes"]
    assert {change["post"]["uri"] for change in changes} == {f"urn:uuid:{change['id']}" for change in changes}
    kinds = {(change["state"], change["post"]["pubstatus"]) for change in changes}
    assert kinds == {("updated", "usable"), ("deleted", "canceled")}
    killed = next(change["post"] for change in changes if change["state"] == "deleted")
    assert "body_html" not in killed
    assert "Salah tanggal." in killed["ednote"]


async def heard(client: httpx.AsyncClient, target: str, most: int, **headers: str) -> list[httpx_sse.ServerSentEvent]:
    """The first events that say something."""
    events: list[httpx_sse.ServerSentEvent] = []
    async with httpx_sse.aconnect_sse(client, "GET", target, headers=headers, timeout=40) as source:
        async for event in source.aiter_sse():
            if event.data:
                events.append(event)
            if len(events) == most:
                break
    return events


async def test_a_stream_resumes_where_its_line_broke(room):
    newest = await caught_up(room)
    every = await heard(room.client, f"{STREAM}?after=0", 10)
    assert [event.event for event in every] == ["change"] * 10
    assert every[-1].id == str(newest)
    # What the line's last number says goes before what the address says, as browsers need it.
    rest = await heard(room.client, f"{STREAM}?after=0", 4, **{"Last-Event-ID": every[5].id})
    assert [event.id for event in rest] == [event.id for event in every[6:]]
    changes = (await room.get(CHANGES)).json()["changes"]
    assert [event.json() for event in every] == changes


async def test_a_stream_begins_now_unless_it_is_told_otherwise(room):
    newest = await caught_up(room)
    async with room.client.stream("GET", f"{STREAM}?department=dinkes", timeout=40) as answer:
        lines = answer.aiter_lines()
        assert [await anext(lines) for _ in range(3)] == ["retry: 2000", f"id: {newest}", ""]
        await room.until("/metrics", lambda answer: "feedhub_http_waiting 1.0" in answer.text)
        assert "feedhub_http_streams 1.0" in (await room.get("/metrics")).text
        await room.publish(numbered(90), account=RESCUE)
        await room.publish(numbered(91))
        assert await anext(lines) == f"id: {newest + 2}"


async def test_a_stream_is_open_to_every_site_and_kept_by_nobody(room):
    head = await room.client.head(STREAM)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (head.headers["access-control-allow-origin"], head.headers["cache-control"]) == ("*", "no-store")
    options = await room.client.options(STREAM)
    assert (options.status_code, options.headers["access-control-allow-methods"]) == (204, "GET, HEAD, OPTIONS")
    assert (await room.client.post(STREAM)).status_code == 405
