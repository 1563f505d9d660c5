"""The city's desk: one post of the demo is taken back, so that everybody sees how that looks."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from feedhub.posts.filters import Filters
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.store.desk import withdraw_post
from feedhub.store.lists import latest_posts
from feedhub.store.session import Store

# The newest post with these words, of those that are old enough to have been read by somebody.
_WORDS: Final = "lowongan perawat"
_REASON: Final = (
    "Jumlah lowongan yang disebut keliru. Pengumuman yang benar akan terbit setelah diperiksa bagian kepegawaian."
)
_OLD_ENOUGH: Final = timedelta(hours=1)
_PAUSE = 1.0  # seconds between two looks for it


async def take_one_back(store: Store) -> None:
    """Wait until the post has been collected, then withdraw it with its public reason."""
    while True:
        now = datetime.now(UTC)
        found = await store.read(latest_posts, Filters(q=_WORDS, until=now - _OLD_ENOUGH, limit=1))
        if found:
            notice = Notice(kind=NoticeKind.WITHDRAWAL, reason=_REASON, at=now.replace(microsecond=0))
            await store.write(withdraw_post, found[0].id, notice=notice)
            return
        await asyncio.sleep(_PAUSE)
