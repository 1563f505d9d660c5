"""Room for so many answers to be made at once; when it is full, what matters least is turned away first."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count
from time import monotonic

from feedhub.web.asked import Asked

_FEEDS = (".rss", ".atom", ".ics", ".opml", "/feed.json")
_HEAVY = (".csv", ".ndjson", ".gz")


class Rank(IntEnum):
    """What is made first, and turned away last. Feeds are what everybody lives on."""

    FEED = 0
    DOOR = 1
    PICTURE = 2
    API = 3
    PAGE = 4
    SEARCH = 5


# How many of each may wait for room.
_MOST_WAITING = {Rank.FEED: 10_000, Rank.DOOR: 64, Rank.PICTURE: 1_000, Rank.API: 64, Rank.PAGE: 32, Rank.SEARCH: 8}
_LANES = {Rank.FEED: 0, Rank.DOOR: 1, Rank.PICTURE: 2, Rank.API: 3, Rank.PAGE: 3, Rank.SEARCH: 3}
# In each lane. Python computes one thing at a time: more would only be late together.
_AT_ONCE = (2, 2, 4, 2)
_RESTING = {1, 3}
_MOST_RESTS = 10  # times as long as a making took
_LONGEST_REST = 0.5  # seconds
_PATIENCE = 2.0  # seconds that anything but a feed waits for room


def rank_of(asked: Asked) -> Rank:
    """How much it matters that this is answered.

    >>> rank_of(Asked("/feed.rss", "department=dinkes")).name, rank_of(Asked("/feed.rss", "limit=50&q=air")).name
    ('FEED', 'SEARCH')
    >>> rank_of(Asked("/api/v1/posts", "")).name, rank_of(Asked("/media/x/320.jpg", "")).name
    ('API', 'PICTURE')
    """
    if asked.query.startswith("q=") or "&q=" in asked.query or asked.path.endswith(_HEAVY):
        return Rank.SEARCH
    if asked.path.endswith(_FEEDS):
        return Rank.FEED
    if asked.path.startswith("/media/"):
        return Rank.PICTURE
    return Rank.API if asked.path.startswith("/api/") else Rank.PAGE


class Room:
    """Feeds, doors and pictures have lanes of their own; all others share theirs, in the order of their ranks."""

    def __init__(self) -> None:
        self._free = list(_AT_ONCE)
        self._waiting: list[list[tuple[Rank, int, asyncio.Future[None]]]] = [[] for _ in _AT_ONCE]
        self._counts: Counter[Rank] = Counter()
        self._serial = count()

    @property
    def is_full(self) -> bool:
        """Whether somebody waits."""
        return any(self._waiting)

    @asynccontextmanager
    async def entered(self, rank: Rank) -> AsyncIterator[bool]:
        """A place for as long as the block lasts; False where too many wait for one, or it took too long."""
        is_in = await self._enter(rank)
        begun = monotonic()
        try:
            yield is_in
        finally:
            if is_in:
                self._rest(_LANES[rank], monotonic() - begun)

    def _rest(self, lane: int, taken: float) -> None:
        """Give the place away; the more want it the later, so that what is kept is sent meanwhile."""
        if lane in _RESTING and (many := min(len(self._waiting[lane]), _MOST_RESTS)):
            asyncio.get_running_loop().call_later(min(taken * many, _LONGEST_REST), self._leave, lane)
        else:
            self._leave(lane)

    async def _enter(self, rank: Rank) -> bool:
        lane = _LANES[rank]
        if self._free[lane]:
            self._free[lane] -= 1
            return True
        if self._counts[rank] >= _MOST_WAITING[rank]:
            return False
        turn = asyncio.get_running_loop().create_future()
        heappush(self._waiting[lane], (rank, next(self._serial), turn))
        self._counts[rank] += 1
        try:
            await asyncio.wait((turn,), timeout=None if rank is Rank.FEED else _PATIENCE)
        except asyncio.CancelledError:
            if not turn.cancel():
                self._leave(lane)
            raise
        finally:
            self._counts[rank] -= 1
        return not turn.cancel()

    def _leave(self, lane: int) -> None:
        """Give the place to whoever comes next."""
        while self._waiting[lane]:
            _, _, turn = heappop(self._waiting[lane])
            if not turn.done():
                turn.set_result(None)
                return
        self._free[lane] += 1
