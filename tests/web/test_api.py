"""The JSON API, asked over a socket on both databases."""

from dataclasses import replace
from itertools import product
from uuid import uuid4

from feedhub.posts.decisions import post_id
from feedhub.posts.post import PostType
from feedhub.store.register_keeping import import_register
from web.newsroom import CITY, CLINIC, NOW, PUBLIC_URL, RESCUE, numbered


async def test_a_walk_by_cursor_meets_every_post_once_while_others_arrive(newsroom):
    await newsroom.publish(*(numbered(number) for number in range(10, 40)))
    met, target, pages = [], "/api/v1/posts?limit=7", 0
    while target:
        page = await newsroom.get(target)
        assert page.status_code == 200
        met += [post["title"] for post in page.json()["posts"]]
        following = page.json()["next"]
        assert page.headers.get("link") == (f'<{following}>; rel="next"' if following else None)
        target = following and following.removeprefix(PUBLIC_URL)
        pages += 1
        await newsroom.publish(numbered(-pages, title="Baru"))
    assert met == [f"Kabar {number}" for number in range(40)]
    assert pages == 6


async def test_a_cursor_of_other_filters_or_another_hand_is_refused(newsroom):
    following = (await newsroom.get("/api/v1/posts?limit=2&department=dinkes")).json()["next"].removeprefix(PUBLIC_URL)
    for target in (
        following.replace("department=dinkes", "department=bpbd"),
        following.replace("&department=dinkes", "").replace("department=dinkes&", ""),
        following[:-1],
        following[:-4] + "AAAA",
        "/api/v1/posts?cursor=1",
    ):
        answer = await newsroom.get(target)
        assert (answer.status_code, answer.json()["parameter"]) == (422, "cursor")
    assert (await newsroom.get(following.replace("limit=2", "limit=3"))).json()["posts"][0]["title"] == "Kabar 2"


async def test_filters_narrow_and_combine(newsroom):
    await newsroom.publish(
        numbered(20, title="Banjir di hilir", language="en"),
        numbered(21, title="Jawaban", type=PostType.REPLY),
        account=RESCUE,
    )
    for query, count in {
        "department=dinkes": 10,
        "department=dinas-kesehatan": 10,
        "group=Badan": 1,
        "area=Mayangan": 1,
        "area=Nowhere": 0,
        f"account={RESCUE.id}": 1,
        "platform=mastodon": 1,
        "type=reply": 1,
        "type=reply,original": 12,
        "kind=layanan": 5,
        "kind=layanan&department=bpbd": 0,
        "tag=imunisasi": 7,
        "tag=nobody-used-this": 0,
        "language=en": 1,
        "q=banjir": 1,
        "q=-banjir": 10,
        'q="di hilir"': 1,
        "q=ban*": 1,
        "q=*": 0,
        "q=)(": 0,
        "q=a%00b": 0,
        f"since={(NOW).strftime('%Y-%m-%dT%H:%M:%SZ')}": 1,
        "until=2026-11-20T02:55:00Z": 5,
        "until=2026-11-20T09:55:00 07:00": 5,
        "since=2026-11-21": 0,
        "limit=3": 3,
    }.items():
        answer = await newsroom.get(f"/api/v1/posts?{query}")
        assert (answer.status_code, len(answer.json()["posts"])) == (200, count), query


async def test_a_post_is_told_in_the_contracts_shape_wherever_it_stands(newsroom):
    listed = (await newsroom.get("/api/v1/posts?limit=1")).json()["posts"][0]
    assert (await newsroom.get(f"/api/v1/posts/{listed['id']}")).json() == listed
    assert (await newsroom.get(f"/api/v1/posts/{listed['id'].upper()}")).json() == listed
    assert listed["url"] == f"{PUBLIC_URL}/posts/{listed['id']}"
    assert listed["published_at"] == "2026-11-20T10:00:00+07:00"


async def test_versions_are_kept_newest_first(newsroom):
    await newsroom.publish(numbered(0, title="Kabar nol, diralat"))
    edited = post_id(CLINIC.id, "post-0")
    told = (await newsroom.get(f"/api/v1/posts/{edited}/versions")).json()
    assert [(each["version"], each["title"]) for each in told["posts"]] == [(2, "Kabar nol, diralat"), (1, "Kabar 0")]
    assert told["next"] is None


async def test_a_withdrawn_post_is_gone_with_its_reason_and_without_its_words(newsroom):
    gone = await newsroom.withdraw(numbered(3), reason="Tanggalnya keliru.")
    for target in (f"/api/v1/posts/{gone}", f"/api/v1/posts/{gone}/versions"):
        answer = await newsroom.get(target)
        assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json")
        told = answer.json()
        assert (told["reason"], told["post_status"], told["id"]) == ("Tanggalnya keliru.", "withdrawn", gone)
        assert "Kabar 3" not in answer.text


async def test_what_was_never_public_is_not_known(newsroom):
    names = ["x", "1", str(uuid4()), "%00", "%2e%2e", "a" * 3000, "{id}"]
    for pattern, name in product(["/api/v1/posts/{}", "/api/v1/posts/{}/versions", "/api/v1/accounts/{}"], names):
        target = pattern.format(name)
        answer = await newsroom.get(target)
        assert (answer.status_code, answer.json()["status"]) == (404, 404)


async def test_the_register_is_told_without_its_private_parts(newsroom):
    departments = (await newsroom.get("/api/v1/departments")).json()["departments"]
    assert {each["slug"] for each in departments} == {"dinkes", "bpbd"}
    accounts = (await newsroom.get("/api/v1/accounts")).json()["accounts"]
    assert {each["id"] for each in accounts} == {str(CLINIC.id), str(RESCUE.id)}
    assert (await newsroom.get(f"/api/v1/accounts/{CLINIC.id}")).json() in accounts
    only = (await newsroom.get("/api/v1/accounts?department=bpbd&platform=mastodon")).json()["accounts"]
    assert [each["id"] for each in only] == [str(RESCUE.id)]
    kinds = (await newsroom.get("/api/v1/kinds")).json()["kinds"]
    assert kinds[0]["kind"] == "emergency"
    assert "contacts" not in (departments[0].keys() | accounts[0].keys())


async def test_a_change_to_the_register_shows(newsroom):
    assert (await newsroom.get("/feed.json")).json()["title"] == "Kota Contoh"
    renamed = replace(CITY, publisher=replace(CITY.publisher, name="Kota Baru"))
    await newsroom.store.write(import_register, renamed, retire_missing=False, at=1795150000000)
    await newsroom.until("/feed.json", lambda answer: answer.json()["title"] == "Kota Baru")
