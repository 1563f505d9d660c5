"""The demo city's own sites while it runs, asked over loopback."""

import asyncio
import gzip
import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import feedparser
import httpx
import pytest
import pytest_asyncio

from demo.clock import Clock
from feedhub.accounts.account import Platform, Via
from feedhub.accounts.kinds import Kind
from feedhub.accounts.register_file import read_register
from feedhub.connectors.webfeed import connector
from feedhub.payloads.payload import Document
from feedhub.posts.normal import with_kinds
from feedhub.posts.post import Post
from feedhub_demo.articles import first_articles
from feedhub_demo.city import DemoCity
from feedhub_demo.departments import SITES
from feedhub_demo.standin import SHOWN, StandIn
from feedhub_demo.voices import Act, PlatformVoice

SLUGS = [site.slug for site in SITES]
XML_SLUGS = [slug for slug in SLUGS if slug != "dinsos"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def city(clock: Clock) -> AsyncIterator[DemoCity]:
    async with DemoCity(now=clock, pause=0) as awake:
        yield awake


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as opened:
        yield opened


async def feed_of(client: httpx.AsyncClient, standin: StandIn, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.get(standin.edition.feed_url, headers=named)


def posts_of(standin: StandIn) -> list[Post]:
    """The site's posts as FeedHub reads them, newest first."""
    edition = standin.edition
    body = standin.site.write(edition).encode()
    document = Document(url=edition.feed_url, body=body, fetched_at=datetime.now(UTC))
    return [connector.read(payload) for payload in connector.split(document).payloads]


@pytest.mark.parametrize("slug", XML_SLUGS)
async def test_xml_feeds_are_well_formed_and_whole(city, client, clock, slug):
    feed = feedparser.parse((await feed_of(client, city.sites[slug])).content)
    assert feed.bozo == 0
    assert [entry.link for entry in feed.entries] == [
        city.sites[slug].edition.link(article) for article in first_articles(slug, clock())
    ]
    assert all(entry.id and entry.summary and entry.content for entry in feed.entries)


async def test_feeds_are_of_four_flavours(city, client):
    versions = {feedparser.parse((await feed_of(client, city.sites[slug])).content).version for slug in XML_SLUGS}
    document = json.loads((await feed_of(client, city.sites["dinsos"])).content)
    assert versions == {"rss20", "atom10", "rss10"}
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert len(document["items"]) == len(city.sites["dinsos"].articles)
    assert all(entry["id"] and entry["content_html"] and entry["url"] for entry in document["items"])


async def test_the_wordpress_like_feed_lies_about_its_type(city, client):
    answer = await feed_of(client, city.sites["dinkes"])
    assert answer.headers["content-type"] == "text/html; charset=UTF-8"


@pytest.mark.parametrize("slug", SLUGS)
async def test_front_pages_lead_to_the_feed(city, client, slug):
    standin = city.sites[slug]
    page = await client.get(standin.root + "/")
    assert f'<link rel="alternate" type="{standin.site.feed_type}"' in page.text
    assert f'href="{standin.site.feed_path}"' in page.text


@pytest.mark.parametrize("slug", SLUGS)
async def test_every_link_picture_and_attachment_opens(city, client, slug):
    posts = posts_of(city.sites[slug])
    assert len(posts) == len(city.sites[slug].articles)
    addresses = {post.source_url: "text/html" for post in posts}
    addresses |= {medium.url: medium.mime_type or "image/jpeg" for post in posts for medium in post.media}
    for address, media_type in addresses.items():
        answer = await client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"].startswith(media_type), address


async def test_unknown_addresses_are_not_found(city, client):
    root = city.sites["bpbd"].root
    for path in (
        "/tidak-ada",
        "/gambar/tidak-ada-1-1280x853.jpg",
        "/gambar/alt.toml",
        "/berkas/lain.pdf",
        "/gambar/..%2Fcity.py",
    ):
        assert (await client.get(root + path)).status_code == 404


@pytest.mark.parametrize("slug", SLUGS)
async def test_who_has_the_newest_is_told_304(city, client, clock, slug):
    standin = city.sites[slug]
    seen = await feed_of(client, standin)
    etag, modified = seen.headers["etag"], seen.headers["last-modified"]
    assert (await feed_of(client, standin, if_none_match=etag)).status_code == 304
    assert (await feed_of(client, standin, if_modified_since=modified)).status_code == 304
    assert (await feed_of(client, standin, if_none_match='"other"', if_modified_since=modified)).status_code == 200
    clock.pass_by(1)
    city.speak(city.voices[f"webfeed:{slug}.tirtasari.example"])
    assert (await feed_of(client, standin, if_none_match=etag)).status_code == 200
    assert (await feed_of(client, standin, if_modified_since=modified)).status_code == 200


async def test_feeds_travel_compressed_to_who_can_read_it(city, client):
    url = city.sites["bpbd"].edition.feed_url
    async with client.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join([piece async for piece in answer.aiter_raw()])
    plain = await client.get(url, headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(packed) == plain.content
    assert len(packed) < len(plain.content) / 2


async def test_speaking_puts_a_new_post_first(city, clock):
    clock.pass_by(10)
    before = {post.native_id for post in posts_of(city.sites["bpbd"])}
    city.speak(city.voices["webfeed:bpbd.tirtasari.example"])
    newest = posts_of(city.sites["bpbd"])[0]
    assert newest.native_id not in before
    assert newest.published_at == clock()


async def test_editing_changes_one_entry_and_adds_none(city, clock):
    before = {slug: posts_of(standin) for slug, standin in city.sites.items()}
    clock.pass_by(10)
    city.edit(city.voices["webfeed:dinsos.tirtasari.example"])
    after = {slug: posts_of(standin) for slug, standin in city.sites.items()}
    changed = [
        (held, seen)
        for slug in SLUGS
        for held, seen in zip(before[slug], after[slug], strict=True)
        if held.content_text != seen.content_text
    ]
    ((held, seen),) = changed
    assert held.native_id == seen.native_id
    assert "Pembaruan pukul 12.10.00 WIB" in seen.content_text
    assert "Pembaruan pukul 12.10.00 WIB" in city.edit(city.voices["webfeed:bpbd.tirtasari.example"]).text


async def test_the_clock_speaks_by_itself(clock):
    async with DemoCity(now=clock, pause=0.01) as city:
        async with asyncio.timeout(5):
            while {told.act for told in city.happened} != set(Act):  # noqa: ASYNC110  # what is awaited is the passing of time
                await asyncio.sleep(0.01)
    assert len({told.account.platform for told in city.happened}) > 1


async def test_the_same_seed_says_the_same_and_another_does_not(clock):
    told = []
    for seed in (1, 1, 2):
        async with DemoCity(now=clock, pause=0, seed=seed) as city:
            told.append([(city.speak().text, city.edit().text, city.delete().text) for _ in range(30)])
    assert told[0] == told[1] != told[2]


async def test_a_long_running_city_keeps_its_feeds_short_and_its_ids_apart(city, clock):
    for slug, standin in city.sites.items():
        for _ in range(75):
            clock.pass_by(1)
            city.speak(city.voices[f"webfeed:{slug}.tirtasari.example"])
        assert len(posts_of(standin)) == SHOWN
        ids = [standin.site.id_of(article) for article in standin.articles]
        paths = [standin.site.path_of(article) for article in standin.articles]
        assert len(set(ids)) == len(set(paths)) == len(ids)


async def test_requests_are_logged_with_the_citys_time(city, client, clock):
    await feed_of(client, city.sites["dinsos"], user_agent="tester")
    (asked,) = city.log
    assert (asked.department, asked.method, asked.path, asked.status) == ("dinsos", "GET", "/feed.json", 200)
    assert asked.headers["user-agent"] == "tester"
    assert asked.at == clock()


async def test_the_city_leaves_nothing_behind(clock):
    async with DemoCity(now=clock, pause=0.01) as city:
        ports = [urlsplit(standin.root).port for standin in city.sites.values()]
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert others
    assert asyncio.all_tasks() == {asyncio.current_task()}
    for port in ports:
        with socket.socket() as caller:
            assert caller.connect_ex(("127.0.0.1", port)) != 0


async def test_the_register_is_readable_and_leads_to_the_feeds(city, client):
    register = read_register(city.register_toml, name="register.toml")
    feeds = [account for account in register.accounts if account.url in feeds_of(city)]
    assert [account.department for account in feeds] == SLUGS
    assert [(await client.get(account.url)).status_code for account in feeds] == [200] * len(SLUGS)


def feeds_of(city: DemoCity) -> set[str]:
    return {standin.edition.feed_url for standin in city.sites.values()}


async def test_pages_named_as_evidence_name_the_accounts(city, client):
    for account in city.register.accounts:
        assert bool(account.evidence) == bool(account.verified_at) == (account.via is not Via.BRIDGE)
        if account.evidence:
            page = await client.get(account.evidence)
            assert page.status_code == 200
            assert account.platform in {Platform.WEBFEED, Platform.INBOX} or f'href="{account.url}"' in page.text


async def test_ids_are_the_same_whichever_ports_were_free(clock):
    told = []
    for _ in range(2):
        async with DemoCity(now=clock, pause=0) as city:
            keys = [account.key for account in city.register.accounts]
            ids = [post.native_id for standin in city.sites.values() for post in posts_of(standin)]
            ids += [
                (voice.standin.native_id(voice.speaker, post), post.text, post.published_at)
                for voice in city.voices.values()
                if isinstance(voice, PlatformVoice) and voice.standin
                for post in voice.speaker.posts
            ]
            told.append((keys, ids))
    assert told[0] == told[1]


async def test_the_rules_give_every_kind_and_nothing_is_every_kind(city):
    register = read_register(city.register_toml, name="register.toml")
    posts = [post for standin in city.sites.values() for post in posts_of(standin)]
    kinds = [with_kinds(post, register.kinds, Kind.NEWS).kinds for post in posts]
    assert {kind for given in kinds for kind in given} == set(Kind)
    assert max(len(given) for given in kinds) <= 3
