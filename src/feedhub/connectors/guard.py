"""The guard: every connection goes to an address that was judged, counted byte by byte."""

import asyncio
import ipaddress
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest

import httpcore
import httpx

from feedhub.connectors.addresses import (
    PORTS,
    Address,
    Network,
    fault_of,
    is_disguised,
    literal_address,
    networks_in,
)
from feedhub.connectors.asyncio_network import AsyncioBackend
from feedhub.failures import AddressRefused, DnsFailed, TlsFailed, TooLarge

# (host, port) -> every address of the host, as text. May raise OSError or UnicodeError.
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]

MAX_ADDRESSES_TRIED = 4
FIRST_TRIES_SECONDS = 4.0  # for each address but the last, so that one dead address does not use up the deadline
MAX_CONNECTIONS = 4
# A worker goes from host to host: the pool looks at every kept connection before each request.
MAX_KEPT = 1
KEEPALIVE_SECONDS = 15.0
DNS_THREADS = 16  # a dead name server holds a thread for up to half a minute
_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


@dataclass(slots=True, kw_only=True)
class Trip:
    """One fetch under way: where it is, what came and how many bytes may come. `stage` is for a sentence."""

    limit: int
    host: str = ""
    stage: str = "nothing was done yet"
    received: int = 0
    connects: int = 0
    is_silent: bool = True  # since the last request

    def take(self, count: int) -> None:
        self.received += count
        self.is_silent &= count == 0
        self.stage = f"{self.received} bytes had come"
        if self.received > self.limit:
            raise TooLarge(f"{self.host} sent more than {self.limit} bytes, headers and framing included.")


# httpcore hands a connection nothing of the fetch that uses it, but it works inside the fetch's own task.
TRIP: ContextVar[Trip | None] = ContextVar("trip", default=None)


def current_trip() -> Trip:
    return TRIP.get() or Trip(limit=sys.maxsize)


class Guard:
    """Where the fetcher may go. `allow` holds networks that may be reached although they are private."""

    def __init__(self, allow: str | Iterable[Network] = "") -> None:
        self.allow = networks_in(allow) if isinstance(allow, str) else tuple(allow)

    def is_exempt(self, host: str) -> bool:
        """Whether `host` (a literal address or `localhost`) is our own: any port, no politeness."""
        if host.lower() == "localhost":
            return any(type(mine) is type(loop) and mine.overlaps(loop) for mine in self.allow for loop in _LOOPBACK)
        address = literal_address(host)
        return address is not None and self._is_allowed(address)

    def refusal(self, address: str, port: int) -> str | None:
        """Why no connection may be made to `address`, as the end of a sentence, or None.

        >>> Guard().refusal("169.254.169.254", 80), Guard("127.0.0.0/8").refusal("127.0.0.1", 8080)
        ('169.254.169.254 is not a public address (link-local)', None)
        >>> Guard().refusal("8.8.8.8", 25)
        'port 25 is not one of 80 and 443'
        """
        ip = literal_address(address)
        if ip is None or "%" in address:
            return f"{address!r} is not a plain address"
        if self._is_allowed(ip):
            return None
        if port not in PORTS.values():
            return f"port {port} is not one of 80 and 443"
        fault = fault_of(ip)
        return fault and f"{address} is not a public address ({fault})"

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self.allow)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves once, judges every answer, and connects to the very address judged.

    TLS stays on the name: httpcore verifies the certificate for the host of the url.
    """

    def __init__(self, guard: Guard, resolver: Resolver) -> None:
        self._guard, self._resolver = guard, resolver
        self._network = AsyncioBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's; the fetch has one deadline
        local_address: str | None = None,  # noqa: ARG002 - httpcore's interface
        socket_options: Iterable[SocketOption] | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        """Raises AddressRefused, DnsFailed, and httpcore's ConnectError."""
        trip = current_trip()
        trip.connects += 1
        trip.stage = "its name was still being looked up"
        addresses = await self._judged_addresses(host, port)
        trip.stage = "no connection was made yet"
        stream = await self._dialed(addresses, port)
        trip.stage = "it was connected, but nothing had come"
        return MeteredStream(stream)

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - httpcore's interface
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - the same
        socket_options: Iterable[SocketOption] | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        raise AddressRefused("A file of this machine is not an address.")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _judged_addresses(self, host: str, port: int) -> list[str]:
        if is_disguised(host):
            raise AddressRefused(f"{host} is neither a name nor a plainly written address.")
        addresses = [host] if literal_address(host) else await self._resolved(host, port)
        for address in addresses:
            # One bad answer spoils all: a name that is half private is a trap or a mistake.
            if refusal := self._guard.refusal(address, port):
                raise AddressRefused(f"FeedHub does not connect to {host}: {refusal}.")
        return addresses

    async def _resolved(self, host: str, port: int) -> list[str]:
        try:
            addresses = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise DnsFailed(f"The name {host} can't be looked up: {why}.") from error
        if not addresses:
            raise DnsFailed(f"The name {host} has no address.")
        return list(dict.fromkeys(addresses))

    async def _dialed(self, addresses: list[str], port: int) -> httpcore.AsyncNetworkStream:
        *first, last = alternating(addresses)[:MAX_ADDRESSES_TRIED]
        for address in first:
            try:
                return await self._network.connect_tcp(address, port, timeout=FIRST_TRIES_SECONDS)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._network.connect_tcp(last, port)


class MeteredStream(httpcore.AsyncNetworkStream):
    """A connection whose every received byte is counted against the fetch that uses it."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        came = await self._stream.read(max_bytes, timeout)
        current_trip().take(len(came))
        return came

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        """Raises TlsFailed."""
        current_trip().stage = "the TLS handshake was not finished"
        try:
            return MeteredStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))
        except (httpcore.NetworkError, OSError) as error:
            raise TlsFailed(f"No secure connection to {server_hostname}: {_tls_fault(error)}.") from error
        except asyncio.CancelledError:
            await self.aclose()  # httpcore forgets a connection whose handshake is cancelled, open as it is
            raise

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class GuardedTransport:
    """httpcore's door to the network, with the guard where the connection is made.

    It is used without `httpx.AsyncClient`, which would keep cookies, read Location by itself,
    unpack bodies without a bound, and costs a quarter of a millisecond a request.
    """

    def __init__(self, backend: GuardedBackend, ssl_context: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_KEPT,
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=backend,
        )

    async def send(self, request: httpcore.Request) -> httpx.Response:
        """Raises httpcore's exceptions, and the guard's own."""
        answer = await self._pool.handle_async_request(request)
        response = httpx.Response(answer.status, headers=answer.headers, stream=_Stream(answer))
        response.headers.encoding = "latin-1"
        return response

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._answer.aiter_stream()

    async def aclose(self) -> None:
        await self._answer.aclose()


async def resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, by the system's resolver in threads of our own."""
    found = await asyncio.get_running_loop().run_in_executor(
        _dns_threads(), lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return [str(address[0]) for *_, address in found]


def alternating(addresses: Sequence[str]) -> list[str]:
    """IPv6 and IPv4 in turn, the resolver's first choice first (RFC 8305 section 4).

    >>> alternating(["2600::1", "2600::2", "192.0.9.1"])
    ['2600::1', '192.0.9.1', '2600::2']
    """
    is_first_ipv6 = ":" in addresses[0]
    preferred = [address for address in addresses if (":" in address) is is_first_ipv6]
    others = [address for address in addresses if (":" in address) is not is_first_ipv6]
    return [address for address in chain.from_iterable(zip_longest(preferred, others)) if address]


@cache
def _dns_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(DNS_THREADS, thread_name_prefix="dns")


def _tls_fault(error: BaseException | None) -> str:
    """The end of a sentence from the innermost TLS error."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message.rstrip(".")
        if isinstance(error, ssl.SSLError) and error.reason:
            return error.reason.replace("_", " ").lower()
        error = error.__cause__ or error.__context__
    return "the other side broke off the TLS handshake"
