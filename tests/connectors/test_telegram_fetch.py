"""Asking Telegram: pages, ends, private channels, groups, limits, single messages; held against the stand-in."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.connectors.contract import EVERYTHING, Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.telegram import connector
from feedhub.failures import (
    AccountPrivate,
    AccountSuspended,
    AccountUnsupported,
    NotFound,
    RateLimited,
    ServerFailed,
    Unreadable,
)
from feedhub.payloads.payload import Document
from feedhub_demo.platforms.telegram import Telegram
from simulated import serving_all
from standins import answer, redirect, standin

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAGE = 20


def account_of(url="https://t.me/DinkesUji", handle=None):
    return Account(key="k", platform=Platform.TELEGRAM, department="d", url=url, handle=handle)


def client(**more):
    return Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8", **more)


class Dinkes:
    """One channel of the stand-in, and what a visit to it finds."""

    def __init__(self, http, platform, speaker, account):
        self.http, self.platform, self.speaker, self.account = http, platform, speaker, account
        self.cursor = {}

    async def visit(self):
        self.platform.log.clear()
        batch = await connector.fetch(self.http, self.account, self.cursor, credential=None, now=NOW)
        self.cursor = batch.cursor
        return batch

    async def check(self, *posts):
        self.platform.log.clear()
        suspects = [Suspect(native_id=self.platform.native_id(self.speaker, post), source_url=None) for post in posts]
        return await connector.check(self.http, self.account, suspects, credential=None, now=NOW)


@asynccontextmanager
async def dinkes(posts, **account):
    platform = Telegram(now=lambda: NOW)
    speaker = platform.speaker("DinkesUji", "Dinas Kesehatan")
    for place in range(posts):
        speaker.write(f"Kabar {place}", at=NOW - (posts - place) * MINUTE)
    async with serving_all([platform]) as detours, client(detours=dict(detours)) as http:
        yield Dinkes(http, platform, speaker, account_of(**account))


def posts_in(batch):
    return [connector.read(one) for document in batch.documents for one in connector.split(document).payloads]


async def test_first_visit_pages_to_the_beginning():
    async with dinkes(2 * PAGE + 5) as channel:
        batch = await channel.visit()
        assert len(posts_in(batch)) == 2 * PAGE + 5
        assert batch.covers_since == EVERYTHING
        assert (batch.profile.name, batch.profile.handle) == ("Dinas Kesehatan", "dinkesuji")
        assert connector.split(batch.documents[-1]).notes == ("Notices of the channel itself were left out: 1.",)


async def test_later_visit_pages_back_to_the_last_known_message():
    async with dinkes(3 * PAGE) as channel:
        await channel.visit()
        for place in range(PAGE + 5):
            channel.speaker.write(f"Baru {place}", at=NOW + place * MINUTE)
        batch = await channel.visit()
        assert len(batch.documents) == 2
        assert batch.covers_since == channel.speaker.posts[-2 * PAGE].published_at + timedelta(seconds=1)


async def test_unchanged_page_is_not_read_again():
    async with dinkes(3) as channel:
        await channel.visit()
        assert (await channel.visit()).not_modified
        channel.speaker.edit(2, at=NOW, text="ralat")
        assert [post.content_text for post in posts_in(await channel.visit())] == ["Kabar 0", "ralat", "Kabar 2"]


async def test_one_page_answers_for_many_suspects_and_only_missing_ones_are_asked_for_alone():
    async with dinkes(2 * PAGE) as channel:
        gone, *kept = channel.speaker.posts[25:32]
        channel.speaker.delete(gone.number, at=NOW)
        batch = await channel.check(gone, *kept)
        assert batch.gone == (channel.platform.native_id(channel.speaker, gone),)
        assert len(channel.platform.log) == 2
        assert {channel.platform.native_id(channel.speaker, post) for post in kept} <= {
            post.native_id for post in posts_in(batch)
        }


async def test_all_messages_deleted_are_gone_one_by_one():
    async with dinkes(3) as channel:
        posts = list(channel.speaker.posts)
        for post in posts:
            channel.speaker.delete(post.number, at=NOW)
        assert len((await channel.check(*posts)).gone) == 3


async def test_suspended_channel_loses_no_message():
    async with dinkes(3) as channel:
        await channel.visit()
        channel.speaker.suspended = True
        with pytest.raises(AccountSuspended):
            await channel.visit()
        with pytest.raises(AccountSuspended):
            await channel.check(*channel.speaker.posts)


async def test_rate_limit_names_its_end():
    async with dinkes(1) as channel:
        channel.platform.faults.left = 0
        with pytest.raises(RateLimited) as refusal:
            await channel.visit()
        assert refusal.value.retry_at == NOW + timedelta(minutes=1)


async def test_outage_of_the_platform_is_its_own():
    async with dinkes(1) as channel:
        channel.platform.faults.down = True
        with pytest.raises(ServerFailed):
            await channel.visit()


@pytest.mark.parametrize("url", ["https://t.me/+abcDEF123", "https://t.me/joinchat/abcDEF123"])
async def test_invitation_is_a_private_channel(url):
    async with dinkes(1, url=url) as channel:
        with pytest.raises(AccountPrivate):
            await channel.visit()
        assert not channel.platform.log


@pytest.mark.parametrize(
    ("url", "handle"),
    [(None, "@DinkesUji"), ("https://t.me/s/DinkesUji", None), ("https://telegram.me/dinkesuji/", None)],
)
async def test_channel_is_found_however_it_is_written(url, handle):
    async with dinkes(1, url=url, handle=handle) as channel:
        assert len(posts_in(await channel.visit())) == 1


LANDINGS = {
    '<title>Telegram: Contact @x</title><div class="tgme_page_extra">@x</div>': NotFound,
    '<title>Telegram: View @x</title><div class="tgme_page_extra">1 204 subscribers</div>': AccountUnsupported,
    '<title>Telegram: View @x</title><div class="tgme_page_extra">12 members, 3 online</div>': AccountUnsupported,
    '<div class="tgme_page_description">This channel can’t be displayed because it violated law.</div>': AccountSuspended,
}


@pytest.mark.parametrize(("page", "failure"), LANDINGS.items())
async def test_page_that_invites_people_tells_what_is_there(page, failure):
    def reply(asked):
        return redirect("https://t.me/x", 302) if asked.path.startswith("/s/") else answer(body=page.encode())

    async with standin(reply) as base, client(detours={"https://t.me": base}) as http:
        with pytest.raises(failure) as refusal:
            await connector.fetch(http, account_of(), {}, credential=None, now=NOW)
    assert refusal.value.reason.endswith(".")
    assert refusal.value.remedy


async def test_word_on_a_channel_is_no_word_on_a_message():
    page = b"<html><body><div class='tgme_widget_message_error'>Channel with username x not found</div></body></html>"
    async with standin(lambda _: answer(body=page)) as base, client(detours={"https://t.me": base}) as http:
        suspects = [Suspect(native_id="dinkesuji/5", source_url=None)]
        batch = await connector.check(http, account_of(), suspects, credential=None, now=NOW)
    assert batch.gone == ()


@pytest.mark.parametrize("body", [b"", b"   "])
def test_nothing_is_no_page(body):
    with pytest.raises(Unreadable):
        connector.split(Document(url="https://t.me/s/x", body=body, fetched_at=NOW))
