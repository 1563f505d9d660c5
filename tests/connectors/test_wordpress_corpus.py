"""Every recorded answer of a real WordPress is read, refused by name, or holds no post; read where they lie."""

import json
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx
import pytest

from feedhub.connectors.api import Said
from feedhub.connectors.exchange import Answer
from feedhub.connectors.wordpress import connector
from feedhub.connectors.wordpress_api import code_of, is_end, is_word_of_absence
from feedhub.connectors.wordpress_site import feeds, named_root
from feedhub.errors import ItemUnreadable
from feedhub.failures import VisitFailed
from feedhub.payloads.payload import Document

FOLDER = Path(__file__).parents[3] / "shared" / "payloads" / "wordpress" / "live"
FILES = sorted(FOLDER.glob("*"))

# Lists of posts: which of them a visitor may not read, and where FeedHub has to refuse the rest.
LISTS = (
    "posts_after.json",
    "posts_embed.page1.json",
    "posts_embed.page2.json",
    "posts_modified_after.json",
    "posts_rest_route.json",
)
FEEDS = ("feed.rss.xml", "feed.page2.xml", "feed.category.xml", "feed.atom.xml", "feed.rdf.xml")
# What a refusal means to a visit or a check.
REFUSALS = {
    "error.bad_auth.json": "off",
    "error.context_edit.json": "off",
    "error.no_route.json": "off",
    "error.per_page.json": "off",
    "error.deleted.json": "absent",
    "error.draft.json": "absent",
    "error.trashed.json": "absent",
    "error.page_out_of_range.json": "end",
}
NO_POST = {
    "categories.json": "names of categories",
    "feed.comments.xml": "what visitors said; its one item answers a post of the site",
    "home.html": "the front page, which names the API and the feed",
    "home.meta.json": "the front page's headers, which name the API",
    "index.json": "what the API can do",
    "media.json": "files, which their posts bring along",
    "oembed.json": "a post's frame for other sites",
    "post.html": "a page for people, which names the API",
    "post.meta.json": "its headers, which name the API",
    "sitemap.index.xml": "addresses",
    "sitemap.posts.xml": "addresses",
    "types.json": "kinds of posts",
    "users.json": "names of authors: personal data",
} | {
    f"{name}.json": "the headers of the document beside it"
    for name in (
        *("feed.304", "feed.atom", "feed.category", "feed.comments", "feed.page2", "feed.rdf", "feed.rss"),
        *("sitemap.index", "sitemap.posts"),
    )
}
TRIMMED = "posts_fields.json"  # asked for without guid and content, as FeedHub never asks

if not FILES:
    print("wordpress: 41 recorded answers are not here and were not read")  # noqa: T201 - the contract of shared payloads


def recorded(name):
    return json.loads((FOLDER / name).read_text())


def said_of(name):
    whole = recorded(name)
    answer = Answer(
        status=whole["status"],
        url=whole["request"].partition(" ")[2],
        headers=httpx.Headers(whole["headers"]),
        body=json.dumps(whole["body"]).encode() if whole["body"] is not None else b"",
    )
    return Said(answer=answer, value=whole["body"])


def document(body, url="http://127.0.0.1:8081/"):
    return Document(url=url, body=body, fetched_at=datetime.now(UTC))


def posts_of(name):
    body = json.dumps(recorded(name)["body"]).encode() if name.endswith(".json") else (FOLDER / name).read_bytes()
    return [connector.read(payload) for payload in connector.split(document(body)).payloads]


def test_every_file_has_its_row():
    rows = {*LISTS, *FEEDS, *REFUSALS, *NO_POST, TRIMMED}
    found = {path.name for path in FILES}
    assert not found or found == rows
    read, no_post = len(LISTS) + len(FEEDS), len(NO_POST)
    print(f"wordpress: {read} read, {len(REFUSALS) + 1} refused by name, {no_post} hold no post")  # noqa: T201 - counted


@pytest.mark.parametrize("name", LISTS if FILES else ())
def test_posts_are_read_without_loss(name):
    expected = [post for post in recorded(name)["body"] if not post["content"]["protected"]]
    posts = posts_of(name)
    assert [post.native_id for post in posts] == [one["guid"]["rendered"] for one in expected]
    for post, one in zip(posts, expected, strict=True):
        assert post.source_url.lower() == one["link"].lower()
        assert post.published_at == datetime.fromisoformat(one["date_gmt"]).replace(tzinfo=UTC)
        modified = datetime.fromisoformat(one["modified_gmt"]).replace(tzinfo=UTC)
        assert post.edited_at == (modified if modified > post.published_at else None)
        assert post.title_is_made or post.title == unescape(one["title"]["rendered"])
        assert "<script" not in post.content_html
        assert all(link in one["content"]["rendered"] or "utm_" in one["content"]["rendered"] for link in post.links)
        embedded = one.get("_embedded", {})
        terms = [term["name"] for group in embedded.get("wp:term", ()) for term in group]
        assert list(post.tags) == terms
        for featured in embedded.get("wp:featuredmedia", ()):
            assert (post.media[0].url, post.media[0].alt) == (featured["source_url"], featured["alt_text"])
            assert post.media[0].width == featured["media_details"]["width"]
        assert post.aliases == (one["_links"]["self"][0]["href"],)


def test_pictures_galleries_and_files_of_one_post_are_its_media():
    post = next(post for post in posts_of("posts_embed.page2.json") if "upacara" in post.native_id) if FILES else None
    if post is None:
        return
    kinds = [(medium.type.value, medium.url.rpartition("/")[2], medium.alt) for medium in post.media]
    assert kinds == [
        ("image", "upacara.jpg", "Wali kota memimpin upacara"),
        ("document", "pengumuman.pdf", None),
        ("image", "galeri-2.jpg", ""),
    ]


@pytest.mark.parametrize("name", FEEDS if FILES else ())
def test_feeds_are_read_without_what_wants_a_password(name):
    posts = posts_of(name)
    assert len(posts) == (FOLDER / name).read_bytes().count(b"</item>") + (FOLDER / name).read_bytes().count(
        b"</entry>"
    ) - (FOLDER / name).read_bytes().count(b'class="post-password-form"')
    assert all(post.published_at for post in posts)
    assert not any("Berpassword" in post.title for post in posts)


def test_the_feed_and_the_api_give_a_post_the_same_id():
    if not FILES:
        return
    by_api = {post.native_id: post for name in LISTS[1:3] for post in posts_of(name)}
    by_feed = {post.native_id: post for post in posts_of("feed.rss.xml")}
    shared = by_api.keys() & by_feed.keys()
    assert len(shared) >= 7
    # What only the API shows was deleted between the two recordings.
    assert {by_api[id].title for id in by_api.keys() - by_feed.keys() if by_api[id].published_at.year == 2026} <= {
        "Akan dibuang"
    }
    for id in shared:
        assert by_api[id].published_at == by_feed[id].published_at
        assert by_api[id].source_url == by_feed[id].source_url
    assert {post.native_id for post in posts_of("feed.atom.xml")} == by_feed.keys()


def test_the_feed_brings_nothing_again_that_the_api_told():
    if not FILES:
        return
    whole = [
        connector.read(payload)
        for payload in connector.split(document((FOLDER / "feed.rss.xml").read_bytes())).payloads
    ]
    since = max(post.published_at for post in whole)
    body = (FOLDER / "feed.rss.xml").read_bytes()
    known = Document(
        url="http://127.0.0.1/feed/", body=body, fetched_at=since, form="feed", context={"since": since.isoformat()}
    )
    assert connector.split(known).payloads == ()


@pytest.mark.parametrize(("name", "meaning"), REFUSALS.items() if FILES else ())
def test_refusals_mean_what_they_mean(name, meaning):
    said = said_of(name)
    assert code_of(said).startswith("rest_")
    assert is_word_of_absence(said) is (meaning == "absent")
    assert is_end(said) is (meaning == "end")
    with pytest.raises(VisitFailed):
        connector.split(document(said.answer.body or json.dumps(said.value).encode()))


def test_a_post_without_its_guid_is_refused():
    if not FILES:
        return
    body = json.dumps(recorded(TRIMMED)["body"]).encode()
    for payload in connector.split(document(body)).payloads:
        with pytest.raises(ItemUnreadable, match="guid"):
            connector.read(payload)


@pytest.mark.parametrize("name", sorted(NO_POST) if FILES else ())
def test_what_holds_no_post_yields_none(name):
    path = FOLDER / name
    if name == "feed.comments.xml":
        return  # never asked for: no candidate for the site's feed is one of comments
    if name.endswith(".json"):
        value = recorded(name)
        value = value.get("body", value)
        body = json.dumps(value).encode()
    else:
        body = path.read_bytes()
    try:
        payloads = connector.split(document(body)).payloads
    except VisitFailed:
        return
    for payload in payloads:
        with pytest.raises(ItemUnreadable):
            connector.read(payload)


@pytest.mark.parametrize("name", ["home", "post"] if FILES else [])
def test_pages_name_the_api_and_the_feed_but_no_comments(name):
    body = (FOLDER / f"{name}.html").read_bytes()
    headers = recorded(f"{name}.meta.json")["headers"]
    for sent in (headers, {"content-type": headers["content-type"]}):
        page = Answer(status=200, url="http://127.0.0.1:8081/x/", headers=httpx.Headers(sent), body=body)
        assert named_root(page) == "http://127.0.0.1:8081/wp-json/"
        found = list(feeds("http://127.0.0.1:8081/x/", page, named_root(page)))
        assert found[0] == "http://127.0.0.1:8081/feed/"
        assert not any("comments" in url or "/x/feed" in url or "hut-ke-81" in url for url in found)
