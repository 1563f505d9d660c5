"""The web's look at the clock: at most one question a second, whoever asks."""

import asyncio
from contextlib import suppress
from datetime import datetime
from time import monotonic

from feedhub.errors import FeedHubError, StoreBusy
from feedhub.logs import logger
from feedhub.store.acts import last_taken_back
from feedhub.store.clock import ClockReading, clock_now
from feedhub.store.session import ReadSession, Store
from feedhub.web.waiting import Waiting

_EVERY = 1.0  # seconds between two questions
_PATIENCE = 1.0  # seconds that a request waits for the answer before it makes do with the last one
_CURRENT = 4.0  # seconds for which an answer counts as news of a working store


class Clock:
    """The newest reading, shared by every request of this process.

    While the store is out of reach the last reading stays, and `is_current` is False.
    """

    def __init__(self, store: Store, waiting: Waiting | None = None) -> None:
        self._store = store
        self.waiting = waiting or Waiting()
        self._watching: asyncio.Task[None] | None = None
        self._reading: ClockReading | None = None
        self._fault: FeedHubError | None = None
        self._asked_at = self._told_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None
        self._is_late = False
        self.taken_back = 0  # the newest number known at which something was taken back or corrected
        self.is_crowded = False  # two numbers fell into one second, so Last-Modified can't tell them apart

    @property
    def fresh(self) -> ClockReading | None:
        """The last reading where nobody needs to ask again; the hot path's answer."""
        return self._reading if monotonic() - self._told_at < _EVERY else None

    @property
    def is_current(self) -> bool:
        """Whether the store has answered just now."""
        return self._fault is None and monotonic() - self._told_at < _CURRENT

    async def reading(self) -> ClockReading:
        """The newest reading, at most about a second old while the store answers.

        Raises:
            StoreBusy: the store has never answered.
        """
        if (known := self.fresh) is not None:
            return known
        await self._ask()
        if self._reading is None:
            raise self._fault or StoreBusy("The database does not answer just now.")
        return self._reading

    async def moved(self, number: int, *, end: float) -> bool:
        """Wait until the newest number is another than `number`.

        False where `end` (of the monotonic clock) comes first, or the process ends. However many
        wait, the store is asked once a second.
        """
        while self._reading is None or self._reading.number == number:
            if self._watching is None or self._watching.done():
                self._watching = asyncio.create_task(self._watch())
            if not await self.waiting.until(end):
                return False
        return not self.waiting.is_over

    async def catches_up(self, number: int) -> bool:
        """Whether the last reading is as new as this change number; it is taken anew where it was not."""
        if self._reading is None or self._reading.number < number:
            await self._read()
        return self._reading is not None and self._reading.number >= number

    async def close(self) -> None:
        """Stop asking."""
        for task in (self._watching, self._asking):
            if task is not None:
                task.cancel()
                await asyncio.wait({task})

    async def _watch(self) -> None:
        """Ask for as long as somebody waits."""
        await asyncio.sleep(0)  # who began this is about to wait
        while self.waiting.count:
            with suppress(FeedHubError):
                await self.reading()
            await asyncio.sleep(_EVERY)

    async def _ask(self) -> None:
        if self._asking is None or self._asking.done():
            if self._reading is not None and monotonic() - self._asked_at < _EVERY:
                return  # the store failed less than a second ago
            self._asked_at, self._is_late = monotonic(), False
            self._asking = asyncio.create_task(self._read())
        if not self._is_late:
            _, pending = await asyncio.wait({self._asking}, timeout=_PATIENCE)
            self._is_late = bool(pending)

    async def _read(self) -> None:
        try:
            told, self.taken_back = await self._store.read(_look)
        except Exception as error:  # noqa: BLE001  # whatever it is, the last reading must go on serving
            if self._fault is None:
                logger().warning("clock.unread", reason=str(error).partition("\n")[0])
            self._fault = error if isinstance(error, FeedHubError) else StoreBusy("The database is broken.")
            return
        held, self._reading, self._fault, self._told_at = self._reading, told, None, monotonic()
        if held is None or held.number != told.number:
            self.waiting.wake()
        if held is not None and held.number != told.number:
            self.is_crowded = _second(held.at) == _second(told.at)


def _look(session: ReadSession) -> tuple[ClockReading, int]:
    return clock_now(session), last_taken_back(session)


def _second(at: datetime) -> int:
    return int(at.timestamp())
