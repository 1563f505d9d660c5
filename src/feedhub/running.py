"""What runs for long: the web beside the walk, and walks alone. Stopped by SIGTERM or Ctrl-C."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import uvicorn
import uvloop
from starlette.types import ASGIApp

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.proposals import Proposals
from feedhub.connectors import CONNECTORS
from feedhub.connectors.city_walk import discover_city
from feedhub.connectors.finding import FoundAccount, find_account
from feedhub.store.credentials import KeptCredential
from feedhub.store.hosts import due_accounts, hosts_of
from feedhub.store.register import kept_register
from feedhub.store.releasing import Released
from feedhub.store.session import Store
from feedhub.store.times import to_ms
from feedhub.store.visits import due_count
from feedhub.sync import trying
from feedhub.sync.expiring import warn, warn_daily
from feedhub.sync.means import VisitReport
from feedhub.sync.pruning import prune_daily
from feedhub.sync.pushing import push_on
from feedhub.sync.reading import Reading
from feedhub.sync.releasing import let_go_of_due, release
from feedhub.sync.reread import reread
from feedhub.sync.serving import WalkOptions, now, picturing, walking
from feedhub.web.connections import Connection, look_after
from feedhub.web.front import Front
from feedhub.web.inside import asking
from feedhub.web.topics import topic_answer
from feedhub.wires.hub import TopicDocument
from feedhub.wires.serving import WireOptions, tell_all

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the wires need. `web` is an app of their own: they tell what readers get."""

    store: Store
    options: WireOptions
    web: ASGIApp


# Every account is due by then.
_WHENEVER = 9_000_000_000_000_000  # ms
# A reader that takes nothing more would keep uvicorn alive for ever after SIGTERM.
_GRACE_SECONDS = 10
# New objects between two looks for garbage; Python's own 700 suits programs that make few.
_GARBAGE = 20_000
# That a thread may compute before another gets its turn; with Python's own 5 ms, each thread that
# makes an answer holds up those that are ready for so long.
_SWITCH_SECONDS = 0.0005


def run(task: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on the fast loop."""
    gc.freeze()  # what is loaded by now stays for good; looking through it again and again is no use
    gc.set_threshold(_GARBAGE)
    sys.setswitchinterval(_SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(task)


async def serve(  # noqa: PLR0913  # what a process may do at once
    web: Front,
    *,
    host: str,
    port: int,
    store: Store | None,
    options: WalkOptions,
    telling: Telling | None = None,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Answer on `host:port`; walk beside it where a store is given to walk for, and tell where `telling` is."""
    config = uvicorn.Config(
        web,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http=Connection,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    stop = _stopping()
    server = _Server(config, ready, ending=web.waiting.end)
    stopping = asyncio.create_task(_stop_with(server, stop))
    walk = asyncio.create_task(_walk_beside(store, options, stop)) if store else None
    wires = asyncio.create_task(_tell(telling, stop)) if telling else None
    if walk:
        walk.add_done_callback(lambda _ended: stop.set())  # a web whose walk has died must not look alive
    try:
        await server.serve()
    finally:
        stop.set()
        await stopping
        for beside in (walk, wires):
            if beside:
                await beside


async def tell_on(telling: Telling) -> None:
    """Tell every subscriber until SIGTERM or Ctrl-C."""
    await _tell(telling, _stopping())


async def _tell(telling: Telling, stop: asyncio.Event) -> None:
    async with asking(telling.web) as ask:

        async def topic_of(target: str, change: int) -> TopicDocument | None:
            if (answered := await topic_answer(ask, target, change=change)) is None:
                return None
            fields = answered.fields
            return TopicDocument(body=answered.body, content_type=fields["content-type"], links=fields.get("link", ""))

        await tell_all(telling.store, telling.options, topic_of=topic_of, now=now, stop=stop)


async def walk_on(store: Store, options: WalkOptions) -> None:
    """Walk until SIGTERM or Ctrl-C; visits in flight are finished first."""
    await _walk_beside(store, options, _stopping())


async def walk_once(
    store: Store,
    options: WalkOptions,
    *,
    only: Sequence[UUID] | None,
    begun: Callable[[int], None],
    report: Callable[[VisitReport], None],
) -> list[VisitReport]:
    """Visit what is due (or `only` these) once. `begun` is told how many accounts that is."""
    reports: list[VisitReport] = []

    def note(one: VisitReport) -> None:
        reports.append(one)
        report(one)

    stop = _stopping()
    await warn(store, now=now())
    begun(len(only) if only is not None else await store.read(due_count, due=to_ms(now())))
    async with walking(store, options, report=note) as walk:
        await walk.once(stop, only=only)
    if (copier := picturing(store, options)) is not None:
        await copier.once(stop)
    return reports


async def find(options: WalkOptions, written: str, *, platform: Platform | None = None) -> FoundAccount:
    """The account that an address (or a handle with its platform) means. Raises AccountRefused, VisitFailed's children."""
    async with options.new_http() as http:
        return await find_account(http, written, platform=platform, connectors=CONNECTORS, now=now())


async def try_credential(
    store: Store, options: WalkOptions, kept: KeptCredential, account: Account
) -> tuple[bool, str]:
    """Whether a credential works for one of its accounts, and a sentence that says so."""
    at = now()
    due = await store.read(due_accounts, await store.read(hosts_of, [account.id]), due=_WHENEVER)
    found = next(one for one in due if one.account.id == account.id)
    async with walking(store, options) as walk, options.new_http() as http:
        return await trying.try_credential(walk.means, http, kept, found, now=at)


async def release_named(store: Store, named: Sequence[UUID]) -> Released:
    """Show what is held, by ids of posts or accounts. Raises NotKnown, FeedHubError."""
    async with Reading() as reading:
        return await release(store, reading, named, now=now().replace(microsecond=0))


async def let_go(store: Store) -> Released:
    """Show what waited for its delay, and what a lifted stop held back."""
    async with Reading() as reading:
        return await let_go_of_due(store, reading, now=now().replace(microsecond=0))


async def discover(options: WalkOptions, url: str, *, report: Callable[[str], None]) -> Proposals:
    """Departments and accounts of the city at `url`, for a person to check. Raises VisitFailed's children."""
    async with options.new_http() as http:
        return await discover_city(http, url, now=now(), pause=options.host_spacing, report=report)


async def reread_accounts(store: Store, ids: Sequence[UUID] | None) -> tuple[int, int]:
    """Read kept payloads of these accounts (None = all) again; how many were read, how many changed."""
    register = await store.read(kept_register)
    read = changed = 0
    async with Reading() as reading:
        for account in register.accounts:
            if ids is None or account.id in ids:
                one_read, one_changed = await reread(store, reading, register, account, now=now)
                read, changed = read + one_read, changed + one_changed
    return read, changed


async def _stop_with(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


class _Server(uvicorn.Server):
    """Says when it answers, and leaves signals to us.

    uvicorn raises the signal that stopped it again when it ends, which would end the walk
    in the middle of a visit.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], *, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready, self._ending = ready, ending
        self._looking: asyncio.Task[None] | None = None

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._looking = asyncio.create_task(look_after(self.server_state.connections))
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()  # whoever waits for a change is answered now
        await super().shutdown(sockets)
        if self._looking:
            self._looking.cancel()


async def _walk_beside(store: Store, options: WalkOptions, stop: asyncio.Event) -> None:
    keep = timedelta(days=options.payloads_keep)
    daily = (
        prune_daily(store, keep=keep, now=now, stop=stop),
        warn_daily(store, now=now, stop=stop),
        push_on(store, options, now=now, stop=stop),
    )
    tasks = [asyncio.create_task(one) for one in daily]
    if (copier := picturing(store, options)) is not None:
        tasks.append(asyncio.create_task(copier.run(stop)))
    async with walking(store, options) as walk:
        await walk.run(stop)
    for task in tasks:
        await task


def _stopping() -> asyncio.Event:
    """Set by the first SIGTERM or SIGINT; a second one ends at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def first() -> None:
        stop.set()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(ValueError):
                loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, first)
    return stop
