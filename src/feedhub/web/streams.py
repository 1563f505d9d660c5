"""The streams of one process: how many there are, and the pages of events that they share."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from feedhub.web.place import Place

_MOST = 1_000  # streams at once
_PAGES = 32  # kept; 50 events of about 6 KB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The next events of a stream, in order. `through`: where it goes on; `is_last`: nothing more is there by now."""

    events: tuple[bytes, ...]
    through: int
    is_last: bool


class Streams:
    """A thousand streams at the same place cost one reading: a page is made once for each number of the clock."""

    def __init__(self, *, most: int = _MOST) -> None:
        self._most = most
        self._pages: OrderedDict[tuple[Place, int, int], asyncio.Task[Page]] = OrderedDict()
        self.count = 0

    @property
    def is_full(self) -> bool:
        """Whether one more would be too many."""
        return self.count >= self._most

    async def page(self, place: Place, after: int, number: int, make: Callable[[], Awaitable[Page]]) -> Page:
        """What stands after `after` when the clock shows `number`."""
        key = place, after, number
        making = self._pages.get(key)
        if making is None:
            making = self._pages[key] = asyncio.ensure_future(make())
            if len(self._pages) > _PAGES:
                self._pages.popitem(last=False)
        try:
            return await asyncio.shield(making)
        except Exception:
            self._pages.pop(key, None)
            raise
