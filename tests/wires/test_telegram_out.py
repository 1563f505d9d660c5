"""A bot that posts to channels: news once, edits and withdrawals where the news stands, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest_asyncio

from feedhub.accounts.kinds import Kind
from feedhub.connectors.http import Http
from feedhub.posts.decisions import post_id
from feedhub.posts.filters import Filters, kept_filters
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.store.correcting import correct_post, reinstate_post
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import Store, open_store
from feedhub.store.subscriptions import Subscription, SubscriptionState, subscriptions_of
from feedhub.store.telegram import WIRE, keep_channel
from feedhub.store.told_copies import remote_copy
from feedhub.wires.engine import Engine
from feedhub.wires.telegram_out import TelegramWire
from feedhub_demo.platforms.serving import serving_apps
from feedhub_demo.platforms.telegram_bots import ORIGIN, BotChannel, TelegramBots
from web.newsroom import CLINIC, NOW, RESCUE, Newsroom, numbered, open_newsroom
from wires.wired import Hours

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
URL = "https://kabar.example"
EVERYTHING = Filters()


@dataclass
class Studio:
    """A newsroom, a channel at Telegram, and the wire between them."""

    room: Newsroom
    bots: TelegramBots
    engine: Engine
    wire: TelegramWire
    hours: Hours
    channel: BotChannel = field(default_factory=lambda: BotChannel(bots={TOKEN}))

    async def connect(self, chat: str = "@kabarkota", *, filters: Filters = EVERYTHING) -> Subscription:
        id, keyring = uuid4(), self.wire.keyring
        return await self.room.store.write(
            keep_channel,
            id=id,
            chat=chat,
            department="".join(filters.departments),
            filters=kept_filters(filters),
            sealed=keyring.seal(TOKEN.encode(), place=f"subscription/{id}"),
            at=self.hours(),
        )

    async def tell(self) -> list[str]:
        """Let the wires run; what stands in the channel then."""
        await self.engine.once()
        return self.channel.texts

    async def kept(self) -> Subscription:
        (one,) = await self.room.store.read(subscriptions_of, WIRE)
        return one


@asynccontextmanager
async def studio_of(store: Store) -> AsyncIterator[Studio]:
    await open_newsroom(store)
    hours = Hours(NOW)
    bots = TelegramBots(now=hours, tokens={TOKEN})
    async with serving_apps([bots.app]) as (base,), httpx.AsyncClient() as nobody:
        wire = TelegramWire(
            store=store,
            keyring=Keyring((await store.write(made_signing_key),)),
            new_http=lambda: Http(contact="", public_url=URL, allow="127.0.0.0/8", detours={ORIGIN: base}),
            public_url=URL,
            now=hours,
        )
        engine = Engine(store=store, wires=[wire], public_url=URL, now=hours)
        studio = Studio(Newsroom(store, nobody), bots, engine, wire, hours)
        bots.channels["@kabarkota"] = studio.channel
        yield studio


@pytest_asyncio.fixture
async def studio(sqlite_url: str) -> AsyncIterator[Studio]:
    store = open_store(sqlite_url)
    async with studio_of(store) as opened:
        await opened.connect()
        yield opened
    await store.close()


def id_of(post, account=CLINIC) -> UUID:
    return post_id(account.id, post.native_id)


def written(post) -> str:
    return f"{post.title}\n\n{post.content_text}\n\nDinas Kesehatan · Selengkapnya"


async def test_news_is_posted_edited_corrected_and_deleted_with_the_post(store):
    post, id = numbered(1), id_of(numbered(1))
    async with studio_of(store) as studio:
        await studio.connect()
        await studio.room.publish(post)
        assert await studio.tell() == [written(post)]
        (message,) = studio.channel.messages.values()
        assert message.shown_url == f"{URL}/posts/{id}"
        edited = replace(post, title="Jadwal baru <b> & 3 > 2")
        await studio.room.publish(edited)
        assert await studio.tell() == [written(edited)]
        notice = Notice(kind=NoticeKind.CORRECTION, reason="Jamnya keliru.", at=NOW)
        await store.write(correct_post, id, notice=notice)
        assert await studio.tell() == [f"Ralat: Jamnya keliru.\n\n{written(edited)}"]
        await studio.room.withdraw(post)
        assert await studio.tell() == []
        await studio.tell()
        assert studio.bots.asked == ["sendMessage", "editMessageText", "editMessageText", "deleteMessage"]


async def test_what_was_there_before_and_back_fill_are_not_posted(studio):
    await studio.room.publish(replace(numbered(1), published_at=NOW - timedelta(days=5)))
    assert await studio.tell() == []
    await studio.room.publish(numbered(2))
    await studio.tell()
    studio.bots.channels["@lain"] = later = BotChannel(bots={TOKEN})
    studio.hours.pass_by(hours=1)
    await studio.connect("@lain")
    await studio.room.publish(replace(numbered(2), title="Diubah"))
    await studio.tell()
    assert later.texts == []
    assert len(studio.channel.texts) == 1


async def test_only_the_departments_and_kinds_of_a_channel_are_posted(studio):
    studio.bots.channels["@darurat"] = alarms = BotChannel(bots={TOKEN})
    await studio.connect("@darurat", filters=Filters(departments=("bpbd",), kinds=(Kind.EMERGENCY,)))
    flood = replace(numbered(1), kinds=(Kind.EMERGENCY,))
    await studio.room.publish(flood)
    await studio.room.publish(replace(flood, title="Banjir"), numbered(2), account=RESCUE)
    assert len(await studio.tell()) == 3
    assert [text.partition("\n")[0] for text in alarms.texts] == ["Banjir"]
    # What turns out to be one is posted then, and what turns out to be none is edited where it stands.
    await studio.room.publish(replace(numbered(2), kinds=(Kind.EMERGENCY,), title="Longsor"), account=RESCUE)
    await studio.room.publish(replace(flood, kinds=(Kind.NEWS,), title="Banjir surut"), account=RESCUE)
    await studio.tell()
    assert [text.partition("\n")[0] for text in alarms.texts] == ["Banjir surut", "Longsor"]


async def test_a_flood_wait_is_honoured_and_nothing_is_posted_twice(studio):
    studio.channel.flood = 40
    await studio.room.publish(numbered(1), numbered(2))
    await studio.tell()
    studio.hours.pass_by(seconds=39)
    assert len(await studio.tell()) < 2
    studio.hours.pass_by(seconds=2)
    assert sorted(await studio.tell()) == [written(numbered(1)), written(numbered(2))]


async def test_a_bot_that_was_thrown_out_is_not_sent_again_until_it_is_added_anew(studio):
    studio.channel.bots.clear()
    await studio.room.publish(numbered(1))
    await studio.tell()
    kept = await studio.kept()
    assert (kept.state, "bot was kicked" in kept.fault) == (SubscriptionState.DISABLED, True)
    studio.channel.bots.add(TOKEN)
    await studio.connect()
    await studio.room.publish(numbered(2))
    kept = await studio.kept()
    assert (kept.state, kept.fault) == (SubscriptionState.ACTIVE, None)


async def test_a_bot_that_may_not_post_just_now_waits(studio):
    studio.channel.may_post = False
    await studio.room.publish(numbered(1))
    await studio.tell()
    assert "need administrator rights" in (await studio.kept()).fault
    studio.channel.may_post = True
    studio.hours.pass_by(hours=1)
    assert len(await studio.tell()) == 1


async def test_a_group_that_moved_is_followed(studio):
    studio.channel.moved_to = -1001234567890
    studio.bots.channels["-1001234567890"] = moved = BotChannel(bots={TOKEN})
    await studio.room.publish(numbered(1))
    await studio.tell()
    studio.hours.pass_by(seconds=5)
    await studio.tell()
    assert moved.texts == [written(numbered(1))]
    assert (await studio.kept()).target == "-1001234567890"


async def test_a_message_too_old_to_be_deleted_says_that_it_was_withdrawn(studio):
    await studio.room.publish(numbered(1))
    await studio.tell()
    studio.hours.pass_by(days=3)
    await studio.room.withdraw(numbered(1), reason="Tanggalnya <keliru>.")
    assert await studio.tell() == ["Kabar ini ditarik oleh Kota Contoh. Alasan: Tanggalnya <keliru>."]
    await studio.room.store.write(reinstate_post, id_of(numbered(1)), reason="Ternyata benar.", at=studio.hours())
    (text,) = await studio.tell()
    assert text.endswith(written(numbered(1)))


async def test_what_an_administrator_deleted_stays_deleted(studio):
    await studio.room.publish(numbered(1))
    await studio.tell()
    studio.channel.messages.clear()
    await studio.room.publish(replace(numbered(1), title="Diubah"))
    assert await studio.tell() == []
    await studio.room.withdraw(numbered(1))
    assert await studio.tell() == []


async def test_what_was_withdrawn_before_it_was_posted_is_never_seen(studio):
    await studio.room.publish(numbered(1))
    assert await studio.engine.fan_out()
    await studio.room.withdraw(numbered(1))
    assert await studio.tell() == []
    assert "sendMessage" not in studio.bots.asked


async def test_an_answer_that_got_lost_leaves_no_second_message(studio):
    """Telegram posted it, and we never learned its number: what we know is what we know after a crash."""
    studio.channel.write("Rapat besok pukul 9.", at=NOW)
    studio.channel.silent = 1
    await studio.room.publish(numbered(1))
    assert len(await studio.tell()) == 2
    assert await studio.room.store.read(remote_copy, (await studio.kept()).id, id_of(numbered(1))) == "?"
    studio.channel.write("Jangan lupa rapat.", at=NOW)
    studio.hours.pass_by(minutes=5)
    await studio.room.publish(numbered(2))
    texts = await studio.tell()
    assert texts.count(written(numbered(1))) == 1
    assert {*texts} == {
        "Rapat besok pukul 9.",
        "Jangan lupa rapat.",
        written(numbered(1)),
        written(numbered(2)),
    }


async def test_a_lost_message_is_found_to_be_withdrawn(studio):
    studio.channel.silent = 1
    await studio.room.publish(numbered(1))
    await studio.tell()
    studio.hours.pass_by(minutes=5)
    await studio.room.withdraw(numbered(1))
    assert await studio.tell() == []


async def test_a_long_post_fits_into_a_message(studio):
    for length in (3_000, 4_096, 9_000):
        await studio.room.publish(replace(numbered(1), native_id=str(length), content_text="🚒&" * (length // 3)))
        text = (await studio.tell())[-1]
        assert text.startswith("Kabar 1\n\n🚒&🚒&")
        assert text.endswith("Dinas Kesehatan · Selengkapnya")
        assert ("…" in text) is (length > 4_000)
