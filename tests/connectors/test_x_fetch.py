"""Asking X: lookups, pages, what is read again, daily checks, prices, limits, refusals; held against the stand-in."""

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.x import FIRST_POSTS, RECHECKED, connector
from feedhub.failures import CredentialMissing, NotFound, RateLimited, ServerFailed, TokenRefused
from feedhub.posts.post import PostType
from feedhub_demo.platforms.x import X
from simulated import serving_all
from standins import answer, standin

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
GONE = {
    "resource_type": "tweet",
    "parameter": "ids",
    "resource_id": "11",
    "value": "11",
    "title": "Not Found Error",
    "detail": "Could not find tweet with ids: [11].",
    "type": "https://api.twitter.com/2/problems/resource-not-found",
}
SUSPENDED = GONE | {"title": "Forbidden", "detail": "User has been suspended: [11]."}
PROTECTED = GONE | {
    "title": "Authorization Error",
    "detail": "Sorry, you are not authorized to see the Tweet with ids: [11].",
    "type": "https://api.twitter.com/2/problems/not-authorized-for-resource",
}


def account_of(url):
    return Account(key="k", platform=Platform.X, department="d", url=url)


def client(**more):
    return Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", **more)


def posts_in(batch):
    return [connector.read(one) for document in batch.documents for one in connector.split(document).payloads]


class Dinkes:
    """One account of the stand-in, and what a visit to it finds."""

    def __init__(self, http, platform, speaker, url):
        self.http, self.platform, self.speaker, self.account = http, platform, speaker, account_of(url)
        self.now, self.cursor = NOON, {}
        self.credential = Credential(platform=Platform.X, token=platform.credential(None)["token"])

    async def visit(self):
        self.platform.log.clear()
        batch = await connector.fetch(self.http, self.account, self.cursor, credential=self.credential, now=self.now)
        self.cursor = batch.cursor
        return batch

    async def check(self, *written):
        self.platform.log.clear()
        suspects = [Suspect(native_id=self.id(one), source_url=None) for one in written]
        return await connector.check(self.http, self.account, suspects, credential=self.credential, now=self.now)

    def id(self, written):
        return self.platform.native_id(self.speaker, written)


@asynccontextmanager
async def dinkes(posts, *, url="https://x.com/dinkes", names="tweet", every=HOUR):
    platform = X(now=lambda: NOON)
    platform.names = names
    speaker = platform.speaker("dinkes", "Dinas Kesehatan")
    for place in range(posts):
        speaker.write(f"Kabar {place}", at=NOON - (posts - place + 1) * every)
    async with serving_all([platform]) as detours, client(detours=dict(detours)) as http:
        yield Dinkes(http, platform, speaker, url)


@asynccontextmanager
async def instance(said, *, status=200, **fields):
    """One raw answer to everything."""
    body = answer(status, body=json.dumps(said).encode(), fields={"Content-Type": "application/json"} | fields)
    async with standin(lambda _: body) as base, client(detours={"https://api.x.com": base}) as http:
        credential = Credential(platform=Platform.X, token="secret-of-the-city")

        async def visit(cursor=None):
            account = account_of("https://x.com/dinkes")
            return await connector.fetch(http, account, cursor or {}, credential=credential, now=NOON)

        async def check(*ids):
            suspects = [Suspect(native_id=id, source_url=None) for id in ids]
            account = account_of("https://x.com/dinkes")
            return await connector.check(http, account, suspects, credential=credential, now=NOON)

        yield base, visit, check


async def test_a_first_visit_looks_the_account_up_once_and_takes_a_hundred_posts():
    async with dinkes(130) as account:
        batch = await account.visit()
        assert len(posts_in(batch)) == FIRST_POSTS
        assert batch.profile.handle == "dinkes"
        assert batch.limits.left == 10_000
        assert account.platform.log[0].path == "/2/users/by/username/dinkes"
        await account.visit()
        assert [asked.path.rpartition("/")[2] for asked in account.platform.log] == ["tweets"]


async def test_an_address_with_the_id_needs_no_lookup():
    async with dinkes(2, url="https://x.com/i/user/2244990001") as account:
        posts = posts_in(await account.visit())
        assert len(account.platform.log) == 1
        assert posts[0].source_url == f"https://x.com/i/status/{posts[0].native_id}"


async def test_an_empty_visit_costs_no_post_and_changes_nothing():
    async with dinkes(3) as account:
        assert (await account.visit()).covers_since == EVERYTHING
        batch = await account.visit()
        assert (batch.not_modified, batch.documents) == (True, ())
        assert "since_id=" in account.platform.log[0].query
        # The newest post is older than what this visit covers, so it is no suspect.
        assert batch.covers_since > account.speaker.posts[-1].published_at


async def test_a_gap_is_paged_back_to_the_last_known_post():
    async with dinkes(3) as account:
        await account.visit()
        for place in range(45):
            account.speaker.write(f"Baru {place}", at=NOON + place * MINUTE)
        account.now = NOON + HOUR
        batch = await account.visit()
        assert len(posts_in(batch)) == 45
        assert len(account.platform.log) == 5


async def test_what_may_still_be_edited_is_read_again():
    async with dinkes(3) as account:
        young = account.speaker.write("Baru saja", at=NOON - 10 * MINUTE)
        await account.visit()
        account.now = NOON + 20 * MINUTE
        batch = await account.visit()
        assert [post.native_id for post in posts_in(batch)] == [account.id(young)]
        assert batch.covers_since < young.published_at
        account.speaker.delete(young.number, at=account.now)
        batch = await account.visit()
        assert (batch.documents, batch.covers_since < young.published_at) == ((), True)
        assert (await account.check(young)).gone == (account.id(young),)


async def test_an_edit_has_a_new_id_and_stays_the_same_post():
    async with dinkes(3) as account:
        await account.visit()
        old = account.speaker.posts[0]
        edited = account.speaker.edit(old.number, at=NOON + MINUTE, text="Kabar yang benar")
        (post,) = posts_in(await account.visit())
        assert post.native_id == account.id(old)
        assert post.aliases == (post.source_url.rpartition("/")[2],)
        assert (post.published_at, post.edited_at) == (edited.published_at, edited.edited_at)


async def test_a_check_never_reads_an_earlier_version():
    async with dinkes(3) as account:
        edited = account.speaker.edit(1, at=NOON, text="Kabar yang benar")
        batch = await account.check(edited, account.speaker.posts[1])
        assert {post.content_text for post in posts_in(batch)} == {"Kabar yang benar", "Kabar 1"}
        assert len(account.platform.log) == 2


async def test_the_posts_of_two_days_are_looked_up_once_a_day():
    async with dinkes(60) as account:
        await account.visit()
        assert (await account.visit()).covers_since > NOON - 3 * HOUR
        account.now = NOON + 13 * HOUR
        assert (await account.visit()).covers_since == account.now - RECHECKED
        assert (await account.visit()).covers_since > NOON - 3 * HOUR


async def test_deletions_are_believed_beside_posts_that_stand():
    async with dinkes(3) as account:
        first, second, third = account.speaker.posts
        account.speaker.delete(second.number, at=NOON)
        batch = await account.check(first, second, third)
        assert batch.gone == (account.id(second),)
        assert len(posts_in(batch)) == 2


async def test_both_generations_of_names_make_the_same_posts():
    async def read_by(names):
        async with dinkes(1, names=names) as account:
            parent = account.speaker.write("Satu", at=NOON - 9 * MINUTE)
            account.speaker.write("Dua", at=NOON - 8 * MINUTE, answers=parent.number)
            account.speaker.write("panjang " * 60, at=NOON - 7 * MINUTE, link="https://dinkes.example/a")
            account.speaker.write("Ulang", at=NOON - 6 * MINUTE, repeats=True)
            account.speaker.write("Jawab", at=NOON - 5 * MINUTE, answers_others=True)
            account.speaker.edit(1, at=NOON, text="Ralat")
            return posts_in(await account.visit())

    by_tweet, by_post = await read_by("tweet"), await read_by("post")
    assert by_tweet == by_post
    types = [post.type for post in by_tweet]
    assert types == [
        PostType.ORIGINAL,
        PostType.REPLY,
        PostType.REPOST,
        PostType.ORIGINAL,
        PostType.THREAD,
        PostType.ORIGINAL,
    ]
    assert by_tweet[3].links == ("https://dinkes.example/a",)
    assert by_tweet[4].in_reply_to == by_tweet[5].native_id
    assert by_tweet[1].mentions == ()


async def test_limits_expired_tokens_and_outages_have_names():
    async with dinkes(3) as account:
        await account.visit()
        account.platform.faults.left, account.platform.faults.limited_until = 0, NOON + HOUR
        with pytest.raises(RateLimited) as limited:
            await account.visit()
        assert limited.value.retry_at == NOON + HOUR
        account.platform.faults.left = None
        account.platform.faults.expired = True
        with pytest.raises(TokenRefused, match="bearer token"):
            await account.visit()
        account.platform.faults.expired, account.platform.faults.down = False, True
        with pytest.raises(ServerFailed):
            await account.visit()


async def test_tokens_travel_in_headers_only():
    async with dinkes(1) as account:
        batch = await account.visit()
        secret = account.credential.token
        assert all(secret not in asked.query + asked.path for asked in account.platform.log)
        assert secret not in json.dumps(batch.cursor)
        assert all(secret.encode() not in one.body and secret not in one.url for one in batch.documents)


async def test_without_a_token_nobody_is_asked():
    async with client() as http:
        with pytest.raises(CredentialMissing):
            await connector.fetch(http, account_of("https://x.com/dinkes"), {}, credential=None, now=NOON)


async def test_an_address_that_names_nobody_is_told():
    async with dinkes(0, url="https://x.com/") as account:
        with pytest.raises(NotFound):
            await account.visit()


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (200, {"errors": [SUSPENDED]}, "suspended"),
        (200, {"errors": [PROTECTED]}, "private"),
        (200, {"errors": [GONE | {"resource_type": "user", "parameter": "username"}]}, "not_found"),
        (200, {"errors": [{"title": "Odd"}]}, "bad_answer"),
        (200, {}, "bad_answer"),
        (200, [], "bad_answer"),
        (
            401,
            {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"},
            "token_refused",
        ),
        (402, {"title": "CreditsDepleted", "type": "https://api.twitter.com/2/problems/credits"}, "payment_needed"),
        (403, {"title": "SpendCapReached", "type": "https://api.twitter.com/2/problems/credits"}, "payment_needed"),
        (403, {"type": "https://api.twitter.com/2/problems/client-forbidden"}, "permission_missing"),
        (403, {"type": "https://api.twitter.com/2/problems/unsupported-authentication"}, "permission_missing"),
        (403, PROTECTED, "private"),
        (404, {"type": "about:blank", "status": 404}, "not_found"),
        (429, {"title": "Too Many Requests", "type": "about:blank"}, "rate_limited"),
        (429, {"title": "UsageCapExceeded", "period": "Monthly", "scope": "Product"}, "payment_needed"),
        (429, {"type": "https://api.twitter.com/2/problems/usage-capped"}, "payment_needed"),
        (400, {"type": "https://api.twitter.com/2/problems/invalid-request"}, "bad_status"),
        (503, {"title": "Service Unavailable"}, "server_error"),
    ],
)
@pytest.mark.parametrize("cursor", [{}, {"id": "7", "since": "11"}], ids=["lookup", "timeline"])
async def test_refusals_have_names(status, said, outcome, cursor):
    async with instance(said, status=status) as (_, visit, _check):
        with pytest.raises(Exception, match=r"\w") as failed:
            await visit(cursor)
        assert failed.value.outcome == outcome
        assert "secret" not in failed.value.reason + failed.value.remedy


async def test_errors_beside_posts_are_about_what_they_name():
    reference = GONE | {"parameter": "referenced_tweets.id", "resource_id": "5"}
    said = {
        "data": [{"id": "12", "text": "Halo", "author_id": "7"}],
        "errors": [reference],
        "meta": {"result_count": 1},
    }
    async with instance(said) as (_, visit, _check):
        assert [post.native_id for post in posts_in(await visit({"id": "7"}))] == ["12"]


@pytest.mark.parametrize(("error", "gone"), [(GONE, ("11",)), (SUSPENDED, ()), (PROTECTED, ())])
async def test_only_a_plain_word_makes_a_post_gone(error, gone):
    said = {"data": [{"id": "12", "text": "Halo", "author_id": "7"}], "errors": [error]}
    async with instance(said) as (_, _visit, check):
        batch = await check("11", "12")
        assert batch.gone == gone
        assert bool(batch.notes) == (not gone)


async def test_a_suspended_account_has_no_deleted_posts():
    async with instance({"errors": [SUSPENDED]}) as (_, _visit, check):
        with pytest.raises(Exception, match="suspended"):
            await check("11")
