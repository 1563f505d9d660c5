"""The desk by keys: every act and what refuses it, two people where two must want it, the log and its receipts."""

import asyncio
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import bindparam, update

from feedhub.posts.decisions import post_id
from feedhub.store.acknowledge_links import AcknowledgeLink, write_acknowledge_link
from feedhub.store.api_keys import add_key
from feedhub.store.log import acts_after, log_head
from feedhub.store.session import open_store
from feedhub.store.stop_links import StopLink, write_stop_link
from feedhub.store.tables import posts
from web.newsroom import CLINIC, NOW, RESCUE, Newsroom, numbered, open_newsroom, serving

POST = str(post_id(CLINIC.id, "post-1"))
THEIRS = str(post_id(RESCUE.id, "post-1"))
SAID = {"id": POST, "reason": "Jadwalnya keliru."}
DESK = "/api/v1/desk"
LOG_DOCS = Path(__file__).parents[2] / "docs/log.md"


_GONE = update(posts).where(posts.c.id == bindparam("gone")).values(status="gone")


async def key_of(room, department=None, *, scopes=("desk",), contact=None, **more) -> dict[str, str]:
    made = await room.store.write(
        add_key,
        name="Meja redaksi",
        department=department,
        scopes=scopes,
        keyring=None,
        at=datetime.now(UTC),
        contact=contact,
        **more,
    )
    return {"Authorization": f"Bearer {made.key}", "key": str(made.id)}


async def ask(room, path: str, key: dict[str, str], said=None):
    content = said if isinstance(said, bytes) else json.dumps(said).encode() if said is not None else b""
    return await room.client.post(DESK + path, content=content, headers=key)


async def entries(room) -> list[tuple[str, str]]:
    return [(act.entry.kind, act.entry.actor) for act in await room.store.read(acts_after, 0, most=99)]


async def test_every_act_is_done_once_and_answers_its_entry(newsroom):
    key = await key_of(newsroom)
    stop = {"id": str(CLINIC.id), "reason": "Akun diretas.", "since": "2026-11-01T00:00:00+07:00"}
    for path, said, kind in (
        ("/correct", SAID, "correction"),
        ("/withdraw", SAID, "withdrawal"),
        ("/reinstate", SAID, "reinstatement"),
        ("/stop", stop, "stop"),
        ("/lift", {"id": str(CLINIC.id)}, "lift"),
        ("/correct", {**SAID, "redact": True, "reason": " Nama\n dihapus. "}, "redaction"),
    ):
        done = await ask(newsroom, path, key, said)
        assert done.status_code == 200, done.text
        told = done.json()
        assert (told["state"], told["entry"]["kind"], told["entry"]["actor"]) == ("done", kind, "desk")
        assert done.headers["cache-control"] == "no-store"
        again = (await ask(newsroom, path, key, said)).json()
        assert again == {"state": "unchanged", "entry": None, "proposal": None}, path
    assert told["entry"]["reason"] == "Nama dihapus."
    page = await newsroom.until(f"/posts/{POST}", lambda answer: "Nama dihapus." in answer.text)
    assert page.status_code == 200


REFUSED = [
    ("/withdraw", {"id": POST}, 422, "reason"),
    ("/withdraw", {**SAID, "reason": "\u200b \n"}, 422, "reason"),
    ("/withdraw", {**SAID, "reason": "x" * 501}, 422, "reason"),
    ("/withdraw", {**SAID, "id": "7"}, 422, "id"),
    ("/withdraw", {**SAID, "why": "x"}, 422, "why"),
    ("/withdraw", {**SAID, "redact": True}, 422, "redact"),
    ("/withdraw", {**SAID, "since": "2026-11-01"}, 422, "since"),
    ("/correct", {**SAID, "redact": "yes"}, 422, "redact"),
    ("/stop", {**SAID, "id": str(CLINIC.id)}, 422, "since"),
    ("/stop", {**SAID, "id": str(CLINIC.id), "since": "kemarin"}, 422, "since"),
    ("/withdraw", b"[]", 422, "body"),
    ("/withdraw", b"{", 422, "body"),
    ("/withdraw", b" " * 20_000, 413, None),
    ("/withdraw", {**SAID, "id": str(UUID(int=7))}, 404, None),
    ("/stop", {**SAID, "since": "2026-11-01"}, 404, None),
    ("/erase", SAID, 404, None),
    ("/conquer", SAID, 404, None),
    ("/lift/", SAID, 404, None),
    ("/reinstate", {**SAID, "id": str(post_id(CLINIC.id, "post-2"))}, 409, None),
    ("/correct", {**SAID, "id": str(post_id(CLINIC.id, "post-2"))}, 409, None),
]


async def test_what_is_refused_is_named_and_changes_nothing(room):
    key = await key_of(room)
    gone = post_id(CLINIC.id, "post-2")
    await room.store.write(lambda session: session.run(_GONE, {"gone": gone}))
    for path, said, status, parameter in REFUSED:
        answer = await ask(room, path, key, said)
        assert (answer.status_code, answer.json().get("parameter")) == (status, parameter), (path, said, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert await entries(room) == []


async def test_keys_open_only_what_they_were_made_for(room):
    await room.publish(numbered(1), account=RESCUE)
    for key, said, status in (
        ({}, SAID, 401),
        ({"Authorization": "Bearer fh_nobody"}, SAID, 401),
        (await key_of(room, scopes=("inbox", "read", "webhooks")), SAID, 403),
        (await key_of(room, "bpbd"), SAID, 403),
        (await key_of(room, "dinkes"), {**SAID, "id": THEIRS}, 403),
        (await key_of(room, "dinkes"), SAID, 200),
        (await key_of(room), {**SAID, "id": THEIRS}, 200),
    ):
        assert (await ask(room, "/withdraw", key, said)).status_code == status
    assert await entries(room) == [("withdrawal", "department:dinkes"), ("withdrawal", "desk")]
    assert (await ask(room, "/reinstate", await key_of(room, "dinkes"), SAID)).status_code == 200


async def test_acts_are_only_posted(room):
    key = await key_of(room)
    assert (await room.client.get(f"{DESK}/withdraw", headers=key)).status_code == 405
    assert (await room.client.get(f"{DESK}/proposals", headers={})).status_code == 401


async def test_a_departments_link_that_stops_acts_for_the_department(sqlite_url):
    store = open_store(sqlite_url)
    await open_newsroom(store)
    async with serving(sqlite_url, secret_key="k", four_eyes="stop") as client:
        now = datetime.now(UTC)
        token = write_stop_link(StopLink(account=CLINIC.id, since=NOW), b"k", until=now + timedelta(days=1))
        assert (await client.post(f"/stop/{token}")).status_code == 200
        assert await entries(Newsroom(store, client)) == [("stop", "department:dinkes")]
    await store.close()


# Two people


@pytest.fixture
async def careful(sqlite_url):
    """A newsroom in which two people must want what is brought back or taken."""
    store = open_store(sqlite_url)
    await open_newsroom(store)
    async with serving(sqlite_url, four_eyes="withdraw, reinstate") as client:
        room = Newsroom(store, client)
        await room.publish(numbered(1), numbered(2))
        yield room
    await store.close()


async def test_a_second_key_confirms_or_rejects_and_the_first_can_not_confirm(careful):
    one, two = await key_of(careful), await key_of(careful)
    made = await ask(careful, "/withdraw", one, SAID)
    assert (made.status_code, made.json()) == (202, {"state": "proposed", "entry": None, "proposal": 1})
    [waiting] = (await careful.client.get(f"{DESK}/proposals", headers=two)).json()["proposals"]
    assert (waiting["id"], waiting["act"], waiting["subject"], waiting["reason"]) == (
        1,
        "withdraw",
        POST,
        SAID["reason"],
    )
    assert (await ask(careful, "/proposals/1/confirm", one)).status_code == 409
    assert (await ask(careful, "/proposals/1/confirm", await key_of(careful, "bpbd"))).status_code == 403
    done = await ask(careful, "/proposals/1/confirm", two)
    assert (done.status_code, done.json()["entry"]["kind"]) == (200, "withdrawal")
    assert (await ask(careful, "/proposals/1/confirm", two)).status_code == 404
    again = (await ask(careful, "/reinstate", one, SAID)).json()
    rejected = await ask(careful, f"/proposals/{again['proposal']}/reject", two)
    assert rejected.json()["state"] == "rejected"
    assert await entries(careful) == [("withdrawal", "desk")]
    assert (await ask(careful, "/correct", one, {**SAID, "id": str(post_id(CLINIC.id, "post-2"))})).status_code == 200
    assert (await careful.client.get(f"{DESK}/proposals", headers=two)).json() == {"proposals": []}


# The log


async def test_the_log_is_checked_by_the_lines_that_the_docs_show(room):
    key = await key_of(room)
    for number in range(1, 6):
        said = {"id": str(post_id(CLINIC.id, f"post-{number}")), "reason": f"Alasan “{number}”."}
        assert (await ask(room, "/withdraw", key, said)).status_code == 200
    await room.until("/api/v1/log", lambda answer: len(answer.json()["entries"]) == 5)
    program = re.search(r"```python\n(.*?)```", LOG_DOCS.read_text(encoding="utf-8"), re.DOTALL)[1]
    program = program.replace("https://kabar.example.go.id", str(room.client.base_url).rstrip("/"))
    check = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    said, _ = await asyncio.wait_for(check.communicate(), 30)
    number, before = said.decode().split()
    assert (check.returncode, number) == (0, "5")
    first = (await room.get("/api/v1/log?limit=2")).json()
    assert first["head"] == {"number": 5, "hash": before}
    assert (len(first["entries"]), first["next"]) == (2, "https://kabar.example/api/v1/log?after=2&limit=2")
    assert (await room.get("/api/v1/log?after=4")).json()["next"] is None
    for path in ("/log", "/en/log", "/log.atom"):
        assert before in (await room.get(path)).text, path
    assert "Alasan “5”." in (await room.get("/log")).text
    assert "Alasan “5”." not in (await room.get("/log?before=3")).text


@pytest.mark.parametrize(
    "target",
    ["/log?before=x", "/api/v1/log?after=-1", "/api/v1/log?limit=0", "/api/v1/log?limit=1001", "/api/v1/log?x=1"],
)
async def test_odd_questions_to_the_log_are_refused(room, target):
    assert (await room.get(target)).status_code == 422


async def test_receipts_come_by_link_or_key_and_are_only_counted(sqlite_url):
    store = open_store(sqlite_url)
    await open_newsroom(store)
    async with serving(sqlite_url, secret_key="k") as client:
        room = Newsroom(store, client)
        await room.publish(numbered(1))
        desk = await key_of(room)
        told = await key_of(room, scopes=("read",), contact="redaksi@koran.example")
        other = await key_of(room, scopes=("read",))
        await key_of(
            room, scopes=("read",), contact="lama@koran.example", expires_at=datetime.now(UTC) - timedelta(days=1)
        )
        await ask(room, "/withdraw", desk, SAID)
        number = (await store.read(log_head)).number
        path = "/acknowledge/" + write_acknowledge_link(AcknowledgeLink(act=number, key=int(told["key"])), b"k")
        page = await client.get(path)
        assert page.status_code == 200
        assert 'method="post"' in page.text
        assert SAID["reason"] in page.text
        assert await receipts(client) == (0, 0)  # a mail program that opens links reads nothing
        for _ in range(2):
            assert (await client.post(path)).status_code == 200
        assert await receipts(client) == (1, 1)
        for _ in range(2):
            answer = await client.post(f"/api/v1/log/{number}/acknowledge", headers=other)
            assert (answer.status_code, answer.json()["acknowledged"]) == (200, 2)
        assert (await client.post(f"/api/v1/log/{number}/acknowledge")).status_code == 401
        assert (await client.post("/api/v1/log/99/acknowledge", headers=other)).status_code == 404
        assert (await client.post(path[:-2] + "xx")).status_code == 404
        assert "koran" not in (await client.get("/log")).text + (await client.get("/api/v1/log")).text
    await store.close()


_LIMITS = count(1)


async def receipts(client) -> tuple[int, int]:
    """As the API counts them; each limit is an answer of its own, that the front has not kept."""
    limit = next(_LIMITS)
    [entry] = (await client.get(f"/api/v1/log?limit={limit}")).json()["entries"]
    return entry["told"], entry["acknowledged"]
