"""Recorded feeds of real sites, held against feedparser; read where they lie, never copied."""

import re
import warnings
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import feedparser
import pytest

from feedhub.connectors.feed_draft import absolute
from feedhub.connectors.webfeed import read, split
from feedhub.errors import ItemUnreadable
from feedhub.payloads.payload import Document
from feedhub.posts.urls import canonical_url, without_tracking

FEEDS = Path(__file__).parents[3] / "shared" / "payloads" / "feeds"
URL = "https://feed.example/dir/feed.xml"


def recorded(*folders):
    return sorted(path for folder in folders for path in (FEEDS / folder).glob("*") if path.suffix in {".xml", ".json"})


REAL, ODD = recorded("real", "live"), recorded("feedparser", "granary")
if not REAL:
    print(f"{FEEDS.name}: 104 recorded feeds are not here and were not read")  # noqa: T201 - the contract of shared payloads


def document(path):
    return Document(url=URL, body=path.read_bytes(), fetched_at=datetime.now(UTC))


def same_text(title):
    """A title as both mean it: feedparser leaves tags and references of RSS titles in place."""
    return " ".join(unescape(re.sub(r"<[^<>]*>", "", title or "")).split())


def expected_link(entry):
    address = canonical_url(absolute(entry.get("link", ""), URL))
    return without_tracking(address) if address else None


def expected_date(entry):
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return datetime(*moment[:6], tzinfo=UTC) if moment else None


def differences(post, entry):
    """What we and feedparser read differently in one item."""
    ours = {
        "title": "" if post.title_is_made else same_text(post.title),
        # feedparser resolves guids that are addresses; an id is a name, so it stays as the site wrote it.
        "id": absolute(post.native_id, URL),
        "link": post.source_url,
        "date": post.published_at,
    }
    theirs = {
        "title": same_text(entry.get("title")),
        "id": absolute(entry.get("id") or entry.get("link") or "", URL),
        "link": expected_link(entry),
        "date": expected_date(entry),
    }
    return {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}


def parsed(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(
            path.read_bytes(), response_headers={"content-location": URL, "content-type": "text/xml"}
        )


@pytest.mark.parametrize("path", [path for path in REAL if path.suffix == ".xml"], ids=lambda path: path.stem)
def test_real_feed_is_read_as_feedparser_reads_it(path):
    theirs = parsed(path)
    payloads = split(document(path)).payloads
    assert len(payloads) == len(theirs.entries)
    found = [differences(read(payload), entry) for payload, entry in zip(payloads, theirs.entries, strict=True)]
    assert [difference for difference in found if difference] == []


def test_real_json_feed_is_read_whole():
    for path in (path for path in REAL if path.suffix == ".json"):
        posts = [read(payload) for payload in split(document(path)).payloads]
        assert len(posts) == 10
        # This site escapes its HTML twice, which a person must not see.
        assert not any("&lt;p&gt;" in post.content_html for post in posts)


@pytest.mark.parametrize("path", REAL + ODD, ids=lambda path: path.stem)
def test_recorded_feed_reads_the_same_twice(path):
    first, second = split(document(path)), split(document(path))
    assert first == second
    assert [payload.fingerprint for payload in first.payloads] == [payload.fingerprint for payload in second.payloads]
    for payload in first.payloads[:3]:
        try:
            assert read(payload) == read(payload)
        except ItemUnreadable:
            continue


def test_no_date_is_invented():
    """Where the document has no date for an item, its post has none."""
    words = re.compile(
        rb"pubdate|<[\w:]*(?:date|published|updated|modified|issued|created)|date_(?:published|modified)", re.IGNORECASE
    )
    for path in REAL + ODD:
        for payload in split(document(path)).payloads:
            if not words.search(payload.body):
                try:
                    post = read(payload)
                except ItemUnreadable:
                    continue
                assert (post.published_at, post.edited_at) == (None, None)
