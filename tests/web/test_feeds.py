"""Feeds: one address for each set of filters, in three formats, and the list of them all."""

from dataclasses import replace
from urllib.parse import urlsplit

import feedparser

from checkers import atom_faults, jsonfeed_faults, opml_faults, rss_faults
from web.newsroom import PUBLIC_URL, RESCUE, numbered

FAULTS = {"rss": rss_faults, "atom": atom_faults, "json": jsonfeed_faults}
MEDIA_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
MOVED = {
    "/feed.rss?department=dinkes": "/departments/dinkes/feed.rss",
    "/feed.atom?department=dinas-kesehatan": "/departments/dinkes/feed.atom",
    "/feed.json?kind=layanan": "/kinds/service/feed.json",
    "/feed.rss?kind=news&utm_source=surat": "/kinds/news/feed.rss",
    "/departments/dinas-kesehatan/feed.rss": "/departments/dinkes/feed.rss",
    "/departments/dinas-kesehatan/feed.atom?limit=5&gclid=1": "/departments/dinkes/feed.atom?limit=5",
    "/kinds/berita/feed.json": "/kinds/news/feed.json",
    "/kinds/News/feed.json?q=air+bersih": "/kinds/news/feed.json?q=air+bersih",
    "/feed.rss/": "/feed.rss",
    "/departments/dinkes/feed.rss/?limit=5": "/departments/dinkes/feed.rss?limit=5",
}
SELVES = {
    "/feed.rss": "/feed.rss",
    "/feed.rss?limit=50": "/feed.rss",
    "/feed.rss?utm_source=x&q=kabar&kind=news": "/feed.rss?kind=news&q=kabar",
    "/departments/dinkes/feed.atom": "/departments/dinkes/feed.atom",
    "/departments/dinkes/feed.atom?limit=5": "/departments/dinkes/feed.atom?limit=5",
    "/departments/dinkes/feed.json?kind=berita": "/feed.json?department=dinkes&kind=news",
    "/kinds/service/feed.rss?department=dinkes": "/feed.rss?department=dinkes&kind=service",
    "/feed.rss?department=bpbd,dinkes": "/feed.rss?department=bpbd,dinkes",
}


async def test_every_feed_is_valid_for_judges_that_know_nothing_of_us(newsroom):
    await newsroom.publish(numbered(11, title="Banjir & longsor <awas>"), account=RESCUE)
    await newsroom.withdraw(numbered(2))
    for path in ("/feed.{}", "/departments/dinkes/feed.{}", "/kinds/news/feed.{}", "/feed.{}?q=nothing-at-all"):
        for name, faults in FAULTS.items():
            answer = await newsroom.get(path.format(name))
            assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPES[name])
            assert faults(answer.content) == []


async def test_every_format_tells_the_same_posts_by_the_same_ids(newsroom):
    rss, atom = [feedparser.parse((await newsroom.get(f"/feed.{name}?limit=4")).content) for name in ("rss", "atom")]
    listed = (await newsroom.get("/api/v1/posts?limit=4")).json()["posts"]
    told = (await newsroom.get("/feed.json?limit=4")).json()["items"]
    ids = [post["uri"] for post in listed]
    assert len(ids) == 4
    assert [entry.id for entry in rss.entries] == [entry.id for entry in atom.entries] == ids
    assert [entry["id"] for entry in told] == ids
    assert [entry.link for entry in rss.entries] == [post["url"] for post in listed]


async def test_a_feed_has_one_address(newsroom):
    for target, canonical in MOVED.items():
        answer = await newsroom.get(target)
        assert (answer.status_code, answer.headers["location"]) == (308, PUBLIC_URL + canonical), target
        arrived = await newsroom.get(canonical)
        assert arrived.status_code == 200


async def test_a_feed_names_its_own_address(newsroom):
    for target, canonical in SELVES.items():
        answer = await newsroom.get(target)
        links = f'<{PUBLIC_URL}/hub>; rel="hub", <{PUBLIC_URL}{canonical}>; rel="self"'
        assert answer.headers["link"] == links, target
        again = await newsroom.get(canonical)
        assert again.content == answer.content


async def test_a_feed_links_to_the_page_of_the_same_posts(newsroom):
    for target, page in {
        "/feed.json": "/",
        "/departments/dinkes/feed.json": "/departments/dinkes",
        "/kinds/news/feed.json": "/search?kind=news",
        f"/feed.json?account={RESCUE.id}": f"/accounts/{RESCUE.id}",
    }.items():
        home = (await newsroom.get(target)).json()["home_page_url"]
        assert home == PUBLIC_URL + page
        assert (await newsroom.get(home.removeprefix(PUBLIC_URL))).status_code == 200


async def test_feeds_are_told_apart_by_their_titles_and_ids(newsroom):
    targets = ["/feed.atom", "/departments/dinkes/feed.atom", "/kinds/news/feed.atom", "/feed.atom?q=banjir"]
    feeds = [feedparser.parse((await newsroom.get(target)).content).feed for target in targets]
    assert len({feed.id for feed in feeds}) == len({feed.title for feed in feeds}) == 4
    assert [feed.title for feed in feeds][:2] == ["Kota Contoh", "Dinas Kesehatan · Kota Contoh"]


async def test_a_withdrawal_leaves_a_tombstone_and_no_words(newsroom):
    gone = await newsroom.withdraw(numbered(2))
    for name in ("rss", "atom"):
        answer = await newsroom.until(f"/feed.{name}", lambda answer: "Kabar 2<" not in answer.text)
        assert f'ref="urn:uuid:{gone}"' in answer.text


async def test_the_opml_lists_every_departments_feed(newsroom):
    answer = await newsroom.get("/feeds.opml")
    assert answer.headers["content-type"].startswith("text/x-opml")
    assert opml_faults(answer.content) == []
    for slug in ("dinkes", "bpbd"):
        url = f"{PUBLIC_URL}/departments/{slug}/feed.rss"
        assert url in answer.text
        assert (await newsroom.get(urlsplit(url).path)).status_code == 200


async def test_feeds_of_nothing_are_not_known(newsroom):
    for target in (
        "/feed.xml",
        "/departments/nobody/feed.rss",
        "/departments/%00/feed.rss",
        "/kinds/gossip/feed.rss",
        "/kinds/news/feed.exe",
    ):
        assert (await newsroom.get(target)).status_code == 404, target


async def test_an_edit_is_newer_than_what_it_edits(newsroom):
    before = feedparser.parse((await newsroom.get("/feed.atom")).content).entries[0]
    await newsroom.publish(replace(numbered(0), title="Kabar nol, diralat"))
    answer = await newsroom.until("/feed.atom", lambda answer: "diralat" in answer.text)
    after = feedparser.parse(answer.content).entries[0]
    assert (after.id, after.published) == (before.id, before.published)
