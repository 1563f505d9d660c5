"""`feedhub telegram`: channels are kept with their bot's token, tried without a word, and forgotten."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from feedhub_demo.platforms.serving import serving_apps
from feedhub_demo.platforms.telegram_bots import ORIGIN, BotChannel, TelegramBots
from test_cli import feedhub_on_sqlite  # noqa: F401 - the fixture

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture
def desk(feedhub_on_sqlite):  # noqa: F811 - the fixture
    feedhub = feedhub_on_sqlite
    feedhub("register", "import", feedhub.write("https://dinkes.example/feed"))
    (feedhub.folder / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    return feedhub


def test_a_channel_is_kept_changed_listed_and_removed(desk):
    added = desk("telegram", "add", "https://t.me/KabarKota", "--token-file", "token", "--json")
    assert (added.code, added.json["channel"], added.json["state"]) == (0, "@kabarkota", "active")
    desk("telegram", "add", "@dinkeskota", "--department", "dinkes", "--kind", "darurat", "--token-file", "token")
    assert (
        desk("telegram", "add", "@kabarkota", "--kind", "news", "--token-file", "token", "--json").json["id"]
        == (added.json["id"])
    )
    shown = desk("telegram", "list")
    assert shown.out == "@kabarkota  news  active\n@dinkeskota  dinkes, emergency  active\n"
    assert TOKEN not in shown.out + added.out
    assert desk("telegram", "remove", "kabarkota", "--json").json == {"removed": 1}
    assert len(desk("telegram", "list", "--json").json["channels"]) == 1


REFUSED = {
    ("add", "a b"): "is no channel: write @name",
    ("add", "@kabarkota", "--department", "none"): "There is no department 'none'",
    ("add", "@kabarkota", "--kind", "gosip"): "There is no kind 'gosip'",
    ("add", "@kabarkota", "--token-file", "nowhere"): "nowhere can't be read",
    ("remove", "@kabarkota"): "There is no channel '@kabarkota'",
    ("test", "@kabarkota"): "There is no channel '@kabarkota'",
}


def test_what_can_not_be_is_said_in_one_sentence(desk):
    for words, said in REFUSED.items():
        ended = desk("telegram", *words)
        assert (ended.code, said in ended.errors) == (1, True), ended.errors
        assert ended.errors.count("\n") == 1


def test_a_channel_that_is_collected_from_is_no_place_to_post_to(desk):
    (desk.folder / "more.toml").write_text(
        '[[departments]]\nslug = "dinkes"\nname = "Dinas Kesehatan"\n[[departments.accounts]]\n'
        'platform = "telegram"\nurl = "https://t.me/DinkesKota"\n',
        encoding="utf-8",
    )
    desk("register", "import", "more.toml")
    assert "is an account of the register" in desk("telegram", "add", "@dinkeskota", "--token-file", "token").errors


def test_a_bot_is_tried_without_posting(desk):
    bots = TelegramBots(now=lambda: datetime.now(UTC), tokens={TOKEN})
    channel = bots.channels["@kabarkota"] = BotChannel(bots={TOKEN})
    desk("telegram", "add", "@kabarkota", "--token-file", "token")
    with in_a_thread(bots) as base:
        settings = {"fetch_allow": "127.0.0.0/8", "fetch_detours": f"{ORIGIN}={base}"}
        good = desk("telegram", "test", "@kabarkota", **settings)
        channel.may_post = False
        mute = desk("telegram", "test", "@kabarkota", **settings)
        channel.bots.clear()
        out = desk("telegram", "test", "@kabarkota", **settings)
        bots.tokens.clear()
        unknown = desk("telegram", "test", "@kabarkota", "--json", **settings)
    assert (good.code, good.out) == (0, "@kabar_bot may post to @kabarkota.\n")
    assert (mute.code, "right to post" in mute.out) == (3, True)
    assert (out.code, "Make it an administrator" in out.out) == (3, True)
    assert (unknown.code, unknown.json["works"]) == (3, False)
    assert channel.texts == []


@contextmanager
def in_a_thread(bots: TelegramBots) -> Iterator[str]:
    """Telegram in a thread: commands bring a loop of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = serving_apps([bots.app])
    try:
        yield asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)[0]
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
