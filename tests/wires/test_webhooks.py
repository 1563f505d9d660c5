"""Webhooks end to end: what is asked over HTTP, what the wire does, what a receiver gets."""

import asyncio
import json
from dataclasses import replace
from uuid import UUID

import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator
from standardwebhooks.webhooks import Webhook
from starlette.responses import RedirectResponse, Response

from feedhub.accounts.kinds import Kind
from feedhub.connectors.http import Http
from feedhub.payloads.signatures import shown_secret
from feedhub.posts.decisions import post_id
from feedhub.posts.post import PostType
from feedhub.store.api_keys import revoke_key
from feedhub.store.credentials import seal_all_anew
from feedhub.store.sealing import Keyring
from feedhub.store.secrets import made_signing_key
from feedhub.store.session import open_store
from feedhub.store.webhooks import signing_secrets, webhook
from feedhub.views.webhooks import EVENTS
from feedhub.web.openapi import document
from feedhub.web.openapi_webhooks import webhooks_paths
from feedhub.wires.wire import EventKind
from web.newsroom import CLINIC, RESCUE, numbered
from wires.hooked import ALL, PLACE, bearing, hooked_up, key_for
from wires.receivers import as_json, as_text, plain

POST = numbered(1)
EDITED = replace(POST, title="Kabar baru")


@pytest_asyncio.fixture
async def hooked(sqlite_url):
    store = open_store(sqlite_url)
    async with hooked_up(store) as hooked:
        yield hooked
    await store.close()


@pytest_asyncio.fixture
async def hooked_on_both(store):
    async with hooked_up(store) as hooked:
        yield hooked


def answering(status: int, **headers: str):
    return lambda _: Response("siap", status, {name.replace("_", "-"): said for name, said in headers.items()})


def titles(hooked) -> list[str]:
    return [one.said["data"]["post"]["title"] for one in hooked.receiver.told]


# What is told


async def test_a_receiver_hears_of_posts_edits_and_withdrawals_as_followers_of_changes_do(hooked_on_both):
    hooked = hooked_on_both
    made = await hooked.active()
    followed, after = [], made["told_through"]
    for act in (hooked.publish(POST), hooked.publish(EDITED), hooked.room.withdraw(POST)):
        await act
        await hooked.turn()
        followed += (await hooked.room.get(f"/api/v1/changes?after={after}&wait=5")).json()["changes"]
        after = followed[-1]["change"]
    told = hooked.receiver.told
    assert [one.type for one in told] == ["post.published", "post.updated", "post.withdrawn"]
    assert [one.said["data"] for one in told] == followed
    assert [one.said["timestamp"] for one in told] == [change["at"] for change in followed]
    assert b"Kabar" not in told[-1].body
    kept = await hooked.deliveries(made)
    assert [one["id"] for one in reversed(kept)] == [one.id for one in told]
    assert {(one["state"], one["tries"], one["status"], one["fault"]) for one in kept} == {("sent", 1, 204, None)}


async def test_the_library_verifies_what_is_sent_by_a_secret_that_is_shown_once(hooked):
    made = await hooked.active()
    await hooked.publish(POST)
    await hooked.turn()
    for one in hooked.receiver.got:
        assert Webhook(made["secret"]).verify(one.body, one.headers) == one.said
        assert one.headers["content-type"] == "application/json"
    assert made["secret"].startswith("whsec_")
    everything = (await hooked.ask("GET")).text + (await hooked.ask("GET", f"/{made['id']}")).text
    assert made["secret"] not in everything
    assert "challenge" not in everything


FILTERS = [
    ({}, ["Kabar 1", "Kabar 2", "Kabar 3"]),
    ({"department": ["bpbd"]}, ["Kabar 3"]),
    ({"department": "dinas-kesehatan"}, ["Kabar 1", "Kabar 2"]),
    ({"group": ["Badan"], "area": "Mayangan"}, ["Kabar 3"]),
    ({"account": [str(RESCUE.id)]}, ["Kabar 3"]),
    ({"platform": ["webfeed", "x"]}, ["Kabar 1", "Kabar 2"]),
    ({"kind": ["layanan"]}, ["Kabar 1", "Kabar 3"]),
    ({"tag": ["#Imunisasi"]}, ["Kabar 1", "Kabar 2"]),
    ({"type": ["reply"]}, ["Balasan"]),
    ({"language": ["id"], "kind": ["news"]}, ["Kabar 2"]),
]


async def test_a_receiver_gets_what_its_filters_leave(hooked):
    for number, (filters, _) in enumerate(FILTERS):
        await hooked.made(f"/{number}", filters=filters)
    await hooked.publish(numbered(1), numbered(2), numbered(4, type=PostType.REPLY, title="Balasan"))
    await hooked.publish(numbered(3), account=RESCUE)
    await hooked.turn()
    for number, (filters, expected) in enumerate(FILTERS):
        told = [one.said["data"]["post"]["title"] for one in hooked.receiver.told_at(f"/{number}")]
        assert sorted(told) == expected, filters


async def test_who_was_told_hears_of_the_end_even_where_the_post_no_longer_fits(hooked):
    made = await hooked.active(filters={"kind": ["service"], "department": ["dinkes"]})
    await hooked.publish(POST)
    await hooked.turn()
    await hooked.publish(replace(POST, kinds=(Kind.NEWS,), title="Lain"))
    await hooked.turn()
    await hooked.room.withdraw(POST)
    await hooked.turn()
    assert [one.type for one in hooked.receiver.told] == ["post.published", "post.withdrawn"]
    assert len(await hooked.deliveries(made)) == 2


async def test_corrections_and_withdrawals_can_not_be_refused(hooked):
    made = await hooked.active(events=["post.published"])
    assert made["events"] == ["post.published", "post.corrected", "post.withdrawn"]
    for act in (hooked.publish(POST), hooked.publish(EDITED), hooked.room.withdraw(POST)):
        await act
        await hooked.turn()
    assert [one.type for one in hooked.receiver.told] == ["post.published", "post.withdrawn"]


def test_events_have_the_same_names_for_those_who_ask_and_those_who_tell():
    assert tuple(EVENTS) == tuple(kind.value for kind in EventKind)


# Verification


CHALLENGED = [
    (as_text, "active", None),
    (as_json, "active", None),
    (lambda said: Response(f'  "{said["data"]["challenge"]}"\n'), "active", None),
    (lambda said: Response(said["data"]["challenge"], 201), "active", None),
    (lambda said: Response(json.dumps(said)), "pending", "without the challenge"),
    (lambda _: Response("ok"), "pending", "without the challenge"),
    (lambda _: Response('{"challenge": null}'), "pending", "without the challenge"),
    (lambda _: Response("[" * 5_000), "pending", "without the challenge"),
    (lambda _: Response("x" * 300_000), "pending", "FeedHub takes at most"),
    (lambda said: Response(said["data"]["challenge"], 404), "pending", "answered 404"),
    (lambda said: Response(said["data"]["challenge"], 410), "pending", "answered 410"),
    (lambda _: RedirectResponse("/elsewhere"), "pending", "redirects"),
]


async def test_only_who_answers_with_the_challenge_is_told(hooked):
    hooks = []
    for number, (challenged, _, _) in enumerate(CHALLENGED):
        hooked.receiver.at[f"/{number}"] = lambda said, way=challenged: (
            way(said) if "challenge" in said["type"] else plain(said)
        )
        hooks.append(await hooked.made(f"/{number}"))
    assert {made["state"] for made in hooks} == {"pending"}
    await hooked.publish(POST)
    await hooked.turn()
    for number, (_, state, fault) in enumerate(CHALLENGED):
        seen, path = await hooked.seen(hooks[number]), f"/{number}"
        assert (seen["state"], seen["fault"] is None) == (state, fault is None), seen
        assert (fault or "") in (seen["fault"] or "")
        assert len(hooked.receiver.told_at(path)) == (state == "active")  # of what happened since it was made
        (challenge,) = [one for one in hooked.receiver.challenges if one.path == path]
        assert challenge.is_signed_by(hooks[number]["secret"])


async def test_a_challenge_is_repeated_for_a_day_with_the_same_id_and_then_no_more(hooked):
    hooked.receiver.challenged = answering(500)
    made = await hooked.made()
    for _ in range(27):
        await hooked.turn(minutes=61)
    assert (await hooked.state(made)) == "disabled"
    assert "within a day" in (await hooked.seen(made))["fault"]
    challenges = hooked.receiver.challenges
    assert 20 <= len(challenges) <= 30
    assert len({(one.id, one.body) for one in challenges}) == 1
    await hooked.turn(days=2)
    assert len(hooked.receiver.challenges) == len(challenges)


async def test_a_receiver_that_comes_up_late_is_told_of_everything_since_it_was_made(hooked):
    hooked.receiver.challenged = answering(503)
    made = await hooked.made()
    await hooked.publish(POST)
    await hooked.turn()
    hooked.receiver.challenged = as_json
    await hooked.turn(hours=2)
    assert (await hooked.state(made)) == "active"
    assert titles(hooked) == ["Kabar 1"]


async def test_a_disabled_one_goes_on_after_another_challenge(hooked):
    made = await hooked.active()
    hooked.receiver.answers = answering(410)
    await hooked.publish(POST, numbered(2))
    await hooked.turn()
    seen = await hooked.seen(made)
    assert (seen["state"], seen["fault"]) == ("disabled", "It answered 410: it wants to be told no more.")
    refused = await hooked.ask("PATCH", f"/{made['id']}", {"paused": True})
    assert refused.status_code == 422
    again = await hooked.ask("PATCH", f"/{made['id']}", {"description": "Kembali"})
    assert again.json()["state"] == "disabled"
    again = await hooked.ask("PATCH", f"/{made['id']}", {"paused": False})
    assert (again.json()["state"], again.json()["fault"]) == ("pending", None)
    hooked.receiver.answers = answering(200)
    await hooked.turn()
    await hooked.publish(numbered(3))
    done = (await hooked.ask("POST", f"/{made['id']}/redeliver")).json()
    assert done == {"redelivered": 2, "left_out": 0}
    await hooked.turn()
    assert set(titles(hooked)) == {"Kabar 1", "Kabar 2", "Kabar 3"}
    assert {one["state"] for one in await hooked.deliveries(made)} == {"sent"}
    challenges = hooked.receiver.challenges
    assert len({one.said["data"]["challenge"] for one in challenges}) == len(challenges) == 2


async def test_another_address_answers_a_challenge_of_its_own(hooked):
    made = await hooked.active()
    hooked.receiver.answers = answering(500)
    await hooked.publish(POST)
    await hooked.turn()
    hooked.receiver.answers, hooked.receiver.challenged = answering(204), answering(500)
    moved = await hooked.ask("PATCH", f"/{made['id']}", {"url": hooked.receiver.url + "/baru"})
    assert (moved.json()["state"], moved.json()["verified_at"]) == ("pending", None)
    before = len(hooked.receiver.told)
    await hooked.turn(minutes=1)
    assert len(hooked.receiver.told) == before  # what waits is not told to an address that did not answer
    hooked.receiver.challenged = as_json
    await hooked.turn(hours=2)
    assert hooked.receiver.got[-1].path == "/baru"
    assert len({one.id for one in hooked.receiver.told}) == 1


# How telling goes


ANSWERS = [
    (answering(200), "sent", 200, None, None),
    (answering(299), "sent", 299, None, None),
    (lambda _: Response("x" * 100_000), "sent", 200, None, None),
    (lambda _: RedirectResponse("/elsewhere", 308), "waiting", None, "redirects a POST", 5),
    (answering(304), "waiting", None, "nothing changed", 5),
    (answering(400), "waiting", 400, "answered 400 instead", 5),
    (answering(404), "waiting", 404, "answered 404", 5),
    (answering(410), "dead", 410, "answered 410", None),
    (answering(429), "waiting", 429, "answered 429", 5),
    (answering(429, retry_after="1800"), "waiting", 429, "answered 429", 1800),
    (answering(500, retry_after="1800"), "waiting", 500, "answered 500", 5),
    (answering(503, retry_after="7200"), "waiting", 503, "answered 503", 7200),
]


async def test_every_answer_has_its_consequence(hooked):
    hooks = [await hooked.active(f"/{number}") for number in range(len(ANSWERS))]
    hooked.receiver.at = {f"/{number}": answers for number, (answers, *_) in enumerate(ANSWERS)}
    await hooked.publish(POST)
    await hooked.turn()
    for made, (_, state, status, fault, wait) in zip(hooks, ANSWERS, strict=True):
        (one,) = await hooked.deliveries(made)
        assert (one["state"], one["status"], one["tries"]) == (state, status, 1), one
        assert (fault or "") in (one["fault"] or "")
        assert (one["next_try_at"] is None) is (wait is None)
    hooked.receiver.at = {}
    began = hooked.hours.at
    for elapsed in (3, 7, 1_790, 1_810, 7_190, 7_210):
        await hooked.turn(seconds=elapsed - (hooked.hours.at - began).total_seconds())
        for number, (*_, wait) in enumerate(ANSWERS):
            told = hooked.receiver.told_at(f"/{number}")
            assert len(told) == 1 + (wait is not None and wait <= elapsed), (number, elapsed)
            assert len({(one.id, one.body) for one in told}) == 1
    for made, (_, state, *_) in zip(hooks, ANSWERS, strict=True):
        (one,) = await hooked.deliveries(made)
        assert (one["state"], one["tries"]) == (("sent", 2) if state == "waiting" else (state, 1))


async def test_a_receiver_that_dawdles_is_left_at_the_deadline(hooked):
    made = await hooked.active()
    hooked.receiver.delay = 2.5
    await hooked.publish(POST)
    await hooked.turn()
    hooked.receiver.delay = 0
    (one,) = await hooked.deliveries(made)
    assert one["state"] == "waiting"
    assert "within 2 seconds" in one["fault"]


async def test_a_receiver_that_is_not_there_is_named_in_the_fault(hooked):
    made = await hooked.active()
    await hooked.ask("PATCH", f"/{made['id']}", {"url": "http://127.0.0.1:9/"})
    await hooked.turn()
    seen = await hooked.seen(made)
    assert seen["state"] == "pending"
    assert "127.0.0.1" in seen["fault"]


async def test_a_dead_letter_is_visible_and_goes_out_again_by_the_same_id(hooked):
    made = await hooked.active()
    hooked.receiver.answers = answering(500)
    await hooked.publish(POST)
    await hooked.turn()
    await hooked.turn(hours=73)
    (dead,) = await hooked.deliveries(made, "?state=dead")
    assert (dead["tries"], dead["next_try_at"]) == (2, None)
    hooked.receiver.answers = answering(200)
    again = await hooked.ask("POST", f"/{made['id']}/deliveries/{dead['id']}/redeliver")
    assert (again.status_code, again.json()["state"], again.json()["tries"]) == (202, "waiting", 0)
    await hooked.turn()
    assert {one.id for one in hooked.receiver.told} == {dead["id"]}
    assert (await hooked.deliveries(made))[0]["state"] == "sent"
    await hooked.ask("POST", f"/{made['id']}/deliveries/{dead['id']}/redeliver")
    await hooked.turn()
    assert len({one.body for one in hooked.receiver.told}) == 1
    assert len(hooked.receiver.told) == 4


async def test_what_waits_is_sent_at_once_when_it_is_asked_for(hooked):
    made = await hooked.active()
    hooked.receiver.answers = answering(503, retry_after="7200")
    await hooked.publish(POST)
    await hooked.turn()
    hooked.receiver.answers = answering(204)
    (one,) = await hooked.deliveries(made)
    await hooked.ask("POST", f"/{made['id']}/deliveries/{one['id']}/redeliver")
    await hooked.turn()
    assert (await hooked.deliveries(made))[0]["state"] == "sent"


@pytest.mark.parametrize("act", ["edit", "withdraw"])
async def test_what_a_post_no_longer_says_is_never_sent_again(hooked, act):
    made = await hooked.active()
    hooked.receiver.answers = answering(500)
    await hooked.publish(POST, numbered(2))
    await hooked.turn()
    await hooked.turn(hours=73)
    hooked.receiver.answers = answering(204)
    await (hooked.publish(EDITED) if act == "edit" else hooked.room.withdraw(POST))
    mine = str(post_id(CLINIC.id, POST.native_id))
    old = next(one for one in await hooked.deliveries(made) if one["post"] == mine)
    refused = await hooked.ask("POST", f"/{made['id']}/deliveries/{old['id']}/redeliver")
    assert refused.status_code == 422
    assert "changed since" in refused.json()["detail"]
    assert (await hooked.ask("POST", f"/{made['id']}/redeliver")).json() == {"redelivered": 1, "left_out": 1}
    hooked.receiver.got.clear()
    await hooked.turn()
    assert all(b"Kabar 1" not in one.body for one in hooked.receiver.told)
    assert {one.type for one in hooked.receiver.told} >= {"post.published"}


async def test_dead_letters_are_sent_again_from_a_moment_on(hooked):
    made = await hooked.active()
    hooked.receiver.answers = answering(500)
    await hooked.publish(POST)
    await hooked.turn()
    await hooked.turn(hours=73)
    later = (hooked.hours.at.replace(microsecond=0)).isoformat()
    for since, again in (("2100-01-01T00:00:00Z", 0), (later, 1)):
        answer = await hooked.ask("POST", f"/{made['id']}/redeliver", {"since": since})
        assert (answer.status_code, answer.json()) == (202, {"redelivered": again, "left_out": 0})


async def test_deliveries_come_newest_first_in_pages(hooked):
    made = await hooked.active()
    await hooked.publish(*(numbered(number) for number in range(7)))
    await hooked.turn()
    found, target = [], f"/{made['id']}/deliveries?limit=3&state=sent,dead"
    while target:
        page = (await hooked.ask("GET", target)).json()
        assert len(page["deliveries"]) <= 3
        found += page["deliveries"]
        target = page["next"] and page["next"].partition(PLACE)[2]
    changes = [one["change"] for one in found]
    assert changes == sorted(changes, reverse=True)
    assert len({one["id"] for one in found}) == 7
    assert await hooked.deliveries(made, "?state=dead") == []


async def test_a_paused_one_is_told_of_everything_when_it_goes_on(hooked):
    made = await hooked.active()
    hooked.receiver.answers = answering(500)
    await hooked.publish(POST)
    await hooked.turn()
    hooked.receiver.answers, before = answering(204), len(hooked.receiver.told)
    paused = await hooked.ask("PATCH", f"/{made['id']}", {"paused": True})
    assert paused.json()["state"] == "paused"
    await hooked.publish(numbered(2))
    await hooked.turn(hours=1)
    assert len(hooked.receiver.told) == before
    resumed = await hooked.ask("PATCH", f"/{made['id']}", {"paused": False})
    assert resumed.json()["state"] == "active"
    await hooked.turn()
    assert sorted(titles(hooked)[before:]) == ["Kabar 1", "Kabar 2"]
    assert len(hooked.receiver.challenges) == 1


async def test_one_that_is_paused_before_it_answered_answers_when_it_goes_on(hooked):
    made = await hooked.made()
    await hooked.ask("PATCH", f"/{made['id']}", {"paused": True})
    await hooked.turn(days=3)
    assert hooked.receiver.got == []
    await hooked.ask("PATCH", f"/{made['id']}", {"paused": False})
    await hooked.turn()
    assert (await hooked.state(made)) == "active"


# Secrets and tests


async def test_both_secrets_sign_while_one_takes_the_others_place(hooked):
    made = await hooked.active()
    rotated = (await hooked.ask("POST", f"/{made['id']}/rotate")).json()
    assert rotated["secret"] != made["secret"]
    for hours, former in ((0, True), (23, True), (2, False)):
        await hooked.turn(hours=hours)
        await hooked.ask("POST", f"/{made['id']}/test")
        await hooked.turn()
        one = hooked.receiver.told[-1]
        assert one.is_signed_by(rotated["secret"])
        assert one.is_signed_by(made["secret"]) is former
        assert len(one.headers["webhook-signature"].split(" ")) == 1 + former


async def test_the_overlap_of_secrets_can_be_set(hooked):
    for hours in (0, 168):
        made = await hooked.active(f"/{hours}")
        await hooked.ask("POST", f"/{made['id']}/rotate", {"overlap_hours": hours})
    await hooked.publish(POST)
    await hooked.turn()
    for hours, signatures in ((0, 1), (168, 2)):
        (one,) = hooked.receiver.told_at(f"/{hours}")
        assert len(one.headers["webhook-signature"].split(" ")) == signatures


async def test_a_test_is_a_delivery_like_others(hooked):
    made = await hooked.active(events=["post.corrected"])
    first = await hooked.ask("POST", f"/{made['id']}/test")
    same = await hooked.ask("POST", f"/{made['id']}/test")
    assert first.status_code == 202
    assert first.json()["id"] == same.json()["id"]
    await hooked.turn()
    await hooked.ask("POST", f"/{made['id']}/test")
    await hooked.turn()
    assert [one.type for one in hooked.receiver.told] == ["webhook.test"] * 2
    assert len({one.id for one in hooked.receiver.told}) == 2
    assert {(one["type"], one["state"], one["post"]) for one in await hooked.deliveries(made)} == {
        ("webhook.test", "sent", None)
    }


async def test_only_an_active_one_is_tested(hooked):
    made = await hooked.made()
    refused = await hooked.ask("POST", f"/{made['id']}/test")
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "This webhook is pending; only an active one can be tested.",
    )


async def test_secrets_are_sealed_anew_with_the_credentials(hooked):
    made, store = await hooked.active(), hooked.room.store
    own = await store.write(made_signing_key)
    assert await store.write(seal_all_anew, Keyring((b"new", own))) >= 1
    assert await store.write(seal_all_anew, Keyring((b"new", own))) == 0
    kept = await store.read(webhook, UUID(made["id"]))
    assert shown_secret(signing_secrets(kept, Keyring((b"new",))).newest) == made["secret"]


# Who may


async def test_a_webhook_is_its_keys_and_its_successors_and_the_desks(hooked):
    made, store = await hooked.active(), hooked.room.store
    mine = (await hooked.ask("GET")).json()["webhooks"]
    assert [one["id"] for one in mine] == [made["id"]]
    successor = await key_for(store, follows=1)
    for key, is_seen in (
        (successor, True),
        (await key_for(store, "desk"), True),
        (await key_for(store, "desk", department="dinkes"), False),
        (await key_for(store), False),
    ):
        headers = {"headers": bearing(key)}
        assert len((await hooked.ask("GET", **headers)).json()["webhooks"]) == is_seen
        for method, path in (
            ("GET", ""),
            ("PATCH", ""),
            ("GET", "/deliveries"),
            ("POST", "/test"),
            ("POST", "/rotate"),
        ):
            said = {} if method == "PATCH" else None
            answer = await hooked.ask(method, f"/{made['id']}{path}", said, **headers)
            assert (answer.status_code == 404) is not is_seen, (method, path, answer.text)
    stranger = {"headers": bearing(await key_for(store))}
    assert (await hooked.ask("DELETE", f"/{made['id']}", **stranger)).status_code == 404
    assert (await hooked.ask("DELETE", f"/{made['id']}", headers=bearing(successor))).status_code == 204
    assert (await hooked.ask("GET", f"/{made['id']}")).status_code == 404
    await hooked.publish(POST)
    await hooked.turn()
    assert hooked.receiver.told == []


async def test_keys_of_other_scopes_and_no_keys_are_refused(hooked):
    inbox = await key_for(hooked.room.store, "inbox")
    assert (await hooked.ask("GET", headers={})).status_code == 401
    assert (await hooked.ask("GET", headers={"Authorization": "Bearer fh_x"})).status_code == 401
    narrow = await hooked.ask("POST", said={"url": hooked.receiver.url, "events": ALL}, headers=bearing(inbox))
    assert (narrow.status_code, narrow.json()["detail"]) == (403, "The key 'Redaksi' was not made for the webhooks.")


async def test_a_revoked_keys_webhooks_are_told_no_more(hooked):
    made = await hooked.active()
    desk = {"headers": bearing(await key_for(hooked.room.store, "desk"))}
    await hooked.room.store.write(revoke_key, 1, at=hooked.hours.at)
    await hooked.publish(POST)
    await hooked.turn(minutes=2)
    assert hooked.receiver.told == []
    seen = (await hooked.ask("GET", f"/{made['id']}", **desk)).json()
    assert (seen["state"], seen["fault"]) == (
        "disabled",
        "Its key was revoked or has ended, and no other took its place.",
    )


# What is refused


GOOD = {"url": "https://redaksi.example/feedhub", "events": ALL}
REFUSED = [
    (None, "The field url can't be taken: Field required."),
    (
        GOOD | {"url": "ftp://redaksi.example/"},
        "'ftp://redaksi.example/' is not an http(s) address that FeedHub can fetch.",
    ),
    (GOOD | {"url": "redaksi"}, "is not an http(s) address"),
    (GOOD | {"url": "http://redaksi.example/"}, "redaksi.example must be told over https"),
    (
        GOOD | {"url": "https://10.1.2.3/"},
        "FeedHub does not connect to 10.1.2.3: 10.1.2.3 is not a public address (private).",
    ),
    (GOOD | {"url": "https://[::1]/"}, "not a public address"),
    (GOOD | {"url": "https://[::ffff:10.0.0.1]/"}, "not a public address"),
    (GOOD | {"url": "https://169.254.169.254/latest"}, "not a public address (link-local)"),
    (GOOD | {"url": "https://0x7f.1/"}, "hides the address 127.0.0.1"),
    (GOOD | {"url": "https://2130706433/"}, "hides the address 127.0.0.1"),
    (GOOD | {"url": "https://8.8.8.8:8443/"}, "port 8443 is not one of 80 and 443"),
    (GOOD | {"url": "https://user:secret@redaksi.example/"}, "is not an http(s) address"),
    (GOOD | {"url": "https://x.example/" + "x" * 2000}, "The field url can't be taken"),
    ({"url": GOOD["url"]}, "The field events can't be taken: Field required."),
    (GOOD | {"events": []}, "Name the events that are to be told, at least one of post.published"),
    (GOOD | {"events": ["post.liked"]}, "There is no event 'post.liked'; known are post.published"),
    (GOOD | {"filters": {"q": "banjir"}}, "There is no filter 'q' for webhooks; known are department"),
    (GOOD | {"filters": {"department": ["dinkez"]}}, "There is no department 'dinkez'."),
    (GOOD | {"filters": {"kind": "gosip"}}, "There is no kind 'gosip'."),
    (GOOD | {"filters": {"account": ["x"]}}, "There is no account 'x'."),
    (GOOD | {"filters": ["dinkes"]}, "The field filters can't be taken"),
    (GOOD | {"secret": "whsec_x"}, "The field secret can't be taken: Extra inputs are not permitted."),
    (GOOD | {"description": "x" * 501}, "The field description can't be taken"),
    ([], "The body can't be taken"),
]


async def test_what_can_not_be_is_refused_in_one_sentence_or_never_connected_to(sqlite_url):
    store = open_store(sqlite_url)
    async with hooked_up(store, tell_allow="") as hooked:
        for said, sentence in REFUSED:
            answer = await hooked.ask("POST", said=said)
            assert answer.status_code == 422, (said, answer.text)
            assert sentence in answer.json()["detail"], said
            assert answer.json()["type"].endswith("#webhook-refused")
        assert (await hooked.ask("GET")).json() == {"webhooks": []}
        large = await hooked.ask("POST", said=GOOD | {"description": "x" * 70_000})
        assert (large.status_code, "at most 64 KiB" in large.json()["detail"]) == (413, True)
        inside = (await hooked.ask("POST", said=GOOD | {"url": "https://localhost.localdomain/"})).json()
        await hooked.turn()
        seen = await hooked.seen(inside)
        assert (seen["state"], bool(seen["fault"])) == ("pending", True)  # a name is judged when it is asked
        made = await hooked.ask("POST", said=GOOD)
        for said, sentence in ((GOOD | {"url": "https://127.0.0.1/"}, "not a public"), ({"state": "active"}, "Extra")):
            changed = await hooked.ask(
                "PATCH", f"/{made.json()['id']}", said if "state" in said else {"url": said["url"]}
            )
            assert (changed.status_code, sentence in changed.json()["detail"]) == (422, True)
    await store.close()


async def test_nobody_learns_where_a_name_leads_inside(hooked):
    async def inside(_host: str, _port: int) -> list[str]:
        return ["10.1.2.3"]

    [wire] = hooked.engine.wires
    wire.new_http = lambda: Http(contact="", public_url="https://kabar.example", resolver=inside)
    made = (await hooked.ask("POST", said=GOOD | {"url": "https://intranet.kota.example/"})).json()
    await hooked.turn()
    assert (await hooked.seen(made))["fault"] == "Its address does not lead to the public internet."


async def test_a_key_has_at_most_twenty(hooked):
    answers = [await hooked.ask("POST", said=GOOD) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [422]
    assert answers[-1].json()["detail"] == "A key can have at most 20 webhooks; delete one that is no longer needed."
    await hooked.ask("DELETE", f"/{answers[0].json()['id']}")
    assert (await hooked.ask("POST", said=GOOD)).status_code == 201


async def test_what_is_not_there_is_not_found(hooked):
    made = await hooked.made()
    nothing = "0d8f3c0e-6f2a-4c6b-9a53-1b0c2a8d7e11"
    for method, path, status in (
        ("GET", f"/{nothing}", 404),
        ("GET", "/x", 404),
        ("DELETE", f"/{nothing}", 404),
        ("POST", f"/{made['id']}/deliveries/{nothing}/redeliver", 404),
        ("POST", f"/{made['id']}/deliveries/x/redeliver", 404),
        ("GET", f"/{made['id']}/deliveries?state=lost", 422),
        ("GET", f"/{made['id']}/deliveries?cursor=%00", 422),
        ("GET", f"/{made['id']}/deliveries?cursor=eA==", 422),
        ("GET", f"/{made['id']}/deliveries?limit=0", 422),
        ("GET", f"/{made['id']}/deliveries?q=x", 422),
        ("POST", f"/{made['id']}/rotate?", 200),
    ):
        assert (await hooked.ask(method, path)).status_code == status, path
    for said in ({"overlap_hours": -1}, {"overlap_hours": 169}, {"overlap_hours": "x"}, []):
        assert (await hooked.ask("POST", f"/{made['id']}/rotate", said)).status_code == 422


async def test_engines_beside_each_other_challenge_once(hooked_on_both):
    hooked = hooked_on_both
    made = await hooked.made()
    await asyncio.gather(*(hooked.engine.once() for _ in range(4)))
    assert (await hooked.state(made)) == "active"
    assert len(hooked.receiver.challenges) == 1


# What the description says


async def test_answers_have_the_shapes_that_openapi_tells_of(hooked):
    documented = document("https://kabar.example")
    made = await hooked.made()
    await hooked.turn()
    await hooked.publish(POST)
    await hooked.turn()
    delivery = hooked.receiver.told[0].id
    asked = [
        ("POST", "", made["id"], {"url": hooked.receiver.url, "events": ALL}),
        ("GET", "", "", None),
        ("GET", "/{id}", made["id"], None),
        ("PATCH", "/{id}", made["id"], {"description": "Redaksi"}),
        ("POST", "/{id}/test", made["id"], None),
        ("POST", "/{id}/rotate", made["id"], {"overlap_hours": 1}),
        ("POST", "/{id}/redeliver", made["id"], {"since": "2026-11-20T00:00:00Z"}),
        ("GET", "/{id}/deliveries", made["id"], None),
        ("POST", "/{id}/deliveries/{delivery}/redeliver", made["id"], None),
        ("DELETE", "/{id}", made["id"], None),
    ]
    told = {(path, method) for path, operations in webhooks_paths().items() for method in operations}
    assert told == {(PLACE + path, method.lower()) for method, path, *_ in asked}
    for method, path, id, said in asked:
        answer = await hooked.ask(method, path.format(id=id, delivery=delivery), said)
        known = documented["paths"][PLACE + path][method.lower()]["responses"][str(answer.status_code)]
        for media in known.get("content", {}).values():
            schema = Draft202012Validator({**media["schema"], "components": documented["components"]})
            schema.validate(answer.json())
            schema.validate(media["example"])
