"""The public contract, held in files: what is in them is what newsrooms' programs were written for."""

import json
from functools import cache

import jsonschema
import pytest

from checkers import api_faults
from contract_made import DESCRIPTION, EXAMPLES, HERE, ROOT, files
from feedhub.web.schemas import SERVED, schema_document
from newsroom_systems import ninjs_faults, read_by_superdesk
from web.newsroom import numbered
from web.test_versions import verified

FILES = dict(files())
HOW = "{}: this is a change of the public contract. If it is meant: make contract, read the difference, and write it into the changelog."
# By the beginning of an example's name: the schema that it keeps; the narrowest comes first.
SHAPES = {
    "posts.json": "posts",
    "post-": "post",
    "versions": "versions",
    "changes": "changes",
    "change-": "change",
    "webhook-": "webhook-event",
    "feedhub-keys": "keys",
    "verify": "verify",
    "problem-": "problem",
}
ASKED = {
    "posts": "/api/v1/posts",
    "post": "/api/v1/posts/{post}",
    "versions": "/api/v1/posts/{post}/versions",
    "changes": "/api/v1/changes",
    "departments": "/api/v1/departments",
    "accounts": "/api/v1/accounts",
    "kinds": "/api/v1/kinds",
    "verify": "/api/v1/verify?url=https://kabar.example/posts/{post}",
    "keys": "/.well-known/feedhub-keys.json",
    "problem": "/api/v1/posts?department=nobody",
}
BREAKS = [
    ("post", "status", "published"),
    ("post", "kinds", ["news", "gossip"]),
    ("post", "version", "2"),
    ("post", "title", None),
    ("change", "status", "deleted"),
    ("change", "post", "…"),
]


@cache
def checker(name: str) -> jsonschema.Draft202012Validator:
    schema = schema_document(name, HERE)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def example(name: str) -> dict:
    return json.loads(FILES[EXAMPLES / name])


@pytest.mark.parametrize("path", FILES, ids=str)
def test_the_contract_is_as_it_was(path):
    held = (ROOT / path).read_bytes() if (ROOT / path).exists() else b""
    assert held == FILES[path], HOW.format(path)


def test_no_file_is_left_over():
    assert {path.relative_to(ROOT) for path in (ROOT / EXAMPLES).iterdir()} == FILES.keys() - {DESCRIPTION}


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".json" and path != DESCRIPTION], ids=str)
def test_every_example_keeps_the_schema_that_is_served(path):
    told = json.loads(FILES[path])
    if path.name.startswith("ninjs-"):
        assert ninjs_faults(told) == []
        assert read_by_superdesk(FILES[path])
        return
    shape = next(shape for beginning, shape in SHAPES.items() if path.name.startswith(beginning))
    checker(shape).validate(told)


def test_examples_are_of_every_kind_of_change_and_prove_what_they_say():
    withdrawn, gone = example("change-withdrawn.json"), example("change-gone.json")
    assert [(one["state"], one["post"]) for one in (withdrawn, gone)] == [("deleted", None)] * 2
    assert "Imunisasi" not in json.dumps([withdrawn, gone, example("ninjs-withdrawn.json")])
    keys = example("feedhub-keys.json")
    for told in example("versions.json")["posts"]:
        assert verified(told["proof"], keys)["content_text"] == told["content_text"]


def test_the_schemas_name_the_same_members_as_the_contract():
    """The one written by hand from the contract refuses what it does not know."""
    for path, body in FILES.items():
        if path.name.startswith("post-"):
            assert api_faults(body, "post") == []


@pytest.mark.parametrize(("shape", "member", "value"), BREAKS)
def test_a_schema_notices_what_is_wrong(shape, member, value):
    good = example(f"{shape}-normal.json")
    assert list(checker(shape).iter_errors(good)) == []
    assert list(checker(shape).iter_errors(good | {member: value}))
    assert list(checker(shape).iter_errors({name: said for name, said in good.items() if name != member}))


async def test_schemas_are_served_and_real_answers_keep_them(room):
    await room.withdraw(numbered(5))
    await room.publish(numbered(0, title="Diralat"))
    post = (await room.get("/api/v1/posts?limit=1")).json()["posts"][0]["id"]
    for name in SERVED:
        answer = await room.get(f"/schemas/{name}.json")
        assert answer.headers["content-type"] == "application/schema+json"
        assert answer.json() == schema_document(name, "https://kabar.example")
        if name in ASKED:
            checker(name).validate((await room.get(ASKED[name].format(post=post))).json())
    refused = await room.get("/schemas/nothing.json")
    assert (refused.status_code, refused.json()["status"]) == (404, 404)
