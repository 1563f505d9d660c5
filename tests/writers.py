"""Writers that change the city at random through the store's real acts, and often change their minds.

Run as a script, one is a process of its own: `python tests/writers.py DATABASE_URL SEED CHANGES POSTS AT_ONCE`.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

sys.path.append(str(Path(__file__).parent))

from feedhub.errors import FeedHubError, StoreBusy
from feedhub.posts.decisions import decide, post_id
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.seen import seen_post
from feedhub.store.changes import changes_after
from feedhub.store.clock import clock_now, set_clock, take_clock
from feedhub.store.desk import hide_gone, withdraw_post
from feedhub.store.keeping import held_posts, keep_decisions
from feedhub.store.register_keeping import import_register
from feedhub.store.session import ReadSession, Store, WriteSession, open_store
from feedhub.store.stopping import lift_account, stop_account
from feedhub.store.times import to_ms
from web.newsroom import CITY, CLINIC, NOW, RESCUE, numbered

# How often each act is chosen. Stops and lifts move every post of an account at once.
USUAL = {"publish": 60, "withdraw": 6, "go": 12, "rename": 2, "stop": 1, "lift": 1}


class ChangedMind(Exception):
    """What a writer rolls an act back with."""


@dataclass(frozen=True)
class Writing:
    """What writers do: acts by weight, among so many posts of each account, and how often an act is rolled back."""

    posts: int = 60
    at_once: int = 8  # posts in one act, at most
    rollbacks: float = 0.25
    weights: tuple[tuple[str, int], ...] = tuple(USUAL.items())


def write_some(store: Store, chance: Random, writing: Writing) -> int:
    """One random act, all or nothing; how many numbers it used. Where it was rolled back, none."""
    names, weights = zip(*writing.weights, strict=True)
    act = chance.choices(names, weights)[0]
    fails = chance.random() < writing.rollbacks
    seed = chance.getrandbits(64)

    def once(session: WriteSession) -> int:
        before = take_clock(session)
        with suppress(FeedHubError):  # a post that is not there yet, a stop that is no more
            _ACTS[act](session, Random(seed), writing)
        if fails:
            raise ChangedMind
        return take_clock(session) - before

    while True:
        try:
            return store.write_now(once)
        except ChangedMind:
            return 0
        except StoreBusy:  # SQLite's other writers
            continue


@contextmanager
def writers_beside(database_url: str, *, writers: int, acts: int, writing: Writing) -> Iterator[Callable[[], bool]]:
    """Writers in threads, each with connections of its own. Gives a question: are they done?"""
    faults: list[BaseException] = []

    def write(seed: int) -> None:
        store, chance = open_store(database_url), Random(seed)
        try:
            for _ in range(acts):
                write_some(store, chance, writing)
        except BaseException as fault:  # noqa: BLE001  # raised again below
            faults.append(fault)
        finally:
            store.close_now()

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(writers)]
    for thread in threads:
        thread.start()
    try:
        yield lambda: not any(thread.is_alive() for thread in threads)
    finally:
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]


@dataclass(frozen=True)
class Truth:
    """What is public in the end: each post's newest change, state and version, and the clock's number."""

    posts: dict[str, tuple[int, str, int]]
    latest: int


def truth(session: ReadSession) -> Truth:
    """Read from the store itself, in pages as large as one statement takes."""
    posts: dict[str, tuple[int, str, int]] = {}
    after, latest = 0, clock_now(session).number
    while after < latest:
        page = changes_after(session, after, most=10_000)
        posts |= {str(one.id): (one.change, "updated" if one.post else "deleted", one.version) for one in page.posts}
        after = page.through
    return Truth(posts=posts, latest=latest)


def _publish(session: WriteSession, chance: Random, writing: Writing) -> None:
    """New posts, edits, the same again, what was gone back again."""
    account, number = chance.choice((CLINIC, RESCUE)), take_clock(session)
    chosen = chance.sample(range(writing.posts), min(writing.posts, chance.randint(1, writing.at_once)))
    posts = {
        post_id(account.id, f"post-{one}"): numbered(one, title=f"Kabar {one}, {chance.choice('abcdef')}")
        for one in chosen
    }
    held = held_posts(session, list(posts))
    decisions = [
        decide(held.get(mine), seen_post(post, payload=post.title), post=mine, now=NOW, is_first_visit=False)
        for mine, post in posts.items()
    ]
    newest = keep_decisions(session, account, decisions, number=number, now=NOW)
    set_clock(session, newest, at=to_ms(NOW))


def _withdraw(session: WriteSession, chance: Random, writing: Writing) -> None:
    notice = Notice(kind=NoticeKind.WITHDRAWAL, reason="Tanggalnya keliru.", at=_later(chance))
    withdraw_post(session, _any(chance, writing), notice=notice)


def _go(session: WriteSession, chance: Random, writing: Writing) -> None:
    """A platform says that posts are gone: hidden at the first word, gone at the second."""
    number, at = take_clock(session), _later(chance)
    newest = hide_gone(session, [_any(chance, writing) for _ in range(writing.at_once // 2)], number=number, at=at)
    set_clock(session, newest, at=to_ms(at))


def _rename(session: WriteSession, chance: Random, _writing: Writing) -> None:
    """A change of the register: numbers without a post."""
    renamed = replace(CITY.departments[0], name=f"Dinas Kesehatan {chance.randint(1, 9)}")
    register = replace(CITY, departments=(renamed, *CITY.departments[1:]))
    import_register(session, register, retire_missing=False, at=to_ms(NOW))


def _stop(session: WriteSession, chance: Random, _writing: Writing) -> None:
    since = NOW - timedelta(minutes=chance.randint(1, 30))
    stop_account(session, RESCUE.id, since=since, reason="Akun diretas.", at=_later(chance))


def _lift(session: WriteSession, chance: Random, _writing: Writing) -> None:
    lift_account(session, RESCUE.id, at=_later(chance))


def _later(chance: Random) -> datetime:
    return NOW + timedelta(hours=chance.randint(1, 9))


def _any(chance: Random, writing: Writing) -> UUID:
    return post_id(chance.choice((CLINIC, RESCUE)).id, f"post-{chance.randrange(writing.posts)}")


_ACTS: dict[str, Callable[[WriteSession, Random, Writing], None]] = {
    "publish": _publish,
    "withdraw": _withdraw,
    "go": _go,
    "rename": _rename,
    "stop": _stop,
    "lift": _lift,
}


def main(database_url: str, seed: str, changes: str, posts: str, at_once: str) -> None:
    """Write until so many numbers were used."""
    weights = tuple((name, weight) for name, weight in USUAL.items() if name not in {"stop", "lift"})
    writing = Writing(posts=int(posts), at_once=int(at_once), weights=weights)
    store, chance, used = open_store(database_url), Random(int(seed)), 0
    while used < int(changes):
        used += write_some(store, chance, writing)
    store.close_now()
    print(used, datetime.now(UTC).isoformat(), flush=True)  # noqa: T201  # for the test that waits


if __name__ == "__main__":
    main(*sys.argv[1:])
