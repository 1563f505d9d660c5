"""Apps on loopback, each on a port of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send


@asynccontextmanager
async def serving_apps(apps: Iterable[ASGIApp]) -> AsyncIterator[tuple[str, ...]]:
    """One server for all of `apps`; the address of each, `http://127.0.0.1:PORT`, in their order."""
    by_port: dict[int, ASGIApp] = {}
    sockets = []
    for app in apps:
        listening = loopback_socket()
        sockets.append(listening)
        by_port[listening.getsockname()[1]] = app

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await by_port[scope["server"][1]](scope, receive, send)

    config = uvicorn.Config(
        answer, lifespan="off", ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets))
    try:
        yield tuple(f"http://127.0.0.1:{port}" for port in by_port)
    finally:
        server.should_exit = True
        await serving


def loopback_socket() -> socket.socket:
    """A socket that listens on a free port of 127.0.0.1."""
    # Named TCP, so that asyncio turns off Nagle's algorithm, which costs every answer 40 ms here.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    return listening


class _Server(uvicorn.Server):
    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # signals belong to whoever runs it
        return nullcontext()
