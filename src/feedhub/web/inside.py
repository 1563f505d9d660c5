"""Asking the web from inside the process, so that wires tell byte for byte what readers get."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.types import ASGIApp, Message, Scope

from feedhub.errors import StoreBusy
from feedhub.web.state import State

_LOOKS, _LOOK_SECONDS = 50, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer as a reader would get it. `fields` has lower-case names."""

    status: int
    fields: dict[str, str]
    body: bytes


class Asking(Protocol):
    """Asks for `/path?query`, answered with whatever is in the store through the change number `change`."""

    async def __call__(self, target: str, change: int = 0) -> Answered:
        """Raises StoreBusy where the store can't be read that far just now."""


@asynccontextmanager
async def asking(app: ASGIApp) -> AsyncIterator[Asking]:
    """Something that answers `/path?query` as the app would, for as long as the block lasts."""
    state: dict[str, Any] = {}
    to_app, from_app = asyncio.Queue[Message](), asyncio.Queue[Message]()
    scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": state}
    living = asyncio.ensure_future(app(scope, to_app.get, from_app.put))
    await to_app.put({"type": "lifespan.startup"})
    if (await from_app.get())["type"] != "lifespan.startup.complete":
        await living  # and its error says why

    async def ask(target: str, change: int = 0) -> Answered:
        here: State = state["feedhub"]
        if not await here.clock.catches_up(change):
            raise StoreBusy(f"Change {change} can't be read just now.")
        return await _answer(app, state, target)

    try:
        yield ask
    finally:
        await to_app.put({"type": "lifespan.shutdown"})
        await living


async def _until_seen(here: State, change: int) -> None:
    """The web looks at the clock once a second, whoever asks."""
    for _ in range(_LOOKS):
        if (await here.clock.reading()).number >= change:
            return
        await asyncio.sleep(_LOOK_SECONDS)
    raise StoreBusy(f"The change {change} is not to be seen yet.")


async def _answer(app: ASGIApp, state: dict[str, Any], target: str) -> Answered:
    path, _, query = target.partition("?")
    started: list[Message] = []
    parts: list[bytes] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
        else:
            parts.append(message.get("body", b""))

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [],
        "client": None,
        "server": None,
        "state": dict(state),
    }
    await app(scope, receive, send)
    fields = {name.decode("latin-1").lower(): said.decode("latin-1") for name, said in started[0]["headers"]}
    return Answered(status=started[0]["status"], fields=fields, body=b"".join(parts))
