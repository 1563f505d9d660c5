"""A FeedHub of made accounts in a folder, to be walked and measured."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedhub.accounts.account import Account
    from feedhub.store.session import Store
    from feedhub.sync.serving import WalkOptions


def made_store(urls: Sequence[str], folder: str) -> "tuple[Store, tuple[Account, ...]]":
    """A migrated store with a webfeed account for each address."""
    from feedhub.accounts.account import Account, Department, Platform, Register
    from feedhub.logs import set_up_logs
    from feedhub.store.migrations import migrate
    from feedhub.store.register_keeping import import_register
    from feedhub.store.session import open_store
    from feedhub.store.times import to_ms
    from feedhub.sync.serving import now

    set_up_logs("console", quiet=True)
    database = f"sqlite:///{folder}/feedhub.sqlite"
    migrate(database)
    store = open_store(database)
    accounts = tuple(Account(key=url, platform=Platform.WEBFEED, department="d", url=url) for url in urls)
    register = Register(departments=(Department(slug="d", name="D"),), accounts=accounts)
    store.write_now(import_register, register, retire_missing=False, at=to_ms(now()))
    return store, accounts


def walk_options(*, visits: int) -> "WalkOptions":
    """A walk on loopback without politeness, `visits` at once."""
    from feedhub.sync.serving import WalkOptions

    return WalkOptions(
        contact="",
        public_url="http://127.0.0.1",
        fetch_allow="127.0.0.0/8",
        fetch_timeout=30,
        fetch_max_bytes=1 << 24,
        host_concurrency=2,
        host_spacing=0,
        sync_concurrency=visits,
        min_interval=60,
        max_interval=3600,
    )
