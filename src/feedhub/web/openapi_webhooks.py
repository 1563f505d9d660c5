"""Webhooks in the API's description: what their holders ask, and what receivers get."""

from typing import Any

from feedhub.views.webhooks import EVENTS
from feedhub.web import examples
from feedhub.web.openapi_answers import SCHEMA
from feedhub.web.problems import MEDIA_TYPE, NARROW, NO_KEY, NOT_KNOWN, REFUSED, WEBHOOK_REFUSED, Problem
from feedhub.web.webhook_asked import WebhookPatch, WebhookPost, WebhookRedelivery, WebhookRotation

Json = dict[str, Any]

_JSON = "application/json"
_PLACE = "/api/v1/webhooks"
_ID = "3f0c8a52-5b7e-4a4e-9d0c-2f6f1f0b9a10"
_DELIVERY_ID = "b3f0b1de-9a35-5c6d-8a1f-6d6b5c1f7a20"
_WEBHOOK: Json = {
    "id": _ID,
    "url": "https://redaksi.example/feedhub",
    "state": "active",
    "events": list(EVENTS),
    "filters": {"department": ["dinkes"]},
    "description": "Redaksi kota",
    "fault": None,
    "failing_since": None,
    "made_at": "2026-11-20T01:00:00Z",
    "verified_at": "2026-11-20T01:00:02Z",
    "told_through": 1204,
    "deliveries_url": f"https://kabar.example.go.id{_PLACE}/{_ID}/deliveries",
}
_SECRET = {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
_DELIVERY: Json = {
    "id": _DELIVERY_ID,
    "type": "post.published",
    "change": 1204,
    "post": "5b1c7a2e-7d0a-5a3e-9c54-0f3c0d6f4c11",
    "state": "sent",
    "tries": 1,
    "status": 204,
    "fault": None,
    "made_at": "2026-11-20T01:00:00Z",
    "next_try_at": None,
    "ended_at": "2026-11-20T01:00:01Z",
}
_ASKED = {
    "WebhookPost": {"url": _WEBHOOK["url"], "events": list(EVENTS[:2]), "filters": _WEBHOOK["filters"]},
    "WebhookPatch": {"paused": True},
    "WebhookRotation": {"overlap_hours": 24},
    "WebhookRedelivery": {"since": "2026-11-20T00:00:00Z"},
}
_USUAL = (NO_KEY, NARROW, NOT_KNOWN)


def webhooks_paths() -> Json:
    """What holders of a key ask; all of it with a key."""
    paths = _paths()
    for path, operations in paths.items():
        named = [{**_IN_PATH, "name": name, "example": _IDS[name]} for name in _IDS if f"{{{name}}}" in path]
        for operation in operations.values():
            operation["parameters"] = [*named, *operation["parameters"]]
    return paths


def webhooks_told() -> Json:
    """What receivers get (OpenAPI's `webhooks`)."""
    return {event: {"post": _told(event)} for event in EVENTS}


def webhooks_schemas() -> Json:
    """The shapes of what is asked and answered."""
    shapes = (WebhookPost, WebhookPatch, WebhookRotation, WebhookRedelivery)
    asked = {shape.__name__: shape.model_json_schema(ref_template=f"{SCHEMA}{{model}}") for shape in shapes}
    webhook, delivery = _shape(_WEBHOOK), _shape(_DELIVERY)
    answered = {
        "Webhook": webhook,
        "NewWebhook": _shape(_WEBHOOK | _SECRET),
        "Delivery": delivery,
        "WebhookSecret": _shape({**_SECRET, "former_signs_until": ""}),
        "Redelivered": _shape({"redelivered": 0, "left_out": 0}),
        "WebhooksPage": _shape({"webhooks": []}),
        "DeliveriesPage": _shape({"deliveries": [], "next": None}),
    }
    answered["WebhooksPage"]["properties"]["webhooks"]["items"] = {"$ref": f"{SCHEMA}Webhook"}
    answered["DeliveriesPage"]["properties"]["deliveries"]["items"] = {"$ref": f"{SCHEMA}Delivery"}
    return asked | answered


_IDS = {"id": _ID, "delivery": _DELIVERY_ID}
_IN_PATH = {"in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
_DELIVERIES: list[Json] = [
    {"name": "state", "in": "query", "schema": {"type": "string"}, "example": "dead,dropped"},
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}, "example": 50},
    {"name": "cursor", "in": "query", "schema": {"type": "string"}, "description": "From `next`."},
]


def _paths() -> Json:
    one, page = _schema("Webhook", _WEBHOOK), {"deliveries": [_DELIVERY], "next": None}
    rotated = {**_SECRET, "former_signs_until": "2026-11-21T01:00:00Z"}
    delivery = f"{_PLACE}/{{id}}/deliveries"
    again = {"redelivered": 3, "left_out": 1}
    return {
        _PLACE: {
            "post": _asked("Make a webhook", 201, _schema("NewWebhook", _WEBHOOK | _SECRET), body="WebhookPost"),
            "get": _asked("The key's webhooks", 200, _schema("WebhooksPage", {"webhooks": [_WEBHOOK]})),
        },
        f"{_PLACE}/{{id}}": {
            "get": _asked("One webhook", 200, one),
            "patch": _asked("Change, pause or resume it", 200, one, body="WebhookPatch"),
            "delete": _asked("Delete it, and all that was on its way", 204, None),
        },
        f"{_PLACE}/{{id}}/test": {"post": _asked("Send a test", 202, _schema("Delivery", _DELIVERY))},
        f"{_PLACE}/{{id}}/rotate": {
            "post": _asked("A new secret", 200, _schema("WebhookSecret", rotated), body="WebhookRotation")
        },
        f"{_PLACE}/{{id}}/redeliver": {
            "post": _asked(
                "Send all again that was given up", 202, _schema("Redelivered", again), body="WebhookRedelivery"
            )
        },
        delivery: {"get": _asked("Its deliveries, newest first", 200, _schema("DeliveriesPage", page), _DELIVERIES)},
        f"{delivery}/{{delivery}}/redeliver": {
            "post": _asked("Send one again, by the same id", 202, _schema("Delivery", _DELIVERY))
        },
    }


def _asked(
    summary: str, status: int, content: Json | None, parameters: list[Json] | None = None, *, body: str | None = None
) -> Json:
    operation: Json = {"summary": summary, "security": [{"key": []}], "parameters": parameters or []}
    if body:
        media = {"schema": {"$ref": f"{SCHEMA}{body}"}, "example": _ASKED[body]}
        operation["requestBody"] = {"required": body in {"WebhookPost", "WebhookPatch"}, "content": {_JSON: media}}
    refused: tuple[Problem, ...] = (WEBHOOK_REFUSED,) if body else (REFUSED,)
    done: Json = {"description": "Done."} | ({"content": {_JSON: content}} if content else {})
    operation["responses"] = {str(status): done} | {
        str(problem.status): _problem(problem) for problem in (*_USUAL, *refused)
    }
    return operation


def _problem(problem: Problem) -> Json:
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMA}Problem"}}}
    return {"description": f"{problem.title}. {problem.meaning}", "content": content}


def _schema(name: str, example: Json) -> Json:
    return {"schema": {"$ref": f"{SCHEMA}{name}"}, "example": example}


def _shape(example: Json) -> Json:
    """An object with just these keys; what may be null is so in the example of what went well."""
    return {
        "type": "object",
        "required": list(example),
        "properties": {name: _type(name, value) for name, value in example.items()},
        "additionalProperties": False,
    }


def _type(name: str, value: object) -> Json:
    if isinstance(value, list):
        return {"type": "array"}
    if isinstance(value, dict):
        return {"type": "object"}
    nullable = value is None or name in {"verified_at", "post", "status", "ended_at"}
    type_ = "integer" if isinstance(value, int) else "string"
    return {"type": [type_, "null"]} if nullable else {"type": type_}


def _told(event: str) -> Json:
    change = {"change": 1204, "state": "updated", "id": examples.POST["id"]}
    media = {"example": {"type": event, "timestamp": "2026-11-20T08:00:00+07:00", "data": change}}
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "summary": "`data` is the change as `/api/v1/changes` has it",
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in headers
        ],
        "requestBody": {"content": {_JSON: media}},
        "responses": {"2XX": {"description": "Taken."}, "410": {"description": "Tell me no more."}},
    }
