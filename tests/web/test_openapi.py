"""The description describes what is there."""

import re
from dataclasses import replace

from jsonschema import Draft202012Validator

from feedhub.posts.post import Event
from feedhub.settings import Settings
from feedhub.web.app import create_app
from feedhub.web.openapi import document
from feedhub.web.openapi_desk import desk_paths
from feedhub.web.openapi_inbox import inbox_paths
from feedhub.web.openapi_webhooks import webhooks_paths
from web.newsroom import CLINIC, NOW, PUBLIC_URL, numbered

# Where each documented path is really asked in these tests.
ASKED = {
    "/api/v1/posts": "/api/v1/posts?limit=2",
    "/api/v1/posts.ndjson": "/api/v1/posts.ndjson?limit=2",
    "/api/v1/posts.csv": "/api/v1/posts.csv?limit=2",
    "/api/v1/posts/{id}": "/api/v1/posts/{post}",
    "/api/v1/posts/{id}/versions": "/api/v1/posts/{post}/versions",
    "/.well-known/feedhub-keys.json": "/.well-known/feedhub-keys.json",
    "/schemas/{name}.json": "/schemas/post.json",
    "/api/v1/changes": "/api/v1/changes?limit=2",
    "/api/v1/departments": "/api/v1/departments",
    "/api/v1/accounts": "/api/v1/accounts",
    "/api/v1/accounts/{id}": f"/api/v1/accounts/{CLINIC.id}",
    "/api/v1/kinds": "/api/v1/kinds",
    "/api/v1/verify": "/api/v1/verify?url=https://kabar.example/posts/{post}",
    "/feed.{format}": "/feed.rss",
    "/departments/{slug}/feed.{format}": "/departments/dinkes/feed.atom",
    "/kinds/{kind}/feed.{format}": "/kinds/news/feed.json",
    "/events.ics": "/events.ics",
    "/departments/{slug}/events.ics": "/departments/dinkes/events.ics",
    "/posts/{id}/event.ics": "/posts/{post}/event.ics",
    "/feeds.opml": "/feeds.opml",
    "/livez": "/livez",
    "/readyz": "/readyz",
    "/metrics": "/metrics",
}
# Its answer does not end: test_changes.py asks it.
ENDLESS = {"/api/v1/stream"}
DOCUMENT = document(PUBLIC_URL)


def asked_elsewhere() -> set[str]:
    return {*ENDLESS, *inbox_paths(), *webhooks_paths(), *desk_paths()}


def resolved(schema: dict) -> dict:
    """The schema with the document's own definitions beside it."""
    return {**schema, "components": DOCUMENT["components"]}


def assert_same_keys(example: object, real: object) -> None:
    if isinstance(example, dict) and isinstance(real, dict):
        assert example.keys() == real.keys()
        for key in example:
            assert_same_keys(example[key], real[key])
    if isinstance(example, list) and isinstance(real, list) and example and real:
        assert_same_keys(example[0], real[0])


async def test_real_answers_have_the_documented_shape_and_the_examples_theirs(room):
    await room.publish(replace(numbered(0), event=Event(starts_at=NOW)))
    post = (await room.get("/api/v1/posts?limit=1")).json()["posts"][0]["id"]
    assert ASKED.keys() == DOCUMENT["paths"].keys() - asked_elsewhere()  # their own tests do
    for path, target in ASKED.items():
        told = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]
        answer = await room.get(target.format(post=post))
        media_type = answer.headers["content-type"].partition(";")[0]
        assert answer.status_code == 200
        assert media_type in told
        if media_type == "application/json":
            schema = Draft202012Validator(resolved(told[media_type]["schema"]))
            schema.validate(answer.json())
            schema.validate(told[media_type]["example"])
            assert_same_keys(told[media_type]["example"], answer.json())


async def test_documented_problems_are_real_ones(room):
    gone = await room.withdraw(numbered(1))
    responses = DOCUMENT["paths"]["/api/v1/posts/{id}"]["get"]["responses"]
    for status, target in {"410": f"/api/v1/posts/{gone}", "422": "/api/v1/posts?department=dinkez"}.items():
        told = responses[status]["content"]["application/problem+json"]
        real = (await room.get(target)).json()
        Draft202012Validator(resolved(told["schema"])).validate(real)
        assert_same_keys(told["example"], real)
        assert told["example"]["title"] == real["title"]


async def test_the_document_is_served_and_so_are_its_pages_for_people(room):
    assert (await room.get("/openapi.json")).json() == DOCUMENT
    page = await room.get("/docs")
    assert page.status_code == 200
    scripts = re.findall(r"<script ([^>]*)>", page.text)
    assert all(one.startswith(('src="/static/', 'type="application/ld+json"')) for one in scripts)
    foreign = re.findall(r'(?:src|href)="(https?://[^"]+)"', page.text)
    assert [url for url in foreign if not url.startswith((PUBLIC_URL, "https://creativecommons.org/"))] == []
    for path in DOCUMENT["paths"]:
        assert path in page.text


async def test_every_parameter_that_is_documented_is_known(room):
    for path, operations in DOCUMENT["paths"].items():
        for parameter in operations.get("get", {"parameters": ()})["parameters"]:
            if parameter["in"] == "query" and path not in {"/metrics", *asked_elsewhere()}:
                target = ASKED[path].partition("?")[0]
                answer = await room.get(f"{target}?{parameter['name']}=zz")
                unknown = "There is no parameter" in answer.text
                assert not unknown, (path, parameter["name"])


def test_every_address_for_programs_is_documented():
    app = create_app(Settings(_env_file=None))._app
    served = {route.path.replace("{name}", "{format}").replace("{alias}", "{kind}") for route in _routes(app.routes)}
    served = {path.replace(":path}", "}") for path in served}
    for_programs = {path for path in served if path.startswith("/api/") or "feed" in path or path.endswith(".opml")}
    assert for_programs - {"/widget/v1/feedhub.js"} <= DOCUMENT["paths"].keys()


def test_it_is_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1.")
    names = re.compile(r"\{(\w+)\}")
    for path, operations in DOCUMENT["paths"].items():
        for asked in operations.values():
            in_path = {each["name"] for each in asked["parameters"] if each["in"] == "path"}
            assert in_path == set(names.findall(path))
            assert {"summary", "responses"} <= asked.keys()
            assert all("description" in answer for answer in asked["responses"].values())
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    references = set(re.findall(r"'#/components/schemas/(\w+)'", str(DOCUMENT)))
    assert references <= DOCUMENT["components"]["schemas"].keys()


def _routes(routes):
    for route in routes:
        if hasattr(route, "path"):
            yield route
        else:
            yield from _routes(getattr(route, "routes", []))
