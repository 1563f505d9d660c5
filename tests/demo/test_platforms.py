"""The demo city on every platform: followed by a real walk, with a real FeedHub that takes its inboxes' posts."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from unicodedata import is_normalized
from urllib.parse import urlsplit

import pytest_asyncio
from sqlalchemy import select

from demo.clock import Clock
from feedhub.accounts.account import Account, Platform, Via
from feedhub.connectors import SHARED
from feedhub.posts.decisions import post_id
from feedhub.store.api_keys import add_key
from feedhub.store.credentials import keep_credential
from feedhub.store.register_keeping import import_register
from feedhub.store.session import Store, open_store
from feedhub.store.tables import posts
from feedhub.store.times import to_ms
from feedhub.store.waiting import waiting_accounts
from feedhub.sync.means import VisitReport
from feedhub.sync.serving import keyring_of, walking
from feedhub.sync.walk import Walk
from feedhub_demo.city import WAITING, DemoCity
from feedhub_demo.posting import post_letters
from feedhub_demo.voices import InboxVoice, PlatformVoice, SiteVoice, Told, Voice
from walked import OPTIONS, posts_in
from web.newsroom import serving


@dataclass
class Followed:
    """The city, and the FeedHub that follows it."""

    city: DemoCity
    clock: Clock
    store: Store
    walk: Walk
    key: str
    address: str
    reports: list[VisitReport]

    async def visit(self, accounts: Sequence[Account] = ()) -> None:
        """Take in what was posted, then visit these accounts, or all that are due."""
        self.clock.pass_by(2)  # the inbox has the real clock, which is a little ahead by now
        await post_letters(self.city.letters, public_url=self.address, key=self.key)
        await self.walk.once(asyncio.Event(), only=[account.id for account in accounts] or None)

    async def rows(self):
        """Everything that is kept."""
        return await self.store.read(lambda session: session.rows(select(posts)))

    async def row_of(self, told: Told):
        """What is kept of a post."""
        wanted = post_id(told.account.id, native_id(self.city, told))
        return next((row for row in await self.rows() if row.id == wanted), None)


@pytest_asyncio.fixture
async def city() -> AsyncIterator[DemoCity]:
    async with DemoCity(now=Clock(), pause=0) as awake:
        yield awake


@pytest_asyncio.fixture
async def followed(sqlite_url: str) -> AsyncIterator[Followed]:
    async with _followed(sqlite_url) as opened:
        yield opened


@asynccontextmanager
async def _followed(database_url: str) -> AsyncIterator[Followed]:
    clock, store, reports = Clock(datetime.now(UTC)), open_store(database_url), []
    async with DemoCity(now=clock, pause=0) as city, serving(database_url) as client:
        options = replace(OPTIONS, min_interval=1.0, max_interval=2.0, fetch_detours=tuple(city.detours.items()))
        await store.write(import_register, city.register, retire_missing=False, at=to_ms(clock()))
        keyring = await keyring_of(store, options)
        for credential in city.credentials():
            await store.write(keep_credential, credential, keyring, at=clock())
        key = await store.write(add_key, name="demo", department=None, scopes=("inbox",), keyring=None, at=clock())
        async with walking(store, options, report=reports.append, clock=clock) as walk:
            address = str(client.base_url)
            yield Followed(city, clock, store, walk, key.key, address, reports)
    await store.close()


def native_id(city: DemoCity, told: Told) -> str:
    voice = city.voices[told.account.key]
    if isinstance(voice, SiteVoice):
        return voice.site.site.id_of(told.post)
    if isinstance(voice, InboxVoice):
        return voice.native_id(told.post.number)
    return voice.standin.native_id(voice.speaker, told.post)


def one_of_each(city: DemoCity) -> list[Voice]:
    """A voice of every platform, and the bridge's; none that waits for its token."""
    found = {}
    for voice in city.voices.values():
        if voice.account.key != WAITING:
            found.setdefault((voice.account.platform, voice.account.via), voice)
    return list(found.values())


async def test_every_post_of_every_platform_is_collected(followed):
    await followed.visit()
    city = followed.city
    assert len(city.register.departments) >= 12
    assert {account.platform for account in city.register.accounts} == set(Platform)
    assert any(account.via is Via.BRIDGE for account in city.register.accounts)
    per_department = Counter(account.department for account in city.register.accounts)
    assert set(per_department.values()) <= {1, 2, 3, 4}
    assert len(await posts_in(followed.store)) >= 300  # answers and what others said are not counted here
    by_id = {account.id: account.key for account in city.register.accounts}
    kept = Counter(by_id[row.account_id] for row in await followed.rows() if row.status == "live")
    stood = Counter()
    for voice in city.voices.values():
        if voice.account.key != WAITING:
            stood[voice.account.key] = len(voice.site.articles if isinstance(voice, SiteVoice) else voice.speaker.posts)
    assert kept == stood
    failed = {report.account.key: report.outcome for report in followed.reports if not report.succeeded}
    assert failed == {WAITING: "no_credential"}
    assert {city.voices[key].account.platform for key in kept} == set(Platform)


async def test_one_account_waits_for_its_token_and_says_so(followed):
    await followed.visit([followed.city.voices[WAITING].account])
    (waits,) = await followed.store.read(waiting_accounts, shared=SHARED)
    assert waits.sentence == "One X token: 1 account waits for it."


async def test_what_is_new_edited_and_deleted_arrives_from_every_platform(followed):
    await followed.visit()
    voices, city = one_of_each(followed.city), followed.city
    accounts = [voice.account for voice in voices]
    followed.clock.pass_by(10)
    edits = [city.edit(voice) for voice in voices if voice.can_edit]
    new = [city.speak(voice) for voice in voices]
    followed.clock.pass_by(10)
    for _ in range(4):  # pages without a feed are read again in turn
        await followed.visit(accounts)
    for told in new:
        assert (await followed.row_of(told)).status == "live", told
    for told in edits:
        assert (await followed.row_of(told)).version == 2, told
    deleted = [city.delete(voice) for voice in voices if voice.can_delete]
    for _ in range(6):
        followed.clock.pass_by(120)
        await followed.visit([told.account for told in deleted])
        deleted = [told for told in deleted if (await followed.row_of(told)).status != "gone"]
        if not deleted:
            break
    assert not deleted


async def test_nothing_of_the_city_leads_out_of_loopback(followed):
    city = followed.city
    assert {urlsplit(root).hostname for root in city.detours.values()} == {"127.0.0.1"}
    for account in city.register.accounts:
        if account.url:
            parts = urlsplit(account.url)
            assert parts.hostname == "127.0.0.1" or f"{parts.scheme}://{parts.netloc}" in city.detours
    for standin in city.standins.values():
        assert set(standin.origins) <= set(city.detours)
    await followed.visit()
    pictures = {
        medium.preview_url or medium.url for kept in await posts_in(followed.store) for medium in kept.post.media
    }
    assert {urlsplit(address).hostname for address in pictures} == {"127.0.0.1"}


async def test_no_two_posts_read_the_same(city):
    for _ in range(500):
        city.speak()
    voices = [voice for voice in city.voices.values() if isinstance(voice, PlatformVoice)]
    texts = [post.text for voice in voices for post in voice.speaker.posts]
    assert len(texts) > 700
    assert len(set(texts)) == len(texts)
    assert not [text for text in texts if "{" in text or not is_normalized("NFC", text)]


async def test_the_calendar_is_full_from_the_first_visit(followed):
    await followed.visit()
    events = [kept.post.event for kept in await posts_in(followed.store) if kept.post.event]
    assert sum(event.starts_at > followed.clock() for event in events) >= 12
    assert all(event.name and event.location and event.ends_at for event in events)
