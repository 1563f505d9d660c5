"""How fresh departments and accounts are, as both databases tell it."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from feedhub.posts.facts import Described
from feedhub.posts.post import Media, MediaType
from feedhub.store.facts import account_rhythms, department_facts, described_pictures
from web.newsroom import CITY, CLINIC, NOW, RESCUE, Newsroom, numbered, open_newsroom

DAY = timedelta(days=1)


def image(number: int, alt: str | None) -> Media:
    return Media(type=MediaType.IMAGE, url=f"https://dinkes.example/{number}.jpg", alt=alt)


@pytest.fixture
async def room(store) -> Newsroom:
    await open_newsroom(store)
    return Newsroom(store, None)


async def facts_of(room, slug="dinkes"):
    return await room.store.read(department_facts, slug, now=NOW)


async def test_a_department_without_posts_has_no_freshness_and_no_share(room):
    facts = await facts_of(room)
    assert (facts.newest_post_at, facts.posts_in_month, facts.described.share) == (None, 0, None)
    assert [(one.account, one.last_post_at, one.outcome, one.delivering) for one in facts.accounts] == [
        (CLINIC, None, "never", False)
    ]


async def test_a_department_tells_its_newest_post_and_how_many_a_month_brought(room):
    ages = (0, 3, 29, 31, 400)
    await room.publish(*(numbered(age, published_at=NOW - age * DAY) for age in ages))
    await room.publish(numbered(99, published_at=NOW - DAY), account=RESCUE)
    facts = await facts_of(room)
    assert facts.newest_post_at == NOW
    assert facts.posts_in_month == 3
    assert (await facts_of(room, "bpbd")).newest_post_at == NOW - DAY


async def test_withdrawn_posts_are_no_news(room):
    old, new = numbered(1, published_at=NOW - 9 * DAY), numbered(2, published_at=NOW - DAY)
    await room.publish(old, new)
    await room.withdraw(new)
    facts = await facts_of(room)
    assert (facts.newest_post_at, facts.posts_in_month) == (NOW - 9 * DAY, 1)


async def test_share_counts_pictures_with_words_of_the_last_year_only(room):
    media = (image(1, "Perawat menyuntik lengan anak"), image(2, None), image(3, ""), image(4, "  "))
    film = Media(type=MediaType.VIDEO, url="https://dinkes.example/5.mp4", alt=None)
    await room.publish(
        numbered(1, media=(*media, film)),
        numbered(2, media=(image(6, "Antrean di puskesmas"),)),
        numbered(3, media=(image(7, "Lama"),), published_at=NOW - 366 * DAY),
    )
    await room.publish(numbered(4, media=(image(8, None),)), account=RESCUE)
    assert (await facts_of(room)).described == Described(5, 2)
    assert await room.store.read(described_pictures, now=NOW) == Described(6, 2)


async def test_rhythms_are_told_of_every_account(room):
    await room.publish(*(numbered(age, published_at=NOW - age * 2 * DAY) for age in range(15)))
    rhythms = await room.store.read(account_rhythms)
    assert rhythms.keys() == {one.id for one in CITY.accounts}
    assert (rhythms[CLINIC.id].newest_at, rhythms[CLINIC.id].earlier_at) == (NOW, NOW - 20 * DAY)
    assert rhythms[CLINIC.id].patience == 7 * DAY
    assert rhythms[RESCUE.id].newest_at is None


@pytest.mark.parametrize(
    ("gap", "silent_for", "is_silent"),
    [(1, 6, False), (1, 8, True), (5, 14, False), (5, 16, True), (60, 89, False), (60, 91, True)],
)
async def test_an_account_is_silent_by_its_own_rhythm(room, gap, silent_for, is_silent):
    newest = NOW - silent_for * DAY
    await room.publish(*(numbered(age, published_at=newest - age * gap * DAY) for age in range(11)))
    rhythm = (await room.store.read(account_rhythms))[CLINIC.id]
    assert rhythm.silent_since(NOW) == (newest if is_silent else None)


async def test_facts_are_found_by_an_index(room):
    """Nothing about a department reads the table of posts from end to end."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        asked.append((statement, parameters))

    engine = room.store._readable  # to ask the database how it answers
    event.listen(engine, "before_cursor_execute", note)
    await facts_of(room)
    await room.store.read(account_rhythms)
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))  # of a small table it would read all
        plans = [
            "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, parameters))
            for statement, parameters in asked
            if "FROM post" in statement
        ]
    assert len(plans) == 4
    assert not [plan for plan in plans if "SCAN post" in plan or "Seq Scan on post" in plan]
    # PostgreSQL takes a shorter way through a table as small as this.
    assert engine.dialect.name == "postgresql" or all("ix_post_account" in plan for plan in plans)
