"""Whole months as files: what is in them, that they stay true, and what portals read of them."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta

import lxml.html
import pytest

from checkers import api_faults
from feedhub.posts.post import PostType
from judges import dcat_faults
from posts_made import made_post
from web.newsroom import NOW, PUBLIC_URL, numbered

BEFORE = NOW - timedelta(days=31)


def posts_in(answer):
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/gzip")
    return [json.loads(line) for line in gzip.decompress(answer.content).splitlines()]


async def test_a_month_holds_each_of_its_posts_as_the_api_writes_it(newsroom):
    old = made_post(native_id="lama", title="Lama", published_at=BEFORE, type=PostType.REPLY)
    # In Jakarta this is of November already.
    edge = made_post(native_id="batas", title="Batas", published_at=BEFORE.replace(day=31, hour=17, minute=30))
    await newsroom.publish(old, edge)
    posts = posts_in(await newsroom.get("/data/2026-11.ndjson.gz"))
    assert [post["title"] for post in posts] == ["Batas", *(f"Kabar {number}" for number in reversed(range(10)))]
    for post in posts:
        assert api_faults(post) == []
        assert post == (await newsroom.get(f"/api/v1/posts/{post['id']}")).json()
    assert [post["title"] for post in posts_in(await newsroom.get("/data/2026-10.ndjson.gz"))] == ["Lama"]


async def test_a_withdrawal_leaves_the_file_and_other_months_stay_as_they_are(newsroom):
    await newsroom.publish(made_post(native_id="lama", title="Lama", published_at=BEFORE))
    first, old = [await newsroom.get(f"/data/2026-{month}.ndjson.gz") for month in (11, 10)]
    again = await newsroom.get("/data/2026-11.ndjson.gz")
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert (await newsroom.get("/data/2026-11.ndjson.gz", if_none_match=first.headers["etag"])).status_code == 304
    gone = await newsroom.withdraw(numbered(4))
    after = await newsroom.get("/data/2026-11.ndjson.gz", if_none_match=first.headers["etag"])
    assert gone not in [post["id"] for post in posts_in(after)]
    await newsroom.publish(replace(numbered(5), title="Diubah"))
    edited = await newsroom.get("/data/2026-11.ndjson.gz", if_none_match=after.headers["etag"])
    assert "Diubah" in [post["title"] for post in posts_in(edited)]
    assert (await newsroom.get("/data/2026-10.ndjson.gz", if_none_match=old.headers["etag"])).status_code == 304


async def test_whoever_moves_to_another_month_leaves_the_first(room):
    first = await room.get("/data/2026-11.ndjson.gz")
    await room.publish(replace(numbered(9), published_at=BEFORE))
    left = await room.get("/data/2026-11.ndjson.gz", if_none_match=first.headers["etag"])
    assert "Kabar 9" not in [post["title"] for post in posts_in(left)]
    assert [post["title"] for post in posts_in(await room.get("/data/2026-10.ndjson.gz"))] == ["Kabar 9"]


async def test_a_file_can_be_asked_about_without_being_sent(room):
    whole = await room.get("/data/2026-11.ndjson.gz")
    head = await room.client.head("/data/2026-11.ndjson.gz")
    for name in ("content-length", "etag", "content-type", "cache-control", "access-control-allow-origin"):
        assert head.headers[name] == whole.headers[name], name
    assert (head.content, int(head.headers["content-length"])) == (b"", len(whole.content))
    assert "access-control-allow-methods" in (await room.client.options("/data/2026-11.ndjson.gz")).headers


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/data/", 308),
        ("/data/2026-12.ndjson.gz", 404),
        ("/data/2026-13.ndjson.gz", 404),
        ("/data/2026-11.ndjson", 404),
        ("/data/..%2Ffeed.rss", 404),
        ("/data/2026-11.ndjson.gz?since=2026-11-02", 422),
    ],
)
async def test_there_is_nothing_else(room, target, status):
    assert (await room.get(target)).status_code == status


async def test_people_find_the_files_in_both_languages(room):
    for path, words in {"/data": "November 2026", "/en/data": "November 2026"}.items():
        page = lxml.html.document_fromstring((await room.get(path)).text)
        (link,) = page.xpath("//main//a[@download]")
        assert (link.get("href"), link.text) == ("/data/2026-11.ndjson.gz", words)
        assert page.xpath("//link[@type='application/ld+json']/@href") == [f"{PUBLIC_URL}/data/catalog.jsonld"]


async def test_portals_find_the_files_and_their_licence(room):
    answer = await room.get("/data/catalog.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert dcat_faults(answer.content) == []
    assert (await room.get("/data/catalog.jsonld", if_none_match=answer.headers["etag"])).status_code == 304
    (dataset,) = answer.json()["dcat:dataset"]
    (file,) = dataset["dcat:distribution"]
    assert file["dcat:downloadURL"] == {"@id": f"{PUBLIC_URL}/data/2026-11.ndjson.gz"}
    assert dataset["dct:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert dataset["dct:temporal"]["dcat:endDate"]["@value"] == "2026-11-20"
