"""Who is let in: limits for each asker, room for what must be made, patience with slow ones.

A kept copy costs a reader one unit of its limit, an answer that must be made ten, a search a
hundred. A refusal is held back for a moment, so that whoever asks on without a pause is slowed
down for the price of a connection.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feedhub.web.askers import Asker, Askers
from feedhub.web.copies import Made
from feedhub.web.headers import Headers
from feedhub.web.known_keys import KnownKeys, Showing, shown_key
from feedhub.web.limits import Limits, Policy, Standing
from feedhub.web.problems import CROWDED, HUB, LIMITED, TOO_LARGE, TOO_SLOW, Problem, wants_page
from feedhub.web.rendering import made_problem
from feedhub.web.room import Rank, Room
from feedhub.web.state import State

COUNTED = "/api/"  # whose answers say where their asker stands
KEPT, MADE, SEARCHED = 1, 9, 99  # units; the last two are added to the first
_HELD = 1.0  # seconds that a refusal waits before it is sent
_MOST_HELD = 2_000
_REFUSALS = frozenset({401, 403, 408, 413, 414, 429, 503})
_STREAMS = "/api/v1/stream"
_MOST_OPEN = 20  # streams and waiting questions of one asker
_FLOWS = "/connect/"  # where a platform is waited for
_MOST_BYTES = 5 * 1024 * 1024  # of a body; each door has less
_BODY_SECONDS = 15.0  # for a whole body
_REMEMBERED = 60.0  # seconds that a refusal's words are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """`near` says whether askers of private networks are limited as well."""

    anonymous: Policy
    keyed: Policy
    near: bool = False


class Gate:
    """One per process."""

    def __init__(self, policies: Policies, limits: Limits, askers: Askers) -> None:
        self._policies, self._limits, self._askers = policies, limits, askers
        self._keys = KnownKeys(limits)
        self.room = Room()
        self._held = 0
        self._open: Counter[str] = Counter()
        self._words: dict[tuple[Problem, bool, bool], tuple[float, Made]] = {}

    def take_now(self, scope: Scope, units: int) -> Standing | None:
        """The same as `take` where nothing has to be asked for it, else None: what a kept answer costs."""
        if self._limits.is_shared or shown_key(scope["headers"]) is not None:
            return None
        asker = self._askers.of(scope)
        standing = self._limits.take_own(self._policies.anonymous, asker.name, units)
        return self._spared(standing, asker) if standing.is_over else standing

    async def take(self, scope: Scope, here: State, units: int) -> Standing:
        """Where an asker stands after it took `units`."""
        asker = self._askers.of(scope)
        key, showing = await self._keys.of(scope, here, asker)
        if key is not None:
            return await self._limits.take(self._policies.keyed, f"key/{key}", units)
        standing = await self._limits.take(self._named(showing), asker.name, units)
        return self._spared(standing, asker)

    def _spared(self, standing: Standing, asker: Asker) -> Standing:
        return standing._replace(is_over=standing.is_over and not self._is_free(asker))

    async def hold(self, status: int) -> None:
        """Keep a refusal back; any fault of an asker's while others wait for room."""
        if status in _REFUSALS or (status >= HTTPStatus.BAD_REQUEST and self.room.is_full):
            if self._held >= _MOST_HELD:
                return
            self._held += 1
            try:
                await asyncio.sleep(_HELD)
            finally:
                self._held -= 1

    async def refused(self, here: State, path: str, problem: Problem = LIMITED) -> Made:
        """A refusal in words, which cost nothing while many are refused."""
        key = problem, wants_page(path), path == HUB
        made_at, made = self._words.get(key, (float("-inf"), None))
        if made is None or monotonic() - made_at > _REMEMBERED:
            made = await made_problem(here, path, problem)
            self._words[key] = monotonic(), made
        return made

    async def through(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let somebody through a door, in whose hands the body is whole or not at all."""
        here: State = scope["state"]["feedhub"]
        standing = await self.take(scope, here, KEPT + MADE)
        if standing.is_over:
            await self._turn_away(here, scope, send, LIMITED, standing)
        elif scope["path"].startswith(_STREAMS):
            await self._streamed(app, scope, receive, send, standing)
        elif scope["path"].startswith(_FLOWS):
            await app(scope, receive, send)
        elif isinstance(whole := await _whole_body(receive), Problem):
            await self._turn_away(here, scope, send, whole, standing)
        elif whole is not None:
            await self._in_room(app, scope, _Said(whole, receive), send, standing)

    async def _in_room(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, standing: Standing) -> None:
        said: list[Message] = []

        async def note(message: Message) -> None:
            said.append(message)

        async with self.room.entered(Rank.DOOR) as is_in:
            if is_in:
                await app(scope, receive, note)
        if not said:
            await self._turn_away(scope["state"]["feedhub"], scope, send, CROWDED, standing)
            return
        await self.hold(said[0]["status"])  # whoever tries keys tries one a second
        counted = _counted(send, scope, standing)
        for message in said:
            await counted(message)

    async def _streamed(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, standing: Standing) -> None:
        with self.place(scope) as is_his:
            if is_his:
                await app(scope, receive, _counted(send, scope, standing))
                return
        await self._turn_away(scope["state"]["feedhub"], scope, send, CROWDED, standing)

    @contextmanager
    def place(self, scope: Scope) -> Iterator[bool]:
        """A place among those who wait for long; False where this asker has enough of them."""
        asker = self._askers.of(scope)
        if self._open[asker.name] >= _MOST_OPEN and not self._is_free(asker):
            yield False
            return
        self._open[asker.name] += 1
        try:
            yield True
        finally:
            self._open[asker.name] -= 1
            if not self._open[asker.name]:
                del self._open[asker.name]

    async def _turn_away(  # who is told what
        self, here: State, scope: Scope, send: Send, problem: Problem, standing: Standing
    ) -> None:
        made = await self.refused(here, scope["path"], problem)
        await self.hold(made.status)
        length = (b"content-length", str(len(made.body)).encode())
        headers = [*with_wait(made.headers, standing), *standing.headers, length, (b"connection", b"close")]
        await send({"type": "http.response.start", "status": made.status, "headers": headers})
        await send({"type": "http.response.body", "body": made.body})

    def _named(self, showing: Showing) -> Policy:
        """The policy of anonymous askers, under a name that says why a key does not help."""
        policy = self._policies.anonymous
        return policy if showing is Showing.NOTHING else replace(policy, name=showing.value)

    def _is_free(self, asker: Asker) -> bool:
        return asker.is_near and not self._policies.near


def with_wait(headers: Headers, standing: Standing) -> Headers:
    """`headers` that say how long this asker has to wait."""
    said = (b"retry-after", str(standing.wait).encode())
    return [*(each for each in headers if each[0] != b"retry-after"), said] if standing.is_over else headers


class _Said:
    """A body that came already; what comes after it is asked of the connection."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._first: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def __call__(self) -> Message:
        message, self._first = self._first, None
        return message or await self._receive()


async def _whole_body(receive: Receive) -> bytes | Problem | None:
    """The body; a problem where it is too much or too slow; None where its sender has gone."""
    parts: list[bytes] = []
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while (message := await receive())["type"] == "http.request":
                parts.append(message.get("body", b""))
                if sum(map(len, parts)) > _MOST_BYTES:
                    return TOO_LARGE
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        return TOO_SLOW
    return None


def _counted(send: Send, scope: Scope, standing: Standing) -> Send:
    """`send` with where the asker stands, which every answer of the API says."""
    if not scope["path"].startswith(COUNTED):
        return send

    async def counted(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *standing.headers]}
        await send(message)

    return counted
