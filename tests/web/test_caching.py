"""Readers get what changed, once, and nothing when nothing did."""

import asyncio
import gzip
from dataclasses import replace
from itertools import product

import psycopg
import pytest
import zstandard

from web.newsroom import RESCUE, Newsroom, numbered, open_newsroom, serving

NORMAL = "public, max-age=60, stale-while-revalidate=60, stale-if-error=3600"
CDN = "max-age=5, stale-while-revalidate=10, stale-if-error=3600"
LISTS = ["/feed.rss", "/feed.atom", "/feed.json", "/feeds.opml", "/api/v1/posts", "/api/v1/departments", "/", "/docs"]


async def test_whoever_has_an_answer_is_told_so_in_every_way_of_asking(newsroom):
    for target, coding in product(LISTS, ["identity", "gzip", "zstd"]):
        first = await newsroom.get(target, accept_encoding=coding)
        tag, at = first.headers["etag"], first.headers["last-modified"]
        knows = [tag, f"W/{tag}", f'"0", {tag}', f'{tag}, "0"', tag[:-1] + '-gzip"', tag.replace("-zstd", ""), "*"]
        for said in knows:
            again = await newsroom.get(target, accept_encoding=coding, if_none_match=said)
            assert (again.status_code, again.content) == (304, b""), said
            for name in ("etag", "last-modified", "cache-control", "cdn-cache-control", "vary"):
                assert again.headers[name] == first.headers[name]
            assert "content-type" not in again.headers
        unmodified = await newsroom.get(target, accept_encoding=coding, if_modified_since=at)
        assert unmodified.status_code == 304


async def test_whoever_has_something_else_gets_it_whole(newsroom):
    for headers in (
        {"if_none_match": '"0"'},
        {"if_none_match": "nonsense"},
        {"if_none_match": '"0"', "if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"if_modified_since": "Thu, 19 Nov 2026 00:00:00 GMT"},
        {"if_modified_since": "not a date"},
        {"if_modified_since": "Thu, 99 Nov 99999999999999999 00:00:00 GMT"},
    ):
        assert (await newsroom.get("/feed.rss", **headers)).status_code == 200


async def test_last_modified_is_the_newest_public_change(newsroom):
    assert (await newsroom.get("/feed.rss")).headers["last-modified"] == "Fri, 20 Nov 2026 03:00:00 GMT"
    await newsroom.withdraw(numbered(3))
    later = await newsroom.until(
        "/feed.rss", lambda answer: answer.headers["last-modified"] == "Fri, 20 Nov 2026 04:00:00 GMT"
    )
    assert later.status_code == 200


async def test_two_changes_in_one_second_are_told_apart(room):
    before = await room.get("/feed.rss")
    await room.publish(numbered(60, title="Susulan"))
    after = await room.until("/feed.rss", lambda answer: "Susulan" in answer.text)
    at = before.headers["last-modified"]
    assert after.headers["last-modified"] == at
    assert "Susulan" in (await room.get("/feed.rss", if_modified_since=at)).text


async def test_each_coding_has_its_own_strong_etag_and_the_same_content(newsroom):
    plain, zipped, zstd = [
        await _raw(newsroom, "/feed.atom", coding) for coding in ("identity", "gzip;q=0.5", "gzip, zstd")
    ]
    assert len({tag for tag, _, _ in (plain, zipped, zstd)}) == 3
    assert not any(tag.startswith("W/") for tag, _, _ in (plain, zipped, zstd))
    assert [coding for _, coding, _ in (plain, zipped, zstd)] == [None, "gzip", "zstd"]
    assert gzip.decompress(zipped[2]) == plain[2] == zstandard.ZstdDecompressor().decompress(zstd[2])
    assert len(zstd[2]) < len(plain[2]) / 3


async def test_two_processes_answer_with_the_same_bytes_and_etags(store):
    await open_newsroom(store)
    async with serving(store.database_url) as one, serving(store.database_url) as two:
        await Newsroom(store, one).publish(*(numbered(number) for number in range(3)))
        for target in LISTS:
            for coding in ("identity", "gzip", "zstd"):
                answers = [await client.get(target, headers={"Accept-Encoding": coding}) for client in (one, two)]
                assert answers[0].content == answers[1].content
                kept = [{**answer.headers, "date": ""} for answer in answers]
                assert kept[0] == kept[1]


async def test_a_withdrawal_shows_within_two_seconds_everywhere(newsroom):
    post = numbered(4)
    targets = ["/feed.rss", "/feed.atom", "/feed.json", "/api/v1/posts", "/", "/departments/dinkes/feed.rss"]
    for target in targets:
        assert post.title in (await newsroom.get(target)).text
    gone = await newsroom.withdraw(post)
    for target in targets:
        await newsroom.until(target, lambda answer: post.title not in answer.text)
    assert (await newsroom.get(f"/api/v1/posts/{gone}")).status_code == 410


async def test_an_etag_stays_while_only_others_change(newsroom):
    before = await newsroom.get("/departments/dinkes/feed.rss")
    await newsroom.publish(replace(numbered(50), title="Banjir"), account=RESCUE)
    await newsroom.until("/feed.rss", lambda answer: "Banjir" in answer.text)
    after = await newsroom.get("/departments/dinkes/feed.rss", if_none_match=before.headers["etag"])
    assert after.status_code == 304


async def test_cache_headers_are_those_of_the_contract(newsroom):
    for target in LISTS:
        answer = await newsroom.get(target)
        assert (answer.headers["cache-control"], answer.headers["cdn-cache-control"]) == (NORMAL, CDN)
        assert answer.headers["vary"] in {"Accept-Encoding", "Accept-Encoding, Sec-Fetch-Dest"}
    post = (await newsroom.get("/api/v1/posts?limit=1")).json()["posts"][0]
    page = await newsroom.get(f"/posts/{post['id']}")
    assert page.headers["cache-control"].startswith("public, max-age=10,")
    for target in ("/livez", "/readyz", "/metrics", "/api/v1/posts?limit=0", "/nothing"):
        assert (await newsroom.get(target)).headers["cache-control"] == "no-store"


async def test_equivalent_queries_share_one_copy(newsroom):
    first = await newsroom.get("/api/v1/posts?department=dinkes,bpbd&kind=news&utm_source=surat&fbclid=1")
    made = await _rendered(newsroom)
    for query in (
        "kind=news&department=bpbd&department=dinkes",
        "department=bpbd,,dinkes,%20&kind=NEWS&q=&mc_cid=7",
        "department=dinkes%2Cbpbd&kind=news&igsh=x&gclid=y",
    ):
        assert (await newsroom.get(f"/api/v1/posts?{query}")).content == first.content
    assert await _rendered(newsroom) == made


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_readers_keep_reading_while_the_store_is_out_of_reach(newsroom, postgres_url):
    first = await newsroom.get("/feed.rss")
    await asyncio.to_thread(_shut_out, postgres_url, newsroom.store.database_url)
    stale = await newsroom.until("/feed.rss", lambda answer: "feedhub-stale" in answer.headers)
    assert (stale.status_code, stale.content, stale.headers["etag"]) == (200, first.content, first.headers["etag"])
    assert (await newsroom.get("/feed.rss", if_none_match=first.headers["etag"])).status_code == 304
    unseen = await newsroom.get("/feed.json")
    assert (unseen.status_code, unseen.headers["retry-after"]) == (503, "5")
    assert unseen.json()["type"] == "https://kabar.example/docs#busy"
    assert (await newsroom.get("/departments")).headers["content-type"] == "text/html; charset=utf-8"
    assert (await newsroom.get("/readyz")).status_code == 503
    assert (await newsroom.get("/livez")).status_code == 200
    assert "feedhub_store_up 0.0" in (await newsroom.get("/metrics")).text


async def test_an_answer_that_can_not_be_renewed_is_better_than_none(sqlite_url, tmp_path):
    async with serving(sqlite_url) as client:
        first = await client.get("/feed.rss")
        (tmp_path / "feedhub.sqlite").write_bytes(b"this is no database any more" * 1000)
        (tmp_path / "feedhub.sqlite-wal").unlink(missing_ok=True)
        room = Newsroom(None, client)
        stale = await room.until("/feed.rss", lambda answer: "feedhub-stale" in answer.headers)
        assert (stale.status_code, stale.content) == (200, first.content)
        broken = await client.get("/feed.json")
        assert (broken.status_code, broken.headers["content-type"]) == (500, "application/problem+json")
        assert "sqlite" not in broken.text.lower()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_nothing_that_was_taken_back_stands_in(newsroom, postgres_url):
    for target in ("/feed.rss", "/feed.json"):
        await newsroom.until(target, lambda answer: "Kabar 9" in answer.text)
    await newsroom.withdraw(numbered(9))
    await newsroom.until("/feed.json", lambda answer: "Kabar 9" not in answer.text)
    await asyncio.to_thread(_shut_out, postgres_url, newsroom.store.database_url)
    answer = await newsroom.get("/feed.rss")
    assert ("Kabar 9" in answer.text, answer.status_code) == (False, 503)


async def _raw(newsroom: Newsroom, target: str, coding: str) -> tuple[str, str | None, bytes]:
    async with newsroom.client.stream("GET", target, headers={"Accept-Encoding": coding}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    return answer.headers["etag"], answer.headers.get("content-encoding"), body


def _shut_out(server: str, database_url: str) -> None:
    """End every connection of a database, and let nobody in."""
    name = database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


async def _rendered(newsroom: Newsroom) -> str:
    lines = (await newsroom.get("/metrics")).text.splitlines()
    return next(line for line in lines if line.startswith("feedhub_http_rendered_total"))
