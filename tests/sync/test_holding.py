"""Hold rules, delay, stop and lift over real walks, on both databases."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import select

from feedhub.accounts.account import AccountStatus
from feedhub.errors import FeedHubError, NotKnown
from feedhub.posts.decisions import post_id
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.running import let_go, release_named
from feedhub.store.clock import clock_now, set_clock, take_clock
from feedhub.store.desk import GONE_AFTER, hide_gone, withdraw_post
from feedhub.store.held import drop_held, held_accounts, held_list
from feedhub.store.lists import kept_post, post_versions
from feedhub.store.register_keeping import import_register, set_account_status
from feedhub.store.stopping import lift_account, stop_account
from feedhub.store.tables import posts
from feedhub.store.times import to_ms
from feedhub_demo.platforms.mastodon import Mastodon
from hijacks import HIJACKS
from simulated import simulated
from standins import answer, standin
from walked import keep, posts_in, register_of, states, walk, webfeed

# What is held is decided in Python; the other database is asked in long runs, and of every kind of act in tests/store.
pytestmark = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True
)

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTICE = Notice(kind=NoticeKind.WITHDRAWAL, reason="Sudah lama keliru.", at=START)
# By these a harmful link of the scenarios is told from one that passes.
SIGNS = [
    "slot",
    "judi",
    "giveaway",
    "btc",
    "bansos-",
    "bansos26",
    "bansoskota",
    "probolinggo",
    "cekbansos",
    "6281299",
    "discord",
    "apk",
    "undangan",
    "gempa",
]
JADWAL = "Jadwal di https://dinkes.contoh.example/jadwal"


class Site:
    """A department's site whose feed a test writes, with a clock of its own."""

    def __init__(self, store, base: str, **account: object) -> None:
        self.store, self.moment = store, START
        self.account = replace(webfeed(base + "/feed"), **account)
        self.items: dict[str, tuple[str, str, datetime]] = {}

    def now(self) -> datetime:
        return self.moment

    def write(self, guid: str, text: str, *, at: datetime | None = None) -> None:
        known = self.items.get(guid)
        self.items[guid] = (f"Kabar {guid}", text, at or (known[2] if known else self.moment))

    def body(self, _asked: object = None) -> bytes:
        written = "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><description>{text}</description>"
            f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for guid, (title, text, at) in sorted(self.items.items(), key=lambda one: one[1][2], reverse=True)
        )
        return answer(body=f"<rss version='2.0'><channel><title>Berita</title>{written}</channel></rss>".encode())

    async def visit(self, *, after: timedelta = HOUR) -> None:
        self.moment += after
        report = (await walk(self.store, self.account, clock=self.now))[self.account.url]
        assert report.succeeded, report

    async def release(self, *ids) -> object:
        return await release_named(self.store, ids)

    async def live(self) -> set[str]:
        return {kept.post.native_id for kept in await posts_in(self.store)}

    async def row(self, guid: str):
        id = post_id(self.account.id, guid)
        return await self.store.read(lambda session: session.row(select(posts).where(posts.c.id == id)))

    async def text(self, guid: str) -> str:
        kept = await self.store.read(kept_post, (await self.row(guid)).id)
        return kept.post.content_text

    async def held(self) -> dict[str, tuple[str, str]]:
        found = await self.store.read(held_list, account=self.account.id)
        return {one.title.removeprefix("Kabar "): (one.rule, one.what.value) for one in found}


@pytest_asyncio.fixture
async def made(store):
    """Makes a site with thirty old posts that FeedHub has collected; what is named changes the register's account."""
    sites: list[Site] = []

    def newest(asked: object) -> bytes:
        return sites[-1].body(asked)

    async with AsyncExitStack() as open_sites:

        async def make(**account: object) -> Site:
            base = await open_sites.enter_async_context(standin(newest))
            site = Site(store, base, **account)
            sites.append(site)
            for place in range(30):
                site.write(f"lama-{place:02}", JADWAL, at=START - timedelta(days=40 - place))
            await keep(store, register_of([site.account]))
            await site.visit()
            return site

        yield make


async def test_a_link_to_a_stranger_is_held_until_a_person_says_yes(made, store):
    site = await made()
    assert len(await site.live()) == 30
    site.write("biasa", "Lihat https://dinkes.contoh.example/lagi dan https://www.youtube.com/watch?v=1")
    site.write("judi", "Daftar di https://slot-gacor.example.xyz/daftar")
    await site.visit()
    assert "biasa" in await site.live()
    assert "judi" not in await site.live()
    row = await site.row("judi")
    assert (row.status, row.held_for, row.was_public) == ("held", "links", False)
    assert "example.xyz" in row.held_reason
    assert await store.read(kept_post, row.id) is None
    assert (await states(store))[site.account.url].held == {"links": 1}
    assert "links" in (await states(store))[site.account.url].sentence
    before = (await store.read(clock_now)).number
    assert (await site.release(row.id)).posts == 1
    assert "judi" in await site.live()
    assert (await store.read(clock_now)).number == before + 1
    assert [one.version for one in await store.read(post_versions, row.id)] == [1]
    site.write("lagi", "Juga https://example.xyz/x")
    await site.visit()
    assert "lagi" in await site.live()
    assert (await site.release(row.id)).posts == 0


async def test_hijacks_by_a_link_are_held_over_a_real_walk(made):
    """The same scenarios as in test_hijacks.py, as a site would show them."""
    site = await made(holds=(("burst", 0),))
    told = [hijack.looks[0].said[0] for hijack in HIJACKS if hijack.looks[0].said and hijack.past == 200]
    strange = [
        said
        for said in told
        if said.number == 1_000 and any(sign in f"{said.text} {said.links} {said.alt}" for sign in SIGNS)
    ]
    for place, said in enumerate(strange):
        links = "".join(f'<a href="{link}">laman</a>' for link in said.links)
        picture = f'<img src="https://cdn.example/1.jpg" alt="{said.alt}">' if said.alt else ""
        site.write(f"x{place}", escape(f"<p>{said.text} {links}{picture}</p>"))
    site.write("biasa", escape('<p>Formulir <a href="https://forms.gle/abc">di sini</a>, oleh Budi, M.Si.</p>'))
    await site.visit()
    assert len(strange) > 30
    assert await site.held() == {f"x{place}": ("links", "post") for place in range(len(strange))}
    assert "biasa" in await site.live()


async def test_what_is_dropped_is_never_shown(made, store):
    site = await made()
    site.write("judi", "Daftar di https://slot-gacor.example.xyz/daftar")
    await site.visit()
    row = await site.row("judi")
    assert await store.write(drop_held, [row.id]) == 1
    assert await store.write(drop_held, [row.id]) == 0
    site.write("judi", "Daftar lagi di https://slot-gacor.example.xyz/daftar")
    await site.visit()
    assert "judi" not in await site.live()
    assert await site.held() == {}


async def test_an_edit_of_a_held_post_is_what_a_person_sees_and_releases(made, store):
    site = await made()
    site.write("kirim", "Daftar di https://baru.example.xyz/")
    await site.visit()
    site.write("kirim", "Daftar di https://baru.example.xyz/ (ralat)")
    await site.visit()
    await site.release((await site.row("kirim")).id)
    assert "ralat" in await site.text("kirim")
    assert (await site.row("kirim")).version == 1


async def test_an_edit_with_a_strange_link_is_held_back_and_the_old_version_stays(made, store):
    site = await made()
    site.write("lama-05", "Jadwal baru: https://judi.example.xyz/")
    await site.visit()
    row = await site.row("lama-05")
    assert (row.status, row.version, row.held_for) == ("live", 1, "links")
    assert "judi" not in await site.text("lama-05")
    await site.visit()
    assert await site.held() == {"lama-05": ("links", "edit")}
    assert (await site.release(row.id)).edits == 1
    assert "judi" in await site.text("lama-05")
    row = await site.row("lama-05")
    assert (row.version, row.held_for, row.pending) == (2, None, None)


async def test_an_edit_that_its_platform_takes_back_waits_no_more(made, store):
    site = await made()
    old = site.items["lama-05"]
    site.write("lama-05", "Jadwal baru: https://judi.example.xyz/")
    await site.visit()
    site.items["lama-05"] = old
    await site.visit()
    assert await site.held() == {}
    assert (await site.row("lama-05")).version == 1


async def test_mass_edits_are_held_back_and_a_dropped_one_stays_so(made, store):
    site = await made()
    for place in range(12):
        site.write(f"lama-{place:02}", "Semua berubah.")
    await site.visit()
    assert set((await site.held()).values()) == {("mass", "edit")}
    assert len(await site.held()) == 12
    ids = [(await site.row(f"lama-{place:02}")).id for place in range(12)]
    await store.write(drop_held, ids[:2])
    assert (await site.release(site.account.id)).edits == 10
    await site.visit()
    assert "Jadwal" in await site.text("lama-00")
    assert "berubah" in await site.text("lama-11")
    assert await site.held() == {}


async def test_a_few_edits_are_no_mass(made):
    site = await made()
    for place in range(5):
        site.write(f"lama-{place:02}", "Diperbaiki.")
    await site.visit()
    assert await site.held() == {}
    assert "Diperbaiki" in await site.text("lama-03")


async def test_a_burst_holds_the_whole_visit_and_catching_up_is_none(made):
    site = await made()
    for place in range(30):
        site.write(f"susul-{place:02}", "Susulan.", at=site.moment + timedelta(hours=8 * place))
    await site.visit(after=timedelta(days=11))
    assert await site.held() == {}
    for place in range(20):
        site.write(f"banjir-{place:02}", "Menang besar!", at=site.moment + timedelta(minutes=place))
    await site.visit()
    assert set((await site.held()).values()) == {("burst", "post")}
    assert len(await site.held()) == 20
    assert (await site.release(site.account.id)).posts == 20


async def test_rules_are_tuned_for_an_account(made):
    site = await made(holds=(("links", 0), ("burst", 3)))
    site.write("a", "https://baru.example.xyz/")
    await site.visit()
    assert "a" in await site.live()
    for place in range(4):
        site.write(f"b{place}", "Kabar.")
    await site.visit()
    assert len(await site.held()) == 4


async def test_a_delay_shows_posts_and_edits_later_and_a_withdrawal_meanwhile_wins(made, store):
    site = await made(delay=3 * 3600)
    assert await site.live() == set()
    assert (await store.read(clock_now)).number
    await site.visit(after=4 * HOUR)
    assert len(await site.live()) == 30
    site.write("baru", "Kabar baru.")
    site.write("tarik", "Kabar keliru.")
    site.write("lama-07", "Diperbaiki.")
    await site.visit()
    assert {"baru", "tarik"} & await site.live() == set()
    assert "Diperbaiki" not in await site.text("lama-07")
    await store.write(withdraw_post, (await site.row("tarik")).id, notice=NOTICE)
    await site.visit()
    assert "baru" not in await site.live()
    await site.visit(after=3 * HOUR)
    assert "baru" in await site.live()
    assert "tarik" not in await site.live()
    assert "Diperbaiki" in await site.text("lama-07")
    assert (await site.row("lama-07")).version == 2


async def test_a_deletion_during_a_delay_wins(made, store):
    site = await made(delay=3 * 3600)
    await site.visit(after=4 * HOUR)
    site.write("hapus", "Keliru.")
    await site.visit()
    id = (await site.row("hapus")).id
    await store.write(called_gone, id, at=site.moment)
    del site.items["hapus"]
    await site.visit(after=6 * HOUR)
    assert "hapus" not in await site.live()
    await store.write(called_gone, id, at=site.moment + GONE_AFTER)
    assert (await site.row("hapus")).status == "gone"


def called_gone(session, *ids, at, kept=None):
    number = take_clock(session)
    newest = hide_gone(session, ids, number=number, at=at, kept=kept)
    if newest != number:
        set_clock(session, newest, at=to_ms(at))


async def test_deletions_that_are_too_many_are_followed_only_when_approved(made, store):
    site = await made()
    ids = [(await site.row(f"lama-{place:02}")).id for place in range(8)]
    for _ in range(2):
        await store.write(called_gone, *ids, at=site.moment, kept="8 of the account's posts were taken away at once.")
    assert len(await site.live()) == 30
    assert set((await site.held()).values()) == {("mass", "deletion")}
    await store.write(drop_held, ids[:3])
    assert (await site.release(site.account.id)).deletions == 5
    assert len(await site.live()) == 25
    await store.write(called_gone, *ids[:3], at=site.moment)
    assert len(await site.live()) == 25


async def test_what_nobody_approved_stays_hidden_though_its_platform_called_it_gone(made, store):
    site = await made()
    for place in range(20):
        site.write(f"b{place}", "Menang!")
    await site.visit()
    assert set((await site.held()).values()) == {("burst", "post")}
    dropped, called = (await site.row("b0")).id, (await site.row("b1")).id
    await store.write(drop_held, [dropped])
    for _ in range(2):
        await store.write(called_gone, dropped, called, at=site.moment)
        site.moment += GONE_AFTER
    assert (await site.row("b1")).status == "gone"
    site.write("biasa", "Pagi.")
    await site.visit(after=timedelta(days=10))
    row = await site.row("b0")
    assert (row.status, row.held_for, row.was_public) == ("held", "dropped", False)
    row = await site.row("b1")
    assert (row.status, row.held_for, row.was_public) == ("held", "burst", False)
    assert await site.live() == {"biasa", *(f"lama-{place:02}" for place in range(30))}
    await site.release(called)
    assert [one.version for one in await store.read(post_versions, called)] == [2]


async def test_an_edit_that_was_refused_is_not_shown_by_way_of_a_deletion(made, store):
    site = await made()
    site.write("lama-05", "Daftar di https://slot-gacor.example.xyz/daftar")
    await site.visit()
    id = (await site.row("lama-05")).id
    await store.write(drop_held, [id])
    await store.write(called_gone, id, at=site.moment)
    site.write("biasa", "Pagi.")
    await site.visit()
    assert await site.held() == {"lama-05": ("links", "post")}
    await site.release(id)
    assert "slot-gacor" in await site.text("lama-05")
    # What was hidden for a while was public before.
    assert [one.version for one in await store.read(post_versions, id)] == [2, 1]


async def hijacked(site: Site) -> set[str]:
    """Two posts of a hijacker came, one old post is withdrawn by itself, then the desk stops the account; what lived before."""
    site.write("x1", "Menang!")
    site.write("x2", "Menang lagi!")
    await site.visit()
    await site.store.write(withdraw_post, (await site.row("lama-03")).id, notice=NOTICE)
    before = await site.live()
    assert (await stop(site)).withdrawn == 2
    return before


async def stop(site: Site, reason: str = "Akun diretas."):
    return await site.store.write(stop_account, site.account.id, since=START + HOUR, reason=reason, at=site.moment)


async def test_a_stop_withdraws_what_came_since_a_moment(made, store):
    site = await made()
    await hijacked(site)
    row = await site.row("x1")
    kept = await store.read(kept_post, row.id)
    assert (row.status, kept.notice.reason) == ("withdrawn", "Akun diretas.")
    number = (await store.read(clock_now)).number
    assert (await stop(site, "Lagi.")).withdrawn == 0
    assert (await store.read(clock_now)).number == number
    state = (await states(store))[site.account.url]
    assert (state.account.status, state.delivering) == (AccountStatus.STOPPED, False)
    with pytest.raises(FeedHubError):
        await store.write(set_account_status, [site.account.id], AccountStatus.ACTIVE, at=to_ms(site.moment))


async def test_a_stopped_account_is_asked_and_all_that_is_new_is_held(made):
    site = await made()
    before = await hijacked(site)
    site.write("x3", "Menang terus!")
    site.write("lama-09", "Diubah peretas.")
    await site.visit()
    assert await site.live() == before - {"x1", "x2"}
    assert "Diubah" not in await site.text("lama-09")
    assert await site.held() == {"x3": ("stop", "post"), "lama-09": ("stop", "edit")}
    with pytest.raises(FeedHubError):
        await site.release((await site.row("x3")).id)


async def test_a_lift_revives_only_what_the_stop_withdrew(made, store):
    site = await made()
    before = await hijacked(site)
    site.write("x3", "Menang terus!")
    site.write("x4", "https://judi.example.xyz/")
    site.write("x1", "Menang! (diubah)")
    site.write("lama-09", "Diubah peretas.")
    await site.visit()
    # A person withdraws one of them for good meanwhile.
    await store.write(withdraw_post, (await site.row("x2")).id, notice=NOTICE)
    lifted = await store.write(lift_account, site.account.id, at=site.moment)
    assert (lifted.revived, lifted.released, lifted.held) == (1, 1, 1)
    assert ((await site.row("x1")).version, "diubah" in await site.text("x1")) == (1, False)
    await let_go(store)
    assert "diubah" in await site.text("x1")
    assert "peretas" in await site.text("lama-09")
    assert await site.live() == (before | {"x3"}) - {"x2"}
    assert await site.held() == {"x4": ("links", "post")}
    number = (await store.read(clock_now)).number
    assert (await store.write(lift_account, site.account.id, at=site.moment)).revived == 0
    assert (await store.read(clock_now)).number == number
    assert (await states(store))[site.account.url].account.status is AccountStatus.ACTIVE


async def test_a_stop_outlasts_leaving_the_register(made, store):
    site = await made()
    await hijacked(site)
    other = register_of([replace(site.account, key="webfeed:lain", url="http://lain.example/")])
    await store.write(import_register, other, retire_missing=True, at=to_ms(site.moment))
    await keep(store, register_of([site.account]))
    site.write("x3", "Menang terus!")
    await site.visit()
    assert await site.held() == {"x3": ("stop", "post")}
    lifted = await store.write(lift_account, site.account.id, at=site.moment)
    assert (lifted.revived, lifted.released) == (2, 1)


async def test_a_stop_during_a_visit_wins(made, store):
    """The visit asked before the stop and writes after it."""
    site = await made()
    site.write("x1", "Menang!")
    body = site.body

    async def stop_first() -> None:
        await store.write(
            stop_account, site.account.id, since=START + HOUR, reason="Akun diretas.", at=START + 2 * HOUR
        )

    loop = asyncio.get_running_loop()
    pending = []

    def slow(asked: object = None) -> bytes:
        pending.append(loop.create_task(stop_first()))
        return body(asked)

    site.body = slow
    await site.visit()
    await asyncio.gather(*pending)
    row = await site.row("x1")
    assert row.status in {"held", "withdrawn"}
    assert "x1" not in await site.live()
    site.body = body
    await site.visit()
    assert "x1" not in await site.live()


async def test_unknown_accounts_can_not_be_stopped(store):
    for act, more in ((stop_account, {"since": START, "reason": "x"}), (lift_account, {})):
        with pytest.raises(NotKnown):
            await store.write(act, UUID(int=5), at=START, **more)
    assert await store.read(held_accounts) == ()


async def test_a_changed_profile_holds_everything_until_a_person_approves(store):
    async with simulated(store, [Mastodon]) as city:
        opened = await city.open(Mastodon, "dinkes", name="Dinas Kesehatan")
        for place in range(8):
            opened.speaker.write(f"Kabar {place}", at=city.moment - timedelta(days=9 - place))
        await city.live(2 * HOUR)
        opened.speaker.name = "DINAS  Kesehatan 🏥"
        opened.speaker.write("Kabar biasa", at=city.now())
        await city.live(2 * HOUR)
        await city.hold_against_truth()
        opened.speaker.name = "Tesla Giveaway"
        opened.speaker.write("Hello world", at=city.now())
        opened.speaker.edit(1, at=city.now(), text="Kabar lain")
        await city.live(4 * HOUR)
        opened.speaker.name = "Dinas Kesehatan"
        opened.speaker.write("Kami kembali", at=city.now())
        await city.live(4 * HOUR)
        assert len(await posts_in(store)) == 9
        [held] = await store.read(held_accounts)
        assert "Tesla" in held.reason
        assert "profile" in next(iter((await states(store)).values())).sentence
        found = await store.read(held_list, account=opened.account.id)
        assert {(one.rule, one.what.value) for one in found} == {("profile", "post"), ("profile", "edit")}
        await release_named(store, [opened.account.id])
        await city.live(HOUR)
        await city.hold_against_truth()
        assert await store.read(held_accounts) == ()
