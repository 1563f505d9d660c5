"""Each pair of files in `telegram/` is a claim: this page holds these posts, and a bot is told the same ones."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedhub.accounts.account import Via
from feedhub.connectors.telegram import bot_payload, connector
from feedhub.connectors.telegram_bot import marked
from feedhub.errors import ItemUnreadable
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.compare import fingerprint
from golden import hold_against_partner

FOLDER = Path(__file__).parent / "telegram"
PAGES = sorted(FOLDER.glob("*.html"))
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def payloads_in(path):
    return connector.split(Document(url="https://t.me/s/x", body=path.read_bytes(), fetched_at=NOW)).payloads


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_holds_these_posts(path):
    hold_against_partner(connector, path, url="https://t.me/s/DinkesUji")


def test_every_page_has_its_partner():
    assert {path.stem for path in PAGES} == {path.name.removesuffix(".posts.json") for path in FOLDER.glob("*.json")}


def test_words_and_names_of_others_are_not_kept():
    kept = b"".join(payload.body for path in PAGES for payload in payloads_in(path))
    assert b"Lanjutannya" in kept
    for word in ("Nama Warga", "Kata warga", "Kata Kominfo", "Nama Petugas", "kutip.jpg", "wajah.jpg", "data-view"):
        assert word.encode() not in kept


def update(message, *, kind="channel_post"):
    chat = {"id": -1001, "title": "Dinas Kesehatan", "username": "DinkesUji", "type": "channel"}
    return json.dumps({"update_id": 1, kind: {"chat": chat, "date": 1795136523} | message}).encode()


def entity(text, shown, kind, **more):
    before = text[: text.index(shown)]
    size = {"offset": len(before.encode("utf-16-le")) // 2, "length": len(shown.encode("utf-16-le")) // 2}
    return {"type": kind} | size | more


def told(message, **how):
    channel, payload = bot_payload(update(message, **how))
    assert channel == "dinkesuji"
    return connector.read(payload)


def test_page_and_bot_make_the_same_post():
    text = "💉 Vaksin & imunisasi\nDaftar: di sini\n\nHubungi @kominfouji #Sehat rahasia"
    entities = [
        entity(text, "Vaksin & imunisasi", "bold"),
        entity(text, "di sini", "text_link", url="https://dinkes.example/vaksin?utm_source=tg"),
        entity(text, "@kominfouji", "mention"),
        entity(text, "#Sehat", "hashtag"),
        entity(text, "rahasia", "spoiler"),
    ]
    by_bot = told({"message_id": 10, "text": text, "entities": entities, "author_signature": "Nama Petugas"})
    by_page = connector.read(payloads_in(FOLDER / "texts.html")[0])
    assert (by_bot.native_id, by_bot.source_url) == (by_page.native_id, by_page.source_url)
    assert fingerprint(by_bot) == fingerprint(by_page)
    assert (by_page.via, by_bot.via) == (Via.PAGE, Via.INBOX)


@pytest.mark.parametrize(
    ("message", "page", "place"),
    [
        ({"message_id": 20, "caption": "Album kegiatan", "media_group_id": "1", "photo": [{}]}, "media", 0),
        ({"message_id": 24, "document": {"file_name": "pengumuman & jadwal.pdf"}}, "media", 2),
        (
            {
                "message_id": 30,
                "text": "Kata Kominfo",
                "forward_origin": {"type": "channel", "chat": {"username": "KominfoUji"}, "message_id": 7},
            },
            "relations",
            0,
        ),
        (
            {
                "message_id": 31,
                "text": "Kata warga",
                "forward_origin": {"type": "hidden_user", "sender_user_name": "Nama Warga"},
            },
            "relations",
            1,
        ),
        (
            {"message_id": 32, "text": "Lanjutannya", "reply_to_message": {"message_id": 10, "text": "x"}},
            "relations",
            2,
        ),
        (
            {
                "message_id": 40,
                "poll": {"question": "Pilih hari posyandu", "options": [{"text": "Senin"}, {"text": "Jumat"}]},
            },
            "others",
            0,
        ),
        ({"message_id": 41, "location": {"latitude": -7.75, "longitude": 113.21}}, "others", 1),
    ],
)
def test_page_and_bot_say_the_same_of_every_kind(message, page, place):
    """All but media, which a bot's post has none of."""
    by_bot, by_page = told(message), connector.read(payloads_in(FOLDER / f"{page}.html")[place])
    for name in ("native_id", "type", "content_html", "source_url", "in_reply_to", "repost_of", "poll", "place"):
        assert getattr(by_bot, name) == getattr(by_page, name), name
    assert by_bot.media == ()


def test_bot_tells_when_a_post_was_edited():
    post = told({"message_id": 10, "text": "ralat", "edit_date": 1795136583}, kind="edited_channel_post")
    assert post.edited_at == datetime.fromtimestamp(1795136583, UTC)


NO_POSTS = {
    "a message of a person": b'{"update_id":1,"message":{"text":"halo"}}',
    "a channel without a username": b'{"channel_post":{"message_id":1,"chat":{"id":1},"text":"x"}}',
    "a notice": update({"message_id": 2, "new_chat_title": "Nama baru"}),
    "the second picture of an album": update({"message_id": 21, "media_group_id": "1", "photo": [{}]}),
    "no number": update({"message_id": "x", "text": "x"}),
    "no JSON": b"<html>",
    "a list": b"[]",
    "nothing": b"",
}


@pytest.mark.parametrize("body", NO_POSTS.values(), ids=NO_POSTS)
def test_update_without_a_post_is_left_out(body):
    assert bot_payload(body) is None


@pytest.mark.parametrize(
    ("entities", "html"),
    [
        ([("bold", 0, 5), ("italic", 2, 2)], "<b>ab<i>cd</i>e</b>fgh"),
        ([("bold", 0, 5), ("italic", 3, 5)], "<b>abcde</b>fgh"),
        ([("bold", 0, 4), ("italic", 0, 4)], "<b><i>abcd</i></b>efgh"),
        ([("bold", -1, 3), ("bold", 2, 0), ("bold", 5, 99), ("unknown", 0, 2)], "abcdefgh"),
        ([("mention", 0, 3)], "abcdefgh"),
    ],
)
def test_entities_nest_and_nonsense_is_left_out(entities, html):
    said = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in entities]
    assert marked("abcdefgh", said) == html


@pytest.mark.parametrize("body", [b"<p>x</p>", b"<div class='tgme_widget_message' data-post='x'></div>"])
def test_page_without_a_message_is_unreadable(body):
    with pytest.raises(ItemUnreadable):
        connector.read(Payload(form="telegram", body=body))


def test_new_seal_on_a_picture_is_no_edit():
    album = payloads_in(FOLDER / "media.html")[0]
    resealed = Payload(form=album.form, body=album.body.replace(b"/file/satu.jpg", b"/file/s4tu_baru.jpg"))
    assert resealed != album
    assert fingerprint(connector.read(resealed)) == fingerprint(connector.read(album))
