"""What every stand-in of a platform has: speakers, a clock, faults to order, and a log."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from feedhub_demo.platforms.writing import Speaker, Written

_LOG_LENGTH = 2_000


@dataclass(slots=True, kw_only=True)
class Faults:
    """What goes wrong on order. `down`: 503 to everything. `limit`: answers until `limited_until`'s end, then refusals."""

    down: bool = False
    left: int | None = None  # answers before the platform refuses for its rate limit; None = no limit
    limited_until: datetime | None = None  # when `left` is forgotten
    expired: bool = False  # every token is refused as expired


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformAsked:
    """One request that a stand-in answered."""

    at: datetime
    method: str
    path: str
    query: str
    status: int
    headers: dict[str, str]


@dataclass(slots=True, kw_only=True)
class PlatformStandIn(ABC):
    """A platform on loopback. `now` is its only clock; `media` is where pictures are served from.

    `origins` are the platform's real addresses, which a detour leads here. A subclass gives
    routes, addresses and the forms of its refusals; faults are kept here.
    """

    platform: ClassVar[str]
    origins: ClassVar[tuple[str, ...]]

    now: Callable[[], datetime]
    media: str = ""
    speakers: dict[str, Speaker] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    log: deque[PlatformAsked] = field(default_factory=lambda: deque(maxlen=_LOG_LENGTH))
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        self.app = Starlette(routes=list(self.routes()))

    def speaker(self, handle: str, name: str, *, department: str = "", token: str | None = None) -> Speaker:
        """Open an account on this platform."""
        speaker = Speaker(handle=handle, name=name, number=len(self.speakers) + 1, department=department, token=token)
        self.speakers[handle.lower()] = speaker
        return speaker

    @abstractmethod
    def routes(self) -> Sequence[BaseRoute]:
        """Where the platform is asked; each endpoint is `routed`."""

    @abstractmethod
    def account_url(self, speaker: Speaker) -> str:
        """The address under which the account is registered."""

    @abstractmethod
    def native_id(self, speaker: Speaker, written: Written) -> str:
        """The id that the connector must find."""

    @abstractmethod
    def limited(self) -> Response:
        """How the platform says that we ask too often."""

    def expired(self) -> Response:
        """How the platform says that a token is over."""
        return Response(status_code=401)

    def answers(self, path: str) -> bool:  # noqa: ARG002  # the usual answer looks at nothing
        """Whether a path is this platform's, where several platforms share an origin."""
        return True

    def is_shown(self, written: Written) -> bool:  # noqa: ARG002  # the usual answer looks at nothing
        """Whether the connector should collect it from this platform at all."""
        return True

    def credential(self, speaker: Speaker | None) -> dict[str, str] | None:  # noqa: ARG002  # the usual answer looks at nothing
        """What `credentials add` takes for the platform (None) or for one account: `token` and others by name."""
        return None

    def routed(self, answer: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        """`answer` as an endpoint, with faults and the log."""

        async def endpoint(request: Request) -> Response:
            return await self.answered(request, answer)

        return endpoint

    async def answered(self, request: Request, answer: Callable[[Request], Response]) -> Response:
        """An answer, unless a fault was ordered; logged."""
        response = self._fault(request) or answer(request)
        self.log.append(
            PlatformAsked(
                at=self.now(),
                method=request.method,
                path=request.url.path,
                query=request.url.query,
                status=response.status_code,
                headers=dict(request.headers),
            )
        )
        return response

    def _fault(self, request: Request) -> Response | None:  # noqa: ARG002  # a subclass may look
        faults = self.faults
        if faults.down:
            return Response("Service Unavailable", status_code=503)
        if faults.limited_until is not None and self.now() >= faults.limited_until:
            faults.left = faults.limited_until = None
        if faults.left is not None:
            if faults.left <= 0:
                return self.limited()
            faults.left -= 1
        return self.expired() if faults.expired else None


def at_one_origin(standin: PlatformStandIn, standins: Sequence[PlatformStandIn]) -> list[PlatformStandIn]:
    """`standin` first, then the others that share an origin with it."""
    others = [one for one in standins if one is not standin and not set(one.origins).isdisjoint(standin.origins)]
    return [standin, *others]


def behind_one_origin(standins: Sequence[PlatformStandIn]) -> ASGIApp:
    """The app of platforms that share an origin: the first that answers a path has it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked = next((one for one in standins if one.answers(scope["path"])), standins[0])
        await asked.app(scope, receive, send)

    return app
