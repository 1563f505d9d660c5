"""Reading in children that can be stopped: a hostile document costs its own account only."""

import asyncio
import fcntl
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import msgspec

from feedhub.accounts.account import Account
from feedhub.accounts.kinds import KindRule
from feedhub.connectors.contract import Split
from feedhub.failures import ReadingStopped, Unreadable, VisitFailed
from feedhub.payloads.payload import Document, Payload
from feedhub.sync.reader import LENGTH
from feedhub.sync.tasks import (
    DONE_DECODER,
    ENCODER,
    Done,
    Misread,
    Readable,
    ReadDone,
    ReadTask,
    Refused,
    SplitDone,
    SplitTask,
    Task,
)

SECONDS = 10.0
MOST_BYTES = 1 << 30
# The child ends itself first; this is for one that can't even do that.
_GRACE = 5.0
_PIPE_BYTES = 1 << 20
# One document's items may stop so many children; then the rest of them go unread.
_MOST_STOPS = 3
# An honest answer is as long as its task, and then some; the parent takes no more into its own memory.
_LONGEST_ANSWER = 256 * 1024 * 1024


class Reading:
    """A few reading children, made when first needed. An async context manager."""

    def __init__(self, *, children: int | None = None, seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._limits = (str(seconds), str(most_bytes))
        self._seconds = seconds
        self._idle: asyncio.LifoQueue[Process | None] = asyncio.LifoQueue()
        for _ in range(children or min(os.cpu_count() or 1, 4)):
            self._idle.put_nowait(None)
        self._children: set[Process] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in list(self._children):
            await self._end(child)

    async def split(self, account: Account, document: Document) -> Split:
        """Take a document apart.

        Raises:
            VisitFailed: NotAFeed, EmptyDocument, Unreadable, ReadingStopped.
        """
        done = await self._ask(SplitTask(account.platform, document))
        match done:
            case SplitDone():
                return done.split
            case Refused():
                raise _failure(done)
            case ReadDone():
                raise AssertionError("a split answered as a read")

    async def read(
        self, account: Account, payloads: Sequence[Payload], rules: tuple[KindRule, ...]
    ) -> tuple[Readable | Misread, ...]:
        """Read items, one answer each; an item that stops its child is misread alone."""
        task = ReadTask(account.platform, tuple(payloads), rules, account.kind, account.via)
        try:
            done = await self._ask(task)
        except ReadingStopped as stopped:
            if len(payloads) == 1:
                return (Misread(stopped.reason),)
            return await self._read_singly(task)
        match done:
            case ReadDone():
                return done.found
            case Refused():
                raise _failure(done)
            case SplitDone():
                raise AssertionError("a read answered as a split")

    async def _read_singly(self, task: ReadTask) -> tuple[Readable | Misread, ...]:
        """After a batch was stopped: which of its items are to blame? The others are read all the same."""
        found: list[Readable | Misread] = []
        stops = 0
        for payload in task.payloads:
            if stops == _MOST_STOPS:
                found.append(Misread("Not read: too many items of this document had to be stopped."))
                continue
            try:
                done = await self._ask(msgspec.structs.replace(task, payloads=(payload,)))
            except ReadingStopped as stopped:
                stops += 1
                found.append(Misread(stopped.reason))
            else:
                found += done.found if isinstance(done, ReadDone) else ()
        return tuple(found)

    async def _ask(self, task: Task) -> Done:
        child = await self._idle.get()
        try:
            if child is None or child.returncode is not None:  # a child killed while idle costs nobody anything
                await self._end(child)
                child = None
                child = await self._start()
            return await asyncio.wait_for(_exchange(child, ENCODER.encode(task)), self._seconds + _GRACE)
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
            sys.executable, "-m", "feedhub.sync.reader", *self._limits, stdin=PIPE, stdout=PIPE, limit=1 << 22
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


async def _exchange(child: Process, task: bytes) -> Done:
    if child.stdin is None or child.stdout is None:
        raise AssertionError("a child without pipes")
    child.stdin.write(LENGTH.pack(len(task)) + task)  # in one piece: each piece wakes the child
    await child.stdin.drain()
    length = LENGTH.unpack(await child.stdout.readexactly(LENGTH.size))[0]
    if length > _LONGEST_ANSWER:
        raise ConnectionError(f"an answer of {length} bytes")
    return DONE_DECODER.decode(await child.stdout.readexactly(length))


def _widen(stream: asyncio.StreamWriter | asyncio.StreamReader | None) -> None:
    """Make room for a whole document in a pipe, where the system can: a task then passes in one go."""
    transport = getattr(stream, "transport", None) or getattr(stream, "_transport", None)
    pipe = transport.get_extra_info("pipe") if transport else None
    if pipe is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _failure(refused: Refused) -> VisitFailed:
    known = {failure.outcome: failure for failure in VisitFailed.__subclasses__()}
    return known.get(refused.outcome, Unreadable)(refused.reason, remedy=refused.remedy)
