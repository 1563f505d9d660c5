"""The checkers can fail: a good document, broken in one place, is always noticed."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

from checkers import api_faults, atom_faults, ics_faults, jsonfeed_faults, opml_faults, read_by_atoma, rss_faults
from feedhub.accounts.account import Department, Publisher
from feedhub.posts.post import Media, MediaType
from feedhub.views.api import post_json
from feedhub.views.channel import Tombstone
from feedhub.views.formats import FORMATS
from feedhub.views.opml import render_opml
from posts_made import made_channel, made_kept, made_post

ICS_BREAKS = [
    ("PRODID:-//FeedHub//Events//EN\r\n", ""),
    ("UID:urn:uuid:0", "X-UID:urn:uuid:0"),
    ("DTSTAMP:2026", "X-STAMP:2026"),
    ("DTSTART:20261128T010000Z", "DTSTART:next Saturday"),
    ("SEQUENCE:3", "SEQUENCE:first"),
    ("\r\n", "\n"),
    ("LOCATION:Alun-alun", "LOCATION:" + "Alun-alun" * 9),
    ("00000000-0000-5000-8000-000000000007\r\nSEQ", "00000000-0000-5000-8000-000000000008\r\nSEQ"),
]
ATOM_BREAKS = [  # what stands there, what stands there instead
    ('xmlns="http://www.w3.org/2005/Atom"', 'xmlns="http://www.w3.org/2005/Atm"'),
    ("<title>Kota Contoh</title>", ""),
    ("<title>Kota Contoh</title>", "<title>a</title><title>b</title>"),
    ("<title>Kota Contoh</title>", '<title type="CDATA">a</title>'),
    ("<title>Kota Contoh</title>", "<title>a <b>b</b></title>"),
    ("<title>Kota Contoh</title>", '<title type="xhtml">a</title>'),
    ("<id>urn:uuid:3d0a7e0e-7b43-5d0e-8a53-0a8f1f4c3c55</id>", ""),
    ("<id>urn:uuid:3d0a7e0e-7b43-5d0e-8a53-0a8f1f4c3c55</id>", "<id></id>"),
    ("<id>urn:uuid:3d0a7e0e-7b43-5d0e-8a53-0a8f1f4c3c55</id>", "<id>3</id>"),
    ("<updated>2026-11-20T09:00:00+07:00</updated>", ""),
    ("<updated>2026-11-20T09:00:00+07:00</updated>", "<updated>2026-11-20T09:00:00</updated>"),
    ("<updated>2026-11-20T09:00:00+07:00</updated>", "<updated>2026-11-20</updated>"),
    ("<updated>2026-11-20T09:00:00+07:00</updated>", "<updated>2026-13-20T09:00:00Z</updated>"),
    ("<updated>2026-11-20T09:00:00+07:00</updated>", "<updated>Fri, 20 Nov 2026 09:00:00 +0700</updated>"),
    ("<name>Kota Contoh</name>", ""),
    ("<name>Kota Contoh</name>", "<name>a</name><email>nobody</email>"),
    ("<name>Kota Contoh</name>", "<name>a</name><phone>1</phone>"),
    ("<generator>FeedHub</generator>", "<generator>a</generator><generator>b</generator>"),
    ("<generator>FeedHub</generator>", '<generator url="https://a.example/">a</generator>'),
    ("<subtitle>Kabar resmi Kota Contoh</subtitle>", "<subtitle>a</subtitle><subtitle>b</subtitle>"),
    ("<subtitle>Kabar resmi Kota Contoh</subtitle>", "<tagline>a</tagline>"),
    ("<subtitle>Kabar resmi Kota Contoh</subtitle>", "loose text"),
    ("<subtitle>Kabar resmi Kota Contoh</subtitle>", "<icon/>"),
    ('xml:lang="id">', 'xml:lang="in donesia">'),
    ('xml:lang="id">', 'lang="id">'),
    ('rel="self" ', 'rel="self here" '),
    ('rel="self" ', 'rel="self" length="many" '),
    ('rel="self" ', 'rel="self" target="_blank" '),
    ('type="application/atom+xml"', 'type="atom"'),
    ('href="https://kabar.example/feed.rss"', ""),
    ('href="https://kabar.example/feed.rss"', 'href="/feed.rss"'),
    ('rel="self" type="application/atom+xml"', 'rel="alternate" type="text/html"'),
    ('<category term="banjir"/>', "<category>banjir</category>"),
    ('<category term="banjir"/>', '<category term="a" domain="b"/>'),
    ('<content type="html">', '<content type="CDATA">'),
    ('<content type="html">', '<content type="html" src="https://a.example/">'),
    ("</content>", "</content><content>b</content>"),
    ("<summary>Imunisasi gratis.</summary>", "<summary>a</summary><summary>b</summary>"),
    ("<published>2026-11-20T08:00:00+07:00</published>", "<published>soon</published>"),
    ("<published>2026-11-20T08:00:00+07:00</published>", "<created>2026-11-20T08:00:00+07:00</created>"),
    ("<title>Imunisasi gratis di semua puskesmas</title>", "<title> </title>"),
    ('<link rel="enclosure"', '<link rel="enclosure" length="-1"'),
    ('<link rel="enclosure" type="image/jpeg"', '<link rel="alternate" type="text/html"'),
    ("<source>", "<source><entry/>"),
    ("<source>", "<source><title>again</title>"),
    (' ref="urn:uuid:00000000-0000-0000-0000-000000000001"', ""),
    (' when="2026-11-20T08:00:00+07:00"', ' when="yesterday"'),
    ("<at:comment>Keliru</at:comment>", "<at:content>Keliru</at:content>"),
]
RSS_BREAKS = [
    ('version="2.0"', 'version="0.92"'),
    ("<title>Kota Contoh</title>", ""),
    ("<description>Kabar resmi Kota Contoh</description>", ""),
    ("<link>https://kabar.example/</link>", "<link>https://kabar.example/feed.rss</link>"),
    ("<link>https://kabar.example/</link>", "<link>/</link>"),
    ("<link>https://kabar.example/</link>", "<link>https://a.example/</link><link>https://b.example/</link>"),
    ('rel="self" type="application/rss+xml"', 'rel="self" type="application/atom+xml"'),
    ('rel="self"', 'rel="related"'),
    ('rel="alternate" type="text/html" href="https://kabar.example/"', 'rel="alternate" type="text/html" href="/"'),
    ("Fri, 20 Nov 2026 09:00:00 +0700", "Fri, 20 Nov 26 09:00:00 +0700"),
    ("Fri, 20 Nov 2026 08:00:00 +0700", "Jum, 20 Nov 2026 08:00:00 +0700"),
    ("Fri, 20 Nov 2026 08:00:00 +0700", "2026-11-20T08:00:00+07:00"),
    ("<ttl>15</ttl>", "<ttl>PT15M</ttl>"),
    ("<sy:updatePeriod>hourly", "<sy:updatePeriod>Hourly"),
    ('isPermaLink="false"', ""),
    ('<guid isPermaLink="false">', '<id isPermaLink="false">'),
    ("<dc:creator>Dinas Kesehatan</dc:creator>", "<author>Dinas Kesehatan</author>"),
    ("<dc:creator>", "<author>a@a.example</author><dc:creator>"),
    ("<description>Imunisasi gratis.</description>", ""),
    ("<enclosure ", '<enclosure url="https://a.example/" length="0" type="a/b"/><enclosure '),
    ('length="0"', 'length=""'),
    ('length="0"', ""),
    ('medium="image"', 'medium="photo"'),
    ('media:content url="https://cdn.example/a.jpg"', 'media:content url="a.jpg"'),
    ("<atom:updated>2026-11-20T08:00:00+07:00</atom:updated>", ""),
    ('<source url="https://dinkes.example/feed">', '<source url="feed">'),
]
JSON_BREAKS = [  # path, value; None = taken away
    (["version"], "https://jsonfeed.org/version/1"),
    (["version"], None),
    (["title"], None),
    (["items"], None),
    (["next_url"], "https://kabar.example/feed.rss"),
    (["author"], {"name": "a"}),
    (["language"], "bahasa indonesia"),
    (["feed_url"], "/feed.json"),
    (["_about"], "text"),
    (["_a.b"], {}),
    (["_feedhub", "_own"], 1),
    (["items", 0, "id"], 7),
    (["items", 0, "id"], None),
    (["items", 0, "id"], "urn:uuid:00000000-0000-0000-0000-000000000001"),
    (["items", 0, "date_published"], "2026-11-20"),
    (["items", 0, "date_published"], "2026-11-20T08:00:00"),
    (["items", 0, "summary"], 1),
    (["items", 0, "image"], ""),
    (["items", 0, "source_url"], "https://a.example/"),
    (["items", 0, "tags"], "banjir"),
    (["items", 0, "authors"], [{}]),
    (["items", 0, "attachments", 0, "mime_type"], None),
    (["items", 0, "attachments", 0, "mime_type"], "jpeg"),
    (["items", 0, "attachments", 0, "size_in_bytes"], -1),
    (["items", 1, "content_text"], None),
]
API_BREAKS = [
    (["title"], None),
    (["extra"], 1),
    (["id"], "1"),
    (["uri"], "5b1c7a2e"),
    (["published_at"], "2026-11-20T01:00:00Z"),
    (["published_at"], "2026-11-20T08:00:00.5+07:00"),
    (["status"], "deleted"),
    (["type"], "boost"),
    (["version"], 0),
    (["counts"], []),
    (["notice"], {"kind": "kill", "reason": "a", "at": "2026-11-20T08:00:00+07:00"}),
    (["media", 0, "bytes"], "12"),
    (["media", 0, "alt"], None),
    (["account", "verified_at"], "soon"),
    (["department"], {"name": "a", "slug": "a", "url": None}),
    (["status"], "withdrawn"),
]
VALID_ATOM = [  # what the grammar must let pass
    ("<title>Kota Contoh</title>", '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b></div></title>'),
    ("<updated>2026-11-20T09:00:00+07:00</updated>", "<updated>2026-11-20T09:00:00.25Z</updated>"),
    ("<generator>FeedHub</generator>", '<generator uri="https://a.example/" version="1" xml:lang="en">a</generator>'),
    ("<generator>FeedHub</generator>", '<x:a xmlns:x="urn:x" b="1">t<x:c><rights/></x:c></x:a>'),
    ("<generator>FeedHub</generator>", '<icon>https://a.example/i.png</icon><logo xml:base="https://a.example/">l.png</logo>'),
    ('<category term="banjir"/>', '<category term="a" label="b" scheme="urn:x"><x xmlns="urn:x"/></category>'),
    ("<name>Kota Contoh</name>", '<email>a@a.example</email><name>a</name><x xmlns="urn:x"/>'),
    ('<content type="html">', "<content>"),
    ('<content type="html">', '<content type="text/plain">'),
    ('rel="self" ', 'rel="self" hreflang="id" title="t" length="1" x:y="1" xmlns:x="urn:x" '),
]  # fmt: skip


@cache
def document(format: str) -> str:
    """A good document with one of everything that is broken above."""
    picture = Media(type=MediaType.IMAGE, url="https://cdn.example/a.jpg", mime_type="image/jpeg")
    post = made_post(media=(picture,), tags=("banjir",))
    stones = (Tombstone(id=UUID(int=1), deleted_at=datetime(2026, 11, 20, 1, tzinfo=UTC), reason="Keliru"),)
    return FORMATS[format].render(made_channel(made_kept(post=post), tombstones=stones)).decode()


def broken(value: object, path: list[str | int], other: object) -> object:
    """A copy of a JSON value with another member at `path`, or without it."""
    value = json.loads(json.dumps(value))
    *way, last = path
    place = value
    for step in way:
        place = place[step]
    if other is None:
        del place[last]
    else:
        place[last] = other
    return value


def test_the_unbroken_documents_are_valid():
    assert atom_faults(document("atom").encode()) == []
    assert rss_faults(document("rss").encode()) == []
    assert jsonfeed_faults(document("json").encode()) == []


@pytest.mark.parametrize(("good", "bad"), ICS_BREAKS)
def test_ics_checker_notices(good: str, bad: str):
    written = (Path(__file__).parent / "golden/full/events.ics").read_bytes().decode()
    assert good in written
    assert ics_faults(written.encode()) == []
    assert ics_faults(written.replace(good, bad, 1).encode())


@pytest.mark.parametrize(("good", "bad"), ATOM_BREAKS)
def test_atom_checker_notices(good: str, bad: str):
    assert good in document("atom")
    assert atom_faults(document("atom").replace(good, bad, 1).encode())


@pytest.mark.parametrize(("good", "other"), VALID_ATOM)
def test_atom_checker_lets_pass_what_the_standard_allows(good: str, other: str):
    assert good in document("atom")
    assert atom_faults(document("atom").replace(good, other, 1).encode()) == []


def test_atom_checker_wants_an_author_in_the_feed_or_in_every_entry():
    of_feed, of_entry = re.findall("<author>.*?</author>", document("atom"), flags=re.DOTALL)
    assert atom_faults(document("atom").replace(of_feed, "").encode()) == []
    assert atom_faults(document("atom").replace(of_entry, "").encode()) == []
    assert atom_faults(document("atom").replace(of_feed, "").replace(of_entry, "").encode())


@pytest.mark.parametrize(("good", "bad"), RSS_BREAKS)
def test_rss_checker_notices(good: str, bad: str):
    assert good in document("rss")
    bad_document = document("rss").replace(good, bad, 1)
    bad_document = bad_document.replace("</guid>", "</id>", 1) if bad.startswith("<id ") else bad_document
    assert rss_faults(bad_document.encode())


@pytest.mark.parametrize(("path", "other"), JSON_BREAKS)
def test_jsonfeed_checker_notices(path: list[str | int], other: object):
    assert jsonfeed_faults(json.dumps(broken(json.loads(document("json")), path, other)).encode())


@pytest.mark.parametrize(("path", "other"), API_BREAKS)
def test_api_checker_notices(path: list[str | int], other: object):
    picture = Media(type=MediaType.IMAGE, url="https://cdn.example/a.jpg", alt="")
    post = post_json(
        made_kept(post=made_post(media=(picture,))), publisher=Publisher(), public_url="https://kabar.example"
    )
    assert api_faults(post) == []
    assert api_faults(broken(post, path, other))


def test_api_checker_notices_keys_out_of_order():
    post = post_json(made_kept(), publisher=Publisher(), public_url="https://kabar.example")
    assert api_faults({"uri": post["uri"], **post})


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('version="2.0"', 'version="1.0"'),
        ("xmlUrl=", "url="),
        ('xmlUrl="https://kabar.example', 'xmlUrl="'),
        ('text="Dinas Kesehatan" ', ""),
        ("Fri, 20 Nov 2026", "20/11/2026"),
        ("<body>", "<body/><body>"),
    ],
)
def test_opml_checker_notices(good: str, bad: str):
    departments = [Department(slug="dinkes", name="Dinas Kesehatan")]
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    text = render_opml(Publisher(), departments, public_url="https://kabar.example", updated_at=at).decode()
    assert opml_faults(text.encode()) == []
    assert good in text
    assert opml_faults(text.replace(good, bad, 1).encode())


def test_second_reader_refuses_what_is_no_feed():
    with pytest.raises(Exception, match="version"):
        read_by_atoma(b"<rss version='1'><channel/></rss>", "rss")
