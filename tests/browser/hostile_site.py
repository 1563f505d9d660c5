"""The hostile city behind a real server, once with the policy of its pages and once without; and what careless pages would show.

At 127.0.0.1 it is as everybody sees it; at localhost its Content-Security-Policy is taken off, so that
cleaning alone must hold.
"""

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from browser.hostile_city import ORDINARY, batches, fill, hostile_id, hostile_register, speaker, taken_id
from browser.hostile_vectors import ADDRESSES, Said, Vector, vectors
from browser.served_city import _running
from feedhub.settings import Settings
from feedhub.web.app import create_app

_SAME = re.compile(
    r'<script src="/static/[^"]*"[^>]*></script>|<header class="site.*?</header>|<footer.*?</footer>', re.DOTALL
)
_CARELESS = {
    Said.HTML: '<div class="post-text">{s}</div>',
    Said.TITLE: '<meta property="og:title" content="{s}"><script type="application/ld+json">{{"headline": "{s}"}}</script><h1>{s}</h1>',
    Said.ALT: '<img src="/x.jpg" alt="{s}"><a href="/">{s}</a>',
    Said.TAG: '<a href="/search?tag={s}"><bdi>#{s}</bdi></a>',
    Said.HANDLE: '<bdi>{s}</bdi><select><option value="{s}">{s}</option></select><p>{s}</p>',
    Said.FAILURE: "<td><span>{s}</span></td>",
}
_CARELESS |= dict.fromkeys(
    ADDRESSES, '<a href="{s}">word</a><img src="{s}" srcset="{s} 2x"><video src="{s}" poster="{s}"></video>'
)
_OTHERS = '<meta name="description" content="{s}"><p dir="auto">{s}</p>'


@dataclass(frozen=True, kw_only=True)
class HostileSite:
    """`url` has the policy, `bare` has none. `pictured` is bare too, and shows the platforms' own pictures."""

    url: str
    bare: str
    pictured: str
    vectors: tuple[Vector, ...]

    @cached_property
    def batches(self) -> list[tuple[Vector, ...]]:
        return batches(self.vectors)

    @cached_property
    def strange(self) -> list[tuple[str, UUID]]:
        """Slug and account of every department whose register entry is hostile."""
        return [
            (one.department, one.id) for one in hostile_register(self.vectors).accounts if one.department != ORDINARY
        ]

    @cached_property
    def withdrawn(self) -> list[str]:
        """The ids of what was taken back for a hostile reason."""
        return [str(taken_id(one)) for one in self.vectors if one.where is Said.WITHDRAWAL]

    def ids(self, number: int) -> list[str]:
        """The ids of the hostile posts of batch `number`."""
        return [hostile_id(vector, number) for vector in self.batches[number - 1]] if number else []

    def account(self, number: int) -> UUID:
        """Who says batch `number`, counted from 1; 0 says nothing hostile."""
        return speaker(number).id


@contextmanager
def hostile_site(template: Path, folder: Path) -> Iterator[HostileSite]:
    """The site over a database of its own, copied from `template`."""
    database, said = folder / "hostile.sqlite", vectors()
    shutil.copy(template, database)
    fill(f"sqlite:///{database}", said, datetime.now(UTC).replace(second=0, microsecond=0))
    settings = Settings(_env_file=None, database_url=f"sqlite:///{database}")
    with _served(settings, said) as port, _served(settings.model_copy(update={"pictures": "links"}), said) as pictured:
        yield HostileSite(
            url=f"http://127.0.0.1:{port}",
            bare=f"http://localhost:{port}",
            pictured=f"http://localhost:{pictured}",
            vectors=said,
        )


@contextmanager
def _served(settings: Settings, said: tuple[Vector, ...]) -> Iterator[int]:
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        front = create_app(settings.model_copy(update={"public_url": f"http://127.0.0.1:{port}"}))
        served = _Unwalled(front, said)
        with _running(uvicorn.Server(uvicorn.Config(served, log_config=None, lifespan="on")), door):
            yield port


class _Unwalled:
    """The app, without its policy for whoever calls it localhost; beside it, pages of the tests' own.

    `/together/N` is every post page of batch N, one document after the other; `/careless/N` shows vector N
    as a page would that cleans and escapes nothing.
    """

    def __init__(self, app: ASGIApp, said: tuple[Vector, ...]) -> None:
        self._app = app
        self._said = said
        self._batches = batches(said)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        _, first, *rest = scope["path"].split("/")
        if first == "careless":
            await _tell(send, self._careless(int(rest[0])))
        elif first == "together":
            await _tell(send, await self._together(scope, int(rest[0])))
        elif dict(scope["headers"]).get(b"host", b"").startswith(b"localhost"):
            await self._app(scope, receive, _without_policy(send))
        else:
            await self._app(scope, receive, send)

    def _careless(self, number: int) -> str:
        vector = self._said[number - 1]
        shown = _CARELESS.get(vector.where, _OTHERS).format(s=vector.said)
        return f"<!doctype html><html lang=id><head><meta charset=utf-8><title>Kabar</title></head><body>{shown}</body></html>"

    async def _together(self, scope: Scope, number: int) -> str:
        paths = [f"/posts/{hostile_id(vector, number)}" for vector in self._batches[number - 1]]
        return "".join([await self._page(scope, path) for path in paths])

    async def _page(self, scope: Scope, path: str) -> str:
        told: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def keep(message: Message) -> None:
            told.append(message)

        asked = {**scope, "path": path, "raw_path": path.encode(), "query_string": b"", "headers": []}
        await self._app(asked, receive, keep)
        assert told[0]["status"] == 200, f"{path}: {told[0]['status']}"
        page = b"".join(message.get("body", b"") for message in told[1:]).decode()
        # What is the same on every page is left out; fifty of our scripts would only get in each other's way.
        return _SAME.sub("", page)


def _without_policy(send: Send) -> Send:
    async def passed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [pair for pair in message["headers"] if pair[0] != b"content-security-policy"]
            message = {**message, "headers": headers}
        await send(message)

    return passed


async def _tell(send: Send, page: str) -> None:
    body = page.encode("utf-8", "surrogatepass")
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
