"""Payloads that were superseded long ago go; the newest of each post stays for ever."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from feedhub.errors import StoreBusy
from feedhub.logs import logger
from feedhub.store.payloads import prune_payloads
from feedhub.store.session import Store
from feedhub.store.times import to_ms

_EVERY_SECONDS = 24 * 3600.0


async def prune_daily(store: Store, *, keep: timedelta, now: Callable[[], datetime], stop: asyncio.Event) -> None:
    """Prune at once and then every day until `stop`."""
    while not stop.is_set():
        with suppress(StoreBusy):  # tomorrow is early enough
            if pruned := await prune(store, keep=keep, now=now):
                logger().info("payloads.pruned", payloads=pruned)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


async def prune(store: Store, *, keep: timedelta, now: Callable[[], datetime]) -> int:
    """Drop superseded payloads fetched longer ago than `keep`, a few at a time; how many."""
    before, pruned = to_ms(now() - keep), 0
    while batch := await store.write(prune_payloads, before=before):
        pruned += batch
    return pruned
