"""From what a person gives to the account that is meant, asked where its form is not enough."""

import json
from datetime import UTC, datetime

import pytest

from feedhub.accounts.account import Platform, Via
from feedhub.accounts.credential import Need
from feedhub.connectors.contract import Batch, Connector, Split
from feedhub.connectors.finding import find_account
from feedhub.connectors.http import Http
from feedhub.errors import AccountRefused
from feedhub.failures import NotAFeed, VisitFailed
from feedhub.payloads.payload import Document, Payload
from standins import answer, standin

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
HTML = {"Content-Type": "text/html; charset=utf-8"}
FEED = b"<rss version='2.0'><channel><title>Kabar</title>%s<item><guid>1</guid><title>A</title></item></channel></rss>"


def page(head="", **fields):
    text = f"<!doctype html><html><head><title>Dinas</title>{head}</head><body></body></html>"
    return answer(body=text.encode(), fields=HTML | {name.replace("_", "-"): value for name, value in fields.items()})


def feed(mark=b""):
    return answer(body=FEED % mark, fields={"Content-Type": "application/rss+xml"})


def found_json(value):
    return answer(body=json.dumps(value).encode(), fields={"Content-Type": "application/json"})


async def find(written, platform=None, connectors=None):
    async with Http(contact="", public_url="https://kabar.example", allow="127.0.0.0/8", timeout=5) as http:
        return await find_account(http, written, platform=platform, connectors=connectors or {}, now=NOW)


async def found_at(talk, path="/", platform=None, connectors=None):
    async with standin(talk) as base:
        found = await find(f"{base}{path}", platform, connectors)
        return found.platform, (found.url or "").removeprefix(base), found


async def test_a_profile_is_known_without_asking_anybody():
    found = await find("https://www.instagram.com/dinkes/?igsh=x")
    assert (found.platform, found.url, found.handle) == (
        Platform.INSTAGRAM,
        "https://www.instagram.com/dinkes/",
        "dinkes",
    )
    assert found.need is Need.PLATFORM
    assert found.account("dinkes").key == "instagram:instagram.com/dinkes"


async def test_a_handle_needs_its_platform():
    assert (await find("@dinkes", Platform.TIKTOK)).url == "https://www.tiktok.com/@dinkes"
    with pytest.raises(AccountRefused, match="--platform"):
        await find("@dinkes")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("https://youtu.be/dQw4w9WgXcQ", "one video, not an account"),
        ("https://www.instagram.com/p/C0abcDEF/", "one Instagram post"),
        ("https://www.instagram.com/stories/dinkes/1/", "vanish after a day"),
        ("https://www.linkedin.com/in/budi", "person's own LinkedIn account"),
        ("https://www.facebook.com/groups/warga", "where citizens speak"),
        ("https://t.me/+AbCdEf123", "invitation to a private Telegram channel"),
        ("https://vm.tiktok.com/ZSabc/", "only leads on"),
        ("https://t.me/dinkes_bot", "a Telegram bot"),
        ("https://chat.whatsapp.com/AbCdEf123", "WhatsApp group"),
        ("https://x.com/search?q=dinkes", "not that of an account"),
    ],
)
async def test_what_is_no_account_is_refused_with_what_to_do(written, words):
    with pytest.raises(AccountRefused, match=words) as refused:
        await find(written)
    assert str(refused.value).endswith(".")


async def test_an_address_of_another_platform_is_refused():
    with pytest.raises(AccountRefused, match="of telegram, not of x"):
        await find("https://t.me/dinkeskota", Platform.X)


async def test_mastodon_is_confirmed_by_its_lookup():
    talk = {"/api/v1/accounts/lookup?acct=dinkes": found_json({"id": "1", "display_name": "Dinas Kesehatan"})}
    platform, url, found = await found_at(talk, "/users/dinkes")
    assert (platform, url, found.title) == (Platform.MASTODON, "/@dinkes", "Dinas Kesehatan")


async def test_what_has_no_mastodon_api_is_activitypub_by_webfinger():
    link = {"rel": "self", "type": "application/activity+json", "href": "https://a.example/users/dinkes"}

    def talk(asked):
        return found_json({"links": [link]}) if asked.path.startswith("/.well-known/webfinger") else page()

    platform, url, _ = await found_at(talk, "/@dinkes")
    assert (platform, url) == (Platform.ACTIVITYPUB, "/@dinkes")


async def test_an_at_sign_in_the_path_of_a_site_is_no_account_of_the_fediverse():
    talk = {"/@berita": page('<link rel="alternate" type="application/rss+xml" href="/feed">'), "/feed": feed()}
    platform, url, _ = await found_at(talk, "/@berita")
    assert (platform, url) == (Platform.WEBFEED, "/feed")


async def test_a_mastodon_that_knows_no_such_account_says_so():
    with pytest.raises(AccountRefused, match="knows no account"):
        await found_at({}, "/@dinkes", Platform.MASTODON)


WP_LINK = '<link rel="https://api.w.org/" href="{}">'


@pytest.mark.parametrize(
    ("talk", "path", "home"),
    [
        ({"/": page(WP_LINK.format("/wp-json/"))}, "/", "/"),
        ({"/": page(Link='</wp-json/>; rel="https://api.w.org/"')}, "/", "/"),
        ({"/berita/1": page(WP_LINK.format("/dinas/wp-json/"))}, "/berita/1", "/dinas/"),
        ({"/": page(WP_LINK.format("/index.php?rest_route=/"))}, "/", "/"),
        ({"/": page(WP_LINK.format("/index.php/wp-json/"))}, "/", "/"),
        ({"/": page('<meta name="generator" content="WordPress 6.7.1">')}, "/", "/"),
    ],
)
async def test_wordpress_is_better_than_its_feed(talk, path, home):
    talk = {"/feed/": feed(), **talk}
    platform, url, _ = await found_at(talk, path)
    assert (platform, url) == (Platform.WORDPRESS, home)


async def test_a_feed_that_was_given_stays_a_feed_also_of_wordpress():
    platform, url, found = await found_at({"/feed/": feed()}, "/feed/")
    assert (platform, url, found.title, found.posts) == (Platform.WEBFEED, "/feed/", "Kabar", 1)


async def test_a_named_platform_of_sites_is_believed():
    talk = {"/": page(WP_LINK.format("/wp-json/")), "/feed/": feed()}
    assert (await found_at(talk, "/", Platform.WEBFEED))[:2] == (Platform.WEBFEED, "/feed/")
    assert (await found_at({}, "/x", Platform.WEBPAGE))[:2] == (Platform.WEBPAGE, "/x")


@pytest.mark.parametrize(
    "mark", [b"<generator>RSSHub</generator>", b"<description>x - Powered by RSSHub</description>"]
)
async def test_a_feed_that_a_bridge_made_is_one_of_a_bridge(mark):
    _, _, found = await found_at({"/a": feed(mark)}, "/a")
    assert found.via is Via.BRIDGE


async def test_rss_bridge_is_known_by_its_address():
    path = "/?action=display&bridge=X&format=Mrss"
    platform, url, found = await found_at({path: feed()}, path)
    assert (platform, url, found.via) == (Platform.WEBFEED, path, Via.BRIDGE)


def webpage(posts):
    async def fetch(http, account, cursor, *, credential, now):
        if posts is None:
            raise VisitFailed("Its pages have no ids.")
        return Batch(documents=(Document(url=account.url, body=b"x", fetched_at=now),))

    split = Split(payloads=tuple(Payload(form="page", body=b"x", context={}) for _ in range(posts or 0)))
    return Connector(platform=Platform.WEBPAGE, fetch=fetch, split=lambda _: split, read=lambda _: None)


async def test_pages_are_the_last_resort():
    platform, url, _ = await found_at({"/": page()}, "/", connectors={Platform.WEBPAGE: webpage(3)})
    assert (platform, url) == (Platform.WEBPAGE, "/")


@pytest.mark.parametrize("connectors", [{}, {Platform.WEBPAGE: webpage(0)}, {Platform.WEBPAGE: webpage(None)}])
async def test_a_site_that_can_not_be_followed_is_refused(connectors):
    with pytest.raises(NotAFeed):
        await found_at({"/": page()}, "/", connectors=connectors)
