"""What every connector is: fetch, split, read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from feedhub.accounts.account import Account, Platform
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.post import Post

if TYPE_CHECKING:
    from feedhub.connectors.http import Http

# What a connector must remember between visits: validators, page tokens. Strings only;
# the store keeps it and never looks inside.
Cursor = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one visit brought.

    `documents` is empty when nothing changed (`not_modified` says so). `gone` holds native
    ids that the platform itself declared gone. `next_hint` is how long the platform asks us
    to stay away (ttl, Cache-Control). `moved_to` is a permanent new address that has held
    long enough to be believed.
    """

    documents: tuple[Document, ...] = ()
    cursor: Cursor = field(default_factory=dict)
    not_modified: bool = False
    gone: tuple[str, ...] = ()
    credential: str | None = None
    next_hint: timedelta | None = None
    limits: dict[str, int] = field(default_factory=dict)
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A document taken apart. `notes` are sentences for the account's status; `next_hint`
    is what the document itself asks for (ttl, sy:updatePeriod); `unreadable` counts items
    beyond the bounds or too broken to be cut out.
    """

    payloads: tuple[Payload, ...]
    notes: tuple[str, ...] = ()
    next_hint: timedelta | None = None


class Fetch(Protocol):
    """Network; never inside a transaction. Raises VisitFailed's children."""

    def __call__(
        self, http: "Http", account: Account, cursor: Cursor, *, credential: str | None, now: datetime
    ) -> Awaitable[Batch]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """One platform. `split` and `read` are pure: bytes in, shapes out."""

    platform: Platform
    fetch: Fetch
    split: Callable[[Document], Split]
    read: Callable[[Payload], Post]
