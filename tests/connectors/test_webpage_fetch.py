"""Following a site without a feed: its lists, its pages, its sitemaps, what is gone and what only looks so."""

from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.connectors.contract import Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.page_address import is_article_address, page_id
from feedhub.connectors.page_dates import dateline, written_date
from feedhub.connectors.page_list import article_links, next_page
from feedhub.connectors.webpage import connector
from feedhub.errors import ItemUnreadable
from feedhub.failures import AccountUnsupported, NotFound, RateLimited, ServerFailed
from feedhub_demo.platforms.webpage import WebPage
from simulated import serving_all
from standins import answer, redirect, standin

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
HTML = {"Content-Type": "text/html"}


def account_of(url):
    return Account(key="k", platform=Platform.WEBPAGE, department="d", url=url)


def posts_in(batch):
    return {
        post.native_id: post
        for document in batch.documents
        for payload in connector.split(document).payloads
        for post in (connector.read(payload),)
    }


class Site:
    """One site of the stand-in, its account, and what a visit to it finds."""

    def __init__(self, http, platform, speaker):
        self.http, self.platform, self.speaker = http, platform, speaker
        self.account, self.cursor = account_of(platform.account_url(speaker)), {}

    async def visit(self, *, now=NOW):
        self.platform.log.clear()
        batch = await connector.fetch(self.http, self.account, self.cursor, credential=None, now=now)
        self.cursor = batch.cursor
        return batch

    def id(self, number):
        return f"portal.tirtasari.example/dinkes/berita/detail/{number}/kabar-{number}"


@asynccontextmanager
async def site(posts):
    platform = WebPage(now=lambda: NOW)
    speaker = platform.speaker("dinkes", "Dinas Kesehatan")
    for place in range(posts):
        speaker.write(f"Kabar lengkap nomor {place + 1} dari puskesmas.", at=NOW - (posts - place) * HOUR)
    async with (
        serving_all([platform]) as detours,
        Http(contact="x", public_url="http://127.0.0.1", allow="127.0.0.0/8", detours=dict(detours)) as http,
    ):
        yield Site(http, platform, speaker)


@asynccontextmanager
async def asking(pages):
    async with (
        standin(pages) as base,
        Http(contact="x", public_url="http://127.0.0.1", allow="127.0.0.0/8") as http,
    ):

        async def fetch(path="/berita", cursor=None, now=NOW):
            return await connector.fetch(http, account_of(f"{base}{path}"), cursor or {}, credential=None, now=now)

        yield base, fetch


def article(number, date="2 November 2026"):
    text = f"<p>Isi kabar nomor {number}, panjang lebar supaya halaman ini jelas sebuah berita kota.</p>"
    page = f"<html><title>K</title><body><h1>Kabar nomor {number}</h1><small>{date}</small>{text}</body></html>"
    return answer(body=page.encode(), fields=HTML)


def listing(*paths, more=""):
    links = "".join(f'<a href="{path}">Judul kabar yang cukup panjang {path}</a>' for path in paths)
    return answer(body=f"<html><body>{links}{more}</body></html>".encode(), fields=HTML)


async def test_articles_come_ten_at_a_visit_the_oldest_first():
    async with site(14) as dinkes:
        first = posts_in(await dinkes.visit())
        assert list(first) == [dinkes.id(number) for number in range(1, 11)]
        second = await dinkes.visit()
        assert {dinkes.id(number) for number in range(11, 15)} <= posts_in(second).keys()
        post = first[dinkes.id(3)]
        assert (post.title, post.published_at, post.via) == ("Kabar nomor 3 untuk warga kota", NOW - 12 * HOUR, "page")
        assert "Dibaca" not in post.content_text
        assert "Bagikan" not in post.content_text
        assert post.source_url == f"https://{dinkes.id(3)}"


async def test_what_stands_around_an_article_changes_nothing():
    async with site(3) as dinkes:
        first = await dinkes.visit()
        again = await dinkes.visit()
        payloads = [
            {p.fingerprint for d in batch.documents for p in connector.split(d).payloads} for batch in (first, again)
        ]
        assert payloads[0] == payloads[1]
        assert again.documents[0].body != first.documents[0].body  # its counter and clock went on


async def test_an_edit_shows_and_a_page_that_is_404_beside_others_is_gone():
    async with site(6) as dinkes:
        await dinkes.visit()
        dinkes.speaker.edit(5, at=NOW, text="Kabar lengkap nomor 5 (ralat) dari puskesmas.")
        assert "(ralat)" in posts_in(await dinkes.visit())[dinkes.id(5)].content_text
        dinkes.speaker.delete(4, at=NOW)
        gone = [id for _ in range(3) for id in (await dinkes.visit()).gone]
        assert gone == [dinkes.id(4)]


async def test_a_soft_404_is_neither_gone_nor_an_edit():
    async with site(6) as dinkes:
        dinkes.platform.soft.add("dinkes")
        await dinkes.visit()
        dinkes.speaker.delete(5, at=NOW)
        batch = await dinkes.visit()
        assert batch.gone == ()
        assert dinkes.id(5) not in posts_in(batch)
        notes = [note for document in batch.documents for note in connector.split(document).notes]
        assert notes == [f"https://{dinkes.id(5)} says that it is not there, but answers as if it were."]


async def test_after_an_outage_it_turns_pages_back_to_what_it_knows():
    async with site(8) as dinkes:
        await dinkes.visit()
        for place in range(12):
            dinkes.speaker.write(f"Kabar susulan nomor {place} dari puskesmas.", at=NOW + place * HOUR)
        found = posts_in(await dinkes.visit()) | posts_in(await dinkes.visit())
        assert sum("susulan" in post.content_text for post in found.values()) == 12


async def test_a_limit_in_the_middle_keeps_what_came():
    async with site(6) as dinkes:
        dinkes.platform.faults.left = 6  # robots.txt, a sitemap that is none, the list, three pages
        batch = await dinkes.visit()
        assert len(posts_in(batch)) in {2, 3, 4}
        assert batch.limits
        assert batch.limits.left == 0
        dinkes.platform.faults.left = 0
        with pytest.raises(RateLimited):
            await dinkes.visit()
        dinkes.platform.faults.left = None
        assert len(posts_in(await dinkes.visit())) >= 2


async def test_check_asks_pages_and_reads_again_what_is_there():
    async with site(3) as dinkes:
        dinkes.speaker.delete(1, at=NOW)
        suspects = [
            Suspect(native_id=dinkes.id(n), source_url=f"https://{dinkes.id(n)}", sibling=f"https://{dinkes.id(3)}")
            for n in (1, 2)
        ]
        batch = await connector.check(dinkes.http, dinkes.account, suspects, credential=None, now=NOW)
        assert batch.gone == (dinkes.id(1),)
        assert list(posts_in(batch)) == [dinkes.id(2)]


async def test_unchanged_pages_with_validators_cost_no_body():
    def reply(asked):
        if asked.path == "/berita":
            return listing("/berita/1/satu", "/berita/2/dua")
        if asked.fields.get("if-none-match") == '"1"':
            return answer(304)
        page = article(asked.path).partition(b"\r\n\r\n")[2]
        return answer(body=page, fields=HTML | {"ETag": '"1"'}) if asked.path.startswith("/berita/") else answer(404)

    async with asking(reply) as (_, fetch):
        first = await fetch()
        assert len(first.documents) == 2
        assert (await fetch(cursor=first.cursor)).not_modified


async def test_a_site_whose_pages_are_all_404_has_a_fault():
    pages = {
        "/berita": listing("/berita/1/satu", "/berita/2/dua"),
        "/berita/1/satu": article(1),
        "/berita/2/dua": article(2),
    }
    async with asking(pages) as (_, fetch):
        first = await fetch()
        pages |= {"/berita/1/satu": answer(404), "/berita/2/dua": answer(404)}
        second = await fetch(cursor=first.cursor)
        assert (second.gone, second.documents) == ((), ())


@pytest.mark.parametrize("to", ["/", "/berita", "/berita/2/dua", "/login"])
async def test_a_page_that_sends_elsewhere_is_neither_gone_nor_another(to):
    pages = {
        "/": listing(),
        "/login": article("masuk"),
        "/berita": listing("/berita/1/satu", "/berita/2/dua"),
        "/berita/1/satu": redirect(to, 302),
        "/berita/2/dua": article(2),
    }
    async with asking(pages) as (base, fetch):
        batch = await fetch()
        assert list(posts_in(batch)) == [f"{base.removeprefix('http://')}/berita/2/dua"]
        assert batch.gone == ()


@pytest.mark.parametrize(
    ("pages", "path", "failure"),
    [
        ({"/berita": listing("/profil")}, "/berita", AccountUnsupported),
        ({"/berita": listing("/b?id=1&PHPSESSID=a1", "/b?id=2&PHPSESSID=a1")}, "/berita", AccountUnsupported),
        ({"/berita": answer(404)}, "/berita", NotFound),
        ({"/berita": answer(503)}, "/berita", ServerFailed),
    ],
    ids=["no list", "sessions", "404", "503"],
)
async def test_what_can_not_be_followed_has_a_name(pages, path, failure):
    async with asking(pages) as (_, fetch):
        with pytest.raises(failure) as raised:
            await fetch(path)
        assert raised.value.remedy
        if "PHPSESSID" in str(pages):
            assert "session" in raised.value.reason


async def test_a_front_page_with_a_news_sitemap_is_followed_by_it():
    pages = {"/": listing("/profil/satu", "/profil/dua"), "/berita/1/satu": article(1), "/berita/2/dua": article(2)}
    async with asking(pages) as (base, fetch):
        urls = "".join(
            f"<url><loc>{base}/berita/{number}</loc><n:news><n:publication_date>2026-11-02T0{place}:00:00Z"
            "</n:publication_date><n:title>K</n:title></n:news></url>"
            for place, number in enumerate(("1/satu", "2/dua"))
        )
        space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
        pages["/robots.txt"] = answer(body=f"Sitemap: {base}/peta.xml".encode(), fields={"Content-Type": "text/plain"})
        pages["/peta.xml"] = answer(body=f"<urlset {space}>{urls}</urlset>".encode())
        batch = await fetch("/")
        assert [id.rpartition("/")[2] for id in posts_in(batch)] == ["satu", "dua"]
        assert batch.cursor["sitemap"] == f"{base}/peta.xml"
        base.asked.clear()
        await fetch("/", cursor=batch.cursor)
        assert "/robots.txt" not in [one.path for one in base.asked]  # until tomorrow


async def test_a_dated_sitemap_tells_which_old_page_changed():
    links = [f"/berita/{number}/kabar-{number}" for number in range(30, 0, -1)]
    pages = {link: article(link) for link in links} | {"/berita": listing(*links)}

    def sitemap(base, changed):
        urls = "".join(
            f"<url><loc>{base}{link}</loc><lastmod>{changed.get(link, '2026-11-01')}</lastmod></url>" for link in links
        )
        return answer(body=f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode())

    async with asking(pages) as (base, fetch):
        pages["/sitemap.xml"] = sitemap(base, {})
        cursor = {}
        for _ in range(4):
            cursor = (await fetch(cursor=cursor)).cursor
        pages[links[20]] = article("ralat")
        pages["/sitemap.xml"] = sitemap(base, {links[20]: "2026-11-02T07:00:00Z"})
        batch = await fetch(cursor=cursor)
        assert any("ralat" in post.content_text for post in posts_in(batch).values())


async def test_of_a_front_page_only_articles_are_taken():
    about = answer(
        body=b"<html><h1>Visi dan misi</h1><p>" + b"Melayani warga dengan hati. " * 9 + b"</p></html>", fields=HTML
    )
    pages = {
        "/": listing("/berita/1/satu", "/berita/2/dua", "/tentang/visi-misi-dinas", "/tentang/struktur-organisasi"),
        "/berita/1/satu": article(1),
        "/berita/2/dua": article(2),
        "/tentang/visi-misi-dinas": about,
        "/tentang/struktur-organisasi": about,
    }
    async with asking(pages) as (_, fetch):
        assert {id.rpartition("/")[2] for id in posts_in(await fetch("/"))} == {"satu", "dua"}


@pytest.mark.parametrize(
    ("url", "id"),
    [
        ("https://www.a.example/detail/bansos-cair/?utm_source=x", "a.example/detail/bansos-cair"),
        ("http://a.example:8080/berita.php?mod=baca&id=3", "a.example:8080/berita.php?id=3&mod=baca"),
        ("https://a.example/informasi/detail/berita/17_slug", "a.example/informasi/detail/berita/17_slug"),
        ("https://a.example/%62erita/1#isi", "a.example/berita/1"),
    ],
)
def test_pages_have_lasting_names(url, id):
    assert page_id(url) == id


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://a.example/baca?id=1&PHPSESSID=4f2a", "session"),
        ("https://a.example/baca;jsessionid=4F2A?id=1", "session"),
        ("https://a.example/#/berita/1", "fragment"),
        ("https://a.example/#!/berita/1", "fragment"),
        ("https://a.example/", "list"),
        ("https://a.example/berita?page=2", "list"),
        ("https://a.example/berita/page/2", "list"),
        ("https://a.example/kategori/kesehatan", "list"),
        ("https://a.example/index.php", "list"),
        ("https://a.example/k2-category?start=420", "list"),
    ],
)
def test_pages_without_a_lasting_name_are_refused_by_name(url, why):
    with pytest.raises(ItemUnreadable, match=why):
        page_id(url)
    assert not is_article_address(url, "https://a.example/")


def test_links_of_articles_are_told_from_menus():
    page = """<html><body><nav><a href="/berita/9/menu">Menu yang panjang sekali judulnya</a></nav>
    <ul class="navbar-nav"><li><a href="/layanan/ktp">Layanan kependudukan dan KTP elektronik</a></li></ul>
    <a href="/berita/1/satu"><img src="1.jpg"></a><a href="/berita/1/satu">Kabar pertama yang cukup panjang</a>
    <a href="/berita/2/dua?ref=home">Kabar kedua yang cukup panjang</a><a href="/unduh/a.pdf">Berkas yang panjang namanya</a>
    <a href="https://lain.example/berita/3/tiga">Kabar situs lain yang panjang</a><a href="/masuk/akun">Masuk</a>
    <div class="pagination"><a href="/berita?page=2">Selanjutnya</a></div></body></html>"""
    url = "https://a.example/berita"
    assert article_links(page.encode(), "text/html", url) == [
        "https://a.example/berita/1/satu",
        "https://a.example/berita/2/dua",
    ]
    assert next_page(page.encode(), "text/html", url) == "https://a.example/berita?page=2"
    assert article_links(b"", None, url) == []
    assert article_links(b"\x00\xff<a href", None, url) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Thursday, 07 September 2017", "2017-09-07T00:00:00+07:00"),
        ("Diposting: 5 Des 2025 14:30 WITA oleh admin", "2025-12-05T14:30:00+08:00"),
        ("06/08/2025", "2025-08-06T00:00:00+07:00"),
        ("2025-08-06T10:00:00Z", "2025-08-06T10:00:00+00:00"),
        ("Jum'at, 07 November 2025 | 09.15 WIB", "2025-11-07T09:15:00+07:00"),
        ("Rapat digelar 1 Januari 2031", None),  # not yet
        ("Dibaca 2025 kali", None),
    ],
)
def test_dates_are_read_as_people_write_them(line, expected):
    found = written_date([line], seen_on=date(2026, 11, 2))
    assert (found and found.isoformat()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wali kota hadir, Rabu (26/11). Warga", "2025-11-26"),
        ("Wali kota hadir, Kamis (26/11/2020) malam", "2020-11-26"),
        ("pada Jum'at (7 November) pagi", "2025-11-07"),
        ("pada Senin (31/2) pagi", None),
        ("nomor (26/11)", None),
    ],
)
def test_a_dateline_tells_its_year_by_its_weekday(text, expected):
    found = dateline(text, seen_on=date(2026, 3, 1))
    assert (found and found.date().isoformat()) == expected
