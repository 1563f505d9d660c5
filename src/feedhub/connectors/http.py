"""The guarded fetcher: one small HTTP/1.1 client a worker, every way of failing named."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Self

import httpcore
import httpx

from feedhub.connectors.addresses import Network, Target, target_of
from feedhub.connectors.challenges import LOOKED_AT, challenger
from feedhub.connectors.decoding import ACCEPTED, coding_of, decoded, decoded_start
from feedhub.connectors.guard import TRIP, Guard, GuardedBackend, GuardedTransport, Resolver, Trip, resolve
from feedhub.connectors.outcomes import challenged, failure_of, refusal_of, retry_time
from feedhub.errors import AddressRefused, BadAnswer, EmptyDocument, TimedOut, TooLarge, TooManyRedirects, VisitFailed

MAX_REDIRECTS = 5
MAX_HEADERS = 200  # fields; their bytes are bounded by httpcore (100 KiB)
MAX_PIECES = 100_000  # chunks of a body; each costs time, however small it is
OVERHEAD_BYTES = 256 * 1024  # headers and framing beside the body
PIECES_AT_ONCE = 256  # then other visits have their turn
BEGINNING_SECONDS = 2.0  # for the page that comes with a refusal or a redirect

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CONDITIONS = frozenset({b"if-none-match", b"if-modified-since"})
# Nobody else's business: they belong to the connection.
_OURS = frozenset({b"host", b"connection", b"content-length", b"transfer-encoding", b"accept-encoding", b"user-agent"})
_ACCEPT = (
    b"application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9,"
    b" application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1"
)

_Fields = dict[bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came: 2xx with a body, or 304 with none.

    `url` is the final one. `headers` answer case-insensitively, each byte one character (latin-1),
    so that a validator goes back exactly as it came. `moved_to` is the final url when every
    redirect on the way was permanent. `retry_at` is when the site asked to be asked next.
    """

    status: int
    url: str
    headers: httpx.Headers
    body: bytes
    moved_to: str | None = None
    retry_at: datetime | None = None


class Http:
    """The only way out. One for each concurrent worker: httpx's shared pools cost more than they save.

    `allow` are the networks of FETCH_ALLOW, `timeout` seconds for one whole fetch (names, TLS,
    redirects, body), `max_bytes` the most that a body may have unpacked; half of it on the wire.
    """

    def __init__(  # noqa: PLR0913 - each is a setting or a seam, named by every caller
        self,
        *,
        contact: str,
        public_url: str,
        allow: str | Iterable[Network] = "",
        timeout: float = 30.0,
        max_bytes: int = 16 * 1024 * 1024,
        resolver: Resolver = resolve,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.guard = Guard(allow)
        self._timeout, self._max_bytes = timeout, max_bytes
        self._agent = user_agent(contact, public_url)
        self._transport = GuardedTransport(GuardedBackend(self.guard, resolver), ssl_context or _trusted_authorities())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def get(self, url: str, *, headers: Mapping[str, str] = {}, now: datetime) -> Answer:
        """The answer to a GET of `url`, redirects followed. Raises VisitFailed's children and nothing else.

        `headers` (validators, credentials, …) go to the origin of `url` only.
        """
        trip = Trip(limit=self._max_bytes + OVERHEAD_BYTES, host="This address")
        TRIP.set(trip)
        try:
            async with asyncio.timeout(self._timeout) as deadline:
                return await self._followed(url, headers, trip=trip, now=now)
        except VisitFailed:
            raise
        except Exception as error:  # whatever a stranger's server provokes has a name
            if isinstance(error, TimeoutError) and deadline.expired():
                raise TimedOut(
                    f"{trip.host} did not finish its answer within {self._timeout:g} seconds: {trip.stage}."
                ) from error
            raise failure_of(error, trip) from error

    async def _followed(self, url: str, headers: Mapping[str, str], *, trip: Trip, now: datetime) -> Answer:
        target, fields = target_of(url), _fields(headers)
        seen: set[str] = set()
        is_permanent = True
        while len(seen) <= MAX_REDIRECTS:
            moved_to = target.url if seen and is_permanent else None
            seen.add(target.url)
            trip.host = target.host
            async with self._asked(target, fields, trip=trip, now=now) as response:
                if response.status_code not in _REDIRECTS:
                    is_conditional = not _CONDITIONS.isdisjoint(fields)
                    body = await self._body(response, target.host, is_conditional=is_conditional)
                    return _answer(response, target, body=body, moved_to=moved_to, now=now)
                is_permanent &= response.status_code in _PERMANENT
                following = redirected(target, response)
                if following.origin == target.origin:
                    await _beginning(response)  # only a read answer frees its connection for the next hop
            if following.url in seen:
                raise TooManyRedirects(f"{target.host} redirects in a circle.")
            if following.origin != target.origin:
                fields = {}  # and never again: who sends us back chose the address, not the account
            target = following
        raise TooManyRedirects(f"{target.host} comes after more than {MAX_REDIRECTS} redirects.")

    @asynccontextmanager
    async def _asked(
        self, target: Target, fields: _Fields, *, trip: Trip, now: datetime
    ) -> AsyncIterator[httpx.Response]:
        """One response, closed at the end. Whatever fails inside learns when the site may be asked again."""
        headers = {b"accept": _ACCEPT} | fields | {b"user-agent": self._agent, b"accept-encoding": ACCEPTED.encode()}
        request = httpx.Request(
            "GET",
            target.url,
            headers=[(name.title(), value) for name, value in headers.items()],
            extensions={"target": target.path.encode("ascii")},
        )
        response = await self._sent(request, trip)
        try:
            if len(response.headers.raw) > MAX_HEADERS:
                raise BadAnswer(f"{target.host} sent {len(response.headers.raw)} header fields.")
            yield response
        except VisitFailed as error:
            error.retry_at = _retry_at(response, now)
            raise
        finally:
            await response.aclose()

    async def _sent(self, request: httpx.Request, trip: Trip) -> httpx.Response:
        trip.connects, trip.is_silent, trip.stage = 0, True, "it was asked, but nothing had come"
        try:
            return await self._transport.handle_async_request(request)
        except (httpcore.NetworkError, httpcore.RemoteProtocolError):
            if trip.connects:
                raise
            # A kept connection may be closed by the site just while we ask: that is nobody's failure.
            return await self._transport.handle_async_request(request)

    async def _body(self, response: httpx.Response, host: str, *, is_conditional: bool) -> bytes:
        """The body of a 2xx, nothing for a 304 that was asked for; anything else is raised as what it is."""
        status, headers = response.status_code, response.headers
        if status == HTTPStatus.NOT_MODIFIED:
            if not is_conditional:
                raise BadAnswer(f"{host} says that nothing changed, although FeedHub has nothing yet.")
            return await self._raw_body(response, host)  # always empty, but only a read answer frees its connection
        if not response.is_success:
            raise refusal_of(status, headers, await _beginning(response), host=host)
        body = decoded(await self._raw_body(response, host), coding_of(_coding(response)), max_bytes=self._max_bytes)
        if maker := challenger(status, headers, body):
            raise challenged(maker, status, host=host)
        if not body.strip():
            raise EmptyDocument(f"{host} answered {status} with an empty document.")
        return body

    async def _raw_body(self, response: httpx.Response, host: str) -> bytes:
        """The body as it came over the wire, at most half of `max_bytes`."""
        limit = self._max_bytes // 2
        said = response.headers.get("content-length", "")
        raw, pieces = bytearray(), 0
        if said.isdecimal() and int(said[:20]) > limit:
            raise TooLarge(f"{host} announces {said[:20]} bytes; FeedHub takes at most {limit} over the wire.")
        async for piece in response.aiter_raw():
            raw += piece
            pieces += 1
            if len(raw) > limit:
                raise TooLarge(f"{host} sent more than the {limit} bytes that FeedHub takes over the wire.")
            if pieces > MAX_PIECES:
                raise BadAnswer(f"{host} cuts its answer into more than {MAX_PIECES} pieces.")
            if pieces % PIECES_AT_ONCE == 0:
                await asyncio.sleep(0)
        return bytes(raw)


def redirected(target: Target, response: httpx.Response) -> Target:
    """Where a redirect leads. Raises BadAnswer and AddressRefused."""
    places = {value for name, value in response.headers.raw if name.lower() == b"location"}
    if len(places) != 1:
        raise BadAnswer(f"{target.host} redirects, but names {len(places) or 'no'} places to go to.")
    place = places.pop()
    try:
        following = target_of(place.decode("utf-8"), target)
    except UnicodeDecodeError:
        following = target_of(place.decode("latin-1"), target)
    if target.scheme == "https" and following.scheme == "http":
        raise AddressRefused(
            f"{target.host} redirects from https to unencrypted http, where anybody may change what is said.",
            remedy="Ask the site's administrator to let its https address answer by itself or redirect to https.",
        )
    return following


def user_agent(contact: str, public_url: str) -> bytes:
    r"""Who asks, and where an administrator can complain.

    >>> user_agent("it@kota.example\r\nX: y", "https://kabar.example").partition(b"(")[2]
    b'+https://kabar.example; it@kota.exampleX: y)'
    """
    about = "; ".join(part for part in (f"+{public_url}", contact) if part)
    plain = re.sub(r"[^ -~]|[()\\]", "", about)
    return f"FeedHub/{_version()} ({plain})".encode("ascii")


def _answer(response: httpx.Response, target: Target, *, body: bytes, moved_to: str | None, now: datetime) -> Answer:
    return Answer(
        status=response.status_code,
        url=target.url,
        headers=response.headers,
        body=body,
        moved_to=moved_to,
        retry_at=_retry_at(response, now),
    )


def _retry_at(response: httpx.Response, now: datetime) -> datetime | None:
    return retry_time(response.headers.get("retry-after"), now)


async def _beginning(response: httpx.Response) -> bytes:
    """The beginning of the page that comes with a refusal or a redirect; whatever spoils it, the status still speaks."""
    raw = bytearray()
    with suppress(Exception):
        async with asyncio.timeout(BEGINNING_SECONDS):
            async for piece in response.aiter_raw():
                raw += piece
                if len(raw) > LOOKED_AT:
                    break
    try:
        return decoded_start(bytes(raw), coding_of(_coding(response)), max_bytes=LOOKED_AT)
    except BadAnswer:
        return b""


def _coding(response: httpx.Response) -> str | None:
    named: str | None = response.headers.get("content-encoding")
    return named


def _fields(headers: Mapping[str, str]) -> _Fields:
    """What a connector wants to send, byte for byte."""
    fields = {name.lower().encode("ascii"): value.encode("latin-1") for name, value in headers.items()}
    return {name: value for name, value in fields.items() if name not in _OURS}


@cache
def _trusted_authorities() -> ssl.SSLContext:
    """The usual authorities, and those that this machine's administrator added. One for all clients."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


@cache
def _version() -> str:
    return version("feedhub")
