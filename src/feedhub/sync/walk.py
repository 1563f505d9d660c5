"""The walk: lease due hosts, visit their accounts politely, give the hosts back."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from feedhub.connectors.http import Http
from feedhub.errors import LeaseLost, StoreBusy
from feedhub.failures import VisitFailed
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
from feedhub.sync.manners import Manners, Outage, Rest
from feedhub.sync.means import Means, VisitReport
from feedhub.sync.releasing import let_go_of_due, releasing
from feedhub.sync.visit import put_off, visit

# A lease outlives three missed renewals; a crashed walker's hosts are free again after it.
LEASE_SECONDS = 120.0
_RENEWALS = 4
# Another process may add accounts or wake them: look at least so often.
_LOOK_EVERY = 1.0
_GATHER = 0.02
# A visit that could not be written leaves its account due: its host rests so long before the next try.
_REST = timedelta(seconds=5)


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
    # The hosts whose leases we renew, each with the loop's time until which its lease is surely ours.
    _held: dict[str, float] = field(default_factory=dict)
    _room: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._room = asyncio.Semaphore(self.manners.visits)
        self.means = replace(self.means, is_our_outage=self.outage.is_ours)

    @property
    def _lease_ms(self) -> int:
        return int(self.lease * 1000)

    async def run(self, stop: asyncio.Event) -> None:
        """Walk until `stop` is set; running visits are finished first."""
        means = self.means
        async with self._renewing(), releasing(means.store, means.reading, now=means.now):
            await self._walk(stop, due=means.now, ends=False)

    async def once(self, stop: asyncio.Event, *, only: Sequence[UUID] | None = None) -> None:
        """Visit every account that is due now (or `only` these, due or not) once, then end."""
        started = self.means.now()
        await let_go_of_due(self.means.store, self.means.reading, now=started.replace(microsecond=0))
        async with self._renewing():
            if only is None:
                await self._walk(stop, due=lambda: started, ends=True)
            else:
                await self._walk_only(only, stop)

    async def _walk(self, stop: asyncio.Event, *, due: Callable[[], datetime], ends: bool) -> None:
        walking: set[asyncio.Task[None]] = set()
        begun: set[UUID] = set()  # a dropped visit leaves its account due: once means once
        try:
            while not stop.is_set():
                walking = _still(walking)
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
                if walking and not stop.is_set():
                    await asyncio.sleep(_GATHER)  # hosts that end together are followed by one claim
        finally:
            if walking:
                await asyncio.wait(walking)
        _still(walking)

    async def _walk_only(self, only: Sequence[UUID], stop: asyncio.Event) -> None:
        due = to_ms(self.means.now())
        await self.means.store.write(wake_accounts, only, due=due)
        left = set(await self.means.store.read(hosts_of, only))
        while left and not stop.is_set():
            claimed_at = _moment()
            names = await self.means.store.write(
                claim_named_hosts, sorted(left), token=self.token, lease=self._lease_ms
            )
            found = await self._due_of(names, due, claimed_at=claimed_at)
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
            claimed_at = _moment()
            hosts = await self.means.store.write(
                claim_hosts, token=self.token, due=moment, lease=self._lease_ms, most=room
            )
            accounts = await self._due_of(hosts, moment, claimed_at=claimed_at)
        except Exception as error:  # a walker without an end outlives whatever befalls its database
            if ends:
                raise
            logger().error("claim.failed", reason=str(error), exc_info=not isinstance(error, StoreBusy))
            return {}
        return {host: [due for due in accounts if due.host == host] for host in hosts}

    async def _due_of(self, hosts: Sequence[str], moment: int, *, claimed_at: float) -> tuple[DueAccount, ...]:
        """The due accounts of hosts just leased. Where they can't be read, the leases run out by themselves."""
        if not hosts:
            return ()
        accounts = await self.means.store.read(due_accounts, hosts, due=moment)
        self._held.update(dict.fromkeys(hosts, claimed_at + self.lease))
        return accounts

    async def _walk_host(self, host: str, accounts: Sequence[DueAccount], stop: asyncio.Event) -> None:
        lease = Lease(host=host, token=self.token)
        is_exempt = self.manners.is_exempt(host)
        spacing = 0.0 if is_exempt else self.manners.spacing
        gate = asyncio.Semaphore(self.manners.visits if is_exempt else self.manners.host_visits)
        rest = Rest()
        visits: list[asyncio.Task[None]] = []
        try:
            for number, due in enumerate(accounts):
                if number and spacing:
                    await _sleep(spacing, stop)
                await gate.acquire()
                await self._room.acquire()  # here, so that nothing comes between the spacing and the visit
                if stop.is_set():
                    self._room.release()
                    break
                visits.append(asyncio.create_task(self._visit(due, lease, gate, rest)))
        finally:
            if visits:
                await asyncio.wait(visits)
                rest.until(self.means.now() + timedelta(seconds=spacing))
            await self._release(lease, rest)
        _still(visits)

    async def _release(self, lease: Lease, rest: Rest) -> None:
        self._held.pop(lease.host, None)
        try:
            await self.means.store.write(release_host, lease, retry_at=rest.at)
        except Exception as error:  # noqa: BLE001  # the lease, renewed no more, runs out by itself
            logger().warning("release.failed", host=lease.host, reason=str(error))

    async def _visit(self, due: DueAccount, lease: Lease, gate: asyncio.Semaphore, rest: Rest) -> None:
        try:
            report = await self._asked(due, lease, rest)
        except Exception as error:  # noqa: BLE001  # whatever befalls one visit, the walk goes on
            is_expected = isinstance(error, (LeaseLost, StoreBusy))
            logger().warning("visit.dropped", account=due.account.key, reason=str(error), exc_info=not is_expected)
            rest.until(self.means.now() + _REST)
            report = VisitReport(account=due.account, outcome=VisitFailed.outcome, reason=str(error))
        finally:
            self._room.release()
            gate.release()
        if report.succeeded:
            self.outage.answered()
        logger().debug("visit.finished", account=due.account.key, outcome=report.outcome, new=report.new)
        self.report(report)

    async def _asked(self, due: DueAccount, lease: Lease, rest: Rest) -> VisitReport:
        is_exempt = self.manners.is_exempt(lease.host)
        if rest.asked_for is not None and not is_exempt:
            return await put_off(self.means, due, lease, until=rest.asked_for)
        if _moment() > self._held.get(lease.host, 0.0):
            # This process stood still; whoever walks the host by now is not to be joined there.
            raise LeaseLost(f"The lease of {lease.host} ran out before this visit.")
        async with self._http() as http:
            report = await visit(self.means, http, due, lease)
        if report.retry_at is not None and not is_exempt:
            rest.asked_for = report.retry_at
            rest.until(report.retry_at)
        return report

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
            try:
                begun_at = _moment()
                renewed = await self.means.store.write(
                    renew_leases, sorted(self._held), token=self.token, milliseconds=self._lease_ms
                )
                self._held |= {host: begun_at + self.lease for host in renewed if host in self._held}
            except Exception as error:  # noqa: BLE001  # the next renewal comes before the leases end
                logger().warning("renewal.failed", reason=str(error))

    async def _wait(self, stop: asyncio.Event, walking: set[asyncio.Task[None]]) -> None:
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({stopping, *walking}, timeout=_LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()


def _moment() -> float:
    """The loop's time: only ever compared with itself."""
    return asyncio.get_running_loop().time()


async def _sleep(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


def _still(tasks: Iterable[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    """Those that still run. Of the others none may have ended with an error that nobody hears of."""
    for task in tasks:
        if task.done():
            task.result()
    return {task for task in tasks if not task.done()}
