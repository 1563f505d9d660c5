"""Channels in which a bot tells what is new: kept, and changed by being kept again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from feedhub.store.clock import clock_now
from feedhub.store.session import WriteSession
from feedhub.store.subscriptions import (
    Subscription,
    SubscriptionState,
    add_subscription,
    change_subscription,
    subscription,
    subscription_named,
)

WIRE = "telegram"


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
