"""Who waits for the next change: woken when the clock moves, and at once when the process is about to end."""

import asyncio
from time import monotonic

_MOST = 10_000  # at once, each about 10 KB


class Waiting:
    """Everybody in this process who waits; nobody holds a session meanwhile."""

    def __init__(self, *, most: int = _MOST) -> None:
        self._moved = asyncio.Event()
        self._most = most
        self.count = 0
        self.is_over = False  # the process is about to end

    @property
    def is_full(self) -> bool:
        """Whether one more would be too many."""
        return self.count >= self._most

    async def until(self, end: float) -> bool:
        """Wait to be woken; False where `end` (of the monotonic clock) comes first, or the process ends."""
        left = end - monotonic()
        if left <= 0 or self.is_over:
            return False
        self.count += 1
        try:
            async with asyncio.timeout(left):
                await self._moved.wait()
        except TimeoutError:
            return False
        finally:
            self.count -= 1
        return not self.is_over

    def wake(self) -> None:
        """Wake everybody who waits now."""
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    def end(self) -> None:
        """Wake everybody for the last time: the process is about to end."""
        self.is_over = True
        self.wake()
