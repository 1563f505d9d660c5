"""The public log: every act is one entry, and the chain finds whatever was changed in it."""

import asyncio
import json
import sys
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from feedhub.posts.acts import ActKind
from feedhub.posts.chain import BEGINNING
from feedhub.posts.decisions import post_id
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.store.correcting import correct_post, reinstate_post
from feedhub.store.desk import withdraw_post
from feedhub.store.log import acts_after, log_fault, log_head, newest_acts, number_of
from feedhub.store.migrations import migrate
from feedhub.store.stopping import lift_account, stop_account
from web.newsroom import CLINIC, NOW, Newsroom, numbered, open_newsroom

HOUR = timedelta(hours=1)


def notice(kind: NoticeKind, reason: str, at=NOW) -> Notice:
    return Notice(kind=kind, reason=reason, at=at)


@pytest.fixture
async def room(store) -> Newsroom:
    await open_newsroom(store)
    room = Newsroom(store, None)
    await room.publish(*(numbered(number) for number in range(5)))
    return room


async def act_five_times(room) -> None:
    first, second = (post_id(CLINIC.id, f"post-{number}") for number in range(2))
    write = room.store.write
    await write(correct_post, first, notice=notice(NoticeKind.CORRECTION, "Jam yang benar 08.00 — “pagi”."))
    await write(withdraw_post, second, notice=notice(NoticeKind.WITHDRAWAL, "Keliru."), actor="desk")
    await write(reinstate_post, second, reason="Ternyata benar.", at=NOW + HOUR, actor="desk")
    await write(stop_account, CLINIC.id, since=NOW - HOUR, reason="Akun diretas.", at=NOW + 2 * HOUR)
    await write(lift_account, CLINIC.id, at=NOW + 3 * HOUR, actor="department:dinkes")


async def test_every_act_is_one_entry_with_its_role_reason_and_change(room):
    await act_five_times(room)
    told = [act.entry for act in await room.store.read(acts_after, 0, most=10)]
    assert [(one.number, one.kind, one.actor, one.reason, one.department) for one in told] == [
        (1, "correction", "operator", "Jam yang benar 08.00 — “pagi”.", "dinkes"),
        (2, "withdrawal", "desk", "Keliru.", "dinkes"),
        (3, "reinstatement", "desk", "Ternyata benar.", "dinkes"),
        (4, "stop", "operator", "Akun diretas.", "dinkes"),
        (5, "lift", "department:dinkes", "Akun diretas.", "dinkes"),
    ]
    assert [one.change for one in told] == sorted(one.change for one in told)
    assert await room.store.read(log_fault) is None


async def test_anybody_can_check_the_chain_from_what_is_shown(room):
    await act_five_times(room)
    before = BEGINNING
    for act in await room.store.read(acts_after, 0, most=10):
        shown = json.loads(json.dumps(act.as_json()))
        hashed = {name: shown[name] for name in shown if name not in ("hash", "told", "acknowledged")}
        canonical = json.dumps(hashed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert (shown["before"], shown["hash"]) == (before, sha256(canonical.encode()).hexdigest())
        before = shown["hash"]
    head = await room.store.read(log_head)
    assert (head.number, head.hash) == (5, before)
    assert await room.store.read(number_of, before) == 5
    assert await room.store.read(number_of, "0" * 64) is None


async def test_pages_of_the_log_have_no_gap_and_no_repetition(room):
    await act_five_times(room)
    found, before = [], None
    while page := await room.store.read(newest_acts, before=before, most=2):
        found += [act.entry.number for act in page]
        before = found[-1]
    assert found == [5, 4, 3, 2, 1]


class Undone(Exception):  # no error: it takes back what a test did
    """Carries what was found out of a transaction that never was."""


async def found_after(store, statements):
    """What is found after somebody who owns the database changed the log behind everybody's back."""

    def tampered(session) -> None:
        lock = ("act_no_update", "act_no_delete") if session.is_sqlite else ("act_only_grows ON act",)
        for trigger in lock:
            session.run(text(f"DROP TRIGGER {trigger}"))
        for statement in statements:
            session.run(text(statement))
        raise Undone(log_fault(session), log_head(session))

    with pytest.raises(Undone) as undone:
        await store.write(tampered)
    return undone.value.args


THIRD = [
    "reason = 'Lain.'", "actor = 'operator'", "kind = 'lift'", "at = at + 1000", "department = 'bpbd'",
    "change = change + 1", "change = NULL", "before = hash", "hash = before", "subject = (SELECT subject FROM act WHERE number = 1)",
]  # fmt: skip
TAMPERED = [
    *(([f"UPDATE act SET {change} WHERE number = 3"], 3) for change in THIRD),
    (["DELETE FROM act WHERE number = 1"], 1),
    (["DELETE FROM act WHERE number = 3"], 3),
    (
        [
            "DELETE FROM act WHERE number = 3",
            "UPDATE act SET number = 3 WHERE number = 4",
            "UPDATE act SET number = 4 WHERE number = 5",
        ],
        3,
    ),
    (
        [
            "UPDATE act SET number = 20 WHERE number = 2",
            "UPDATE act SET number = 2 WHERE number = 3",
            "UPDATE act SET number = 3 WHERE number = 20",
        ],
        2,
    ),
]


async def test_whatever_was_changed_removed_or_moved_is_found(room):
    await act_five_times(room)
    found = [(statements, await found_after(room.store, statements)) for statements, _ in TAMPERED]
    assert [(statements, fault and fault.number) for statements, (fault, _) in found] == TAMPERED
    assert await room.store.read(log_fault) is None


async def test_who_kept_a_hash_finds_that_the_end_is_gone(room):
    await act_five_times(room)
    kept = await room.store.read(log_head)
    fault, head = await found_after(room.store, ["DELETE FROM act WHERE number = 5"])
    assert fault is None
    assert head.hash != kept.hash


@pytest.mark.parametrize("statement", ["UPDATE act SET reason = 'x'", "DELETE FROM act"])
async def test_the_database_itself_refuses_to_change_the_log(room, statement):
    await act_five_times(room)
    with pytest.raises(Exception, match="the log can only grow"):
        await room.store.write(lambda session: session.run(text(statement)))


WRITER = """
import sys
from datetime import UTC, datetime
from uuid import UUID
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.store.desk import withdraw_post
from feedhub.store.session import open_store

store = open_store(sys.argv[1])
for post in sys.argv[2:]:
    notice = Notice(kind=NoticeKind.WITHDRAWAL, reason=post, at=datetime.now(UTC))
    store.write_now(withdraw_post, UUID(post), notice=notice)
store.close_now()
"""


async def test_two_processes_keep_one_chain(room, database_url):
    await room.publish(*(numbered(number) for number in range(5, 24)))
    ids = [str(post_id(CLINIC.id, f"post-{number}")) for number in range(24)]
    writers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, database_url, *ids[start::2])
        for start in range(2)
    ]
    assert [await asyncio.wait_for(writer.wait(), 30) for writer in writers] == [0, 0]
    told = await room.store.read(acts_after, 0, most=100)
    assert sorted(act.entry.reason for act in told) == sorted(ids)
    assert await room.store.read(log_fault) is None


async def test_an_older_databases_acts_are_chained_in_once_by_their_time(room, database_url):
    await act_five_times(room)
    third = post_id(CLINIC.id, "post-3")
    await room.store.write(withdraw_post, third, notice=notice(NoticeKind.WITHDRAWAL, "Ganda.", NOW + 5 * HOUR))
    kept = [act.entry for act in await room.store.read(acts_after, 0, most=10)]
    migrate(database_url, revision="0005")
    migrate(database_url)
    told = [act.entry for act in await room.store.read(acts_after, 0, most=10)]
    # An older database knows what stands beside its posts, and each stop with its lifting.
    expected = [one for one in kept if one.kind in {ActKind.STOP, ActKind.LIFT, ActKind.CORRECTION}] + [kept[-1]]
    assert [(one.kind, one.subject, one.reason, one.at, one.department) for one in told] == [
        (one.kind, one.subject, one.reason, one.at, one.department) for one in expected
    ]
    assert await room.store.read(log_fault) is None
    await room.store.write(reinstate_post, third, reason="Benar.", at=NOW + 6 * HOUR)
    assert (await room.store.read(log_head)).number == 5
