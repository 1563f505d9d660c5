"""The steps that clients are made of, without a network: the plain and the asynchronous one carry out the same.

A generator yields what is to be done and is sent what came of it.
"""

import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# Seconds of silence until a line counts as broken; on a stream something is said every 15.
PATIENCE, CONNECTING = 40.0, 10.0
_TRIES = 8  # about a minute and a half
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
LONGEST_PAUSE, _LONGEST_ASKED = 60.0, 3_600.0  # seconds

Query = Mapping[str, str]
Filter = str | Sequence[str]


class HubError(Exception):
    """The root. `str(error)` is one sentence."""


class Refused(HubError):
    """An answer that asking again will not mend. `parameter` names what to change, if it is one."""

    def __init__(self, status: int, detail: str, parameter: str | None = None) -> None:
        self.status, self.parameter = status, parameter
        super().__init__(f"{status}: {detail}")


class Unreachable(HubError):
    """Nothing good came, however often it was asked."""


@dataclass(frozen=True, slots=True)
class Ask:
    """To be asked; what comes back is an Answer, or None where nothing came."""

    path: str
    query: Query
    headers: Query = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listen(Ask):
    """The same, where the body is read line by line."""


@dataclass(frozen=True, slots=True)
class NextLine:
    """The next line of what is listened to; None comes back where it has ended."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Give(Generic[T]):
    """What was found, for whoever follows."""

    found: T


@dataclass(frozen=True, slots=True)
class Answer:
    """What came. `seconds`: after how long."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often to ask before giving up (None: never), and the chance that keeps clients from coming all at once."""

    tries: int | None
    chance: Random


Steps = Generator[Ask | NextLine | Pause | Give[T], Answer | str | None, None]


def address_of(url: str) -> str:
    """Where to ask. Raises HubError."""
    if not url.startswith(("https://", "http://")):
        raise HubError(f"{url!r} is no address of a FeedHub; write https://…")
    return url.rstrip("/")


def headers_of(key: str | None) -> dict[str, str]:
    """What is said with every question."""
    return {"User-Agent": "feedhub.client"} | ({"Authorization": f"Bearer {key}"} if key else {})


def pace_of(chance: Random, *, forever: bool = False) -> Pace:
    """How long to go on asking."""
    return Pace(tries=None if forever else _TRIES, chance=chance)


def next_step(steps: Steps[T], came: Answer | str | None) -> Ask | NextLine | Pause | Give[T] | None:
    """The next step, or None after the last."""
    try:
        return steps.send(came)
    except StopIteration:
        return None


def query_of(**said: Filter | int | None) -> dict[str, str]:
    """Parameters as the address has them.

    >>> query_of(department=["dinkes", "bpbd"], limit=10, q=None)
    {'department': 'dinkes,bpbd', 'limit': '10'}
    """
    lists = {name: [value] if isinstance(value, str) else value for name, value in said.items() if value is not None}
    return {
        name: str(value) if isinstance(value, int) else ",".join(value) for name, value in lists.items() if value != []
    }


def answered(ask: Ask, pace: Pace) -> Generator[Ask | NextLine | Pause | Give[Any], Answer | str | None, Answer]:
    """A good answer, after as many tries as it takes. Raises Refused, Unreachable."""
    tries = 0
    while True:
        answer = yield ask
        if isinstance(answer, Answer) and answer.status < 400:  # noqa: PLR2004  # HTTP's errors begin here
            return answer
        if isinstance(answer, Answer) and answer.status not in _PASSING:
            raise _refused(answer)
        tries += 1
        if tries == pace.tries:
            raise Unreachable(f"{ask.path} gave no good answer in {tries} tries.")
        asked = _retry_after(answer.headers.get("retry-after", "")) if isinstance(answer, Answer) else 0.0
        yield Pause(max(asked, pause(tries, pace.chance)))


def pause(tries: int, chance: Random) -> float:
    """Seconds to wait after so many failures in a row."""
    return min(2.0 ** min(tries, 10) / 2, LONGEST_PAUSE) * chance.uniform(0.5, 1)


def _retry_after(said: str) -> float:
    """Seconds, or the moment, that the server asks to wait for (RFC 9110 section 10.2.3).

    >>> _retry_after("5"), _retry_after("Fri, 20 Nov 2026 01:00:00 GMT") >= 0, _retry_after("soon")
    (5.0, True, 0.0)
    """
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), _LONGEST_ASKED)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    left = (at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)
    return min(max(left.total_seconds(), 0.0), _LONGEST_ASKED)


def _refused(answer: Answer) -> Refused:
    try:
        problem = json.loads(answer.body)
    except ValueError:
        problem = None
    told = problem if isinstance(problem, dict) else {}
    return Refused(answer.status, told.get("detail") or "The answer says no more.", told.get("parameter"))
