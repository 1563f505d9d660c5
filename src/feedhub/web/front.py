"""The outermost layer: every answer passes here, most without going any further.

An answer is made once for each change number, compressed once, and kept; a route is asked
only when the clock has moved. While the store is out of reach, readers read the copies.
"""

import asyncio
from collections.abc import Iterable
from functools import lru_cache
from time import monotonic
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedhub.errors import FeedHubError
from feedhub.posts.picture_copies import PictureMode
from feedhub.store.clock import ClockReading
from feedhub.views.page_site import language_of_path
from feedhub.web.asked import MOST_BYTES, Asked, canonical_query
from feedhub.web.compression import Coding, wanted_coding
from feedhub.web.conditional import is_unmodified, names
from feedhub.web.copies import Copy, Made, Shelf, new_copy
from feedhub.web.gate import COUNTED, KEPT, MADE, SEARCHED, Gate, with_wait
from feedhub.web.headers import NOT_CACHED, PREFLIGHT, STALE, Headers, door_headers, opened_policy
from feedhub.web.limits import Standing
from feedhub.web.opened import is_feed, is_opened, shown
from feedhub.web.problems import CROWDED, TOO_LONG, problem_response
from feedhub.web.rendering import rendered, whole
from feedhub.web.room import Rank, rank_of
from feedhub.web.state import State
from feedhub.web.waiting import Waiting

_KEPT = frozenset({200, 308, 410})
_STAND_IN = 3600.0  # seconds that an outdated copy may stand in: what stale-if-error tells caches
# Pages that tell of visits or of today, which move no clock: kept this many seconds at most.
_AGING = {
    "/": 60.0,
    "/calendar": 60.0,
    "/embed": 60.0,
    "/fragment": 60.0,
    "/follow": 60.0,
    "/sitemap/news.xml": 60.0,
    "/.well-known/security.txt": 60.0,
    "/log": 5.0,
    "/log.atom": 60.0,
    "/api/v1/log": 5.0,
    "/status": 5.0,
    "/status.csv": 5.0,
    "/verify": 5.0,
    "/api/v1/verify": 5.0,
}
# Pictures are read from where they are kept: they would push the pages off the shelf.
_UNKEPT = "/media/"
_MOST_NAMES = 10_000  # raw targets whose canonical form is remembered
_LONGEST_NAME = 512  # bytes
_NO_NUMBER = -1

_START = {"type": "http.response.start", "status": 204, "headers": PREFLIGHT}
_EMPTY = {"type": "http.response.body", "body": b""}


class Front:
    """`live` are the paths whose answers are never kept.

    `doors` are the beginnings of paths where who asks matters (the inbox, credential flows,
    hubs): headers and bodies go straight through to the app, and nothing of it is kept.
    `letterboxes` are the same for what is posted there, and kept for what is only read.
    """

    def __init__(  # noqa: PLR0913  # what stands before the app
        self,
        app: ASGIApp,
        *,
        public_url: str,
        live: Iterable[str] = (),
        doors: Iterable[str] = (),
        letterboxes: Iterable[str] = (),
        waiting: Waiting | None = None,
        gate: Gate,
    ) -> None:
        self._app, self._gate = app, gate
        self._live = frozenset(live)
        self._doors, self._letterboxes = tuple(doors), tuple(letterboxes)
        self._prefix = urlsplit(public_url).path.rstrip("/")
        self.waiting = waiting or Waiting()
        self._shelf = Shelf()
        self._names: dict[tuple[str, bytes], Asked] = {}
        self._flights: dict[tuple[Asked, int], asyncio.Task[Copy]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        plain = self._plain(scope["path"])
        if plain.startswith(self._doors if scope["method"] != "POST" else self._doors + self._letterboxes):
            await self._gate.through(self._app, {**scope, "path": plain}, receive, _guarded(send, door_headers(plain)))
        elif scope["method"] == "OPTIONS":
            await send(_START)
            await send(_EMPTY)
        else:
            await self._answer(scope, send)

    async def _answer(self, scope: Scope, send: Send) -> None:
        here: State = scope["state"]["feedhub"]
        coding, if_none_match, if_modified_since = _conditions(scope["headers"])
        standing = None
        if scope["path"] not in self._live:
            standing = self._gate.take_now(scope, KEPT) or await self._gate.take(scope, here, KEPT)
        copy, is_stale = await self._heard(scope, here, standing)
        ready = copy.ready.get(coding) or await copy.ready_in(coding)
        start, body = ready.whole, ready.body
        if copy.made.status == 200 and _has_it(copy, here, if_none_match, if_modified_since):  # noqa: PLR2004  # what can be unchanged
            start, body = ready.unchanged, _EMPTY
        elif scope["method"] == "HEAD":
            body = _EMPTY
        if is_feed(copy.asked.path) and is_opened(scope["headers"]):
            start = shown(start)
        if here.picture_mode is PictureMode.LINKS:
            start = {**start, "headers": opened_policy(start["headers"])}
        if standing is not None and (copy.made.status == 429 or copy.asked.path.startswith(COUNTED)):  # noqa: PLR2004  # too many requests
            start = {**start, "headers": [*with_wait(start["headers"], standing), *standing.headers]}
        if is_stale:
            start = {**start, "headers": [*start["headers"], (STALE.encode(), b"1")]}
            here.traffic.stale += 1
        here.traffic.answers[copy.made.route, start["status"]] += 1
        await send(start)
        await send(body)

    async def _heard(self, scope: Scope, here: State, standing: Standing | None) -> tuple[Copy, bool]:
        """The same as `_awaited`, for whom it is not too much; what is refused is held back a moment."""
        refused = standing is not None and standing.is_over
        copy, is_stale = await (self._limited(here, scope) if refused else self._awaited(scope, here))
        if copy.made.status >= 400:  # noqa: PLR2004  # a fault, maybe the asker's
            await self._gate.hold(copy.made.status)
        return copy, is_stale

    async def _awaited(self, scope: Scope, here: State) -> tuple[Copy, bool]:
        """The same as `_copy`; an answer that has nothing to tell yet may be waited for."""
        copy, is_stale = await self._copy(scope, here)
        if not copy.patience:
            return copy, is_stale
        with self._gate.place(scope) as is_his:
            if self.waiting.is_full or not is_his:
                return _passing(copy.asked, await self._gate.refused(here, copy.asked.path, CROWDED)), False
            end = monotonic() + copy.patience
            while copy.patience and not is_stale and await here.clock.moved(copy.number, end=end):
                copy, is_stale = await self._copy(scope, here)
        return copy, is_stale

    async def _limited(self, here: State, scope: Scope) -> tuple[Copy, bool]:
        asked = Asked(self._plain(scope["path"]), "")
        return _passing(asked, await self._gate.refused(here, asked.path)), False

    async def _copy(self, scope: Scope, here: State) -> tuple[Copy, bool]:
        """The answer, and whether it may be older than what the store holds."""
        if len(scope["query_string"]) > MOST_BYTES:
            return await self._too_long(here, scope["path"]), False
        asked = self._asked(scope["path"], scope["query_string"])
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        if asked.path in self._live:
            return _passing(asked, await rendered(self._app, here, asked, method)), False
        if method != "GET":
            return _passing(asked, await self._made(here, asked, method)), False
        held, reading = self._shelf.get(asked), here.clock.fresh
        if held is not None and reading is not None and _is_good(held, reading):
            return held, False
        return await self._renewed(scope, here, asked)

    async def _renewed(self, scope: Scope, here: State, asked: Asked) -> tuple[Copy, bool]:
        reading = await _reading(here)
        held = self._shelf.get(asked)
        if held is not None and reading is not None:
            if _is_good(held, reading):
                return held, not here.clock.is_current
            if not here.clock.is_current and _may_stand_in(held, here):
                return held, True
        if (asked, reading.number if reading else _NO_NUMBER) not in self._flights:
            units = SEARCHED if rank_of(asked) is Rank.SEARCH else MADE
            if (await self._gate.take(scope, here, units)).is_over:
                return await self._limited(here, scope)
        copy = await self._flight(here, asked, reading)
        if copy.made.status >= 500 and held is not None and _may_stand_in(held, here):  # noqa: PLR2004  # our own faults
            return held, True
        return copy, False

    async def _flight(self, here: State, asked: Asked, reading: ClockReading | None) -> Copy:
        """One making of an answer, however many wait for it."""
        key = asked, reading.number if reading else _NO_NUMBER
        if (flight := self._flights.get(key)) is None:
            flight = self._flights[key] = asyncio.create_task(self._make(here, asked, reading))
            flight.add_done_callback(lambda _: self._flights.pop(key, None))
        return await asyncio.shield(flight)

    async def _make(self, here: State, asked: Asked, reading: ClockReading | None) -> Copy:
        # The number was read before the posts, so a copy is never older than its number.
        made = await self._made(here, asked, "GET")
        here.traffic.rendered += 1
        if reading is None:
            return _passing(asked, made)
        copy = new_copy(asked, made, number=reading.number, modified=reading.at, before=self._shelf.get(asked))
        if asked.path.startswith(_UNKEPT):
            return copy
        if made.status in _KEPT and (asked.path in _AGING or made.header(b"cache-control") != NOT_CACHED):
            self._shelf.keep(copy)
        elif made.status < 500:  # noqa: PLR2004  # what is no longer there must not come back in an outage
            self._shelf.drop(asked)
        return copy

    async def _made(self, here: State, asked: Asked, method: str) -> Made:
        async with self._gate.room.entered(rank_of(asked)) as is_in:
            if is_in:
                return await rendered(self._app, here, asked, method)
        return await self._gate.refused(here, asked.path, CROWDED)

    def _asked(self, path: str, query: bytes) -> Asked:
        if (known := self._names.get((path, query))) is not None:
            return known
        language, plain = language_of_path(self._plain(path))
        asked = Asked(plain, canonical_query(query), language)
        if len(path) + len(query) <= _LONGEST_NAME:
            if len(self._names) >= _MOST_NAMES:
                self._names.clear()
            self._names[path, query] = asked
        return asked

    def _plain(self, path: str) -> str:
        """The path without that of the public address."""
        return path.removeprefix(self._prefix) if path.startswith(self._prefix + "/") else path

    async def _too_long(self, here: State, path: str) -> Copy:
        problem = await problem_response(here, path, TOO_LONG, TOO_LONG.meaning)
        return _passing(Asked(path, ""), whole(problem))


def _guarded(send: Send, headers: Headers) -> Send:
    """`send` with the headers that make an answer safe to show, and with none that lets anybody keep it."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = {name.lower() for name, _ in message["headers"]}
            added = [(name, value) for name, value in headers if name not in said]
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return guarded


def _passing(asked: Asked, made: Made) -> Copy:
    """A copy that nobody keeps."""
    return new_copy(asked, made, number=_NO_NUMBER, modified=None, before=None)


async def _reading(here: State) -> ClockReading | None:
    try:
        return await here.clock.reading()
    except FeedHubError:  # the routes say it in a form that their askers read
        return None


def _is_good(held: Copy, reading: ClockReading) -> bool:
    if held.number != reading.number:
        return False
    most = _AGING.get(held.asked.path)
    return most is None or monotonic() - held.made_at < most


def _may_stand_in(held: Copy, here: State) -> bool:
    """Never where something was taken back since, as far as this process has heard."""
    return held.number >= here.clock.taken_back and monotonic() - held.made_at < _STAND_IN


def _has_it(copy: Copy, here: State, if_none_match: str, if_modified_since: str) -> bool:
    if if_none_match:
        return names(if_none_match, copy.digest)
    if not if_modified_since or copy.modified is None or here.clock.is_crowded:
        return False
    return is_unmodified(if_modified_since, copy.modified)


def _conditions(headers: Iterable[tuple[bytes, bytes]]) -> tuple[Coding, str, str]:
    """Of all that an asker says, the three things that we listen to."""
    coding: Coding = "identity"
    if_none_match = if_modified_since = ""
    for name, value in headers:
        if name == b"accept-encoding":
            coding = _coding(value)
        elif name == b"if-none-match":
            if_none_match += ("," if if_none_match else "") + value.decode("latin-1")
        elif name == b"if-modified-since":
            if_modified_since = value.decode("latin-1")
    return coding, if_none_match, if_modified_since


@lru_cache(maxsize=256)
def _coding(accept_encoding: bytes) -> Coding:
    return wanted_coding(accept_encoding.decode("latin-1"))
