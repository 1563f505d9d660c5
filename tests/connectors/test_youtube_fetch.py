"""Asking YouTube: by its API, probed by its feed, and by the feed alone; held against the stand-in."""

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.youtube import PAGE, READ_AGAIN, channel_id, connector
from feedhub.failures import CredentialMissing, NotFound, RateLimited, ServerFailed, TokenRefused
from feedhub.store.pushes import due_pushes
from feedhub.store.session import open_store
from feedhub_demo.platforms.writing import Picture
from feedhub_demo.platforms.youtube import YouTube, channel_of
from simulated import serving_all, simulated
from standins import answer, standin

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
UC = "UC_x5XG1OV2P6uZZ5FSM9Ttw"


def account_of(url=None, handle=None):
    return Account(key="k", platform=Platform.YOUTUBE, department="d", url=url, handle=handle)


def client(**more):
    return Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", **more)


def posts_in(batch):
    return [connector.read(one) for document in batch.documents for one in connector.split(document).payloads]


class Dinkes:
    """One channel of the stand-in, and what a visit to it finds."""

    def __init__(self, http, platform, speaker, account):
        self.http, self.platform, self.speaker, self.account = http, platform, speaker, account
        self.now, self.cursor = NOON, {}
        self.credential = Credential(platform=Platform.YOUTUBE, token=platform.credential(None)["token"])

    async def visit(self, *, with_key=True):
        self.platform.log.clear()
        credential = self.credential if with_key else None
        batch = await connector.fetch(self.http, self.account, self.cursor, credential=credential, now=self.now)
        self.cursor = batch.cursor
        return batch

    async def check(self, *written, with_key=True):
        self.platform.log.clear()
        suspects = [Suspect(native_id=self.id(one), source_url=None) for one in written]
        credential = self.credential if with_key else None
        return await connector.check(self.http, self.account, suspects, credential=credential, now=self.now)

    def id(self, written):
        return self.platform.native_id(self.speaker, written)

    @property
    def asked(self):
        return [asked.path.rpartition("/")[2] for asked in self.platform.log]


@asynccontextmanager
async def dinkes(posts, *, url=None, handle=None):
    platform = YouTube(now=lambda: NOON)
    speaker = platform.speaker("dinkes", "Dinas Kesehatan")
    for place in range(posts):
        speaker.write(f"Kabar {place}", at=NOON - (posts - place) * HOUR)
    account = account_of(url if url or handle else platform.account_url(speaker), handle)
    async with serving_all([platform]) as detours, client(detours=dict(detours)) as http:
        yield Dinkes(http, platform, speaker, account)


@asynccontextmanager
async def instance(said, *, status=200):
    """One raw answer to everything that the API is asked."""
    body = answer(status, body=json.dumps(said).encode(), fields={"Content-Type": "application/json"})
    async with standin(lambda _: body) as base, client(detours={"https://www.googleapis.com": base}) as http:
        credential = Credential(platform=Platform.YOUTUBE, token="secret-of-the-city")

        async def visit():
            account = account_of(f"https://www.youtube.com/channel/{UC}")
            return await connector.fetch(http, account, {}, credential=credential, now=NOON)

        yield visit


@pytest.mark.parametrize(
    ("url", "handle"),
    [
        (None, "@dinkes"),
        ("https://www.youtube.com/@dinkes", None),
        ("https://www.youtube.com/user/dinkes", None),
        ("https://www.youtube.com/c/dinkes", None),
    ],
)
async def test_every_form_of_address_finds_the_channel(url, handle):
    async with dinkes(2, url=url, handle=handle) as account:
        batch = await account.visit()
        assert len(posts_in(batch)) == 2
        assert batch.profile.native_id == channel_of(account.speaker)
        assert batch.profile.handle == "@dinkes"
        assert (account.asked, batch.spent) == (["channels", "playlistItems", "videos"], 3)


@pytest.mark.parametrize(
    ("url", "handle", "expected"),
    [
        (f"https://www.youtube.com/channel/{UC}/videos", None, UC),
        (f"https://www.youtube.com/feeds/videos.xml?channel_id={UC}", None, UC),
        (f"https://www.youtube.com/feeds/videos.xml?playlist_id=UU{UC[2:]}", None, UC),
        (None, UC, UC),
        ("https://www.youtube.com/@dinkes", None, None),
    ],
)
def test_addresses_that_show_the_id_need_no_question(url, handle, expected):
    assert channel_id(account_of(url, handle)) == expected


async def test_a_first_visit_takes_two_pages_and_a_gap_is_paged_back():
    async with dinkes(120) as account:
        batch = await account.visit()
        assert len(posts_in(batch)) == 2 * PAGE
        assert batch.covers_since > account.speaker.posts[19].published_at
        for place in range(70):
            account.speaker.write(f"Baru {place}", at=NOON + place * MINUTE)
        batch = await account.visit()
        assert len(posts_in(batch)) == 2 * PAGE
        assert account.asked == ["videos.xml", "playlistItems", "playlistItems", "videos", "videos"]
        assert batch.spent == 4


async def test_an_unchanged_feed_saves_the_api_for_six_hours():
    async with dinkes(3) as account:
        assert (await account.visit()).covers_since == EVERYTHING
        assert (await account.visit()).spent == 2  # the feed is seen for the first time
        batch = await account.visit()
        assert (batch.not_modified, batch.spent, account.asked) == (True, 0, ["videos.xml"])
        account.now += READ_AGAIN
        assert (await account.visit()).spent == 2
        account.speaker.edit(2, at=NOON, text="Ralat")
        assert "Ralat" in [post.title for post in posts_in(await account.visit())]


async def test_a_feed_that_is_ahead_of_the_list_is_not_trusted():
    async with dinkes(3) as account:
        await account.visit()
        late = account.speaker.write("Baru", at=NOON)
        account.platform.late = {late.number}
        assert len(posts_in(await account.visit())) == 3
        account.platform.late = set()
        assert len(posts_in(await account.visit())) == 4


async def test_a_feed_that_is_down_does_not_stop_the_api():
    async with dinkes(3) as account:
        account.platform.feed_is_down = True
        await account.visit()
        batch = await account.visit()
        assert (len(posts_in(batch)), batch.spent) == (3, 2)


async def test_announced_streams_are_events_and_asked_about_each_time():
    async with dinkes(2) as account:
        stream = account.speaker.write("Jumpa pers", at=NOON - MINUTE)
        account.platform.streams["dinkes", stream.number] = NOON + HOUR
        await account.visit()
        post = posts_in(await account.visit())[0]
        assert (post.event.starts_at, post.event.name) == (NOON + HOUR, "Jumpa pers")
        assert post.media[0].duration_seconds is None
        assert (await account.visit()).spent == 2


async def test_a_video_that_is_omitted_beside_others_is_gone():
    async with dinkes(4) as account:
        first, second, third, _ = account.speaker.posts
        account.speaker.delete(second.number, at=NOON)
        account.platform.hidden["dinkes", third.number] = "private"
        batch = await account.check(first, second, third)
        assert batch.gone == (account.id(second), account.id(third))
        assert [post.native_id for post in posts_in(batch)] == [account.id(first)]
        assert batch.spent == 1


async def test_one_that_is_omitted_alone_is_gone_beside_a_witness():
    async with dinkes(2) as account:
        first, _ = account.speaker.posts
        account.speaker.delete(first.number, at=NOON)
        batch = await account.check(first)
        assert (batch.gone, batch.spent) == ((account.id(first),), 4)


async def test_without_a_witness_nothing_is_gone():
    async with dinkes(1) as account:
        (first,) = account.speaker.posts
        account.speaker.delete(first.number, at=NOON)
        assert (await account.check(first)).gone == ()


async def test_an_unlisted_video_is_taken_back_by_its_owner():
    async with dinkes(2) as account:
        first, _ = account.speaker.posts
        account.platform.hidden["dinkes", first.number] = "unlisted"
        batch = await account.check(first)
        assert (batch.gone, batch.documents) == ((account.id(first),), ())


async def test_a_channel_without_uploads_is_no_failure_and_one_that_is_gone_is():
    async with dinkes(0) as account:
        batch = await account.visit()
        assert (batch.documents, batch.covers_since) == ((), EVERYTHING)
        account.speaker.suspended = True
        with pytest.raises(NotFound):
            await account.visit()


async def test_both_routes_name_and_address_a_video_alike():
    async with dinkes(0) as account:
        film = Picture(url="https://dinkes.example/film.mp4", seconds=40)
        account.speaker.write("Pendek #sehat", at=NOON - MINUTE, pictures=(film,), link="https://dinkes.example/a")
        (by_api,) = posts_in(await account.visit())
        account.cursor = {}
        feed = await account.visit(with_key=False)
        (by_feed,) = posts_in(feed)
        assert b"/shorts/" in feed.documents[0].body
    for name in ("native_id", "title", "content_text", "content_html", "source_url", "published_at", "links", "tags"):
        assert getattr(by_api, name) == getattr(by_feed, name), name
    assert by_api.source_url == f"https://www.youtube.com/watch?v={by_api.native_id}"
    assert by_api.media[0].duration_seconds == 40


async def test_without_a_key_the_feed_is_read_and_nothing_is_ever_gone():
    async with dinkes(20) as account:
        batch = await account.visit(with_key=False)
        assert (len(posts_in(batch)), batch.covers_since, batch.spent) == (15, None, 0)
        assert (await account.visit(with_key=False)).not_modified
        assert account.asked == ["videos.xml"]
        batch = await account.check(account.speaker.posts[0], with_key=False)
        assert (batch.gone, account.asked) == ((), [])


async def test_without_a_key_a_feed_that_is_down_says_nothing_about_the_channel():
    async with dinkes(3) as account:
        account.platform.feed_is_down = True
        with pytest.raises(ServerFailed, match="says nothing about the channel"):
            await account.visit(with_key=False)


async def test_without_a_key_a_handle_is_not_enough_and_the_steps_are_told():
    async with dinkes(3, handle="@dinkes") as account:
        with pytest.raises(CredentialMissing) as missing:
            await account.visit(with_key=False)
        assert "Copy channel ID" in missing.value.remedy
        assert account.asked == []


async def test_a_key_that_comes_later_finds_everything():
    async with dinkes(20) as account:
        await account.visit(with_key=False)
        assert len(posts_in(await account.visit())) == 20
        # And one that is taken away again leaves the feed.
        assert len(posts_in(await account.visit(with_key=False))) == 15


async def test_a_spent_quota_ends_at_midnight_in_california():
    async with dinkes(3) as account:
        account.platform.faults.left = 0
        with pytest.raises(RateLimited) as limited:
            await account.visit()
        assert limited.value.retry_at.astimezone(UTC) == datetime(2026, 11, 3, 8, tzinfo=UTC)


async def test_a_dead_key_is_told_and_never_shown():
    async with dinkes(3) as account:
        batch = await account.visit()
        secret = account.credential.token
        assert all(secret not in asked.query + asked.path for asked in account.platform.log)
        assert secret not in json.dumps(batch.cursor)
        account.platform.faults.expired = True
        with pytest.raises(TokenRefused, match="API key"):
            await account.visit()


@pytest.mark.parametrize(
    ("status", "reason", "outcome"),
    [
        (400, "keyInvalid", "token_refused"),
        (400, "keyExpired", "token_expired"),
        (401, "authError", "token_refused"),
        (403, "accessNotConfigured", "permission_missing"),
        (403, "ipRefererBlocked", "permission_missing"),
        (403, "quotaExceeded", "rate_limited"),
        (403, "dailyLimitExceeded", "rate_limited"),
        (403, "rateLimitExceeded", "rate_limited"),
        (403, "forbidden", "forbidden"),
        (403, "playlistItemsNotAccessible", "private"),
        (403, "channelSuspended", "suspended"),
        (403, "channelClosed", "suspended"),
        (404, "playlistNotFound", "not_found"),
        (404, "channelNotFound", "not_found"),
        (404, "odd", "not_found"),
        (500, "backendError", "server_error"),
    ],
)
async def test_refusals_have_names(status, reason, outcome):
    said = {"error": {"code": status, "message": "?", "errors": [{"reason": reason, "domain": "youtube"}]}}
    async with instance(said, status=status) as visit:
        with pytest.raises(Exception, match=r"\w") as failed:
            await visit()
        assert failed.value.outcome == outcome
        assert "secret" not in failed.value.reason + failed.value.remedy


@pytest.mark.parametrize("reason", ["API_KEY_INVALID", "SERVICE_DISABLED", "API_KEY_SERVICE_BLOCKED"])
async def test_newer_answers_say_it_in_their_details(reason):
    said = {"error": {"code": 400, "errors": [{"reason": "badRequest"}], "details": [{"reason": reason}]}}
    async with instance(said, status=400) as visit:
        with pytest.raises(Exception, match="key") as failed:
            await visit()
        assert failed.value.outcome in {"token_refused", "permission_missing"}


@pytest.mark.parametrize("said", [[], {"items": []}, {"items": None}, {"items": [{"id": 7}]}])
async def test_odd_answers_are_named_errors(said):
    async with instance(said) as visit:
        with pytest.raises(Exception, match="YouTube") as failed:
            await visit()
        assert failed.value.outcome in {"bad_answer", "not_found"}


async def test_a_channel_is_pushed_by_youtubes_hub(sqlite_url):
    store = open_store(sqlite_url)
    async with simulated(store, [YouTube]) as city:
        opened = await city.open(YouTube, "dinkes")
        opened.speaker.write("Kabar", at=city.now())
        await city.live(timedelta(hours=2))
        wanted = [push for push, _ in await store.read(due_pushes, now=city.now())]
    await store.close()
    assert [push.hub for push in wanted] == ["https://pubsubhubbub.appspot.com/subscribe"]
    assert wanted[0].topic.startswith("https://www.youtube.com/feeds/videos.xml?channel_id=UC")
    assert wanted[0].account == opened.account.id
