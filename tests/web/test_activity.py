"""What servers of the fediverse find here, over HTTP."""

import lxml.html
import pytest

from web.newsroom import PUBLIC_URL, numbered, serving

ACTIVITY = "application/activity+json"


def path_of(url: str) -> str:
    assert url.startswith(PUBLIC_URL)
    return url.removeprefix(PUBLIC_URL)


@pytest.mark.parametrize("name", ["dinkes", "kabar_kota"])
async def test_a_handle_leads_to_an_actor_and_its_posts(room, name):
    finger = await room.get(f"/.well-known/webfinger?resource=acct:{name}@kabar.example")
    assert (finger.headers["content-type"], finger.headers["access-control-allow-origin"]) == (
        "application/jrd+json",
        "*",
    )
    [link] = [one for one in finger.json()["links"] if one["rel"] == "self"]
    actor = await room.get(path_of(link["href"]))
    assert (actor.headers["content-type"], actor.json()["id"]) == (ACTIVITY, link["href"])
    assert finger.json()["subject"] == f"acct:{actor.json()['preferredUsername']}@kabar.example"
    assert "BEGIN PUBLIC KEY" in actor.json()["publicKey"]["publicKeyPem"]
    for picture in (actor.json()["icon"], actor.json()["image"]):
        assert (await room.get(path_of(picture["url"]))).headers["content-type"] == picture["mediaType"]


async def test_an_outbox_holds_every_post_once(room):
    await room.publish(*(numbered(number) for number in range(10, 55)))
    outbox = (await room.get("/ap/dinkes/outbox")).json()
    seen, next_page = [], outbox["first"]
    while next_page:
        page = (await room.get(path_of(next_page))).json()
        assert page["partOf"] == outbox["id"]
        seen += [one["object"]["id"] for one in page["orderedItems"]]
        next_page = page.get("next")
    assert len(seen) == len(set(seen)) == outbox["totalItems"] == 55
    assert (await room.get("/ap/dinkes/outbox?page=true&before=guessed")).status_code == 422


async def test_a_post_is_a_note_until_it_is_withdrawn(room):
    post = numbered(3)
    page = await room.get("/search?q=%22Kabar+3%22")
    place = lxml.html.document_fromstring(page.text).xpath("//h2[@class='card-title']/a/@href")[0]
    shown = lxml.html.document_fromstring((await room.get(place)).text)
    [address] = shown.xpath(f"//link[@rel='alternate' and @type='{ACTIVITY}']/@href")
    note = await room.get(path_of(address))
    assert (note.status_code, note.headers["content-type"], note.json()["id"]) == (200, ACTIVITY, address)
    assert path_of(note.json()["url"]) == place
    await room.withdraw(post)
    gone = await room.until(path_of(address), lambda answer: answer.status_code == 410)
    assert gone.json()["type"] == "Tombstone"
    assert "Kabar" not in gone.text


async def test_slugs_of_before_lead_on(room):
    for rest in ("", "/outbox", "/followers"):
        answer = await room.get(f"/ap/dinas-kesehatan{rest}")
        assert (answer.status_code, answer.headers["location"]) == (308, f"{PUBLIC_URL}/ap/dinkes{rest}")
    finger = await room.get("/.well-known/webfinger?resource=acct:dinas-kesehatan@kabar.example")
    assert finger.json()["subject"] == "acct:dinkes@kabar.example"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/.well-known/webfinger", 400),
        ("/.well-known/webfinger?resource=acct:nobody@kabar.example", 404),
        ("/.well-known/webfinger?resource=acct:dinkes@evil.example", 404),
        ("/ap/nobody", 404),
        ("/ap/nobody/outbox", 404),
        ("/ap/posts/nothing", 404),
        ("/ap/dinkes/inbox", 405),
    ],
)
async def test_what_is_not_there_is_said_to_programs(room, target, status):
    answer = await room.get(target)
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) in {
        (status, "application/problem+json"),
        (400, "application/json"),
    }


async def test_nobody_has_an_inbox_but_who_is_here(room):
    for path, status in (
        ("/ap/dinkes/inbox", 202),
        ("/ap/dinas-kesehatan/inbox", 202),
        ("/ap/x/inbox", 404),
        ("/ap/%00/inbox", 404),
    ):
        assert (await room.client.post(path, content=b"{}")).status_code == status


async def test_node_information_counts_what_there_is(room):
    links = (await room.get("/.well-known/nodeinfo")).json()["links"]
    told = (await room.get(path_of(links[0]["href"]))).json()
    assert told["usage"] == {"users": {"total": 3}, "localPosts": 10}
    assert told["protocols"] == ["activitypub"]


async def test_city_that_wants_none_of_it_has_none_of_it(room):
    async with serving(room.store.database_url, fediverse="off") as client:
        for path in ("/ap/dinkes", "/.well-known/webfinger?resource=acct:dinkes@kabar.example", "/nodeinfo/2.1"):
            assert (await client.get(path)).status_code == 404
        assert (await client.post("/ap/inbox", content=b"{}")).status_code == 404
        assert "fediverse" not in (await client.get("/follow")).text
