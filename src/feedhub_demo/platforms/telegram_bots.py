"""Telegram's programs for bots: channels in which bots post, edit and delete (core.telegram.org/bots/api)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from typing import Any, Never

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ORIGIN = "https://api.telegram.org"

_LONGEST = 4_096
_DELETABLE_FOR = timedelta(hours=48)
_PAIR = re.compile(r"<(?P<tag>b|i|u|s|code|pre|a)(?: href=\"[^\"<>]*\")?>(?P<inner>[^<>]*)</(?P=tag)>")


@dataclass(slots=True, kw_only=True)
class BotMessage:
    """A message as it stands in a channel. `bot` is the token of its writer, empty = a person's."""

    number: int
    at: datetime
    text: str
    bot: str
    shown_url: str = ""
    edits: int = 0


@dataclass(slots=True, kw_only=True)
class BotChannel:
    """A channel; `bots` are the tokens of its administrators, `flood` the seconds that it refuses with next."""

    bots: set[str]
    messages: dict[int, BotMessage] = field(default_factory=dict)
    last: int = 1  # the notice of its creation
    flood: int = 0
    may_post: bool = True
    moved_to: int | None = None
    silent: int = 0  # answers that get lost, though what was asked is done

    def write(self, text: str, *, at: datetime, bot: str = "", shown_url: str = "") -> BotMessage:
        """Post a message."""
        self.last += 1
        message = BotMessage(number=self.last, at=at, text=text, bot=bot, shown_url=shown_url)
        self.messages[message.number] = message
        return message

    @property
    def texts(self) -> list[str]:
        """What readers see, oldest first."""
        return [message.text for message in self.messages.values()]


class _Refused(Exception):
    def __init__(self, status: int, words: str, **parameters: int) -> None:
        self.status, self.words, self.parameters = status, words, parameters


@dataclass(slots=True, kw_only=True)
class TelegramBots:
    """api.telegram.org on loopback. `now` is its only clock."""

    now: Callable[[], datetime]
    channels: dict[str, BotChannel] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        self.app = Starlette(routes=[Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"])])

    async def _answer(self, request: Request) -> JSONResponse:
        token, method = request.path_params["token"], request.path_params["method"]
        self.asked.append(method)
        try:
            result = self._done(token, method, await request.json() if await request.body() else {})
        except _Refused as refused:
            told = {"ok": False, "error_code": refused.status, "description": refused.words}
            if refused.parameters:
                told["parameters"] = refused.parameters
            return JSONResponse(told, refused.status)
        return JSONResponse({"ok": True, "result": result})

    def _done(self, token: str, method: str, said: Mapping[str, Any]) -> object:
        if token not in self.tokens:
            _refuse(401, "Unauthorized")
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "Kabar", "username": "kabar_bot"}
        channel = self.channels.get(str(said.get("chat_id", "")).lower())
        if channel is None:
            _refuse(400, "Bad Request: chat not found")
        self._let_in(channel, token)
        match method:
            case "sendMessage":
                return self._sent(channel, token, said)
            case "editMessageText" | "editMessageReplyMarkup":
                return self._edited(channel, token, said)
            case "deleteMessage":
                return self._deleted(channel, token, said)
            case "getChatMember":
                return {"status": "administrator", "can_post_messages": channel.may_post}
        raise _Refused(404, "Not Found")

    def _let_in(self, channel: BotChannel, token: str) -> None:
        if channel.moved_to is not None:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise _Refused(400, words, migrate_to_chat_id=channel.moved_to)
        if token not in channel.bots:
            _refuse(403, "Forbidden: bot was kicked from the channel chat")
        if channel.flood:
            seconds, channel.flood = channel.flood, 0
            raise _Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

    def _sent(self, channel: BotChannel, token: str, said: Mapping[str, Any]) -> object:
        if not channel.may_post:
            _refuse(400, "Bad Request: need administrator rights in the channel chat")
        url = said.get("link_preview_options", {}).get("url", "")
        message = channel.write(_shown(said), at=self.now(), bot=token, shown_url=url)
        if channel.silent:
            channel.silent -= 1
            _refuse(502, "Bad Gateway")
        return {"message_id": message.number, "date": int(message.at.timestamp())}

    def _edited(self, channel: BotChannel, token: str, said: Mapping[str, Any]) -> object:
        message = channel.messages.get(said["message_id"])
        if message is None:
            _refuse(400, "Bad Request: message to edit not found")
        if message.bot != token:
            _refuse(400, "Bad Request: message can't be edited")
        text = _shown(said) if "text" in said else message.text
        if text == message.text:
            _refuse(400, "Bad Request: message is not modified: specified new message content is exactly the same")
        message.text, message.edits = text, message.edits + 1
        return {"message_id": message.number}

    def _deleted(self, channel: BotChannel, token: str, said: Mapping[str, Any]) -> object:
        message = channel.messages.get(said["message_id"])
        if message is None:
            _refuse(400, "Bad Request: message to delete not found")
        if message.bot != token or self.now() - message.at > _DELETABLE_FOR:
            _refuse(400, "Bad Request: message can't be deleted for everyone")
        del channel.messages[message.number]
        return True


def _refuse(status: int, words: str) -> Never:
    raise _Refused(status, words)


def _shown(said: Mapping[str, Any]) -> str:
    """The text as readers see it; faults in its marks and its length are refused."""
    text = str(said["text"])
    if said.get("parse_mode") == "HTML":
        while (plainer := _PAIR.sub(r"\g<inner>", text)) != text:
            text = plainer
        if "<" in text or ">" in text:
            _refuse(400, "Bad Request: can't parse entities: unsupported start tag")
        text = unescape(text)
    if not text.strip():
        _refuse(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > _LONGEST:
        _refuse(400, "Bad Request: message is too long")
    return text
