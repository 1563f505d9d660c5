"""Copies of posts' pictures: fetched through the guard, decoded in a child that can be stopped, kept as files.

Killed at any moment nothing is lost: a picture is shown only after its files are written, and
what was begun is done again.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedhub.connectors.http import Http
from feedhub.errors import StoreBusy
from feedhub.failures import AddressRefused, TooLarge, VisitFailed
from feedhub.logs import logger
from feedhub.posts.picture_copies import MadePicture
from feedhub.store.picture_files import TROUBLE, PictureFiles
from feedhub.store.pictures import (
    WantedPicture,
    claim_picture,
    forget_pictures,
    has_wanted,
    is_behind,
    keep_ready,
    put_off_picture,
    refuse_picture,
    show_pictures,
    unwanted_pictures,
    want_pictures,
)
from feedhub.store.session import Store
from feedhub.sync.children import Children
from feedhub.sync.tasks import PICTURE_DECODER

# The largest picture that is fetched, in bytes.
MOST_BYTES = 20 * 1024 * 1024
# Pictures copied at once: few, so that a back-fill of thousands leaves room for visits.
_AT_ONCE = 3
_CHILD_SECONDS = 20.0
# When a picture that can't be had is tried again; after the last one it is refused.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
_LOOK_EVERY = 1.0  # seconds
# Posts get their pictures this often at most: each time, every page is made anew.
_SHOW_EVERY = 2.0  # seconds
# How long `sync --once` goes on after its visits.
_ONCE_SECONDS = 60.0
_FOR_EVER = float("inf")
# What will be so tomorrow too.
_FINAL = (AddressRefused, TooLarge)
_ACCEPT = {"accept": "image/webp, image/avif;q=0.9, image/jpeg;q=0.9, image/png;q=0.9, image/gif;q=0.8, image/*;q=0.1"}


@dataclass(slots=True, kw_only=True)
class Picturing:
    """One copier of pictures; any number of them, in any number of processes, share the table.

    A host is asked for one picture at a time and rests `spacing` seconds after each, unless it
    `is_exempt`; other processes keep their own count.
    """

    store: Store
    files: PictureFiles
    new_http: Callable[[], Http]
    now: Callable[[], datetime]
    spacing: float = 1.0
    is_exempt: Callable[[str], bool] = lambda _host: False
    child_seconds: float = _CHILD_SECONDS
    _resting: dict[str, float] = field(default_factory=dict)  # by host: until when, by the loop's time
    _idle: list[Http] = field(default_factory=list)
    _is_made: bool = True  # whether any picture may wait to be shown, perhaps since a process was killed

    async def run(self, stop: asyncio.Event) -> None:
        """Copy until `stop` is set; what is begun is finished first."""
        await self._work(stop, ends_at=None)

    async def once(self, stop: asyncio.Event, *, seconds: float = _ONCE_SECONDS) -> None:
        """Copy what can be copied now, for about so long, then end; the newest posts' pictures come first."""
        await self._work(stop, ends_at=_moment() + seconds)

    async def _work(self, stop: asyncio.Event, *, ends_at: float | None) -> None:
        copying: set[asyncio.Task[None]] = set()
        shown_at = _moment() - _SHOW_EVERY
        async with Children("feedhub.sync.picture_child", count=1, seconds=self.child_seconds) as children:
            try:
                while not stop.is_set() and (ends_at is None or _moment() < ends_at):
                    with _patience():
                        await self._look_through()
                        await self._begin(children, copying)
                        if not copying or _moment() - shown_at >= _SHOW_EVERY:
                            await self._show()
                            shown_at = _moment()
                        if ends_at is not None and not copying and not await self._waits():
                            break
                    copying = await _some_ended(copying, stop)
            finally:
                if copying:
                    await asyncio.wait(copying)
                with _patience():
                    await self._show()
                await self._close()

    async def _begin(self, children: Children, copying: set[asyncio.Task[None]]) -> None:
        """Begin as many copies as there is room for."""
        while len(copying) < _AT_ONCE:
            self._resting = {host: until for host, until in self._resting.items() if until > _moment()}
            picture = await self.store.write(claim_picture, now=self.now(), resting=list(self._resting))
            if picture is None:
                break
            if not self.is_exempt(picture.host):
                self._resting[picture.host] = _FOR_EVER
            copying.add(asyncio.create_task(self._copy(children, picture)))

    async def _look_through(self) -> None:
        while await self.store.read(is_behind):
            await self.store.write(want_pictures)
        while dropped := await self.store.read(unwanted_pictures):
            for picture in dropped:
                await asyncio.to_thread(self.files.drop, picture)
            await self.store.write(forget_pictures, dropped)

    async def _waits(self) -> bool:
        return await self.store.read(has_wanted, now=self.now())

    async def _show(self) -> None:
        while self._is_made:
            self._is_made = await self.store.write(show_pictures, at=self.now().replace(microsecond=0)) > 0

    async def _copy(self, children: Children, picture: WantedPicture) -> None:
        try:
            await self._tried(children, picture)
        except (VisitFailed, *TROUBLE) as failure:
            await self._failed(picture, failure)
        except Exception as error:  # noqa: BLE001  # whatever befalls one picture, the others go on; it is ours for LEASE only
            logger().warning("picture.dropped", picture=str(picture.id), reason=str(error), exc_info=True)
        finally:
            if picture.host in self._resting:
                self._resting[picture.host] = _moment() + self.spacing

    async def _tried(self, children: Children, picture: WantedPicture) -> None:
        if picture.tries > len(WAITS):
            raise AddressRefused(f"It was begun {picture.tries} times and never finished.")
        content = await self._fetched(picture.source)
        done = await children.ask(content, PICTURE_DECODER.decode)
        if done.made is None:
            why = done.refused.reason if done.refused else ""
            await self.store.write(refuse_picture, picture.id, why=why)
            return
        made = done.made
        files = [(f"{one.width}.{one.format}", one.content) for one in made.renditions]
        await asyncio.to_thread(self.files.write, picture.id, files)
        copy = MadePicture(id=picture.id, width=made.width, height=made.height, color=made.color)
        weight = sum(len(one) for _, one in files)
        if not await self.store.write(keep_ready, copy, bytes=weight, at=self.now()):
            await asyncio.to_thread(self.files.drop, picture.id)  # its post went meanwhile
        self._is_made = True

    async def _fetched(self, source: str) -> bytes:
        http = self._idle.pop() if self._idle else self.new_http()
        try:
            return (await http.get(source, headers=_ACCEPT, now=self.now())).body
        finally:
            self._idle.append(http)

    async def _failed(self, picture: WantedPicture, failure: Exception) -> None:
        why = failure.reason if isinstance(failure, VisitFailed) else f"Its files can't be written: {failure}"
        with _patience():
            if isinstance(failure, _FINAL) or picture.tries >= len(WAITS):
                await self.store.write(refuse_picture, picture.id, why=why)
                return
            until = self.now() + WAITS[picture.tries]
            if isinstance(failure, VisitFailed) and failure.retry_at is not None:
                until = max(until, failure.retry_at)
            await self.store.write(put_off_picture, picture.id, why=why, until=until)

    async def _close(self) -> None:
        while self._idle:
            await self._idle.pop().aclose()


@contextmanager
def _patience() -> Iterator[None]:
    """Whatever befalls the store or the files, the copier goes on, and asks again later."""
    try:
        yield
    except Exception as trouble:  # noqa: BLE001  # it has no end of its own
        is_expected = isinstance(trouble, (StoreBusy, *TROUBLE))
        logger().warning("pictures.waited", reason=str(trouble), exc_info=not is_expected)


async def _some_ended(copying: set[asyncio.Task[None]], stop: asyncio.Event) -> set[asyncio.Task[None]]:
    """Those that are still on their way when one has ended, or after a moment."""
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({stopping, *copying}, timeout=_LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
    return {one for one in copying if not one.done()}


def _moment() -> float:
    """The loop's time: only ever compared with itself."""
    return asyncio.get_running_loop().time()
