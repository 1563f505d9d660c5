"""A single post is matched as the index of every list does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from feedhub.accounts.account import Department, Platform
from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.posts.matching import matches
from feedhub.posts.post import PostStatus, PostType
from feedhub.store.lists import latest_posts
from posts_made import made_kept, made_post
from web.newsroom import CLINIC, RESCUE, Newsroom, numbered, open_newsroom

HEALTH = Department(
    slug="dinkes", name="Dinas Kesehatan", group="Dinas", area="Kanigaran", formerly=("dinas-kesehatan",)
)
KEPT = made_kept(
    department=HEALTH, post=made_post(tags=("Imunisasi",), kinds=(Kind.SERVICE, Kind.NEWS), language="id-ID")
)
AT = KEPT.published_at
MATCHES = [
    (Filters(), True),
    (Filters(departments=("dinkes",)), True),
    (Filters(departments=("dinas-kesehatan", "bpbd")), True),
    (Filters(departments=("bpbd",)), False),
    (Filters(groups=("Dinas",)), True),
    (Filters(groups=("Badan",)), False),
    (Filters(areas=("Kanigaran",)), True),
    (Filters(areas=("Mayangan",)), False),
    (Filters(accounts=(KEPT.account.id,)), True),
    (Filters(accounts=(UUID(int=1),)), False),
    (Filters(platforms=(Platform.WEBFEED,)), True),
    (Filters(platforms=(Platform.X,)), False),
    (Filters(kinds=(Kind.NEWS,)), True),
    (Filters(kinds=(Kind.EMERGENCY,)), False),
    (Filters(types=(PostType.ORIGINAL,)), True),
    (Filters(types=(PostType.REPLY,)), False),
    (Filters(tags=("IMUNISASI",)), True),
    (Filters(tags=("vaksin",)), False),
    (Filters(languages=("id",)), True),
    (Filters(languages=("en",)), False),
    (Filters(since=AT, until=AT + timedelta(seconds=1)), True),
    (Filters(since=AT + timedelta(seconds=1)), False),
    (Filters(until=AT), False),
    (Filters(q='"imunisasi gratis" puskes* -hoaks'), True),
    (Filters(q="gratis -senin"), False),
    (Filters(q="imun"), False),
    (Filters(q="-"), False),
    (Filters(departments=("dinkes",), kinds=(Kind.EMERGENCY,)), False),
]


@pytest.mark.parametrize(("filters", "is_one"), MATCHES)
def test_every_filter_must_fit(filters, is_one):
    assert matches(filters, KEPT) is is_one


@pytest.mark.parametrize("type", PostType)
def test_replies_and_bare_reposts_are_for_those_who_ask(type):
    kept = replace(KEPT, post=made_post(type=type))
    assert matches(Filters(), kept) is (type not in {PostType.REPLY, PostType.REPOST})
    assert matches(Filters(types=(type,)), kept)


def test_a_deleted_post_is_matched_by_whose_it_was_alone():
    kept = made_kept(department=HEALTH, status=PostStatus.WITHDRAWN)
    assert matches(Filters(departments=("dinkes",), kinds=(Kind.EMERGENCY,), tags=("x",), q="y"), kept)
    assert not matches(Filters(departments=("bpbd",)), kept)


LISTS = [
    Filters(),
    Filters(departments=("bpbd",)),
    Filters(groups=("Dinas",), kinds=(Kind.SERVICE,)),
    Filters(areas=("Mayangan",)),
    Filters(accounts=(RESCUE.id,), tags=("imunisasi",)),
    Filters(platforms=(Platform.MASTODON,), languages=("en",)),
    Filters(types=(PostType.REPLY,)),
    Filters(q='"kabar 3"'),
    Filters(q="kab* -4"),
    Filters(since=datetime(2026, 11, 20, 2, 57, tzinfo=UTC)),
]


async def test_lists_and_matching_choose_the_same_posts(store):
    room = Newsroom(store, None)
    await open_newsroom(store)
    await room.publish(*(numbered(number, language="en" if number % 2 else "id-ID") for number in range(6)))
    types = (PostType.REPLY, PostType.QUOTE, PostType.REPOST)
    await room.publish(
        *(numbered(number, type=type) for number, type in enumerate(types, 3)),
        account=RESCUE,
    )
    everything = await store.read(latest_posts, Filters(types=tuple(PostType)))
    assert {kept.account for kept in everything} == {CLINIC, RESCUE}
    for filters in LISTS:
        listed = {kept.id for kept in await store.read(latest_posts, filters)}
        assert {kept.id for kept in everything if matches(filters, kept)} == listed, filters
