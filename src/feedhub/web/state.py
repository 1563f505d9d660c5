"""What every request finds: the store, the clock, the register, the address we are known by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from fastapi import Request

from feedhub.accounts.account import Register
from feedhub.connectors.guard import Guard
from feedhub.connectors.http import Http
from feedhub.posts.acts import ActName
from feedhub.posts.picture_copies import PictureMode
from feedhub.store.clock import ClockReading
from feedhub.store.picture_files import PictureFiles
from feedhub.store.register import kept_register
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store
from feedhub.views.api import Fragments
from feedhub.web.askers import Askers
from feedhub.web.clock import Clock
from feedhub.web.dumps import Dumps
from feedhub.web.streams import Streams
from feedhub.web.traffic import Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One per process, made by the lifespan. `public_url` has no trailing slash and may have a path."""

    store: Store
    public_url: str
    secret: bytes
    clock: Clock
    keyring: Keyring
    new_http: Callable[[], Http]
    guard: Guard  # where the fetcher may go
    askers: Askers
    contact: str = ""  # whom people may ask
    sends_mail: bool = False  # whether citizens can have posts by mail
    alerting: frozenset[str] = frozenset()  # departments whose emergencies are mailed at once
    four_eyes: frozenset[ActName] = frozenset()  # acts that two people must want
    picture_mode: PictureMode = PictureMode.COPIES
    fediverse: bool = True  # whether departments can be followed from there
    pictures: PictureFiles | None = None  # where our copies are, if they are shown
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    traffic: Traffic = field(default_factory=Traffic)
    fragments: Fragments = field(default_factory=Fragments)
    streams: Streams = field(default_factory=Streams)
    dumps: Dumps = field(default_factory=Dumps)


def state(request: Request) -> State:
    return cast("State", request.state.feedhub)


def language(request: Request) -> str | None:
    """The language that the address of a page asks for; None = the publisher's own."""
    return getattr(request.state, "language", None)


async def clock(request: Request) -> ClockReading:
    """The newest public change, about a second old at most: its number and when it was."""
    return await state(request).clock.reading()


async def register(request: Request) -> Register:
    """The register as it is now; the store reads it again only where it changed."""
    return await state(request).store.read(kept_register)
