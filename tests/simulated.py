"""A simulated city: stand-ins of platforms on loopback, a clock of its own, and a walk that follows them.

async with simulated(store, [Mastodon], start=…) as city:
    account = city.open(Mastodon, "dinkes")
    account.speaker.write("Imunisasi", at=city.now())
    await city.live(hours=6)
    await city.hold_against_truth()
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from feedhub.accounts.account import Account, Department, Platform, Publisher, Register
from feedhub.accounts.account_keys import default_key
from feedhub.accounts.credential import Credential
from feedhub.posts.decisions import post_id
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.credentials import keep_credential
from feedhub.store.register_keeping import import_register
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import Store
from feedhub.store.tables import posts
from feedhub.store.times import to_ms
from feedhub.sync.means import VisitReport
from feedhub.sync.serving import walking
from feedhub.sync.walk import Walk
from feedhub_demo.platforms.serving import serving_apps
from feedhub_demo.platforms.standin import PlatformStandIn, at_one_origin, behind_one_origin
from feedhub_demo.platforms.writing import Speaker, Written
from walked import OPTIONS

START = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)  # a Monday
STEP = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class Opened:
    """An account of a speaker. `left_out`: numbers of posts that were never to be collected."""

    standin: PlatformStandIn
    speaker: Speaker
    account: Account
    left_out: set[int] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class City:
    """Stand-ins, their accounts, and the walk. `moment` is the only time there is."""

    store: Store
    standins: dict[type[PlatformStandIn], PlatformStandIn]
    walk: Walk
    moment: datetime
    keyring: Keyring
    reports: list[VisitReport]
    accounts: list[Opened] = field(default_factory=list)
    others: list[Account] = field(default_factory=list)  # accounts without a stand-in
    plan: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    async def open(self, kind: type[PlatformStandIn], handle: str, *, name: str = "", connected: bool = True) -> Opened:
        """An account on a platform, registered and (where it needs one) with its credential."""
        standin = self.standins[kind]
        speaker = standin.speaker(handle, name or handle.title(), department=handle)
        platform = Platform(standin.platform)
        url = standin.account_url(speaker)
        account = Account(
            key=default_key(platform, url, None), platform=platform, department=handle, url=url, handle=handle
        )
        opened = Opened(standin=standin, speaker=speaker, account=account)
        self.accounts.append(opened)
        await self.register()
        if connected:
            await self.connect(opened)
        return opened

    async def register(self, others: Iterable[Account] = ()) -> None:
        """Import every account that was opened, and `others`."""
        self.others += others
        known = [opened.account for opened in self.accounts] + self.others
        slugs = sorted({account.department for account in known})
        register = Register(
            publisher=Publisher(name="Kota Contoh"),
            departments=tuple(Department(slug=slug, name=f"Dinas {slug.title()}") for slug in slugs),
            accounts=tuple(known),
        )
        await self.store.write(import_register, register, retire_missing=False, at=to_ms(self.moment))

    async def connect(self, opened: Opened) -> None:
        """Give FeedHub what the platform wants for this account, and for all of them."""
        for speaker, bound in ((None, None), (opened.speaker, opened.account.id)):
            said = opened.standin.credential(speaker)
            if said is not None:
                await self.store.write(
                    keep_credential, credential(opened.account.platform, said, bound), self.keyring, at=self.moment
                )

    def later(self, after: timedelta, act: Callable[[], object]) -> None:
        """Plan something for a time after now."""
        self.plan.append((self.moment + after, act))
        self.plan.sort(key=lambda planned: planned[0])

    async def live(self, span: timedelta, *, step: timedelta = STEP) -> None:
        """Let time pass: what is planned happens, and after each step every due account is visited."""
        end = self.moment + span
        while self.moment < end:
            self.moment += step
            while self.plan and self.plan[0][0] <= self.moment:
                if inspect.isawaitable(happened := self.plan.pop(0)[1]()):
                    await happened
            await self.walk.once(asyncio.Event())

    async def hold_against_truth(self, only: Iterable[Opened] | None = None) -> None:
        """What is kept is what the platforms show: every post, its text, its version, and what is gone."""
        rows = await self.store.read(lambda session: session.rows(select(posts)))
        for opened in only or self.accounts:
            kept = {row.id: row for row in rows if row.account_id == opened.account.id}
            native = opened.standin.native_id
            shown = {
                post_id(opened.account.id, native(opened.speaker, post)): post
                for post in opened.speaker.posts
                if opened.standin.is_shown(post) and post.number not in opened.left_out
            }
            live = {id: row for id, row in kept.items() if row.status == "live"}
            missing, too_many = shown.keys() - live.keys(), live.keys() - shown.keys()
            assert not missing, f"{opened.account.key} lacks {[shown[id].number for id in missing]}"
            assert not too_many, f"{opened.account.key} has {len(too_many)} posts that its platform does not show"
            for id, post in shown.items():
                document = post_from(expanded(live[id].document))
                assert not post.text or says(document, post), (opened.account.key, post.text, document.content_text)
                kept_as = (live[id].version, live[id].held_for, live[id].pending)
                assert live[id].version == versions_since(opened, post, live[id].collected_at), (
                    opened.account.key,
                    post,
                    kept_as,
                )
            hidden = {id: row for id, row in kept.items() if row.status != "live"}
            assert all(row.status == "gone" for row in hidden.values()), opened.account.key
            assert len(hidden) <= len(opened.speaker.deleted)


def versions_since(opened: Opened, post: Written, collected_at: int) -> int:
    """How many versions FeedHub can know: what was edited before it first saw the post, it never saw otherwise."""
    return 1 + sum(1 for at in opened.speaker.edits.get(post.number, ()) if to_ms(at) > collected_at)


def says(document, post: Written) -> bool:
    """Whether what was written can be read in what was kept, white space and added links aside."""
    said = " ".join(f"{document.title} {document.content_text}".split())
    return post.repeats or " ".join(post.text.split()) in said


def credential(platform: Platform, said: dict[str, object], account) -> Credential:
    """What a stand-in says that it takes, as FeedHub keeps it. Times are datetimes, the rest texts."""
    own = {"token", "refresh_token", "expires_at", "refresh_expires_at", "issued_at"}
    return Credential(
        platform=platform,
        account=account,
        others={name: str(value) for name, value in said.items() if name not in own},
        **{name: value for name, value in said.items() if name in own},
    )


@asynccontextmanager
async def simulated(
    store: Store, kinds: Iterable[type[PlatformStandIn]], *, start: datetime = START, **options: object
) -> AsyncIterator[City]:
    """A city of these platforms, from `start` on; ends with everything stopped."""
    city: City | None = None

    def now() -> datetime:
        return city.moment if city else start

    standins = {kind: kind(now=now) for kind in kinds}
    async with serving_all(standins.values()) as detours:
        reports: list[VisitReport] = []
        asked = replace(OPTIONS, min_interval=1800.0, max_interval=7200.0, fetch_detours=detours, **options)
        async with walking(store, asked, report=reports.append, clock=now) as walk:
            keyring = Keyring((await store.write(made_signing_key),))
            city = City(store=store, standins=standins, walk=walk, moment=start, keyring=keyring, reports=reports)
            yield city


@asynccontextmanager
async def serving_all(standins: Iterable[PlatformStandIn]) -> AsyncIterator[tuple[tuple[str, str], ...]]:
    """Stand-ins on loopback; the detours that lead to them. Those of one origin share each other's ports."""
    known = list(standins)
    apps = [behind_one_origin(at_one_origin(standin, known)) for standin in known]
    async with serving_apps(apps) as addresses:
        for standin, address in zip(known, addresses, strict=True):
            standin.media = f"{address}/media"
        yield tuple(
            (origin, address) for standin, address in zip(known, addresses, strict=True) for origin in standin.origins
        )
