"""Children that can be stopped: whatever a hostile document does to one, its own account alone pays for it."""

import asyncio
import fcntl
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from feedhub.failures import ReadingStopped

SECONDS = 10.0
MOST_BYTES = 1 << 30
LENGTH = struct.Struct(">I")
# The child ends itself first; this is for one that can't even do that.
_GRACE = 5.0
_PIPE_BYTES = 1 << 20
# An honest answer is as long as its task, and then some; the parent takes no more into its own memory.
_LONGEST_ANSWER = 256 * 1024 * 1024

T = TypeVar("T")


class Children:
    """A few children that run `module`, made when first needed. An async context manager.

    A child is run as `python -m MODULE SECONDS BYTES`, takes length-prefixed tasks on its standard
    input and answers on its standard output.
    """

    def __init__(self, module: str, *, count: int, seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._module = module
        self._limits = (str(seconds), str(most_bytes))
        self._seconds = seconds
        self._idle: asyncio.LifoQueue[Process | None] = asyncio.LifoQueue()
        for _ in range(count):
            self._idle.put_nowait(None)
        self._children: set[Process] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in list(self._children):
            await self._end(child)

    async def ask(self, task: bytes, read: Callable[[bytes], T]) -> T:
        """A child's answer to a task, as `read` takes it.

        Raises:
            ReadingStopped: the child took too much time or memory, died, or answered what can't be read.
        """
        child = await self._idle.get()
        try:
            if child is None or child.returncode is not None:  # a child killed while idle costs nobody anything
                await self._end(child)
                child = None
                child = await self._start()
            return read(await asyncio.wait_for(_exchange(child, task), self._seconds + _GRACE))
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError, msgspec.MsgspecError) as error:
            await self._end(child)
            child = None
            raise ReadingStopped(
                "Reading was stopped: the document took more time or memory than a feed can need."
            ) from error
        except BaseException:
            await self._end(child)  # its answer would be taken for the next task's
            child = None
            raise
        finally:
            self._idle.put_nowait(child)

    async def _start(self) -> Process:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self._module, *self._limits, stdin=PIPE, stdout=PIPE, limit=1 << 22
        )
        self._children.add(child)
        for stream in (child.stdin, child.stdout):
            _widen(stream)
        return child

    async def _end(self, child: Process | None) -> None:
        if child is None:
            return
        self._children.discard(child)
        if child.returncode is None:
            child.kill()
        await child.wait()
        if child.stdin:
            child.stdin.close()


async def _exchange(child: Process, task: bytes) -> bytes:
    if child.stdin is None or child.stdout is None:
        raise AssertionError("a child without pipes")
    child.stdin.write(LENGTH.pack(len(task)) + task)  # in one piece: each piece wakes the child
    await child.stdin.drain()
    length = LENGTH.unpack(await child.stdout.readexactly(LENGTH.size))[0]
    if length > _LONGEST_ANSWER:
        raise ConnectionError(f"an answer of {length} bytes")
    return await child.stdout.readexactly(length)


def _widen(stream: asyncio.StreamWriter | asyncio.StreamReader | None) -> None:
    """Make room for a whole document in a pipe, where the system can: a task then passes in one go."""
    transport = getattr(stream, "transport", None) or getattr(stream, "_transport", None)
    pipe = transport.get_extra_info("pipe") if transport else None
    if pipe is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
