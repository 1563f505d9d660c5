"""Webhooks: subscriptions that their keys' holders make, verify, pause and look into."""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import bindparam, select, text, update

from feedhub.errors import NotKnown, WebhookRefused
from feedhub.store.api_keys import kept_keys, key_line
from feedhub.store.sealed_wires import subscription_place
from feedhub.store.sealing import Keyring
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.subscriptions import (
    Subscription,
    SubscriptionState,
    add_subscription,
    change_subscription,
    subscription,
    subscriptions_of,
)
from feedhub.store.tables_wires import subscriptions
from feedhub.store.times import from_ms, to_ms

WIRE = "webhook"
MOST_OF_A_KEY = 20

_SECRET_BYTES, _CHALLENGE_BYTES = 32, 24

_NAMED = select(subscriptions.c.id).where(
    subscriptions.c.id == bindparam("id"), subscriptions.c.wire == text(f"'{WIRE}'")
)
# ix_subscription_state
_UNVERIFIED = (
    select(subscriptions.c.id)
    .where(
        subscriptions.c.state == text("'pending'"),
        subscriptions.c.wire == text(f"'{WIRE}'"),
        subscriptions.c.look_at <= bindparam("now"),
    )
    .order_by(subscriptions.c.look_at)
    .limit(bindparam("most"))
)
_LEASED = update(subscriptions).where(
    subscriptions.c.id == bindparam("which"),
    subscriptions.c.state == text("'pending'"),
    subscriptions.c.look_at <= bindparam("now"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSecrets:
    """What signs a webhook's deliveries. The former secret signs too until its end."""

    newest: bytes
    former: bytes | None = None
    former_until: datetime | None = None

    def at(self, now: datetime) -> tuple[bytes, ...]:
        """Those that sign now, the newest first."""
        if self.former is None or self.former_until is None or now >= self.former_until:
            return (self.newest,)
        return self.newest, self.former


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAsk:
    """What a webhook is to tell: `events` by their types, `filters` as subscriptions keep them."""

    url: str
    events: tuple[str, ...]
    filters: Mapping[str, list[str]]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a receiver must say to be told anything, and since when it is asked."""

    text: str
    since: datetime


def webhooks_of(session: ReadSession, key: int | None) -> tuple[Subscription, ...]:
    """Those that a key or one of its line made, oldest first; None = everybody's."""
    line = None if key is None else key_line(session, key)
    return tuple(one for one in subscriptions_of(session, WIRE) if line is None or one.key in line)


def webhook(session: ReadSession, id: UUID, *, key: int | None = None) -> Subscription:
    """One webhook, if the key's line made it (None = anybody's). Raises NotKnown."""
    found = _found(session, id)
    if found is None or (key is not None and found.key not in key_line(session, key)):
        raise NotKnown("webhook", str(id))
    return found


def add_webhook(
    session: WriteSession, ask: WebhookAsk, *, key: int, keyring: Keyring, at: datetime
) -> tuple[Subscription, bytes]:
    """Keep a new webhook, to be verified at once, and the secret that signs what it is told.

    Raises:
        WebhookRefused: the key has as many as it may.
    """
    if len(webhooks_of(session, key)) >= MOST_OF_A_KEY:
        raise WebhookRefused(f"A key can have at most {MOST_OF_A_KEY} webhooks; delete one that is no longer needed.")
    id, secret = uuid4(), secrets.token_bytes(_SECRET_BYTES)
    made = add_subscription(
        session,
        wire=WIRE,
        target=ask.url,
        topic=str(id),  # one address may be told of several things
        filters=ask.filters,
        asks=_asks(ask) | _challenge(at),
        key=key,
        at=at,
        id=id,
        sealed=_sealed(SigningSecrets(newest=secret), id, keyring),
    )
    return made, secret


def change_webhook(
    session: WriteSession, kept: Subscription, ask: WebhookAsk, *, paused: bool | None, at: datetime
) -> Subscription:
    """What it is told, where, and whether now. Another address must answer a challenge of its own.

    Raises:
        WebhookRefused: it is to be paused, but is disabled.
    """
    if paused and kept.state is SubscriptionState.DISABLED:
        raise WebhookRefused('This webhook is disabled already; `"paused": false` has it verified anew.')
    asks, values = dict(kept.asks) | _asks(ask), dict[str, Any](filters=ask.filters)
    has_moved = ask.url != kept.target
    if has_moved or (paused is False and _must_answer_again(kept)):
        asks |= _challenge(at)
        values |= {"target": ask.url, "verified_at": None, "look_at": 0, "fault": None, "failing_since": None}
        values["state"] = SubscriptionState.PENDING
    elif paused is False and kept.state is SubscriptionState.PAUSED:
        values["state"] = SubscriptionState.ACTIVE
    if paused or (paused is None and kept.state is SubscriptionState.PAUSED):
        values["state"] = SubscriptionState.PAUSED
    change_subscription(session, kept.id, asks=asks, **values)
    return subscription(session, kept.id)


def rotate_secret(
    session: WriteSession, kept: Subscription, *, keyring: Keyring, overlap: timedelta, at: datetime
) -> tuple[bytes, datetime]:
    """A new secret, and until when the former one signs too."""
    secret, until = secrets.token_bytes(_SECRET_BYTES), at + overlap
    rotated = SigningSecrets(newest=secret, former=signing_secrets(kept, keyring).newest, former_until=until)
    change_subscription(session, kept.id, sealed=_sealed(rotated, kept.id, keyring))
    return secret, until


def signing_secrets(kept: Subscription, keyring: Keyring) -> SigningSecrets:
    """What signs a webhook's deliveries. Raises CredentialRefused where it can't be opened."""
    said = msgspec.json.decode(keyring.open(kept.sealed or b"", place=subscription_place(kept.id)))
    until = said["former_until"]
    return SigningSecrets(
        newest=b64decode(said["newest"]),
        former=b64decode(said["former"]) if said["former"] else None,
        former_until=from_ms(until) if until else None,
    )


def challenge_of(kept: Subscription) -> Challenge:
    """What a webhook that is not verified yet must answer with."""
    return Challenge(text=kept.asks["challenge"], since=from_ms(kept.asks["challenged_at"]))


def is_challenge_due(session: ReadSession, *, now: datetime) -> bool:
    """Whether a webhook waits for its challenge."""
    return session.row(_UNVERIFIED, {"now": to_ms(now), "most": 1}) is not None


def claim_unverified(session: WriteSession, *, now: datetime, lease: timedelta, most: int) -> tuple[Subscription, ...]:
    """Webhooks whose challenge is due; until the lease ends no other process sends it."""
    at, until = to_ms(now), to_ms(now + lease)
    due = [row.id for row in session.rows(_UNVERIFIED, {"now": at, "most": most})]
    taken = [id for id in due if session.run(_LEASED.values(look_at=until), {"which": id, "now": at}).rowcount]
    return tuple(subscription(session, id) for id in taken)


def accept_webhook(session: WriteSession, id: UUID, challenge: str, *, at: datetime) -> bool:
    """It answered: it is told from now on of all since it was made. False where another challenge holds meanwhile."""
    return _end(session, id, challenge, state=SubscriptionState.ACTIVE, verified_at=at, look_at=0, fault=None)


def refuse_webhook(  # what came instead of the challenge, and when to ask again
    session: WriteSession, id: UUID, challenge: str, *, fault: str, again_at: datetime | None
) -> bool:
    """It did not answer as it should; None = it had its time."""
    if again_at is None:
        return _end(session, id, challenge, state=SubscriptionState.DISABLED, fault=fault)
    return _end(session, id, challenge, look_at=again_at, fault=fault)


def disable_orphans(session: WriteSession, *, now: datetime) -> int:
    """Tell no more to webhooks whose keys open nothing any more; how many there were."""
    opened = {key.id for key in kept_keys(session) if key.is_open(now)}
    told = {SubscriptionState.ACTIVE, SubscriptionState.PENDING, SubscriptionState.PAUSED}
    found = [one for one in subscriptions_of(session, WIRE) if one.state in told]
    ended = {key for key in {one.key for one in found} if key and opened.isdisjoint(key_line(session, key))}
    orphans = [one for one in found if one.key in ended]
    for one in orphans:
        fault = "Its key was revoked or has ended, and no other took its place."
        change_subscription(session, one.id, state=SubscriptionState.DISABLED, fault=fault)
    return len(orphans)


def _end(session: WriteSession, id: UUID, challenge: str, **values: Any) -> bool:  # noqa: ANN401  # as change_subscription
    kept = _found(session, id)  # None: removed while it was asked
    if kept is None or kept.state is not SubscriptionState.PENDING or kept.asks["challenge"] != challenge:
        return False
    change_subscription(session, id, **values)
    return True


def _found(session: ReadSession, id: UUID) -> Subscription | None:
    row = session.row(_NAMED, {"id": id})
    return None if row is None else subscription(session, id)


def _must_answer_again(kept: Subscription) -> bool:
    """Whether going on begins with a challenge: it was disabled, or paused before it had answered one."""
    is_paused_unverified = kept.state is SubscriptionState.PAUSED and kept.verified_at is None
    return is_paused_unverified or kept.state is SubscriptionState.DISABLED


def _asks(ask: WebhookAsk) -> dict[str, Any]:
    return {"events": list(ask.events), "description": ask.description}


def _challenge(at: datetime) -> dict[str, Any]:
    return {"challenge": secrets.token_urlsafe(_CHALLENGE_BYTES), "challenged_at": to_ms(at)}


def _sealed(signing: SigningSecrets, id: UUID, keyring: Keyring) -> bytes:
    said = {
        "newest": b64encode(signing.newest).decode(),
        "former": b64encode(signing.former).decode() if signing.former else None,
        "former_until": to_ms(signing.former_until) if signing.former_until else None,
    }
    return keyring.seal(msgspec.json.encode(said), place=subscription_place(id))
