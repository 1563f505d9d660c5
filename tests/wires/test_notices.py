"""Mail to the contacts of keys, by a real SMTP server on loopback: each act once to each, until it arrives."""

import email
import re
from datetime import UTC, datetime, timedelta
from email import policy

import pytest

from feedhub.posts.acts import ActName, ActWanted
from feedhub.posts.decisions import post_id
from feedhub.store.acknowledging import LEASE, claim_tellings
from feedhub.store.acting import submit
from feedhub.store.api_keys import add_key, revoke_key
from feedhub.store.log import newest_acts
from feedhub.wires.notices import tell_acts
from web.newsroom import CLINIC, Newsroom, numbered, open_newsroom, serving
from wires.test_letters import post_office

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
POST = post_id(CLINIC.id, "post-1")
PUBLIC = "https://kabar.example"


@pytest.fixture
async def room(store) -> Newsroom:
    await open_newsroom(store)
    room = Newsroom(store, None)
    await room.publish(numbered(1), numbered(2))
    return room


async def holder(room, contact, *, at=NOW, **more) -> int:
    made = await room.store.write(
        add_key, name="Koran", department=None, scopes=("read",), keyring=None, at=at, contact=contact, **more
    )
    return made.id


async def act(room, name: str, id=POST, *, at=NOW, **more):
    wanted = ActWanted(name=ActName(name), id=id, reason=more.pop("reason", "Jadwalnya keliru."), **more)
    await room.store.write(submit, wanted, actor="desk", by_key=None, four_eyes=frozenset(), at=at)


async def tell(room, mailer, *, at=NOW) -> int:
    return await tell_acts(room.store, mailer, public_url=PUBLIC, secret=b"k", now=lambda: at)


async def receipts(room) -> tuple[int, int]:
    [newest] = await room.store.read(newest_acts, before=None, most=1)
    return newest.told, newest.acknowledged


def read(message: str) -> tuple[str, str]:
    """A mail's subject and text, as its reader has them."""
    opened = email.message_from_string(message, policy=policy.default)
    return opened["subject"], opened.get_content()


async def test_every_open_key_with_a_contact_is_told_once(room):
    await holder(room, "satu@koran.example")
    await holder(room, "dua@radio.example", expires_at=NOW + timedelta(days=1))
    await holder(room, None)
    await holder(room, "lama@koran.example", expires_at=NOW - timedelta(days=1))
    await room.store.write(revoke_key, await holder(room, "bekas@koran.example"), at=NOW)
    await act(room, "withdraw")
    with post_office() as (box, mailer):
        assert await receipts(room) == (0, 0)
        assert await tell(room, mailer) == 2
        assert await tell(room, mailer) == 0
        assert await receipts(room) == (2, 0)
        await holder(room, "baru@koran.example")
        assert await tell(room, mailer) == 0
    assert sorted(to for [to], _ in box.came) == ["dua@radio.example", "satu@koran.example"]


async def test_the_mail_says_what_why_and_what_to_do_in_both_languages(room):
    key = await holder(room, "redaksi@koran.example")
    await act(room, "withdraw")
    with post_office() as (box, mailer):
        await tell(room, mailer)
    subject, said = read(box.came[0][1])
    assert subject == "[FeedHub] Penarikan: Dinas Kesehatan"
    for words in (
        "Alasan: Jadwalnya keliru.",
        "Reason: Jadwalnya keliru.",
        "tariklah salinan Anda",
        "withdraw your copy",
    ):
        assert words in said
    assert said.count(f"{PUBLIC}/posts/{POST}") == 2
    assert "Kabar 1" not in said
    path = re.search(rf"{PUBLIC}(/acknowledge/[\w-]+)", said)[1]
    async with serving(room.store.database_url, public_url=PUBLIC, secret_key="k") as client:
        assert (await client.get(path)).status_code == 200
        assert await receipts(room) == (1, 0)
        assert (await client.post(path)).status_code == 200
    assert await receipts(room) == (1, 1)
    assert key == 1


TOLD = [
    (("correct", POST), {}, 1),
    (("correct", POST), {"redact": True, "reason": "Nama dihapus."}, 1),
    (("withdraw", POST), {}, 1),
    (("reinstate", POST), {}, 0),
    (("stop", CLINIC.id), {"since": NOW - timedelta(days=30)}, 1),
    (("stop", CLINIC.id), {"since": NOW - timedelta(days=60)}, 0),
    (("lift", CLINIC.id), {}, 0),
    (("erase", POST), {}, 1),
]


async def test_what_takes_published_content_back_is_told_and_nothing_else(room):
    await holder(room, "redaksi@koran.example")
    with post_office() as (box, mailer):
        for (name, id), more, count in TOLD:
            await act(room, name, id, **more)
            assert await tell(room, mailer) == count, name
    assert [read(message)[0].partition("] ")[2].partition(":")[0] for _, message in box.came] == [
        "Ralat", "Ralat; teks semula ditutup", "Penarikan", "Akun dihentikan", "Dihapus untuk selamanya",
    ]  # fmt: skip


async def test_a_mail_is_tried_until_it_arrives_and_not_for_ever(room):
    await holder(room, "redaksi@koran.example")
    await act(room, "withdraw")
    with post_office() as (box, mailer):
        box.refuses = True
        assert await tell(room, mailer) == 0
        assert await tell(room, mailer, at=NOW + timedelta(seconds=4)) == 0
        box.refuses = False
        assert await tell(room, mailer, at=NOW + timedelta(seconds=5)) == 1
        await act(room, "reinstate")
        await act(room, "withdraw", reason="Lagi.")
        assert await tell(room, mailer, at=NOW + timedelta(days=4)) == 0  # no news of the past
    assert len(box.came) == 1


async def test_one_process_writes_each_mail_and_another_takes_over_after_a_crash(room):
    await holder(room, "redaksi@koran.example")
    await act(room, "withdraw")
    assert len(await room.store.write(claim_tellings, now=NOW, most=5)) == 1
    assert await room.store.write(claim_tellings, now=NOW, most=5) == ()
    with post_office() as (box, mailer):
        assert await tell(room, mailer, at=NOW + LEASE / 2) == 0
        assert await tell(room, mailer, at=NOW + LEASE) == 1
    assert len(box.came) == 1


async def test_while_a_key_is_replaced_one_of_the_two_is_told(room):
    old = await holder(room, "redaksi@koran.example")
    await holder(room, "redaksi@koran.example", follows=old)
    await act(room, "withdraw")
    with post_office() as (box, mailer):
        assert await tell(room, mailer) == 1
    assert len(box.came) == 1
