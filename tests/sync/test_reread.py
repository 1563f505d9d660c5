"""Posts are read again from what was kept: after new rules, with no network and no loss."""

from dataclasses import replace

from sqlalchemy import text

from feedhub.accounts.kinds import Kind, KindRule
from feedhub.posts.filters import Filters
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import PostStatus
from feedhub.running import reread_accounts
from feedhub.store.clock import clock_now, set_clock, take_clock
from feedhub.store.desk import GONE_AFTER, hide_gone, withdraw_post
from feedhub.store.lists import kept_post, latest_posts, post_versions
from feedhub.sync.serving import now
from standins import answer, standin
from walked import keep, posts_in, register_of, rss, walk, webfeed

BODY = rss(("c", "Bansos", "Cair."), ("b", "Vaksin", "Gratis."), ("a", "Bansos lama", "Sudah."))
RULES = (KindRule(kind=Kind.ASSISTANCE, words=("bansos",)),)


async def _collected(store):
    async with standin(answer(body=BODY)) as base:
        register = register_of([webfeed(base + "/feed")])
        await keep(store, register)
        await walk(store)
    return register


async def test_reading_again_changes_nothing_where_nothing_changed(store):
    await _collected(store)
    before = await store.read(clock_now), await posts_in(store)
    assert await reread_accounts(store, None) == (3, 0)
    assert (await store.read(clock_now), await posts_in(store)) == before


async def test_new_rules_make_new_versions_of_the_posts_they_change(store):
    register = await _collected(store)
    await keep(store, replace(register, kinds=RULES))
    number = (await store.read(clock_now)).number
    assert await reread_accounts(store, [register.accounts[0].id]) == (3, 2)
    found = await store.read(latest_posts, Filters(kinds=(Kind.ASSISTANCE,)))
    assert [kept.post.title for kept in found] == ["Bansos", "Bansos lama"]
    assert [kept.version for kept in found] == [2, 2]
    assert (await store.read(clock_now)).number == number + 2
    assert len(await store.read(post_versions, found[0].id)) == 2
    assert await reread_accounts(store, None) == (3, 0)


async def test_reading_again_does_not_forget_how_old_addresses_of_media_are(store):
    picture = "&lt;img src='https://dinkes.example/a.jpg'&gt; Bansos"
    async with standin(answer(body=rss(("a", "Bansos", picture)))) as base:
        register = register_of([webfeed(base + "/feed")])
        await keep(store, register)
        await walk(store)
    await store.write(lambda session: session.run(text("UPDATE post SET media_at = 7000")))
    await keep(store, replace(register, kinds=RULES))
    assert await reread_accounts(store, None) == (1, 1)
    assert (await store.read(lambda session: session.row(text("SELECT media_at FROM post")))).media_at == 7_000


async def test_a_mended_parser_is_seen_in_every_post_it_changes(store):
    """What an older parser kept is forged: another title, another fingerprint."""
    await _collected(store)
    await store.write(lambda session: session.run(text("UPDATE post SET fingerprint = 'old' WHERE version = 1")))
    assert await reread_accounts(store, None) == (3, 3)
    assert {kept.version for kept in await posts_in(store)} == {2}


async def test_withdrawn_and_gone_posts_stay_so(store):
    register = await _collected(store)
    first, second, _ = await posts_in(store)
    moment = now().replace(microsecond=0)
    await store.write(withdraw_post, first.id, notice=Notice(kind=NoticeKind.WITHDRAWAL, reason="Keliru.", at=moment))

    def declare_gone(session) -> None:
        number = hide_gone(session, [second.id], number=take_clock(session), at=moment)
        set_clock(session, hide_gone(session, [second.id], number=number, at=moment + GONE_AFTER), at=0)

    await store.write(declare_gone)
    await keep(store, replace(register, kinds=(KindRule(kind=Kind.EMERGENCY, words=("gratis", "cair")),)))
    assert (await reread_accounts(store, None))[1] == 0
    assert (await store.read(kept_post, first.id)).status is PostStatus.WITHDRAWN
    assert (await store.read(kept_post, second.id)).status is PostStatus.GONE
