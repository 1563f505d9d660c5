"""A walk put together from plain values, for the command line and the demo."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from feedhub.connectors.guard import Guard
from feedhub.connectors.http import Http
from feedhub.store.picture_files import PictureFiles
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import Store
from feedhub.sync.manners import Manners
from feedhub.sync.means import Means, VisitReport
from feedhub.sync.picturing import MOST_BYTES, Picturing
from feedhub.sync.reading import Reading
from feedhub.sync.rhythm import Pace
from feedhub.sync.walk import LEASE_SECONDS, Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkOptions:
    """The settings of a walk, as plain values; times in seconds."""

    contact: str
    public_url: str
    fetch_allow: str
    fetch_timeout: float
    fetch_max_bytes: int
    host_concurrency: int
    host_spacing: float
    sync_concurrency: int
    min_interval: float
    max_interval: float
    payloads_keep: float = 400.0  # days
    fetch_detours: tuple[tuple[str, str], ...] = ()
    pictures_store: str | None = None  # where copies of pictures go; None = none are made
    credential_keys: tuple[bytes, ...] = ()  # the first one seals; none = the installation's own signing key

    def new_http(self, *, max_bytes: int | None = None, timeout: float | None = None) -> Http:
        """A guarded client of its own. `timeout` seconds for one whole exchange at most."""
        return Http(
            contact=self.contact,
            public_url=self.public_url,
            allow=self.fetch_allow,
            timeout=min(self.fetch_timeout, timeout or self.fetch_timeout),
            max_bytes=max_bytes or self.fetch_max_bytes,
            detours=dict(self.fetch_detours),
        )


def picturing(store: Store, options: WalkOptions, *, clock: Callable[[], datetime] | None = None) -> Picturing | None:
    """What copies posts' pictures; None where that is turned off."""
    if options.pictures_store is None:
        return None
    guard = Guard(options.fetch_allow)
    return Picturing(
        store=store,
        files=PictureFiles(options.pictures_store),
        new_http=lambda: options.new_http(max_bytes=2 * MOST_BYTES),  # of which half may come over the wire
        now=clock or now,
        spacing=options.host_spacing,
        is_exempt=guard.is_exempt,
    )


def now() -> datetime:
    """The wall clock, read at the edge only."""
    return datetime.now(UTC)


async def keyring_of(store: Store, options: WalkOptions) -> Keyring:
    """The keys that seal secrets: those of the settings, else the installation's own."""
    return Keyring(options.credential_keys or (await store.write(made_signing_key),))


@asynccontextmanager
async def walking(
    store: Store,
    options: WalkOptions,
    *,
    report: Callable[[VisitReport], None] = lambda _report: None,
    clock: Callable[[], datetime] = now,
    lease: float = LEASE_SECONDS,
) -> AsyncIterator[Walk]:
    """A walk with its reading children and clients, closed in the end."""
    guard = Guard(options.fetch_allow)
    keyring = await keyring_of(store, options)
    async with Reading() as reading:
        walk = Walk(
            means=Means(
                store=store,
                reading=reading,
                pace=Pace(
                    shortest=timedelta(seconds=options.min_interval), longest=timedelta(seconds=options.max_interval)
                ),
                now=clock,
                keyring=keyring,
            ),
            manners=Manners(
                visits=options.sync_concurrency,
                host_visits=options.host_concurrency,
                spacing=options.host_spacing,
                is_exempt=lambda host: guard.is_exempt(urlsplit(f"//{host}").hostname or ""),
            ),
            new_http=options.new_http,
            report=report,
            lease=lease,
        )
        try:
            yield walk
        finally:
            await walk.close()
