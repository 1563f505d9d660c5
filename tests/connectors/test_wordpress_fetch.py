"""Asking WordPress: pages, edits, deletions, an API that is switched off; held against the stand-in."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.wordpress import connector
from feedhub.failures import Challenged, Forbidden, NotAFeed, RateLimited, ServerFailed
from feedhub_demo.platforms.wordpress import WordPress
from simulated import serving_all
from standins import answer, standin

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHALLENGE = answer(403, body=b"<!DOCTYPE html><title>Just a moment...</title>", fields={"Content-Type": "text/html"})
RSS = b"<rss><channel><title>D</title><item><guid>https://a.example/?p=1</guid><title>Kabar</title></item></channel></rss>"


class Site:
    """One site of the stand-in, its account, and what a visit to it finds."""

    def __init__(self, http, platform, speaker):
        self.http, self.platform, self.speaker = http, platform, speaker
        self.account = account_of(platform.account_url(speaker))
        self.cursor = {}

    async def visit(self, *, now=NOW):
        batch = await connector.fetch(self.http, self.account, self.cursor, credential=None, now=now)
        self.cursor = batch.cursor
        return batch

    async def seen(self, *, now=NOW):
        return posts_in(await self.visit(now=now))

    async def check(self, *posts):
        suspects = [suspect_of(post) for post in posts]
        return await connector.check(self.http, self.account, suspects, credential=None, now=NOW)

    def paths(self):
        found = [f"{asked.path}?{asked.query}" for asked in self.platform.log]
        self.platform.log.clear()
        return found


def account_of(url):
    return Account(key="k", platform=Platform.WORDPRESS, department="d", url=url)


def posts_in(batch):
    return {
        post.native_id: post
        for document in batch.documents
        for payload in connector.split(document).payloads
        for post in (connector.read(payload),)
    }


def suspect_of(post):
    return Suspect(native_id=post.native_id, source_url=post.source_url, aliases=post.aliases)


@asynccontextmanager
async def site(posts, *, pictured=()):
    platform = WordPress(now=lambda: NOW)
    speaker = platform.speaker("dinkes", "Dinas Kesehatan")
    for place in range(posts):
        speaker.write(f"Kabar {place}", at=NOW - (posts - place) * MINUTE)
    async with (
        serving_all([platform]) as detours,
        Http(
            contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", detours=dict(detours)
        ) as http,
    ):
        yield Site(http, platform, speaker)


@asynccontextmanager
async def asking(pages):
    async with (
        standin(pages) as base,
        Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8") as http,
    ):

        async def fetch(path="/", cursor=None):
            return await connector.fetch(http, account_of(f"{base}{path}"), cursor or {}, credential=None, now=NOW)

        yield base, fetch


def wordpress(pages=(), **more):
    """Raw answers by path, whatever the query."""
    table = {"/": answer(body=b"<html></html>", fields={"Content-Type": "text/html"}), **dict(pages), **more}

    def reply(asked):
        return table.get(asked.path) or table.get(asked.path.partition("?")[0]) or answer(404)

    return reply


def refusal(code, status):
    return answer(status, body=f'{{"code":"{code}","message":"Maaf."}}'.encode(), fields={"Content-Type": "text/json"})


async def test_a_first_visit_takes_five_pages_and_later_ones_two_requests():
    async with site(130) as dinkes:
        batch = await dinkes.visit()
        assert len(posts_in(batch)) == 100
        assert batch.covers_since == NOW - 100 * MINUTE + timedelta(seconds=1)
        assert len(dinkes.paths()) == 6
        assert (await dinkes.visit()).not_modified is False  # edits are asked for from now on
        dinkes.paths()
        assert (await dinkes.visit()).not_modified
        assert len(dinkes.paths()) == 2


async def test_a_short_site_is_covered_whole():
    async with site(7) as dinkes:
        batch = await dinkes.visit()
        assert (len(posts_in(batch)), batch.covers_since) == (7, EVERYTHING)
    async with site(0) as empty:
        batch = await empty.visit()
        assert (posts_in(batch), batch.covers_since) == ({}, EVERYTHING)


async def test_after_an_outage_it_pages_back_to_the_last_known_post():
    async with site(30) as dinkes:
        await dinkes.visit()
        for place in range(70):
            dinkes.speaker.write(f"Susulan {place}", at=NOW + place * MINUTE)
        found = await dinkes.seen()
        assert sum("Susulan" in post.content_text for post in found.values()) == 70


async def test_an_edit_beyond_the_window_is_found():
    async with site(60) as dinkes:
        await dinkes.visit()
        dinkes.speaker.edit(3, at=NOW + MINUTE, text="Kabar 2 (ralat)")
        found = await dinkes.seen()
        assert found[dinkes.platform.native_id(dinkes.speaker, dinkes.speaker.posts[2])].content_text == (
            "Kabar 2 (ralat)"
        )


async def test_a_deletion_beyond_the_window_makes_it_look_back():
    async with site(60) as dinkes:
        first = await dinkes.seen()
        await dinkes.visit()
        dinkes.speaker.delete(4, at=NOW)
        batch = await dinkes.visit()
        missing = [post for id, post in first.items() if id not in posts_in(batch)]
        assert [post.content_text for post in missing] == ["Kabar 3"]
        assert batch.covers_since == EVERYTHING
        assert (await dinkes.check(*missing)).gone == (missing[0].native_id,)
        dinkes.paths()
        await dinkes.visit()
        assert len(dinkes.paths()) == 2


@pytest.mark.parametrize(("number", "how"), [(4, "deleted: 404"), (5, "in the trash: 401")])
async def test_the_sites_word_by_id_is_believed(number, how):
    async with site(8) as dinkes:
        found = await dinkes.seen()
        dinkes.speaker.delete(number, at=NOW)
        batch = await dinkes.check(*found.values())
        assert batch.gone == (f"https://situs.tirtasari.example/dinkes/?p={number}",), how
        assert len(posts_in(batch)) == 7


async def test_a_site_that_refuses_everybody_says_nothing_about_single_posts():
    async with site(4) as dinkes:
        found = await dinkes.seen()
        dinkes.platform.closed.add("dinkes")
        assert await dinkes.check(*found.values()) == await dinkes.check()
    guid, own = "https://a.example/?p=1", "/wp-json/wp/v2/posts/1"
    async with asking(wordpress({own: refusal("rest_forbidden", 401)})) as (base, _):
        suspect = Suspect(native_id=guid, source_url=None, aliases=(f"{base}{own}",))
        async with Http(contact="x", public_url="http://127.0.0.1", allow="127.0.0.0/8") as http:
            batch = await connector.check(http, account_of(f"{base}/"), [suspect], credential=None, now=NOW)
        assert batch.gone == ()


async def test_a_switched_off_api_leads_to_the_feed_and_nothing_comes_twice():
    async with site(6) as dinkes:
        by_api = await dinkes.seen()
        dinkes.platform.closed.add("dinkes")
        assert await dinkes.seen() == {}
        dinkes.speaker.write("Kabar lewat umpan", at=NOW + MINUTE)
        by_feed = await dinkes.seen()
        assert [post.content_text for post in by_feed.values()] == ["Kabar lewat umpan"]
        assert not by_api.keys() & by_feed.keys()
        dinkes.paths()
        await dinkes.visit()
        assert dinkes.paths() == ["/dinkes/feed/?"]  # the API is asked again tomorrow
        dinkes.platform.closed.clear()
        again = await dinkes.seen(now=NOW + timedelta(days=1, hours=1))
        assert by_api.keys() | by_feed.keys() == again.keys()
        assert "off_since" not in dinkes.cursor


async def test_a_site_that_never_showed_its_api_is_followed_by_its_feed():
    async with site(6) as dinkes:
        dinkes.platform.closed.add("dinkes")
        by_feed = await dinkes.seen()
        assert len(by_feed) == 6
        dinkes.speaker.edit(6, at=NOW, text="Kabar 5 (ralat)")
        assert "Kabar 5 (ralat)" in {post.content_text for post in (await dinkes.seen()).values()}
        dinkes.platform.closed.clear()
        assert (await dinkes.seen(now=NOW + timedelta(days=2))).keys() == by_feed.keys()


@pytest.mark.parametrize(
    "api",
    [
        refusal("rest_not_logged_in", 401),
        refusal("rest_cannot_access", 401),
        refusal("rest_disabled", 403),
        refusal("rest_no_route", 404),
        answer(404, body=b"<html>404</html>", fields={"Content-Type": "text/html"}),
        answer(200, body=b"<html>Beranda</html>", fields={"Content-Type": "text/html"}),
        CHALLENGE,
    ],
    ids=["not_logged_in", "cannot_access", "disabled", "no_route", "404 page", "html", "challenge"],
)
async def test_every_way_of_switching_the_api_off_leads_to_the_feed(api):
    pages = wordpress({"/?rest_route=/": api, "/feed/": answer(body=RSS)})

    def reply(asked):
        return api if "rest_route" in asked.path or "wp-json" in asked.path else pages(asked)

    async with asking(reply) as (base, fetch):
        batch = await fetch("/")
        assert list(posts_in(batch)) == ["https://a.example/?p=1"]
        assert batch.cursor["url"] == f"{base}/feed/"


@pytest.mark.parametrize("path", ["/", "/feed/", "/2026/11/sebuah-kabar/", "/?feed=rss2", "/category/berita/"])
async def test_any_page_of_a_site_leads_to_its_api(path):
    def reply(asked):
        if asked.path.startswith("/wp-json/"):
            return answer(body=b"[]", fields={"Content-Type": "application/json"})
        root = f"http://{asked.fields['host']}/wp-json/"
        return answer(body=b"<html></html>", fields={"Link": f'<{root}>; rel="https://api.w.org/"'})

    async with asking(reply) as (base, fetch):
        assert (await fetch(path)).cursor["root"] == f"{base}/wp-json/"


async def test_plain_permalinks_are_found_without_any_link():
    def reply(asked):
        if asked.path.startswith("/?rest_route=/wp/v2/posts&"):
            return answer(body=b"[]", fields={"Content-Type": "application/json"})
        return answer(body=b"<html></html>")

    async with asking(reply) as (base, fetch):
        assert (await fetch("/?cat=1")).cursor["root"] == f"{base}/?rest_route=/"


@pytest.mark.parametrize(
    ("pages", "failure"),
    [
        ({"/wp-json": answer(503)}, ServerFailed),
        ({"/wp-json": answer(429, fields={"Retry-After": "60"})}, RateLimited),
        ({"/wp-json": refusal("rest_cannot_access", 401)}, Forbidden),
        ({"/wp-json": CHALLENGE}, Challenged),
        ({"/": answer(502)}, ServerFailed),
        ({"/": answer(body=b"<html>Situs lain</html>")}, (NotAFeed, Forbidden)),
    ],
    ids=["503", "429", "no feed either", "challenge", "front page 502", "no WordPress"],
)
async def test_what_goes_wrong_has_a_name_and_a_remedy(pages, failure):
    def reply(asked):
        for start, said in pages.items():
            if start == asked.path or (start != "/" and asked.path.startswith(start)):
                return said
        if asked.path == "/":
            root = f"http://{asked.fields['host']}/wp-json/"
            return answer(body=b"<html></html>", fields={"Link": f'<{root}>; rel="https://api.w.org/"'})
        return answer(404)

    async with asking(reply) as (_, fetch):
        with pytest.raises(failure) as raised:
            await fetch("/")
        assert raised.value.reason.endswith(".")
        assert raised.value.remedy


async def test_a_page_past_the_end_is_the_end():
    posts = b",".join(b'{"id":%d,"guid":{"rendered":"g%d"}}' % (place, place) for place in range(20))

    def reply(asked):
        if "&page=2" in asked.path:
            return refusal("rest_post_invalid_page_number", 400)
        if "/wp-json/" in asked.path:
            return answer(body=b"[" + posts + b"]", fields={"Content-Type": "application/json"})
        root = f"http://{asked.fields['host']}/wp-json/"
        return answer(body=b"<html></html>", fields={"Link": f'<{root}>; rel="https://api.w.org/"'})

    async with asking(reply) as (_, fetch):
        assert len((await fetch("/")).documents) == 1
