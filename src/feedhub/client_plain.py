"""The client for plain Python."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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


class Client:
    """Asks one FeedHub. `key` is only needed where more is to be asked than anybody may.

    Iterators try again when the line breaks or the server is busy. They raise Refused where
    asking again is of no use, and Unreachable where they end by themselves and nothing came.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        chance: Random | None = None,
    ) -> None:
        self.url = address_of(url)
        self._http = httpx.Client(headers=headers_of(key), timeout=_TIMEOUT, follow_redirects=True)
        self._sleep, self._chance = sleep, chance or Random()  # noqa: S311  # spreads clients, hides nothing

    def posts(self, *, limit: int = 200, **filters: Filter) -> Iterator[Post]:
        """Every post of these filters, newest first. `limit` is how many come with one answer."""
        return self._carry_out(posts(query_of(limit=limit, **filters), pace_of(self._chance)))

    def changes(self, after: int = 0, *, forever: bool = False, **filters: Filter) -> Iterator[Change]:
        """Every change after a number, in order: up to the newest, or `forever`.

        The number to come back with is that of the last change that you have applied. Should
        the server have lost numbers, changes begin again from the first one.
        """
        for page in self.pages(after, forever=forever, **filters):
            yield from page.changes

    def pages(self, after: int = 0, *, forever: bool = False, **filters: Filter) -> Iterator[ChangesPage]:
        """The same by pages, which also say how far the filters have looked."""
        query = query_of(after=after, **filters)
        return self._carry_out(changes(query, pace_of(self._chance, forever=forever), forever=forever))

    def stream(self, after: int | None = None, **filters: Filter) -> Iterator[Change]:
        """Changes within about a second, for ever: after a number, or from now on."""
        return self._carry_out(stream(query_of(after=after, **filters), pace_of(self._chance, forever=True)))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def _carry_out(self, steps: Steps[T]) -> Iterator[T]:
        came: Answer | str | None = None
        lines: Iterator[str] = iter(())
        with ExitStack() as opened:
            while (step := next_step(steps, came)) is not None:
                came = None
                match step:
                    case Give(found=found):
                        yield found
                    case Pause(seconds=seconds):
                        self._sleep(seconds)
                    case NextLine():
                        came = _line(lines)
                    case Listen():
                        opened.close()
                        came, lines = self._listen(step, opened)
                    case Ask():
                        came = self._ask(step)

    def _ask(self, ask: Ask) -> Answer | None:
        try:
            answer = self._http.get(self.url + ask.path, params=dict(ask.query), headers=dict(ask.headers))
        except httpx.RequestError:
            return None
        return Answer(answer.status_code, answer.headers, answer.content, answer.elapsed.total_seconds())

    def _listen(self, ask: Listen, opened: ExitStack) -> tuple[Answer | None, Iterator[str]]:
        try:
            asked = self._http.stream("GET", self.url + ask.path, params=dict(ask.query), headers=dict(ask.headers))
            answer = opened.enter_context(asked)
            body = b"" if answer.is_success else answer.read()
        except httpx.RequestError:
            return None, iter(())
        return Answer(answer.status_code, answer.headers, body), _lines(answer)


def _lines(answer: httpx.Response) -> Iterator[str]:
    lines = Lines()
    for piece in answer.iter_bytes():
        yield from lines.split(piece)


def _line(lines: Iterator[str]) -> str | None:
    try:
        return next(lines, None)
    except httpx.RequestError:
        return None
