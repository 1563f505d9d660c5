"""The inbox: what a department's own system posts becomes a post, once, and only its own department's."""

import asyncio
import json
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from feedhub.accounts.account import Account, Platform
from feedhub.payloads.signatures import signature_of
from feedhub.store.api_keys import add_key
from feedhub.store.payloads import unread_payloads
from feedhub.store.register_keeping import import_register
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.sync import visit
from walked import posts_in, walk
from web.newsroom import CITY

DESK = Account(key="inbox:dinkes", platform=Platform.INBOX, department="dinkes", handle="dinkes")
OTHER = Account(key="inbox:bpbd", platform=Platform.INBOX, department="bpbd", handle="bpbd")
POST = {
    "id": "pengumuman-7",
    "title": "Posko kesehatan dibuka",
    "text": "Posko buka 24 jam di alun-alun.",
    "published_at": "2026-11-20T08:00:00+07:00",
    "kinds": ["layanan"],
    "media": [{"url": "https://dinkes.example/posko.jpg", "alt": "Tenda posko"}],
}


async def key_for(store, department: str | None = "dinkes", *, signed: bool = False, scopes=("inbox",)):
    keyring = Keyring((await store.write(made_signing_key),))
    return await store.write(
        add_key,
        name="Sistem Dinkes",
        department=department,
        scopes=scopes,
        keyring=keyring if signed else None,
        at=datetime.now(UTC),
    )


@pytest.fixture
async def desk(newsroom):
    """The newsroom with inboxes and a key of the clinic."""
    city = replace(CITY, accounts=(*CITY.accounts, DESK, OTHER))
    await newsroom.store.write(import_register, city, retire_missing=False, at=0)
    newsroom_key = await key_for(newsroom.store)
    return newsroom, {"Authorization": f"Bearer {newsroom_key.key}"}


async def send(room, headers, said, **more):
    return await room.client.post("/api/v1/inbox", content=json.dumps(said), headers={**headers, **more})


async def test_what_is_posted_becomes_a_post(desk):
    room, key = desk
    taken = await send(room, key, POST)
    assert taken.status_code == 202, taken.text
    told = taken.json()
    assert (told["state"], told["native_id"]) == ("accepted", "pengumuman-7")
    assert taken.headers["location"] == told["url"]
    assert taken.headers["cache-control"] == "no-store"
    await walk(room.store, DESK)
    receipt = (await room.client.get(told["url"].removeprefix("https://kabar.example"), headers=key)).json()
    assert receipt["state"] == "live"
    post = (await room.until(f"/api/v1/posts/{told['post']}", lambda answer: answer.status_code == 200)).json()
    assert (post["title"], post["via"], post["kinds"]) == ("Posko kesehatan dibuka", "inbox", ["service"])
    assert post["media"][0]["alt"] == "Tenda posko"
    assert post["published_at"] == "2026-11-20T08:00:00+07:00"


async def test_the_same_id_again_is_an_edit(desk):
    room, key = desk
    for text in ("Posko buka 24 jam.", "Posko buka sampai pukul 20."):
        told = (await send(room, key, POST | {"text": text})).json()
        await walk(room.store, DESK)
    versions = await room.client.get(f"/api/v1/posts/{told['post']}/versions")
    assert [one["content_text"] for one in versions.json()["posts"]] == [
        "Posko buka sampai pukul 20.",
        "Posko buka 24 jam.",
    ]


async def test_an_idempotency_key_makes_a_request_happen_once(desk):
    room, key = desk
    without_id = {name: value for name, value in POST.items() if name != "id"}
    answers = await asyncio.gather(*(send(room, key, without_id, **{"Idempotency-Key": '"k-1"'}) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await send(room, key, without_id | {"title": "Lain"}, **{"Idempotency-Key": "k-1"})
    assert other.status_code == 422
    assert "new one for each" in other.json()["detail"]
    await walk(room.store, DESK)
    assert sum(1 for kept in await posts_in(room.store) if kept.account.key == DESK.key) == 1


async def test_a_department_takes_its_post_back(desk):
    room, key = desk
    assert (await room.client.delete("/api/v1/inbox/posts/pengumuman-7", headers=key)).status_code == 404
    told = (await send(room, key, POST)).json()
    await walk(room.store, DESK)
    assert (await room.client.delete("/api/v1/inbox/posts/pengumuman-7", headers=key)).status_code == 204
    await room.until(f"/api/v1/posts/{told['post']}", lambda answer: answer.status_code == 410)
    assert (await room.client.delete("/api/v1/inbox/posts/pengumuman-7", headers=key)).status_code == 204


@pytest.mark.parametrize("is_known", [False, True])
async def test_what_is_taken_back_before_it_was_read_is_never_public(desk, is_known):
    room, key = desk
    if is_known:
        await send(room, key, POST)
        await walk(room.store, DESK)
    told = (await send(room, key, POST | {"text": "Keliru."})).json()
    await send(room, key, POST | {"id": "lain"})
    assert (await room.client.delete("/api/v1/inbox/posts/pengumuman-7", headers=key)).status_code == 204
    await walk(room.store, DESK)
    assert [kept.post.native_id for kept in await posts_in(room.store) if kept.account.key == DESK.key] == ["lain"]
    receipt = (await room.client.get(told["url"].removeprefix("https://kabar.example"), headers=key)).json()
    assert (receipt["state"], receipt["reason"]) == ("refused", "It was taken back before anybody saw it.")


async def test_what_is_taken_back_while_it_is_read_is_never_public(desk, monkeypatch):
    room, key = desk
    await send(room, key, POST)
    gather = visit.gather

    async def slowly(*args, **named):
        found = await gather(*args, **named)
        assert (await room.client.delete("/api/v1/inbox/posts/pengumuman-7", headers=key)).status_code == 204
        return found

    monkeypatch.setattr(visit, "gather", slowly)
    await walk(room.store, DESK)
    assert not [kept for kept in await posts_in(room.store) if kept.account.key == DESK.key]


@pytest.mark.parametrize("id", ["\0", "\u202e"])
async def test_an_id_that_nobody_can_see_is_refused_in_one_sentence(desk, id):
    room, key = desk
    refused = await send(room, key, POST | {"id": id})
    assert (refused.status_code, "field id" in refused.json()["detail"]) == (422, True)
    assert (await room.client.delete(f"/api/v1/inbox/posts/{quote(id)}", headers=key)).status_code == 404


async def test_nobody_posts_without_a_fitting_key(desk):
    room, key = desk
    assert (await send(room, {}, POST)).status_code == 401
    assert (await send(room, {"Authorization": "Bearer fhk_wrong"}, POST)).status_code == 401
    assert (await send(room, key, POST | {"account": "bpbd"})).status_code == 403
    reader = await key_for(room.store, scopes=("webhooks",))
    assert (await send(room, {"Authorization": f"Bearer {reader.key}"}, POST)).status_code == 403
    stranger = await key_for(room.store, "bpbd")
    told = (await send(room, key, POST)).json()
    own = {"Authorization": f"Bearer {stranger.key}"}
    assert (await room.client.get(f"/api/v1/inbox/{told['id']}", headers=own)).status_code == 404
    refused = await send(room, {}, POST)
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.headers["content-type"] == "application/problem+json"


async def test_a_key_that_signs_is_believed_only_when_it_signed(desk):
    room, _ = desk
    made = await key_for(room.store, signed=True)
    secret = b64decode(made.signing_secret.removeprefix("whsec_"))
    key = {"Authorization": f"Bearer {made.key}"}
    body = json.dumps(POST).encode()

    def signed(at: float, message: str = "msg_1", signed_body: bytes = body) -> dict[str, str]:
        fits = signature_of(secret, message=message, timestamp=int(at), body=signed_body)
        return {"webhook-id": message, "webhook-timestamp": str(int(at)), "webhook-signature": f"v1,AAAA {fits}"}

    now = datetime.now(UTC).timestamp()
    assert (await send(room, key, POST)).status_code == 401
    assert (await send(room, key, POST, **signed(now - 400))).status_code == 401
    assert (await send(room, key, POST, **signed(now, signed_body=b"{}"))).status_code == 401
    first = await send(room, key, POST, **signed(now))
    again = await send(room, key, POST, **signed(now))
    assert first.status_code == 202
    assert first.json()["id"] == again.json()["id"]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({}, "needs a title"),
        ({"title": "x", "colour": "red"}, "colour"),
        ({"title": "x", "published_at": "2026-11-20T08:00:00"}, "published_at"),
        ({"title": "x", "kinds": ["gossip"]}, "gossip"),
        ({"title": "x", "media": [{"url": "javascript:alert(1)"}]}, "media.0.url"),
        ([1], "body"),
    ],
)
async def test_a_post_that_can_not_be_taken_names_its_fault(desk, said, names):
    room, key = desk
    refused = await send(room, key, said)
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("#post-refused")
    assert names in refused.json()["detail"]


async def test_a_post_that_is_too_long_is_refused_before_it_is_read(desk):
    room, key = desk
    refused = await send(room, key, {"title": "x", "text": "y" * 300_000})
    assert refused.status_code == 413
    assert "256 KiB" in refused.json()["detail"]


async def test_nothing_dangerous_that_is_posted_is_shown(desk):
    room, key = desk
    html = "<p>Aman<script>alert(1)</script><img src=x onerror=alert(1)></p>"
    told = (await send(room, key, {"id": "x", "title": "Uji", "html": html})).json()
    await walk(room.store, DESK)
    post = (await room.until(f"/api/v1/posts/{told['post']}", lambda answer: answer.status_code == 200)).json()
    assert "script" not in post["content_html"]
    assert "onerror" not in post["content_html"]


UPDATE = {
    "update_id": 9,
    "channel_post": {
        "message_id": 41,
        "chat": {"id": -1001, "type": "channel", "username": "DinkesKota", "title": "Dinkes"},
        "date": 1795140000,
        "text": "Vaksinasi di alun-alun, gratis.",
    },
}


async def test_a_telegram_bot_brings_channel_posts_and_their_edits(desk):
    room, key = desk
    channel = Account(
        key="telegram:t.me/dinkeskota", platform=Platform.TELEGRAM, department="dinkes", url="https://t.me/dinkeskota"
    )
    city = replace(CITY, accounts=(*CITY.accounts, DESK, OTHER, channel))
    await room.store.write(import_register, city, retire_missing=False, at=0)
    token = {"X-Telegram-Bot-Api-Secret-Token": key["Authorization"].removeprefix("Bearer ")}
    edited = {
        "update_id": 10,
        "edited_channel_post": UPDATE["channel_post"] | {"edit_date": 1795140500, "text": "Batal."},
    }
    for update in (UPDATE, UPDATE, edited):
        answer = await room.client.post("/api/v1/inbox/telegram", json=update, headers=token)
        assert answer.status_code == 200, answer.text
    waiting = await room.store.read(lambda session: unread_payloads(session, channel.id, most=9))
    assert [kept.payload.form for kept in waiting] == ["telegram-bot", "telegram-bot"]
    assert (await room.client.post("/api/v1/inbox/telegram", json=UPDATE)).status_code == 401
    stranger = {
        "update_id": 1,
        "channel_post": UPDATE["channel_post"] | {"chat": {"type": "channel", "username": "lain"}},
    }
    assert (await room.client.post("/api/v1/inbox/telegram", json=stranger, headers=token)).status_code == 422
    other = await room.client.post("/api/v1/inbox/telegram", json={"update_id": 2, "message": {}}, headers=token)
    assert other.status_code == 200
