"""What each way of failing is called: statuses and exceptions become errors with a sentence."""

import errno
import os
import re
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpcore
import httpx

from feedhub.connectors.challenges import challenger
from feedhub.connectors.feed_bridges import broken_bridge
from feedhub.connectors.guard import Trip
from feedhub.failures import (
    AccountGone,
    BadAnswer,
    Challenged,
    DnsFailed,
    Forbidden,
    NotFound,
    RateLimited,
    ServerFailed,
    StatusRefused,
    TimedOut,
    TlsFailed,
    TooManyRedirects,
    Unauthorized,
    Unreachable,
    VisitFailed,
)

LONGEST_RETRY = timedelta(hours=24)
_SERVER_ERRORS = range(500, 600)

_STATUSES: dict[int, type[VisitFailed]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    410: AccountGone,
    429: RateLimited,
}
# The first row that fits; the order matters (a ConnectTimeout is an OSError nowhere, a TimeoutError is).
_EXCEPTIONS: tuple[tuple[tuple[type[Exception], ...], type[VisitFailed]], ...] = (
    ((ssl.SSLError,), TlsFailed),
    ((socket.gaierror,), DnsFailed),
    ((httpx.TimeoutException, httpcore.TimeoutException, TimeoutError), TimedOut),
    ((httpx.NetworkError, httpcore.NetworkError, OSError), Unreachable),
    ((httpx.TooManyRedirects,), TooManyRedirects),
)
_SECONDS = re.compile(r"-?\d{1,12}", re.ASCII)


def failure_of(error: Exception, trip: Trip) -> VisitFailed:
    """The named outcome of any exception that a fetch can end with."""
    if isinstance(error, VisitFailed):
        return error
    for classes, outcome in _EXCEPTIONS:
        if isinstance(error, classes):
            return outcome(f"{trip.host} could not be read: {_cause_of(error)} ({trip.stage}).")
    if isinstance(error, httpcore.RemoteProtocolError | httpx.RemoteProtocolError) and trip.is_silent:
        return Unreachable(f"{trip.host} closed the connection without a word.")
    return BadAnswer(f"{trip.host} does not answer in proper HTTP: {_cause_of(error)}.")


def refusal_of(status: int, headers: Mapping[str, str], body: bytes, *, host: str) -> VisitFailed:
    """The named outcome of a status that is no answer. `body` is the beginning of what came with it."""
    if maker := challenger(status, headers, body):
        return challenged(maker, status, host=host)
    if broken := broken_bridge(body):
        return broken
    outcome = _STATUSES.get(status, ServerFailed if status in _SERVER_ERRORS else StatusRefused)
    return outcome(f"{host} answered {_named(status)}.")


def challenged(maker: str, status: int, *, host: str) -> Challenged:
    return Challenged(f"{host} answered {_named(status)} with a page by {maker} that wants a person or a browser.")


def retry_time(value: str | None, now: datetime) -> datetime | None:
    """What a Retry-After says (RFC 9110 section 10.2.3), at most 24 hours away; None if it says nothing.

    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> retry_time("120", now).isoformat(), retry_time("Thu, 01 Jan 2026 01:00:00 GMT", now).isoformat()
    ('2026-01-01T00:02:00+00:00', '2026-01-01T01:00:00+00:00')
    >>> retry_time("soon", now) is None
    True
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        delay = timedelta(seconds=min(int(text), LONGEST_RETRY.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(text[:64])
            delay = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return now + min(max(delay, timedelta(0)), LONGEST_RETRY)


def _named(status: int) -> str:
    """A status as people know it, '404 (Not Found)'."""
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def _cause_of(error: BaseException) -> str:
    """The innermost reason that the system or the parser gave, as a part of a sentence."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in errno.errorcode:
            return os.strerror(cause.errno or 0).lower()
        cause = cause.__cause__ or cause.__context__
    return _shortened(str(error)) or type(error).__name__


def _shortened(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().rstrip(".")[:200]
