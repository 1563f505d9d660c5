"""The guarded fetcher: one small HTTP/1.1 client a worker, every way of failing named."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Self

import httpcore
import httpx

from feedhub.connectors.addresses import Network, Target, target_of
from feedhub.connectors.challenges import LOOKED_AT, challenger
from feedhub.connectors.decoding import ACCEPTED, coding_of, decoded, decoded_start
from feedhub.connectors.exchange import (
    Answer,
    Question,
    answer_of,
    fields_of,
    origin_of,
    redirected,
    request_of,
    retry_at_of,
    user_agent,
)
from feedhub.connectors.guard import TRIP, Guard, GuardedBackend, GuardedTransport, Resolver, Trip, resolve
from feedhub.connectors.outcomes import challenged, failure_of, refusal_of
from feedhub.failures import BadAnswer, EmptyDocument, TimedOut, TooLarge, TooManyRedirects, VisitFailed

MAX_REDIRECTS = 5
MAX_HEADERS = 200  # fields; their bytes are bounded by httpcore (100 KiB)
MAX_PIECES = 100_000  # chunks of a body; each costs time, however small it is
OVERHEAD_BYTES = 256 * 1024  # headers and framing beside the body
PIECES_AT_ONCE = 256  # then other visits have their turn
BEGINNING_SECONDS = 2.0  # for the page that comes with a refusal or a redirect

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCEPT = (
    b"application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9,"
    b" application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1"
)


class Http:
    """The only way out. One for each concurrent worker: httpx's shared pools cost more than they save.

    `allow` are the networks of FETCH_ALLOW, `timeout` seconds for one whole fetch (names, TLS,
    redirects, body), `max_bytes` the most that a body may have unpacked; half of it on the wire.
    `detours` lead from one origin to another ("https://api.x.com": "http://127.0.0.1:4001"): a
    gateway, a mirror or a stand-in answers instead, and nobody above notices.
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
        detours: Mapping[str, str] = {},
    ) -> None:
        self.guard = Guard(allow)
        self._detours = dict(detours)
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
        return await self._deadlined(Question(url=url, headers=headers), now)

    async def ask(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] = {},
        content: bytes | None = None,
        now: datetime,
    ) -> Answer:
        """The answer of a platform's program, whatever its status: an API says in the body what is wrong.

        Redirects of a GET are followed without `headers` where they leave the origin; those of
        anything else raise. Raises VisitFailed's children for everything below HTTP, and for
        pages that want a person.
        """
        question = Question(url=url, headers=headers, method=method, content=content, takes_refusals=True)
        return await self._deadlined(question, now)

    async def _deadlined(self, question: Question, now: datetime) -> Answer:
        trip = Trip(limit=self._max_bytes + OVERHEAD_BYTES, host="This address")
        TRIP.set(trip)
        try:
            async with asyncio.timeout(self._timeout) as deadline:
                question = replace(question, fields=fields_of(question.headers))
                return await self._followed(question, trip=trip, now=now)
        except VisitFailed:
            raise
        except Exception as error:  # whatever a stranger's server provokes has a name
            if isinstance(error, TimeoutError) and deadline.expired():
                raise TimedOut(
                    f"{trip.host} did not finish its answer within {self._timeout:g} seconds: {trip.stage}."
                ) from error
            raise failure_of(error, trip) from error

    async def _followed(self, question: Question, *, trip: Trip, now: datetime) -> Answer:
        target = target_of(question.url)
        seen: set[str] = set()
        is_permanent = True
        while len(seen) <= MAX_REDIRECTS:
            moved_to = target.url if seen and is_permanent else None
            seen.add(target.url)
            trip.host = target.host
            async with self._asked(target, question, trip=trip, now=now) as response:
                if response.status_code not in _REDIRECTS:
                    body = await self._body(response, target.host, question)
                    return answer_of(response, target, body=body, moved_to=moved_to, now=now)
                if question.method != "GET":
                    raise BadAnswer(f"{target.host} redirects a {question.method}, which must not be sent twice.")
                is_permanent &= response.status_code in _PERMANENT
                following = redirected(target, response)
                if following.origin == target.origin:
                    await _beginning(response)  # only a read answer frees its connection for the next hop
            if following.url in seen:
                raise TooManyRedirects(f"{target.host} redirects in a circle.")
            if following.origin != target.origin:
                # And never again: who sends us back chose the address, not the account.
                question = replace(question, fields={})
            target = following
        raise TooManyRedirects(f"{target.host} comes after more than {MAX_REDIRECTS} redirects.")

    @asynccontextmanager
    async def _asked(
        self, target: Target, question: Question, *, trip: Trip, now: datetime
    ) -> AsyncIterator[httpx.Response]:
        """One response, closed at the end. Whatever fails inside learns when the site may be asked again."""
        headers = {b"accept": _ACCEPT} | question.fields
        headers |= {b"user-agent": self._agent, b"accept-encoding": ACCEPTED.encode()}
        dialed = self._detoured(target)
        response = await self._sent(request_of(dialed, question, headers), trip)
        try:
            if len(response.headers.raw) > MAX_HEADERS:
                raise BadAnswer(f"{target.host} sent {len(response.headers.raw)} header fields.")
            yield response
        except VisitFailed as error:
            error.retry_at = error.retry_at or retry_at_of(response, now)
            raise
        finally:
            await response.aclose()

    def _detoured(self, target: Target) -> Target:
        if not self._detours:
            return target
        origin = origin_of(target.url)
        leads_to = self._detours.get(origin)
        return target_of(leads_to + target.url.removeprefix(origin)) if leads_to else target

    async def _sent(self, request: httpcore.Request, trip: Trip) -> httpx.Response:
        trip.connects, trip.is_silent, trip.stage = 0, True, "it was asked, but nothing had come"
        try:
            return await self._transport.send(request)
        except (httpcore.NetworkError, httpcore.RemoteProtocolError):
            if trip.connects:
                raise
            # A kept connection may be closed by the site just while we ask: that is nobody's failure.
            return await self._transport.send(request)

    async def _body(self, response: httpx.Response, host: str, question: Question) -> bytes:
        """The body of a 2xx, nothing for a 304 that was asked for; anything else is raised as what it is."""
        status, headers = response.status_code, response.headers
        if status == HTTPStatus.NOT_MODIFIED:
            if not question.is_conditional:
                raise BadAnswer(f"{host} says that nothing changed, although FeedHub has nothing yet.")
            return await self._raw_body(response, host)  # always empty, but only a read answer frees its connection
        if not response.is_success and not question.takes_refusals:
            raise refusal_of(status, headers, await _beginning(response), host=host)
        body = decoded(await self._raw_body(response, host), coding_of(_coding(response)), max_bytes=self._max_bytes)
        if maker := challenger(status, headers, body):
            raise challenged(maker, status, host=host)
        if not body.strip() and not question.takes_refusals:
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


@cache
def _trusted_authorities() -> ssl.SSLContext:
    """The usual authorities, and those that this machine's administrator added. One for all clients."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
