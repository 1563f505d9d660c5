"""A newsroom's receiver of webhooks on loopback, and the library that checks what it gets."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feedhub_demo.platforms.serving import serving_apps

Answer = Callable[[dict[str, Any]], Response]


@dataclass
class Got:
    """One POST."""

    headers: dict[str, str]
    body: bytes
    path: str = "/"

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.said["type"]

    def is_signed_by(self, secret: str) -> bool:
        """Whether the library signs it the same, whenever that was."""
        at = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        expected = Webhook(secret).sign(msg_id=self.id, timestamp=at, data=self.body.decode())
        return expected in self.headers["webhook-signature"].split(" ")


def as_text(said: dict[str, Any]) -> Response:
    return Response(said["data"]["challenge"], media_type="text/plain")


def as_json(said: dict[str, Any]) -> Response:
    return Response(json.dumps({"challenge": said["data"]["challenge"]}), media_type="application/json")


def plain(_: dict[str, Any]) -> Response:
    return Response(status_code=204)


@dataclass
class Receiver:
    """Answers challenges by `challenged`, everything else by `answers`, some paths in their own way; remembers it all."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    challenged: Answer = as_text
    answers: Answer = plain
    at: dict[str, Answer] = field(default_factory=dict)
    delay: float = 0.0

    async def take(self, request: Request) -> Response:
        one = Got(headers=dict(request.headers), body=await request.body(), path=request.url.path)
        self.got.append(one)
        await asyncio.sleep(self.delay)
        usual = self.challenged if one.type == "webhook.challenge" else self.answers
        return self.at.get(one.path, usual)(one.said)

    def told_at(self, path: str) -> list[Got]:
        """What was told to one path."""
        return [one for one in self.told if one.path == path]

    @property
    def told(self) -> list[Got]:
        """What it got beside challenges."""
        return [one for one in self.got if one.type != "webhook.challenge"]

    @property
    def challenges(self) -> list[Got]:
        return [one for one in self.got if one.type == "webhook.challenge"]


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on a port of its own; every path is the same."""
    receiver = Receiver()
    app = Starlette(routes=[Route("/{path:path}", receiver.take, methods=["POST"])])
    async with serving_apps([app]) as (address,):
        receiver.url = address
        yield receiver
