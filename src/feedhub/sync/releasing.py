"""Letting go of what was held: what a person approved, and what waited for its time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from uuid import UUID

from feedhub.accounts.account import Account
from feedhub.connectors import CONNECTORS
from feedhub.logs import logger
from feedhub.posts.seen import Seen
from feedhub.store.held import named_posts
from feedhub.store.register import kept_register
from feedhub.store.releasing import Released, due_releases, pending_payloads, release_approved, release_due
from feedhub.store.session import Store
from feedhub.sync.reading import Reading
from feedhub.sync.tasks import Readable

_EVERY_SECONDS = 1.0


async def let_go_of_due(store: Store, reading: Reading, *, now: datetime) -> Released:
    """Show what waited for its delay, and what a lifted stop held back."""
    released = Released()
    if not (due := await store.read(due_releases, now=now)):
        return released
    known = {account.id: account for account in (await store.read(kept_register)).accounts}
    for id, ids in due.items():
        account = known[id]
        read = await _read(store, reading, account, ids)
        released += await store.write(
            release_due, account, ids, read=read, at=now, media_expires=_media_expires(account)
        )
    return released


async def release(store: Store, reading: Reading, named: Sequence[UUID], *, now: datetime) -> Released:
    """Show held posts and edits by their ids, or everything that is held of an account by its id.

    Raises:
        NotKnown: an id is neither an account's nor a post's.
        FeedHubError: an account is stopped.
    """
    whole, meant = await store.read(named_posts, named)
    known = {account.id: account for account in (await store.read(kept_register)).accounts}
    released = Released()
    for id, ids in meant.items():
        account = known[id]
        released += await store.write(
            release_approved,
            account,
            ids,
            read=await _read(store, reading, account, ids),
            at=now,
            media_expires=_media_expires(account),
            is_whole=id in whole,
        )
    return released


@asynccontextmanager
async def releasing(store: Store, reading: Reading, *, now: Callable[[], datetime]) -> AsyncIterator[None]:
    """Look every second whose time has come."""
    task = asyncio.create_task(_every_second(store, reading, now=now))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _every_second(store: Store, reading: Reading, *, now: Callable[[], datetime]) -> None:
    while True:
        try:
            await let_go_of_due(store, reading, now=now().replace(microsecond=0))
        except Exception as error:  # noqa: BLE001  # a second later is early enough
            logger().warning("release.failed", reason=str(error))
        await asyncio.sleep(_EVERY_SECONDS)


async def _read(store: Store, reading: Reading, account: Account, ids: Sequence[UUID]) -> dict[UUID, Seen]:
    """What the edits held back of these posts would show."""
    pending = await store.read(pending_payloads, ids)
    if not pending:
        return {}
    register = await store.read(kept_register)
    answers = await reading.read(account, list(pending.values()), register.kinds)
    return {post: answer.seen for post, answer in zip(pending, answers, strict=True) if isinstance(answer, Readable)}


def _media_expires(account: Account) -> bool:
    connector = CONNECTORS.get(account.platform)
    return connector is not None and connector.media_last is not None
