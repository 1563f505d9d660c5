"""What a visit keeps, and what it leaves alone."""

import pytest

from feedhub.accounts.kinds import Kind, KindRule
from feedhub.posts.filters import Filters
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import PostStatus
from feedhub.store.clock import clock_now, set_clock, take_clock
from feedhub.store.desk import GONE_AFTER, hide_gone, withdraw_post
from feedhub.store.lists import kept_post, latest_posts, post_versions, tombstones
from feedhub.sync.serving import now
from standins import answer, standin
from walked import keep, posts_in, register_of, rss, states, walk, webfeed

FIRST = rss(("b", "Vaksin", "Gratis di puskesmas."), ("a", "Bansos", "Cair besok."))
EDITED = rss(("c", "Banjir", "Waspada."), ("b", "Vaksin", "Gratis di semua puskesmas."), ("a", "Bansos", "Cair besok."))


class Feed:
    """A feed that a test rewrites."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def __call__(self, _asked: object) -> bytes:
        return answer(body=self.body)


async def test_visit_keeps_new_and_edited_posts_only(store):
    feed = Feed(FIRST)
    async with standin(feed) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        assert (await walk(store, account))[account.url].new == 2
        feed.body = EDITED
        report = (await walk(store, account))[account.url]
    assert (report.new, report.edited) == (1, 1)
    titles = [kept.post.title for kept in await posts_in(store)]
    assert titles == ["Banjir", "Vaksin", "Bansos"]
    vaksin = next(kept for kept in await posts_in(store) if kept.post.title == "Vaksin")
    versions = await store.read(post_versions, vaksin.id)
    assert [(one.version, one.post.content_text) for one in versions] == [
        (2, "Gratis di semua puskesmas."),
        (1, "Gratis di puskesmas."),
    ]
    assert versions[0].change > versions[1].change


async def test_an_item_that_returns_to_its_old_text_is_edited_again(store):
    feed = Feed(FIRST)
    async with standin(feed) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
        feed.body = rss(("b", "Vaksin", "Berubah."), ("a", "Bansos", "Cair besok."))
        await walk(store, account)
        feed.body = FIRST + b" "
        assert (await walk(store, account))[account.url].edited == 1
    newest = next(kept for kept in await posts_in(store) if kept.post.title == "Vaksin")
    assert (newest.version, newest.post.content_text) == (3, "Gratis di puskesmas.")


async def test_changes_take_numbers_in_the_order_of_time(store):
    async with standin(answer(body=EDITED)) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        before = (await store.read(clock_now)).number
        await walk(store, account)
    kept = await posts_in(store)
    assert [one.change - before for one in reversed(kept)] == [1, 2, 3]
    assert (await store.read(clock_now)).number == before + 3


async def test_a_withdrawn_post_stays_withdrawn_when_its_platform_edits_it(store):
    feed = Feed(FIRST)
    async with standin(feed) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
        vaksin = next(kept for kept in await posts_in(store) if kept.post.title == "Vaksin")
        notice = Notice(kind=NoticeKind.WITHDRAWAL, reason="Keliru.", at=now().replace(microsecond=0))
        await store.write(withdraw_post, vaksin.id, notice=notice)
        feed.body = EDITED
        report = (await walk(store, account))[account.url]
    assert (report.new, report.edited) == (1, 0)
    kept = await store.read(kept_post, vaksin.id)
    assert (kept.status, kept.post, kept.notice) == (PostStatus.WITHDRAWN, None, notice)
    assert await store.read(post_versions, vaksin.id) == ()
    assert [one.reason for one in await store.read(tombstones, Filters(), since=notice.at)] == ["Keliru."]
    assert vaksin.id not in {found.id for found in await store.read(latest_posts, Filters(q="vaksin"))}


async def test_first_visit_and_old_posts_are_backfill(store):
    feed = Feed(FIRST)
    async with standin(feed) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
        feed.body = rss(("old", "Lama", "Arsip."))
        await walk(store, account)
        fresh = (
            f"<item><guid>new</guid><title>Baru</title><pubDate>{now():%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        )
        feed.body = FIRST.replace(b"<item>", fresh.encode() + b"<item>", 1)
        await walk(store, account)
    backfill = {kept.post.title: kept.backfill for kept in await posts_in(store)}
    assert backfill == {"Vaksin": True, "Bansos": True, "Lama": True, "Baru": False}


@pytest.mark.parametrize(
    "date", ["", "<pubDate>kemarin sore</pubDate>", "<pubDate>Mon, 01 Jan 2096 00:00:00 GMT</pubDate>"]
)
async def test_a_date_that_is_not_known_is_when_it_was_collected(store, date):
    body = f"<rss version='2.0'><channel><item><guid>x</guid><title>T</title>{date}</item></channel></rss>".encode()
    async with standin(answer(body=body)) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
    (kept,) = await posts_in(store)
    assert kept.published_is_made
    assert kept.published_at == kept.collected_at


async def test_a_failed_visit_says_why_and_loses_nothing(store):
    feed = Feed(FIRST)
    async with standin(feed) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
        feed.body = b"<html><body>Sedang diperbaiki</body></html>"
        report = (await walk(store, account))[account.url]
        assert report.outcome == "not_a_feed"
        state = (await states(store))[account.url]
        assert not state.delivering
        assert state.reason
        assert state.remedy
        assert state.posts == 2
        feed.body = EDITED
        assert (await walk(store, account))[account.url].new == 1
    assert (await states(store))[account.url].delivering


async def test_posts_published_at_one_moment_are_all_kept_and_ordered(store):
    items = "".join(
        f"<item><guid>{number}</guid><title>T{number}</title><pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate></item>"
        for number in range(300)
    )
    body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    async with standin(answer(body=body)) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
    kept = await posts_in(store, limit=37)
    assert len({one.id for one in kept}) == len(kept) == 300
    assert [one.order_key for one in kept] == sorted({one.order_key for one in kept}, reverse=True)


async def test_kinds_come_from_the_registers_rules(store):
    rules = (KindRule(kind=Kind.ASSISTANCE, words=("bansos",)), KindRule(kind=Kind.EMERGENCY, words=("waspada",)))
    async with standin(answer(body=EDITED)) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account], kinds=rules))
        await walk(store, account)
    found = await store.read(latest_posts, Filters(kinds=(Kind.ASSISTANCE,)))
    assert [kept.post.title for kept in found] == ["Bansos"]
    assert [kept.post.title for kept in await store.read(latest_posts, Filters(kinds=(Kind.EMERGENCY,)))] == ["Banjir"]


async def test_a_post_that_was_gone_is_live_again_as_a_new_version(store):
    feed = Feed(FIRST)
    async with standin(feed) as base:
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        await walk(store, account)
        post = next(kept for kept in await posts_in(store) if kept.post.title == "Vaksin").id

        def declare_gone(session) -> None:
            number = hide_gone(session, [post], number=take_clock(session), at=now())
            set_clock(session, hide_gone(session, [post], number=number, at=now() + GONE_AFTER), at=1)

        await store.write(declare_gone)
        assert (await store.read(kept_post, post)).status is PostStatus.GONE
        assert await store.read(post_versions, post) == ()
        feed.body = rss(("b", "Vaksin", "Kembali tersedia."), ("a", "Bansos", "Cair besok."))
        assert (await walk(store, account))[account.url].edited == 1
    versions = await store.read(post_versions, post)
    assert [(one.version, one.post.content_text) for one in versions] == [
        (2, "Kembali tersedia."),
        (1, "Gratis di puskesmas."),
    ]
