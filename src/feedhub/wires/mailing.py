"""The wire by mail: emergencies at once, everything else gathered by day or week.

A letter is written when it is sent, from what may be shown then: what was taken back
meanwhile stands in none.
"""

import asyncio
import smtplib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from feedhub.accounts.account import Publisher, Register
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import KeptPost
from feedhub.store.lists import kept_post
from feedhub.store.mail_links import MailAct, write_mail_link
from feedhub.store.mail_lists import (
    ALERTS,
    CONFIRM,
    CONFIRM_WITHIN,
    DIGESTS,
    Cadence,
    forget_unconfirmed,
    next_digest,
    wish_of,
)
from feedhub.store.register import kept_register
from feedhub.store.session import Store
from feedhub.store.subscriptions import Subscription
from feedhub.views.mails import Mail, MailPlace, alert_mail, confirm_mail, digest_mail, end_mail, language_named
from feedhub.views.messages import speaker
from feedhub.wires.mail import Mailer, SubscriberMail, mail_fault
from feedhub.wires.wire import Around, Event, EventKind, Fate, Outcome, Parcel, Ready

_MOST_SHOWN = 30  # posts in a digest
_TIDY_EVERY = timedelta(minutes=10)
# RFC 5321 section 4.2.3: no such mailbox, or it takes nothing any more.
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})
DIGEST = "mail.digest"


class Gathered(msgspec.Struct, frozen=True):
    """What a digest tells of: the newest posts, and how many more there were."""

    posts: tuple[UUID, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """What both wires need to write and send. `secret` signs the links in the letters."""

    store: Store
    mailer: Mailer
    public_url: str
    secret: bytes
    now: Callable[[], datetime]

    def place(self, subscriber: Subscription, publisher: Publisher) -> MailPlace:
        """Whose letter it is, and the link that ends such letters."""
        stop = self.link(MailAct.STOP, subscriber.id)
        language = language_named(wish_of(subscriber).language, publisher)
        return MailPlace(publisher=publisher, public_url=self.public_url, language=language, stop_url=stop)

    def link(self, act: MailAct, id: UUID, *, until: datetime | None = None) -> str:
        """The address behind which one button does one act."""
        return f"{self.public_url}/mail/{act.value}/{write_mail_link(act, id, self.secret, until=until)}"

    async def confirm(self, ready: Ready) -> Outcome:
        """Ask the owner of an address whether they want this."""
        known = await self.store.read(kept_register)
        place = self.place(ready.subscription, known.publisher)
        link = self.link(MailAct.CONFIRM, ready.subscription.id, until=ready.made_at + CONFIRM_WITHIN)
        mail = confirm_mail(place, what=what_of(ready.subscription, known, place.language), confirm_url=link)
        return await self.send(ready, mail)

    async def send(self, ready: Ready, mail: Mail) -> Outcome:
        """One attempt; a mailbox that does not exist ends the subscription."""
        letter = SubscriberMail(
            to=ready.subscription.target,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            stop_url=self.link(MailAct.STOP, ready.subscription.id),
            message=str(ready.id),
        )
        try:
            await asyncio.to_thread(self.mailer.send_to_subscriber, letter, at=self.now().timestamp())
        except smtplib.SMTPRecipientsRefused as refused:
            status = max((code for code, _ in refused.recipients.values()), default=0)
            fate = Fate.ENDED if status in _NO_SUCH_MAILBOX else Fate.LATER
            return Outcome(fate=fate, status=status, fault="The mail server does not take letters to this address.")
        except OSError as error:
            return Outcome(fate=Fate.LATER, fault=mail_fault(error))
        return Outcome(fate=Fate.SENT)


@dataclass(slots=True, kw_only=True)
class AlertWire:
    """At once: emergencies of the departments that may alert, and what becomes of them."""

    letters: Letters
    departments: Collection[str]
    name: str = ALERTS
    _tidied_at: datetime | None = None

    def compose(self, subscription: Subscription, events: Sequence[Event], around: Around) -> Sequence[Parcel]:  # noqa: ARG002  # a wire's own shape
        """New emergencies; corrections and ends of those that were told."""
        wanted = wish_of(subscription).department
        return [
            Parcel(change=event.change, event=event.kind.value, post=event.kept.id, body=b"")
            for event in events
            if event.kept.department.slug in self.departments
            and wanted in {None, event.kept.department.slug}
            and _is_alarming(event)
        ]

    async def send(self, ready: Ready) -> Outcome:
        """One letter, as the post is now."""
        if ready.event == CONFIRM:
            return await self.letters.confirm(ready)
        kept = await self.letters.store.read(kept_post, ready.post) if ready.post else None
        if kept is None or (kept.post is None) != (ready.event == EventKind.WITHDRAWN):
            return Outcome(fate=Fate.DEAD, fault="The post changed before it was told.")
        place = self.letters.place(ready.subscription, (await self.letters.store.read(kept_register)).publisher)
        mail = end_mail(place, kept) if kept.post is None else alert_mail(place, kept)
        return await self.letters.send(ready, mail)

    async def tend(self, now: datetime) -> None:
        """Forget addresses whose owners never confirmed."""
        if self._tidied_at is None or now - self._tidied_at >= _TIDY_EVERY:
            self._tidied_at = now
            await self.letters.store.write(forget_unconfirmed, at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWire:
    """Gathered: what was new since the last letter, every day or every week."""

    letters: Letters
    name: str = DIGESTS

    def next_look(self, subscription: Subscription, around: Around) -> datetime:
        """When the next letter is due."""
        return next_digest(wish_of(subscription).cadence, around.publisher, around.now)

    def compose(self, subscription: Subscription, events: Sequence[Event], around: Around) -> Sequence[Parcel]:  # noqa: ARG002  # a wire's own shape
        """One letter, if anything was new."""
        wanted = wish_of(subscription).department
        fresh = [
            event.kept
            for event in events
            if event.kind is EventKind.PUBLISHED
            and not event.kept.backfill
            and wanted in {None, event.kept.department.slug}
        ]
        if not fresh:
            return []
        fresh.sort(key=_place, reverse=True)
        shown = tuple(kept.id for kept in fresh[:_MOST_SHOWN])
        body = msgspec.json.encode(Gathered(posts=shown, more=len(fresh) - len(shown)))
        return [Parcel(change=events[-1].change, event=DIGEST, body=body)]

    async def send(self, ready: Ready) -> Outcome:
        """One letter of what may still be shown."""
        if ready.event == CONFIRM:
            return await self.letters.confirm(ready)
        gathered, store = msgspec.json.decode(ready.body, type=Gathered), self.letters.store
        found = [await store.read(kept_post, id) for id in gathered.posts]
        live = [kept for kept in found if kept is not None and kept.post is not None]
        if not live:
            return Outcome(fate=Fate.DEAD, fault="Everything in it was taken back.")
        known = await store.read(kept_register)
        place = self.letters.place(ready.subscription, known.publisher)
        weekly = wish_of(ready.subscription).cadence is Cadence.WEEKLY
        what = what_of(ready.subscription, known, place.language, cadence=False)
        return await self.letters.send(ready, digest_mail(place, live, weekly=weekly, more=gathered.more, what=what))

    async def tend(self, now: datetime) -> None:
        """Nothing else is due."""


def what_of(subscription: Subscription, known: Register, language: str, *, cadence: bool = True) -> str:
    """What a subscription is about, in words: whose posts, and how often."""
    wish = wish_of(subscription)
    names = {one.slug: one.name for one in known.departments}
    whose = names.get(wish.department or "", known.publisher.name)
    return f"{whose}, {speaker(language)(f'mail_{wish.cadence.value}')}" if cadence else whose


def _is_alarming(event: Event) -> bool:
    if event.kind in {EventKind.CORRECTED, EventKind.WITHDRAWN}:
        return event.was_told
    post = event.kept.post
    return (
        event.kind is EventKind.PUBLISHED
        and not event.kept.backfill
        and post is not None
        and Kind.EMERGENCY in post.kinds
    )


def _place(kept: KeptPost) -> int:
    return kept.order_key
