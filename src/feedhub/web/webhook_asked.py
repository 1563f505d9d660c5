"""What may be asked of webhooks: the one place where the outside's JSON about them is checked."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import QueryParams

from feedhub.accounts.account import Register
from feedhub.connectors.guard import Guard
from feedhub.connectors.receivers import receiver_url
from feedhub.errors import QuestionRefused, TooMuchSent, WebhookRefused
from feedhub.failures import AddressRefused
from feedhub.posts.filters import kept_filters
from feedhub.store.subscriptions import Subscription
from feedhub.store.webhook_deliveries import DeliveryState
from feedhub.store.webhooks import WebhookAsk
from feedhub.views.webhooks import ALWAYS, EVENTS
from feedhub.web.asked import LISTS
from feedhub.web.query import read_filters, read_known_filters, refuse_unknown

MOST_BYTES = 64 * 1024
_LONGEST_OVERLAP = 7 * 24  # hours

_Text = Annotated[str, Field(max_length=500)]
_Address = Annotated[str, Field(max_length=2_000)]
_Filters = dict[str, str | list[str]]
_Events = Annotated[list[str], Field(max_length=20)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WebhookPost(_Strict):
    """A new webhook: where it is told, and of what. Values of one filter are alternatives."""

    url: _Address
    filters: _Filters = {}
    events: _Events
    description: _Text = ""


class WebhookPatch(_Strict):
    """What is to be different; what is left out stays as it is. Another address is verified anew."""

    url: _Address | None = None
    filters: _Filters | None = None
    events: _Events | None = None
    description: _Text | None = None
    paused: bool | None = None


class WebhookRotation(_Strict):
    """For how long the former secret signs beside the new one."""

    overlap_hours: Annotated[int, Field(ge=0, le=_LONGEST_OVERLAP)] = 24

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=self.overlap_hours)


class WebhookRedelivery(_Strict):
    """What was given up or dropped since then is sent again; left out, all of it that is still known."""

    since: AwareDatetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesAsked:
    """A page of deliveries: those of these states (none = all) after a place."""

    states: tuple[DeliveryState, ...]
    limit: int
    before: tuple[int, str] | None


M = TypeVar("M", bound=_Strict)


async def body_of(request: Request) -> bytes:
    """The body, of which no more is taken than anything here may have. Raises TooMuchSent."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise TooMuchSent(f"What is asked of a webhook has at most {MOST_BYTES // 1024} KiB.")
    return bytes(body)


def read_as(shape: type[M], body: bytes) -> M:
    """What was asked; an empty body asks for what is usual.

    Raises:
        WebhookRefused: one sentence that names the first fault and its field.
    """
    try:
        return shape.model_validate_json(body or b"{}")
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        where = f"The field {field}" if field else "The body"
        raise WebhookRefused(f"{where} can't be taken: {fault['msg']}.") from None


def new_webhook(said: WebhookPost, register: Register, guard: Guard) -> WebhookAsk:
    """A webhook that can be made so. Raises WebhookRefused."""
    return WebhookAsk(
        url=_receiver(said.url, guard),
        events=_events(said.events),
        filters=_filters(said.filters, register),
        description=said.description,
    )


def changed_webhook(said: WebhookPatch, kept: Subscription, register: Register, guard: Guard) -> WebhookAsk:
    """A kept webhook with what is to be different. Raises WebhookRefused."""
    return WebhookAsk(
        url=kept.target if said.url is None else _receiver(said.url, guard),
        events=tuple(kept.asks["events"]) if said.events is None else _events(said.events),
        filters=kept.filters if said.filters is None else _filters(said.filters, register),
        description=kept.asks["description"] if said.description is None else said.description,
    )


def read_deliveries_query(query: QueryParams, register: Register) -> DeliveriesAsked:
    """Which deliveries are asked for. Raises QuestionRefused."""
    refuse_unknown(query, ("state", "limit", "cursor"))
    said = [part for value in query.getlist("state") for each in value.split(",") if (part := each.strip())]
    for name in said:
        if name not in {state.value for state in DeliveryState}:
            raise QuestionRefused("state", f"There is no state {name[:40]!r}; known are {', '.join(DeliveryState)}.")
    return DeliveriesAsked(
        states=tuple(DeliveryState(name) for name in dict.fromkeys(said)),
        limit=read_known_filters(query, register).limit,
        before=read_place(query.get("cursor")),
    )


def write_place(place: tuple[int, str]) -> str:
    """Where a list of deliveries goes on, as a cursor.

    >>> read_place(write_place((7, "post.updated")))
    (7, 'post.updated')
    """
    return base64.urlsafe_b64encode(f"{place[0]}/{place[1]}".encode()).decode()


def read_place(cursor: str | None) -> tuple[int, str] | None:
    """The place that a cursor names. Raises QuestionRefused."""
    if cursor is None:
        return None
    try:
        number, _, event = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().partition("/")
    except (binascii.Error, ValueError):
        number, event = "", ""
    if not (number.isascii() and number.isdigit() and len(number) < 19 and event.isprintable()):  # noqa: PLR2004  # digits of an int64
        raise QuestionRefused("cursor", "This cursor is not one of ours; begin without it.")
    return int(number), event


def _receiver(url: str, guard: Guard) -> str:
    try:
        return receiver_url(url, guard)
    except AddressRefused as error:
        raise WebhookRefused(error.reason) from error


def _events(said: list[str]) -> tuple[str, ...]:
    for name in said:
        if name not in EVENTS:
            raise WebhookRefused(f"There is no event {name[:40]!r}; known are {', '.join(EVENTS)}.")
    if not said:
        raise WebhookRefused(f"Name the events that are to be told, at least one of {', '.join(EVENTS)}.")
    return tuple(name for name in EVENTS if name in said or name in ALWAYS)


def _filters(said: _Filters, register: Register) -> Mapping[str, list[str]]:
    for name in said:
        if name not in LISTS:
            raise WebhookRefused(f"There is no filter {name[:40]!r} for webhooks; known are {', '.join(LISTS)}.")
    pairs = [(name, one) for name, values in said.items() for one in ([values] if isinstance(values, str) else values)]
    try:
        return kept_filters(read_filters(QueryParams(pairs), register, LISTS))
    except QuestionRefused as error:
        raise WebhookRefused(str(error)) from error
