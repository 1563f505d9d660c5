"""Reading in children that can be stopped: a hostile document costs its own account only."""

import os
from collections.abc import Sequence

import msgspec

from feedhub.accounts.account import Account
from feedhub.accounts.kinds import KindRule
from feedhub.connectors.contract import Split
from feedhub.failures import ReadingStopped, Unreadable, VisitFailed
from feedhub.payloads.payload import Document, Payload
from feedhub.sync.children import MOST_BYTES, SECONDS, Children
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

# One document's items may stop so many children; then the rest of them go unread.
_MOST_STOPS = 3


class Reading(Children):
    """A few reading children, made when first needed. An async context manager."""

    def __init__(self, *, children: int | None = None, seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> None:
        count = children or min(os.cpu_count() or 1, 4)
        super().__init__("feedhub.sync.reader", count=count, seconds=seconds, most_bytes=most_bytes)

    async def split(self, account: Account, document: Document) -> Split:
        """Take a document apart.

        Raises:
            VisitFailed: NotAFeed, EmptyDocument, Unreadable, ReadingStopped.
        """
        done = await self._asked(SplitTask(account.platform, document))
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
            done = await self._asked(task)
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
                done = await self._asked(msgspec.structs.replace(task, payloads=(payload,)))
            except ReadingStopped as stopped:
                stops += 1
                found.append(Misread(stopped.reason))
            else:
                found += done.found if isinstance(done, ReadDone) else ()
        return tuple(found)

    async def _asked(self, task: Task) -> Done:
        return await self.ask(ENCODER.encode(task), DONE_DECODER.decode)


def _failure(refused: Refused) -> VisitFailed:
    known = {failure.outcome: failure for failure in VisitFailed.__subclasses__()}
    return known.get(refused.outcome, Unreadable)(refused.reason, remedy=refused.remedy)
