"""Who wants posts by mail: an address, how often, of which department. Nothing else is known of them.

An address is kept only while its owner wants mail: unconfirmed ones are forgotten after two
days, unsubscribed ones at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, func, select

from feedhub.accounts.account import Publisher
from feedhub.errors import NotKnown, TooManyLetters
from feedhub.store.clock import clock_now
from feedhub.store.deliveries import NewDelivery, add_delivery
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.subscriptions import (
    Subscription,
    SubscriptionState,
    add_subscription,
    change_subscription,
    remove_subscription,
    subscription,
    subscription_named,
)
from feedhub.store.tables_wires import subscriptions
from feedhub.store.times import to_ms

ALERTS, DIGESTS = "mail", "digest"  # the wires
CONFIRM = "mail.confirm"
_HOUR = time(7)  # at which digests are sent, in the publisher's zone
CONFIRM_WITHIN = timedelta(days=2)
_WRITTEN_AGAIN = timedelta(minutes=10)  # who asks once more in vain gets another letter
_MOST_LETTERS = 3  # that ask for one confirmation
_MOST_UNCONFIRMED = 3  # of one mailbox
_MOST_AN_HOUR = 300  # of everybody: nobody may write to strangers through us

# ix_subscription_state
_ASKED = select(*subscriptions.c["id", "target", "asks", "made_at"]).where(
    # Those that refused the letter count too: whoever makes addresses up must not write to them all.
    subscriptions.c.state.in_((SubscriptionState.PENDING.value, SubscriptionState.DISABLED.value)),
    subscriptions.c.wire.in_((ALERTS, DIGESTS)),
    subscriptions.c.made_at > bindparam("since"),
)
_OLD = select(subscriptions.c.id).where(
    subscriptions.c.state.in_((SubscriptionState.PENDING.value, SubscriptionState.DISABLED.value)),
    subscriptions.c.wire.in_((ALERTS, DIGESTS)),
    subscriptions.c.made_at < bindparam("before"),
)
_ACTIVE = select(subscriptions.c.topic, func.count().label("many")).where(
    subscriptions.c.state == SubscriptionState.ACTIVE.value, subscriptions.c.wire.in_((ALERTS, DIGESTS))
)


class Cadence(StrEnum):
    """How often somebody is written to. At once only about emergencies."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWish:
    """What somebody wants by mail. `department` None = the whole city; `language` of the letters."""

    address: str
    cadence: Cadence
    department: str | None
    language: str


def ask_for_mail(session: WriteSession, wish: MailWish, *, at: datetime) -> None:
    """Write to the address whether it really wants this. Twice within ten minutes writes once, and never more than thrice.

    Raises:
        TooManyLetters: this mailbox, or everybody together, asked too often just now.
    """
    wire, topic = (ALERTS if wish.cadence is Cadence.NOW else DIGESTS), _topic(wish)
    known = subscription_named(session, wire=wire, target=wish.address, topic=topic)
    if known and (known.state is SubscriptionState.ACTIVE or known.made_at > at - _WRITTEN_AGAIN):
        return
    letters = 1 + (_letters(known.asks) if known else 0)
    if letters > _MOST_LETTERS:
        return
    asked = [
        row for row in session.rows(_ASKED, {"since": to_ms(at - CONFIRM_WITHIN)}) if not known or row.id != known.id
    ]
    lately = sum(
        _letters(msgspec.json.decode(row.asks)) for row in asked if row.made_at > to_ms(at - timedelta(hours=1))
    )
    mailbox = _mailbox(wish.address)
    if sum(_mailbox(row.target) == mailbox for row in asked) >= _MOST_UNCONFIRMED or lately >= _MOST_AN_HOUR:
        raise TooManyLetters("Too many confirmations were asked for; confirm one of them, or try again later.")
    if known:
        remove_subscription(session, known.id)
    asks = {"language": wish.language, "letters": letters}
    new = add_subscription(session, wire=wire, target=wish.address, topic=topic, asks=asks, at=at)
    add_delivery(session, new.id, NewDelivery(change=0, event=CONFIRM, body=b"", post=None), at=at)


def confirm_mail(session: WriteSession, id: UUID, *, first: datetime, at: datetime) -> Subscription:
    """The owner of the address wants it. `first` is when a digest is due first.

    Raises:
        NotKnown: it was not asked for, too long ago, or ended since.
    """
    found = mail_wanted(session, id)
    if found.state is SubscriptionState.PENDING:
        told, due = clock_now(session).number, first if found.wire == DIGESTS else at
        values = {"state": SubscriptionState.ACTIVE, "verified_at": at, "told_through": told, "look_at": due}
        change_subscription(session, id, **values)
    return subscription(session, id)


def mail_wanted(session: ReadSession, id: UUID) -> Subscription:
    """The subscription that a link is about. Raises NotKnown."""
    found = subscription(session, id)
    if found.wire not in {ALERTS, DIGESTS}:
        raise NotKnown("subscription", str(id))
    return found


def stop_mail(session: WriteSession, id: UUID) -> None:
    """Forget an address. Twice changes nothing more."""
    remove_subscription(session, id)


def forget_unconfirmed(session: WriteSession, *, at: datetime) -> int:
    """Forget addresses that never confirmed, and those that refuse mail; how many."""
    old = session.rows(_OLD, {"before": to_ms(at - CONFIRM_WITHIN)})
    for row in old:
        remove_subscription(session, row.id)
    return len(old)


def wish_of(found: Subscription) -> MailWish:
    """What a subscription of mail asks for."""
    cadence, _, department = found.topic.partition("/")
    language = str(found.asks.get("language", ""))
    return MailWish(address=found.target, cadence=Cadence(cadence), department=department or None, language=language)


def next_digest(cadence: Cadence, publisher: Publisher, now: datetime) -> datetime:
    """Seven in the morning, every day or on Mondays, after `now`.

    >>> from datetime import UTC
    >>> friday = datetime(2026, 11, 27, 8, tzinfo=UTC)
    >>> next_digest(Cadence.WEEKLY, Publisher(name="Kota", time_zone="Asia/Jakarta"), friday).isoformat()
    '2026-11-30T07:00:00+07:00'
    """
    local = now.astimezone(ZoneInfo(publisher.time_zone))
    first = datetime.combine(local.date(), _HOUR, local.tzinfo)
    days = (-local.weekday()) % 7 if cadence is Cadence.WEEKLY else 0
    at = first + timedelta(days=days)
    return at if at > local else at + timedelta(days=7 if cadence is Cadence.WEEKLY else 1)


def mail_counts(session: ReadSession) -> dict[str, int]:
    """How many addresses want what, by `cadence/department`."""
    return {row.topic: row.many for row in session.rows(_ACTIVE.group_by(subscriptions.c.topic))}


def _letters(asks: Mapping[str, Any]) -> int:
    return int(asks.get("letters", 1))


def _mailbox(address: str) -> str:
    """The same for all the ways in which one mailbox can be written to.

    >>> _mailbox("Warga.Kota+kabar@contoh.id")
    'wargakota@contoh.id'
    """
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


def _topic(wish: MailWish) -> str:
    return f"{wish.cadence.value}/{wish.department or ''}"
