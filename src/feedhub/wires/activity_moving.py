"""Departments that have another name: whoever follows the old one is asked, once, to follow the new one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import orjson

from feedhub.accounts.account import Register
from feedhub.failures import VisitFailed
from feedhub.logs import logger
from feedhub.store.followers import note_moving, renamed_inboxes
from feedhub.store.message_signatures import DRAFT
from feedhub.store.register import kept_register
from feedhub.store.subscriptions import Subscription
from feedhub.views.activity import move
from feedhub.views.activity_actor import actor_url
from feedhub.wires.activity_signing import Signer

_EVERY = timedelta(minutes=1)
_MOST_TRIES: Final = 60
_DONE: Final = 1_000  # tries of an inbox that took it


@dataclass(slots=True, kw_only=True)
class Moving:
    """Looks for them once a minute."""

    signer: Signer
    _next_at: datetime | None = field(default=None)

    async def tell(self, now: datetime) -> None:
        """Tell the inboxes that were not told yet."""
        if self._next_at is not None and now < self._next_at:
            return
        self._next_at = now + _EVERY
        register = await self.signer.store.read(kept_register)
        for one in await self.signer.store.read(renamed_inboxes):
            if one.asks.get("moves", 0) < _MOST_TRIES and (slug := _new_name(one.topic, register)):
                await self._tell(one, slug, now)

    async def _tell(self, one: Subscription, slug: str, now: datetime) -> None:
        before, after = (actor_url(self.signer.public_url, name) for name in (one.topic, slug))
        body, form = orjson.dumps(move(before=before, after=after)), one.asks.get("signs", DRAFT)
        tries = one.asks.get("moves", 0) + 1
        try:
            answer = await self.signer.post(one.target, body, name=one.topic, form=form, now=now)
        except VisitFailed as error:
            logger().info("activity.waits", reason=str(error))
        else:
            tries = _DONE if answer.status < 300 else tries  # noqa: PLR2004  # success
        await self.signer.store.write(note_moving, one, tries=tries)


def _new_name(slug: str, register: Register) -> str | None:
    return next((one.slug for one in register.departments if slug in one.formerly), None)
