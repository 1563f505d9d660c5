"""Answers made once and kept ready to be sent, in every coding that was asked for."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from starlette.types import Message

from feedhub.web.asked import Asked
from feedhub.web.compression import Coding, coded, is_compressible
from feedhub.web.conditional import digest_of, etag, http_date
from feedhub.web.headers import OPEN, Headers, cache_headers, policy_header
from feedhub.web.opened import VARY, is_feed

_MOST_BYTES = 64 * 1024 * 1024  # of all copies
_LARGEST = 4 * 1024 * 1024  # of one
_OVERHEAD = 4096  # a copy's own size, roughly
_IN_THREAD = 64 * 1024  # bytes whose compression would hold up other answers

# What a route tells the front alone: it has nothing new, and this is how many seconds its asker waits for it.
PATIENCE = "feedhub-patience"

_OURS = frozenset(
    {
        b"content-length",
        b"etag",
        b"last-modified",
        b"cache-control",
        b"vary",
        b"content-encoding",
        PATIENCE.encode(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a route answered."""

    status: int
    headers: Headers
    body: bytes
    route: str

    def header(self, name: bytes) -> str | None:
        return next((value.decode("latin-1") for each, value in self.headers if each == name), None)


@dataclass(frozen=True, slots=True)
class Ready:
    """One coding of a copy as ASGI messages."""

    whole: Message
    unchanged: Message
    body: Message


@dataclass(slots=True, kw_only=True)
class Copy:
    """An answer as of one change number. `modified` is when that change was."""

    asked: Asked
    made: Made
    number: int
    modified: datetime | None
    digest: str
    is_compressible: bool
    bodies: dict[Coding, bytes]
    patience: int = 0
    made_at: float = field(default_factory=monotonic)
    ready: dict[Coding, Ready] = field(default_factory=dict)

    async def ready_in(self, coding: Coding) -> Ready:
        """The messages in `coding`, compressed when it is first asked for."""
        if not self.is_compressible:
            coding = "identity"
        if (known := self.ready.get(coding)) is not None:
            return known
        body = self.made.body
        if coding not in self.bodies:
            self.bodies[coding] = (
                await asyncio.to_thread(coded, body, coding) if len(body) > _IN_THREAD else coded(body, coding)
            )
        self.ready[coding] = self._messages(coding)
        return self.ready[coding]

    def _messages(self, coding: Coding) -> Ready:
        body, shared = self.bodies[coding], self._shared_headers(coding)
        own = [(name, value) for name, value in self.made.headers if name not in _OURS]
        own.append((b"content-length", str(len(body)).encode()))
        if coding != "identity":
            own.append((b"content-encoding", coding.encode()))
        # Whatever 200 would say for caches, 304 says too (RFC 9110 section 15.4.5).
        links = [(name, value) for name, value in self.made.headers if name == b"link"]
        return Ready(
            {"type": "http.response.start", "status": self.made.status, "headers": [*own, *shared]},
            {"type": "http.response.start", "status": 304, "headers": [*links, *shared]},
            {"type": "http.response.body", "body": body},
        )

    def _shared_headers(self, coding: Coding) -> Headers:
        made = self.made
        shared = [*OPEN, *cache_headers(self.asked.path, made.status, made.header(b"cache-control"))]
        if made.header(b"content-security-policy") is None:
            shared.append(policy_header(self.asked.path))
        if self.is_compressible:
            shared.append((b"vary", VARY if is_feed(self.asked.path) else b"Accept-Encoding"))
        if made.status == 200:  # noqa: PLR2004  # only what can be sent again is named
            shared.append((b"etag", etag(self.digest, coding).encode()))
            if self.modified is not None:
                shared.append((b"last-modified", http_date(self.modified).encode()))
        return shared


def new_copy(asked: Asked, made: Made, *, number: int, modified: datetime | None, before: Copy | None) -> Copy:
    """A copy of what was `made`; where its bytes are those of `before`, so are its codings."""
    digest = digest_of(made.body)
    same = before is not None and before.digest == digest
    return Copy(
        asked=asked,
        made=made,
        number=number,
        modified=modified,
        digest=digest,
        is_compressible=is_compressible(made.header(b"content-type") or "", made.body),
        patience=int(made.header(PATIENCE.encode()) or 0),
        bodies=before.bodies if before is not None and same else {"identity": made.body},
    )


class Shelf:
    """Copies by what was asked, bounded in bytes; the longest unused goes first."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._copies: OrderedDict[Asked, tuple[Copy, int]] = OrderedDict()
        self._most_bytes = most_bytes
        self._bytes = 0

    def get(self, asked: Asked) -> Copy | None:
        """The copy of what was asked, whatever its number."""
        if (found := self._copies.get(asked)) is None:
            return None
        self._copies.move_to_end(asked)
        return found[0]

    def keep(self, copy: Copy) -> None:
        """Keep `copy` in place of the one before."""
        self.drop(copy.asked)
        if (size := len(copy.made.body)) > _LARGEST:
            return
        size = 2 * size + _OVERHEAD  # its codings come later and are smaller
        self._copies[copy.asked] = copy, size
        self._bytes += size
        while self._bytes > self._most_bytes:
            _, (_, freed) = self._copies.popitem(last=False)
            self._bytes -= freed

    def drop(self, asked: Asked) -> None:
        """Forget what was asked."""
        if (found := self._copies.pop(asked, None)) is not None:
            self._bytes -= found[1]

    def __len__(self) -> int:
        return len(self._copies)
