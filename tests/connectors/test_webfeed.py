"""What `split` and `read` promise about any feed."""

import sys
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from feedhub.accounts.account import Platform
from feedhub.connectors import CONNECTORS
from feedhub.connectors.feed_split import ITEM_LIMIT
from feedhub.connectors.webfeed import read, split
from feedhub.errors import ItemUnreadable
from feedhub.failures import EmptyDocument, NotAFeed, Unreadable, VisitFailed
from feedhub.payloads.payload import Document

URL = "https://feed.example/dir/feed"


def document(body, content_type=None, url=URL):
    body = body.encode() if isinstance(body, str) else body
    return Document(url=url, body=body, fetched_at=datetime(2026, 11, 20, tzinfo=UTC), content_type=content_type)


def rss(*items, channel="", root=""):
    return (
        f'<?xml version="1.0"?><rss version="2.0" {root}><channel><title>Kabar</title>'
        f"<link>https://kabar.example/</link>{channel}{''.join(items)}</channel></rss>"
    )


def item(n, extra=""):
    return (
        f"<item><title>Berita {n}</title><link>https://kabar.example/{n}</link><guid>g{n}</guid>"
        f"<pubDate>Fri, 20 Nov 2026 0{n % 10}:00:00 +0700</pubDate>{extra}</item>"
    )


def posts(body, **how):
    return [read(payload) for payload in split(document(body, **how)).payloads]


def ids(body, **how):
    return [post.native_id for post in posts(body, **how)]


def prints(body):
    return {payload.fingerprint for payload in split(document(body)).payloads}


# What an item is


def test_webfeed_is_in_the_table():
    assert CONNECTORS[Platform.WEBFEED].split is split


def test_item_is_the_same_whatever_changes_around_it():
    before = rss(item(1), item(2), channel="<lastBuildDate>Fri, 20 Nov 2026 01:00:00 +0000</lastBuildDate>")
    after = rss(
        "\n  ",
        item(3),
        "\n",
        item(2),
        item(1),
        channel="<ttl>5</ttl>",
        root='xmlns:wfw="http://wellformedweb.org/CommentAPI/"',
    )
    assert prints(before) < prints(after)


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8"])
def test_item_is_the_same_in_every_charset(charset):
    """A server that changes its headers or its declaration changes no item."""
    body = rss(item(1), "<item><title>Café</title></item>").replace('"1.0"?', f'"1.0" encoding="{charset}"?')
    expected = prints(rss(item(1), "<item><title>Café</title></item>"))
    for content_type in (None, f"text/xml; charset={charset}", "text/html"):
        found = split(document(body.encode(charset), content_type))
        assert {payload.fingerprint for payload in found.payloads} == expected


def test_item_carries_the_namespaces_that_it_uses_and_no_others():
    roots = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    [payload] = split(document(rss(item(1, "<dc:subject>Air</dc:subject>"), root=roots))).payloads
    assert b"purl.org/dc" in payload.body
    assert b"slash" not in payload.body
    assert read(payload).tags == ("Air",)


def test_item_that_declares_its_own_namespaces_is_read():
    own = '<item xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject>Air</dc:subject><title>Judul</title><guid>1</guid></item>'
    assert posts(rss(own, root='xmlns:dc="http://purl.org/dc/elements/1.1/"'))[0].tags == ("Air",)


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- <item><title>Hantu</title><guid>x</guid></item> -->",
        "<description><![CDATA[<item><guid>x</guid></item>]]></description>",
    ],
)
def test_items_in_comments_and_cdata_are_no_items(hidden):
    assert ids(rss(hidden, item(1))) == ["g1"]
    assert ids(rss(item(1), hidden)) == ["g1"]
    assert ids(rss(item(1), hidden, item(2))) == ["g1", "g2"]
    assert ids(rss(item(1, hidden.replace("<title>Hantu</title>", "")), item(2))) == ["g1", "g2"]


def test_prefixed_rss_and_atom_are_read():
    atom = '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>1</a:id><a:title>Judul</a:title></a:entry></a:feed>'
    rdf = (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://purl.org/rss/1.0/">'
        '<s:item r:about="2"><s:title>Judul</s:title></s:item></r:RDF>'
    )
    assert ids(atom) + ids(rdf) == ["1", "2"]


def test_one_atom_entry_alone_is_a_feed():
    assert ids('<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id><title>Judul</title></entry>') == ["1"]


# How items are told apart


def test_id_then_link_then_fingerprint():
    assert ids(rss("<item><guid> g </guid><link>https://x.example/</link></item>")) == ["g"]
    assert ids(rss("<item><link>https://x.example/</link></item>")) == ["https://x.example/"]
    [made] = ids(rss("<item><title>Judul</title></item>"))
    assert made.startswith("fingerprint:")
    assert ids(rss("<item><title>Lain</title></item>")) != [made]


def test_order_of_items_with_one_id_decides_nothing():
    newer = "<item><guid>g1</guid><title>Baru</title><pubDate>Sat, 21 Nov 2026 00:00:00 +0700</pubDate></item>"
    others = [item(2), item(3), item(4)]
    for items in ([item(1), newer, *others], [newer, item(1), *others], [*others, newer, item(1)]):
        found = split(document(rss(*items)))
        assert {read(payload).title for payload in found.payloads} >= {"Baru"}
        assert len(found.payloads) == 4
        assert found.notes == ("One item has the id of a newer item in the same feed and is not read.",)


def test_feed_with_one_guid_and_one_link_is_told_apart_by_date():
    same = [
        f"<item><guid>s</guid><link>https://x.example/</link><title>T{n}</title>"
        f"<pubDate>Fri, 20 Nov 2026 0{n}:00:00 GMT</pubDate></item>"
        for n in range(4)
    ]
    split_ = split(document(rss(*same)))
    assert len({read(payload).native_id for payload in split_.payloads}) == 4
    assert {payload.context["identity"] for payload in split_.payloads} == {"link+date"}


def test_feed_without_anything_to_tell_by_is_told_apart_by_text():
    same = [f"<item><guid>s</guid><link>https://x.example/</link><title>T{n}</title></item>" for n in range(4)]
    split_ = split(document(rss(*same)))
    assert len({read(payload).native_id for payload in split_.payloads}) == 4
    assert "an item whose text is edited looks new" in split_.notes[0]


def test_guids_that_collide_seldom_are_believed():
    items = [item(n) for n in range(1, 9)] + ["<item><guid>g1</guid><title>Lain</title></item>"]
    assert {payload.context["identity"] for payload in split(document(rss(*items))).payloads} == {"id"}


# Bounds


def test_items_beyond_the_bound_are_counted_not_read():
    found = split(document(rss(*(item(n) for n in range(ITEM_LIMIT + 5)))))
    assert len(found.payloads) == ITEM_LIMIT
    assert found.notes == ("The feed lists more than 2,000 items; FeedHub reads the first ones.",)


def test_field_is_cut_at_256_kilobytes():
    [post] = posts(rss(f"<item><guid>1</guid><description>{'kata ' * 100_000}</description></item>"))
    assert len(post.content_text) <= 256 * 1024


def test_element_with_too_many_attributes_is_passed_over():
    many = " ".join(f'a{n}="1"' for n in range(65))
    [post] = posts(rss(item(1, f'<enclosure url="https://x.example/a.mp3" {many}/><category>Air</category>')))
    assert (post.media, post.tags) == ((), ("Air",))


@pytest.mark.parametrize("broken", ["<item></item>", "<item><slash:comments>3</slash:comments></item>"])
def test_bad_item_does_not_block_its_neighbours(broken):
    first, bad, last = split(document(rss(item(1), broken, item(2)))).payloads
    assert [read(first).native_id, read(last).native_id] == ["g1", "g2"]
    with pytest.raises(ItemUnreadable):
        read(bad)


def test_json_item_that_is_no_object_is_refused_alone():
    body = '{"version": "https://jsonfeed.org/version/1", "items": [7, {"id": 1, "title": "Judul"}]}'
    bad, good = split(document(body)).payloads
    assert read(good).native_id == "1"
    with pytest.raises(ItemUnreadable):
        read(bad)


# What is no feed

PAGE = '<!DOCTYPE html><html><head><link href="/feed/?a=1&amp;b=2" type="application/rss+xml" rel="alternate"></head></html>'
REFUSED = {
    "nothing": (b" \n", EmptyDocument, "empty"),
    "only a mark": (b"\xef\xbb\xbf", EmptyDocument, "empty"),
    "a page": (b"<html><body>Halo</body></html>", NotAFeed, "a web page"),
    "a page that names its feed": (PAGE.encode(), NotAFeed, "https://feed.example/feed/?a=1&b=2"),
    "a fragment of a page": (b"<p>Galat</p>", NotAFeed, "a web page"),
    "XHTML": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', NotAFeed, "a web page"),
    "a sitemap": (b"<?xml version='1.0'?><urlset><url/></urlset>", NotAFeed, "a sitemap"),
    "OPML": (b"<opml version='2.0'><body/></opml>", NotAFeed, "an OPML"),
    "other XML": (b"<kucing/>", NotAFeed, "<kucing>"),
    "other JSON": (b'{"items_": 1}', NotAFeed, "JSON that is no JSON Feed"),
    "a JSON list": (b"[1]", NotAFeed, "JSON that is no JSON Feed"),
    "JSON cut off": (b'{"version": "https://jsonfeed.org/version/1", "tit', Unreadable, "too broken"),
    "a PDF": (b"%PDF-1.7 \xff", NotAFeed, "a PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", NotAFeed, "a picture"),
    "a compressed file": (b"\x1f\x8b\x08\0\0", NotAFeed, "a compressed file"),
    "text": (b"Halo dunia", NotAFeed, "plain text"),
    "noise": (bytes(range(1, 32)), NotAFeed, "not with a feed"),
    "a feed cut off in its head": (b'<?xml version="1.0"?><rss><channel><title>Ka', Unreadable, "too broken"),
}


@pytest.mark.parametrize(("body", "error", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_feed_is_named(body, error, words):
    with pytest.raises(error) as refused:
        split(document(body, "application/rss+xml"))
    assert words in refused.value.reason
    assert refused.value.reason.endswith((".", "b=2"))


@pytest.mark.parametrize(
    "content_type", [None, "text/html", "text/plain; charset=utf-8", "image/png", "application/json"]
)
def test_content_type_is_never_believed(content_type):
    assert ids(rss(item(1)), content_type=content_type) == ["g1"]


def test_empty_feed_is_a_feed():
    assert split(document(rss())).payloads == ()
    assert split(document('{"version": "https://jsonfeed.org/version/1.1", "items": []}')).payloads == ()


@pytest.mark.parametrize("charset", ["windows-1251", "utf-16"])
def test_charset_of_the_header_reaches_the_items(charset):
    body = rss("<item><guid>1</guid><title>Новости</title></item>").encode(charset)
    assert posts(body, content_type=f"text/xml; charset={charset}")[0].title == "Новости"


def test_one_byte_of_another_charset_spoils_nothing():
    body = rss("<item><guid>1</guid><title>Caf\xe9</title></item>", item(2)).encode("latin-1")
    assert [post.title for post in posts(body)] == ["Café", "Berita 2"]


def test_truncated_json_feed_gives_its_whole_items():
    body = '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "A"}, {"id": "2", "title": "B"}, {"id"'
    assert ids(body) == ["1", "2"]


# Hostile documents

BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "laughs": f'<!DOCTYPE rss [<!ENTITY a0 "ha">{BOMB}]>'
    + rss(item(1, "<description>&a9;</description>")).split("?>")[1],
    "quadratic": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 199}">]>'
    + rss(item(1, f"<description>{'&a;' * 500_000}</description>")),
    "a file": '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    + rss(item(1, "<description>&a;</description>")),
    "a DTD elsewhere": '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/a.dtd">' + rss(item(1)),
    "a parameter entity": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/hostname">%p;]>' + rss(item(1)),
    "deep": rss(item(1, "<a>" * 1_000_000)),
    "deep without items": "<rss>" + "<a>" * 1_000_000,
    "attributes": rss(item(1, "<a " + " ".join(f'b{n}=""' for n in range(200_000)) + "/>")),
    "attributes of the root": rss(item(1), root=" ".join(f'b{n}=""' for n in range(200_000))),
    "namespaces": rss(item(1), root=" ".join(f'xmlns:b{n}="u{n}"' for n in range(20_000))),
    "opened items": "<rss><channel>" + "<item>" * 300_000,
    "closed items": "<rss><channel>" + "</item>" * 300_000,
    "empty items": rss("<item/>" * 200_000),
    "unclosed CDATA": rss("<item><guid>1</guid><title><![CDATA[" * 100_000),
    "unclosed comments": rss("<!--" * 500_000),
    "ampersands": rss(item(1, f"<description>{'&' * 1_000_000}</description>")),
    "brackets": rss(item(1, f"<description>{'<' * 1_000_000}</description>")),
    "a doctype without end": "<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 100_000 + rss(item(1)),
    "quotes in a doctype": "<!DOCTYPE rss [" + "\"'" * 500_000 + rss(item(1)),
    "ids that never end": rss(f"<item>{'<guid ' * 300_000}</item>"),
    "declarations that never end": "<?xml " + 'encoding="x" ' * 300_000,
    "starts that never end": "<rss " + "<?xml " * 300_000,
    "comments in a doctype": "<!DOCTYPE rss [" + "<!--" * 300_000 + rss(item(1)),
    "comments before nothing": "<!-- --> " * 7_000 + "!",
    "a title without end": rss(item(1).replace("Berita", "<b " * 100_000 + "&amp;" * 100_000)),
    "deep JSON": '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 500_000,
    "a long number": '{"version": "https://jsonfeed.org/version/1", "items": [{"id": ' + "9" * 100_000 + "}]}",
    "half a character": '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "\\ud800", "title": "\\udfff"}]}',
    "a page that looks like a feed": "<html>" + "<link rel=alternate type=application/rss+xml " * 100_000 + "<rss>",
}


def saved_posts(body):
    """The first posts of a bad document; only the named errors may stand in their place."""
    with suppress(VisitFailed):
        for payload in split(document(body)).payloads[:50]:
            with suppress(ItemUnreadable):
                yield read(payload)


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_document_has_a_named_outcome_soon(body, opened_files):
    began = time.process_time()
    for post in saved_posts(body):
        assert len(post.content_text) <= 256 * 1024
    assert time.process_time() - began < 5
    assert opened_files == []


_OPENED: list[str] = []
_WATCHING: list[bool] = []


def _watch(event, arguments):
    # Modules and time zones that Python loads meanwhile are nobody's attack.
    if _WATCHING and (event == "socket.connect" or (event == "open" and str(arguments[0]).startswith("/etc/host"))):
        _OPENED.append(str(arguments))


@pytest.fixture
def opened_files():
    """What Python itself opens; libxml2 opens files by itself, so a test below looks for their text too."""
    if not hasattr(sys, "_feedhub_watches"):
        sys.addaudithook(_watch)
        sys._feedhub_watches = True
    _OPENED.clear()
    _WATCHING.append(True)
    yield _OPENED
    _WATCHING.clear()


def test_text_of_a_file_never_reaches_a_post(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("rahasia")
    for doctype in (
        f'<!DOCTYPE rss [<!ENTITY a SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE rss SYSTEM "{secret.as_uri()}">',
    ):
        for post in posts(doctype + rss(item(1, "<description>&a; aman</description>"))):
            assert "rahasia" not in post.content_html + post.content_text
