"""Channels in which a bot tells what is new: kept, and changed by being kept again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedhub.store.clock import clock_now
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.subscriptions import (
    Subscription,
    SubscriptionState,
    add_subscription,
    change_subscription,
    subscription,
    subscription_named,
    subscriptions_of,
)

WIRE = "telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChannel:
    """A channel that anybody can open, by its name without @. `department` is a slug, "" = of all of them."""

    name: str
    department: str
    kinds: tuple[str, ...]


def public_channels(session: ReadSession) -> tuple[PublicChannel, ...]:
    """Channels in which posts stand and that have a name."""
    return tuple(
        PublicChannel(name=one.target[1:], department=one.topic, kinds=tuple(one.filters.get("kind", ())))
        for one in subscriptions_of(session, WIRE)
        if one.state is SubscriptionState.ACTIVE and one.target.startswith("@")
    )


def keep_channel(  # noqa: PLR0913  # what a channel is
    session: WriteSession,
    *,
    id: UUID,
    chat: str,
    department: str,
    filters: Mapping[str, Sequence[str]],
    sealed: bytes,
    at: datetime,
) -> Subscription:
    """Post to a chat what happens from now on; one kept before goes on with another token and filters.

    `sealed` is the bot's token, for the place `subscription/{id}`; `department` "" = of all of them.
    """
    held = subscription_named(session, wire=WIRE, target=chat, topic=department)
    if held is None:
        return add_subscription(
            session,
            id=id,
            wire=WIRE,
            target=chat,
            topic=department,
            state=SubscriptionState.ACTIVE,
            filters=filters,
            sealed=sealed,
            at=at,
        )
    # A channel that was lost has missed what is old by now.
    fresh = {} if held.state is SubscriptionState.ACTIVE else {"told_through": clock_now(session).number}
    changed = {"state": SubscriptionState.ACTIVE, "filters": filters, "sealed": sealed, "fault": None}
    change_subscription(session, held.id, **changed, **fresh, failing_since=None)
    return subscription(session, held.id)
