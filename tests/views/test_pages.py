"""The pages for people, on a made city and on hostile posts."""

import gzip
import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given

from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.posts.kept import NoticeKind
from feedhub.posts.picture_copies import PictureMode
from feedhub.posts.post import Media, MediaType, PostStatus
from feedhub.views import pages
from feedhub.views.embed import embed_page
from feedhub.views.page_department import department_page
from feedhub.views.page_home import Front, home_page
from feedhub.views.page_lists import PostList
from feedhub.views.page_template import static_file
from feedhub.views.widget_builder import Choices, builder_page
from feedhub.views.widget_list import Layout, Wanted, widget_list
from posts_made import kept_posts
from views.made_pages import (
    ACCOUNTS,
    DEPARTMENTS,
    ENGLISH,
    ENGLISH_POST,
    FLOOD,
    GONE,
    HEALTH,
    HEALTH_SITE,
    HOSTILE,
    NOW,
    POSTS,
    SITE,
    SUPPORT,
    UNTITLED,
    VACCINES,
    image,
    kept,
    made_facts,
    made_post,
)
from views.page_rules import faults

HOST = "kabar.tirtasari.example"
SOUGHT = Filters(q='imunisasi "bantuan langsung"', departments=("dinkes", "bpbd"), kinds=(Kind.SERVICE,), tags=("a,b",))


def a_list(posts=POSTS, *, path="/", filters=None, **also):
    return PostList(posts=posts, filters=filters or Filters(), path=path, **also)


def tree_of(html):
    return lxml.html.document_fromstring(html)


def every_page(site, posts):
    yield "home", home_page(site, a_list(posts, older="x", before="y"), None, DEPARTMENTS)
    yield "empty home", home_page(site, a_list(()), None, ())
    front = Front(emergencies=posts, services=posts, assistance=posts, events=posts)
    yield "front", home_page(site, a_list(posts, older="x"), front, DEPARTMENTS)
    yield "empty front", home_page(site, a_list(()), Front(), ())
    yield "departments", pages.departments_page(site, DEPARTMENTS, ACCOUNTS)
    yield "no departments", pages.departments_page(site, (), ())
    yield "one group", pages.departments_page(site, (replace(HEALTH, group=None),), ())
    of_health = a_list(
        posts, path="/departments/dinkes", filters=Filters(departments=("dinkes",)), implied=frozenset({"department"})
    )
    yield "department", department_page(site, HEALTH, made_facts(), of_health)
    yield "account", pages.account_page(site, HEALTH_SITE, HEALTH, a_list(posts))
    yield "search", pages.search_page(site, a_list(posts, path="/search", filters=SOUGHT, older="x"), DEPARTMENTS)
    yield "nothing found", pages.search_page(site, a_list((), path="/search", filters=Filters(q='"><b>')), DEPARTMENTS)
    yield "widget", builder_page(site, Choices(), DEPARTMENTS)
    yield "gone", pages.gone_page(site, GONE)
    for layout in Layout:
        shown = widget_list(site, posts, Wanted(layout=layout, heading_level=2), all_path="/")
        yield f"embed {layout}", embed_page(site, shown, look=[])
    for code in (404, 405, 410, 422, 500, 503):
        yield f"error {code}", pages.error_page(site, code, "No <b>such</b> thing.")
    for index, one in enumerate(posts):
        yield f"post {index}", pages.post_page(site, one, (one, one))


@pytest.mark.parametrize("site", [SITE, ENGLISH], ids=["id", "en"])
@pytest.mark.parametrize("posts", [POSTS, HOSTILE], ids=["ordinary", "hostile"])
def test_every_page_keeps_every_rule(site, posts):
    broken = {name: found for name, html in every_page(site, posts) if (found := faults(html, host=HOST))}
    assert broken == {}


@given(kept_posts())
def test_any_legal_post_makes_pages_that_keep_the_rules(one):
    assert faults(home_page(SITE, a_list((one,)), None, ()), host=HOST) == []
    if one.post is not None and one.status is PostStatus.LIVE:
        plain = replace(one, post=replace(one.post, content_html="<p>x</p>"))
        assert faults(pages.post_page(SITE, plain, ()), host=HOST) == []


def test_rules_see_what_they_are_for():
    bad = (
        "<!doctype html>\n<html lang=id><body onload=x><nav></nav><main><h1>a</h1><h3 id=b>b</h3><b id=b></i>"
        "<img src=x><input type=text><a href='javascript:x'></a><script></script><table></table></main></body></html>"
    )
    said = " ".join(faults(bad, host=HOST))
    for sign in ("closes nothing", "id b twice", "h3 follows h1", "without alt", "no label", "without a name"):
        assert sign in said
    for sign in ("javascript", "<script>", "onload", "nav without", "caption"):
        assert sign in said


def test_html_is_inserted_as_it_is_in_one_place_only():
    templates = Path(pages.__file__).parent / "templates"
    marked = [
        path.name for path in templates.iterdir() for _ in re.findall(r"\|\s*safe|Markup|autoescape", path.read_text())
    ]
    assert marked == ["post.html"]


def test_hostile_words_stay_words():
    home = home_page(SITE, a_list(HOSTILE), None, DEPARTMENTS)
    assert "<script>" not in home
    assert "onerror=alert" in unescape(home)
    assert "49" not in tree_of(home).xpath("string(//ul[@class='cards'])")


def test_home_links_the_feeds_of_the_very_list_it_shows():
    filters = Filters(kinds=(Kind.EMERGENCY, Kind.NEWS), q="banjir", limit=20)
    page = tree_of(home_page(SITE, a_list(filters=filters), None, DEPARTMENTS))
    base = "https://kabar.tirtasari.example/feed"
    assert page.xpath("//link[@rel='alternate'][contains(@href, '/feed.')]/@href") == [
        f"{base}.{extension}?kind=emergency,news&q=banjir" for extension in ("rss", "atom", "json")
    ]
    assert page.xpath("//link[@rel='canonical']/@href") == [
        "https://kabar.tirtasari.example/?kind=emergency,news&q=banjir"
    ]


@pytest.mark.parametrize(
    ("filters", "feed"),
    [
        (Filters(), "/feed.rss"),
        (Filters(departments=("dinkes",)), "/departments/dinkes/feed.rss"),
        (Filters(kinds=(Kind.EVENT,)), "/kinds/event/feed.rss"),
        (Filters(kinds=(Kind.EVENT,), departments=("dinkes",)), "/feed.rss?department=dinkes&kind=event"),
        (Filters(departments=("a", "b")), "/feed.rss?department=a,b"),
        (Filters(since=datetime(2026, 11, 1, tzinfo=UTC)), "/feed.rss?since=2026-11-01T00:00:00%2B00:00"),
    ],
)
def test_feed_has_its_short_form_where_it_has_one(filters, feed):
    page = tree_of(home_page(SITE, a_list(filters=filters), None, ()))
    assert page.xpath("//link[@type='application/rss+xml']/@href") == [f"https://{HOST}{feed}"]


def test_older_posts_are_one_plain_link_away():
    filters = Filters(kinds=(Kind.NEWS,), limit=5)
    page = tree_of(home_page(SITE, a_list(filters=filters, older="c-2", before="c-1"), None, ()))
    assert page.xpath("//a[@rel='next']/@href") == ["/?kind=news&limit=5&before=c-2"]
    assert page.xpath("//link[@rel='canonical']/@href") == [f"https://{HOST}/?kind=news&before=c-1"]
    assert page.xpath("//nav[@class='pager']/a/@href")[0] == "/?kind=news&limit=5"


def test_kinds_are_navigation_that_says_where_one_is():
    given_list = a_list(
        path="/departments/dinkes",
        filters=Filters(departments=("dinkes",), kinds=(Kind.SERVICE,)),
        implied=frozenset({"department"}),
    )
    page = tree_of(department_page(SITE, HEALTH, made_facts(), given_list))
    links = page.xpath("//nav[@class='kind-nav']//a")
    assert [link.get("href") for link in links][:2] == ["/departments/dinkes", "/departments/dinkes?kind=emergency"]
    assert [link.text_content() for link in links if link.get("aria-current")] == ["Layanan"]


def test_card_says_who_when_what_and_of_which_kind():
    card = tree_of(home_page(SITE, a_list((VACCINES,)), None, ())).xpath("//article")[0]
    said = " ".join(card.text_content().split())
    assert "Dinkes" in said
    assert "20 Nov 2026, 06.05 Diralat" in said
    assert card.xpath(".//time/@datetime") == ["2026-11-20T06:05:00+07:00"]
    assert card.xpath("string(.//h2/a)") == "Imunisasi gratis di semua puskesmas mulai Senin"
    assert [one.text_content() for one in card.xpath(".//ul[@class='badges']/li")] == ["Layanan"]
    assert card.xpath(".//img/@alt") == ["Perawat menyuntik lengan seorang anak di puskesmas"]


def test_emergency_is_marked_in_words_too():
    cards = tree_of(home_page(SITE, a_list(), None, ())).xpath("//article")
    assert ["is-emergency" in card.get("class") for card in cards] == [True, False, False, False, False]
    assert "Darurat" in cards[0].text_content()


def test_summary_does_not_say_the_title_again():
    card = tree_of(home_page(SITE, a_list((UNTITLED,)), None, ())).xpath("//article")[0]
    assert card.xpath("string(.//p[@class='card-summary'])") == "… hari Minggu kemarin. Terkumpul 2,4 ton sampah."


def test_post_in_another_language_says_so():
    home = tree_of(home_page(SITE, a_list(), None, ()))
    assert home.xpath("//h2[@lang]/@lang") == ["en"]
    post = tree_of(pages.post_page(SITE, ENGLISH_POST, ()))
    assert post.xpath("//html/@lang | //h1/@lang | //div[@class='post-text']/@lang") == ["id", "en", "en"]


def test_sensitive_pictures_wait_until_asked_for():
    one = kept(made_post("Kecelakaan", "Hati-hati", media=(image("a", "x"),), sensitive=True))
    assert not tree_of(home_page(SITE, a_list((one,)), None, ())).xpath("//article//img")
    page = tree_of(pages.post_page(SITE, one, ()))
    assert page.xpath("//details//img")
    assert not page.xpath(
        "//img[not(ancestor::details)] | //meta[@property='og:image'][not(contains(@content, '/card.png'))]"
    )


def test_post_tells_its_whole_story():
    page = tree_of(pages.post_page(SITE, VACCINES, (VACCINES, replace(VACCINES, version=1))))
    assert page.xpath("string(//aside)").split()[:2] == ["Ralat", "Jam"]
    assert "Riwayat: 2 versi" in page.text_content()
    assert page.xpath("//a[@rel='external']/@href")[0] == "https://dinkes.tirtasari.example/imunisasi"
    assert page.xpath("//article//img/@alt")[1].startswith("Gambar dari Dinas Kesehatan")
    shared = {one.get("property"): one.get("content") for one in page.xpath("//meta[@property]")}
    assert shared["og:title"] == "Imunisasi gratis di semua puskesmas mulai Senin"
    assert shared["og:url"] == page.xpath("//link[@rel='canonical']/@href")[0] == f"https://{HOST}/posts/{VACCINES.id}"
    assert shared["og:image"] == f"https://{HOST}{VACCINES.pictures[0].path(1200, 'jpg')}"
    assert "23 November 2026, 08.00 WIB sampai" in " ".join(page.text_content().split())


def test_picture_within_the_text_is_not_shown_again():
    url = "https://media.tirtasari.example/a.jpg?b=1&c=2"
    one = made_post("A", "B", media=(Media(type=MediaType.IMAGE, url=url),))
    one = replace(one, content_html='<p><img src="https://media.tirtasari.example/a.jpg?b=1&amp;c=2"></p>')
    images = tree_of(pages.post_page(SITE, kept(one), ())).xpath("//article//img")
    assert len(images) == 1
    assert images[0].get("alt").startswith("Gambar dari")


def test_made_time_is_called_what_it_is():
    page = pages.post_page(SITE, replace(FLOOD, published_is_made=True), ())
    assert "Sumber tidak menyebut waktu terbit" in page


def test_films_play_only_where_a_browser_can():
    linked = replace(SITE, pictures=PictureMode.LINKS)
    assert tree_of(pages.post_page(linked, UNTITLED, ())).xpath("//video/@preload") == ["none"]
    watch = Media(
        type=MediaType.VIDEO, url="https://video.example/watch?v=1", preview_url="https://video.example/p.jpg"
    )
    page = tree_of(pages.post_page(linked, kept(made_post("Film", "x", media=(watch,))), ()))
    assert not page.xpath("//video")
    assert "https://video.example/watch?v=1" in page.xpath("//article//a/@href")


@pytest.mark.parametrize("status", [PostStatus.WITHDRAWN, PostStatus.GONE, PostStatus.HELD])
def test_gone_page_gives_the_reason_and_no_content(status):
    one = replace(VACCINES, status=status, notice=replace(GONE.notice, kind=NoticeKind.WITHDRAWAL))
    page = pages.gone_page(SITE, one)
    assert "Memuat data pribadi warga." in page
    assert "imunisasi" not in page.lower()
    with pytest.raises(ValueError, match="no content"):
        pages.post_page(SITE, one, ())
    assert "imunisasi" not in home_page(SITE, a_list((one,)), None, ()).lower()


def test_private_contacts_stand_on_no_page():
    assert not [name for name, html in every_page(SITE, POSTS) if "rahasia" in html]


def test_search_marks_what_was_found():
    filters = Filters(q='imunis* "Langsung tunai" -buku')
    page = tree_of(pages.search_page(SITE, a_list((VACCINES, SUPPORT), path="/search", filters=filters), DEPARTMENTS))
    assert [one.text for one in page.xpath("//mark")] == ["Imunisasi", "imunisasi", "langsung tunai"]


def test_search_shows_where_a_word_stands_deep_in_the_text():
    deep = kept(made_post("Laporan", "awal " * 200 + "jembatan Kalimas " + "akhir " * 200))
    page = tree_of(pages.search_page(SITE, a_list((deep,), path="/search", filters=Filters(q="kalimas")), ()))
    assert page.xpath("string(//p[@class='card-summary']/mark)") == "Kalimas"
    assert page.xpath("string(//p[@class='card-summary'])").startswith("… ")


def test_search_form_keeps_what_was_asked_and_filters_come_off_one_by_one():
    filters = Filters(q="a", departments=("dinkes", "bpbd"), tags=("siaga",), since=NOW, limit=20)
    page = tree_of(pages.search_page(SITE, a_list((), path="/search", filters=filters), DEPARTMENTS))
    assert page.xpath("//input[@id='q' or @id='since']/@value") == ["a", "2026-11-20"]
    assert dict(
        zip(page.xpath("//input[@type='hidden']/@name"), page.xpath("//input[@type='hidden']/@value"), strict=True)
    ) == {
        "department": "dinkes,bpbd",
        "tag": "siaga",
        "limit": "20",
    }
    without = page.xpath("//ul[@class='filter-links']//a/@href")
    assert "/search?department=dinkes,bpbd&q=a&since=2026-11-20T01:05:00%2B00:00" in without


def test_links_stay_under_the_path_where_feedhub_is_mounted():
    below = replace(SITE, public_url="https://tirtasari.example/kabar")
    page = tree_of(home_page(below, a_list(older="x"), None, DEPARTMENTS))
    ours = [url for url in page.xpath("//@href") if not url.startswith("#") and "creativecommons" not in url]
    assert all(url.startswith(("/kabar/", "https://tirtasari.example/kabar/")) for url in ours)


def test_embed_opens_new_windows_and_has_no_script():
    shown = widget_list(SITE, (*POSTS, *HOSTILE), Wanted(), all_path="/departments/dinkes")
    page = tree_of(embed_page(SITE, shown, look=[]))
    links = page.xpath("//body//a")
    assert {(link.get("target"), link.get("rel")) for link in links} == {("_blank", "noopener")}
    assert links[-1].get("href") == f"https://{HOST}/departments/dinkes"
    assert page.xpath("//script") == []


def test_static_files_are_small():
    # What one visit of a page loads, beside the page itself; tests/browser weighs the whole.
    assert len(gzip.compress(static_file("feedhub.css"))) <= 9 * 1024
    assert len(gzip.compress(static_file("site.js"))) <= 3 * 1024


def test_equal_questions_make_equal_bytes():
    assert list(every_page(SITE, POSTS)) == list(every_page(SITE, POSTS))
