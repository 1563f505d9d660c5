"""Connections whose other side takes its time."""

import asyncio
import contextlib
import socket
from time import monotonic

import pytest
import uvicorn

from feedhub.web.connections import Connection

ANSWER = b"x" * 2_000_000


async def answering(scope, receive, send) -> None:
    if scope["type"] == "http":
        length = [(b"content-length", str(len(ANSWER)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": length})
        await send({"type": "http.response.body", "body": ANSWER})


@pytest.fixture
async def served():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        config = uvicorn.Config(answering, http=Connection, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[door]))
        while not server.started:  # noqa: ASYNC110  # uvicorn says it by a flag alone
            await asyncio.sleep(0.01)
        yield server, door.getsockname()[1]
        server.should_exit = True
        await task


async def cut_after(server, seconds: float) -> None:
    for connection in tuple(server.server_state.connections):
        connection.look(monotonic() + seconds)
    await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("sent", "kept_for", "cut_at"),
    [
        (b"", 9, 11),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", 9, 11),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nabc", 14, 61),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 3, 29, 61),
    ],
    ids=["nothing", "head", "body", "reader"],
)
async def test_who_takes_too_long_is_cut_off(served, sent, kept_for, cut_at):
    server, port = served
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(sent)
    await asyncio.sleep(0.05)
    await cut_after(server, 0.0)
    await cut_after(server, kept_for)
    assert server.server_state.connections
    await cut_after(server, cut_at)
    assert not server.server_state.connections
    writer.close()


async def test_a_head_without_an_end_is_refused(served):
    server, port = served
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
    with contextlib.suppress(ConnectionError):
        for _ in range(8):
            assert server.server_state.connections
            writer.write(b"y" * 8192)
            await writer.drain()
            await asyncio.sleep(0.02)
            if not server.server_state.connections:
                break
        else:
            raise AssertionError("it was read on")
    writer.close()
