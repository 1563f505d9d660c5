"""A WebSub subscriber's callback: agrees to what it is asked, and keeps what it is told."""

from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


@dataclass
class HubCallback:
    """`url` is where it answers; `bodies` is what came."""

    url: str = ""
    verified: int = 0
    bodies: list[str] = field(default_factory=list)

    @property
    def newest(self) -> str:
        return self.bodies[-1] if self.bodies else ""

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/callback", self._agree, methods=["GET"]),
                Route("/callback", self._take, methods=["POST"]),
            ]
        )

    async def _agree(self, request: Request) -> Response:
        self.verified += 1
        return PlainTextResponse(request.query_params["hub.challenge"])

    async def _take(self, request: Request) -> Response:
        self.bodies.append((await request.body()).decode())
        return Response(status_code=204)
