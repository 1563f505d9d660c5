"""Webhooks and their deliveries as their holders see them; a secret is never among it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from feedhub.store.subscriptions import Subscription
from feedhub.store.times import iso
from feedhub.store.webhook_deliveries import KeptDelivery
from feedhub.web.webhook_asked import DeliveriesAsked, write_place

Json = dict[str, Any]


def webhook_url(kept: Subscription, public_url: str) -> str:
    """Where a webhook is asked about."""
    return f"{public_url}/api/v1/webhooks/{kept.id}"


def webhook_json(kept: Subscription, public_url: str) -> Json:
    """A webhook. `fault` is the last attempt's, while it fails; `told_through` the change up to which it was read for."""
    return {
        "id": str(kept.id),
        "url": kept.target,
        "state": kept.state.value,
        "events": kept.asks["events"],
        "filters": dict(kept.filters),
        "description": kept.asks["description"],
        "fault": kept.fault,
        "failing_since": iso(kept.failing_since),
        "made_at": iso(kept.made_at),
        "verified_at": iso(kept.verified_at),
        "told_through": kept.told_through,
        "deliveries_url": f"{webhook_url(kept, public_url)}/deliveries",
    }


def delivery_json(kept: KeptDelivery) -> Json:
    """A delivery; its id is the `webhook-id` of every attempt."""
    return {
        "id": str(kept.id),
        "type": kept.event,
        "change": kept.change,
        "post": str(kept.post) if kept.post else None,
        "state": kept.state.value,
        "tries": kept.tries,
        "status": kept.status,
        "fault": kept.fault,
        "made_at": iso(kept.made_at),
        "next_try_at": iso(kept.next_try_at),
        "ended_at": iso(kept.ended_at),
    }


def deliveries_page(found: Sequence[KeptDelivery], asked: DeliveriesAsked, *, address: str) -> Json:
    """A page of deliveries, of which one more than is asked for was found if there are more."""
    shown = found[: asked.limit]
    next_url = None
    if len(found) > asked.limit:
        query = {"state": ",".join(asked.states), "limit": asked.limit, "cursor": write_place(shown[-1].place)}
        next_url = f"{address}?{urlencode({name: value for name, value in query.items() if value})}"
    return {"deliveries": [delivery_json(one) for one in shown], "next": next_url}
