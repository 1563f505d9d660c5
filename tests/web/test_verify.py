"""Is this official? Asked of a real store, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import pytest_asyncio

from feedhub.accounts.account import Account, Department, Platform, Register
from feedhub.store.register_keeping import import_register
from feedhub.store.times import to_ms
from web.newsroom import CITY, numbered

CHECKED = {"verified_at": date(2026, 11, 1), "evidence": "https://dinkes.example/kontak"}
PICTURES = Account(
    key="ig",
    platform=Platform.INSTAGRAM,
    department="dinkes",
    handle="dinkes.kotaprobolinggo",
    url="https://www.instagram.com/dinkes.kotaprobolinggo/",
    **CHECKED,
)
SITE = Account(
    key="site", platform=Platform.WEBFEED, department="dinkes", url="https://dinkes-kota.example/feed/", **CHECKED
)
NEWS = replace(numbered(50), source_url="https://x.com/bpbdkota/status/17", native_id="17")
SHORT = Account(key="x", platform=Platform.X, department="bpbd", handle="bpbdkota", **CHECKED)


@pytest_asyncio.fixture
async def desk(newsroom):
    more = Register(
        publisher=CITY.publisher,
        departments=(*CITY.departments, Department(slug="kota", name="Kota")),
        accounts=(PICTURES, SITE, SHORT),
    )
    await newsroom.store.write(import_register, more, retire_missing=False, at=to_ms(datetime.now(UTC)))
    await newsroom.publish(NEWS, account=SHORT)
    return newsroom


async def asked(desk, url):
    answer = await desk.client.get("/api/v1/verify", params={"url": url})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert list(told) == [
        *("url", "official", "collected", "account", "post", "problem", "remedy", "look_alike_of"),
    ]
    assert (told["problem"] is None) == (told["remedy"] is None)
    return told


async def test_an_account_is_found_by_any_of_its_addresses(desk):
    for url in ("https://www.instagram.com/dinkes.kotaprobolinggo/", "instagram.com/Dinkes.KotaProbolinggo?igsh=x"):
        told = await asked(desk, url)
        assert (told["official"], told["account"]["id"]) == (True, str(PICTURES.id))
        assert "was not visited yet" in told["problem"]


@pytest.mark.parametrize(
    "url",
    [
        "https://x.com/bpbdkota/status/17",
        "https://twitter.com/bpbdkota/status/17?s=20",
        "https://x.com/i/web/status/17",
        "https://mobile.twitter.com/bpbdkota/status/17/photo/1",
    ],
)
async def test_a_post_is_found_by_any_of_its_addresses(desk, url):
    told = await asked(desk, url)
    assert (told["official"], told["collected"], told["problem"]) == (True, True, None)
    assert told["post"]["status"] == "live"
    assert told["post"]["source_url"] == "https://x.com/bpbdkota/status/17"
    assert told["account"]["handle"] == "bpbdkota"
    own = await asked(desk, told["post"]["url"])
    assert own["post"] == told["post"]


async def test_a_post_that_the_city_took_back_says_why(desk):
    await desk.withdraw(NEWS, account=SHORT)
    told = await asked(desk, "https://x.com/bpbdkota/status/17")
    assert (told["collected"], told["post"]["status"], told["post"]["source_url"]) == (False, "withdrawn", None)
    assert told["problem"] == "The city took this post back. Tanggalnya keliru."


@pytest.mark.parametrize(
    ("url", "words", "remedy"),
    [
        ("https://www.instagram.com/stories/dinkes.kotaprobolinggo/1/", "story", "publish as a post"),
        ("https://www.linkedin.com/in/budi", "a person's own account", "inbox"),
        ("https://www.facebook.com/groups/warga", "a group", "own page"),
        ("https://vm.tiktok.com/ZSabc/", "short link", "Open it in a browser"),
        ("https://www.instagram.com/warga.biasa/", "No account of this address", "1. let the department link"),
        ("https://www.instagram.com/p/C0abcDEF/", "no registered account that published it", "profile"),
        ("https://dinkes-kota.example/berita/1", "was not visited yet", "Wait"),
        ("zz", "No account of this address", "register"),
        ("https://[", "No account of this address", "register"),
        ("https://kabar.example/posts/00000000-0000-4000-8000-000000000000", "No account", "register"),
    ],
)
async def test_what_is_not_collected_says_why_and_what_to_do(desk, url, words, remedy):
    told = await asked(desk, url)
    assert (told["collected"], told["post"]) == (False, None)
    assert words in told["problem"]
    assert remedy in told["remedy"]


async def test_a_look_alike_is_named(desk):
    told = await asked(desk, "https://www.instagram.com/dinkes.kotaprobolingg0/")
    assert (told["official"], told["look_alike_of"]["id"]) == (False, str(PICTURES.id))
    assert told["problem"].startswith("dinkes.kotaprobolingg0 looks like dinkes.kotaprobolinggo, which is official")
    site = await asked(desk, "https://dinkeskota.example/")
    assert site["look_alike_of"]["id"] == str(SITE.id)


async def test_the_page_says_the_same_in_words(desk):
    page = await desk.client.get("/verify")
    assert page.status_code == 200
    assert '<form class="search-form' in page.text
    page = await desk.client.get("/verify", params={"url": "https://x.com/bpbdkota/status/17"})
    assert "Dikumpulkan di sini." in page.text
    assert "Diperiksa" in page.text or "verified" in page.text
    page = await desk.client.get("/verify", params={"url": "https://www.instagram.com/dinkes.kotaprobolingg0/"})
    assert "mirip dengan dinkes.kotaprobolinggo" in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_a_question_without_an_address_is_refused(desk):
    for query in ("", "?url=", "?url=a&url=b", "?address=x", "?url=" + "a" * 4_001):
        assert (await desk.client.get(f"/api/v1/verify{query}")).status_code == 422
