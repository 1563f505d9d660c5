"""From a site's address to its feeds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedhub.connectors.discovery import MAX_ASKED, discover_feeds
from feedhub.connectors.http import Http
from feedhub.connectors.page_links import header_links, page_links, usual_places
from feedhub.failures import AddressRefused, Challenged, Forbidden, NotAFeed, NotFound, RateLimited, VisitFailed
from standins import answer, redirect, standin

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
HTML = {"Content-Type": "text/html; charset=utf-8"}


def rss(title="Kabar", count=2):
    entries = "".join(f"<item><guid>{number}</guid><title>Kabar {number}</title></item>" for number in range(count))
    return answer(body=f"<rss version='2.0'><channel><title>{title}</title>{entries}</channel></rss>".encode())


def atom(title="Kabar", count=2):
    entries = "".join(f"<entry><id>urn:x:{number}</id><title>K</title></entry>" for number in range(count))
    return answer(body=f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{title}</title>{entries}</feed>".encode())


def json_feed(title="Kabar", count=2):
    entries = ",".join(f'{{"id": "{number}", "content_text": "x"}}' for number in range(count))
    version = "https://jsonfeed.org/version/1.1"
    return answer(body=f'{{"version": "{version}", "title": "{title}", "items": [{entries}]}}'.encode())


def page(head="", body="", fields=None):
    text = f"<!doctype html><html><head><title>Dinas</title>{head}</head><body>{body}</body></html>"
    return answer(body=text.encode(), fields=HTML | (fields or {}))


def link(href, kind="application/rss+xml", title="", rel="alternate"):
    return f'<link rel="{rel}" type="{kind}" href="{href}" title="{title}">'


async def found_at(talk, path="/"):
    """What is found, as (path, title, format, entries), and what was asked."""
    async with standin(talk) as base, fetcher() as http:
        try:
            found = await discover_feeds(http, f"{base}{path}", now=NOW)
        finally:
            assert len(base.asked) <= MAX_ASKED
        asked = [each.path for each in base.asked]
        return [(each.url.removeprefix(base), each.title, each.format, each.entries) for each in found], asked


def fetcher():
    return Http(contact="", public_url="https://kabar.example", allow="127.0.0.0/8", timeout=5)


@pytest.mark.parametrize(
    ("feed", "format"), [(rss(), "rss"), (atom(), "atom"), (json_feed(), "json")], ids=["rss", "atom", "json"]
)
async def test_feed_itself_is_found_with_one_fetch(feed, format):
    assert await found_at({"/feed": feed}, "/feed") == ([("/feed", "Kabar", format, 2)], ["/feed"])


async def test_feed_that_moved_for_good_is_found_where_it_is():
    found, _ = await found_at({"/old": redirect("/feed", 301), "/feed": rss()}, "/old")
    assert found == [("/feed", "Kabar", "rss", 2)]


async def test_feed_that_moved_for_a_while_is_found_where_it_was():
    found, _ = await found_at({"/old": redirect("/feed", 302), "/feed": rss()}, "/old")
    assert found == [("/old", "Kabar", "rss", 2)]


async def test_feeds_that_a_page_names_are_found_the_main_one_first():
    head = "".join(
        [
            link("comments/feed/", title="Dinas » Umpan Komentar"),
            link("/category/hoaks/feed/"),
            link("/feed.json", "application/feed+json"),
            link("/atom", "application/atom+xml"),
            link("feed/?a=1&amp;b=2"),
            link("/wp-json/wp/v2/pages/2", "application/json"),
            link("/style.css", "text/css", rel="alternate stylesheet"),
        ]
    )
    talk = {
        "/": page(f'<base href="/sub/">{head}'),
        "/sub/feed/?a=1&b=2": rss("Main", 5),
        "/sub/comments/feed/": rss("Comments", 9),
        "/category/hoaks/feed/": rss("Hoaks", 7),
        "/feed.json": json_feed("Main", 2),
        "/atom": atom("Main", 2),
    }
    found, asked = await found_at(talk)
    assert [each[0] for each in found] == [
        "/sub/feed/?a=1&b=2",
        "/atom",
        "/feed.json",
        "/category/hoaks/feed/",
        "/sub/comments/feed/",
    ]
    assert len(asked) == 6


async def test_feed_in_the_link_header_is_found():
    said = '<https://api.w.org/>; rel="https://api.w.org/", </kabar>; rel="alternate"; type="application/rss+xml"'
    found, _ = await found_at({"/": page(fields={"Link": said}), "/kabar": rss()})
    assert [each[0] for each in found] == ["/kabar"]


async def test_feed_that_people_can_click_is_found():
    body = '<a href="/berita">Berita</a><a href="/feeding">x</a><a href="/web/rss.php">RSS</a>'
    found, asked = await found_at({"/": page(body=body), "/web/rss.php": rss()})
    assert [each[0] for each in found] == ["/web/rss.php"]
    assert asked == ["/", "/web/rss.php"]


@pytest.mark.parametrize(
    "path",
    [
        *("/feed/", "/?feed=rss2", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml"),
        *("/?format=feed&type=rss", "/feed.json", "/rss/news", "/feeds/posts/default"),
    ],
)
async def test_feed_in_a_usual_place_is_found(path):
    found, asked = await found_at({"/": page(), path: rss()})
    assert [each[0] for each in found] == [path]
    assert asked[-1] == path


@pytest.mark.parametrize(
    ("sign", "path"),
    [
        ("<link href='/wp-content/themes/x.css'>", "/dinkes/feed/"),
        ('<meta name="generator" content="Joomla! - Open Source">', "/dinkes/?format=feed&type=rss"),
        ('<meta name="generator" content="Drupal 10">', "/rss.xml"),
    ],
)
async def test_sites_of_a_known_kind_are_asked_where_that_kind_has_its_feed(sign, path):
    found, asked = await found_at({"/dinkes/": page(sign), path: rss()}, "/dinkes/")
    assert [each[0] for each in found] == [path]
    assert len(asked) <= 3


async def test_page_that_names_only_comments_is_looked_at_further():
    talk = {"/": page(link("/comments/feed/")), "/comments/feed/": rss("Comments"), "/feed/": rss("Main", 0)}
    found, _ = await found_at(talk)
    assert [each[1] for each in found] == ["Main", "Comments"]


async def test_missing_page_does_not_hide_the_feed_of_its_site():
    found, _ = await found_at({"/feed/": rss()}, "/gone")
    assert [each[0] for each in found] == ["/feed/"]


async def test_one_feed_under_two_addresses_is_found_once():
    talk = {
        "/": page(link("/rss") + link("/feed")),
        "/rss": redirect("/feed", 301),
        "/feed": rss(),
    }
    found, asked = await found_at(talk)
    assert [each[0] for each in found] == ["/feed"]
    assert asked == ["/", "/rss", "/feed"]


async def test_site_without_feed_is_told_so_with_what_to_do():
    with pytest.raises(NotAFeed, match="no feed was found at the 11 places") as failed:
        await found_at(lambda _: page())
    assert "administrator" in failed.value.remedy


async def test_page_that_names_very_many_feeds_costs_few_fetches():
    head = "".join(link(f"/{number}.rss") for number in range(500))
    with pytest.raises(NotAFeed):
        await found_at({"/": page(head)})


async def test_feed_that_is_named_but_refused_says_why():
    with pytest.raises(Forbidden):
        await found_at({"/": page(link("/feed/")), "/feed/": answer(403)})


async def test_challenge_is_told_where_nothing_else_is_found():
    with pytest.raises(Challenged):
        await found_at(lambda _: answer(403, fields={"cf-mitigated": "challenge", "Server": "cloudflare"}))


async def test_host_that_wants_to_be_left_alone_is():
    async with standin(lambda asked: page() if asked.path == "/" else answer(429)) as base, fetcher() as http:
        with pytest.raises(VisitFailed):
            await discover_feeds(http, base, now=NOW)
        assert len(base.asked) == 2
    with pytest.raises(RateLimited):
        await found_at({"/": answer(429)})


async def test_missing_site_is_told_as_such():
    with pytest.raises(NotFound):
        await found_at({})


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "http://", "ftp://a.example/", "http://user:secret@a.example/"]
)
async def test_what_is_no_web_address_is_refused(url):
    async with fetcher() as http:
        with pytest.raises(AddressRefused):
            await discover_feeds(http, url, now=NOW)


@given(st.text(max_size=60), st.sampled_from(["<{}>; rel=alternate; type=text/xml", "{}", "<a>; {}", '<a>; rel="{}']))
def test_no_link_header_makes_it_raise(text, around):
    header_links(around.format(text), "https://a.example/")


@given(
    st.binary(max_size=60),
    st.sampled_from([b"<link rel=alternate type=text/xml href='%s'>", b"%s", b"<base href='%s'>"]),
)
def test_no_page_makes_it_raise(text, around):
    body = around % text
    page_links(body, None, "https://a.example/")
    assert usual_places(body, "https://a.example/a/b")


def test_hostile_page_is_read_quickly():
    for piece in (b"<a href=/rss>", b"<link rel=alternate ", b"<div>", b"<base href=", b"<!--", b"&"):
        page_links(piece * 200_000, None, "https://a.example/")
    header_links("<" * 50_000 + ">;a=" * 50_000, "https://a.example/")
