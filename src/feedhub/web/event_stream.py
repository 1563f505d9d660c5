"""One reader's stream: pages of events as fast as it takes them, then waiting, then a clean end."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from time import monotonic

import orjson
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from feedhub.errors import FeedHubError
from feedhub.logs import logger
from feedhub.posts.kept import KeptPost
from feedhub.views.api_changes import change_document
from feedhub.views.entries import written
from feedhub.web.changes import found_after
from feedhub.web.headers import NOT_CACHED, OPEN
from feedhub.web.place import Place
from feedhub.web.state import State
from feedhub.web.streams import Page

_LIFE = 15 * 60.0  # seconds; proxies and balancers get to move readers elsewhere
_SILENCE = 15.0  # seconds until something is said, so that nobody in between thinks the line dead
_SLOWEST = 60.0  # seconds in which a reader must take one event; the server lets go of its line before
_RETRY_MS = 2_000
_SHOWN_AT_ONCE = 50


class EventStream(Response):
    """Server-sent events from `place` on. Holds at most one page, and no session while it waits or sends."""

    media_type = "text/event-stream"

    def __init__(self, here: State, place: Place) -> None:
        super().__init__(headers={name.decode(): value.decode() for name, value in OPEN})
        del self.headers["content-length"]
        self.headers.update({"Cache-Control": NOT_CACHED, "X-Accel-Buffering": "no"})
        self._here = here
        self._at, self._told = place.after, -1
        # Streams share pages, whatever place they began at.
        self._place = replace(place, after=0, limit=_SHOWN_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        self._here.streams.count += 1
        telling = asyncio.create_task(self._tell(send) if scope["method"] == "GET" else _say(send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._here.streams.count -= 1
            for task in (telling, leaving):
                task.cancel()
            await asyncio.wait({telling, leaving})
        if not telling.cancelled():
            telling.result()

    async def _tell(self, send: Send) -> None:
        end = monotonic() + _LIFE
        await _say(send, f"retry: {_RETRY_MS}\n{self._moved_on()}\n".encode(), more=True)
        with suppress(TimeoutError):  # a reader that takes nothing; it comes again with its Last-Event-ID
            try:
                await self._follow(send, end=end)
            except FeedHubError as error:
                logger().warning("stream.broke", reason=str(error))
            await _say(send, self._ending())

    async def _follow(self, send: Send, *, end: float) -> None:
        """Tell of changes until the end of the stream's life, or the process's."""
        clock = self._here.clock
        while monotonic() < end and not clock.waiting.is_over:
            number = (await clock.reading()).number  # before the page, so that nothing falls in between
            page = await self._here.streams.page(self._place, self._at, number, self._page)
            for event in page.events:
                await _say(send, event, more=True)
            self._at = page.through
            while page.is_last and not await clock.moved(number, end=min(end, monotonic() + _SILENCE)):
                if clock.waiting.is_over or monotonic() >= end:
                    return
                await _say(send, f":\n{self._moved_on()}\n".encode(), more=True)

    async def _page(self) -> Page:
        found, publisher = await self._here.store.read(found_after, self._place, self._at)
        fragments = None if self._place.as_ninjs else self._here.fragments

        def write(kept: KeptPost) -> bytes:
            told = change_document(kept, publisher=publisher, public_url=self._here.public_url, fragments=fragments)
            return b"id: %d\nevent: change\ndata: %b\n\n" % (kept.change, told)

        return Page(
            events=tuple(written(found.posts, write, format="stream")),
            through=found.through,
            is_last=found.through >= found.latest,
        )

    def _moved_on(self) -> str:
        """Where the reader goes on if its line breaks now: beyond what filters left out, too."""
        if self._told == self._at:
            return ""
        self._told = self._at
        return f"id: {self._at}\n"

    def _ending(self) -> bytes:
        next_url = f"{self._here.public_url}/api/v1/stream{self._place.query(self._at)}"
        told = orjson.dumps({"next": next_url})
        return b"id: %d\nevent: end\ndata: %b\n\n" % (self._at, told)


async def _say(send: Send, body: bytes = b"", *, more: bool = False) -> None:
    """Hand on one piece; the server lets us wait for as long as the reader has not taken the ones before."""
    async with asyncio.timeout(_SLOWEST):
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def _left(receive: Receive) -> None:
    """Until the reader has gone."""
    while (await receive())["type"] != "http.disconnect":
        continue
