"""What crawlers find: sitemaps that follow every change, robots.txt, security.txt."""

from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from feedhub.posts.post import PostType
from feedhub.store.sitemap import sitemap_parts
from judges import MAP, NEWS, XHTML, sitemap_faults
from posts_made import made_post
from web.newsroom import NOW, PUBLIC_URL, numbered, serving

CONTACT = "aman@kota.example"


def told(answer):
    """Addresses and when what is there changed."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml; charset=utf-8")
    assert sitemap_faults(answer.content) == []
    root = etree.fromstring(answer.content)
    return {place.findtext(f"{MAP}loc").removeprefix(PUBLIC_URL): place.findtext(f"{MAP}lastmod") for place in root}


async def whole_map(room):
    """Every address that the index leads to."""
    found = {}
    for path in told(await room.get("/sitemap.xml")):
        found |= told(await room.get(path))
    return found


async def test_every_listed_post_and_every_page_is_in_the_map_and_large_months_are_told_by_days(newsroom):
    reply = made_post(native_id="balasan", type=PostType.REPLY, published_at=NOW)
    old = [made_post(native_id=f"lama-{year}", published_at=NOW.replace(year=year)) for year in (1970, 2019, 2024)]
    await newsroom.publish(reply, *old)
    assert list(told(await newsroom.get("/sitemap.xml")))[-3:] == [
        "/sitemap/2026-11.xml",
        "/sitemap/2024-11.xml",
        "/sitemap/2019-11.xml",
    ]
    found = await whole_map(newsroom)
    posts = [post for post in (await newsroom.get("/api/v1/posts")).json()["posts"] if post["published_at"] > "1971"]
    assert {path for path in found if path.startswith("/posts/")} == {f"/posts/{post['id']}" for post in posts}
    for path in ("/", "/en/departments", "/departments/dinkes", "/en/departments/bpbd", "/data"):
        assert path in found
        assert (await newsroom.get(path)).status_code == 200
    by_days = await newsroom.store.read(sitemap_parts, most=5)
    assert [(str(part.begins), part.days) for part in by_days][:2] == [("2026-11-20", 1), ("2024-11-01", 30)]
    assert len(told(await newsroom.get("/sitemap/2026-11-20.xml"))) == 10


async def test_a_withdrawn_post_leaves_and_its_month_is_newer(room):
    before = told(await room.get("/sitemap/2026-11.xml"))
    gone = await room.withdraw(numbered(1))
    after = told(await room.until("/sitemap/2026-11.xml", lambda answer: gone not in answer.text))
    assert set(before) - set(after) == {f"/posts/{gone}"}
    index = told(await room.get("/sitemap.xml"))
    assert index["/sitemap/2026-11.xml"] == (NOW + timedelta(hours=1)).isoformat()


async def test_each_place_names_its_page_in_the_other_language(room):
    root = etree.fromstring((await room.get("/sitemap/2026-11.xml")).content)
    for place in root:
        path = place.findtext(f"{MAP}loc").removeprefix(PUBLIC_URL)
        links = {link.get("hreflang"): link.get("href") for link in place.iter(f"{XHTML}link")}
        assert links == {
            lang: f"{PUBLIC_URL}{step}{path}" for lang, step in (("id", ""), ("en", "/en"), ("x-default", ""))
        }
        assert (await room.get(f"/en{path}")).status_code == 200


async def test_news_are_those_of_two_days(room):
    now = datetime.now(UTC)
    fresh = made_post(native_id="baru", title="Baru <saja>", published_at=now - timedelta(hours=30), language="en-GB")
    stale = made_post(native_id="usang", title="Usang", published_at=now - timedelta(hours=50))
    await room.publish(fresh, stale, now=now)
    answer = await room.until("/sitemap.xml", lambda answer: "/sitemap/news.xml" in answer.text)
    assert sitemap_faults(answer.content) == []
    answer = await room.get("/sitemap/news.xml")
    assert sitemap_faults(answer.content) == []
    news = {title.text: title.getparent() for title in etree.fromstring(answer.content).iter(f"{NEWS}title")}
    assert "Usang" not in news
    assert news["Baru <saja>"].findtext(f"{NEWS}publication/{NEWS}language") == "en"


@pytest.mark.parametrize("name", ["2026-13", "2026-09", "2026-11-31", "news-1", "1066-10", "2026-1-01"])
async def test_there_are_no_other_parts(room, name):
    assert (await room.get(f"/sitemap/{name}.xml")).status_code == 404


async def test_crawlers_are_led_to_the_map_and_away_from_searches(room):
    robots = RobotFileParser()
    robots.parse((await room.get("/robots.txt")).text.splitlines())
    assert robots.site_maps() == [f"{PUBLIC_URL}/sitemap.xml"]
    assert robots.can_fetch("*", f"{PUBLIC_URL}/posts/1")
    assert not robots.can_fetch("*", f"{PUBLIC_URL}/search?q=a")


async def test_security_txt_is_there_where_a_contact_is(room, sqlite_url):
    assert (await room.get("/.well-known/security.txt")).status_code == 404
    async with serving(sqlite_url, contact=CONTACT) as client:
        answer = await client.get("/.well-known/security.txt")
        about = await client.get("/about")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (fields["Contact"], fields["Canonical"]) == (f"mailto:{CONTACT}", f"{PUBLIC_URL}/.well-known/security.txt")
    assert timedelta(days=170) < datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC) < timedelta(days=181)
    assert f'id="{fields["Policy"].partition("#")[2]}"' in about.text
