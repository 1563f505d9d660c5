"""Departments followed from the fediverse: a follower's server on loopback, signatures checked by two foreign libraries."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from feedhub.connectors.http import Http
from feedhub.errors import StoreBusy
from feedhub.posts.decisions import post_id
from feedhub.posts.filters import Filters
from feedhub.posts.post import Event
from feedhub.store.actors import ActorKey, keep_actor_key
from feedhub.store.followers import follower_count, keep_incoming
from feedhub.store.lists import latest_posts
from feedhub.store.register_keeping import import_register
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import Store, open_store
from feedhub.store.subscriptions import SubscriptionState, subscriptions_of
from feedhub.store.tables_wires import deliveries, incoming
from feedhub.store.times import to_ms
from feedhub.views.activity_actor import CITY
from feedhub.wires.activity import activity_wire
from feedhub.wires.activity_signing import Signer
from feedhub.wires.engine import Engine
from receivers_activity import Reader, following, new_key, pem_of, signed
from web.newsroom import CITY as CITY_REGISTER
from web.newsroom import CLINIC, NOW, RESCUE, Newsroom, numbered, open_newsroom, serving
from writers import Writing, write_some


@cache
def our_key() -> ActorKey:
    key = new_key()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ActorKey(public=pem_of(key), private=private)


@dataclass
class Wired:
    """The newsroom, the engine with its wire to the fediverse, and a reader elsewhere."""

    room: Newsroom
    reader: Reader
    engine: Engine
    later: timedelta = timedelta(0)

    @property
    def store(self):
        return self.room.store

    @property
    def base(self) -> str:
        return str(self.room.client.base_url).rstrip("/")

    def handle(self, name: str = "dinkes") -> str:
        return f"{name}@{self.base.removeprefix('http://')}"

    def note(self, post, account=CLINIC) -> str:
        return f"{self.base}/ap/posts/{post_id(account.id, post.native_id)}"

    def now(self) -> datetime:
        return datetime.now(UTC) + self.later

    async def followers(self, name: str = "dinkes") -> int:
        return (await self.room.get(f"/ap/{name}/followers")).json()["totalItems"]

    async def waiting(self) -> int:
        row = await self.store.read(lambda session: session.row(select(func.count()).select_from(incoming)))
        return row[0]


@asynccontextmanager
async def wired(store, **reader) -> AsyncIterator[Wired]:
    await open_newsroom(store)
    keyring = Keyring((await store.write(made_signing_key),))
    async with following(**reader) as follower, serving(store.database_url, public_url=None) as client:
        base = str(client.base_url).rstrip("/")

        def new_http() -> Http:
            return Http(contact="", public_url=base, allow="127.0.0.0/8", timeout=5)

        for name in ("dinkes", "bpbd", CITY):
            await store.write(keep_actor_key, name, our_key(), keyring, at=NOW)
        signer = Signer(store=store, keyring=keyring, new_http=new_http, public_url=base)
        here = Wired(Newsroom(store, client), follower, None)
        wire = activity_wire(signer, now=lambda: datetime.now(UTC))  # the libraries verify by the real time
        here.engine = Engine(store=store, wires=[wire], public_url=base, now=here.now)
        yield here


@pytest_asyncio.fixture
async def store_of_one(sqlite_url) -> AsyncIterator[Store]:
    """For tests in which the database plays no part."""
    opened = open_store(sqlite_url)
    yield opened
    await opened.close()


@pytest.mark.parametrize("form", ["draft", "rfc9421"])
async def test_a_follower_hears_of_a_post_its_correction_and_its_end(store, form):
    async with wired(store) as here:
        assert (await here.reader.follow(here.handle(), form=form)).status_code == 202
        await here.engine.once()
        assert here.reader.types == ["Accept"]
        assert here.reader.came[0]["object"]["actor"] == here.reader.id()
        assert await here.followers() == 1
        post = numbered(1)
        await here.room.publish(post)
        await here.engine.once()
        assert here.reader.notes[here.note(post)]["url"] == here.note(post).replace("/ap/", "/")
        await here.room.publish(replace(post, content_html="<p>Jadwal baru.</p>", content_text="Jadwal baru."))
        await here.engine.once()
        told = here.reader.notes[here.note(post)]
        assert "Jadwal baru." in told["content"]
        assert told["updated"] > told["published"]
        await here.room.withdraw(post)
        await here.engine.once()
        assert here.reader.types == ["Accept", "Create", "Update", "Delete"]
        assert here.reader.notes == {}
        assert "Jadwal" not in json.dumps(here.reader.came[-1])
        gone = await here.room.get(here.note(post).removeprefix(here.base))
        assert (gone.status_code, gone.json()["type"]) == (410, "Tombstone")
        assert len({one["id"] for one in here.reader.came}) == 4


async def test_people_of_one_server_are_told_once_in_their_shared_inbox(store):
    async with wired(store, people=("warga", "ketua", "guru")) as here:
        for name in here.reader.people:
            await here.reader.follow(here.handle(), name=name)
        await here.engine.once()
        assert sorted(here.reader.places) == sorted(f"/users/{name}/inbox" for name in here.reader.people)
        assert await here.followers() == 3
        await here.room.publish(numbered(1))
        await here.engine.once()
        assert here.reader.places[3:] == ["/inbox"]
        assert len(await here.store.read(subscriptions_of, "activity")) == 1


async def test_who_follows_no_more_is_told_no_more(store):
    async with wired(store, people=("warga", "ketua")) as here:
        for name in here.reader.people:
            await here.reader.follow(here.handle(), name=name)
        await here.engine.once()
        for left, name in ((1, "warga"), (0, "ketua")):
            actor = f"{here.base}/ap/dinkes"
            follow = {"type": "Follow", "actor": here.reader.id(name), "object": actor}
            undo = {
                "id": f"{here.reader.id(name)}#undo",
                "type": "Undo",
                "actor": here.reader.id(name),
                "object": follow,
            }
            assert (await here.reader.say(f"{here.base}/ap/inbox", undo)).status_code == 202
            await here.engine.once()
            assert await here.followers() == left
        await here.room.publish(numbered(1))
        await here.engine.once()
        assert here.reader.notes == {}
        assert await here.store.read(subscriptions_of, "activity") == ()


async def test_the_citys_actor_passes_on_what_departments_say_and_corrects_it_with_them(store_of_one):
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle(CITY))
        await here.engine.once()
        clinic, rescue = numbered(1), numbered(2)
        await here.room.publish(clinic)
        await here.room.publish(rescue, account=RESCUE)
        await here.engine.once()
        assert here.reader.types == ["Accept", "Announce", "Announce"]
        assert here.reader.notes.keys() == {here.note(clinic), here.note(rescue, RESCUE)}
        await here.room.withdraw(rescue, account=RESCUE)
        await here.engine.once()
        assert here.reader.came[-1]["actor"] == f"{here.base}/ap/bpbd"
        assert here.reader.notes.keys() == {here.note(clinic)}


async def test_old_posts_are_silent_but_can_be_read(store_of_one):
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle())
        await here.engine.once()
        old = replace(numbered(1), published_at=NOW - timedelta(days=300))
        await here.room.publish(old)
        await here.engine.once()
        assert here.reader.types == ["Accept"]
        page = (await here.room.get("/ap/dinkes/outbox?page=true")).json()
        assert [one["object"]["id"] for one in page["orderedItems"]] == [here.note(old)]


async def test_other_form_of_signature_is_tried_and_remembered(store_of_one):
    async with wired(store_of_one, takes=frozenset({"rfc9421"})) as here:
        await here.reader.follow(here.handle(), form="rfc9421")
        await here.engine.once()
        for number in range(2):
            await here.room.publish(numbered(number))
            await here.engine.once()
        assert here.reader.types == ["Accept", "Create", "Create"]
        assert set(here.reader.forms) == {"rfc9421"}
        [one] = await here.store.read(subscriptions_of, "activity")
        assert one.asks["signs"] == "rfc9421"


async def test_servers_that_want_signed_questions_are_asked_so(store_of_one):
    async with wired(store_of_one, wants_signed_gets=True) as here:
        await here.reader.follow(here.handle())
        await here.engine.once()
        assert await here.followers() == 1
        assert f"{here.base}/ap/{CITY}#main-key" in here.reader.asked[-1]["signature"]


async def test_an_inbox_that_is_gone_is_told_no_more_until_somebody_follows_again(store_of_one):
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle())
        await here.engine.once()
        here.reader.answer = 410
        await here.room.publish(numbered(1))
        await here.engine.once()
        assert [one.state for one in await here.store.read(subscriptions_of, "activity")] == [
            SubscriptionState.DISABLED
        ]
        assert await here.followers() == 0
        here.reader.answer = 0
        await here.reader.follow(here.handle())
        await here.engine.once()
        assert await here.followers() == 1


async def test_what_does_not_arrive_is_the_same_activity_when_it_does(store_of_one):
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle())
        await here.engine.once()
        here.reader.answer = 503
        await here.room.publish(numbered(1))
        await here.engine.once()
        here.reader.answer, here.later = 0, timedelta(minutes=1)
        await here.engine.once()
        await here.engine.once()
        assert here.reader.types == ["Accept", "Create"]
        row = await here.store.read(lambda session: session.row(select(deliveries)))
        assert (row.state, row.tries) == ("sent", 2)


async def test_acceptance_is_owed_until_it_arrives(store_of_one):
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle())
        here.reader.answer = 500
        await here.engine.once()
        await here.engine.once()
        assert here.reader.types == []
        here.reader.answer, here.later = 0, timedelta(seconds=30)
        await here.engine.once()
        here.later = timedelta(hours=1)
        await here.engine.once()
        assert here.reader.types == ["Accept"]


async def test_followers_of_an_old_name_are_asked_once_to_follow_the_new_one(store_of_one):
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle())
        await here.engine.once()
        clinic, rescue = CITY_REGISTER.departments
        renamed = replace(clinic, slug="kesehatan", formerly=("dinkes", *clinic.formerly))
        accounts = (replace(CLINIC, department="kesehatan"), RESCUE)
        register = replace(CITY_REGISTER, departments=(renamed, rescue), accounts=accounts)
        await here.store.write(import_register, register, retire_missing=False, at=to_ms(NOW))
        for minutes in (2, 4):
            here.later = timedelta(minutes=minutes)
            await here.engine.once()
        old, new = (f"{here.base}/ap/{name}" for name in ("dinkes", "kesehatan"))
        assert [(one["type"], one["actor"], one.get("target")) for one in here.reader.came[1:]] == [("Move", old, new)]
        actor = await here.reader.actor_of(here.handle("kesehatan"))
        assert old in actor["alsoKnownAs"]
        await here.reader.follow(here.handle("kesehatan"))
        follow = {"type": "Follow", "actor": here.reader.id(), "object": old}
        await here.reader.say(actor["inbox"], {"type": "Undo", "actor": here.reader.id(), "object": follow})
        await here.engine.once()
        assert await here.followers("kesehatan") == 1
        assert [one.topic for one in await here.store.read(subscriptions_of, "activity")] == ["kesehatan"]


async def test_a_post_that_cannot_be_written_keeps_no_other_from_being_told(store_of_one):
    never = Event(starts_at=datetime.max.replace(tzinfo=UTC), name="Besok")
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle())
        await here.engine.once()
        await here.room.publish(numbered(1, event=never), numbered(2))
        await here.engine.once()
        assert here.reader.notes.keys() == {here.note(numbered(2))}
        page = (await here.room.get("/ap/dinkes/outbox?page=true")).json()
        assert [one["object"]["id"] for one in page["orderedItems"]] == [here.note(numbered(2))]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
async def test_followers_end_with_the_truth_however_often_senders_are_killed(store, seed):
    """Writers that change their minds, an inbox that fails one time in four, an engine that is ended at any moment."""
    chance, writing = Random(seed), Writing(posts=25, at_once=4)
    async with wired(store) as here:
        for name in ("dinkes", "bpbd"):
            await here.reader.follow(here.handle(name))
        await here.engine.once()
        kills = 0
        for _ in range(150):
            for _ in range(chance.randint(1, 4)):
                await asyncio.to_thread(write_some, store, chance, writing)
            here.reader.answer = chance.choice((0, 0, 0, 503))
            turn = asyncio.create_task(here.engine.once())
            done, _ = await asyncio.wait([turn], timeout=chance.random() * 0.2)
            turn.cancel()
            kills += not done
            await asyncio.wait([turn])
            here.later += timedelta(minutes=2)  # a killed one's leases end
        here.reader.answer = 0
        for _ in range(100):
            here.later += timedelta(hours=1)
            await here.engine.once()
        live = await store.read(latest_posts, Filters(limit=1_000))
        told = {id: note["content"] for id, note in here.reader.notes.items()}
        assert told.keys() == {f"{here.base}/ap/posts/{kept.id}" for kept in live}
        assert all(f"<strong>{kept.post.title}</strong>" in told[f"{here.base}/ap/posts/{kept.id}"] for kept in live)
        assert kills > 20


# Who is not believed


async def test_nobody_follows_in_anothers_name(store_of_one):
    async with wired(store_of_one, people=("warga",)) as here, following() as other:
        actor = f"{here.base}/ap/dinkes"
        follow = {"id": "urn:1", "type": "Follow", "actor": here.reader.id(), "object": actor}
        for said in (
            here.reader.say(f"{actor}/inbox", follow, key=new_key()),
            here.reader.say(f"{actor}/inbox", follow, key=other.key, key_id=f"{other.id()}#main-key"),
            other.say(f"{actor}/inbox", follow | {"actor": f"{other.base}/users/nobody"}),
        ):
            assert (await said).status_code == 202
        with capture_logs() as logged:
            await here.engine.once()
        assert [one["event"] for one in logged].count("activity.refused") == 3
        assert "/users/" not in str(logged)
        assert await here.followers() == 0
        assert await here.waiting() == 0


def unsigned(headers):
    return {name: value for name, value in headers.items() if name.lower() != "signature"}


def with_other_digest(headers):
    return headers | {"digest": "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}


def long_ago(headers):
    return headers | {"date": "Fri, 20 Nov 2020 03:00:00 GMT"}


def without_target(headers):
    return headers | {"Signature": headers["Signature"].replace("(request-target) ", "")}


async def test_what_is_not_well_signed_is_refused_at_the_door(store_of_one):
    async with wired(store_of_one) as here:
        inbox = f"{here.base}/ap/dinkes/inbox"
        follow = {"type": "Follow", "actor": here.reader.id(), "object": f"{here.base}/ap/dinkes"}
        body = json.dumps(follow).encode()
        headers = signed("POST", inbox, body, key=here.reader.key, key_id=f"{here.reader.id()}#main-key")
        spoiled = [spoil(headers) for spoil in (unsigned, with_other_digest, long_ago, without_target)]
        # Together: a refusal is held back for a second.
        answers = await asyncio.gather(*(here.room.client.post(inbox, content=body, headers=one) for one in spoiled))
        said = [(answer.status_code, answer.json()["type"].partition("#")[2]) for answer in answers]
        assert said == [(401, "signature-refused")] * 4
        assert await here.waiting() == 0


ELSEWHERE = (
    {"type": "Create", "object": {"type": "Note", "content": "Keluhan warga"}},
    {"type": "Like", "object": "https://kabar.example/ap/posts/1"},
    {"type": "Follow", "object": "https://elsewhere.example/users/x"},
    {"type": "Delete", "object": "ACTOR"},
    {"type": "Undo", "object": {"type": "Follow", "object": "https://kabar.example/ap/dinkes"}},
)


async def test_what_does_not_concern_us_is_taken_and_forgotten(store_of_one):
    async with wired(store_of_one) as here:
        for said in ELSEWHERE:
            activity = {"actor": here.reader.id()} | {
                k: here.reader.id() if v == "ACTOR" else v for k, v in said.items()
            }
            assert (await here.reader.say(f"{here.base}/ap/inbox", activity)).status_code == 202
        assert await here.waiting() == 0
        assert here.reader.asked == []


async def test_a_deleted_follower_is_forgotten_once_its_server_says_so(store_of_one):
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle())
        await here.engine.once()
        deleted = {"type": "Delete", "actor": here.reader.id(), "object": here.reader.id()}
        await here.reader.say(f"{here.base}/ap/inbox", deleted, key=new_key())
        await here.engine.once()
        assert await here.followers() == 1
        here.reader.is_gone = True
        await here.reader.say(f"{here.base}/ap/inbox", deleted, key=new_key())
        await here.engine.once()
        assert await here.followers() == 0


async def test_a_changed_key_is_asked_for_once_more_and_not_at_everybodys_word(store_of_one):
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle())
        await here.engine.once()
        asked = len(here.reader.asked)
        await here.reader.follow(here.handle("bpbd"))
        await here.engine.once()
        assert len(here.reader.asked) == asked  # remembered
        here.reader.key = new_key()
        await here.reader.follow(here.handle(CITY))
        await here.engine.once()
        assert await here.followers(CITY) == 0  # asked for a moment ago
        here.later = timedelta(minutes=10)
        await here.reader.follow(here.handle(CITY))
        await here.engine.once()
        assert await here.followers(CITY) == 1


async def test_one_server_cannot_fill_the_queue_for_all(store_of_one):
    async with wired(store_of_one) as here, following() as other:
        for number in range(49):
            await here.store.write(
                keep_incoming, origin=here.reader.base, path="/ap/inbox", headers={}, body=b"%d" % number, at=here.now()
            )
        follow = {"id": "urn:1", "type": "Follow", "object": f"{here.base}/ap/dinkes"}
        answers = [
            (await who.say(f"{here.base}/ap/inbox", follow | {"actor": who.id()})).status_code
            for who in (here.reader, here.reader, other)
        ]
        assert answers == [202, 503, 202]
        big = {"type": "Follow", "actor": here.reader.id(), "object": f"{here.base}/ap/dinkes", "x": "y" * 70_000}
        assert (await here.reader.say(f"{here.base}/ap/inbox", big)).status_code == 413


async def test_what_was_looked_at_in_vain_keeps_nobody_out(store):
    def fill(session) -> None:
        for number in range(1_000):
            origin, body = f"https://{number}.example", b"%d" % number
            keep_incoming(session, origin=origin, path="/ap/inbox", headers={}, body=body, at=NOW)

    fresh = {"origin": "https://new.example", "path": "/ap/inbox", "headers": {}, "body": b"new", "at": NOW}
    await store.write(fill)
    with pytest.raises(StoreBusy):
        await store.write(keep_incoming, **fresh)
    one = select(incoming.c.digest).limit(1).scalar_subquery()
    await store.write(lambda session: session.run(update(incoming).where(incoming.c.digest == one).values(tries=1)))
    await store.write(keep_incoming, **fresh)
    origins = await store.read(lambda session: {row.origin for row in session.rows(select(incoming.c.origin))})
    assert (len(origins), "https://new.example" in origins) == (1_000, True)


async def test_followers_are_a_number_and_keys_are_kept_sealed(store_of_one):
    async with wired(store_of_one) as here:
        await here.reader.follow(here.handle())
        await here.engine.once()
        shown = (await here.room.get("/ap/dinkes/followers")).json()
        assert shown.keys() == {"@context", "id", "type", "totalItems"}
        assert await here.store.read(follower_count, "dinkes") == 1
