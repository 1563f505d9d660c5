"""The wire to Telegram: a bot posts to a channel of the city or a department, edits and deletes with the post.

A message is written when it is sent, from what may be shown then. Telegram knows no ids of
ours, so whoever dies between its answer and our note posts once more: that something is being
posted is written down first, and what was posted unnoted is found and deleted afterwards.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from feedhub.accounts.account import Account, Platform, Publisher
from feedhub.connectors.http import Http
from feedhub.connectors.loose import number_in
from feedhub.errors import CredentialRefused, QuestionRefused
from feedhub.failures import AddressRefused, DnsFailed, TlsFailed, VisitFailed
from feedhub.posts.filters import filters_kept
from feedhub.posts.kept import KeptPost
from feedhub.posts.matching import is_theirs, matches
from feedhub.store.lists import kept_post
from feedhub.store.register import kept_register
from feedhub.store.sealed_wires import subscription_place
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store
from feedhub.store.subscriptions import Subscription, change_subscription
from feedhub.store.telegram import WIRE
from feedhub.store.told_copies import copies_at, keep_copy, remote_copy
from feedhub.views.channel import shown_content
from feedhub.views.telegram import farewell_of, message_of
from feedhub.wires.bot_api import Bot, Reply, may_post
from feedhub.wires.wire import Around, Event, EventKind, Fate, Outcome, Parcel, Ready

# What stands in place of a message's number: nobody knows yet whether there is one; there is none any more.
_BEGUN, _ENDED = "?", "-"
_NEW_FOR = timedelta(hours=48)  # longer ago is no news, as in back-fill
_LOOKED_BACK = 10  # messages before ours that may be a copy nobody noted
_ATTEMPT = timedelta(minutes=1)  # longer than any attempt takes
_NEVER_ASKED = (AddressRefused, DnsFailed, TlsFailed)

_NAME, _NUMBER = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}"), re.compile(r"-\d{5,15}")
_SAME = "message is not modified"
_NO_SUCH = ("message to edit not found", "message to delete not found", "message_id_invalid")


@dataclass(slots=True, kw_only=True)
class TelegramWire:
    """Posts to channels. A subscription's target is the chat, its secret the bot's token."""

    store: Store
    keyring: Keyring
    new_http: Callable[[], Http]
    public_url: str
    now: Callable[[], datetime]
    name: str = WIRE
    # One message at a time to each channel, so that they stand there in order.
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def compose(self, subscription: Subscription, events: Sequence[Event], around: Around) -> Sequence[Parcel]:  # noqa: ARG002  # the protocol's
        """News; and whatever becomes of any post, as a message of long ago may stand in the channel."""
        filters = filters_kept(subscription.filters)
        return [
            Parcel(change=event.change, event=event.kind.value, body=b"", post=event.kept.id)
            for event in events
            if (is_theirs(filters, event.kept) or event.was_told)
            and (event.kind is not EventKind.PUBLISHED or _is_news(subscription, event.kept))
        ]

    async def send(self, ready: Ready) -> Outcome:
        turn = self._turns.setdefault(ready.subscription.target, asyncio.Lock())
        async with turn:
            try:
                return await self._told(ready)
            except VisitFailed as failure:
                wait = failure.retry_at - self.now() if failure.retry_at else None
                return Outcome(fate=Fate.LATER, fault=failure.reason, wait=wait)
            except CredentialRefused as refused:
                return Outcome(fate=Fate.LATER, fault=str(refused))

    async def tend(self, now: datetime) -> None:
        """Nothing else is due."""

    async def _told(self, ready: Ready) -> Outcome:
        channel = self._channel(ready.subscription)
        kept = await self.store.read(kept_post, ready.post) if ready.post else None
        copy = await self.store.read(remote_copy, channel.subscription.id, kept.id) if kept else None
        if kept is None or (copy == _ENDED and shown_content(kept) is None):
            return Outcome(fate=Fate.SENT)
        publisher = (await self.store.read(kept_register)).publisher
        post = shown_content(kept)
        if post is None:
            return await self._taken_back(channel, kept, copy, publisher)
        text = message_of(kept, post, publisher, public_url=self.public_url)
        if copy is None and ready.event != EventKind.PUBLISHED and not self._is_late_news(channel.subscription, kept):
            return Outcome(fate=Fate.SENT)
        if copy is None or copy in (_BEGUN, _ENDED):
            return await self._posted(channel, kept, text, is_again=copy == _BEGUN)
        return await self._edited(channel, kept, int(copy), text)

    def _channel(self, subscription: Subscription) -> "_Channel":
        bot = _bot(subscription, self.keyring, self.new_http)
        return _Channel(subscription=subscription, bot=bot, now=self.now())

    def _is_late_news(self, subscription: Subscription, kept: KeptPost) -> bool:
        """Whether a change is the first that the channel hears of a new post: it fits only now, or was edited at once."""
        is_new = kept.collected_at >= subscription.made_at and self.now() - kept.collected_at <= _NEW_FOR
        return is_new and _is_news(subscription, kept)

    async def _posted(self, channel: "_Channel", kept: KeptPost, text: str, *, is_again: bool) -> Outcome:
        await self._note(channel, kept, _BEGUN)
        try:
            reply = await channel.post(text, url=self._url(kept))
        except _NEVER_ASKED:
            await self._note(channel, kept, _BEGUN if is_again else _ENDED)
            raise
        number = number_in(reply.result, "message_id")
        if not reply.is_ok or number is None:
            await self._note(channel, kept, _ENDED if reply.is_refusal and not is_again else _BEGUN)
            return await self._refused(channel, reply)
        await self._note(channel, kept, str(number))
        if is_again:
            await self._clear_unnoted(channel, before=number)
        return Outcome(fate=Fate.SENT, status=reply.status, remote=str(number))

    async def _edited(self, channel: "_Channel", kept: KeptPost, number: int, text: str) -> Outcome:
        reply = await channel.edit(number, text, url=self._url(kept))
        # What somebody deleted in the channel stays deleted.
        if reply.is_ok or reply.says(_SAME, *_NO_SUCH):
            return Outcome(fate=Fate.SENT, status=reply.status)
        return await self._refused(channel, reply)

    async def _taken_back(self, channel: "_Channel", kept: KeptPost, copy: str | None, publisher: Publisher) -> Outcome:
        if copy is None:
            return Outcome(fate=Fate.SENT)
        farewell = farewell_of(kept, publisher)
        if copy == _BEGUN:  # only a newer message tells the numbers of those before it
            outcome = await self._posted(channel, kept, farewell, is_again=True)
            if outcome.remote is None:
                return outcome
            copy = outcome.remote
        reply = await channel.call("deleteMessage", message_id=int(copy))
        if reply.is_ok or reply.says(*_NO_SUCH):
            return Outcome(fate=Fate.SENT, status=reply.status, remote=_ENDED)
        if reply.wait or reply.is_over:
            return await self._refused(channel, reply)
        # Older than 48 hours, or the bot may not delete: then it says so where it stood.
        return await self._edited(channel, kept, int(copy), farewell)

    async def _clear_unnoted(self, channel: "_Channel", *, before: int) -> None:
        """Delete messages of the bot's own just before ours that nobody noted.

        Asked to take away buttons that are not there, Telegram says "not modified" of a bot's own
        message and refuses others'; nothing that anybody sees changes.
        """
        looked_at = [str(number) for number in range(before - 1, max(before - 1 - _LOOKED_BACK, 0), -1)]
        noted = await self.store.read(
            copies_at, WIRE, channel.subscription.target, [*looked_at, _BEGUN], since=channel.now - _ATTEMPT
        )
        if _BEGUN in noted:
            return  # somebody is posting here this very moment, and what they post is not noted yet
        for number in looked_at:
            if number not in noted:
                reply = await channel.call("editMessageReplyMarkup", message_id=int(number))
                if reply.says(_SAME):
                    await channel.call("deleteMessage", message_id=int(number))

    async def _refused(self, channel: "_Channel", reply: Reply) -> Outcome:
        fault = f"Telegram refuses: {reply.words or reply.status}."
        if reply.moved_to is not None:
            await self.store.write(change_subscription, channel.subscription.id, target=reply.moved_to)
            return Outcome(fate=Fate.LATER, status=reply.status, fault=fault, wait=timedelta(seconds=1))
        if reply.is_over:
            return Outcome(fate=Fate.ENDED, status=reply.status, fault=fault)
        is_hopeless = reply.says("can't parse", "too long", "can't be edited")
        fate = Fate.DEAD if is_hopeless else Fate.LATER
        return Outcome(fate=fate, status=reply.status, fault=fault, wait=reply.wait)

    async def _note(self, channel: "_Channel", kept: KeptPost, remote: str) -> None:
        subscriber = channel.subscription.id
        await self.store.write(keep_copy, subscriber, kept.id, remote=remote, change=kept.change, at=self.now())

    def _url(self, kept: KeptPost) -> str:
        return f"{self.public_url}/posts/{kept.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channel:
    """A chat and the bot that speaks there."""

    subscription: Subscription
    bot: Bot
    now: datetime

    async def call(self, method: str, **said: object) -> Reply:
        return await self.bot.call(method, now=self.now, chat_id=self.subscription.target, **said)

    async def post(self, text: str, *, url: str) -> Reply:
        return await self.call("sendMessage", text=text, parse_mode="HTML", link_preview_options=_preview(url))

    async def edit(self, number: int, text: str, *, url: str) -> Reply:
        return await self.call(
            "editMessageText",
            message_id=number,
            text=text,
            parse_mode="HTML",
            link_preview_options=_preview(url),
        )


async def try_channel(
    subscription: Subscription, keyring: Keyring, new_http: Callable[[], Http], *, now: datetime
) -> tuple[bool, str]:
    """Whether a channel's bot may post there, and a sentence that says so."""
    try:
        return await may_post(_bot(subscription, keyring, new_http), subscription.target, now=now)
    except VisitFailed as failure:
        return False, failure.reason


def chat_named(written: str) -> str:
    """A chat as Telegram's programs name it: a channel's @name, or its number.

    >>> chat_named("https://t.me/KabarKota"), chat_named("KabarKota"), chat_named("-1001234567890")
    ('@kabarkota', '@kabarkota', '-1001234567890')

    Raises:
        QuestionRefused: it is neither.
    """
    name = re.sub(r"^(?:https?://)?t\.me/|^@", "", written.strip())
    if _NUMBER.fullmatch(name):
        return name
    if not _NAME.fullmatch(name):
        raise QuestionRefused("channel", f"{written[:40]!r} is no channel: write @name, or its number (-100…).")
    return f"@{name.lower()}"


def _bot(subscription: Subscription, keyring: Keyring, new_http: Callable[[], Http]) -> Bot:
    token = keyring.open(subscription.sealed or b"", place=subscription_place(subscription.id)).decode()
    return Bot(token=token, new_http=new_http)


def _preview(url: str) -> dict[str, object]:
    """The card of our own page, with our copy of the picture: it goes with the message, and never stays alone."""
    return {"url": url, "prefer_large_media": True}


def _is_news(subscription: Subscription, kept: KeptPost) -> bool:
    fits = matches(filters_kept(subscription.filters), kept)
    return fits and not kept.backfill and kept.post is not None and not speaks_in(kept.account, subscription.target)


def speaks_in(account: Account, chat: str) -> bool:
    """Whether an account is that very channel, where its posts stand already.

    >>> dinkes = Account(key="k", platform=Platform.TELEGRAM, department="dinkes", url="https://t.me/Dinkes")
    >>> speaks_in(dinkes, "@dinkes"), speaks_in(dinkes, "@kota")
    (True, False)
    """
    if account.platform is not Platform.TELEGRAM:
        return False
    names = {
        (account.handle or "").removeprefix("@").lower(),
        (account.url or "").rstrip("/").rpartition("/")[2].lower(),
    }
    return chat.removeprefix("@").lower() in names - {""}
