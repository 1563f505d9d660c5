"""What strangers do wrong at the doors: each is told what the door takes, with the status that says it."""

import pytest

from feedhub.store.api_keys import add_key
from web.newsroom import NOW

# path -> what all its routes take together
TAKEN = {
    "/hub": "POST, OPTIONS",
    "/mail": "POST, OPTIONS",
    "/api/v1/inbox": "POST, OPTIONS",
    "/api/v1/webhooks": "GET, POST, OPTIONS",
    "/api/v1/webhooks/1": "DELETE, GET, PATCH, OPTIONS",
    "/api/v1/desk/withdraw": "POST, OPTIONS",
    "/api/v1/log/1/acknowledge": "POST, OPTIONS",
    "/ap/dinkes/inbox": "POST, OPTIONS",
    "/ap/dinkes": "GET, HEAD, OPTIONS",
    "/data/2026-11.ndjson.gz": "GET, HEAD, OPTIONS",
}


@pytest.mark.parametrize(("path", "methods"), TAKEN.items())
async def test_a_door_names_the_methods_that_it_takes(room, path, methods):
    answer = await room.client.request("PUT", path)
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)
    if "text/html" not in answer.headers["content-type"]:
        words = methods.split(", ")
        assert f"Use {', '.join(words[:-1])} or {words[-1]}." in answer.text
    options = await room.client.options(path)
    assert (options.status_code, options.content) == (204, b"")


@pytest.mark.parametrize(
    "path", ["/hub", "/mail", "/api/v1/inbox", "/api/v1/webhooks", "/api/v1/desk/withdraw", "/ap/dinkes/inbox"]
)
async def test_an_enormous_body_is_too_large_at_every_door(room, path):
    made = await room.store.write(
        add_key, name="all", department=None, scopes=("inbox", "webhooks", "desk"), keyring=None, at=NOW
    )
    form = {"content-type": "application/x-www-form-urlencoded", "authorization": f"Bearer {made.key}"}
    answer = await room.client.post(path, content=b"a" * 3_000_000, headers=form)
    assert answer.status_code == 413
    if path.startswith(("/api/", "/ap/")):
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.json()["status"], answer.json()["type"].partition("#")[2]) == (413, "too-large")


@pytest.mark.parametrize(
    "path", ["/data/2026-13.ndjson.gz", "/data/nothing.jsonld", "/sitemap/2026-13.xml", "/feed.xml"]
)
async def test_a_file_that_is_not_there_is_told_to_programs(room, path):
    answer = await room.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_webfinger_without_a_resource_is_a_bad_request_told_as_a_problem(room):
    answer = await room.get("/.well-known/webfinger")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert (answer.json()["status"], answer.json()["parameter"]) == (400, "resource")


async def test_a_hub_that_is_pinged_says_that_it_needs_no_ping(room):
    answer = await room.client.post("/hub", data={"hub.mode": "publish", "hub.url": "https://kabar.example/feed.rss"})
    assert (answer.status_code, "nobody" in answer.text) == (422, True)


async def test_other_sites_may_read_what_is_public_behind_a_door_and_nothing_else(room):
    paths = {"/api/v1/stream?department=none": 422, "/api/v1/stream?after=99999": 410, "/data/nothing.gz": 404}
    for path, status in paths.items():
        answer = await room.get(path)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, "*"), path
    assert "access-control-allow-origin" not in (await room.get("/api/v1/webhooks")).headers


async def test_every_answer_of_the_api_says_where_its_asker_stands(room):
    for path in (
        "/api/v1/posts?limit=1",
        "/api/v1/stream?department=none",
        "/api/v1/webhooks",
        "/api/v1/desk/proposals",
    ):
        headers = (await room.get(path)).headers
        assert headers.get_list("ratelimit-policy") == ['"anonymous";q=6000;w=60'], path
        assert len(headers.get_list("ratelimit")) == 1, path
    assert "ratelimit" not in (await room.client.put("/hub")).headers
