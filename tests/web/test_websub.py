"""A real hub on loopback: subscribed with a secret, verified, pinged, renewed, left."""

import asyncio
import hmac
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feedhub.accounts.account import AccountStatus
from feedhub.store.hosts import due_accounts
from feedhub.store.pushes import due_pushes, prove_push, take_ping
from feedhub.store.register_keeping import set_account_status
from feedhub.store.tables import metadata
from feedhub.store.tables_desk import pushes
from feedhub.store.times import to_ms
from feedhub.sync.pushing import can_be_called, subscribe_due
from feedhub.sync.serving import keyring_of, now
from feedhub_demo.platforms.serving import serving_apps
from walked import OPTIONS, keep, register_of, walk, webfeed
from web.newsroom import serving

hosts = metadata.tables["host"]


@dataclass
class Hub:
    """A feed with its hub on one loopback address. `answer` is the hub's status; `lease` what it grants."""

    items: list[tuple[str, str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    answer: int = 202
    lease: int = 864_000
    base: str = ""

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/feed", self._feed), Route("/hub", self._hub, methods=["POST"])])

    async def _feed(self, _request: Request) -> Response:
        items = "".join(
            f"<entry><id>{id}</id><title>{title}</title><content>{title}</content></entry>" for id, title in self.items
        )
        links = f'<link rel="hub" href="{self.base}/hub"/><link rel="self" href="{self.base}/feed"/>'
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Kabar</title>{links}{items}</feed>'
        return Response(feed, media_type="application/atom+xml")

    async def _hub(self, request: Request) -> Response:
        self.asked.append({key: str(value) for key, value in (await _form(request)).items()})
        return Response("Accepted, or not.", self.answer)  # hubs say all sorts of things

    async def verify(self, place: int = -1, **changed: str) -> httpx.Response:
        said = self.asked[place]
        query = {name: said[name] for name in ("hub.mode", "hub.topic")}
        query |= {"hub.challenge": "teka-teki", "hub.lease_seconds": str(self.lease)}
        async with httpx.AsyncClient() as client:
            return await client.get(
                said["hub.callback"], params=query | {f"hub.{name}": value for name, value in changed.items()}
            )

    async def ping(self, *, secret: str | None = None, method: str = "sha256") -> httpx.Response:
        said = next(one for one in self.asked if "hub.secret" in one)
        body = b"<feed/>"
        digest = hmac.new((secret or said["hub.secret"]).encode(), body, method).hexdigest()
        async with httpx.AsyncClient() as client:
            return await client.post(
                said["hub.callback"], content=body, headers={"X-Hub-Signature": f"{method}={digest}"}
            )


async def _form(request: Request) -> dict[str, str]:
    return dict(httpx.QueryParams((await request.body()).decode()))


@asynccontextmanager
async def city_with_hub(store):
    hub = Hub(items=[("a", "Kabar pertama")])
    async with serving_apps([hub.app()]) as (base,), serving(store.database_url) as client:
        hub.base = base
        account = webfeed(base + "/feed")
        await keep(store, register_of([account]))
        options = replace(OPTIONS, public_url=str(client.base_url))
        keyring = await keyring_of(store, options)
        await walk(store, account)

        async def subscribe(at=None) -> int:
            async with options.new_http() as http:
                return await subscribe_due(store, http, options, keyring, now=at or now())

        yield hub, account, subscribe


async def state(store) -> tuple[str, int]:
    row = await store.read(lambda session: session.row(select(pushes.c.state, pushes.c.proved)))
    return (row.state, row.proved) if row else ("none", 0)


async def is_due(store, account) -> bool:
    return bool(await store.read(due_accounts, [account.host], due=to_ms(now())))


async def test_a_hub_is_subscribed_verified_and_believed_once_it_proved_itself(store):
    async with city_with_hub(store) as (hub, account, subscribe):
        assert await subscribe() == 1
        said = hub.asked[0]
        assert (said["hub.mode"], said["hub.topic"]) == ("subscribe", hub.base + "/feed")
        assert len(said["hub.secret"]) == 64
        verified = await hub.verify()
        assert (verified.status_code, verified.text) == (200, "teka-teki")
        assert await state(store) == ("active", 0)
        assert await subscribe() == 0
        for number in range(3):
            assert not await is_due(store, account)
            hub.items.insert(0, (f"n{number}", f"Kabar {number}"))
            assert (await hub.ping(method="sha1" if number else "sha256")).status_code == 202
            assert await is_due(store, account)
            reports = await walk(store)
            assert reports[account.url].new == 1
        assert await state(store) == ("active", 3)
        await hub.ping()
        found = await store.read(due_accounts, [account.host], due=to_ms(now()))
        assert found[0].is_pushed


async def test_nobody_but_the_hub_makes_us_ask(store):
    async with city_with_hub(store) as (hub, account, subscribe):
        await subscribe()
        await hub.verify()
        for ping in (hub.ping(secret="guessed"), hub.ping(method="md5")):
            assert (await ping).status_code == 202  # who guesses learns nothing
            assert not await is_due(store, account)


@pytest.mark.parametrize(
    "changed", [{"topic": "https://evil.example/feed"}, {"mode": "unsubscribe"}, {"challenge": ""}]
)
async def test_only_what_was_asked_for_is_verified(store, changed):
    async with city_with_hub(store) as (hub, _, subscribe):
        await subscribe()
        assert (await hub.verify(**changed)).status_code == 404
        assert (await state(store))[0] == "asked"


async def test_a_lease_is_renewed_before_it_ends_and_left_with_the_account(store):
    async with city_with_hub(store) as (hub, account, subscribe):
        hub.lease = 90_000
        await subscribe()
        await hub.verify()
        assert await subscribe(now() + timedelta(minutes=30)) == 0
        assert await subscribe(now() + timedelta(hours=2)) == 1
        await hub.verify()
        assert (await state(store))[0] == "active"
        await store.write(set_account_status, [account.id], AccountStatus.RETIRED, at=to_ms(now()))
        assert await subscribe() == 1
        assert hub.asked[-1]["hub.mode"] == "unsubscribe"
        assert (await hub.verify()).status_code == 200
        assert await state(store) == ("none", 0)


async def test_a_hub_that_refuses_is_asked_again_a_day_later(store):
    async with city_with_hub(store) as (hub, _, subscribe):
        hub.answer = 403
        await subscribe()
        assert (await state(store))[0] == "refused"
        assert await subscribe(now() + timedelta(hours=20)) == 0
        assert await subscribe(now() + timedelta(hours=25)) == 1


async def test_a_silent_hub_is_asked_again_and_a_denied_one_is_noted(store):
    async with city_with_hub(store) as (hub, _, subscribe):
        await subscribe()
        assert len(await store.read(due_pushes, now=now() + timedelta(hours=2))) == 1
        await hub.verify(mode="denied", reason="Tidak boleh")
        assert (await state(store))[0] == "refused"


async def test_many_pings_at_once_are_one(store):
    async with city_with_hub(store) as (hub, account, subscribe):
        await subscribe()
        await hub.verify()
        await asyncio.gather(*(hub.ping() for _ in range(10)))
        await walk(store)
        await store.write(lambda session: session.run(update(pushes).values(proved=0)))
        await hub.ping()
        assert not await is_due(store, account)


async def test_a_hub_that_is_down_is_not_begged_for_the_end_of_a_subscription(store):
    async with city_with_hub(store) as (hub, account, subscribe):
        await subscribe()
        await hub.verify()
        await store.write(set_account_status, [account.id], AccountStatus.RETIRED, at=to_ms(now()))
        await store.write(lambda session: session.run(update(pushes).values(hub="http://127.0.0.1:1/hub")))
        assert [await subscribe(now() + timedelta(hours=hour)) for hour in (0, 1, 2, 25)] == [1, 0, 0, 1]


async def test_a_ping_and_a_visit_never_wait_for_each_other(store):
    """The visit holds its host's row; the ping comes; the visit goes on to the push's row."""
    async with city_with_hub(store) as (hub, account, subscribe):
        await subscribe()
        await hub.verify()
        pinged = threading.Event()

        def ping() -> bool:
            pinged.set()
            return store.write_now(take_ping, account.id, at=now())

        def visit(session) -> None:
            for named in session.rows(select(hosts.c.name)):
                session.run(select(hosts.c.name).where(hosts.c.name == named.name).with_for_update(read=True))
            pinging.append(pool.submit(ping))
            pinged.wait()
            time.sleep(0.3)
            prove_push(session, account.id, at=now())
            session.run(update(pushes).values(proved=1))

        pinging: list[Future[bool]] = []
        with ThreadPoolExecutor() as pool:
            await asyncio.to_thread(store.write_now, visit)
            assert await asyncio.to_thread(pinging[0].result)


def test_a_hub_can_not_call_a_loopback_address():
    assert not can_be_called("http://127.0.0.1:8000", "")
    assert can_be_called("http://127.0.0.1:8000", "127.0.0.0/8")
