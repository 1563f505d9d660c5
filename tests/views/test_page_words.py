"""The pages that explain, and the lists of what was corrected and done."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import feedparser
import lxml.html
import pytest

from feedhub.accounts.account import Register
from feedhub.posts.acts import Act, ActCounts, ActKind
from feedhub.posts.chain import BEGINNING, Entry, Head, LoggedAct, hash_of
from feedhub.posts.facts import Described
from feedhub.posts.picture_copies import PictureMode
from feedhub.views.log_atom import render_log
from feedhub.views.page_acts import corrections_page
from feedhub.views.page_log import acknowledge_page, acknowledged_page, log_page
from feedhub.views.page_months import months_page
from feedhub.views.page_words import Figures, about_page, ethics_page, newsrooms_page, privacy_page, webmasters_page
from views.made_pages import ACCOUNTS, DEPARTMENTS, ENGLISH, GONE, HEALTH, HEALTH_SITE, NOW, SITE, VACCINES
from views.page_rules import faults

HOST = "kabar.tirtasari.example"
KNOWN = Register(publisher=SITE.publisher, departments=DEPARTMENTS, accounts=ACCOUNTS)
FIGURES = Figures(
    year=2026,
    acts=ActCounts(corrections=3, withdrawals=1, held=2),
    described=Described(40, 31),
    delivering=11,
    silent=5,
)
HOSTILE = "[x](javascript:alert(1)) <script>alert(1)</script> {0} `a"


def act(kind: ActKind, reason: str, post) -> Act:
    return Act(kind=kind, at=NOW, reason=reason, account=HEALTH_SITE, department=HEALTH, post=post, change=7)


ACTS = (
    act(ActKind.CORRECTION, "Jam buka yang benar 08.00.", VACCINES.id),
    act(ActKind.WITHDRAWAL, HOSTILE, GONE.id),
)


def logged(kind: ActKind, reason: str, subject, *, number: int, actor="desk", change: int | None = 7) -> LoggedAct:
    entry = Entry(
        number=number,
        at=NOW,
        actor=actor,
        kind=kind.value,
        subject=subject,
        department=HEALTH.slug,
        change=change,
        reason=reason,
        before=BEGINNING,
    )
    return LoggedAct(entry=entry, hash=hash_of(entry), department=HEALTH.name, told=3, acknowledged=1)


LOGGED = tuple(
    logged(
        kind, HOSTILE, HEALTH_SITE.id if kind in (ActKind.STOP, ActKind.LIFT) else GONE.id, number=number, actor=actor
    )
    for number, (kind, actor) in enumerate(
        zip(ActKind, ("desk", "operator", "department:dinkes", "desk", "operator", "desk", "desk"), strict=True), 1
    )
)


def shown_log(site, acts, *, older=None, is_newest=True):
    head = Head(number=acts[-1].entry.number, hash=acts[-1].hash) if acts else Head(number=0, hash=BEGINNING)
    departments = {HEALTH.slug}
    return log_page(site, acts, head=head, departments=departments, older=older, is_newest=is_newest)


def pages_of(site, contact="pengelola@tirtasari.example"):
    known = replace(KNOWN, publisher=site.publisher)
    yield "about", about_page(site, known, contact)
    for mode in PictureMode:
        yield f"privacy {mode}", privacy_page(site, known, contact, mode)
    yield "newsrooms", newsrooms_page(site, known, contact)
    yield "webmasters", webmasters_page(site, known, contact)
    yield "data", months_page(site, (date(2026, 11, 1), date(2026, 10, 1)), at=NOW)
    yield "no data", months_page(site, (), at=NOW)
    yield "ethics", ethics_page(site, known, FIGURES)
    yield "corrections", corrections_page(site, ACTS, older=3, is_newest=False)
    yield "no corrections", corrections_page(site, (), older=None, is_newest=True)
    yield "log", shown_log(site, LOGGED, older=3, is_newest=False)
    yield "empty log", shown_log(site, ())
    yield "acknowledge", acknowledge_page(site, LOGGED[0])
    yield "acknowledged", acknowledged_page(site, LOGGED[0])


def tree_of(html):
    return lxml.html.document_fromstring(html)


UNNAMED = replace(SITE, publisher=replace(SITE.publisher, license=None, name=HOSTILE))


@pytest.mark.parametrize("site", [SITE, ENGLISH, UNNAMED], ids=["id", "en", "hostile"])
@pytest.mark.parametrize("contact", ["", "pengelola@tirtasari.example", "https://tirtasari.example/kontak"])
def test_every_page_keeps_every_rule(site, contact):
    broken = {name: found for name, html in pages_of(site, contact) if (found := faults(html, host=HOST))}
    assert broken == {}


def test_texts_leave_no_mark_unread():
    for site in (SITE, ENGLISH):
        for name, html in pages_of(site):
            words = " ".join(tree_of(html).xpath("//main//text()[not(ancestor::pre) and not(ancestor::code)]"))
            if name not in ("corrections", "log", "acknowledge"):
                assert not re.findall(r"\]\(|[`{}]", words), name


def test_contact_is_the_operators_mail_or_page_or_else_the_publishers():
    def reached(contact, site=SITE):
        return tree_of(about_page(site, KNOWN, contact)).xpath("//section[@aria-labelledby='about-run']//a/@href")

    assert reached("pengelola@tirtasari.example") == ["mailto:pengelola@tirtasari.example"]
    assert reached("https://tirtasari.example/kontak") == ["https://tirtasari.example/kontak"]
    city = replace(SITE, publisher=replace(SITE.publisher, url="https://tirtasari.example/"))
    assert reached("", city) == ["https://tirtasari.example/"]
    assert reached("") == ["/departments"]


def test_ethics_shows_what_was_counted():
    text = " ".join(tree_of(ethics_page(SITE, KNOWN, FIGURES)).text_content().split())
    assert "Sudah diperiksa: 1 dari 4 akun." in text
    assert "Tahun 2026: ralat 3, penarikan 1." in text
    assert "Gambar pada kabar terbaru: 40; yang berketerangan: 31 (78 %)." in text
    assert "menunggu pemeriksaan: 2." in text
    assert "kabarnya sampai: 11. Akun yang diam lebih lama daripada biasanya: 5." in text


def test_privacy_tells_where_pictures_come_from():
    said = {mode: privacy_page(SITE, KNOWN, "", mode) for mode in PictureMode}
    assert "salinan kami sendiri" in said[PictureMode.COPIES]
    assert "langsung dari platform asalnya" in said[PictureMode.LINKS]
    assert "tidak memuat apa pun dari pihak ketiga" not in said[PictureMode.LINKS]
    assert "Gambar tidak ditampilkan" in said[PictureMode.NONE]


def test_corrections_link_the_post_and_withdrawals_their_notice():
    page = tree_of(corrections_page(SITE, ACTS[:2], older=3, is_newest=True))
    assert page.xpath("//ol//a[starts-with(@href, '/posts/')]/@href") == [f"/posts/{VACCINES.id}", f"/posts/{GONE.id}"]
    assert page.xpath("//nav[@class='pager']//a/@href") == ["/corrections?before=3"]
    assert HOSTILE in page.text_content()
    assert VACCINES.post.title not in page.text_content()


def test_log_leads_to_accounts_posts_and_nowhere():
    never_public = logged(ActKind.WITHDRAWAL, "Keliru.", VACCINES.id, number=8, change=None)
    page = tree_of(shown_log(SITE, (*LOGGED, never_public)))
    assert set(page.xpath("//ol//a[starts-with(@href, '/accounts/')]/@href")) == {f"/accounts/{HEALTH_SITE.id}"}
    assert set(page.xpath("//ol//a[starts-with(@href, '/posts/')]/@href")) == {f"/posts/{GONE.id}"}
    assert [one.text_content() for one in page.xpath("//strong")][-3:-1] == ["Akun dihentikan", "Akun dibuka kembali"]


def test_log_shows_each_hash_whole_and_how_many_read_of_it():
    page = tree_of(shown_log(SITE, LOGGED))
    shown = [one.text_content() for one in page.xpath("//ol//details/code")]
    assert shown == [act.hash for act in LOGGED]
    assert page.xpath("//li[@id='entry-3']")
    assert page.text_content().count("pemberitahuan: 3; yang menyatakan sudah membaca: 1.") == len(LOGGED)


def test_feed_of_the_log_is_read_by_a_feed_reader():
    feed = feedparser.parse(render_log(SITE, LOGGED, head=Head(number=7, hash=LOGGED[-1].hash), begun=NOW))
    assert not feed.bozo
    assert [entry.id for entry in feed.entries] == [f"urn:uuid:{UUID(act.hash[:32])}" for act in LOGGED]
    assert all(act.hash in entry.content[0].value for act, entry in zip(LOGGED, feed.entries, strict=True))
    assert LOGGED[-1].hash in feed.feed.subtitle
    assert not feedparser.parse(render_log(SITE, (), head=Head(number=0, hash=BEGINNING), begun=NOW)).bozo


def test_times_of_acts_are_the_publishers():
    at = datetime(2026, 12, 31, 18, tzinfo=UTC)
    entry = replace(LOGGED[0].entry, at=at)
    assert "1 Januari 2027, 01.00 WIB" in shown_log(SITE, (replace(LOGGED[0], entry=entry),))
