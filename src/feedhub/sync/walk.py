"""The walk: lease due hosts, visit their accounts politely, give the hosts back."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from feedhub.connectors.http import Http
from feedhub.errors import DnsFailed, LeaseLost, StoreBusy, TimedOut, Unreachable, VisitFailed
from feedhub.logs import logger
from feedhub.store.hosts import (
    DueAccount,
    Lease,
    claim_hosts,
    claim_named_hosts,
    due_accounts,
    hosts_of,
    next_due,
    release_host,
    renew_leases,
    wake_accounts,
)
from feedhub.store.times import to_ms
from feedhub.sync.visit import Means, VisitReport, visit

# A lease outlives three missed renewals; a crashed walker's hosts are free again after it.
LEASE_SECONDS = 120.0
_RENEWALS = 4
# Another process may add accounts or wake them: look at least so often.
_LOOK_EVERY = 1.0
# A host whose accounts fail for a reason of ours is not offended by the next one.
_OUTAGE_HOSTS = 4
_CONNECTION = (DnsFailed, Unreachable, TimedOut)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How the walk treats hosts. `is_exempt` hosts (our own networks) need no politeness."""

    visits: int = 16
    host_visits: int = 2
    spacing: float = 1.0
    is_exempt: Callable[[str], bool] = lambda _host: False


class Outage:
    """Whether it is we who are offline: every one of the last hosts failed to connect."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, None] = OrderedDict()

    def answered(self) -> None:
        """A host answered, so we are online."""
        self._failed.clear()

    def is_ours(self, host: str, failure: VisitFailed) -> bool:
        """Take note of a failure; True where at least four hosts in a row can't be reached."""
        if not isinstance(failure, _CONNECTION):
            self.answered()
            return False
        self._failed[host] = None
        return len(self._failed) >= _OUTAGE_HOSTS


@dataclass(slots=True, kw_only=True)
class Walk:
    """One walker. Any number of them, in any number of processes, share the hosts' rows."""

    means: Means
    manners: Manners
    new_http: Callable[[], Http]
    report: Callable[[VisitReport], None] = lambda _report: None
    lease: float = LEASE_SECONDS
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    outage: Outage = field(default_factory=Outage)
    _idle: list[Http] = field(default_factory=list)
    _room: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._room = asyncio.Semaphore(self.manners.visits)
        self.means = replace(self.means, is_our_outage=self.outage.is_ours)

    @property
    def _lease_ms(self) -> int:
        return int(self.lease * 1000)

    async def run(self, stop: asyncio.Event) -> None:
        """Walk until `stop` is set; running visits are finished first."""
        async with self._renewing():
            await self._walk(stop, due=self.means.now, ends=False)

    async def once(self, stop: asyncio.Event, *, only: Sequence[UUID] | None = None) -> None:
        """Visit every account that is due now (or `only` these, due or not) once, then end."""
        started = self.means.now()
        async with self._renewing():
            if only is None:
                await self._walk(stop, due=lambda: started, ends=True)
            else:
                await self._walk_only(only, stop)

    async def _walk(self, stop: asyncio.Event, *, due: Callable[[], datetime], ends: bool) -> None:
        walking: set[asyncio.Task[None]] = set()
        begun: set[UUID] = set()  # a dropped visit leaves its account due: once means once
        while not stop.is_set():
            walking = {task for task in walking if not task.done()}
            is_idle = not walking
            claimed = await self._claimed(due(), room=self.manners.visits - len(walking), ends=ends)
            if ends:
                claimed = {
                    host: [one for one in found if one.account.id not in begun] for host, found in claimed.items()
                }
                begun.update(one.account.id for found in claimed.values() for one in found)
            walking |= {asyncio.create_task(self._walk_host(host, found, stop)) for host, found in claimed.items()}
            if any(claimed.values()):
                continue
            if ends and is_idle:
                break
            await self._wait(stop, walking)
        if walking:
            await asyncio.wait(walking)

    async def _walk_only(self, only: Sequence[UUID], stop: asyncio.Event) -> None:
        due = to_ms(self.means.now())
        await self.means.store.write(wake_accounts, only, due=due)
        left = set(await self.means.store.read(hosts_of, only))
        while left and not stop.is_set():
            names = await self.means.store.write(claim_named_hosts, sorted(left), token=self.token, lease=self._lease_ms)
            found = await self.means.store.read(due_accounts, names, due=due) if names else ()
            wanted = [account for account in found if account.account.id in only]
            await asyncio.gather(
                *(self._walk_host(host, [due for due in wanted if due.host == host], stop) for host in names)
            )
            left -= set(names)
            if left:
                await self._wait(stop, set())

    async def _claimed(self, due: datetime, *, room: int, ends: bool) -> dict[str, list[DueAccount]]:
        """Hosts that are ours now, each with its due accounts."""
        moment = to_ms(due)
        try:
            if room <= 0 or (first := await self.means.store.read(next_due)) is None or first > moment:
                return {}
            hosts = await self.means.store.write(claim_hosts, token=self.token, due=moment, lease=self._lease_ms, most=room)
            accounts = await self.means.store.read(due_accounts, hosts, due=moment) if hosts else ()
        except StoreBusy as busy:
            if ends:
                raise
            logger().warning("claim.failed", reason=str(busy))
            return {}
        return {host: [due for due in accounts if due.host == host] for host in hosts}

    async def _walk_host(self, host: str, accounts: Sequence[DueAccount], stop: asyncio.Event) -> None:
        lease = Lease(host=host, token=self.token)
        is_exempt = self.manners.is_exempt(host)
        gate = asyncio.Semaphore(self.manners.visits if is_exempt else self.manners.host_visits)
        visits: list[asyncio.Task[None]] = []
        try:
            for number, due in enumerate(accounts):
                if number and not is_exempt:
                    await _sleep(self.manners.spacing, stop)
                await gate.acquire()
                if stop.is_set():
                    break
                visits.append(asyncio.create_task(self._visit(due, lease, gate)))
        finally:
            if visits:
                await asyncio.wait(visits)
            with suppress(StoreBusy):  # the lease runs out by itself
                await self.means.store.write(release_host, lease)

    async def _visit(self, due: DueAccount, lease: Lease, gate: asyncio.Semaphore) -> None:
        try:
            async with self._room, self._http() as http:
                report = await visit(self.means, http, due, lease)
        except (LeaseLost, StoreBusy) as lost:
            logger().warning("visit.dropped", account=due.account.key, reason=str(lost))
            return
        finally:
            gate.release()
        if report.succeeded:
            self.outage.answered()
        logger().debug("visit.finished", account=due.account.key, outcome=report.outcome, new=report.new)
        self.report(report)

    @asynccontextmanager
    async def _http(self) -> AsyncIterator[Http]:
        """A client of its own for each visit in flight: one shared pool costs seven times as much."""
        http = self._idle.pop() if self._idle else self.new_http()
        try:
            yield http
        finally:
            self._idle.append(http)

    async def close(self) -> None:
        """Close the clients."""
        while self._idle:
            await self._idle.pop().aclose()

    @asynccontextmanager
    async def _renewing(self) -> AsyncIterator[None]:
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self.lease / _RENEWALS)
            with suppress(StoreBusy):  # the next renewal comes before the leases end
                await self.means.store.write(renew_leases, token=self.token, milliseconds=self._lease_ms)

    async def _wait(self, stop: asyncio.Event, walking: set[asyncio.Task[None]]) -> None:
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({stopping, *walking}, timeout=_LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()


async def _sleep(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
