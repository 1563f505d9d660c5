"""Asking platforms' programs: JSON in, JSON out, every status an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from feedhub.accounts.account import Account
from feedhub.connectors.contract import Split
from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.connectors.outcomes import refusal_of
from feedhub.failures import BadAnswer, Unreadable, VisitFailed
from feedhub.payloads.charset import in_utf8
from feedhub.payloads.payload import Document, Payload

# No platform hands out more posts in one page; a longer list is cut, and the account's status says so.
MOST_ITEMS = 1_000

_decode_utf8 = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_OK = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a platform's program said. `value` is the JSON, None where there was none."""

    answer: Answer
    value: Any

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def is_ok(self) -> bool:
        return self.status in _OK

    def header(self, name: str) -> str | None:
        """A header's value, whatever its case."""
        found: str | None = self.answer.headers.get(name)
        return found

    def document(self, *, form: str, now: datetime, **context: str) -> Document:
        """The whole answer, to be split; `context` is what its items need to know."""
        return Document(
            url=self.answer.url,
            body=self.answer.body,
            fetched_at=now,
            content_type=self.header("content-type"),
            form=form,
            context=context,
        )


async def ask(  # noqa: PLR0913 - one argument for each part of a request
    http: Http,
    url: str,
    *,
    query: Mapping[str, str | int | None] = {},
    token: str | None = None,
    headers: Mapping[str, str] = {},
    form: Mapping[str, str] | None = None,
    json: object = None,
    now: datetime,
) -> Said:
    """Ask with GET, or with POST where a form or JSON is sent. Tokens travel in headers, never in urls.

    `query` leaves out what is None. Raises VisitFailed's children; BadAnswer for a success
    that is not JSON. A refusal is no error here: the platform's own words say what it means.
    """
    asked = {key: value for key, value in query.items() if value is not None}
    address = f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}" if asked else url
    fields = {"Accept": "application/json", **headers}
    if token is not None:
        fields["Authorization"] = f"Bearer {token}"
    content, method = None, "GET"
    if form is not None:
        content, method = urlencode(form).encode(), "POST"
        fields["Content-Type"] = "application/x-www-form-urlencoded"
    elif json is not None:
        content, method = _encode(json), "POST"
        fields["Content-Type"] = "application/json"
    answer = await http.ask(address, method=method, headers=fields, content=content, now=now)
    return Said(answer=answer, value=_value(answer))


def refused(said: Said) -> VisitFailed:
    """What a status means on any platform, for refusals that its own words don't explain."""
    failure = refusal_of(said.status, said.answer.headers, said.answer.body[:4_096], host=_host(said.answer.url))
    failure.retry_at = said.answer.retry_at
    return failure


def json_in(document: Document) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The JSON of a kept document.

    Raises:
        Unreadable: it is none.
    """
    try:
        return _decode(document.body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable(f"What {_host(document.url)} sent is not JSON.") from error


def payloads_of(items: Iterable[object], *, form: str, context: Mapping[str, str] = {}) -> Split:
    """A payload for each item of a page, as compact JSON; at most 1,000."""
    found = list(items)
    notes = (f"Only {MOST_ITEMS} of {len(found)} items were taken.",) if len(found) > MOST_ITEMS else ()
    return Split(
        payloads=tuple(Payload(form=form, body=_encode(item), context=dict(context)) for item in found[:MOST_ITEMS]),
        notes=notes,
    )


def said_in(payload: Payload) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The JSON of one item."""
    return _decode(payload.body)


def root_of(account: Account, usual: str) -> str:
    """Where an account's platform is asked: at its own site's address if it has one, else at the `usual` one.

    >>> from feedhub.accounts.account import Platform
    >>> root_of(Account(key="k", platform=Platform.X, department="d", handle="dinkes"), "https://api.x.com")
    'https://api.x.com'
    """
    return account.own_origin or usual


def _value(answer: Answer) -> Any:  # noqa: ANN401 - whatever JSON holds
    if not answer.body.strip():
        return None
    try:
        return _decode(answer.body)
    except (msgspec.DecodeError, RecursionError) as error:
        if answer.status in _OK:
            raise BadAnswer(f"{_host(answer.url)} answers with something that is not JSON.") from error
        return None


def _decode(body: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """JSON is UTF-8; an old site's database may have put other bytes into it, which cost it no post."""
    try:
        return _decode_utf8(body)
    except UnicodeDecodeError:
        return _decode_utf8(in_utf8(body))


def _host(url: str) -> str:
    return urlsplit(url).netloc
