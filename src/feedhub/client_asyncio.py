"""The client for asyncio."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from random import Random
from types import TracebackType
from typing import Self, TypeVar

import httpx

from feedhub.client_following import ChangesPage, Lines, changes, posts, stream
from feedhub.client_shapes import Change, Post
from feedhub.client_steps import (
    CONNECTING,
    PATIENCE,
    Answer,
    Ask,
    Filter,
    Give,
    Listen,
    NextLine,
    Pause,
    Steps,
    address_of,
    headers_of,
    next_step,
    pace_of,
    query_of,
)

T = TypeVar("T")

_TIMEOUT = httpx.Timeout(PATIENCE, connect=CONNECTING)


class AsyncClient:
    """The same for asyncio."""

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Random | None = None,
    ) -> None:
        self.url = address_of(url)
        self._http = httpx.AsyncClient(headers=headers_of(key), timeout=_TIMEOUT, follow_redirects=True)
        self._sleep, self._chance = sleep, chance or Random()  # noqa: S311  # spreads clients, hides nothing

    def posts(self, *, limit: int = 200, **filters: Filter) -> AsyncIterator[Post]:
        """Every post of these filters, newest first. `limit` is how many come with one answer."""
        return self._carry_out(posts(query_of(limit=limit, **filters), pace_of(self._chance)))

    async def changes(self, after: int = 0, *, forever: bool = False, **filters: Filter) -> AsyncIterator[Change]:
        """Every change after a number, in order: up to the newest, or `forever`."""
        async for page in self.pages(after, forever=forever, **filters):
            for change in page.changes:
                yield change

    def pages(self, after: int = 0, *, forever: bool = False, **filters: Filter) -> AsyncIterator[ChangesPage]:
        """The same by pages, which also say how far the filters have looked."""
        query = query_of(after=after, **filters)
        return self._carry_out(changes(query, pace_of(self._chance, forever=forever), forever=forever))

    def stream(self, after: int | None = None, **filters: Filter) -> AsyncIterator[Change]:
        """Changes within about a second, for ever: after a number, or from now on."""
        return self._carry_out(stream(query_of(after=after, **filters), pace_of(self._chance, forever=True)))

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _carry_out(self, steps: Steps[T]) -> AsyncIterator[T]:
        came: Answer | str | None = None
        lines: AsyncIterator[str] = _no_lines()
        async with AsyncExitStack() as opened:
            while (step := next_step(steps, came)) is not None:
                came = None
                match step:
                    case Give(found=found):
                        yield found
                    case Pause(seconds=seconds):
                        await self._sleep(seconds)
                    case NextLine():
                        came = await _line(lines)
                    case Listen():
                        await opened.aclose()
                        came, lines = await self._listen(step, opened)
                    case Ask():
                        came = await self._ask(step)

    async def _ask(self, ask: Ask) -> Answer | None:
        try:
            answer = await self._http.get(self.url + ask.path, params=dict(ask.query), headers=dict(ask.headers))
        except httpx.RequestError:
            return None
        return Answer(answer.status_code, answer.headers, answer.content, answer.elapsed.total_seconds())

    async def _listen(self, ask: Listen, opened: AsyncExitStack) -> tuple[Answer | None, AsyncIterator[str]]:
        try:
            asked = self._http.stream("GET", self.url + ask.path, params=dict(ask.query), headers=dict(ask.headers))
            answer = await opened.enter_async_context(asked)
            body = b"" if answer.is_success else await answer.aread()
        except httpx.RequestError:
            return None, _no_lines()
        return Answer(answer.status_code, answer.headers, body), _lines(answer)


async def _lines(answer: httpx.Response) -> AsyncIterator[str]:
    lines = Lines()
    async for piece in answer.aiter_bytes():
        for line in lines.split(piece):
            yield line


async def _line(lines: AsyncIterator[str]) -> str | None:
    try:
        return await anext(lines, None)
    except httpx.RequestError:
        return None


async def _no_lines() -> AsyncIterator[str]:
    return
    yield ""
