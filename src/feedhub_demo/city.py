"""The demo city: four departments that speak on loopback, with a new post every few seconds."""

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import Receive, Scope, Send

from feedhub_demo.articles import Article, Draft, edited, first_articles, new_article, texts_of
from feedhub_demo.feeds import atom, json_feed, rdf, rss2
from feedhub_demo.register import demo_register
from feedhub_demo.sites import CITY, Site
from feedhub_demo.standin import Asked, StandIn

USUAL_PAUSE = 20.0  # seconds between posts
FAST_PAUSE = 2.0
_EDIT_EVERY = 5  # turns: each fifth edits instead of adding
_LOG_LENGTH = 10_000

SITES = (
    Site(
        slug="dinkes",
        name="Dinas Kesehatan",
        motto="Tirtasari sehat, dari rumah sampai puskesmas.",
        feed_path="/feed/",
        feed_type="application/rss+xml",
        content_type="text/html; charset=UTF-8",  # as many WordPress sites do
        permalink="/{year}/{month}/{day}/{slug}/",
        native_id="https://dinkes.tirtasari.example/?p={number}",
        colour="#0b7a5c",
        write=rss2,
    ),
    Site(
        slug="bpbd",
        name="BPBD",
        motto="Siaga bencana, selamat bersama.",
        feed_path="/warta/terbaru.atom",
        feed_type="application/atom+xml",
        content_type="application/atom+xml; charset=utf-8",
        permalink="/warta/{number}/{slug}",
        native_id="tag:bpbd.tirtasari.example,2026:warta/{number}",
        colour="#b3431e",
        write=atom,
    ),
    Site(
        slug="dinsos",
        name="Dinas Sosial",
        motto="Tidak ada warga yang berjalan sendiri.",
        feed_path="/feed.json",
        feed_type="application/feed+json",
        content_type="application/feed+json",
        permalink="/kabar/{slug}",
        native_id="dinsos-tirtasari-{number}",
        colour="#6a3d9a",
        write=json_feed,
    ),
    Site(
        slug="diskominfo",
        name="Dinas Komunikasi dan Informatika",
        motto=f"Kabar {CITY} untuk semua warga.",
        feed_path="/index.rdf",
        feed_type="application/rdf+xml",
        content_type="application/rdf+xml; charset=utf-8",
        permalink="/berita/{number}-{slug}.html",
        native_id="https://diskominfo.tirtasari.example/berita/{number}",
        colour="#1558a6",
        write=rdf,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """The next text of the reserve: whose it is, and how often the reserve has been told before."""

    department: str
    draft: Draft
    lap: int


class DemoCity:
    """`async with DemoCity(now=…) as city:` runs the sites; everything stops when it ends.

    `now` is the only clock that the city reads. `pause` is in seconds and overrides `fast`;
    0 = nothing is said until `speak()` or `edit()`. The same `seed` says the same things in
    the same order. `log` holds the newest requests, oldest first.
    """

    register_toml: str
    sites: dict[str, StandIn]

    def __init__(
        self, *, now: Callable[[], datetime], fast: bool = False, pause: float | None = None, seed: int = 20
    ) -> None:
        self.log: deque[Asked] = deque(maxlen=_LOG_LENGTH)
        self._now = now
        self._pause = pause if pause is not None else FAST_PAUSE if fast else USUAL_PAUSE
        self._chance = Random(seed)
        self._turns = _turns(self._chance)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        sockets = {site.slug: _loopback_socket() for site in SITES}
        ports = {slug: listening.getsockname()[1] for slug, listening in sockets.items()}
        self.register_toml = demo_register(ports)
        self.sites = {site.slug: self._stand_in(site, ports[site.slug]) for site in SITES}
        apps = {ports[slug]: standin.app for slug, standin in self.sites.items()}

        async def by_port(scope: Scope, receive: Receive, send: Send) -> None:
            await apps[scope["server"][1]](scope, receive, send)

        config = uvicorn.Config(
            by_port,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._tasks = [asyncio.create_task(self._server.serve(list(sockets.values())))]
        if self._pause:
            self._tasks.append(asyncio.create_task(self._speak_on()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        serving, *clock = self._tasks
        for task in clock:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._server.should_exit = True
        await serving

    def speak(self) -> Article:
        """Publish the next post now, on whichever site it is for."""
        turn = next(self._turns)
        standin = self.sites[turn.department]
        number = max(article.number for article in standin.articles) + 1
        article = new_article(turn.draft, number=number, lap=turn.lap, now=self._now(), chance=self._chance)
        standin.publish(article)
        return article

    def edit(self) -> Article:
        """Add to a recent post, first to those that have not been edited yet."""
        standin = self.sites[self._chance.choice(SITES).slug]
        recent = standin.articles[:8]
        untouched = [article for article in recent if article.changed_at == article.published_at]
        article = edited(self._chance.choice(untouched or recent), now=self._now())
        standin.replace(article)
        return article

    async def _speak_on(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(self._pause)
            turn += 1
            self.speak() if turn % _EDIT_EVERY else self.edit()

    def _stand_in(self, site: Site, port: int) -> StandIn:
        articles = first_articles(site.slug, self._now())
        return StandIn(site, root=f"http://127.0.0.1:{port}", articles=articles, log=self.log, now=self._now)


class _Server(uvicorn.Server):
    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # signals belong to whoever runs the city
        return nullcontext()


def _loopback_socket() -> socket.socket:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    return listening


def _turns(chance: Random) -> Iterator[_Turn]:
    """The reserve of every department, shuffled anew each time it has been told."""
    drafts = [(site.slug, draft) for site in SITES for draft in texts_of(site.slug).reserve]
    lap = 0
    while True:
        chance.shuffle(drafts)
        yield from (_Turn(department=slug, draft=draft, lap=lap) for slug, draft in drafts)
        lap += 1
