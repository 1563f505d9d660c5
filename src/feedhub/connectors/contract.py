"""What every connector is: fetch, split, read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.accounts.credential import Need as Need  # noqa: PLC0414  connectors find here all that they are made of
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.post import Post

if TYPE_CHECKING:
    from feedhub.connectors.http import Http

# What a connector must remember between visits: validators, page tokens. Strings only;
# the store keeps it and never looks inside.
Cursor = dict[str, str]

# `covers_since` of a batch that holds all that the platform shows of the account.
EVERYTHING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform still allows our app: `left` units until `resets_at`."""

    left: int
    resets_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A quota that the platform does not report, so that we count: `units` a day of `time_zone`."""

    units: int
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How the platform shows the account now; a sudden change may mean a hijacked one.

    `native_id` never changes on its platform; `name` and `handle` are as people see them.
    """

    native_id: str | None = None
    name: str | None = None
    handle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Who tells at once that a feed has changed: its `hub`, and the `topic` that we would subscribe to."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one visit brought.

    `documents` is empty when nothing changed (`not_modified` says so). `gone` holds native
    ids that the platform itself declared gone. `covers_since`: everything that the platform
    shows from then on is in the documents, so a post of ours from then on that is in none of
    them is worth a check. `next_hint` is how long the platform asks us to stay away (ttl,
    Cache-Control). `limits` is our quota by the platform's headers, `spent` what this visit
    cost where we count it ourselves. `moved_to` is a permanent new address that has held long
    enough to be believed. `notes` are sentences for the account's status. `push`
    names a hub that tells of changes at once.
    """

    documents: tuple[Document, ...] = ()
    cursor: Cursor = field(default_factory=dict)
    not_modified: bool = False
    gone: tuple[str, ...] = ()
    covers_since: datetime | None = None
    next_hint: timedelta | None = None
    limits: Limits | None = None
    spent: int = 0
    moved_to: str | None = None
    profile: Profile | None = None
    notes: tuple[str, ...] = ()
    push: Push | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A document taken apart. `notes` are sentences for the account's status; `next_hint`
    is what the document itself asks for (ttl, sy:updatePeriod). `covers_since` is what a
    batch's says, where only the document's reader can know it. `push` names the hub that
    tells of changes at once.
    """

    payloads: tuple[Payload, ...]
    notes: tuple[str, ...] = ()
    next_hint: timedelta | None = None
    covers_since: datetime | None = None
    push: Push | None = None


class Fetch(Protocol):
    """Network; never inside a transaction. Raises VisitFailed's children."""

    def __call__(
        self, http: "Http", account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime
    ) -> Awaitable[Batch]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A post that we hold and its platform showed no more where it should stand.

    `sibling` is the address of another post of the account that should still be there: where
    it can't be had either, the platform has a fault and says nothing about this one.
    """

    native_id: str
    source_url: str | None
    aliases: tuple[str, ...] = ()
    published_at: datetime | None = None
    sibling: str | None = None


class Check(Protocol):
    """Ask for single posts: `documents` of those that are there (edited, their media's addresses
    fresh), `gone` for those that the platform itself says no longer exist. What it leaves open
    is in neither. Network; never inside a transaction. Raises VisitFailed's children.
    """

    def __call__(
        self,
        http: "Http",
        account: Account,
        suspects: Sequence[Suspect],
        *,
        credential: Credential | None,
        now: datetime,
    ) -> Awaitable[Batch]: ...


class Renew(Protocol):
    """A fresh credential for one that is about to end, kept before it is used; None where only
    a person can renew it. Raises VisitFailed's children.
    """

    def __call__(self, http: "Http", credential: Credential, *, now: datetime) -> Awaitable[Credential | None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """One platform. `split` and `read` are pure: bytes in, shapes out.

    `most_checked` is how many posts one check may ask for; `media_last` is how long the
    addresses of its media stay valid, None where they don't expire.
    """

    platform: Platform
    fetch: Fetch
    split: Callable[[Document], Split]
    read: Callable[[Payload], Post]
    need: Need = Need.NONE
    check: Check | None = None
    most_checked: int = 20
    renew: Renew | None = None
    allowance: Allowance | None = None
    media_last: timedelta | None = None
