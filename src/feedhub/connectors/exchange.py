"""What goes out and what comes back: questions, answers, redirects."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.metadata import version

import httpcore
import httpx

from feedhub.connectors.addresses import PORTS, Target, target_of
from feedhub.connectors.outcomes import retry_time
from feedhub.failures import AddressRefused, BadAnswer

Fields = dict[bytes, bytes]

_CONDITIONS = frozenset({b"if-none-match", b"if-modified-since"})
# Nobody else's business: they belong to the connection.
_OURS = frozenset({b"host", b"connection", b"content-length", b"transfer-encoding", b"accept-encoding", b"user-agent"})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `takes_refusals`: an answer of any status is an answer."""

    url: str
    headers: Mapping[str, str]
    fields: Fields = field(default_factory=dict)  # the headers, as they go out
    method: str = "GET"
    content: bytes | None = None
    takes_refusals: bool = False

    @property
    def is_conditional(self) -> bool:
        return not _CONDITIONS.isdisjoint(self.fields)


def request_of(target: Target, question: Question, headers: Fields) -> httpcore.Request:
    """The request as it goes to `target`: httpx would parse the address once more for each, which is a tenth of a visit."""
    is_usual = target.port == PORTS[target.scheme]
    shown = f"[{target.host}]" if ":" in target.host else target.host
    named = shown if is_usual else f"{shown}:{target.port}"
    fields = [(b"Host", named.encode("ascii")), *((name.title(), value) for name, value in headers.items())]
    if question.content is not None:
        fields.append((b"Content-Length", str(len(question.content)).encode()))
    url = httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode("ascii"),
        port=None if is_usual else target.port,
        target=target.path.encode("ascii"),
    )
    return httpcore.Request(question.method, url, headers=fields, content=question.content)


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


def origin_of(url: str) -> str:
    """Scheme, host and port of a canonical url.

    >>> origin_of("https://api.x.com/2/users?x=y")
    'https://api.x.com'
    """
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{re.split('[/?#]', rest, maxsplit=1)[0]}"


def answer_of(response: httpx.Response, target: Target, *, body: bytes, moved_to: str | None, now: datetime) -> Answer:
    return Answer(
        status=response.status_code,
        url=target.url,
        headers=response.headers,
        body=body,
        moved_to=moved_to,
        retry_at=retry_at_of(response, now),
    )


def retry_at_of(response: httpx.Response, now: datetime) -> datetime | None:
    return retry_time(response.headers.get("retry-after"), now)


def fields_of(headers: Mapping[str, str]) -> Fields:
    """What a connector wants to send, byte for byte."""
    fields = {name.lower().encode("ascii"): value.encode("latin-1") for name, value in headers.items()}
    return {name: value for name, value in fields.items() if name not in _OURS}


@cache
def _version() -> str:
    return version("feedhub")
