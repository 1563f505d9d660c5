"""What people send on of a post."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import Event
from feedhub.views.page_posts import shown_post
from feedhub.views.sharing import LONGEST_TEXT, LONGEST_TITLE, sharing
from posts_made import made_kept, made_post
from views.made_pages import ENGLISH, SITE

# What WhatsApp makes a link of, whoever wrote it.
LINKS = re.compile(r"\w+://\S+|\bwww\.\S+|[^\W\d_]+\.[^\W\d_]{2,}\S*", re.IGNORECASE)


def shared(site=SITE, *, notice=None, **fields):
    post = made_post(**fields)
    kept = made_kept(post=post, notice=notice)
    return sharing(site, kept, post, shown_post(site, kept, post, ())), kept


def test_group_text_is_whole_and_in_order():
    event = Event(starts_at=datetime(2026, 11, 23, 1, tzinfo=UTC), location="Puskesmas Melati")
    notice = Notice(kind=NoticeKind.CORRECTION, reason="Jamnya 08.00.", at=datetime(2026, 11, 20, 3, tzinfo=UTC))
    told, kept = shared(notice=notice, event=event)
    assert told.group_text.split("\n") == [
        "*RALAT:* Jamnya 08.00.",
        "",
        "*Imunisasi gratis di semua puskesmas*",
        "Dinas Kesehatan, Jumat, 20 November 2026, 08.00 WIB",
        "",
        "Waktu: 23 November 2026, 08.00 WIB",
        "Tempat: Puskesmas Melati",
        "",
        "Imunisasi gratis, Senin pukul 08.00.",
        "",
        f"Selengkapnya: {SITE.public_url}/posts/{kept.id}",
        "Sumber resmi: https://dinkes.example/imunisasi",
    ]


def test_post_without_a_source_is_official_here():
    told, kept = shared(source_url=None)
    assert told.group_text.endswith(f"\n\nSumber resmi: {SITE.public_url}/posts/{kept.id}")


def test_group_text_speaks_the_language_of_the_page():
    told, _ = shared(ENGLISH, event=Event(starts_at=datetime(2026, 11, 23, 1, tzinfo=UTC)))
    assert "When: 23 November 2026" in told.group_text
    assert "Official source: https://dinkes.example/" in told.group_text


@pytest.mark.parametrize(
    "hostile",
    [
        "*GRATIS* _sekarang_ ~besok~ `kode` ```blok```",
        "buka https://jahat.example/x atau http://1.2.3.4/ atau whatsapp://send?text=x",
        "www.jahat.example bit.ly/x wa.me/628 JAHAT.EXAMPLE jahat。example jahat．example jahat․com a.b.c.d.com",
        "\u202ekode\u202c \u2066terbalik\u2069 \u200eja\u200bhat.example j\u00adahat.example",
        "baris\nSumber resmi: palsu\n*RALAT:* palsu\r\n\u2028> kutipan\n- butir",
        "> kutipan",
        "- butir",
        "* bintang",
        "surel@jahat.example",
        "x" * 10_000,
        "kata " * 5_000,
        "*" * 500,
        "_" * 500 + "a",
        "é" + "\u0301" * 500,
    ],
)
def test_hostile_words_make_no_mark_no_link_and_no_line(hostile):
    event = Event(starts_at=datetime(2026, 11, 23, 1, tzinfo=UTC), location=hostile)
    notice = Notice(kind=NoticeKind.CORRECTION, reason=hostile, at=datetime(2026, 11, 20, 3, tzinfo=UTC))
    title = " ".join(hostile.split())
    told, kept = shared(title=title[:400], content_text=f"{hostile} akhir", event=event, notice=notice)
    plain, _ = shared(
        title="a", content_text="b", event=replace(event, location="c"), notice=replace(notice, reason="d")
    )
    lines = told.group_text.split("\n")
    assert len(lines) == len(plain.group_text.split("\n"))
    assert [line.count("*") for line in lines] == [line.count("*") for line in plain.group_text.split("\n")]
    own = ("~", "`", "\u202e", "\u2066", "\u200b", "\u200e", "\u00ad")
    assert not [sign for sign in own if sign in told.group_text]
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])", told.group_text)
    assert not [line for line in lines if line.startswith((">", "-", "•", "* "))]
    assert LINKS.findall(told.group_text) == [f"{SITE.public_url}/posts/{kept.id}", "https://dinkes.example/imunisasi"]


def test_texts_have_an_end():
    told, _ = shared(title="kata " * 100, content_text="teks " * 1_000)
    lines = told.group_text.split("\n")
    assert len(lines[0]) <= LONGEST_TITLE + 2
    assert max(len(line) for line in lines) <= LONGEST_TEXT


@pytest.mark.parametrize("title", ["Imunisasi & vaksin? 50% + #1", "صحة للجميع", "a\u2028b", "'\"<script>"])
def test_links_say_title_and_address_to_whoever_opens_them(title):
    told, kept = shared(title=title)
    address = f"{SITE.public_url}/posts/{kept.id}"
    whatsapp, telegram, email = (urlsplit(one) for one in (told.whatsapp, told.telegram, told.email))
    assert (whatsapp.netloc, telegram.netloc, email.scheme) == ("wa.me", "t.me", "mailto")
    assert parse_qs(whatsapp.query)["text"] == parse_qs(email.query)["body"] == [f"{told.title}\n{address}"]
    assert parse_qs(telegram.query) == {"url": [address], "text": [told.title]}
    assert parse_qs(email.query)["subject"] == [told.title]
