"""Recorded pages, microformats, JSON-LD and sitemaps: read, refused by name, or without an article; read where they lie."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedhub.connectors.page_entry import entry_fields, entry_in
from feedhub.connectors.page_list import page_tree
from feedhub.connectors.page_sitemap import sitemap_in
from feedhub.connectors.page_things import is_article, is_event, things_in, things_of, types_of, words
from feedhub.connectors.webpage import connector
from feedhub.errors import ItemUnreadable
from feedhub.failures import VisitFailed
from feedhub.payloads.payload import Document

SHARED = Path(__file__).parents[3] / "shared" / "payloads"
FOLDERS = ("jsonld", "microformats", "sitemaps")
FILES = sorted(path for name in FOLDERS for path in (SHARED / name).glob("*/*") if path.is_file())
URL = "https://dinkes.example/berita/17/kabar"

# Pages that make a post, by the heading that it gets; None = a made one.
PAGES = {
    "custom.invalid__JSONLD_with_JS_comment.html": "讓AI挑出感興趣 SparkAmplify精準行銷當紅",
    "misc__microformat_test.html": "Himanshu's Open Graph Protocol",
    "misc__opengraph_test.html": "Himanshu's Open Graph Protocol",
}
# Pages about things that are no articles: their heading, or their refusal, is all there is.
NO_ARTICLE = {
    "custom.invalid__JSONLD_with_control_characters.html": "data without a type",
    "custom.invalid__JSONLD_with_control_characters_comment.html": "data without a type",
    "misc__null_ld_mock.html": "a business and a review",
    "misc__opengraph_ns_product_test.html": "a shop's product",
    "schema.org.invalid__AllocateAction.001.html": "an action",
    "schema.org.invalid__JoinAction.001.html": "an action",
    "schema.org__CreativeWork.001.html": "a book and its reviews",
    "schema.org__Event.002.html": "a band and all its concerts",
}
EVENTS = {
    "schema.org__Event.001.html": "2016-04-21T13:00:00+00:00",
    "schema.org__Event.003.html": None,
    "schema.org__Event.004.html": None,
    "schema.org__Event.008.html": "2014-10-01T12:30:00+00:00",
}
# What another parser found in the page beside it, or JSON-LD by itself: not pages.
EXTRACTED = sorted(path.name for path in FILES if path.suffix in {".json", ".jsonld"} and path.parent.name == "extruct")

if not FILES:
    print("webpage: 113 recorded files are not here and were not read")  # noqa: T201 - the contract of shared payloads


def of(folder, suffix):
    return [path for path in FILES if path.parent.parent.name == folder and path.suffix == suffix]


def name(path):
    return path.name


def post_in(path):
    document = Document(
        url=URL, body=path.read_bytes(), fetched_at=datetime(2026, 11, 2, tzinfo=UTC), content_type="text/html"
    )
    split = connector.split(document)
    assert split == connector.split(document)
    return [connector.read(payload) for payload in split.payloads]


def test_every_page_has_its_row():
    pages = {path.name for path in of("jsonld", ".html")}
    assert not FILES or pages == PAGES.keys() | NO_ARTICLE.keys() | EVENTS.keys()
    read = len(PAGES) + len(EVENTS) + len(of("microformats", ".html")) + len(of("microformats", ".json"))
    print(  # noqa: T201 - counted
        f"webpage: {len(FILES)} files: {read} pages and entries, {len(of('sitemaps', '.xml'))} sitemaps, "
        f"{len(EXTRACTED)} extracted data, {len(NO_ARTICLE)} without an article"
    )


@pytest.mark.parametrize("path", [path for path in of("jsonld", ".html") if path.name in PAGES], ids=name)
def test_pages_with_articles_are_read(path):
    [post] = post_in(path)
    assert (post.title, post.native_id, post.via) == (PAGES[path.name], "dinkes.example/berita/17/kabar", "page")


@pytest.mark.parametrize("path", [path for path in of("jsonld", ".html") if path.name in EVENTS], ids=name)
def test_events_are_read(path):
    [post] = post_in(path)
    starts = EVENTS[path.name]
    assert post.event
    assert starts is None or post.event.starts_at.isoformat() == starts
    assert post.event.name
    assert post.event.name in " ".join(path.read_text().split())


@pytest.mark.parametrize("path", [path for path in of("jsonld", ".html") if path.name in NO_ARTICLE], ids=name)
def test_pages_without_articles_are_no_articles(path):
    things = things_in(page_tree(path.read_bytes(), None))
    assert not any(is_article(thing) or is_event(thing) for thing in things)
    try:
        posts = post_in(path)
    except ItemUnreadable as refusal:
        assert "no article" in str(refusal)  # noqa: PT017 - either is an answer
        return
    # A person chose the list that links to it, so its heading and text are believed.
    assert all(post.title and post.event is None for post in posts)


@pytest.mark.parametrize("path", [path for path in FILES if path.name in EXTRACTED], ids=name)
def test_json_ld_is_read_whatever_state_it_is_in(path):
    text = path.read_text()
    value = json.loads(text, strict=False) if path.suffix == ".json" else None
    things = things_of(text)
    if path.suffix == ".jsonld":
        assert things
        assert all(isinstance(thing, dict) for thing in things)
        return
    # The expected output of an extractor: a page's microdata as it found it.
    page = path.with_suffix(".html")
    expected = [thing for thing in _microdata(value) if str(thing.get("type")).startswith("http")]
    if not page.exists() or not expected:
        assert value is not None
        return
    found = things_in(page_tree(page.read_bytes(), None))
    kinds = {kind for thing in found for kind in types_of(thing)}
    for thing in expected:
        kind = thing["type"] if isinstance(thing["type"], str) else thing["type"][0]
        assert kind.rpartition("/")[2].lower() in kinds
        said = thing.get("properties", {}).get("name")
        if isinstance(said, str) and not page.name.startswith("misc"):
            names = {" ".join(words(one.get("name")).split()) for one in found}
            assert " ".join(said.split()) in names


def _microdata(value):
    for one in value if isinstance(value, list) else value.get("microdata", []) if isinstance(value, dict) else []:
        if isinstance(one, dict):
            yield one


@pytest.mark.parametrize("path", of("microformats", ".html"), ids=name)
def test_microformats_are_read(path):
    try:
        posts = post_in(path)
    except ItemUnreadable as refusal:
        assert "no article" in str(refusal) or "says nothing" in str(refusal)  # noqa: PT017 - either is an answer
        posts = []
    html = path.read_text()
    entries = len(re.findall(r"class=[\"'][^\"']*\bh-?entry\b", html))
    if entries == 1 and posts:
        entry = entry_in(html, URL)
        assert entry is not None
        fields = entry_fields(entry)
        assert posts[0].native_id == "dinkes.example/berita/17/kabar"
        if fields.get("published_at"):
            assert posts[0].published_at == fields["published_at"].astimezone(UTC).replace(microsecond=0)


@pytest.mark.parametrize("path", of("microformats", ".json"), ids=name)
def test_entries_keep_what_the_normal_form_holds(path):
    value = json.loads(path.read_text())
    entries = [one for one in _entries(value) if "h-entry" in one.get("type", ())]
    assert entries or "items" in value or "type" in value
    for entry in entries:
        fields = entry_fields(entry)
        said = entry["properties"]
        if "content" in said:
            content = said["content"][0]
            assert (fields.get("text") or "") == (
                content.get("value", "") if isinstance(content, dict) else content
            ).strip()
        pictures = [one for one in said.get("photo", ()) if one]
        media = [medium for medium in fields.get("media", ()) if medium.type == "image"]
        assert len(media) >= len(pictures)
        for medium, picture in zip(media[-len(pictures) :] if pictures else (), pictures, strict=False):
            assert medium.alt == (picture.get("alt") if isinstance(picture, dict) else None)
        assert ("repost-of" in said) is (fields.get("type") == "repost")
        assert ("quotation-of" in said and "repost-of" not in said) is (fields.get("type") == "quote") or (
            not any(isinstance(one, dict) for one in said.get("quotation-of", ()))
        )
        if said.get("published", [""])[0]:
            assert fields["published_at"]


def _entries(value):
    if isinstance(value, list):
        for one in value:
            yield from _entries(one)
    elif isinstance(value, dict):
        if "type" in value and isinstance(value.get("properties"), dict):
            yield value
        yield from _entries(value.get("items"))
        yield from _entries(value.get("children"))


@pytest.mark.parametrize("path", of("sitemaps", ".xml"), ids=name)
def test_sitemaps_are_read(path):
    sitemap = sitemap_in(path.read_bytes())
    assert sitemap
    text = path.read_text()
    assert len(sitemap.pages) == text.count("<url>")
    assert len(sitemap.maps) == (text.count("<sitemap>") if "<sitemapindex" in text else 0)
    assert sum(one.changed_at is not None for one in (*sitemap.pages, *sitemap.maps)) == text.count("<lastmod>")
    assert sitemap.is_news is ("news:publication_date" in text)
    with pytest.raises((VisitFailed, ItemUnreadable)):
        list(
            map(
                connector.read,
                connector.split(
                    Document(
                        url="https://dinkes.example/sitemap.xml?page=2",
                        body=path.read_bytes(),
                        fetched_at=datetime.now(UTC),
                    )
                ).payloads,
            )
        )
