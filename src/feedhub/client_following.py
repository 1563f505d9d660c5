"""How posts and changes are followed, step by step and without a network."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from feedhub.client_shapes import Change, Post
from feedhub.client_steps import (
    LONGEST_PAUSE,
    Answer,
    Ask,
    Give,
    Listen,
    NextLine,
    Pace,
    Pause,
    Query,
    Refused,
    Steps,
    answered,
    pause,
)

_POSTS, _CHANGES, _STREAM = "/api/v1/posts", "/api/v1/changes", "/api/v1/stream"
_LONGEST_WAIT = 25  # seconds that the server holds an empty answer back
_MOST_CHANGES = 500
_GONE = 410
_SOON = 1.0  # seconds; an empty answer that comes sooner was not waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """Some changes in order; `after` is the number to go on from, once they are applied."""

    changes: tuple[Change, ...]
    after: int
    latest: int


def posts(query: Query, pace: Pace) -> Steps[Post]:
    """Every post of a list, page by page."""
    while True:
        page = _read((yield from answered(Ask(_POSTS, query), pace)))
        for post in page["posts"]:
            yield Give(post)
        if page["next"] is None:
            return
        query = _query_in(page["next"])


def changes(query: Query, pace: Pace, *, forever: bool) -> Steps[ChangesPage]:
    """Pages of changes until there are no more; or waiting for more, for ever."""
    query = {"limit": str(_MOST_CHANGES), **query} | ({"wait": str(_LONGEST_WAIT)} if forever else {})
    while True:
        try:
            answer = yield from answered(Ask(_CHANGES, query), pace)
        except Refused as refused:
            if refused.status != _GONE or query.get("after", "0") == "0":
                raise
            query = {**query, "after": "0"}  # the database was replaced by an older one
            continue
        page = _read(answer)
        query = _query_in(page["next"])
        found = ChangesPage(changes=tuple(page["changes"]), after=int(query["after"]), latest=page["latest"])
        yield Give(found)
        if found.after < found.latest:
            continue
        if not forever:
            return
        if not found.changes and answer.seconds < _SOON:
            yield Pause(_SOON)


def stream(query: Query, pace: Pace) -> Steps[Change]:
    """Changes as the server tells them, for ever; a broken line goes on where it broke."""
    last, tries = "", 0
    while True:
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})
        try:
            yield from answered(Listen(_STREAM, query, headers), pace)
        except Refused as refused:
            if refused.status != _GONE:
                raise
            last, query = "", {**query, "after": "0"}
            continue
        event, before = _Event(last=last), last
        while isinstance(line := (yield NextLine()), str):
            if (told := event.take(line)) is not None:
                yield Give(json.loads(told))
        last = event.last
        tries = 0 if last != before else tries + 1
        yield Pause(event.retry if tries == 0 else pause(tries, pace.chance))


@dataclass(slots=True)
class _Event:
    """Lines of a stream on their way to an event (WHATWG HTML section 9.2.6)."""

    last: str
    retry: float = 2.0  # seconds
    name: str = ""
    lines: list[str] = field(default_factory=list)
    id: str | None = None

    def take(self, line: str) -> str | None:
        """What a change says, where this line ends one."""
        if line:
            self._note(*line.partition(":")[::2])
            return None
        told = "\n".join(self.lines) if self.lines and self.name == "change" else None
        self.last = self.id or self.last
        self.name, self.lines = "", []
        return told

    def _note(self, name: str, value: str) -> None:
        value = value.removeprefix(" ")
        match name:
            case "event":
                self.name = value
            case "data":
                self.lines.append(value)
            case "id":
                self.id = value
            case "retry" if value.isascii() and value.isdigit():
                self.retry = min(int(value[:6]) / 1000, LONGEST_PAUSE)


class Lines:
    r"""Pieces of a stream on their way to lines. A post's text may hold what else Python takes for a line's end.

    >>> lines = Lines()
    >>> lines.split(b"id: 1\nda"), lines.split("ta: a\u2028b\r\n".encode())
    (['id: 1'], ['data: a\u2028b'])
    """

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def split(self, piece: bytes) -> list[str]:
        """The lines that end in this piece."""
        *whole, self._rest = (self._rest + piece).split(b"\n")
        return [line.removesuffix(b"\r").decode("utf-8", "replace") for line in whole]


def _read(answer: Answer) -> Any:  # noqa: ANN401  # the public contract, typed where it is given
    try:
        return json.loads(answer.body)
    except ValueError:
        raise Refused(answer.status, "The answer is not JSON; is this a FeedHub?") from None


def _query_in(next_url: str) -> Query:
    """What `next` asks for; it is asked where the client was told to ask, whatever the address is known by."""
    return dict(parse_qsl(urlsplit(next_url).query))
