"""Counts of one process for the `limits` library: bounded, and without its own store's threads.

That one starts a thread to look through every count a hundred times a second, and keeps as many
counts as there are addresses; an attacker with an IPv6 network has more of them than we have memory.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import floor

from limits.storage import SlidingWindowCounterSupport, Storage

_MOST = 50_000  # askers that are remembered; the longest unseen is forgotten first

Window = tuple[int, float, int, float]


class Counts(Storage, SlidingWindowCounterSupport):
    """Two windows for each key: the running one and the one before it."""

    STORAGE_SCHEME = None
    base_exceptions = ValueError

    def __init__(self, now: Callable[[], float] = time.time, most: int = _MOST) -> None:
        super().__init__()
        self._now, self._most = now, most
        self._kept: OrderedDict[str, tuple[int, int, int]] = OrderedDict()  # window's number, count, the one before

    def take(self, key: str, limit: int, expiry: int, amount: int) -> tuple[bool, Window]:
        """Count `amount` where there is room for it; whether there was, and how it stands afterwards."""
        now = self._now()
        number = int(now // expiry)
        left = (number + 1) * expiry - now
        kept, count, before = self._kept.get(key, (number, 0, 0))
        if kept != number:
            before, count = (count if kept == number - 1 else 0), 0
        if amount and floor(before * left / expiry + count) + amount > limit:
            return False, (before, left, count, left + expiry)
        count += amount
        self._kept[key] = number, count, before
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return True, (before, left, count, left + expiry)

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """The same, as the library asks it."""
        return self.take(key, limit, expiry, amount)[0]

    def get_sliding_window(self, key: str, expiry: int) -> Window:
        """The count before this window, how long it still weighs, the count of this one, how long it is kept."""
        return self.take(key, 0, expiry, 0)[1]

    def clear_sliding_window(self, key: str, expiry: int) -> None:  # noqa: ARG002  # the library's form
        """Forget a key."""
        self._kept.pop(key, None)

    def clear(self, key: str) -> None:
        """Forget a key."""
        self._kept.pop(key, None)

    def reset(self) -> int:
        """Forget everything."""
        number = len(self._kept)
        self._kept.clear()
        return number

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Fixed windows are not ours."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Fixed windows are not ours."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Fixed windows are not ours."""
        raise NotImplementedError
