"""What each act does to a post in each status, on both databases; and that nothing of what was erased is left."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import zstandard
from sqlalchemy import select, text, update

from feedhub.errors import ActRefused, KeyTooNarrow, NotKnown
from feedhub.posts.acts import ActName, ActWanted
from feedhub.posts.decisions import post_id
from feedhub.posts.post import Event
from feedhub.store.acting import confirm, open_proposals, proposal_named, reject, submit
from feedhub.store.api_keys import DESK, OVERLAP, add_key, rotate_key
from feedhub.store.bodies import squeezed
from feedhub.store.changes import changes_after
from feedhub.store.clock import clock_now
from feedhub.store.desk import GONE_AFTER, hide_gone
from feedhub.store.erasing import scrub
from feedhub.store.lists import post_versions
from feedhub.store.log import acts_after, log_fault
from feedhub.store.sealing import Keyring
from feedhub.store.search import drop_from_index
from feedhub.store.session import open_store
from feedhub.store.tables import metadata, posts
from feedhub.store.unpacking import one_kept_post
from web.newsroom import CLINIC, NOW, RESCUE, Newsroom, numbered, open_newsroom

LATER = NOW + timedelta(hours=2)
POST = post_id(CLINIC.id, "post-1")
REASON = "Jadwalnya keliru."
DESK_STOP = {"since": NOW - timedelta(days=1)}


@pytest.fixture
async def room(store) -> Newsroom:
    await open_newsroom(store)
    return Newsroom(store, None)


async def act(room, name: str, id: UUID = POST, *, actor="desk", by_key=None, four_eyes=(), at=LATER, **more):
    wanted = ActWanted(name=ActName(name), id=id, reason=more.pop("reason", REASON), **more)
    eyes = frozenset(ActName(one) for one in four_eyes)
    return await room.store.write(submit, wanted, actor=actor, by_key=by_key, four_eyes=eyes, at=at)


async def hold(room, *, was_public: bool) -> None:
    def held(session) -> None:
        row = session.row(select(posts.c.order_key).where(posts.c.id == POST))
        drop_from_index(session, [row.order_key])
        values = {"status": "held", "listed": False, "held_for": "links", "held_since": 0, "was_public": was_public}
        session.run(update(posts).where(posts.c.id == POST).values(**values))

    await room.store.write(held)


async def gone(room) -> None:
    for at in (NOW, NOW + GONE_AFTER):
        await room.store.write(hide_gone, [POST], number=900, at=at)


# How a post comes to each status.
WAYS = {
    "live": lambda _room: None,
    "never public": lambda room: hold(room, was_public=False),
    "held": lambda room: hold(room, was_public=True),
    "gone": gone,
    "withdrawn": lambda room: act(room, "withdraw", at=NOW),
    "stopped": lambda room: act(room, "stop", CLINIC.id, since=NOW - timedelta(days=1), at=NOW),
    "erased": lambda room: act(room, "erase", at=NOW),
}
# Each act with what it comes to: the status after it, "same" where it changes nothing, None where it is refused.
CASES = {
    "withdraw": {
        "live": "withdrawn", "never public": "withdrawn", "held": "withdrawn", "gone": "withdrawn",
        "withdrawn": "same", "stopped": "withdrawn", "erased": "same",
    },
    "correct": {
        "live": "live", "never public": None, "held": None, "gone": None,
        "withdrawn": None, "stopped": None, "erased": None,
    },
    "reinstate": {
        "live": "same", "never public": None, "held": None, "gone": None,
        "withdrawn": "live", "stopped": None, "erased": None,
    },
    "erase": {
        "live": "withdrawn", "never public": "withdrawn", "held": "withdrawn", "gone": "withdrawn",
        "withdrawn": "withdrawn", "stopped": "withdrawn", "erased": "same",
    },
}  # fmt: skip


async def test_each_act_on_a_post_in_each_status(room):
    found = {}
    for name, outcomes in CASES.items():
        for way in WAYS:
            found[name, way] = await outcome_of(room, name, way)
            await begin_anew(room)
        assert {way: found[name, way] for way in WAYS} == outcomes
    assert await room.store.read(log_fault) is None


async def outcome_of(room, name: str, way: str) -> str | None:
    """What an act comes to; it changes the clock and the log by one, or nothing at all, and the second time nothing."""
    await room.publish(numbered(1))
    if (done := WAYS[way](room)) is not None:
        await done
    before = await facts_of(room)
    try:
        result = await act(room, name)
    except ActRefused:
        assert await facts_of(room) == before
        return None
    status, change, logged = after = await facts_of(room)
    steps = 1 if result.entry else 0
    assert (change, logged) == (before[1] + steps, before[2] + steps)
    assert result.entry is None or (result.entry.change is None) == (way == "never public")
    again = await act(room, name, at=LATER + timedelta(hours=1))
    assert (again.entry, await facts_of(room)) == (None, after)
    return status if result.entry else "same"


async def facts_of(room) -> tuple[str, int, int]:
    """Its status, the clock and how many entries the log has."""

    def asked(session):
        row = session.row(select(posts.c.status).where(posts.c.id == POST))
        return row.status, clock_now(session).number, len(acts_after(session, 0, most=100))

    return await room.store.read(asked)


async def begin_anew(room) -> None:
    def emptied(session) -> None:
        session.run(text("DELETE FROM version"))
        for row in session.rows(select(posts.c.order_key)):
            drop_from_index(session, [row.order_key])
        session.run(text("DELETE FROM post"))
        session.run(text("UPDATE stop SET lifted_at = 0"))
        session.run(text("UPDATE account SET status = 'active'"))

    await room.store.write(emptied)


async def test_a_correction_stands_beside_the_text_that_the_department_gave(room):
    await room.publish(numbered(1, content_text="Buka pukul 7."))
    await room.publish(numbered(1, content_text="Buka pukul 8."))
    await act(room, "correct", reason="Jam buka yang benar 08.00.")
    kept = await room.store.read(one_kept_post, POST)
    assert (kept.post.content_text, kept.notice.kind, kept.notice.reason) == (
        "Buka pukul 8.",
        "correction",
        "Jam buka yang benar 08.00.",
    )
    changes = await room.store.read(changes_after, kept.change - 1, most=10)
    assert [(one.id, one.notice) for one in changes.posts] == [(POST, kept.notice)]
    assert len(await room.store.read(post_versions, POST)) == 2
    again = await act(room, "correct", reason="Bahkan 09.00.")
    assert again.entry.number == 2


async def test_a_correction_outlives_a_withdrawal_a_stop_and_a_deletion(room):
    await room.publish(numbered(1))
    await act(room, "correct", reason="Ralat pertama.", at=NOW)
    await act(room, "withdraw")
    await act(room, "reinstate")
    assert (await room.store.read(one_kept_post, POST)).notice.reason == "Ralat pertama."
    await act(room, "stop", CLINIC.id, **DESK_STOP)
    await act(room, "lift", CLINIC.id, reason="")
    await gone(room)
    assert (await room.store.read(one_kept_post, POST)).notice is None
    await room.publish(numbered(1, title="Lagi"))
    notice = (await room.store.read(one_kept_post, POST)).notice
    assert (notice.kind, notice.reason, notice.at) == ("correction", "Ralat pertama.", NOW)


async def test_stopping_and_lifting_are_one_entry_each_and_twice_is_once(room):
    await room.publish(numbered(1))
    for name, more in (("stop", DESK_STOP), ("lift", {"reason": ""})):
        assert (await act(room, name, CLINIC.id, **more)).entry.kind == name
        assert (await act(room, name, CLINIC.id, **more)).entry is None
    assert [one.entry.reason for one in await room.store.read(acts_after, 0, most=9)] == [REASON, REASON]


async def test_what_is_not_there_is_named(room):
    for name in ActName:
        for four_eyes in ((), ActName):
            with pytest.raises(NotKnown):
                await act(room, name, UUID(int=7), four_eyes=four_eyes)


async def test_a_department_brings_back_only_what_it_took_itself(room):
    await room.publish(numbered(1))
    await act(room, "withdraw", actor="desk")
    with pytest.raises(KeyTooNarrow):
        await act(room, "reinstate", actor="department:dinkes")
    await act(room, "reinstate", actor="desk")
    await act(room, "withdraw", actor="department:dinkes")
    assert (await act(room, "reinstate", actor="department:dinkes")).entry.actor == "department:dinkes"
    await act(room, "stop", CLINIC.id, actor="operator", **DESK_STOP)
    with pytest.raises(KeyTooNarrow):
        await act(room, "lift", CLINIC.id, actor="department:dinkes", reason="")


# Four eyes


async def test_an_act_that_two_people_must_want_waits_for_the_second(room):
    await room.publish(numbered(1))
    made = await act(room, "withdraw", four_eyes=["withdraw"], by_key=None)
    assert (made.entry, made.proposal) == (None, 1)
    assert (await act(room, "withdraw", four_eyes=["withdraw"])).proposal == 1
    assert (await facts_of(room))[0] == "live"
    with pytest.raises(ActRefused, match="another person"):
        await room.store.write(confirm, 1, by_key=None, at=LATER)
    [waiting] = await room.store.read(open_proposals)
    assert (waiting.wanted.name, waiting.department, waiting.actor) == ("withdraw", "dinkes", "desk")
    done = await room.store.write(confirm, 1, by_key=3, at=LATER)
    assert (done.entry.kind, done.entry.actor) == ("withdrawal", "desk")
    with pytest.raises(NotKnown):
        await room.store.write(confirm, 1, by_key=3, at=LATER)
    assert await room.store.read(open_proposals) == ()


async def test_a_key_and_its_successor_are_one_person(room):
    await room.publish(numbered(1))
    made = await room.store.write(
        add_key, name="Meja", department=None, scopes=(DESK,), keyring=None, at=NOW, contact="meja@kota.example"
    )
    proposed = await act(room, "withdraw", four_eyes=["withdraw"], by_key=made.id)
    newer = await room.store.write(rotate_key, made.id, overlap=OVERLAP, keyring=Keyring((b"k",)), at=LATER)
    for same in (made.id, newer.id):
        with pytest.raises(ActRefused, match="another person"):
            await room.store.write(confirm, proposed.proposal, by_key=same, at=LATER)
    assert (await facts_of(room))[0] == "live"


async def test_what_is_rejected_is_never_done(room):
    await room.publish(numbered(1))
    made = await act(room, "erase", four_eyes=["erase"])
    await room.store.write(reject, made.proposal, at=LATER)
    with pytest.raises(NotKnown):
        await room.store.read(proposal_named, made.proposal)
    assert (await facts_of(room))[0] == "live"


# Nothing is left

MARKER = "Rahasiawarga"


async def say_it(room, number: int = 1) -> None:
    """A post that names somebody, everywhere that a post's words are kept."""
    named = numbered(
        number,
        title=f"{MARKER} sakit",
        content_text=f"{MARKER} dirawat.",
        event=Event(starts_at=NOW, name=f"Untuk {MARKER}"),
    )
    await room.publish(named, numbered(2))
    body = squeezed(f"<item>{MARKER}</item>".encode())

    def kept_elsewhere(session) -> None:
        known = {"account_id": CLINIC.id.hex if session.is_sqlite else CLINIC.id, "body": body}
        post = POST.hex if session.is_sqlite else POST
        payload = text(
            "INSERT INTO payload (account_id, post_id, fingerprint, form, context, body, state, fetched_at)"
            " VALUES (:account_id, :post, :fingerprint, 'item', '{}', :body, :state, 0)"
        )
        for fingerprint, state, of in (
            ("old", "read", post), ("post-1", "read", post), ("pending", "read", post), ("x", "unreadable", None),
        ):  # fmt: skip
            session.run(payload, {**known, "fingerprint": fingerprint, "state": state, "post": of})
        subscription = UUID(int=9).hex if session.is_sqlite else UUID(int=9)
        session.run(
            text(
                "INSERT INTO subscription (id, wire, target, topic, filters, asks, state, told_through, look_at, made_at)"
                " VALUES (:id, 'webhook', 'https://x', '', '{}', '{}', 'active', 0, 0, 0) ON CONFLICT DO NOTHING"
            ),
            {"id": subscription},
        )
        delivery = text(
            "INSERT INTO delivery (id, subscription_id, change, event, post_id, body, state, tries, next_try_at, made_at,"
            " lease_until) VALUES (:id, :subscription, :change, 'post.published', :post, :body, :state, 0, 0, 0, 0)"
            " ON CONFLICT DO NOTHING"
        )
        for change, state in ((1, "sent"), (2, "waiting")):
            id = UUID(int=change)
            session.run(
                delivery,
                {
                    "id": id.hex if session.is_sqlite else id,
                    "subscription": subscription,
                    "change": change,
                    "post": post,
                    "body": MARKER.encode(),
                    "state": state,
                },
            )
        picture = UUID(int=5)
        session.run(
            text(
                "INSERT INTO picture (id, post_id, order_key, source, host, state, tries, next_try_at)"
                " VALUES (:id, :post, 1, :source, 'x.example', 'shown', 0, 0) ON CONFLICT DO NOTHING"
            ),
            {
                "id": picture.hex if session.is_sqlite else picture,
                "post": post,
                "source": f"https://x.example/{MARKER}.jpg",
            },
        )
        session.run(
            text("UPDATE post SET pending = 'pending', pending_fingerprint = 'p', pictures = :p WHERE id = :post"),
            {"post": post, "p": f'[{{"id": "{picture}", "width": 1, "height": 1, "color": "{MARKER}"}}]'},
        )

    await room.store.write(kept_elsewhere)


def opened(value: object) -> str:
    """What a column's value says, unpacked."""
    if isinstance(value, memoryview):
        value = bytes(value)
    if isinstance(value, bytes):
        if value[:4] == b"\x28\xb5\x2f\xfd":
            value = zstandard.ZstdDecompressor().decompress(value)
        return value.decode("utf-8", "replace")
    return str(value)


async def places_of(room, marker: str) -> set[str]:
    """Every table whose rows hold it."""

    def asked(session) -> set[str]:
        named = [*metadata.tables, "search"] + (["search_content", "search_data"] if session.is_sqlite else [])
        return {
            name
            for name in named
            for row in session.rows(text(f'SELECT * FROM "{name}"'))  # our own tables
            for value in row
            if marker.lower() in opened(value).lower()
        }

    return await room.store.read(asked)


async def test_erasure_leaves_no_word_in_any_table_and_the_tombstone_says_why(room):
    await say_it(room)
    await room.publish(numbered(1, title="Kabar lain", content_text="Tanpa nama."))
    await say_it(room)
    everywhere = {"post", "version", "payload", "delivery", "picture", "search"}
    assert everywhere <= await places_of(room, MARKER)
    done = await act(room, "erase", reason="Permintaan pemilik data.")
    scrub(room.store)
    assert await places_of(room, MARKER) == set()
    assert done.pictures == (UUID(int=5),)
    kept = await room.store.read(one_kept_post, POST)
    assert (kept.post, kept.status, kept.notice.reason) == (None, "withdrawn", "Permintaan pemilik data.")
    states = await room.store.read(
        lambda session: session.rows(text("SELECT state, body FROM delivery ORDER BY change"))
    )
    assert [(row.state, row.body) for row in states] == [("sent", None), ("dropped", None)]
    event = await room.store.read(lambda session: session.row(select(posts.c.event_at).where(posts.c.id == POST)))
    assert event.event_at is None


async def test_what_was_erased_is_in_no_byte_of_an_sqlite_file(sqlite_url):
    file = Path(sqlite_url.removeprefix("sqlite:///"))

    def left() -> bool:
        return any(MARKER.lower().encode() in one.read_bytes().lower() for one in file.parent.glob(file.name + "*"))

    store = open_store(sqlite_url)
    await open_newsroom(store)
    room = Newsroom(store, None)
    await room.publish(*(numbered(number) for number in range(2, 40)))
    await say_it(room)
    await store.close()
    assert left()
    room = Newsroom(store := open_store(sqlite_url), None)
    await act(room, "erase")
    scrub(store)
    await store.close()
    assert not left()


async def test_an_erased_post_comes_back_by_no_edit_of_its_account(room):
    await say_it(room)
    await act(room, "erase")
    await room.publish(replace(numbered(1), title=f"{MARKER} lagi"))
    assert (await room.store.read(one_kept_post, POST)).post is None
    assert "post" not in await places_of(room, MARKER)


async def test_redaction_shows_and_keeps_only_what_is_said_now(room):
    await say_it(room)
    await room.publish(numbered(1, title="Pasien dirawat", content_text="Tanpa nama."))
    await act(room, "correct", reason="Nama dihapus.", redact=True)
    scrub(room.store)
    left = await places_of(room, MARKER)
    # The newest item is kept as its platform says it; pictures are for their copier to look through.
    assert left - {"picture", "post"} == {"payload"}
    [only] = await room.store.read(post_versions, POST)
    assert only.post.title == "Pasien dirawat"
    [entry] = [one.entry for one in await room.store.read(acts_after, 0, most=9)]
    assert entry.kind == "redaction"
    assert (await act(room, "correct", reason="Nama dihapus.", redact=True)).entry is None


async def test_only_the_posts_own_words_are_erased(room):
    await room.publish(numbered(1), numbered(2))
    await room.publish(numbered(1), account=RESCUE)
    await act(room, "erase")
    assert (await room.store.read(one_kept_post, post_id(CLINIC.id, "post-2"))).post is not None
    assert (await room.store.read(one_kept_post, post_id(RESCUE.id, "post-1"))).post is not None
