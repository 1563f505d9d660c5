"""Damaged feeds: only named outcomes, and never a long wait."""

import re
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedhub.connectors.feed_forms import form_of
from feedhub.connectors.feed_mending import mended
from feedhub.connectors.feed_pieces import pieces
from feedhub.connectors.feed_split import ITEM_LIMIT, split_pieces, split_tree
from feedhub.connectors.feed_xml import strict_tree
from feedhub.connectors.webfeed import read, split
from feedhub.errors import ItemUnreadable, PostRefused
from feedhub.failures import VisitFailed
from feedhub.payloads.charset import decoded
from feedhub.payloads.payload import Document

SEEDS = [
    path.read_bytes() for path in sorted((Path(__file__).parent / "webfeed").iterdir()) if ".posts" not in path.name
]
TOKENS = [
    b"<", b">", b"&", b"&#0;", b"&nbsp;", b"&#x110000;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<item>", b"</item>", b"<entry ",
    b"</channel>", b"<?xml version='1.0'?>", b"<!DOCTYPE rss [", b"]>", b"\x00", b"\x1b$B", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80",
    b"xml:base='http://['", b"xmlns:dc=''", b"<dc:date>99999-99-99</dc:date>", b"<georss:point>nan 1e999</georss:point>",
    b"{", b"}", b"[", b"null", b"1e999", b'"\\ud800"', b"<guid>\xe2\x80\x8b</guid>", b"<link>javascript:alert(1)</link>",
]  # fmt: skip


@st.composite
def damaged(draw):
    body = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.sampled_from([0, 0, 1, 5, 50, 5000])))
        body = body[:start] + draw(st.sampled_from([b"", *TOKENS]) | st.binary(max_size=8)) + body[end:]
    return body


def document(body, content_type=None):
    return Document(url="https://feed.example/", body=body, fetched_at=datetime.now(UTC), content_type=content_type)


def posts_of(found):
    posts = []
    for payload in found.payloads:
        with suppress(ItemUnreadable, PostRefused):
            posts.append(read(payload))
    return posts


@settings(max_examples=200, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(), st.sampled_from([None, "text/html", "text/xml; charset=utf-16", "text/xml; charset=windows-1252"]))
def test_damaged_feed_has_a_named_outcome(body, content_type):
    with suppress(VisitFailed):
        found = split(document(body, content_type))
        assert len(found.payloads) <= ITEM_LIMIT
        assert found == split(document(body, content_type))
        assert posts_of(found) == posts_of(found)


@settings(max_examples=100, deadline=2000)
@given(st.sampled_from(SEEDS), st.integers(0, 6000))
def test_cut_off_feed_gives_its_whole_items(seed, length):
    body = seed[:length]
    seen = re.sub(rb"<!--.*?-->", b"", body)
    whole = max(seen.count(b"</item>"), seen.count(b"</entry>"))
    try:
        found = split(document(body))
    except VisitFailed:
        assert whole == 0
    else:
        assert len(found.payloads) >= whole


@settings(max_examples=100, deadline=2000)
@given(damaged())
def test_cutting_and_parsing_find_the_same_posts(body):
    body = body.strip()
    found, root = pieces(body), strict_tree(body)
    if found and root is not None and (form := form_of(root)):
        cut, whole = (
            split_pieces(found, form, url="https://feed.example/"),
            split_tree(root, form, url="https://feed.example/"),
        )
        assert posts_of(cut) == posts_of(whole)


@given(st.binary(max_size=300))
def test_any_bytes_are_text(body):
    decoded(body).encode()
    mended(body).decode()


@pytest.mark.parametrize("token", [token for token in TOKENS if len(token) < 40], ids=repr)
def test_time_grows_with_size_only(token):
    """Four times the size may take four times the time, with room for chance; never sixteen."""

    def seconds(count):
        body = SEEDS[0][:200] + b"<rss><channel><item><guid>1</guid><title>" + token * count
        began = time.process_time()
        with suppress(VisitFailed):
            posts_of(split(document(body)))
        return time.process_time() - began

    seconds(100)
    assert seconds(40_000) < 10 * seconds(10_000) + 0.5
