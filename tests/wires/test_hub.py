"""The hub of our own feeds, by the behaviours that websub.rocks asks of hubs, and by a subscriber that was not written here."""

import asyncio
import hmac
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import flask
import flask_websub.subscriber as foreign
import httpx
import pytest_asyncio
import trustme
import uvicorn
from sqlalchemy import select, update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from werkzeug.serving import make_server

from feedhub.accounts.kinds import Kind
from feedhub.connectors.http import Http
from feedhub.settings import Settings
from feedhub.store.hosts import due_accounts
from feedhub.store.hub import HUB, REQUEST
from feedhub.store.register_keeping import import_register
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import Store, open_store
from feedhub.store.subscriptions import Subscription, SubscriptionState, subscriptions_of
from feedhub.store.tables_wires import deliveries, subscriptions
from feedhub.store.times import to_ms
from feedhub.sync.pushing import subscribe_due
from feedhub.sync.serving import keyring_of, now
from feedhub.web import hub
from feedhub.web.app import create_app
from feedhub.web.front import Front
from feedhub.web.inside import Asking, asking
from feedhub.web.topics import topic_answer
from feedhub.wires.engine import Engine
from feedhub.wires.hub import MOST_BYTES, HubWire, TopicDocument, TopicOf
from feedhub_demo.platforms.serving import serving_apps
from walked import OPTIONS, keep, posts_in, register_of, walk, webfeed
from web.newsroom import CITY, CLINIC, PUBLIC_URL, RESCUE, Newsroom, numbered, open_newsroom, serving
from wires.wired import Hours

DAYS = 86_400
TOPIC = f"{PUBLIC_URL}/feed.atom"


@dataclass
class Delivered:
    """One POST at a callback."""

    place: str
    headers: httpx.Headers
    body: bytes

    def signed_with(self) -> list[str]:
        """Which of the secrets in these tests the signature fits."""
        algorithm, _, given = self.headers.get("x-hub-signature", "").partition("=")
        return [
            secret
            for secret in ("rahasia", "rahasia-baru")
            if algorithm and given == hmac.new(secret.encode(), self.body, algorithm).hexdigest()
        ]


@dataclass
class Readers:
    """Callbacks of a subscriber on loopback. `agrees` says how a question is answered; `takes` how a delivery is."""

    asked: list[dict[str, str]] = field(default_factory=list)
    came: list[Delivered] = field(default_factory=list)
    agrees: str = "yes"
    takes: int = 200
    base: str = ""

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{place:path}", self._called, methods=["GET", "POST"])])

    async def _called(self, request: Request) -> Response:
        if request.method == "POST":
            place = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
            self.came.append(Delivered(place, httpx.Headers(dict(request.headers)), await request.body()))
            return Response(status_code=self.takes, headers={"Location": "/elsewhere"} if self.takes == 302 else {})
        if request.url.path == "/yes":
            return Response(request.query_params["hub.challenge"])
        self.asked.append(dict(request.query_params))
        return self._answer(request.query_params.get("hub.challenge", ""), str(request.url.query))

    def _answer(self, challenge: str, query: str) -> Response:
        return {
            "yes": Response(challenge, 200),
            "created": Response(challenge, 201),
            "not found": Response(challenge, 404),
            "other words": Response("teka-teki"),
            "more words": Response(challenge + "\n"),
            "moved": RedirectResponse(f"/yes?{query}", 307),
            "a book": Response(challenge.encode() + b" " * MOST_BYTES),
            "broken": Response(status_code=500),
        }[self.agrees]


@dataclass
class City:
    """A newsroom whose feeds have a hub, its readers, and the wires between them."""

    room: Newsroom
    readers: Readers
    engine: Engine
    hours: Hours
    wire: HubWire

    async def ask(self, *, to: str = "", mode: str = "subscribe", topic: str = TOPIC, **more: str) -> httpx.Response:
        said = {"hub.callback": to or f"{self.readers.base}/callback", "hub.mode": mode, "hub.topic": topic}
        more = {f"hub.{name}": value for name, value in more.items()}
        return await self.room.client.post("/hub", data={key: value for key, value in (said | more).items() if value})

    async def subscribed(self, **said: str) -> None:
        assert (await self.ask(**said)).status_code == 202
        await self.engine.once()

    async def has(self, wire: str = HUB) -> tuple[Subscription, ...]:
        return await self.room.store.read(subscriptions_of, wire)

    async def tell(self) -> list[Delivered]:
        """Let the wires run; what came since the last time."""
        before = len(self.readers.came)
        await self.engine.once()
        return self.readers.came[before:]


def topics(ask: Asking) -> TopicOf:
    async def topic_of(topic: str, change: int) -> TopicDocument | None:
        found = await topic_answer(ask, topic, change=change)
        if found is None:
            return None
        return TopicDocument(body=found.body, content_type=found.fields["content-type"], links=found.fields["link"])

    return topic_of


def settings_of(store: Store) -> dict[str, str]:
    return {
        "database_url": store.database_url,
        "public_url": PUBLIC_URL,
        "tell_allow": "127.0.0.0/8",
        "trusted_proxies": "127.0.0.0/8",
    }


@dataclass
class Web:
    """Our web; what its lifespan made goes to whoever asks, from inside or from outside."""

    app: Front
    state: dict[str, Any] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            self.state = scope["state"]
        await self.app({**scope, "state": self.state}, receive, send)


@asynccontextmanager
async def city_of(store: Store) -> AsyncIterator[City]:
    await open_newsroom(store)
    readers, hours = Readers(), Hours(datetime.now(UTC))
    web = Web(create_app(Settings(_env_file=None, **settings_of(store))))
    async with (
        asking(web) as ask,
        serving_apps([web, readers.app()]) as (base, readers.base),
        httpx.AsyncClient(base_url=base) as client,
    ):
        wire = HubWire(
            store=store,
            keyring=Keyring((await store.write(made_signing_key),)),
            new_http=lambda: Http(contact="", public_url=PUBLIC_URL, allow="127.0.0.0/8", max_bytes=MOST_BYTES),
            topic_of=topics(ask),
            now=hours,
        )
        engine = Engine(store=store, wires=[wire], public_url=PUBLIC_URL, now=hours)
        yield City(Newsroom(store, client), readers, engine, hours, wire)


@pytest_asyncio.fixture
async def city(store: Store) -> AsyncIterator[City]:
    async with city_of(store) as opened:
        yield opened


@pytest_asyncio.fixture
async def town(sqlite_url: str) -> AsyncIterator[City]:
    """The same on one database, for claims in which it plays no part."""
    store = open_store(sqlite_url)
    async with city_of(store) as opened:
        yield opened
    await store.close()


FEEDS = {
    "/feed.rss": "",
    "/departments/dinkes/feed.atom": "rahasia",
    "/feed.json?q=kabar&limit=5": "rahasia",
}


async def test_a_subscriber_gets_the_whole_feed_as_a_reader_would(city):
    for place, (feed, secret) in enumerate(FEEDS.items()):
        answer = await city.ask(to=f"{city.readers.base}/{place}", topic=PUBLIC_URL + feed, secret=secret)
        assert (answer.status_code, answer.headers["content-type"]) == (202, "text/plain; charset=utf-8")
    assert city.readers.asked == []  # the answer does not wait for the callback's
    await city.engine.once()
    asked = {one["hub.topic"]: (one["hub.mode"], one["hub.lease_seconds"]) for one in city.readers.asked}
    assert asked == {PUBLIC_URL + feed: ("subscribe", str(10 * DAYS)) for feed in FEEDS}
    assert await city.tell() == []  # what was there before is not told
    await city.room.publish(numbered(1), numbered(2))
    came = sorted(await city.tell(), key=lambda one: one.place)
    for (feed, secret), delivered in zip(FEEDS.items(), came, strict=True):
        read = await city.room.get(feed)
        assert b"Kabar 2" in read.content
        assert delivered.body == read.content
        assert delivered.headers["content-type"] == read.headers["content-type"]
        links = httpx.Response(200, headers={"Link": delivered.headers["link"]}).links
        assert (links["hub"]["url"], links["self"]["url"]) == (f"{PUBLIC_URL}/hub", PUBLIC_URL + feed)
        assert delivered.signed_with() == ([secret] if secret else [])
        assert ("x-hub-signature" in delivered.headers) is bool(secret)


async def test_what_nobody_knows_does_no_harm_and_the_callback_keeps_its_own_query(town):
    callback = f"{town.readers.base}/callback?id=7&hub.mode=x"
    await town.subscribed(to=callback, verify="async", foo="bar")
    assert town.readers.asked[0]["id"] == "7"
    await town.room.publish(numbered(1))
    assert [one.place for one in await town.tell()] == ["/callback?id=7&hub.mode=x"]


async def test_subscribing_again_renews_the_lease_and_changes_the_secret(city):
    await city.subscribed(secret="rahasia", lease_seconds="3600")
    (first,) = await city.has()
    city.hours.pass_by(minutes=50)
    await city.subscribed(secret="rahasia-baru", lease_seconds="7200")
    (second,) = await city.has()
    assert second.id == first.id
    assert (second.lease_until - first.lease_until) == timedelta(minutes=50, hours=1)
    await city.room.publish(numbered(1))
    assert [one.signed_with() for one in await city.tell()] == [["rahasia-baru"]]


async def test_until_it_is_verified_a_new_request_changes_nothing(town):
    await town.subscribed(secret="rahasia")
    town.readers.agrees = "not found"
    for mode in ("subscribe", "unsubscribe"):
        await town.subscribed(mode=mode, secret="rahasia-baru")
    assert await town.has(REQUEST) == ()
    await town.room.publish(numbered(1))
    assert [one.signed_with() for one in await town.tell()] == [["rahasia"]]


async def test_who_unsubscribes_is_asked_too_and_then_told_no_more(city):
    await city.subscribed()
    await city.subscribed(mode="unsubscribe")
    assert [one["hub.mode"] for one in city.readers.asked] == ["subscribe", "unsubscribe"]
    assert "hub.lease_seconds" not in city.readers.asked[1]
    assert await city.has() == ()
    await city.room.publish(numbered(1))
    assert await city.tell() == []


async def test_who_never_subscribed_learns_nothing_by_unsubscribing(town):
    await town.subscribed(mode="unsubscribe")
    assert town.readers.asked == []


async def test_only_a_callback_that_says_the_challenge_back_is_told(town):
    for agrees in ("yes", "created", "not found", "other words", "more words", "moved", "a book"):
        town.readers.agrees = agrees
        await town.subscribed(to=f"{town.readers.base}/{agrees.replace(' ', '-')}")
    await town.room.publish(numbered(1))
    assert sorted(one.place for one in await town.tell()) == ["/created", "/yes"]


async def test_a_silent_callback_is_asked_three_times_and_never_again(town):
    town.readers.agrees = "broken"
    await town.subscribed()
    for _ in range(5):
        town.hours.pass_by(minutes=10)
        await town.engine.once()
    assert len(town.readers.asked) == 3
    assert await town.has(REQUEST) == ()


async def test_two_processes_ask_a_callback_once(city):
    await city.ask()
    await asyncio.gather(*(city.wire.tend(city.hours()) for _ in range(4)))
    assert len(city.readers.asked) == 1


# what is asked -> what the sentence names
REFUSED = {
    "no mode": ({"mode": ""}, "hub.mode"),
    "another mode": ({"mode": "publish"}, "nobody else publishes here"),
    "no callback": ({"to": "kabar"}, "not an http(s) address"),
    "a file": ({"to": "file:///etc/passwd"}, "not an http(s) address"),
    "a private address": ({"to": "http://10.0.0.8/callback"}, "not a public address"),
    "the cloud's metadata": ({"to": "http://169.254.169.254/latest"}, "not a public address"),
    "a disguised address": ({"to": "http://2130706433/callback"}, "hides the address"),
    "another port": ({"to": "https://redaksi.example:8443/"}, "port 8443"),
    "ourselves": ({"to": f"{PUBLIC_URL}/websub/x"}, "this site itself"),
    "a password": ({"to": "https://a:b@redaksi.example/"}, "not an http(s) address"),
    "no topic": ({"topic": ""}, "hub.topic"),
    "a page": ({"topic": f"{PUBLIC_URL}/departments/dinkes"}, "hub.topic"),
    "a stranger's feed": ({"topic": "https://lain.example/feed.atom"}, "hub.topic"),
    "an unknown department": ({"topic": f"{PUBLIC_URL}/departments/none/feed.rss"}, "There is no department 'none'"),
    "an unknown filter": ({"topic": f"{PUBLIC_URL}/feed.rss?colour=red"}, "no parameter 'colour'"),
    "an unknown format": ({"topic": f"{PUBLIC_URL}/feed.xml"}, "hub.topic"),
    "a lease in words": ({"lease_seconds": "forever"}, "whole number of seconds"),
    "a long secret": ({"secret": "x" * 200}, "less than 200 bytes"),
}


async def test_what_can_not_be_is_refused_in_one_plain_sentence(town):
    for what, (said, named) in REFUSED.items():
        answer = await town.ask(**said)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "text/plain; charset=utf-8"), what
        assert named in answer.text, what
        assert answer.text.count("\n") == 1, what
    assert await town.has(REQUEST) == ()
    assert (await town.ask(secret="x" * 20_000)).status_code == 413
    looked = await town.room.get("/hub")
    assert (looked.status_code, looked.headers["allow"]) == (405, "POST, OPTIONS")


# as it is asked for -> the one address of that feed
TOPICS = {
    "/feed.rss?department=dinkes": "/departments/dinkes/feed.rss",
    "/departments/dinas-kesehatan/feed.rss": "/departments/dinkes/feed.rss",
    "/kinds/layanan/feed.json": "/kinds/service/feed.json",
    "/feed.atom?limit=20&kind=berita&utm_source=x": "/kinds/news/feed.atom?limit=20",
    "/feed.atom?department=dinkes,bpbd&q=air": "/feed.atom?department=bpbd,dinkes&q=air",
}


async def test_every_address_of_a_feed_is_one_topic(town):
    for asked in TOPICS:
        await town.subscribed(topic=PUBLIC_URL + asked)
        assert town.readers.asked[-1]["hub.topic"] == PUBLIC_URL + asked  # in the subscriber's own words
    assert sorted(one.topic for one in await town.has()) == sorted(set(TOPICS.values()))
    for meant in set(TOPICS.values()):
        await town.subscribed(topic=PUBLIC_URL + meant)
    assert len(await town.has()) == len(set(TOPICS.values()))


async def test_leases_are_as_asked_within_bounds_and_end(town):
    for wanted, given in (("1", 60), ("0", 60), ("99999999999", 10 * DAYS), ("3600", 3600)):
        await town.subscribed(lease_seconds=wanted)
        assert town.readers.asked[-1]["hub.lease_seconds"] == str(given)
    await town.room.publish(numbered(1))
    town.hours.pass_by(seconds=3599)
    assert len(await town.tell()) == 1
    await town.room.publish(numbered(2))
    town.hours.pass_by(seconds=2)
    assert await town.tell() == []
    assert await town.has() == ()


async def test_a_delivery_made_within_the_lease_is_not_sent_after_it(town):
    await town.subscribed(lease_seconds="60")
    town.readers.takes = 503
    await town.room.publish(numbered(1))
    assert len(await town.tell()) == 1
    town.hours.pass_by(seconds=61)
    await town.engine.deliver_all()
    assert len(town.readers.came) == 1


async def test_what_was_withdrawn_meanwhile_is_in_no_delivery(city):
    await city.subscribed()
    await city.room.publish(numbered(1), numbered(2))
    assert await city.engine.fan_out()
    await city.room.withdraw(numbered(1))
    (delivered, *_) = await city.tell()
    assert b"Kabar 1" not in delivered.body
    assert b"Kabar 2" in delivered.body


async def test_a_withdrawal_and_an_edit_that_leaves_a_feed_are_told(town):
    await town.subscribed(topic=f"{PUBLIC_URL}/kinds/service/feed.atom")
    await town.room.publish(numbered(1), numbered(3))
    await town.tell()
    await town.room.publish(numbered(1, kinds=(Kind.NEWS,), content_text="Ini kabar biasa."))
    (edited,) = await town.tell()
    assert b"Kabar 1<" not in edited.body
    await town.room.withdraw(numbered(3))
    (withdrawn,) = await town.tell()
    assert b"Kabar 3<" not in withdrawn.body


async def test_a_feed_that_looks_the_same_is_not_sent_again(town):
    await town.subscribed(topic=f"{PUBLIC_URL}/departments/dinkes/feed.rss")
    await town.subscribed(
        topic=f"{PUBLIC_URL}/departments/dinkes/feed.rss?tag=imunisasi", to=f"{town.readers.base}/tag"
    )
    await town.room.publish(numbered(1), account=RESCUE)  # of another department
    assert await town.tell() == []
    await town.room.publish(numbered(3))  # without the tag
    assert [one.place for one in await town.tell()] == ["/callback"]
    await town.room.publish(numbered(1))
    assert sorted(one.place for one in await town.tell()) == ["/callback", "/tag"]


async def test_whatever_is_no_success_is_tried_again(town):
    await town.subscribed()
    for number, status in enumerate((302, 500, 404)):
        town.readers.takes = status
        await town.room.publish(numbered(number))
        assert len(await town.tell()) == 1
        town.readers.takes = 204
        town.hours.pass_by(hours=1)
        assert len(await town.tell()) == 1
        town.hours.pass_by(hours=1)
        assert await town.tell() == []


async def test_410_ends_a_subscription_until_it_is_asked_for_again(town):
    await town.subscribed()
    town.readers.takes = 410
    await town.room.publish(numbered(1))
    assert len(await town.tell()) == 1
    assert [one.state for one in await town.has()] == [SubscriptionState.DISABLED]
    town.readers.takes = 200
    town.hours.pass_by(hours=1)
    assert await town.tell() == []
    await town.subscribed()
    await town.room.publish(numbered(2))
    assert len(await town.tell()) == 1
    assert [one.state for one in await town.has()] == [SubscriptionState.ACTIVE]


async def test_a_feed_that_is_no_longer_published_is_denied(town):
    await town.subscribed()
    known, town.wire.topic_of = town.wire.topic_of, _nothing
    await town.room.publish(numbered(1))
    assert await town.tell() == []
    assert town.readers.asked[-1]["hub.mode"] == "denied"
    assert [one.state for one in await town.has()] == [SubscriptionState.DISABLED]
    await town.subscribed(to=f"{town.readers.base}/other")
    assert [one["hub.mode"] for one in town.readers.asked] == ["subscribe", "denied", "denied"]
    assert town.readers.asked[-1]["hub.topic"] == TOPIC
    assert await town.has(REQUEST) == ()
    town.wire.topic_of = known


async def _nothing(_topic: str, _change: int) -> TopicDocument | None:
    return None


async def test_a_department_that_changes_its_name_takes_its_subscribers_along(town):
    await town.subscribed(topic=f"{PUBLIC_URL}/departments/dinkes/feed.rss")
    clinic, rescue = CITY.departments
    renamed = replace(clinic, slug="kesehatan", formerly=("dinkes",))
    accounts = (replace(CLINIC, department="kesehatan"), RESCUE)
    register = replace(CITY, departments=(renamed, rescue), accounts=accounts)
    await town.room.store.write(import_register, register, retire_missing=False, at=1)
    await town.room.publish(numbered(1), account=accounts[0])
    (delivered,) = await town.tell()
    assert f'<{PUBLIC_URL}/departments/kesehatan/feed.rss>; rel="self"' in delivered.headers["link"]
    assert b"Kabar 1" in delivered.body


async def test_deliveries_that_waited_together_come_as_one(town):
    await town.subscribed()
    town.readers.takes = 503
    for number in range(5):
        await town.room.publish(numbered(number))
        await town.tell()
        town.hours.pass_by(seconds=1)
    town.readers.takes = 200
    town.hours.pass_by(hours=1)
    came = await town.tell()
    assert [b"Kabar 4" in one.body for one in came] == [True]
    waiting = select(deliveries.c.id).where(deliveries.c.state == "waiting")
    assert await town.room.store.read(lambda session: session.rows(waiting)) == []


async def test_nobody_can_make_us_ask_strangers_endlessly(town):
    most = hub.MOST_WAITING_OF_ONE
    answers = [(await town.ask(to=f"{town.readers.base}/{number}")).status_code for number in range(most)]
    assert answers == [202] * most
    refused = await town.ask(to=f"{town.readers.base}/one-more")
    assert (refused.status_code, refused.headers["content-type"]) == (429, "text/plain; charset=utf-8")
    assert int(refused.headers["retry-after"]) > 0
    while await town.has(REQUEST):
        await town.engine.once()
    assert (await town.ask(to=f"{town.readers.base}/late")).status_code == 202


async def test_an_asker_is_counted_by_the_address_that_a_trusted_proxy_names(town):
    most, says = hub.MOST_WAITING_OF_ONE, town.room.client.headers
    says["x-forwarded-for"] = "203.0.114.7"
    for number in range(most):
        assert (await town.ask(to=f"https://r{number}.example/callback")).status_code == 202
    assert (await town.ask(to="https://another.example/callback")).status_code == 429
    says["x-forwarded-for"] = "203.0.114.8"
    assert (await town.ask(to="https://another.example/callback")).status_code == 202


async def test_a_host_has_only_so_many_subscriptions(town):
    await town.subscribed()
    many = [
        {**_row(one), "id": one.id.__class__(int=number), "target": f"{town.readers.base}/{number}"}
        for one in await town.has()
        for number in range(hub.MOST_ACTIVE_OF_HOST)
    ]
    await town.room.store.write(lambda session: session.run(subscriptions.insert(), many))
    refused = await town.ask(to=f"{town.readers.base}/more")
    assert refused.status_code == 429
    assert "2000 subscriptions" in refused.text


async def test_hosts_that_cost_nothing_can_not_fill_the_hub_and_who_is_known_goes_on(town):
    await town.subscribed()
    [known] = await town.has()
    many = [
        {**_row(known), "id": UUID(int=number), "target": f"https://h{number}.example/"}
        for number in range(hub.MOST_ACTIVE - 1)
    ]
    await town.room.store.write(lambda session: session.run(subscriptions.insert(), many))
    assert (await town.ask(to="https://one-more.example/")).status_code == 429
    assert (await town.ask(to=known.target)).status_code == 202


def _row(one: Subscription) -> dict[str, object]:
    return {
        "wire": one.wire,
        "topic": one.topic,
        "state": one.state.value,
        "filters": "{}",
        "asks": "{}",
        "told_through": one.told_through,
        "look_at": 0,
        "made_at": 0,
    }


async def test_secrets_lie_sealed(town):
    await town.ask(secret="rahasia")
    (request,) = await town.has(REQUEST)
    await town.engine.once()
    (kept,) = await town.has()
    for one in (request, kept):
        assert b"rahasia" not in one.sealed
        assert "rahasia" not in str(one.asks)
    assert request.sealed != kept.sealed


# A subscriber that was not written here


@contextmanager
def flask_subscriber(folder: Path) -> Iterator[tuple[flask.Flask, foreign.Subscriber, list[tuple[str, bytes]]]]:
    """Flask-WebSub behind a real server on loopback; what its listeners were given."""
    app = flask.Flask(__name__)
    subscriber = foreign.Subscriber(
        foreign.SQLite3SubscriberStorage(str(folder / "active.sqlite")),
        foreign.SQLite3TempSubscriberStorage(str(folder / "asked.sqlite")),
    )
    app.register_blueprint(subscriber.build_blueprint("/callbacks"))
    heard: list[tuple[str, bytes]] = []
    subscriber.add_listener(lambda topic, _callback, body: heard.append((topic, body)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["SERVER_NAME"] = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield app, subscriber, heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@asynccontextmanager
async def over_tls(store: Store, folder: Path) -> AsyncIterator[tuple[str, str]]:
    """Our web by https, as the library wants it before it gives away a secret; its address, and whom to trust."""
    authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    authority.issue_cert("127.0.0.1", key_type=trustme.KeyType.ECDSA).private_key_and_cert_chain_pem.write_to_path(
        str(folder / "server.pem")
    )
    app = create_app(Settings(_env_file=None, **settings_of(store)))
    config = uvicorn.Config(app, port=0, log_config=None, ssl_certfile=str(folder / "server.pem"))
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn says it by a flag alone
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"https://127.0.0.1:{port}", str(folder / "authority.pem")
    finally:
        server.should_exit = True
        await running


async def test_flask_websub_subscribes_verifies_what_comes_and_leaves(town, tmp_path):
    store = town.room.store
    async with over_tls(store, tmp_path) as (base, authority):
        with flask_subscriber(tmp_path) as (app, subscriber, heard):

            def subscribe() -> str:
                with app.app_context():
                    asked = {"verify": authority}
                    return subscriber.subscribe(topic_url=TOPIC, hub_url=f"{base}/hub", requests_opts=asked)

            def leave(callback: str) -> None:
                with app.app_context():
                    subscriber.unsubscribe(callback)

            callback = await asyncio.to_thread(subscribe)
            await town.engine.once()
            kept = subscriber.storage[callback]
            assert (kept["topic_url"], kept["lease_seconds"]) == (TOPIC, 10 * DAYS)
            assert kept["secret"]
            await town.room.publish(numbered(1))
            await town.engine.once()
            assert [topic for topic, _ in heard] == [TOPIC]
            assert b"Kabar 1" in heard[0][1]
            # The library hears nothing that is signed with another secret.
            await store.write(lambda session: session.run(update(subscriptions).values(sealed=None)))
            await town.room.publish(numbered(2))
            await town.engine.once()
            assert len(heard) == 1


async def test_one_feedhub_is_told_by_another(town, tmp_path, sqlite_template):
    """Our own subscriber: it finds the hub in the feed, and asks at once when it is told."""
    shutil.copy(sqlite_template, tmp_path / "reader.sqlite")
    reader = open_store(f"sqlite:///{tmp_path}/reader.sqlite")
    account = webfeed(f"{PUBLIC_URL}/feed.atom")
    await town.room.publish(numbered(1))
    async with serving(reader.database_url) as client:
        detours = ((PUBLIC_URL, str(town.room.client.base_url).rstrip("/")),)
        options = replace(OPTIONS, public_url=str(client.base_url), fetch_detours=detours)
        await keep(reader, register_of([account]))
        await walk(reader, options=options)
        async with options.new_http() as http:
            await subscribe_due(reader, http, options, await keyring_of(reader, options), now=now())
        await town.engine.once()
        (told,) = await town.has()
        assert (told.topic, told.sealed is not None) == ("/feed.atom", True)
        await town.room.publish(numbered(2))
        assert await reader.read(due_accounts, [account.host], due=to_ms(now())) == ()
        await town.engine.once()
        await walk(reader, options=options)
        assert {kept.post.title for kept in await posts_in(reader)} == {"Kabar 1", "Kabar 2"}
    await reader.close()
