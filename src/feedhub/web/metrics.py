"""What Prometheus asks: is news coming in, and is it going out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from feedhub.accounts.account import AccountStatus
from feedhub.connectors import SHARED
from feedhub.errors import StoreBusy
from feedhub.store.clock import ClockReading, clock_now
from feedhub.store.credentials import KeptCredential, kept_credentials
from feedhub.store.pictures import picture_states
from feedhub.store.session import ReadSession
from feedhub.store.visits import AccountState, account_states
from feedhub.store.waiting import Waiting, waiting_accounts
from feedhub.web.headers import NOT_CACHED
from feedhub.web.state import State, state
from feedhub.web.traffic import Traffic

router = APIRouter()

_SHARES = (0.5, 0.9, 1.0)
_Pictures = dict[str, tuple[int, int]]
_Seen = tuple[ClockReading, tuple[AccountState, ...], tuple[KeptCredential, ...], tuple[Waiting, ...], _Pictures]


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    here = state(request)
    gathered = CollectorRegistry(auto_describe=False)
    gathered.register(_Told(here, await _seen(here), datetime.now(UTC)))
    ProcessCollector(registry=gathered)
    headers = {"Cache-Control": NOT_CACHED, "Content-Type": CONTENT_TYPE_LATEST}
    return Response(generate_latest(gathered), headers=headers)


async def _seen(here: State) -> _Seen | None:
    try:
        return await here.store.read(_question)
    except StoreBusy:  # what this process counts is still worth telling
        return None


def _question(session: ReadSession) -> _Seen:
    waiting = waiting_accounts(session, shared=SHARED)
    return clock_now(session), account_states(session), kept_credentials(session), waiting, picture_states(session)


class _Told(Collector):
    """One scrape's numbers."""

    def __init__(self, here: State, seen: _Seen | None, now: datetime) -> None:
        self._here, self._seen, self._now = here, seen, now

    def collect(self) -> Iterable[Metric]:
        yield from _traffic(self._here.traffic)
        yield GaugeMetricFamily("feedhub_http_streams", "Open streams of changes.", self._here.streams.count)
        waiting = self._here.clock.waiting.count
        yield GaugeMetricFamily("feedhub_http_waiting", "Readers and streams that wait for a change.", waiting)
        yield GaugeMetricFamily("feedhub_store_up", "1 where the database answers.", int(self._seen is not None))
        if self._seen is not None:
            reading, states, kept, lacking, pictures = self._seen
            yield GaugeMetricFamily("feedhub_clock_number", "The newest change number.", reading.number)
            age = (self._now - reading.at).total_seconds()
            yield GaugeMetricFamily("feedhub_clock_age_seconds", "Since the newest public change.", max(age, 0.0))
            posts = sum(each.posts for each in states)
            yield GaugeMetricFamily("feedhub_posts", "Live posts.", posts)
            yield _accounts(states)
            yield from _visits(states, self._now)
            yield from _credentials(kept, lacking, self._now)
            yield from _pictures(pictures)


def _traffic(traffic: Traffic) -> Iterable[Metric]:
    answers = CounterMetricFamily("feedhub_http_answers", "Answers of this process.", labels=("route", "status"))
    for (route, status), count in sorted(traffic.answers.items()):
        answers.add_metric((route, str(status)), count)
    yield answers
    yield CounterMetricFamily("feedhub_http_rendered", "Answers that had to be made anew.", traffic.rendered)
    yield CounterMetricFamily("feedhub_http_stale", "Answers from copies that could not be renewed.", traffic.stale)


def _accounts(states: Sequence[AccountState]) -> Metric:
    accounts = GaugeMetricFamily(
        "feedhub_accounts", "Accounts by how their last visit ended.", labels=("status", "outcome")
    )
    counts = Counter((each.account.status.value, each.outcome) for each in states)
    for labels, count in sorted(counts.items()):
        accounts.add_metric(labels, count)
    return accounts


def _visits(states: Sequence[AccountState], now: datetime) -> Iterable[Metric]:
    active = [each for each in states if each.account.status is AccountStatus.ACTIVE]
    ages = GaugeMetricFamily(
        "feedhub_success_age_seconds",
        "Since the last successful visit to an active account; `share` of them are at most this old.",
        labels=("share",),
    )
    seconds = sorted((now - each.last_success_at).total_seconds() for each in active if each.last_success_at)
    for share in _SHARES if seconds else ():
        ages.add_metric((str(share),), seconds[round(share * (len(seconds) - 1))])
    yield ages
    late = [(now - each.next_visit_at).total_seconds() for each in active]
    yield GaugeMetricFamily(
        "feedhub_visit_overdue_seconds", "By how much the latest visit is overdue.", max([*late, 0.0])
    )


def _credentials(kept: Sequence[KeptCredential], waiting: Sequence[Waiting], now: datetime) -> Iterable[Metric]:
    ends = GaugeMetricFamily(
        "feedhub_credential_expires_seconds",
        "Until a credential ends; below 0 where it has.",
        labels=("platform", "credential"),
    )
    for each in kept:
        if each.ends_at is not None:
            ends.add_metric((each.platform.value, str(each.id)), (each.ends_at - now).total_seconds())
    yield ends
    waits = GaugeMetricFamily(
        "feedhub_accounts_waiting", "Accounts that wait for somebody to give a credential.", labels=("platform",)
    )
    counts: Counter[str] = Counter()
    for one in waiting:
        counts[one.platform.value] += len(one.accounts)
    for platform, count in sorted(counts.items()):
        waits.add_metric((platform,), count)
    yield waits


def _pictures(states: _Pictures) -> Iterable[Metric]:
    counts = GaugeMetricFamily("feedhub_pictures", "Pictures of posts by what became of them.", labels=("state",))
    for state_, (count, _) in sorted(states.items()):
        counts.add_metric((state_,), count)
    yield counts
    size = sum(weight for _, weight in states.values())
    yield GaugeMetricFamily("feedhub_pictures_bytes", "Of all copies of pictures.", size)
