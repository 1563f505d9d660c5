"""What was corrected and withdrawn, as both databases tell it."""

from datetime import timedelta

import pytest

from feedhub.posts.acts import ActCounts
from feedhub.posts.decisions import post_id
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.store.acts import act_counts, notices
from feedhub.store.correcting import correct_post
from feedhub.store.stopping import lift_account, stop_account
from web.newsroom import CLINIC, NOW, RESCUE, Newsroom, numbered, open_newsroom

HOUR = timedelta(hours=1)


@pytest.fixture
async def room(store) -> Newsroom:
    await open_newsroom(store)
    room = Newsroom(store, None)
    await room.publish(*(numbered(number) for number in range(5)))
    return room


async def correct(room, number: int, reason: str):
    """A correction beside a post."""
    notice = Notice(kind=NoticeKind.CORRECTION, reason=reason, at=NOW)
    await room.store.write(correct_post, post_id(CLINIC.id, f"post-{number}"), notice=notice)


async def listed(room, **asked):
    return [(act.kind.value, act.reason, act.post) for act in await room.store.read(notices, **asked)]


async def test_corrections_and_withdrawals_are_listed_newest_change_first(room):
    await correct(room, 3, "Jam buka yang benar 08.00.")
    gone = await room.withdraw(numbered(1), reason="Memuat data pribadi.")
    assert [(kind, reason, str(post)) for kind, reason, post in await listed(room, before=None, most=10)] == [
        ("withdrawal", "Memuat data pribadi.", gone),
        ("correction", "Jam buka yang benar 08.00.", str(post_id(CLINIC.id, "post-3"))),
    ]


async def test_pages_of_notices_have_no_gap_and_no_repetition(room):
    for number in range(5):
        await room.withdraw(numbered(number), reason=f"{number}")
    found, before = [], None
    while page := await room.store.read(notices, before=before, most=2):
        found += [act.reason for act in page]
        before = page[-1].change
    assert found == ["4", "3", "2", "1", "0"]


async def test_what_a_stop_withdrew_is_listed_until_it_is_lifted(room):
    await room.publish(numbered(9), account=RESCUE)
    await room.withdraw(numbered(9), account=RESCUE, reason="Salah tanggal.")
    await room.store.write(stop_account, CLINIC.id, since=NOW - HOUR, reason="Akun diretas.", at=NOW + 2 * HOUR)
    assert len(await listed(room, before=None, most=10)) == 6
    await room.store.write(lift_account, CLINIC.id, at=NOW + 3 * HOUR)
    assert [reason for _, reason, _ in await listed(room, before=None, most=10)] == ["Salah tanggal."]


async def test_counts_begin_where_asked(room):
    await correct(room, 3, "Ralat.")
    await room.withdraw(numbered(1))
    assert await room.store.read(act_counts, since=NOW - HOUR) == ActCounts(corrections=1, withdrawals=1, held=0)
    assert await room.store.read(act_counts, since=NOW + HOUR) == ActCounts(corrections=0, withdrawals=1, held=0)
    assert (await room.store.read(act_counts, since=NOW + 2 * HOUR)).withdrawals == 0
