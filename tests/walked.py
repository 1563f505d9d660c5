"""A register of loopback feeds and a real walk over it, for tests."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from feedhub.accounts.account import HOLD_RULES, Account, Department, Platform, Publisher, Register
from feedhub.accounts.kinds import KindRule
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.store.lists import latest_posts
from feedhub.store.register_keeping import import_register
from feedhub.store.session import Store
from feedhub.store.times import to_ms
from feedhub.store.visits import AccountState, account_states
from feedhub.sync.means import VisitReport
from feedhub.sync.serving import WalkOptions, now, walking

OPTIONS = WalkOptions(
    contact="admin@example.org",
    public_url="http://127.0.0.1:8000",
    fetch_allow="127.0.0.0/8",
    fetch_timeout=10.0,
    fetch_max_bytes=16 * 1024 * 1024,
    host_concurrency=2,
    host_spacing=0.0,
    sync_concurrency=8,
    min_interval=60.0,
    max_interval=3600.0,
)


# For accounts that speak as no department does.
UNWATCHED = tuple((rule, 0) for rule in HOLD_RULES)


def webfeed(url: str, *, department: str = "dinkes") -> Account:
    """An account whose key is its address, as in a register that states it."""
    return Account(key=f"webfeed:{url}", platform=Platform.WEBFEED, department=department, url=url)


def register_of(accounts: Iterable[Account], *, kinds: tuple[KindRule, ...] = ()) -> Register:
    """A register of these accounts, with the departments that they name."""
    spoken = tuple(accounts)
    slugs = sorted({account.department for account in spoken})
    return Register(
        publisher=Publisher(name="Kota Contoh"),
        kinds=kinds,
        departments=tuple(Department(slug=slug, name=f"Dinas {slug.title()}") for slug in slugs),
        accounts=spoken,
    )


async def keep(store: Store, register: Register) -> None:
    """Import a register."""
    await store.write(import_register, register, retire_missing=False, at=to_ms(now()))


async def walk(
    store: Store,
    *accounts: Account,
    options: WalkOptions = OPTIONS,
    clock: Callable[[], datetime] = now,
    **changed: object,
) -> dict[str, VisitReport]:
    """Visit these accounts once (none named = every due one); what each visit came to, by url."""
    reports: dict[str, VisitReport] = {}

    def note(report: VisitReport) -> None:
        reports[str(report.account.url)] = report

    async with walking(store, replace(options, **changed), report=note, clock=clock) as walker:
        await walker.once(asyncio.Event(), only=[account.id for account in accounts] or None)
    return reports


async def posts_in(store: Store, *, limit: int = 200) -> tuple[KeptPost, ...]:
    """Every live post, newest first."""
    found: list[KeptPost] = []
    while page := await store.read(latest_posts, Filters(limit=limit), before=found[-1].order_key if found else None):
        found += page
    return tuple(found)


async def states(store: Store) -> dict[str, AccountState]:
    """The state of each account, by url."""
    return {str(state.account.url): state for state in await store.read(account_states)}


def rss(*items: tuple[str, str, str], title: str = "Berita") -> bytes:
    """An RSS document of (guid, title, text) items; a guid's first letter is its hour."""
    written = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{headline}</title><description>{text}</description>"
        f"<pubDate>Fri, 20 Nov 2026 {ord(guid[0]) % 24:02}:00:00 +0700</pubDate></item>"
        for guid, headline, text in items
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{written}</channel></rss>".encode()
