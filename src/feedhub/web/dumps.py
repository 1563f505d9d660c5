"""Monthly files, made when they are asked for and kept on disk while nothing in them changes.

A file is too large for memory and too dear to make twice. It is written to a nameless temporary
file, so nothing of a withdrawn post outlives the process or the next asking.
"""

import asyncio
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date
from tempfile import TemporaryFile
from typing import BinaryIO
from weakref import finalize

from feedhub.store.monthly import MonthState

_MOST_FILES = 12
_CHUNK = 256 * 1024  # bytes


@dataclass(slots=True, weakref_slot=True, kw_only=True, eq=False)
class Dump:
    """One file as of one state of its month; where it is not `is_whole`, that changed under the pen.

    It is closed, and so gone from the disk, when the last who reads it has let go.
    """

    state: MonthState
    descriptor: int
    size: int
    is_whole: bool = False

    def __post_init__(self) -> None:
        finalize(self, os.close, self.descriptor)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file piece by piece; any number of readers at once."""
        for offset in range(0, self.size, _CHUNK):
            yield await asyncio.to_thread(os.pread, self.descriptor, _CHUNK, offset)


@dataclass(slots=True)
class Dumps:
    """The files of this process; the longest unused goes first. One is made at a time."""

    _files: OrderedDict[date, Dump] = field(default_factory=OrderedDict)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, month: date, state: Callable[[], MonthState], write: Callable[[BinaryIO], None]) -> Dump:
        """The file of a month in the state that it is in. `state` and `write` run in a thread.

        What changes while the file is written makes it be written once more; where that happens
        again, the file is given away and not kept.
        """
        async with self._making:
            now = await asyncio.to_thread(state)
            if (held := self._files.get(month)) is not None and held.state == now:
                self._files.move_to_end(month)
                return held
            self._files.pop(month, None)
            made, now = await asyncio.to_thread(_made, write, now), await asyncio.to_thread(state)
            if made.state != now:
                made, now = await asyncio.to_thread(_made, write, now), await asyncio.to_thread(state)
            if made.state == now:
                made.is_whole = True
                self._keep(month, made)
            return made

    def _keep(self, month: date, made: Dump) -> None:
        self._files[month] = made
        if len(self._files) > _MOST_FILES:
            self._files.popitem(last=False)


def _made(write: Callable[[BinaryIO], None], state: MonthState) -> Dump:
    with TemporaryFile("w+b") as file:
        write(file)
        file.flush()
        return Dump(state=state, descriptor=os.dup(file.fileno()), size=file.tell())
