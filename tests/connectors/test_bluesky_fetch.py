"""Asking Bluesky: pages, ends, new handles, takedowns, limits, single posts; held against the stand-in."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.connectors.bluesky import PAGE, connector
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.http import Http
from feedhub.errors import ItemUnreadable
from feedhub.failures import AccountGone, AccountPrivate, AccountSuspended, BadAnswer, NotFound, RateLimited, Unreadable
from feedhub.payloads.payload import Document, Payload
from feedhub_demo.platforms.bluesky import Bluesky
from simulated import serving_all
from standins import answer, standin

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DID = "did:plc:dinkesdinkesdinkesdinkes"


def account_of(url="https://bsky.app/profile/dinkes.bsky.social", handle=None):
    return Account(key="k", platform=Platform.BLUESKY, department="d", url=url, handle=handle)


def client(**more):
    return Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", **more)


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

    async def check(self, *posts):
        ids = [post if isinstance(post, str) else self.platform.native_id(self.speaker, post) for post in posts]
        suspects = [Suspect(native_id=id, source_url=None) for id in ids]
        return await connector.check(self.http, self.account, suspects, credential=None, now=NOW)


@asynccontextmanager
async def dinkes(posts, **account):
    platform = Bluesky(now=lambda: NOW)
    speaker = platform.speaker("dinkes", "Dinas Kesehatan")
    for place in range(posts):
        speaker.write(f"Kabar {place}", at=NOW - (posts - place) * MINUTE)
    async with serving_all([platform]) as detours, client(detours=dict(detours)) as http:
        yield Dinkes(http, platform, speaker, account_of(**account))


@asynccontextmanager
async def network(pages):
    """Raw answers by path to whatever the connector asks, wherever it asks."""

    def reply(asked):
        status, body = pages.get(asked.path.partition("?")[0].replace("%3A", ":"), (404, b"{}"))
        return answer(status, body=body)

    async with standin(reply) as base:
        places = ("https://public.api.bsky.app", "https://plc.directory", "https://pds.example")
        async with client(detours=dict.fromkeys(places, base)) as http:
            yield lambda cursor={}: connector.fetch(http, account_of(), cursor, credential=None, now=NOW)


async def test_first_visit_pages_to_the_end():
    async with dinkes(PAGE + 20) as account:
        batch = await account.visit()
        assert len(batch.documents) == 2
        assert batch.covers_since == EVERYTHING
        assert batch.profile.handle == "dinkes.bsky.social"
        assert batch.profile.native_id == batch.cursor["did"]
        assert batch.limits.left == 3000


async def test_later_visit_pages_back_to_the_last_known_post():
    async with dinkes(PAGE * 3) as account:
        await account.visit()
        for place in range(PAGE + 5):
            account.speaker.write(f"Baru {place}", at=NOW + place * MINUTE)
        batch = await account.visit()
        assert len(batch.documents) == 2
        assert NOW - PAGE * MINUTE < batch.covers_since < NOW
        assert len((await account.visit()).documents) == 0


async def test_unchanged_feed_is_not_read_again():
    async with dinkes(3) as account:
        await account.visit()
        batch = await account.visit()
        assert (batch.not_modified, batch.documents) == (True, ())
        assert [asked.status for asked in account.platform.log] == [304]


async def test_later_visits_ask_by_the_did_so_that_a_new_handle_changes_nothing():
    async with dinkes(3) as account:
        await account.visit()
        assert "actor=dinkes.bsky.social" in account.platform.log[0].query
        await account.visit()
        assert "actor=did%3Aplc" in account.platform.log[0].query


@pytest.mark.parametrize(
    ("url", "handle"),
    [(None, "@Dinkes.bsky.social"), (None, "dinkes"), ("https://bsky.app/profile/dinkes.bsky.social/", "dinkes")],
)
async def test_account_is_found_however_its_handle_is_written(url, handle):
    async with dinkes(1, url=url, handle=handle) as account:
        assert len((await account.visit()).documents) == 1


async def test_taken_down_account_is_suspended_and_none_of_its_posts_gone():
    async with dinkes(3) as account:
        await account.visit()
        account.speaker.suspended = True
        with pytest.raises(AccountSuspended):
            await account.visit()
        with pytest.raises(AccountSuspended):
            await account.check(*account.speaker.posts)


async def test_deleted_posts_and_reposts_are_gone_and_others_are_not():
    async with dinkes(2) as account:
        repeated = account.speaker.write("Diulang", at=NOW, repeats=True)
        gone, kept = account.speaker.posts[:2]
        account.speaker.delete(gone.number, at=NOW)
        batch = await account.check(gone, kept, repeated)
        assert batch.gone == (account.platform.native_id(account.speaker, gone),)
        [payload] = connector.split(batch.documents[0]).payloads
        assert connector.read(payload).native_id == account.platform.native_id(account.speaker, kept)
        account.speaker.delete(repeated.number, at=NOW)
        assert len((await account.check(gone, kept, repeated)).gone) == 2


async def test_rate_limit_names_its_end():
    async with dinkes(1) as account:
        account.platform.faults.left, account.platform.faults.limited_until = 0, NOW + timedelta(hours=1)
        with pytest.raises(RateLimited) as refusal:
            await account.visit()
        assert refusal.value.retry_at == NOW + timedelta(hours=1)


async def test_unknown_account_is_not_found():
    async with dinkes(1, url="https://bsky.app/profile/dinkas.bsky.social") as account:
        with pytest.raises(NotFound):
            await account.visit()


STATUSES = {"takendown": AccountSuspended, "suspended": AccountSuspended, "deactivated": AccountSuspended} | {
    "deleted": AccountGone,
    "desynchronized": BadAnswer,
    "throttled": BadAnswer,
}


@pytest.mark.parametrize(("status", "failure"), STATUSES.items())
async def test_own_server_says_what_became_of_an_account(status, failure):
    refused = b'{"error":"InvalidRequest","message":"Profile not found"}'
    named = b'{"service":[{"id":"#atproto_pds","serviceEndpoint":"https://pds.example"}]}'
    said = {
        "/xrpc/app.bsky.feed.getAuthorFeed": (400, refused),
        "/xrpc/app.bsky.actor.getProfile": (400, refused),
        f"/{DID}": (200, named),
        "/xrpc/com.atproto.sync.getRepoStatus": (200, f'{{"active":false,"status":"{status}"}}'.encode()),
    }
    async with network(said) as visit:
        with pytest.raises(failure) as refusal:
            await visit({"did": DID})
        assert type(refusal.value) is failure


async def test_account_that_hides_from_people_without_login_is_private():
    label = '{"val":"!no-unauthenticated"}'
    author = f'{{"did":"{DID}","handle":"dinkes.example","labels":[{label}]}}'
    feed = f'{{"feed":[{{"post":{{"uri":"at://{DID}/app.bsky.feed.post/1","author":{author},"record":{{}}}}}}]}}'
    async with network({"/xrpc/app.bsky.feed.getAuthorFeed": (200, feed.encode())}) as visit:
        with pytest.raises(AccountPrivate):
            await visit()


@pytest.mark.parametrize("said", [b"[]", b"null", b'{"feed":null}', b"<html>"])
async def test_answer_that_is_no_feed_is_a_bad_answer(said):
    async with network({"/xrpc/app.bsky.feed.getAuthorFeed": (200, said)}) as visit:
        with pytest.raises(BadAnswer):
            await visit()


@pytest.mark.parametrize("body", [b"[]", b"7", b'{"feed":7}', b"{", b"{}"])
def test_document_that_is_no_list_of_posts_is_unreadable(body):
    with pytest.raises(Unreadable):
        connector.split(Document(url="https://x.example", body=body, fetched_at=NOW))


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b'{"post":7}', b'{"post":{"uri":7}}', b'{"post":{"uri":""},"reason":[]}']
)
def test_entry_without_a_post_is_unreadable(body):
    with pytest.raises(ItemUnreadable):
        connector.read(Payload(form="bluesky", body=body))
