"""The engine of the wires: reads changes for every subscription, keeps what is to be told, and tells it.

Killed at any moment, it goes on where the store says that it was: a number moves only together
with what was read, and a delivery is done only when its subscriber has it. So every event
arrives at least once, with the same id each time.
"""

import asyncio
import secrets
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from feedhub.errors import StoreBusy
from feedhub.logs import logger
from feedhub.posts.kept import KeptPost, NoticeKind
from feedhub.store.clock import clock_now
from feedhub.store.deliveries import (
    ClaimedDelivery,
    NewDelivery,
    Told,
    Unread,
    claim_deliveries,
    disable,
    end_delivery,
    forget_old,
    keep_told,
    put_off_delivery,
    unread_changes,
)
from feedhub.store.register import kept_register
from feedhub.store.session import Store
from feedhub.store.subscriptions import Subscription, subscriptions_behind
from feedhub.wires.wire import Around, Digest, Event, EventKind, Fate, Outcome, Parcel, Ready, Wire

_EVERY_SECONDS = 0.5  # between two looks at the clock
_CHANGES = 200  # read at once
_GATHERED = 20_000  # read at once for a digest, which is one whole
_SUBSCRIPTIONS = 500  # looked at in one turn
_EACH = 4  # attempts at once for one subscription
_AT_ONCE = 64  # attempts at once for those whom the city knows, by a key or a mail address
_STRANGERS_AT_ONCE = 24  # and for all others, who are as many and as slow as they like
_STRANGERS = frozenset({"hub", "activity"})  # the wires to which anybody may subscribe
_WORTH = 4  # a quarter of the places must be free to be worth a claim
_AFTER_FAULT = timedelta(minutes=1)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=12)
_GIVE_UP = timedelta(hours=72)
_JITTER = 0.2
_KEEP_BODIES, _KEEP_ROWS = timedelta(days=7), timedelta(days=90)
_CORRECTED_WITHIN = timedelta(seconds=1)  # of the notice: an edit long after a correction is an edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a process may hold a delivery. Longer than any attempt takes."""

    lease: timedelta = timedelta(seconds=60)


@dataclass(slots=True, kw_only=True)
class Engine:
    """Every wire of one process. Any number of processes may run beside each other."""

    store: Store
    wires: Sequence[Wire]
    public_url: str
    now: Callable[[], datetime]
    pace: Pace = Pace()
    chance: Random = field(default_factory=Random)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def _wires(self) -> Mapping[str, Wire]:
        return {wire.name: wire for wire in self.wires}

    async def run(self, stop: asyncio.Event) -> None:
        """Tell until `stop`; attempts on their way are finished first."""
        self._stopping = stop
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._until(stop, self._fan_out_all))
            tasks.create_task(self._until(stop, self.deliver_all))
            tasks.create_task(self._until(stop, self._forget, every=3_600.0))
            for wire in self.wires:
                tasks.create_task(self._until(stop, partial(self._tend, wire), every=1.0))

    async def once(self) -> None:
        """Read and tell whatever is due now; for tests and commands."""
        for wire in self.wires:
            await wire.tend(self.now())
        await self._fan_out_all()
        await self.deliver_all()

    async def _tend(self, wire: Wire) -> None:
        await wire.tend(self.now())

    async def _until(
        self, stop: asyncio.Event, turn: Callable[[], Awaitable[None]], *, every: float = _EVERY_SECONDS
    ) -> None:
        while not stop.is_set():
            try:
                await turn()
            except StoreBusy as error:
                logger().warning("wires.waiting", reason=str(error))
            except Exception:  # noqa: BLE001  # one turn's fault must not end the wires
                logger().exception("wires.faulty")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every)

    # Reading

    async def _fan_out_all(self) -> None:
        while not self._stopping.is_set() and await self.fan_out():
            pass

    async def fan_out(self) -> bool:
        """Read changes for those who were not told of them yet; whether there may be more."""
        number = (await self.store.read(clock_now)).number
        known = self._wires
        behind = await self.store.read(
            subscriptions_behind, number=number, now=self.now(), most=_SUBSCRIPTIONS, wires=list(known)
        )
        groups: dict[tuple[int, int], list[Subscription]] = defaultdict(list)
        for one in behind:
            most = _GATHERED if isinstance(known[one.wire], Digest) else _CHANGES
            groups[one.told_through, most].append(one)
        if not groups:
            return False
        around = await self._around()
        moved = 0
        for (after, most), subscribers in groups.items():
            unread = await self.store.read(
                unread_changes, after, most=most, subscribers=[one.id for one in subscribers]
            )
            told = [self._read_for(one, known[one.wire], unread, around) for one in subscribers]
            moved += await self.store.write(keep_told, told, at=around.now)
        return moved > 0

    async def _around(self) -> Around:
        register = await self.store.read(kept_register)
        return Around(publisher=register.publisher, public_url=self.public_url, now=self.now())

    def _read_for(self, subscriber: Subscription, wire: Wire, unread: Unread, around: Around) -> Told:
        before, through = subscriber.told_through, unread.changes.through
        events = [_event(kept, subscriber, unread) for kept in unread.changes.posts]
        try:
            parcels = wire.compose(subscriber, events, around)
        except Exception:  # noqa: BLE001  # its number stays where it is: nothing is lost, and the others are told
            logger().exception("subscription.faulty", subscription=str(subscriber.id), wire=wire.name)
            return Told(subscription=subscriber.id, before=before, through=before, look_at=around.now + _AFTER_FAULT)
        look_at = wire.next_look(subscriber, around) if isinstance(wire, Digest) else None
        told = tuple(map(_new, parcels))
        return Told(subscription=subscriber.id, before=before, through=through, deliveries=told, look_at=look_at)

    # Telling

    async def deliver_all(self) -> None:
        """Try what is due until nothing is. A slow subscriber takes some of the attempts, never all of them."""
        flying: dict[asyncio.Task[None], Subscription] = {}
        while True:
            for one in [
                *await self._claimed(flying.values(), strange=False),
                *await self._claimed(flying.values(), strange=True),
            ]:
                flying[asyncio.create_task(self._try(one))] = one.subscription
            if not flying:
                return
            done, _ = await asyncio.wait(flying, timeout=_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                del flying[task]
                task.result()

    async def _claimed(self, flying: Collection[Subscription], *, strange: bool) -> Sequence[ClaimedDelivery]:
        """What to try beside what is `flying`; strangers and the others have places of their own."""
        wires = [name for name in self._wires if (name in _STRANGERS) is strange]
        most = _STRANGERS_AT_ONCE if strange else _AT_ONCE
        theirs = Counter(one.id for one in flying if one.wire in wires)
        free = most - theirs.total()
        if self._stopping.is_set() or not wires or free * _WORTH < most:
            return ()
        return await self.store.write(
            claim_deliveries,
            token=secrets.token_hex(8),
            now=self.now(),
            lease=self.pace.lease,
            most=free,
            each=_EACH,
            wires=wires,
            busy=[id for id, many in theirs.items() if many >= _EACH],
        )

    async def _try(self, claimed: ClaimedDelivery) -> None:
        try:
            await self._attempt(claimed)
        except StoreBusy as error:  # when its lease ends, it is told once more, with the same id
            logger().warning("delivery.unnoted", delivery=str(claimed.id), reason=str(error))

    async def _attempt(self, claimed: ClaimedDelivery) -> None:
        if claimed.is_overtaken:
            await self._end(claimed, "dropped", Outcome(fate=Fate.DEAD, fault="The post changed before it was told."))
            return
        outcome = await self._outcome(claimed)
        if outcome.fate is Fate.LATER and self.now() - claimed.made_at < _GIVE_UP:
            await self._put_off(claimed, outcome)
        elif outcome.fate is Fate.ENDED:
            await self._end(claimed, "dead", outcome)
            fault = outcome.fault or "Its side said that it is gone."
            await self.store.write(disable, claimed.subscription.id, fault=fault, at=self.now())
        else:
            await self._end(claimed, "sent" if outcome.fate is Fate.SENT else "dead", outcome)

    async def _outcome(self, claimed: ClaimedDelivery) -> Outcome:
        ready = Ready(
            id=claimed.id,
            subscription=claimed.subscription,
            change=claimed.change,
            event=claimed.event,
            post=claimed.post,
            body=claimed.body,
            made_at=claimed.made_at,
            tries=claimed.tries,
        )
        try:
            return await self._wires[claimed.subscription.wire].send(ready)
        except Exception:  # noqa: BLE001  # ours; it is tried again
            logger().exception("delivery.faulty", delivery=str(claimed.id))
            return Outcome(fate=Fate.LATER, fault="FeedHub itself failed to send it.")

    async def _end(self, claimed: ClaimedDelivery, state: str, outcome: Outcome) -> None:
        await self.store.write(
            end_delivery,
            claimed,
            state=state,
            at=self.now(),
            status=outcome.status,
            fault=outcome.fault,
            remote=outcome.remote,
        )
        logger().info(f"delivery.{state}", delivery=str(claimed.id), event_name=claimed.event, reason=outcome.fault)

    async def _put_off(self, claimed: ClaimedDelivery, outcome: Outcome) -> None:
        now = self.now()
        wait = outcome.wait or next_wait(now - (claimed.subscription.failing_since or now), self.chance.random())
        await self.store.write(
            put_off_delivery,
            claimed,
            next_try_at=now + min(wait, _LONGEST_WAIT),
            at=now,
            status=outcome.status,
            fault=outcome.fault,
        )

    async def _forget(self) -> None:
        now = self.now()
        await self.store.write(forget_old, bodies=now - _KEEP_BODIES, rows=now - _KEEP_ROWS)


def next_wait(failing: timedelta, chance: float) -> timedelta:
    """How long to wait with a subscriber that has failed for so long: as long again, within bounds.

    >>> next_wait(timedelta(0), 0.5), next_wait(timedelta(minutes=10), 0.5), next_wait(timedelta(days=2), 0.5)
    (datetime.timedelta(seconds=5), datetime.timedelta(seconds=600), datetime.timedelta(seconds=43200))
    """
    wait = min(max(failing, _FIRST_WAIT), _LONGEST_WAIT)
    return wait * (1 + _JITTER * (2 * chance - 1))


def _event(kept: KeptPost, subscriber: Subscription, unread: Unread) -> Event:
    was_told = (subscriber.id, kept.id) in unread.told
    return Event(kind=_kind(kept, is_known=was_told or kept.id in unread.older), kept=kept, was_told=was_told)


def _kind(kept: KeptPost, *, is_known: bool) -> EventKind:
    notice = kept.notice
    if kept.post is None:
        return EventKind.WITHDRAWN
    if notice and notice.kind is NoticeKind.CORRECTION and kept.updated_at - notice.at <= _CORRECTED_WITHIN:
        return EventKind.CORRECTED
    return EventKind.UPDATED if is_known else EventKind.PUBLISHED


def _new(parcel: Parcel) -> NewDelivery:
    return NewDelivery(change=parcel.change, event=parcel.event, body=parcel.body, post=parcel.post)
