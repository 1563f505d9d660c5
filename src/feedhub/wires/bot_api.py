"""Telegram's programs for bots (core.telegram.org/bots/api): one call, and what its answer means.

The token stands in the address, as Telegram has it; it is written into no log and no sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from feedhub.connectors.api import Said, ask
from feedhub.connectors.http import Http
from feedhub.connectors.loose import number_in, record_in, text_in

ORIGIN = "https://api.telegram.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What Telegram said. `words` is its description of a refusal; `moved_to` the chat that a chat became."""

    status: int
    result: Any
    words: str
    wait: timedelta | None = None
    moved_to: str | None = None

    @property
    def is_ok(self) -> bool:
        return self.status == HTTPStatus.OK

    @property
    def is_refusal(self) -> bool:
        """Whether nothing was done. A broken server may have done it and broken down afterwards."""
        return HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def is_over(self) -> bool:
        """Whether the bot can never speak here again: thrown out, its token revoked, the channel deleted."""
        is_lost = self.status == HTTPStatus.BAD_REQUEST and self.says("chat not found")
        return is_lost or self.status in (HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)

    def says(self, *phrases: str) -> bool:
        """Whether a refusal is one of these, in Telegram's own words."""
        return any(phrase in self.words.lower() for phrase in phrases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A bot. `token` is what BotFather gave."""

    token: str
    new_http: Callable[[], Http]

    async def call(self, method: str, *, now: datetime, **said: object) -> Reply:
        """Call one method. Raises VisitFailed's children where there is no answer."""
        async with self.new_http() as http:
            return _reply(await ask(http, f"{ORIGIN}/bot{self.token}/{method}", json=said, now=now), now)


async def may_post(bot: Bot, chat: str, *, now: datetime) -> tuple[bool, str]:
    """Whether a bot may post to a chat, and a sentence that says so. Nothing is posted."""
    me = await bot.call("getMe", now=now)
    if not me.is_ok:
        return False, f"Telegram does not know the bot: {me.words or me.status}. Give its token anew."
    name = text_in(me.result, "username")
    member = await bot.call("getChatMember", now=now, chat_id=chat, user_id=number_in(me.result, "id"))
    if not member.is_ok:
        return False, f"@{name} can't see {chat}: {member.words or member.status}. Make it an administrator there."
    if not (isinstance(member.result, dict) and member.result.get("can_post_messages")):
        return False, f"@{name} may not post to {chat}. Give it the right to post messages there."
    return True, f"@{name} may post to {chat}."


def _reply(said: Said, now: datetime) -> Reply:
    value = said.value if isinstance(said.value, dict) else {}
    more = record_in(value, "parameters")
    seconds, moved_to = number_in(more, "retry_after"), number_in(more, "migrate_to_chat_id")
    again_at = now + timedelta(seconds=seconds) if seconds else said.answer.retry_at
    return Reply(
        status=said.status,
        result=value.get("result"),
        words=text_in(value, "description"),
        wait=again_at - now if again_at else None,
        moved_to=str(moved_to) if moved_to else None,
    )
