"""The wire to departments' contacts: letters are written once for each occasion, and delivered until they arrive."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from feedhub.errors import StoreBusy
from feedhub.logs import logger
from feedhub.store.credentials import kept_credentials
from feedhub.store.letters import held_now, keep_letter, mark_sent, mark_unsent, owners, rhythms, unsent_letters
from feedhub.store.session import Store
from feedhub.store.stop_links import StopLink, write_stop_link
from feedhub.wires.mail import Mailer, mail_fault
from feedhub.wires.occasions import occasions

_EVERY_SECONDS = 60.0
_LINK_LASTS = timedelta(days=30)
_RHYTHM_POSTS = 30
_FIRST_RETRY = timedelta(minutes=5)  # doubled each time


async def tell_contacts(
    store: Store, mailer: Mailer, *, public_url: str, secret: bytes, now: Callable[[], datetime], stop: asyncio.Event
) -> None:
    """Write and deliver letters until `stop`."""
    while not stop.is_set():
        with suppress(StoreBusy):  # a minute later is early enough
            await write_letters(store, public_url=public_url, secret=secret, now=now())
            await deliver_letters(store, mailer, now=now())
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


async def write_letters(store: Store, *, public_url: str, secret: bytes, now: datetime) -> None:
    """Keep a letter for each occasion that was not told yet."""

    def link_of(account: UUID, since: datetime) -> str:
        token = write_stop_link(StopLink(account=account, since=since), secret, until=now + _LINK_LASTS)
        return f"{public_url.rstrip('/')}/stop/{token}"

    found = occasions(
        await store.read(owners),
        credentials=await store.read(kept_credentials),
        rhythms=await store.read(rhythms, now=now, most=_RHYTHM_POSTS),
        held=await store.read(held_now),
        now=now,
        link_of=link_of,
    )
    for one in found:
        await store.write(
            keep_letter,
            one.letter,
            department=one.department.slug,
            account=one.account.id,
            topic=one.topic,
            occasion=one.name,
            at=now,
        )


async def deliver_letters(store: Store, mailer: Mailer, *, now: datetime) -> int:
    """Send what waits; how many arrived. What does not arrive is tried again, later each time."""
    sent = 0
    for waiting in await store.read(unsent_letters, now=now):
        try:
            await asyncio.to_thread(mailer.send, waiting.letter, at=now.timestamp())
        except OSError as error:
            fault = mail_fault(error)
            await store.write(mark_unsent, waiting, fault=fault, next_try_at=now + _FIRST_RETRY * 2**waiting.tries)
            logger().warning("letter.unsent", letter=waiting.id, reason=fault)
        else:
            await store.write(mark_sent, [waiting.id], at=now)
            logger().info("letter.sent", letter=waiting.id)
            sent += 1
    return sent
