"""Small loopback servers that can misbehave, in raw asyncio.

    async with standin({"/feed": answer(body=b"<rss/>"), "/old": redirect("/feed")}) as base_url:
        ...
        assert [asked.path for asked in base_url.asked] == ["/old", "/feed"]

What is said may be bytes (sent as they are), a function of the request that returns bytes, or an
async function of the request and the connection, which then says whatever it likes.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came. `fields` has lower-case names; values are latin-1."""

    method: str
    path: str
    fields: dict[str, str]
    connection: int


Saying = Callable[[Asked], bytes]
Acting = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]
Talk = bytes | Saying | Acting
Meeting = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class BaseUrl(str):
    """`http://127.0.0.1:port`, and what was asked there."""

    __slots__ = ("asked", "connections", "port")

    asked: list[Asked]
    connections: int
    port: int


@asynccontextmanager
async def standin(
    talk: Talk | Mapping[str, Talk], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, name: str = ""
) -> AsyncIterator[BaseUrl]:
    """A server for as long as the block lasts. A mapping is by path; other paths are 404.

    `name` is the host that stands in the base url when a test's resolver knows it.
    """
    speaker = _Speaker(talk)
    async with listening(speaker.meet, host=host, tls=tls) as port:
        shown = name or (f"[{host}]" if ":" in host else host)
        base = BaseUrl(f"{'https' if tls else 'http'}://{shown}:{port}")
        base.asked, base.connections, base.port = speaker.asked, 0, port
        speaker.base = base
        yield base


@asynccontextmanager
async def listening(meet: Meeting, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server that does with each connection what `meet` says, closed by the end; its port."""
    tasks: set[asyncio.Task[None]] = set()

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            await meet(reader, writer)
        writer.transport.abort()
        tasks.discard(task)

    server = await asyncio.start_server(met, host, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # an aborted transport closes its socket one turn later


def answer(
    status: int = 200, *, body: bytes = b"", fields: Mapping[str, str] | None = None, length: int | None = None
) -> bytes:
    """A whole response. `length` lies about the body's."""
    head = {"Content-Type": "application/rss+xml", "Content-Length": str(len(body) if length is None else length)}
    return start(status, head | dict(fields or {})) + body


def start(status: int, fields: Mapping[str, str]) -> bytes:
    """A status line and fields, latin-1, each value as it is."""
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Odd"
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def redirect(location: str, status: int = 301) -> bytes:
    return answer(status, fields={"Location": location})


def dripping(beginning: bytes, drop: bytes, *, every: float = 0.02) -> Acting:
    """Says `beginning` and then a drop at a time, for ever."""

    async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(beginning)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(every)

    return drip


def flooding(beginning: bytes, wave: bytes) -> Acting:
    """Says `beginning` and then `wave` after `wave`, as fast as they are taken, for ever."""

    async def flood(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(beginning)
        while True:
            writer.write(wave)
            await writer.drain()
            await asyncio.sleep(0)  # `drain` alone never yields while the buffer is small

    return flood


def hanging_up(after: bytes = b"") -> Acting:
    """Says `after` and closes the connection."""

    async def hang_up(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(after)
        await writer.drain()
        writer.close()

    return hang_up


async def silence(_: Asked, writer: asyncio.StreamWriter) -> None:
    """Never answers; the connection stays."""
    await asyncio.Event().wait()


@dataclass(slots=True)
class _Speaker:
    talk: Talk | Mapping[str, Talk]
    base: BaseUrl = field(default_factory=BaseUrl)
    asked: list[Asked] = field(default_factory=list)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.base.connections += 1
        connection = self.base.connections
        while not writer.is_closing():
            asked = _read(await reader.readuntil(b"\r\n\r\n"), connection)
            self.asked.append(asked)
            await self._reply(asked, writer)

    async def _reply(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        talk = self.talk.get(asked.path, answer(404)) if isinstance(self.talk, Mapping) else self.talk
        if isinstance(talk, bytes):
            writer.write(talk)
        elif asyncio.iscoroutinefunction(talk):
            await talk(asked, writer)
        else:
            writer.write(talk(asked))  # type: ignore[call-arg, arg-type] # the only Talk left is a Saying
        await writer.drain()


def _read(head: bytes, connection: int) -> Asked:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    return Asked(
        method=method,
        path=path,
        fields={name.lower(): value.strip(" ") for name, _, value in pairs},
        connection=connection,
    )
