"""Asking Instagram, Facebook and Threads: routes, pages, tokens, limits, single posts; held against the stand-ins."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors import facebook, instagram, threads
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.graph import FIRST_PAGES, PAGE
from feedhub.connectors.http import Http
from feedhub.failures import (
    AccountUnsupported,
    CredentialMissing,
    NotFound,
    RateLimited,
    ServerFailed,
    TokenExpired,
    TokenRefused,
)
from feedhub.posts.post import PostType
from feedhub_demo.platforms.facebook import Facebook
from feedhub_demo.platforms.instagram import Instagram
from feedhub_demo.platforms.threads import Threads
from feedhub_demo.platforms.writing import Picture
from graph_answers import NOW
from simulated import credential as credential_said
from simulated import serving_all

MINUTE = timedelta(minutes=1)
BOTH = pytest.mark.parametrize("kind", [Instagram, Facebook, Threads], ids=lambda kind: kind.platform)
CONNECTORS = {one.connector.platform: one.connector for one in (instagram, facebook, threads)}


class Visited:
    """An account of a stand-in and what visits to it find."""

    def __init__(self, http, standin, speaker):
        self.http, self.standin, self.speaker, self.cursor = http, standin, speaker, {}
        platform = Platform(standin.platform)
        self.connector = CONNECTORS[platform]
        url = standin.account_url(speaker)
        self.account = Account(key="k", platform=platform, department="d", url=url, handle=speaker.handle)
        own, shared = standin.credential(speaker), standin.credential(None)
        bound = UUID(int=1) if own else None
        self.credential = credential_said(platform, own or shared, bound)

    async def visit(self):
        self.standin.log.clear()
        asked = {"credential": self.credential, "now": NOW}
        batch = await self.connector.fetch(self.http, self.account, self.cursor, **asked)
        self.cursor = batch.cursor
        return batch

    async def check(self, *written):
        suspects = [
            Suspect(native_id=post.native_id, source_url=None, aliases=post.aliases, published_at=post.published_at)
            for post in written
        ]
        return await self.connector.check(self.http, self.account, suspects, credential=self.credential, now=NOW)

    def posts_in(self, batch):
        split = self.connector.split
        return [self.connector.read(one) for document in batch.documents for one in split(document).payloads]


@asynccontextmanager
async def visited(kind, posts, *, own=False):
    """`own`: the second speaker of Instagram's stand-in gave its own token."""
    standin = kind(now=lambda: NOW)
    standin.speaker("dinkes", "Dinas Kesehatan")
    speaker = standin.speaker("dishub", "Dinas Perhubungan") if own else standin.speakers["dinkes"]
    for place in range(posts):
        speaker.write(f"Kabar {place}", at=NOW - (posts - place) * MINUTE)
    async with (
        serving_all([standin]) as detours,
        Http(
            contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", detours=dict(detours)
        ) as http,
    ):
        yield Visited(http, standin, speaker)


@BOTH
async def test_a_first_visit_takes_some_pages_and_tells_the_profile(kind):
    async with visited(kind, FIRST_PAGES * PAGE + 30) as account:
        batch = await account.visit()
        posts = account.posts_in(batch)
        assert len(posts) == len({post.native_id for post in posts}) == FIRST_PAGES * PAGE
        assert batch.profile.handle == "dinkes"
        assert batch.profile.native_id
        assert batch.covers_since != EVERYTHING


@BOTH
async def test_a_listing_that_ends_covers_everything(kind):
    async with visited(kind, 3) as account:
        batch = await account.visit()
        assert len(account.posts_in(batch)) == 3
        assert batch.covers_since == EVERYTHING


@BOTH
async def test_a_page_that_did_not_change_is_not_read_again(kind):
    async with visited(kind, 60) as account:
        await account.visit()
        again = await account.visit()
        assert again.not_modified
        assert again.documents == ()
        assert again.cursor == account.cursor
        account.speaker.edit(60, at=NOW, text="Kabar terbaru")
        changed = await account.visit()
        assert not changed.not_modified
        assert "Kabar terbaru" in [post.content_text for post in account.posts_in(changed)]


@BOTH
async def test_after_an_outage_pages_go_back_to_the_last_known_post(kind):
    async with visited(kind, 20) as account:
        await account.visit()
        for place in range(170):
            account.speaker.write(f"Baru {place}", at=NOW - 1 * MINUTE + place * timedelta(milliseconds=300))
        batch = await account.visit()
        texts = {post.content_text for post in account.posts_in(batch)}
        assert {f"Baru {place}" for place in range(170)} <= texts


@BOTH
async def test_no_token_is_in_a_cursor_an_address_or_a_document(kind):
    async with visited(kind, 120) as account:
        batch = await account.visit()
        kept = [account.cursor, *[(document.url, document.body, document.context) for document in batch.documents]]
        tokens = ["EAA", "IGAA", "THQV", "access_token"]
        assert not any(token in str(part) for part in kept for token in tokens)
        assert not any(token in asked.query for asked in account.standin.log for token in tokens[:3])


@BOTH
async def test_an_ended_token_a_limit_and_an_outage_have_names(kind):
    async with visited(kind, 3) as account:
        account.standin.faults.expired = True
        with pytest.raises(TokenExpired):
            await account.visit()
        account.standin.faults.expired = False
        account.credential = replace(account.credential, token="wrong")
        with pytest.raises(TokenRefused):
            await account.visit()
        account.standin.faults.left = 0
        account.standin.faults.limited_until = NOW + 25 * MINUTE
        with pytest.raises(RateLimited) as limited:
            await account.visit()
        assert limited.value.retry_at == NOW + 25 * MINUTE
        account.standin.faults.down = True
        with pytest.raises(ServerFailed):
            await account.visit()


@BOTH
async def test_a_budget_nearly_used_up_is_told(kind):
    async with visited(kind, 3) as account:
        assert (await account.visit()).limits is None
        account.standin.faults.left = 10
        batch = await account.visit()
        assert batch.limits.left <= 20
        assert batch.limits.resets_at == NOW + 60 * MINUTE


@pytest.mark.parametrize(("kind", "own"), [(Instagram, False), (Instagram, True), (Facebook, False), (Threads, False)])
async def test_a_deleted_post_is_gone_and_its_neighbours_are_not(kind, own):
    async with visited(kind, 12, own=own) as account:
        posts = account.posts_in(await account.visit())
        account.speaker.delete(5, at=NOW)
        answer = await account.check(*posts)
        gone = next(post.native_id for post in posts if post.content_text == "Kabar 4")
        assert answer.gone == (gone,)
        assert {post.native_id for post in account.posts_in(answer)} == {post.native_id for post in posts} - {gone}


@BOTH
async def test_a_check_says_nothing_of_posts_while_the_platform_is_ill(kind):
    async with visited(kind, 3) as account:
        posts = account.posts_in(await account.visit())
        account.standin.faults.down = True
        with pytest.raises(ServerFailed):
            await account.check(*posts)


async def test_business_discovery_calls_nothing_gone_that_it_may_not_have_reached():
    async with visited(Instagram, 4) as account:
        posts = account.posts_in(await account.visit())
        account.speaker.delete(1, at=NOW)
        # The oldest: the listing is whole by Instagram's own count, so it is gone.
        assert (await account.check(posts[-1])).gone == (posts[-1].native_id,)
        account.speaker.posts.clear()
        # Everything at once: an empty listing is no word about any of them.
        assert (await account.check(*posts)).gone == ()
        # And without a time nobody knows where it should stand.
        assert (await account.check(replace(posts[0], published_at=None))).gone == ()


async def test_instagram_shows_the_same_post_by_both_routes():
    async with visited(Instagram, 0, own=True) as account:
        pictures = (
            Picture(url="https://scontent.cdninstagram.com/a.jpg", alt="Perawat"),
            Picture(url="https://x.example/b.jpg"),
        )
        account.speaker.write("Imunisasi", at=NOW - MINUTE, pictures=pictures)
        own = account.posts_in(await account.visit())[0]
        account.cursor = {}
        account.credential = credential_said(Platform.INSTAGRAM, account.standin.credential(None), None)
        discovered = account.posts_in(await account.visit())[0]
        assert own.native_id == discovered.native_id
        assert own.aliases != discovered.aliases
        assert [medium.alt for medium in own.media] == ["Perawat", None]
        assert [medium.alt for medium in discovered.media] == [None, None]


async def test_a_personal_instagram_account_is_named_with_what_to_do():
    async with visited(Instagram, 1) as account:
        account.account = replace(account.account, handle="pribadi")
        with pytest.raises(AccountUnsupported, match="@pribadi") as refusal:
            await account.visit()
        assert "Switch to professional account" in refusal.value.remedy


async def test_an_instagram_credential_must_say_whose_it_is():
    async with visited(Instagram, 1) as account:
        account.credential = replace(account.credential, others={})
        with pytest.raises(CredentialMissing, match="to which"):
            await account.visit()


@pytest.mark.parametrize("handle", ["a){id}", "x y", "dinkes/media", ""])
async def test_an_odd_handle_never_reaches_instagram(handle):
    async with visited(Instagram, 1) as account:
        account.account = replace(account.account, handle=handle, url="https://www.instagram.com/p/x y/")
        with pytest.raises((NotFound, AccountUnsupported)):
            await account.visit()


async def test_a_facebook_page_is_asked_by_its_number_after_a_rename():
    async with visited(Facebook, 2) as account:
        await account.visit()
        assert account.cursor["page"].isdecimal()
        account.account = replace(account.account, handle="nama-baru")
        assert (await account.visit()).profile.handle == "dinkes"


@pytest.mark.parametrize(
    "address", ["profile.php?id={}", "people/Dinas-Kesehatan/{}/", "p/Dinas-Kesehatan-{}/", "pages/Dinas/{}", "{}"]
)
async def test_a_facebook_page_is_found_by_any_of_its_addresses(address):
    async with visited(Facebook, 1) as account:
        url = f"https://www.facebook.com/{address.format('100000000000001')}"
        account.account = replace(account.account, handle=None, url=url)
        assert len(account.posts_in(await account.visit())) == 1


async def test_facebook_is_asked_for_less_where_a_page_is_too_much():
    async with visited(Facebook, 35) as account:
        account.standin.most_at_once = 10
        batch = await account.visit()
        assert len(account.posts_in(batch)) == 35
        assert batch.covers_since == EVERYTHING


async def test_an_unknown_facebook_page_is_named():
    async with visited(Facebook, 1) as account:
        account.account = replace(account.account, handle="tidak-ada")
        with pytest.raises(NotFound, match="tidak-ada"):
            await account.visit()


async def test_what_threads_continues_is_a_thread_and_stays_one():
    async with visited(Threads, 1) as account:
        account.speaker.write("2/2", at=NOW - 30 * timedelta(seconds=1), answers=1)
        account.speaker.write("Terima kasih", at=NOW - 20 * timedelta(seconds=1), answers_others=True)
        batch = await account.visit()
        by_text = {post.content_text: post for post in account.posts_in(batch)}
        assert by_text["2/2"].type is PostType.THREAD
        assert by_text["2/2"].in_reply_to == by_text["Kabar 0"].native_id
        assert by_text["Terima kasih"].type is PostType.REPLY
        for place in range(PAGE + 5):
            account.speaker.write(f"Baru {place}", at=NOW - 10 * timedelta(seconds=1))
        again = {post.content_text: post for post in account.posts_in(await account.visit())}
        assert again["2/2"].type is PostType.THREAD
        answer = await account.check(by_text["2/2"], by_text["Terima kasih"])
        assert [post.type for post in account.posts_in(answer)] == [PostType.THREAD, PostType.REPLY]


@pytest.mark.parametrize(("kind", "own"), [(Instagram, True), (Threads, False)])
async def test_a_token_is_refreshed_for_60_days(kind, own):
    async with visited(kind, 1, own=own) as account:
        later = NOW + timedelta(days=50)
        fresh = await account.connector.renew(account.http, account.credential, now=later)
        assert fresh.token != account.credential.token
        assert fresh.expires_at == later + timedelta(days=60)
        assert fresh.others == account.credential.others
        account.credential = fresh
        assert account.posts_in(await account.visit())


async def test_a_facebook_login_token_is_exchanged_with_the_apps_secret():
    async with visited(Facebook, 1) as account:
        bare = replace(account.credential, expires_at=NOW + timedelta(days=1))
        with pytest.raises(CredentialMissing, match="app's id"):
            await account.connector.renew(account.http, bare, now=NOW)
        known = replace(bare, others={"client_id": "1", "client_secret": "s3cret"})
        fresh = await account.connector.renew(account.http, known, now=NOW)
        assert fresh.expires_at == NOW + timedelta(days=60)
        assert "s3cret" not in account.standin.log[-1].query


async def test_instagram_and_facebook_share_an_origin():
    pair = [Instagram(now=lambda: NOW), Facebook(now=lambda: NOW)]
    for standin in pair:
        standin.speaker("dinkes", "Dinas Kesehatan").write("Halo", at=NOW - MINUTE)
    async with (
        serving_all(pair) as detours,
        Http(
            contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", detours=dict(detours)
        ) as http,
    ):
        for standin in pair:
            account = Visited(http, standin, standin.speakers["dinkes"])
            assert len(account.posts_in(await account.visit())) == 1


def test_a_credential_is_never_shown():
    assert "rahasia" not in repr(Credential(platform=Platform.FACEBOOK, token="rahasia-sekali"))
