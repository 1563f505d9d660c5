"""Asking Mastodon and its kin: lookups, pages, ends, moves, limits, single statuses; held against the stand-in."""

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.mastodon import PAGE, connector
from feedhub.failures import (
    AccountMoved,
    AccountSuspended,
    BadAnswer,
    NotFound,
    RateLimited,
    ServerFailed,
    Unauthorized,
)
from feedhub_demo.platforms.mastodon import Mastodon
from simulated import serving_all
from standins import answer, standin

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ID = "109"


def account_of(url=None, handle=None):
    return Account(key="k", platform=Platform.MASTODON, department="d", url=url, handle=handle)


def client(**more):
    return Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", **more)


def posts_in(batch):
    return [connector.read(one) for document in batch.documents for one in connector.split(document).payloads]


class Dinkes:
    """One account of the stand-in, and what a visit to it finds."""

    def __init__(self, http, platform, speaker, account):
        self.http, self.platform, self.speaker, self.account = http, platform, speaker, account
        self.cursor = {}

    async def visit(self):
        self.platform.log.clear()
        batch = await connector.fetch(self.http, self.account, self.cursor, credential=None, now=NOW)
        self.cursor = batch.cursor
        return batch

    async def check(self, *native_ids):
        suspects = [Suspect(native_id=id, source_url=None) for id in native_ids]
        return await connector.check(self.http, self.account, suspects, credential=None, now=NOW)


@asynccontextmanager
async def dinkes(posts, *, url="https://social.tirtasari.example/@dinkes", handle=None):
    platform = Mastodon(now=lambda: NOW)
    speaker = platform.speaker("dinkes", "Dinas Kesehatan")
    for place in range(posts):
        speaker.write(f"Kabar {place}", at=NOW - (posts - place) * MINUTE)
    async with serving_all([platform]) as detours, client(detours=dict(detours)) as http:
        yield Dinkes(http, platform, speaker, account_of(url, handle))


@asynccontextmanager
async def instance(pages):
    """Raw answers by path; `visit` asks http-only software on loopback, as developers run it."""
    table = {
        path: said if isinstance(said, bytes | str) or callable(said) else spoken(said) for path, said in pages.items()
    }

    def reply(asked):
        said = table.get(asked.path.partition("?")[0]) or answer(404)
        return said(asked) if callable(said) else said

    async with standin(reply) as base, client() as http:

        async def visit(path="/@dinkes", cursor=None):
            account = account_of(f"{base}{path}")
            return await connector.fetch(http, account, cursor or {}, credential=None, now=NOW)

        async def check(*suspects):
            return await connector.check(http, account_of(f"{base}/@dinkes"), suspects, credential=None, now=NOW)

        yield base, visit, check


def spoken(value, status=200, **fields):
    return answer(status, body=json.dumps(value).encode(), fields={"Content-Type": "application/json"} | fields)


def status(id, **more):
    uri = f"https://s.example/users/dinkes/statuses/{id}"
    return {"id": id, "uri": uri, "content": f"<p>{id}</p>", "created_at": "2026-11-01T00:00:00Z"} | more


LOOKUP = "/api/v1/accounts/lookup"
STATUSES = f"/api/v1/accounts/{ID}/statuses"


async def test_a_first_visit_takes_five_pages_and_tells_the_profile():
    async with dinkes(250) as account:
        batch = await account.visit()
        assert len(posts_in(batch)) == 5 * PAGE
        assert batch.covers_since > datetime(2026, 11, 2, 4, 39, tzinfo=UTC)
        assert batch.profile.name == "Dinas Kesehatan"
        assert batch.profile.handle == "dinkes"
        assert batch.limits.left == 300


async def test_a_gap_is_paged_back_to_the_last_known_status():
    async with dinkes(10) as account:
        assert (await account.visit()).covers_since == EVERYTHING
        for place in range(90):
            account.speaker.write(f"Baru {place}", at=NOW - (90 - place) * timedelta(seconds=0.5))
        batch = await account.visit()
        assert [post.content_text for post in posts_in(batch)].count("Baru 0") == 1
        assert len(account.platform.log) == 3
        assert len(batch.documents) == 3


async def test_the_same_page_is_not_modified_and_an_edit_is():
    async with dinkes(3) as account:
        await account.visit()
        assert (await account.visit()).not_modified
        assert len(account.platform.log) == 1
        account.speaker.edit(2, at=NOW, text="Ralat")
        assert "Ralat" in [post.content_text for post in posts_in(await account.visit())]


async def test_a_handle_alone_is_enough():
    async with dinkes(2, url=None, handle="@dinkes@social.tirtasari.example") as account:
        assert len(posts_in(await account.visit())) == 2


async def test_another_instances_view_of_an_account_is_asked_at_its_home():
    async with dinkes(2, url="https://lain.example/@dinkes@social.tirtasari.example") as account:
        assert len(posts_in(await account.visit())) == 2


async def test_a_handle_of_another_domain_is_found_by_webfinger():
    link = {"rel": "self", "type": "application/activity+json", "href": "https://sosial.kota.example/users/dinkes"}
    table = {LOOKUP: {"id": ID, "acct": "dinkes"}, STATUSES: [status("7")]}

    def at_home(asked):
        return spoken({"links": [link]}) if "webfinger" in asked.path else answer(404)

    def at_the_instance(asked):
        return spoken([] if "max_id" in asked.path else table[asked.path.partition("?")[0]])

    async with standin(at_home) as home, standin(at_the_instance) as software:
        detours = {"https://kota.example": home, "https://sosial.kota.example": software}
        async with client(detours=detours) as http:
            account = account_of(handle="@dinkes@kota.example")
            first = await connector.fetch(http, account, {}, credential=None, now=NOW)
            again = await connector.fetch(http, account, first.cursor, credential=None, now=NOW)
    assert first.cursor["root"] == "https://sosial.kota.example"
    assert len(posts_in(again)) == 1
    assert [asked.path.partition("?")[0] for asked in home.asked] == [LOOKUP, "/.well-known/webfinger"]


async def test_a_short_page_is_not_the_end_where_the_instance_links_to_the_next():
    def page(asked):
        if "max_id=50" in asked.path:
            return spoken([status("40")], Link='<https://s.example/x>; rel="prev"')
        return spoken([status("60"), status("50")], Link='<https://s.example/x?max_id=50>; rel="next"')

    async with instance({LOOKUP: {"id": ID}, STATUSES: page}) as (_, visit, _check):
        batch = await visit()
        assert [post.content_text for post in posts_in(batch)] == ["60", "50", "40"]
        assert batch.covers_since == EVERYTHING


async def test_without_links_only_an_empty_page_is_the_end():
    def page(asked):
        return spoken([] if "max_id=40" in asked.path else [status("40")])

    async with instance({LOOKUP: {"id": ID}, STATUSES: page}) as (base, visit, _check):
        batch = await visit()
        assert batch.covers_since == EVERYTHING
        assert len(base.asked) == 3
        assert len(posts_in(batch)) == 1


async def test_the_same_page_again_ends_the_paging():
    async with instance({LOOKUP: {"id": ID}, STATUSES: [status("7")]}) as (base, visit, _check):
        batch = await visit()
        assert len(base.asked) == 3
        assert len(batch.documents) == 1
        assert batch.covers_since == datetime(2026, 11, 1, 0, 0, 1, tzinfo=UTC)


async def test_an_account_with_a_new_id_is_looked_up_again():
    table = {LOOKUP: {"id": ID}, STATUSES: [status("7")], "/api/v1/accounts/1/statuses": spoken({"error": "x"}, 404)}
    async with instance(table) as (_, visit, _check):
        batch = await visit(cursor={"id": "1", "newest": "999999"})
        assert batch.cursor["id"] == ID
        assert batch.cursor["newest"] == "7"


async def test_a_moved_account_is_read_and_says_where_it_went():
    moved = {"id": ID, "moved": {"url": "https://baru.example/@dinkes"}}
    async with instance({LOOKUP: moved, STATUSES: [status("7", account=moved)]}) as (_, visit, _check):
        batch = await visit()
        assert len(posts_in(batch)) == 1
        [note] = batch.notes
        assert note.endswith("says that this account moved to https://baru.example/@dinkes.")
    async with instance({LOOKUP: moved, STATUSES: []}) as (_, visit, _check):
        with pytest.raises(AccountMoved):
            await visit()


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (spoken({"error": "Record not found"}, 404), NotFound),
        (answer(404, body=b"<html>Not Found</html>"), NotFound),
        (spoken({"error": "Gone"}, 410), AccountSuspended),
        (spoken({"error": "This method requires an authenticated user"}, 401), Unauthorized),
        (spoken({"error": "Unauthorized: token not supplied"}, 401), Unauthorized),
        (spoken({"error": "This API requires an authenticated user"}, 403), Unauthorized),
        (spoken({"error": "Too many requests"}, 429), RateLimited),
        (spoken({"error": "There was a temporary problem serving your request, please try again"}, 503), ServerFailed),
        (answer(200, body=b"<html>Pleroma</html>"), BadAnswer),
        (spoken({"id": ID, "suspended": True}), AccountSuspended),
        (spoken({"acct": "dinkes"}), NotFound),
        (spoken([]), NotFound),
    ],
)
async def test_refusals_have_names(said, outcome):
    async with instance({LOOKUP: said}) as (_, visit, _check):
        with pytest.raises(outcome) as refusal:
            await visit()
        assert refusal.value.remedy


@pytest.mark.parametrize("said", [{}, [1], [{"uri": "x"}], "x", None])
async def test_something_else_than_statuses_is_a_bad_answer(said):
    async with instance({LOOKUP: {"id": ID}, STATUSES: spoken(said)}) as (_, visit, _check):
        with pytest.raises(BadAnswer):
            await visit()


async def test_a_limit_says_when_to_come_back():
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-11-02T08:05:00.535969Z"}
    async with instance({LOOKUP: spoken({"error": "Too many requests"}, 429, **reset)}) as (_, visit, _check):
        with pytest.raises(RateLimited) as refusal:
            await visit()
        assert refusal.value.retry_at == datetime(2026, 11, 2, 8, 5, 0, 535969, tzinfo=UTC)


async def test_a_far_reset_is_not_believed():
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2099-01-01T00:00:00Z"}
    async with instance({LOOKUP: {"id": ID}, STATUSES: spoken([], **reset)}) as (_, visit, _check):
        assert (await visit()).limits.resets_at == NOW + timedelta(hours=24)


async def test_a_boost_is_checked_by_the_id_within_its_activity():
    async with dinkes(1) as account:
        boost = account.speaker.write("Kata orang", at=NOW, repeats=True)
        native_id = account.platform.native_id(account.speaker, boost)
        batch = await account.check(native_id)
        assert batch.gone == ()
        assert [post.native_id for post in posts_in(batch)] == [native_id]
        account.speaker.delete(boost.number, at=NOW)
        assert (await account.check(native_id)).gone == (native_id,)


async def test_what_the_api_calls_otherwise_is_asked_by_its_alias_or_not_at_all():
    uri = "https://s.example/objects/3f2c"
    async with instance({"/api/v1/statuses/A1": spoken({"error": "Record not found"}, 404)}) as (base, _, check):
        assert (await check(Suspect(native_id=uri, source_url=None))).gone == ()
        assert base.asked == []
        alias = f"{base}/api/v1/statuses/A1"
        assert (await check(Suspect(native_id=uri, source_url=None, aliases=(alias,)))).gone == (uri,)


async def test_only_the_apis_own_404_means_gone_and_only_the_same_status_is_taken():
    table = {"/api/v1/statuses/2": status("3"), "/api/v1/statuses/3": status("3")}
    async with instance(table) as (_, _visit, check):
        suspects = [
            Suspect(native_id=f"https://s.example/users/dinkes/statuses/{id}", source_url=None) for id in (1, 2, 3)
        ]
        batch = await check(*suspects)  # the first is a 404 of a proxy, the second another status
        assert batch.gone == ()
        assert [post.native_id for post in posts_in(batch)] == [suspects[2].native_id]
