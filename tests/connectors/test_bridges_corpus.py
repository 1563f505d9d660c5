"""What bridges send: recorded feeds of RSS-Bridge, its error items, and the error pages of both."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedhub.connectors.feed_bridges import broken_bridge
from feedhub.connectors.outcomes import refusal_of
from feedhub.connectors.webfeed import connector
from feedhub.failures import BridgeBroken, ServerFailed
from feedhub.payloads.payload import Document

BRIDGES = Path(__file__).parents[3] / "shared" / "payloads" / "bridges"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://bridge.example/?action=display&bridge=X&format=Json"
# How many posts each file makes. Those without "expected" are what RSS-Bridge's own tests make feeds
# from, in a form of its own that nearly is JSON Feed.
POSTS = {
    "expectedAtomFormat__feed.common.xml": 4,
    "expectedAtomFormat__feed.emptyItems.xml": 2,
    "expectedAtomFormat__feed.microblog.xml": 2,
    "expectedJsonFormat__feed.common.json": 4,
    "expectedJsonFormat__feed.emptyItems.json": 2,
    "expectedJsonFormat__feed.microblog.json": 2,
    "expectedMrssFormat__feed.common.xml": 4,
    "expectedMrssFormat__feed.emptyItems.xml": 2,
    "expectedMrssFormat__feed.microblog.xml": 2,
    "feed.common.json": 4,
    "feed.emptyItems.json": 2,
}
NO_POST = {
    "expectedAtomFormat__feed.empty.xml": "a feed without items",
    "expectedJsonFormat__feed.empty.json": "a feed without items",
    "expectedMrssFormat__feed.empty.xml": "a feed without items",
    "feed.empty.json": "a list without items",
    "feed.microblog.json": "neither ids nor links, and texts under names that JSON Feed does not know",
}
REFUSED = {
    "telegram_error.Json": (BridgeBroken, "Bridge returned error 0"),
    "wordpress.Atom": (BridgeBroken, "Bridge encountered an unexpected situation"),
    "wordpress.Json": (BridgeBroken, "Bridge encountered an unexpected situation"),
    "wordpress.Mrss": (BridgeBroken, "Bridge encountered an unexpected situation"),
}
FILES = sorted(path for folder in ("live", "rss-bridge") for path in (BRIDGES / folder).glob("*"))
print(  # noqa: T201 - the contract of shared payloads
    f"bridges: {len(POSTS)} files read, {len(REFUSED)} refused by name, {len(NO_POST)} without a post"
    if FILES
    else "bridges: 20 recorded files are not here and were not read"
)


def document(path):
    return Document(url=URL, body=path.read_bytes(), fetched_at=NOW)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_recorded_file_is_read_or_refused_by_name(path):
    if path.name in REFUSED:
        outcome, words = REFUSED[path.name]
        with pytest.raises(outcome, match=words):
            connector.split(document(path))
        return
    posts, faults = read(path)
    if path.name in NO_POST:
        assert posts == []
        return
    assert (len(posts), faults) == (POSTS[path.name], 0)
    if path.name.startswith("expectedJson"):
        told = {each["id"]: each for each in json.loads(path.read_text())["items"]}
        for post in posts:
            said = told[post.native_id]
            dated = said.get("date_modified")
            assert post.published_at == (datetime.fromisoformat(dated) if dated else None)
            assert post.title_is_made or post.title == said["title"]
            assert post.source_url == said.get("url")


def read(path):
    posts, faults = [], 0
    for payload in connector.split(document(path)).payloads:
        try:
            posts.append(connector.read(payload))
        except Exception:  # noqa: BLE001 - counted, and looked at by the caller
            faults += 1
    return posts, faults


def rss(*titles):
    items = "".join(f"<item><guid>{title}</guid><title>{title}</title></item>" for title in titles)
    return f"<rss version='2.0'><channel><title>Kabar</title>{items}</channel></rss>".encode()


def test_error_items_among_posts_are_left_out_with_a_note():
    body = rss("Bridge returned error 403! (20779)", "Bridge encountered an unexpected situation! (2)", "Imunisasi")
    split = connector.split(Document(url=URL, body=body, fetched_at=NOW))
    assert [connector.read(payload).title for payload in split.payloads] == ["Imunisasi"]
    assert split.notes == ("The bridge is partly broken: 2 of its items only say 'Bridge returned error 403'.",)


@pytest.mark.parametrize(
    "title",
    [
        "Bridge Street is closed",
        "The Bridge returned error-free tests",
        "Jembatan: Bridge returned errors in 1990",
        "Bridge encountered in the forest",
    ],
)
def test_posts_about_bridges_are_posts(title):
    split = connector.split(Document(url=URL, body=rss(title), fetched_at=NOW))
    assert len(split.payloads) == 1


RSSHUB_PAGES = [
    b"<html><title>Welcome to RSSHub!</title><h1>Looks like something went wrong</h1>Error Message: x Route: /a/b</html>",
    b"<html><body>RSSHub<br>Route requested: /a/b<br>Error message: this route is empty</body></html>",
    b"<html><title>RSS-Bridge</title><p class='exception-message'>404 Not Found</p></html>",
]


@pytest.mark.parametrize("page", RSSHUB_PAGES)
@pytest.mark.parametrize("status", [404, 500, 503])
def test_error_pages_of_bridges_are_named_whatever_their_status(page, status):
    assert isinstance(broken_bridge(page), BridgeBroken)
    assert isinstance(refusal_of(status, {}, page, host="bridge.example"), BridgeBroken)
    with pytest.raises(BridgeBroken):
        connector.split(Document(url=URL, body=page, fetched_at=NOW))


def test_other_error_pages_are_no_bridges():
    assert isinstance(refusal_of(503, {}, b"<h1>Looks like something went wrong</h1>", host="a.example"), ServerFailed)
    assert broken_bridge(b"<html>Read us with RSSHub or RSS-Bridge.</html>") is None
