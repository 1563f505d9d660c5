"""Every recorded answer of X is read, refused by name, or holds no post; read where they lie."""

import json
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx
import pytest

from feedhub.connectors.api import Said
from feedhub.connectors.exchange import Answer
from feedhub.connectors.x import connector, limits_of
from feedhub.connectors.x_refusal import refusal
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document
from feedhub.posts.dates import read_date
from feedhub.posts.post import PostType

FOLDER = Path(__file__).parents[3] / "shared" / "payloads" / "x"
FILES = sorted(FOLDER.rglob("*.json"))
NOW = datetime(2026, 8, 1, 15, tzinfo=UTC)

# An answer of which no post can be made, and what a visit that met it would end with.
REFUSED = {"python-twitter/streams/delete_error": "bad_status"}
NO_POST = {
    "docs/openapi-2.167-subset": "the description of the API; tests of the names stand on it",
    "granary/test_twitter": "shapes of API 1.1, with which X no longer answers",
    "playground/activity_stream": "an event of the push API, with words for values",
    "playground/activity_subscriptions": "subscriptions of the push API",
    "playground/activity_subscriptions_{subscription_id}": "subscriptions of the push API",
    "playground/media_{media_key}": "a picture without its post",
    "playground/tweets_compliance_stream": "an event with an id alone",
    "playground/usage_tweets": "how much the app has used",
    "python-twitter/apis/authflow/bearer_token": "a token",
    "python-twitter/apis/authflow/invalidate_token": "a token",
    "python-twitter/apis/tweet/tweets_counts_all_resp": "numbers of posts",
    "python-twitter/apis/tweet/tweets_counts_recent_resp": "numbers of posts",
    "python-twitter/apis/user/user_resp": "profiles",
    "python-twitter/models/compliance_job": "a job",
    "python-twitter/models/list": "a list of people",
    "python-twitter/models/meta": "the end of a page",
    "python-twitter/models/meta_stream": "what became of rules",
    "python-twitter/models/rule": "a rule of a stream",
    "python-twitter/models/space": "a conversation by voice",
    "python-twitter/models/user": "profiles",
    "python-twitter/streams/delete_rules": "what became of rules",
    "python-twitter/streams/get_rules": "rules of a stream",
    "python-twitter/streams/post_rules": "rules of a stream",
    "tweepy/get_me": "profiles",
    "tweepy/get_user": "profiles",
    "tweepy/get_users": "profiles",
}
if not FILES:
    print(f"{FOLDER.name}: 62 recorded files are not here and were not read")  # noqa: T201 - the contract of shared payloads


def name_of(path):
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def answers_in(path):
    """What X said, with what stands alone in a file put where an answer would have it."""
    said = json.loads(path.read_text())
    if isinstance(said, list):
        yield from (one.get("response") or one["body"] for one in said)
    elif path.parent.name == "models":
        yield completed(path.stem, said)
    else:
        yield said


def completed(kind, said):
    post = {"id": "1212092628029698048", "text": "Halo"}
    if kind == "tweet":
        return {"data": said}
    if kind == "media":
        keys = {"attachments": {"media_keys": [said["media_key"]]}}
        return {"data": post | keys, "includes": {"media": [said]}}
    if kind == "poll":
        return {"data": post | {"attachments": {"poll_ids": [said["id"]]}}, "includes": {"polls": [said]}}
    if kind == "place":
        return {"data": post | {"geo": {"place_id": said["id"]}}, "includes": {"places": [said]}}
    return {"data": said["tweets"], "includes": said} if kind == "expansions" else said


def posts_said(value):
    """Posts where an answer has them: as what was asked for, and beside it."""
    data = value.get("data") if isinstance(value, dict) else None
    beside = value.get("includes", {}).get("tweets", []) if isinstance(value, dict) else []
    everything = [*(data if isinstance(data, list) else [data]), *(beside if data is not beside else [])]
    return [one for one in everything if isinstance(one, dict) and "text" in one and "id" in one]


def posts_in(value):
    document = Document(url="https://api.x.com/2/tweets", body=json.dumps(value).encode(), fetched_at=NOW)
    assert connector.split(document) == connector.split(document)
    return [connector.read(payload) for payload in connector.split(document).payloads]


def said_of(status, headers, body):
    answer = Answer(
        status=status, url="https://api.x.com/2/x", headers=httpx.Headers(headers), body=json.dumps(body).encode()
    )
    return Said(answer=answer, value=body)


def hold_against(said, post, includes):
    """What the normal form says is what X said."""
    ids = list(dict.fromkeys([*said.get("edit_history_tweet_ids", ()), said["id"]]))
    assert (post.native_id, list(post.aliases)) == (ids[0], ids[1:])
    if created := said.get("created_at"):
        assert post.published_at == read_date(created).astimezone(UTC).replace(microsecond=0)
    kinds = {one["type"] for one in said.get("referenced_tweets") or ()}
    if "retweeted" in kinds:
        assert (post.type, post.content_text) == (PostType.REPOST, "")
        assert post.repost_of
        return
    if "replied_to" in kinds:
        is_own = said.get("in_reply_to_user_id") == said.get("author_id") is not None
        assert post.type is (PostType.THREAD if is_own else PostType.REPLY)
    elif "quoted" in kinds and not said.get("in_reply_to_user_id"):
        assert post.type is PostType.QUOTE
    note = said.get("note_tweet") or said
    words = [word for word in unescape(note["text"]).split() if "t.co" not in word and not word.startswith("@")]
    assert [word for word in words if word not in post.content_text] == []
    assert {tag["tag"] for tag in note.get("entities", {}).get("hashtags", ())} <= set(post.tags)
    keys = set(said.get("attachments", {}).get("media_keys", ()))
    shown = [one for one in includes.get("media", ()) if one["media_key"] in keys and has_address(one)]
    assert len(post.media) == len({one["media_key"] for one in shown})
    polls = set(said.get("attachments", {}).get("poll_ids", ()))
    assert (post.poll is not None) == any(one["id"] in polls for one in includes.get("polls", ()))
    metrics = said.get("public_metrics")
    assert (post.counts or {}).get("likes") == (metrics["like_count"] if metrics else None)


def has_address(medium):
    return "url" in medium or "preview_image_url" in medium or "variants" in medium


def read_all(path):
    """How many posts of a file were read."""
    read = 0
    for value in answers_in(path):
        said = posts_said(value)
        includes = value.get("includes", {}) if isinstance(value, dict) else {}
        posts = posts_in({"data": said, "includes": includes, "meta": {}})
        for one, post in zip(said, posts, strict=True):
            hold_against(one, post, includes)
        read += len(posts)
    return read


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_recorded_file_is_read_refused_or_without_posts(path):
    name, read = name_of(path), read_all(path)
    if name in REFUSED:
        body = next(answers_in(path))
        assert refusal(said_of(400, {}, body), "@dinkes").outcome == REFUSED[name]
    elif name in NO_POST:
        assert read == 0, f"{name} holds posts, although {NO_POST[name]!r} is said of it"
    else:
        assert read, f"nothing in {name} was read: say why in NO_POST"


def test_counts_of_the_corpus():
    posts = sum(read_all(path) for path in FILES)
    names = {name_of(path) for path in FILES}
    read = len(names - NO_POST.keys() - REFUSED.keys())
    print(  # noqa: T201 - the contract of shared payloads
        f"\nx: {len(names)} files: {posts} posts read from {read}, {len(names & REFUSED.keys())} refused by name, "
        f"{len(names & NO_POST.keys())} without a post"
    )
    assert not FILES or posts > 150
    assert not FILES or NO_POST.keys() | REFUSED.keys() <= names


@pytest.mark.skipif(not FILES, reason="the recorded files are not here")
def test_what_is_no_answer_is_unreadable():
    with pytest.raises(Unreadable):
        connector.split(
            Document(
                url="https://api.x.com/", body=(FOLDER / "granary" / "test_twitter.json").read_bytes(), fetched_at=NOW
            )
        )


@pytest.mark.skipif(not FILES, reason="the recorded files are not here")
def test_recorded_rate_headers_are_read():
    (exchange,) = json.loads((FOLDER / "tweepy" / "get_users_tweets.json").read_text())
    limits = limits_of(said_of(200, exchange["headers"], exchange["body"]))
    assert (limits.left, limits.resets_at) == (1498, datetime(2022, 10, 7, 22, 53, 48, tzinfo=UTC))


@pytest.mark.skipif(not FILES, reason="the recorded files are not here")
def test_both_generations_of_names_are_in_the_description():
    schema = json.loads((FOLDER / "docs" / "openapi-2.167-subset.json").read_text())["components"]["schemas"]
    names = schema["Post"]["properties"].keys()
    assert {"edit_history_post_ids", "referenced_posts", "note_post", "article", "withheld"} <= names
    assert "repost_count" in schema["PostPublicMetrics"]["properties"]
