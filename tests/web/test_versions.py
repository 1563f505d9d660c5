"""The public history of a post: what changed, proofs that outlast us, and what must stay out of it."""

import asyncio
import json
import re
import subprocess
import sys
from base64 import b64decode, urlsafe_b64decode
from dataclasses import replace
from functools import partial
from hashlib import sha256
from html import unescape
from pathlib import Path

import jcs
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import update

from feedhub.posts.decisions import post_id
from feedhub.posts.post import Event
from feedhub.store.sealed_wires import seal_wires_anew
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import kept_signing_key
from feedhub.store.signing import kept_signer, made_signer, proof_keys, rotate_proof_key
from feedhub.store.tables import versions
from views.page_rules import faults
from web.newsroom import CLINIC, NOW, PUBLIC_URL, numbered

ROOT = Path(__file__).parents[2]
POST = post_id(CLINIC.id, "post-0")
TARGET = f"/api/v1/posts/{POST}/versions"
KEYS = "/.well-known/feedhub-keys.json"
FIRST = "Imunisasi gratis, Senin pukul 08.00, di <b>semua</b> puskesmas."
SECOND = "Imunisasi gratis, Senin pukul 09.00, di <b>semua</b> puskesmas kota."
HOSTILE = "<script>alert(1)</script> &amp; \"'"


def verified(proof: dict, keys: dict) -> dict:
    """What a saved proof says, by nothing but the published key; raises where it proves nothing."""
    key = next(one for one in keys["keys"] if one["kid"] == proof["key"])
    public = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key["x"] + "="))
    public.verify(b64decode(proof["signature"]), proof["signed"].encode())
    return json.loads(proof["signed"])


async def edited(room, *texts: str, **changes) -> None:
    for text in texts:
        await room.publish(numbered(0, content_text=text, content_html=f"<p>{text}</p>", **changes))


async def test_each_version_says_what_changed_word_by_word(newsroom):
    await edited(newsroom, FIRST, SECOND)
    await newsroom.publish(
        numbered(0, content_text=SECOND, content_html=f"<p>{SECOND}</p>", event=Event(starts_at=NOW, name="Imunisasi"))
    )
    third, second, _, first = (await newsroom.get(TARGET)).json()["posts"]
    assert [one["version"] for one in (third, second, first)] == [4, 3, 1]
    (text,) = second["changes"]
    assert (text["field"], text["before"], text["after"]) == ("content_text", None, None)
    assert [(one["op"], one["text"]) for one in text["diff"] if one["op"] != "equal"] == [
        ("delete", "08.00,"),
        ("insert", "09.00,"),
        ("delete", "puskesmas."),
        ("insert", "puskesmas kota."),
    ]
    (event,) = third["changes"]
    assert (event["field"], event["before"], event["after"]["name"]) == ("event", None, "Imunisasi")
    assert first["changes"] is None


async def test_every_version_proves_itself_by_the_published_key(room):
    await edited(room, FIRST, HOSTILE)
    found = (await room.get(TARGET)).json()["posts"]
    keys = (await room.get(KEYS)).json()
    for told in found:
        said = verified(told["proof"], keys)
        assert jcs.canonicalize(said) == told["proof"]["signed"].encode()
        same = ("id", "uri", "version", "change", "published_at", "source_url", "title", "content_text", "language")
        assert {name: said[name] for name in same} == {name: told[name] for name in same}
        assert said["content_html_sha256"] == sha256(told["content_html"].encode()).hexdigest()
        assert (said["public_url"], said["department"]["slug"]) == (told["url"], "dinkes")
        assert (said["account"]["url"], said["notice"]) == (CLINIC.url, None)
    altered = found[0]["proof"] | {"signed": found[0]["proof"]["signed"].replace("Kabar", "Kabur")}
    with pytest.raises(InvalidSignature):
        verified(altered, keys)


async def test_the_three_lines_of_the_docs_verify_a_saved_copy_without_us(room, tmp_path):
    lines = re.search(r"```python\n(.*?)```", (ROOT / "docs/proofs.md").read_text(), re.DOTALL)[1]
    assert lines in unescape((await room.get("/newsrooms")).text)
    saved = tmp_path / "saved.json"
    saved.write_bytes((await room.get(TARGET)).content)
    (tmp_path / "feedhub-keys.json").write_bytes((await room.get(KEYS)).content)
    asked = [sys.executable, "-I", "-W", "ignore", "-c", lines]
    run = partial(asyncio.to_thread, subprocess.run, asked, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert (await run()).returncode == 0
    saved.write_text(saved.read_text().replace("Kabar 0", "Kabar 9"))
    assert "InvalidSignature" in (await run()).stderr


async def test_the_same_version_is_always_proved_in_the_same_words(room):
    one = (await room.get(TARGET)).json()
    await room.publish(numbered(-1))  # so that the answer is made anew
    await room.until("/api/v1/posts?limit=1", lambda answer: "Kabar -1" in answer.text)
    assert (await room.get(TARGET)).json() == one


async def test_what_a_retired_key_signed_can_still_be_verified(newsroom):
    before = (await newsroom.get(TARGET)).json()["posts"][0]["proof"]
    assert len((await newsroom.get(KEYS)).json()["keys"]) == 1
    ring = Keyring([await newsroom.store.read(kept_signing_key)])
    await newsroom.store.write(rotate_proof_key, ring, now=NOW)
    keys = (await newsroom.until(KEYS, lambda answer: len(answer.json()["keys"]) == 2)).json()
    after = (await newsroom.get(TARGET)).json()["posts"][0]["proof"]
    assert (before["key"], after["key"]) == (keys["keys"][1]["kid"], keys["keys"][0]["kid"])
    assert [one["retired_at"] is None for one in keys["keys"]] == [True, False]
    assert verified(before, keys) == verified(after, keys)


async def test_a_key_that_nobody_can_open_is_retired_for_a_new_one(store):
    lost, ring = Keyring([b"lost"]), Keyring([b"new"])
    first = await store.write(made_signer, lost, now=NOW)
    assert (await store.write(made_signer, lost, now=NOW)).id == first.id
    assert await store.read(kept_signer, ring) is None
    second = await store.write(made_signer, ring, now=NOW)
    newest = Keyring([b"newest", b"new"])
    assert await store.write(seal_wires_anew, newest) == 1
    assert (await store.read(kept_signer, Keyring([b"newest"]))).id == second.id
    known = await store.read(proof_keys)
    assert [(key.id, key.retired_at is None) for key in known] == [(second.id, True), (first.id, False)]
    assert "key=" not in repr(second)


async def test_a_withdrawn_post_shows_no_versions(room):
    await edited(room, FIRST, SECOND)
    await room.withdraw(numbered(0))
    for target in (TARGET, f"/posts/{POST}/versions", f"/en/posts/{POST}/versions"):
        answer = await room.until(target, lambda answer: answer.status_code == 410)
        assert "puskesmas" not in answer.text


async def test_a_redacted_version_is_a_stub_that_no_neighbour_tells_of(newsroom):
    await edited(newsroom, FIRST, "Alamat pelapor: Jalan Anggrek 7.", SECOND)

    def redact(session):
        session.run(update(versions).where(versions.c["number"] == 3).values(redacted=True, document=b""))

    await newsroom.store.write(redact)
    newest, stub, older, _ = (await newsroom.get(TARGET)).json()["posts"]
    assert (stub["redacted"], stub["changes"], stub["proof"]) == (True, None, None)
    assert (stub["title"], stub["content_text"], stub["media"]) == ("", "", [])
    assert newest["changes"] is None
    assert (newest["redacted"], older["changes"] is None) == (False, False)
    for target in (TARGET, f"/posts/{POST}/versions"):
        assert "Anggrek" not in (await newsroom.get(target)).text


async def test_a_long_history_comes_in_pages_and_each_version_once(room):
    await edited(room, *(f"Teks {number}" for number in range(24)))
    first = await room.get(TARGET)
    following = first.json()["next"]
    assert first.links["next"]["url"] == following
    second = (await room.get(following.removeprefix(PUBLIC_URL))).json()
    met = [*first.json()["posts"], *second["posts"]]
    assert [one["version"] for one in met] == list(range(25, 0, -1))
    assert [one["changes"] is None for one in met] == [False] * 24 + [True]
    assert second["next"] is None
    for refused in ("x", "-1", "1" * 40):
        assert (await room.get(f"{TARGET}?before={refused}")).json()["parameter"] == "before"
    assert (await room.get(f"{TARGET}?before=1")).json()["posts"] == []


async def test_the_page_marks_what_changed_and_runs_nothing(room):
    await edited(room, FIRST, f"{FIRST} {HOSTILE}")
    for language, added in (("", "Ditambahkan:"), ("/en", "Added:")):
        answer = await room.get(f"{language}/posts/{POST}/versions")
        page = answer.text
        assert faults(page, host="kabar.example") == []
        assert f'<ins><span class="unseen">{added} </span>' in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;" in page
    assert f"/posts/{POST}/versions" in (await room.get(f"/posts/{POST}")).text
    assert (await room.get("/posts/x/versions")).status_code == 404


async def test_the_time_a_version_gave_stays_its_own(room):
    moved = replace(numbered(0), published_at=NOW.replace(hour=1))
    await room.publish(moved)
    newest, first = (await room.get(TARGET)).json()["posts"]
    assert (first["published_at"], newest["published_at"]) == (
        "2026-11-20T10:00:00+07:00",
        "2026-11-20T08:00:00+07:00",
    )
    assert [one["field"] for one in newest["changes"]] == ["published_at"]
