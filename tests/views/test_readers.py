"""Foreign readers find in a feed what was put into it."""

import gzip
from calendar import timegm
from dataclasses import replace
from datetime import UTC, datetime

import listparser
import pytest

from checkers import read_by_atoma, read_by_feedparser
from feedhub.accounts.account import Account, Department, Platform, Publisher
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import KeptPost, Notice, NoticeKind
from feedhub.posts.post import Media, MediaType
from feedhub.views.atom import render_atom
from feedhub.views.channel import Channel, Tombstone
from feedhub.views.jsonfeed import render_jsonfeed
from feedhub.views.opml import render_opml
from feedhub.views.rss import render_rss
from posts_made import made_channel, made_kept, made_post

PICTURE = Media(type=MediaType.IMAGE, url="https://cdn.example/a.jpg", mime_type="image/jpeg", bytes=70, alt="Peta")
FILM = Media(type=MediaType.VIDEO, url="https://cdn.example/b.mp4", mime_type="video/mp4")
INSTAGRAM = Account(
    key="ig:1", platform=Platform.INSTAGRAM, department="bpbd", handle="bpbd", url="https://ig.example/"
)


def at(hour: int) -> datetime:
    return datetime(2026, 11, 20, hour, 30, 15, tzinfo=UTC)


KEPT = [
    made_kept(
        account=INSTAGRAM,
        post=made_post(
            native_id="2",
            title="Banjir di Mayangan & Kademangan",
            content_html='<p>Banjir "rob" setinggi 1&nbsp;m &amp; angin 🌊</p>',
            summary="Banjir, angin",
            tags=("banjir", "siaga"),
            kinds=(Kind.EMERGENCY,),
            media=(PICTURE, FILM),
            language="jv",
        ),
        published_at=at(1),
        updated_at=at(9),
    ),
    made_kept(published_at=at(0), updated_at=at(2)),
]
CHANNEL = made_channel(*KEPT)


@pytest.mark.parametrize("render", [render_rss, render_atom])
def test_feedparser_finds_the_same_posts(render):
    read = read_by_feedparser(render(CHANNEL))
    assert read.feed.title == CHANNEL.title
    assert read.feed.link == CHANNEL.page_url
    assert read.feed.language == "id"
    assert [entry.id for entry in read.entries] == [f"urn:uuid:{kept.id}" for kept in KEPT]
    for entry, kept in zip(read.entries, KEPT, strict=True):
        assert entry.title == kept.post.title
        assert entry.link == CHANNEL.post_url(kept)
        assert entry.summary == kept.post.summary
        assert entry.content[0].value == kept.post.content_html
        assert entry.author == kept.department.name
        assert timegm(entry.published_parsed) == kept.published_at.timestamp()
        assert timegm(entry.updated_parsed) == kept.updated_at.timestamp()
        assert {tag.term for tag in entry.tags} >= set(kept.post.tags) if kept.post.tags else "tags" not in entry
        assert [link.href for link in entry.links if link.rel == "via"] == [kept.post.source_url]


def test_feedparser_finds_one_enclosure_in_rss_and_every_one_in_atom():
    rss, atom = (read_by_feedparser(render(CHANNEL)).entries[0] for render in (render_rss, render_atom))
    assert [(each.href, each.type, each.length) for each in rss.enclosures] == [(PICTURE.url, "image/jpeg", "70")]
    assert [each.href for each in atom.enclosures] == [PICTURE.url, FILM.url]
    assert [each["url"] for each in rss.media_content] == [PICTURE.url, FILM.url]


def test_feedparser_finds_the_source_and_its_language():
    rss, atom = (read_by_feedparser(render(CHANNEL)).entries[0] for render in (render_rss, render_atom))
    assert rss.source.href == f"https://kabar.example/feed.rss?account={INSTAGRAM.id}"
    assert atom.source.id == f"urn:uuid:{INSTAGRAM.id}"
    assert atom.content[0].language == "jv"


def test_second_reader_finds_the_same_posts_in_rss():
    read = read_by_atoma(render_rss(CHANNEL), "rss")
    assert (read.title, read.link, read.language) == (CHANNEL.title, CHANNEL.page_url, "id")
    assert read.last_build_date == CHANNEL.updated_at
    for entry, kept in zip(read.items, KEPT, strict=True):
        assert (entry.guid, entry.link) == (f"urn:uuid:{kept.id}", CHANNEL.post_url(kept))
        assert (entry.title, entry.content_encoded) == (kept.post.title, kept.post.content_html)
        assert entry.pub_date == kept.published_at
        assert [each.url for each in entry.enclosures] == [each.url for each in kept.post.media[:1]]
        assert entry.categories == [*kept.post.tags, *kept.post.kinds]


def test_second_reader_finds_the_same_posts_in_atom():
    read = read_by_atoma(render_atom(CHANNEL), "atom")
    assert (read.id_, read.title.value, read.updated) == (CHANNEL.id, CHANNEL.title, CHANNEL.updated_at)
    for entry, kept in zip(read.entries, KEPT, strict=True):
        assert (entry.id_, entry.title.value) == (f"urn:uuid:{kept.id}", kept.post.title)
        assert (entry.published, entry.updated) == (kept.published_at, kept.updated_at)
        assert (entry.content.text_type.value, entry.content.value) == ("html", kept.post.content_html)
        assert [link.href for link in entry.links if link.rel == "alternate"] == [CHANNEL.post_url(kept)]
        assert [link.href for link in entry.links if link.rel == "enclosure"] == [m.url for m in kept.post.media]
        assert entry.source.updated == kept.updated_at


def test_second_reader_finds_the_same_posts_in_json_feed():
    read = read_by_atoma(render_jsonfeed(CHANNEL), "json")
    assert (read.title, read.home_page_url, read.feed_url) == (CHANNEL.title, CHANNEL.page_url, CHANNEL.self_url)
    for entry, kept in zip(read.items, KEPT, strict=True):
        assert (entry.id_, entry.url) == (f"urn:uuid:{kept.id}", CHANNEL.post_url(kept))
        assert (entry.title, entry.content_html) == (kept.post.title, kept.post.content_html)
        assert (entry.date_published, entry.date_modified) == (kept.published_at, kept.updated_at)
        assert [each.url for each in entry.attachments] == [each.url for each in kept.post.media]


def test_opml_readers_find_every_department_in_its_group():
    departments = [
        Department(slug="dinkes", name="Dinas <Kesehatan>"),
        Department(slug="kec-b", name="Kecamatan B", group="Kecamatan & Kelurahan"),
        Department(slug="kec-a", name="Kecamatan A", group="Kecamatan & Kelurahan"),
    ]
    document = render_opml(Publisher(name="Kota"), departments, public_url="https://k.example", updated_at=at(1))
    feeds = listparser.parse(document.decode())["feeds"]
    found = [(feed["url"], feed["title"], feed["categories"]) for feed in feeds]
    assert found == [
        ("https://k.example/departments/dinkes/feed.rss", "Dinas <Kesehatan>", []),
        ("https://k.example/departments/kec-a/feed.rss", "Kecamatan A", [["Kecamatan & Kelurahan"]]),
        ("https://k.example/departments/kec-b/feed.rss", "Kecamatan B", [["Kecamatan & Kelurahan"]]),
    ]
    dinkes, group = read_by_atoma(document, "opml").outlines
    assert (dinkes.html_url, dinkes.language) == ("https://k.example/departments/dinkes", "id")
    assert [each.text for each in group.outlines] == ["Kecamatan A", "Kecamatan B"]


@pytest.mark.parametrize("render", [render_rss, render_atom])
def test_what_a_feed_says_to_people_changes_nothing_for_readers(render):
    format = render.__name__.removeprefix("render_")
    said, silent = render(CHANNEL), render(replace(CHANNEL, follow_url=None, style_url=None))
    assert CHANNEL.follow_url.encode() in said
    assert read_by_atoma(said, format) == read_by_atoma(silent, format)
    one, other = read_by_feedparser(said), read_by_feedparser(silent)
    for mine, plain in [(one.feed, other.feed), *zip(one.entries, other.entries, strict=True)]:
        # feedparser keeps what it does not know under names of its own.
        assert {name: value for name, value in mine.items() if not name.startswith("xhtml_")} == plain


def test_what_a_feed_says_to_people_is_small():
    posts = [made_kept(post=made_post(native_id=str(number))) for number in range(50)]
    for render in (render_rss, render_atom):
        channel = made_channel(*posts)
        more = len(gzip.compress(render(channel))) - len(gzip.compress(render(replace(channel, follow_url=None))))
        assert more < 1024


def noticed() -> tuple[Channel, KeptPost]:
    notice = Notice(kind=NoticeKind.CORRECTION, reason="Pukul 09.00 <bukan 08.00>", at=at(3))
    kept = made_kept(notice=notice)
    return made_channel(kept), kept


@pytest.mark.parametrize("render", [render_rss, render_atom])
def test_a_notice_stands_before_the_content(render):
    channel, kept = noticed()
    (entry,) = read_by_feedparser(render(channel)).entries
    paragraph = "<p><strong>Ralat:</strong> Pukul 09.00 &lt;bukan 08.00&gt;</p>"
    assert entry.content[0].value == paragraph + kept.post.content_html
    assert [tag.term for tag in entry.tags] == ["correction"]


@pytest.mark.parametrize(("language", "word"), [("id", "Ralat"), ("en-GB", "Correction"), ("jv", "Ralat")])
def test_a_notice_speaks_the_publishers_language(language: str, word: str):
    channel, kept = noticed()
    channel = made_channel(kept, publisher=Publisher(language=language))
    (entry,) = read_by_atoma(render_jsonfeed(channel), "json").items
    assert entry.content_text.startswith(f"{word}: Pukul 09.00 <bukan 08.00>\n\n")


def test_a_tombstone_is_a_stub_that_says_why():
    stone = Tombstone(id=KEPT[0].id, deleted_at=at(4), reason="Salah alamat")
    channel = made_channel(KEPT[1], tombstones=(stone,), publisher=Publisher(name="Town", language="en"))
    live, stub = read_by_atoma(render_jsonfeed(channel), "json").items
    assert live.id_ == f"urn:uuid:{KEPT[1].id}"
    assert stub.id_ == f"urn:uuid:{KEPT[0].id}"
    assert stub.content_text == "This post was withdrawn by Town. Reason: Salah alamat"
    assert stub.title is None
