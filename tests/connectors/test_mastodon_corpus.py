"""Every recorded answer of Mastodon and Pixelfed is read, refused by name, or holds no post; read where they lie."""

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from feedhub.connectors.api import Said
from feedhub.connectors.exchange import Answer
from feedhub.connectors.mastodon import connector
from feedhub.connectors.mastodon_answers import limits_of, refusal_of
from feedhub.errors import ItemUnreadable
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document
from feedhub.posts.dates import read_date
from feedhub.posts.post import PostType
from feedhub.posts.urls import canonical_url

FOLDER = Path(__file__).parents[3] / "shared" / "payloads" / "mastodon"
FILES = sorted(FOLDER.rglob("*.json"))
NOW = datetime(2026, 8, 1, 15, tzinfo=UTC)

# Answers of which no post can be made, and what a visit that met them would end with.
REFUSED = {
    "test_account_lookup": {"not_found"},
    "test_poll_illegal_vote": {"bad_status"},  # 422, to a vote, which FeedHub never casts
    "test_status_empty": {"bad_status"},  # 422, to a status without text
    "test_status_missing": {"not_found"},
    "test_timeline_link_fails": {"not_found"},
    "cassettes_pre_2_9_2/test_status_card": {"unreadable"},  # its gzip was spoiled in recording
}
NO_POST = {
    "test_account": "profiles",
    "test_accounts": "profiles",
    "test_media_post_file": "a file before its status was sent",
    "test_media_post_pathlib": "a file before its status was sent",
    "test_media_update": "a file and its new description",
    "test_stream_healthy": "the word OK",
    "test_entity_account": "profiles",
    "test_entity_instancev2": "an instance",
    "test_entity_statusedit": "older versions; they have no uri, and FeedHub keeps its own",
    "test_entity_tag": "trending tags",
    "test_entity_trendinglinkhistory": "trending links",
}
if not FILES:
    print(f"{FOLDER.name}: 65 recorded files are not here and were not read")  # noqa: T201 - the contract of shared payloads


def name_of(path):
    folder = path.parent.name
    return path.stem if folder in {"cassettes", "cassettes_entity_tests", "granary"} else f"{folder}/{path.stem}"


def answers_in(path):
    """What the instance said: status, headers, body; streams give each of their events."""
    said = json.loads(path.read_text())
    exchanges = (
        said if isinstance(said, list) else [{"status": 200, "body": body} for body in said.values() if is_status(body)]
    )
    for exchange in exchanges:
        body, headers = exchange["body"], exchange.get("headers", {})
        if isinstance(body, str) and "data: " in body:
            lines = [line.removeprefix("data: ") for line in body.splitlines() if line.startswith("data: {")]
            yield from ((exchange["status"], headers, json.loads(line)) for line in lines)
        else:
            yield exchange["status"], headers, body


def is_status(value):
    return isinstance(value, dict) and "uri" in value and "account" in value


def posts_in(value):
    document = Document(url="https://s.example/api/v1/x", body=json.dumps(value).encode(), fetched_at=NOW)
    assert connector.split(document) == connector.split(document)
    return [connector.read(payload) for payload in connector.split(document).payloads]


def said_of(status, headers, body):
    fields = {name: value for name, value in headers.items() if name != "link"}
    answer = Answer(
        status=status, url="https://s.example/api/v1/x", headers=httpx.Headers(fields), body=json.dumps(body).encode()
    )
    return Said(answer=answer, value=body)


def hold_against(status, post):
    """What the normal form says is what the status said."""
    assert post.native_id == status["uri"]
    assert post.published_at == (
        read_date(status["created_at"]).replace(microsecond=0) if "created_at" in status else None
    )
    if status.get("reblog"):
        assert (post.type, post.repost_of) == (PostType.REPOST, status["reblog"]["uri"])
        assert post.content_text == ""
        return
    media = [medium for medium in status.get("media_attachments", ()) if medium.get("url") or medium.get("remote_url")]
    assert [one.url for one in post.media] == [canonical_url(one.get("url") or one["remote_url"]) for one in media]
    assert [one.alt for one in post.media] == [one.get("description") for one in media]
    assert {tag["name"].lower() for tag in status.get("tags", ())} <= {tag.lower() for tag in post.tags}
    assert post.mentions == tuple(one["acct"] for one in status.get("mentions", ()))
    assert (post.edited_at is None) == (status.get("edited_at") is None)
    assert (post.poll is None) == (not status.get("poll"))
    quoted = (status.get("quote") or {}).get("quoted_status")
    assert post.repost_of == (quoted["uri"] if quoted else None)
    assert (post.in_reply_to is None) == (status.get("in_reply_to_id") is None)
    if card := (status.get("card") or {}).get("url"):
        assert canonical_url(card) in post.links
    if status.get("spoiler_text"):
        assert post.title == status["spoiler_text"]


def read_all(path):
    """How many statuses of a file became posts, how many were private, and what the refusals mean."""
    read, private, outcomes = 0, 0, set()
    for status, headers, body in answers_in(path):
        if status >= 400:
            outcomes.add(refusal_of(said_of(status, headers, body), None).outcome)
            continue
        if isinstance(body, str) and not body.isalpha():
            with pytest.raises(Unreadable):
                connector.split(Document(url="https://s.example/", body=body.encode(), fetched_at=NOW))
            outcomes.add(Unreadable.outcome)
        inner = body.get("last_status", body) if isinstance(body, dict) else body
        statuses = [one for one in (inner if isinstance(inner, list) else [inner]) if is_status(one)]
        shown = [one for one in statuses if one.get("visibility", "public") in {"public", "unlisted"}]
        posts = posts_in(statuses)
        assert len(posts) == len(shown)
        for said, post in zip(shown, posts, strict=True):
            hold_against(said, post)
        read, private = read + len(posts), private + len(statuses) - len(shown)
    return read, private, outcomes


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_recorded_file_is_read_refused_or_without_posts(path):
    name = name_of(path)
    read, private, outcomes = read_all(path)
    assert outcomes == REFUSED.get(name, set())
    if name in NO_POST:
        assert (read, private) == (0, 0), f"{name} holds posts, although {NO_POST[name]!r} is said of it"
    else:
        assert read or private or outcomes, f"nothing in {name} was read: say why in NO_POST"


def test_counts_of_the_corpus():
    found = [read_all(path) for path in FILES]
    posts, private = sum(one[0] for one in found), sum(one[1] for one in found)
    refused, empty = sum(1 for one in found if one[2]), sum(1 for path in FILES if name_of(path) in NO_POST)
    print(  # noqa: T201 - the contract of shared payloads
        f"\nmastodon: {len(FILES)} files: {posts} statuses read, {private} private ones left out, "
        f"{refused} files with refusals named, {empty} without a post"
    )
    assert not FILES or posts > 90
    assert not FILES or set(NO_POST) | set(REFUSED) <= {name_of(path) for path in FILES}


@pytest.mark.skipif(not FILES, reason="the recorded files are not here")
def test_recorded_rate_headers_are_read():
    path = next(path for path in FILES if path.stem == "test_status")
    limits = [limits_of(said_of(*said), NOW) for said in answers_in(path)]
    assert limits[0].left == 227
    assert limits[0].resets_at == datetime(2026, 8, 1, 15, 0, 0, limits[0].resets_at.microsecond, tzinfo=UTC)


def test_a_status_without_uri_is_unreadable():
    with pytest.raises(ItemUnreadable):
        posts_in({"id": "1", "content": "<p>Halo</p>"})
