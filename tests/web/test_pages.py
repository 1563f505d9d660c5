"""The pages for people, over HTTP."""

import re
from urllib.parse import urlsplit

import lxml.html
import pytest
import pytest_asyncio

from views.made_pages import FLOOD, HEALTH_SITE, HOSTILE, POSTS, VACCINES
from views.page_rules import faults
from web.pages_served import WITHDRAWN, served

MOST_PAGES = 160


@pytest_asyncio.fixture
async def city(sqlite_url):
    async with served(sqlite_url) as running:
        yield running


def tree_of(answer):
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return lxml.html.document_fromstring(answer.text)


async def test_every_link_within_the_pages_leads_somewhere(city):
    seen, left = set(), ["/"]
    while left:
        path = left.pop(0)
        if path in seen or len(seen) >= MOST_PAGES:
            continue
        seen.add(path)
        answer = await city.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html") or path == "/docs":
            continue
        assert faults(answer.text, host=urlsplit(city.url).netloc) == [], path
        for url in tree_of(answer).xpath("//a/@href | //link[@rel != 'hub']/@href"):  # a hub is posted to
            mine = url.removeprefix(city.url)
            if mine.startswith("/"):
                left.append(mine.partition("#")[0])
    assert {"/", "/departments", "/search", "/status", "/widget", "/departments/dinkes", "/feeds.opml"} <= seen
    assert f"/posts/{FLOOD.id}" in seen
    assert f"/accounts/{HEALTH_SITE.id}" in seen


async def test_page_and_its_feed_hold_the_same_posts(city):
    for path in (
        "/?limit=50",
        "/departments/dinkes",
        "/search?q=imunisasi",
        "/?kind=service,emergency",
        "/search?tag=siaga",
    ):
        page = tree_of(await city.get(path))
        feed = await city.client.get(page.xpath("//link[@type='application/feed+json']/@href")[0])
        shown = [urlsplit(url).path for url in page.xpath("//h2[@class='card-title']/a/@href")]
        living = [one for one in feed.json()["items"] if one["id"] != WITHDRAWN.id.urn]
        assert [urlsplit(one["url"]).path for one in living] == shown
        assert shown


async def test_older_posts_follow_without_gap_or_repetition(city):
    path, titles = "/?limit=3", []
    while path:
        page = tree_of(await city.get(path))
        titles += page.xpath("//h2[@class='card-title']/a/@href")
        path = next(iter(page.xpath("//a[@rel='next']/@href")), None)
    assert len(titles) == len(set(titles)) == len(POSTS) + len(HOSTILE)
    assert (await city.get("/?limit=3&before=mine")).status_code == 422


async def test_former_slug_moves_for_good(city):
    answer = await city.get("/departments/dinkes-lama?kind=service")
    assert (answer.status_code, answer.headers["location"]) == (308, f"{city.url}/departments/dinkes?kind=service")


async def test_withdrawn_post_is_gone_with_its_reason_and_without_its_content(city):
    answer = await city.get(f"/posts/{WITHDRAWN.id}")
    assert answer.status_code == 410
    assert "Memuat data pribadi warga." in answer.text
    assert "ditarik oleh Kota Tirtasari" in answer.text
    assert "WWWW" not in answer.text
    assert not [
        path
        for path in ("/?limit=50", "/departments/dinkes", "/search?q=rahasia")
        if "rahasia yang" in (await city.get(path)).text
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/posts/5b1c7a2e-7d0a-5a3e-9c54-0f3c0d6f4c11", 404),
        ("/posts/x", 404),
        ("/accounts/x", 404),
        ("/departments/x", 404),
        ("/static/x.css", 404),
        ("/nowhere", 404),
        ("/search?kind=gossip", 422),
        ("/?limit=0", 422),
    ],
)
async def test_what_is_not_there_is_said_on_a_page(city, path, status):
    answer = await city.get(path)
    assert answer.status_code == status
    if not path.startswith("/static"):
        assert faults(answer.text, host=urlsplit(city.url).netloc) == []


async def test_pages_pay_no_heed_to_what_they_do_not_know(city):
    plain, odd = await city.get("/search?q=air"), await city.get("/search?q=air&utm_source=x&frame=1&department=&kind=")
    links = [tree_of(one).xpath("//link[@rel='canonical']/@href") for one in (plain, odd)]
    assert odd.status_code == 200
    assert links[0] == links[1] == [f"{city.url}/search?q=air"]


async def test_page_that_has_not_changed_is_not_sent_again(city):
    path = f"/posts/{VACCINES.id}"
    first = await city.get(path)
    again = await city.get(path, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age=10" in first.headers["cache-control"]
    assert "script-src 'self';" in first.headers["content-security-policy"]
    assert "default-src 'none'" in first.headers["content-security-policy"]


async def test_style_may_be_kept_for_ever_under_its_version(city):
    href = tree_of(await city.get("/")).xpath("//link[@rel='stylesheet']/@href")[0]
    assert re.fullmatch(r"/static/feedhub\.css\?v=[0-9a-f]{8}", href)
    named, other = await city.get(href), await city.get("/static/feedhub.css?v=00000000")
    assert "immutable" in named.headers["cache-control"]
    assert "immutable" not in other.headers["cache-control"]
    assert named.content == other.content


async def test_status_is_never_an_old_copy(city):
    assert (await city.get("/status")).headers["cache-control"] == "no-store"
