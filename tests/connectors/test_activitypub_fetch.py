"""Asking the fediverse: WebFinger, actors, pages, deletions, and outboxes that lie; held against the stand-in."""

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.connectors.activitypub import MOST_ELSEWHERE, connector
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.mastodon import connector as mastodon
from feedhub.failures import (
    AccountSuspended,
    AccountUnsupported,
    BadAnswer,
    NotFound,
    RateLimited,
    ServerFailed,
    Unauthorized,
)
from feedhub.payloads.payload import Document
from feedhub_demo.platforms.activitypub import ActivityPub
from simulated import serving_all
from standins import answer, standin

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HOME = "https://fediverse.tirtasari.example"
EVERYBODY = "https://www.w3.org/ns/activitystreams#Public"


def account_of(url=None, handle=None):
    return Account(key="k", platform=Platform.ACTIVITYPUB, department="d", url=url, handle=handle)


def client(**more):
    return Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", **more)


def posts_in(batch):
    return [connector.read(one) for document in batch.documents for one in connector.split(document).payloads]


def said_by(batch):
    return [post.content_text for post in posts_in(batch)]


class Dinkes:
    """One account of the stand-in, and what a visit to it finds."""

    def __init__(self, http, platform, speaker, account):
        self.http, self.platform, self.speaker, self.account = http, platform, speaker, account
        self.cursor = {}

    async def visit(self, now=NOW):
        self.platform.log.clear()
        batch = await connector.fetch(self.http, self.account, self.cursor, credential=None, now=now)
        self.cursor = batch.cursor
        return batch

    async def check(self, *written):
        suspects = [Suspect(native_id=self.platform.native_id(self.speaker, one), source_url=None) for one in written]
        return await connector.check(self.http, self.account, suspects, credential=None, now=NOW)


@asynccontextmanager
async def dinkes(posts, *, url=f"{HOME}/@dinkes", handle=None):
    platform = ActivityPub(now=lambda: NOW)
    speaker = platform.speaker("dinkes", "Dinas Kesehatan")
    for place in range(posts):
        speaker.write(f"Kabar {place}", at=NOW - (posts - place) * MINUTE)
    async with serving_all([platform]) as detours, client(detours=dict(detours)) as http:
        yield Dinkes(http, platform, speaker, account_of(url, handle))


class Server:
    """Raw documents by path, at an address of their own; `{home}` and `{lain}` in them are servers."""

    def __init__(self, pages, bases):
        self.pages, self.bases = pages, bases

    def __call__(self, asked):
        said = self.pages.get(asked.path, self.pages.get(asked.path.partition("?")[0], 404))
        if isinstance(said, bytes):
            return said
        status, said = said if isinstance(said, tuple) else (said, "") if isinstance(said, int) else (200, said)
        body = json.dumps(said)
        for name, base in self.bases.items():
            body = body.replace("{" + name + "}", base)
        return answer(status, body=body.encode(), fields={"Content-Type": "application/activity+json"})


@asynccontextmanager
async def servers(home, lain=None):
    """The account's server and a stranger's; `visit` asks the first."""
    bases = {}
    async with standin(Server(home, bases)) as first, standin(Server(lain or {}, bases)) as second, client() as http:
        bases.update(home=first, lain=second)

        async def visit(path="/users/dinkes", cursor=None, now=NOW):
            return await connector.fetch(http, account_of(f"{first}{path}"), cursor or {}, credential=None, now=now)

        async def check(*ids):
            suspects = [Suspect(native_id=id.replace("{home}", first), source_url=None) for id in ids]
            return await connector.check(http, account_of(f"{first}/@dinkes"), suspects, credential=None, now=NOW)

        yield first, second, visit, check


ACTOR = {"id": "{home}/users/dinkes", "type": "Person", "outbox": "{home}/outbox", "preferredUsername": "dinkes"}


def outbox(*entries, **more):
    return {"id": "{home}/outbox", "type": "OrderedCollection", "orderedItems": list(entries)} | more


def note(number, **more):
    id = f"{{home}}/notes/{number}"
    said = {"id": id, "type": "Note", "attributedTo": "{home}/users/dinkes", "content": f"<p>{number}</p>"}
    return said | {"to": [EVERYBODY], "published": "2026-11-01T00:00:00Z"} | more


def pages(*entries, **more):
    return {"/users/dinkes": ACTOR, "/outbox": outbox(*entries)} | more


async def test_an_account_is_found_by_its_page_and_paged():
    async with dinkes(130) as account:
        batch = await account.visit()
        assert [asked.path for asked in account.platform.log][:4] == [
            "/@dinkes",  # a page for people
            "/.well-known/webfinger",
            "/users/dinkes",
            "/users/dinkes/outbox",
        ]
        assert len(posts_in(batch)) == 100
        assert batch.covers_since == NOW - 100 * MINUTE + timedelta(seconds=1)
        assert (batch.profile.name, batch.profile.handle) == ("Dinas Kesehatan", "dinkes")


async def test_a_handle_alone_is_enough():
    async with dinkes(2, url=None, handle="@dinkes@fediverse.tirtasari.example") as account:
        batch = await account.visit()
        assert batch.covers_since == EVERYTHING
        assert said_by(batch) == ["Kabar 0", "Kabar 1"]


async def test_the_same_page_is_not_modified_and_the_actor_is_asked_once_a_day():
    async with dinkes(3) as account:
        await account.visit()
        assert (await account.visit()).not_modified
        assert [asked.path for asked in account.platform.log] == ["/users/dinkes/outbox"] * 2
        tomorrow = await account.visit(NOW + DAY)
        assert tomorrow.not_modified
        assert tomorrow.profile.name == "Dinas Kesehatan"
        account.speaker.edit(2, at=NOW, text="Ralat")
        [edited] = [post for post in posts_in(await account.visit(NOW + DAY)) if post.content_text == "Ralat"]
        assert edited.edited_at == NOW


async def test_a_gap_is_paged_back_to_the_last_known_entry():
    async with dinkes(30) as account:
        await account.visit()
        for place in range(50):
            account.speaker.write(f"Baru {place}", at=NOW)
        batch = await account.visit()
        assert len(batch.documents) == 3
        assert len([text for text in said_by(batch) if text.startswith("Baru")]) == 50


async def test_a_check_asks_by_id():
    async with dinkes(3) as account:
        boost = account.speaker.write("", at=NOW, repeats=True)
        first, second, third, _ = account.speaker.posts
        account.speaker.delete(first.number, at=NOW)
        account.speaker.delete(boost.number, at=NOW)
        account.speaker.edit(second.number, at=NOW, text="Ralat")
        batch = await account.check(first, second, third, boost)
        native = [account.platform.native_id(account.speaker, one) for one in (first, boost)]
        assert batch.gone == tuple(native)
        assert said_by(batch) == ["Ralat", "Kabar 2"]


@pytest.mark.parametrize(
    ("said", "is_gone"),
    [
        ((404, ""), True),
        ((410, ""), True),
        ({"type": "Tombstone", "id": "{home}/notes/1"}, True),
        ({"type": "Tombstone", "id": "{lain}/notes/1"}, False),
        (note(1), False),
        (note(2), False),
        ((401, {"error": "Request not signed"}), False),
        (answer(200, body=b"<html>Maaf</html>"), False),
        ([], False),
    ],
)
async def test_only_the_servers_own_word_means_gone(said, is_gone):
    async with servers({"/notes/1": said}) as (home, _, _visit, check):
        assert (await check("{home}/notes/1")).gone == ((f"{home}/notes/1",) if is_gone else ())


async def test_what_has_no_address_of_its_own_is_not_asked():
    async with servers({}) as (home, _, _visit, check):
        assert (await check("tag:a.example,2011:1", "{home}/users/dinkes#announce-1")).gone == ()
        assert home.asked == []


@pytest.mark.parametrize(
    ("home", "outcome"),
    [
        ({"/users/dinkes": (410, {"type": "Tombstone"})}, AccountSuspended),
        ({"/users/dinkes": {"type": "Tombstone", "id": "{home}/users/dinkes"}}, AccountSuspended),
        ({"/users/dinkes": ACTOR | {"suspended": True}}, AccountSuspended),
        ({"/users/dinkes": (401, {"error": "Request not signed"})}, Unauthorized),
        ({"/users/dinkes": (429, "")}, RateLimited),
        ({"/users/dinkes": (503, "")}, ServerFailed),
        ({}, NotFound),
        ({"/.well-known/webfinger": {"links": [{"rel": "self", "type": "text/html", "href": "https://a"}]}}, NotFound),
        ({"/users/dinkes": ACTOR | {"outbox": None}}, AccountUnsupported),
        ({"/users/dinkes": ACTOR}, NotFound),
        ({"/users/dinkes": ACTOR, "/outbox": (403, {"error": "x"})}, Unauthorized),
        ({"/users/dinkes": ACTOR, "/outbox": {"type": "Note"}}, BadAnswer),
        ({"/users/dinkes": ACTOR, "/outbox": []}, BadAnswer),
    ],
)
async def test_refusals_have_names(home, outcome):
    async with servers(home) as (_, _, visit, _check):
        with pytest.raises(outcome) as refusal:
            await visit()
        assert refusal.value.remedy


async def test_a_moved_account_says_where_it_went():
    async with servers(pages(note(1), **{"/users/dinkes": ACTOR | {"movedTo": "https://baru.example/dinkes"}})) as (
        _,
        _,
        visit,
        _check,
    ):
        assert (await visit()).notes == ("The account says that it moved to https://baru.example/dinkes.",)


async def test_an_inline_first_page_and_its_next_are_read():
    first = {"type": "OrderedCollectionPage", "items": [note(2)], "next": "{home}/older"}
    older = {"type": "OrderedCollectionPage", "orderedItems": note(1), "next": "{home}/older"}
    table = {"/users/dinkes": ACTOR, "/outbox": {"type": "OrderedCollection", "first": first}, "/older": older}
    async with servers(table) as (_, _, visit, _check):
        assert said_by(await visit()) == ["1", "2"]


async def test_an_outbox_that_shows_less_than_it_counts_is_not_the_whole():
    async with servers(pages(note(2), **{"/outbox": outbox(note(2), totalItems=7)})) as (_, _, visit, _check):
        assert (await visit()).covers_since == datetime(2026, 11, 1, 0, 0, 1, tzinfo=UTC)
    async with servers(pages(note(2), **{"/outbox": outbox(note(2), totalItems=1)})) as (_, _, visit, _check):
        assert (await visit()).covers_since == EVERYTHING


async def test_an_outbox_that_only_names_its_objects_is_asked_for_them():
    table = {f"/notes/{number}": note(number) for number in range(40)}
    named = [f"{{home}}/notes/{number}" for number in range(40, 0, -1)]
    async with servers(pages(*named, **table)) as (_, _, visit, _check):
        batch = await visit()
        assert said_by(batch) == [str(number) for number in range(41 - MOST_ELSEWHERE, 40)]


async def test_an_outbox_speaks_for_its_own_actor_alone():
    strange = note(1) | {"id": "{lain}/notes/1"}
    table = {
        "/notes/1": strange | {"content": "<p>Benar</p>"},
        "/notes/2": strange | {"id": "{lain}/notes/2", "attributedTo": "{lain}/users/walikota"},
        "/notes/3": note(3),
    }
    entries = [
        strange | {"content": "<p>Palsu</p>"},
        strange | {"id": "{lain}/notes/2"},
        "{lain}/notes/3",
        strange | {"id": "{lain}/notes/4", "attributedTo": None},
    ]
    async with servers(pages(*entries), table) as (home, lain, visit, _check):
        posts = posts_in(await visit())
        # Only what its own server says, and says to be this actor's, is a post.
        assert [(post.native_id, post.content_text) for post in posts] == [(f"{lain}/notes/1", "Benar")]
        assert "/notes/4" not in [asked.path for asked in lain.asked]
        assert len(home.asked) == 2


async def test_what_a_redirect_to_another_server_shows_is_not_believed():
    moved = answer(302, fields={"Location": "/elsewhere"})
    async with servers(pages("{home}/notes/1", **{"/notes/1": moved, "/elsewhere": note(9)})) as (_, _, visit, _check):
        assert said_by(await visit()) == ["9"]
    async with servers(pages(note(5)), {"/users/walikota": ACTOR}) as (_, lain, _visit, _check):
        async with client() as http:
            batch = await connector.fetch(http, account_of(f"{lain}/users/walikota"), {}, credential=None, now=NOW)
        assert batch.cursor["actor"].startswith("http")
        assert batch.cursor["actor"] not in lain  # asked again where its id lives


async def test_an_outbox_may_not_continue_elsewhere():
    collection = {"type": "OrderedCollection", "first": "{lain}/page"}
    table = {"/users/dinkes": ACTOR, "/outbox": collection}
    async with servers(table, {"/page": outbox(note(1))}) as (_, lain, visit, _check):
        with pytest.raises(BadAnswer):
            await visit()
        assert lain.asked == []


async def test_a_deletion_in_the_outbox_is_the_actors_word():
    entries = [
        {"type": "Delete", "actor": "{home}/users/dinkes", "object": "{home}/notes/1"},
        {"type": "Delete", "actor": "{home}/users/lain", "object": "{home}/notes/2"},
        {"type": "Delete", "actor": "{home}/users/dinkes", "object": "{home}/users/dinkes"},
        note(2),
        note(1),
        {"type": "Delete", "actor": "{home}/users/dinkes", "object": "{home}/notes/2"},
    ]
    async with servers(pages(*entries)) as (home, _, visit, _check):
        batch = await visit()
        assert batch.gone == (f"{home}/notes/1",)
        assert said_by(batch) == ["2"]


async def test_an_outbox_that_went_away_asks_the_actor_what_happened():
    table = pages(note(1))
    async with servers(table) as (_, _, visit, _check):
        cursor = (await visit()).cursor
        table["/users/dinkes"] = ACTOR | {"outbox": "{home}/kotak"}
        table["/kotak"] = outbox(note(1), note(2))
        del table["/outbox"]
        assert len(posts_in(await visit(cursor=cursor))) == 2
        table["/users/dinkes"] = (410, "")
        table["/kotak"] = (410, "")
        with pytest.raises(AccountSuspended):
            await visit(cursor=cursor)


async def test_a_boost_has_the_same_id_by_either_way():
    uri = f"{HOME}/users/dinkes/statuses/9/activity"
    original = {"id": "1", "uri": "https://lain.example/n/1", "url": "https://lain.example/@a/1"}
    status = {"id": "9", "uri": uri, "created_at": "2026-11-01T00:00:00Z", "reblog": original}
    activity = {"id": uri, "type": "Announce", "actor": f"{HOME}/users/dinkes", "published": "2026-11-01T00:00:00Z"}
    activity |= {"to": [EVERYBODY], "object": {"id": "https://lain.example/n/1", "url": "https://lain.example/@a/1"}}

    def read(one, value, **how):
        document = Document(url=f"{HOME}/x", body=json.dumps(value).encode(), fetched_at=NOW, **how)
        [payload] = one.split(document).payloads
        return one.read(payload)

    context = {"actor": f"{HOME}/users/dinkes"}
    assert read(mastodon, status) == read(connector, activity, form="object", context=context)
