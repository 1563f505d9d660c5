"""Connections that must get on: uvicorn bounds neither a request's head nor the time that either side takes."""

import asyncio
from collections.abc import Iterable
from time import monotonic

from uvicorn._types import ASGI3Application, HTTPScope
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

_HEAD_BYTES = 32 * 1024
_HEAD_SECONDS = 10.0  # from the first byte, or from the opening where none comes
_REST_SECONDS = 15.0  # for a body that nobody waits for any more
_STUCK_SECONDS = 30.0  # in which a reader must take something of what is written for it
_LEAST_TAKEN = 4 * 1024  # bytes that count as something
_LOOKED_EVERY = 1.0  # seconds

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class _Flow(FlowControl):
    """uvicorn's own, which asks a transport to read on that has just been closed; uvloop raises then."""

    def resume_reading(self) -> None:
        if not self._transport.is_closing():
            super().resume_reading()


class Connection(HttpToolsProtocol):
    """uvicorn's own, with an eye on the clock."""

    _head_since: float | None = None  # None = no head is under way
    _head: HTTPScope | None = None  # the one under way, which uvicorn makes anew for each request
    _head_bytes = 0
    _rest_since: float | None = None
    _answered: RequestResponseCycle | None = None
    _stuck: tuple[int, float] | None = None  # bytes that waited to be taken, and since when they did

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.flow = _Flow(transport)
        self._head_since = monotonic()

    def connection_lost(self, exc: Exception | None) -> None:
        # uvicorn tells the last request alone that nobody listens; whoever sent several has others under way.
        self.pipeline.clear()
        if self._answered is not None:
            self._answered.disconnected = True
            self._answered.message_event.set()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and self.cycle.scope is self.scope:
            self._head_since = None
        elif self._head_since is None or self._head is not self.scope:
            self._head, self._head_since, self._head_bytes = self.scope, monotonic(), 0
        else:
            self._head_bytes += len(data)
            if self._head_bytes > _HEAD_BYTES and not self.transport.is_closing():
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def look(self, now: float) -> None:
        """End the connection where its other side takes too long."""
        if not self.transport.is_closing() and (self._is_late(now) or self._is_stuck(now)):
            self.transport.abort()

    def _is_late(self, now: float) -> bool:
        if self._head_since is not None and now - self._head_since > _HEAD_SECONDS:
            return True
        if self.cycle is None or not (self.cycle.response_complete and self.cycle.more_body):
            self._rest_since = None
            return False
        self._rest_since = self._rest_since or now
        return now - self._rest_since > _REST_SECONDS

    def _is_stuck(self, now: float) -> bool:
        waiting = self.transport.get_write_buffer_size()
        if waiting == 0:
            self._stuck = None
        elif self._stuck is None or waiting <= self._stuck[0] - _LEAST_TAKEN:
            self._stuck = waiting, now
        return self._stuck is not None and now - self._stuck[1] > _STUCK_SECONDS


async def look_after(connections: Iterable[object]) -> None:
    """End the connections whose other side takes too long, until cancelled."""
    while True:
        await asyncio.sleep(_LOOKED_EVERY)
        now = monotonic()
        for connection in tuple(connections):
            if isinstance(connection, Connection):
                connection.look(now)
