"""A wire of the tests' own: it tells a list, and does as it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from feedhub.store.session import Store
from feedhub.store.subscriptions import Subscription, SubscriptionState, add_subscription
from feedhub.wires.engine import Engine
from feedhub.wires.wire import Around, Event, Fate, Outcome, Parcel, Ready

SENT = Outcome(fate=Fate.SENT, status=200)
LATER = Outcome(fate=Fate.LATER, status=503, fault="It is down.")
ENDED = Outcome(fate=Fate.ENDED, status=410, fault="It is gone.")


@dataclass
class Recorder:
    """Tells everything it is asked to, by `target`; `answers` says how that ends, SENT where it says nothing."""

    name: str = "recorder"
    answers: dict[str, Outcome] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    stumbles_over: str = ""
    stumbles_at: str = ""

    def compose(self, subscription: Subscription, events: Sequence[Event], around: Around) -> list[Parcel]:  # noqa: ARG002  # a wire's own shape
        if self.stumbles_over and subscription.target == self.stumbles_over:
            raise ValueError("a fault of the wire's own")
        return [
            Parcel(
                change=event.change,
                event=event.kind.value,
                post=event.kept.id,
                body=(event.kept.post.title if event.kept.post else "").encode(),
            )
            for event in events
        ]

    async def send(self, ready: Ready) -> Outcome:
        outcome = self.answers.get(ready.subscription.target, SENT)
        if self.stumbles_at and self.stumbles_at == ready.body.decode():
            outcome = LATER
        self.ids.append(str(ready.id))
        if outcome.fate is Fate.SENT:
            self.told.append((ready.subscription.target, ready.event, ready.body.decode()))
        return outcome

    async def tend(self, now: datetime) -> None:
        """Nothing else is due."""


@dataclass
class Hours:
    """A clock that stands until it is moved."""

    at: datetime = datetime(2026, 11, 27, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


def engine_of(store: Store, wire: Recorder, hours: Hours) -> Engine:
    return Engine(store=store, wires=[wire], public_url="https://kabar.example", now=hours)


async def subscribe(store: Store, target: str, *, wire: str = "recorder", at: datetime | None = None) -> Subscription:
    return await store.write(
        add_subscription, wire=wire, target=target, state=SubscriptionState.ACTIVE, at=at or Hours().at
    )
