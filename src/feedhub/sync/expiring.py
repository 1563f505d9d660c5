"""Credentials whose end is near are named in time: 14, 7 and 1 days before, once each."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from feedhub.accounts.credential import renewal_time
from feedhub.connectors import CONNECTORS
from feedhub.errors import StoreBusy
from feedhub.logs import logger
from feedhub.store.credentials import KeptCredential, kept_credentials, warn_of
from feedhub.store.session import Store

WARNED_BEFORE = (1, 7, 14)  # days

_EVERY_SECONDS = 24 * 3600.0
# What renews itself is nobody's business until renewing has failed for so long.
_PATIENCE = timedelta(days=1)


async def warn_daily(store: Store, *, now: Callable[[], datetime], stop: asyncio.Event) -> None:
    """Warn at once and then every day until `stop`."""
    while not stop.is_set():
        with suppress(StoreBusy):  # tomorrow is early enough
            await warn(store, now=now())
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


async def warn(store: Store, *, now: datetime) -> None:
    """Write of each credential whose end is near that it was warned of, and log it once for each of the three days."""
    for kept in await store.read(kept_credentials):
        days = warned_days(kept, now)
        if days is None or (kept.warned is not None and kept.warned <= days):
            continue
        await store.write(warn_of, kept.id, days=days)
        logger().warning(
            "credential.expiring",
            credential=kept.id,
            platform=kept.platform.value,
            account=str(kept.account) if kept.account else None,
            shown=kept.shown,
            ends_at=kept.ends_at.isoformat() if kept.ends_at else None,
            days=days,
        )


def warned_days(kept: KeptCredential, now: datetime) -> int | None:
    """The warning that a credential is due for: 14, 7 or 1 days before its end; None before and after."""
    if kept.ends_at is None or kept.ends_at <= now or _renews_itself(kept, now):
        return None
    left = kept.ends_at - now
    return next((days for days in WARNED_BEFORE if left <= timedelta(days=days)), None)


def _renews_itself(kept: KeptCredential, now: datetime) -> bool:
    """Whether FeedHub will still renew it in time by itself, as far as anybody can tell."""
    connector = CONNECTORS.get(kept.platform)
    if connector is None or connector.renew is None or kept.refresh_expires_at is not None:
        return False
    return kept.expires_at is not None and now < renewal_time(kept.issued_at, kept.expires_at) + _PATIENCE
