"""Webhooks: holders of a key say where and of what they want to be told, and see how telling goes."""

from dataclasses import dataclass
from http import HTTPStatus

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from feedhub.errors import KeyTooNarrow, NotKnown
from feedhub.payloads.signatures import shown_secret
from feedhub.store.api_keys import DESK, WEBHOOKS
from feedhub.store.subscriptions import Subscription, remove_subscription
from feedhub.store.times import iso
from feedhub.store.webhook_deliveries import add_trial, deliveries_of, redeliver, redeliver_dead
from feedhub.store.webhooks import add_webhook, change_webhook, rotate_secret, webhook, webhooks_of
from feedhub.views.webhooks import TEST, trial_event
from feedhub.web.keys import Holder, holder
from feedhub.web.query import as_uuid
from feedhub.web.state import State, register, state
from feedhub.web.webhook_asked import (
    WebhookPatch,
    WebhookPost,
    WebhookRedelivery,
    WebhookRotation,
    body_of,
    changed_webhook,
    new_webhook,
    read_as,
    read_deliveries_query,
)
from feedhub.web.webhook_told import Json, deliveries_page, delivery_json, webhook_json, webhook_url

router = APIRouter(prefix="/api/v1/webhooks")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    """Who asks, with what body. `key` is None for the desk, which sees everybody's."""

    here: State
    who: Holder
    body: bytes
    key: int | None

    async def named(self, id: str) -> Subscription:
        """The webhook of an id, if it is theirs. Raises NotKnown."""
        if (wanted := as_uuid(id)) is None:
            raise NotKnown("webhook", id)
        return await self.here.store.read(webhook, wanted, key=self.key)


@router.post("")
async def create(request: Request) -> Response:
    asker = await _asker(request)
    ask = new_webhook(read_as(WebhookPost, asker.body), await register(request), asker.here.guard)
    here, key = asker.here, asker.who.key.id
    made, secret = await here.store.write(add_webhook, ask, key=key, keyring=here.keyring, at=here.now())
    told = webhook_json(made, here.public_url) | {"secret": shown_secret(secret)}
    return _said(told, HTTPStatus.CREATED, location=webhook_url(made, here.public_url))


@router.get("")
async def every(request: Request) -> Response:
    asker = await _asker(request)
    found = await asker.here.store.read(webhooks_of, asker.key)
    return _said({"webhooks": [webhook_json(one, asker.here.public_url) for one in found]})


@router.get("/{id}")
async def one(request: Request, id: str) -> Response:
    asker = await _asker(request)
    return _said(webhook_json(await asker.named(id), asker.here.public_url))


@router.patch("/{id}")
async def change(request: Request, id: str) -> Response:
    asker = await _asker(request)
    kept, said, here = await asker.named(id), read_as(WebhookPatch, asker.body), asker.here
    ask = changed_webhook(said, kept, await register(request), here.guard)
    changed = await here.store.write(change_webhook, kept, ask, paused=said.paused, at=here.now())
    return _said(webhook_json(changed, here.public_url))


@router.delete("/{id}")
async def delete(request: Request, id: str) -> Response:
    asker = await _asker(request)
    await asker.here.store.write(remove_subscription, (await asker.named(id)).id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/{id}/test")
async def test(request: Request, id: str) -> Response:
    asker = await _asker(request)
    kept, here, at = await asker.named(id), asker.here, asker.here.now()
    body = trial_event(kept.id, at=at, publisher=(await register(request)).publisher)
    made = await here.store.write(add_trial, kept, event=TEST, body=body, at=at)
    return _said(delivery_json(made), HTTPStatus.ACCEPTED)


@router.post("/{id}/rotate")
async def rotate(request: Request, id: str) -> Response:
    asker = await _asker(request)
    kept, said, here = await asker.named(id), read_as(WebhookRotation, asker.body), asker.here
    secret, until = await here.store.write(
        rotate_secret, kept, keyring=here.keyring, overlap=said.overlap, at=here.now()
    )
    return _said({"secret": shown_secret(secret), "former_signs_until": iso(until.replace(microsecond=0))})


@router.get("/{id}/deliveries")
async def deliveries(request: Request, id: str) -> Response:
    asker, query = await _asker(request), request.query_params
    kept, asked = await asker.named(id), read_deliveries_query(query, await register(request))
    found = await asker.here.store.read(
        deliveries_of, kept.id, before=asked.before, states=asked.states, most=asked.limit + 1
    )
    return _said(deliveries_page(found, asked, address=f"{webhook_url(kept, asker.here.public_url)}/deliveries"))


@router.post("/{id}/deliveries/{delivery}/redeliver")
async def again(request: Request, id: str, delivery: str) -> Response:
    asker = await _asker(request)
    kept, wanted = await asker.named(id), as_uuid(delivery)
    if wanted is None:
        raise NotKnown("delivery", delivery)
    sent = await asker.here.store.write(redeliver, kept.id, wanted, at=asker.here.now())
    return _said(delivery_json(sent), HTTPStatus.ACCEPTED)


@router.post("/{id}/redeliver")
async def again_since(request: Request, id: str) -> Response:
    asker = await _asker(request)
    kept, said = await asker.named(id), read_as(WebhookRedelivery, asker.body)
    done = await asker.here.store.write(redeliver_dead, kept.id, since=said.since, at=asker.here.now())
    return _said({"redelivered": done.again, "left_out": done.left_out}, HTTPStatus.ACCEPTED)


async def _asker(request: Request) -> _Asker:
    """Raises KeyRefused, KeyTooNarrow, WebhookRefused."""
    here, body = state(request), await body_of(request)
    try:
        who = await holder(request, here, body, scope=DESK)
    except KeyTooNarrow:
        who = await holder(request, here, body, scope=WEBHOOKS)
        return _Asker(here=here, who=who, body=body, key=who.key.id)
    # A department's key acts for that department alone, and webhooks are nobody's but their makers'.
    return _Asker(here=here, who=who, body=body, key=None if who.key.department is None else who.key.id)


def _said(told: Json, status: HTTPStatus = HTTPStatus.OK, *, location: str | None = None) -> Response:
    headers = {"Location": location} if location else None
    return Response(orjson.dumps(told), status, headers, media_type="application/json")
