"""Every recorded answer of Threads: read, refused by name, or listed with why no post is in it."""

import json

import pytest

from feedhub.accounts.account import Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.graph import renewed
from feedhub.connectors.graph_errors import refusal_of
from feedhub.connectors.threads import connector
from feedhub.failures import TokenExpired
from feedhub.posts.dates import read_date
from feedhub.posts.post import PostType
from graph_answers import NOW, read_all, recorded, said, told

FILES = recorded("threads")
READ = {"documented/user_threads.page.json": 4}
REFUSED = {"documented/error.token_expired.json": TokenExpired}
NO_POST = {
    "auth/threads_user_long_lived_token.json": "a token",
    "auth/threads_user_token.json": "a token",
}


def test_every_file_has_its_row():
    told("threads", FILES, READ, REFUSED, NO_POST, 4)


@pytest.mark.parametrize("name", [name for name in READ if name in FILES])
def test_recorded_posts_are_read_without_loss(name):
    body = FILES[name].read_bytes()
    items, posts = json.loads(body)["data"], read_all(connector, body)
    assert len(posts) == len(items) == READ[name]
    for item, post in zip(items, posts, strict=True):
        assert post.native_id == item["id"]
        assert post.source_url == item["permalink"]
        assert post.published_at == read_date(item["timestamp"])
        assert post.content_text == item.get("text", "")
        assert not item.get("topic_tag") or item["topic_tag"] in post.tags
        assert not item.get("link_attachment_url") or item["link_attachment_url"] in post.links
    assert [post.type for post in posts] == [PostType.ORIGINAL, PostType.ORIGINAL, PostType.REPOST, PostType.QUOTE]
    assert posts[3].poll.options == ("A", "B")


@pytest.mark.parametrize("name", [name for name in REFUSED if name in FILES])
def test_recorded_errors_have_names(name):
    failure = refusal_of(said(json.loads(FILES[name].read_bytes())), Platform.THREADS, now=NOW)
    assert type(failure) is REFUSED[name]
    assert "feedhub credentials link" in failure.remedy


@pytest.mark.parametrize("name", [name for name in NO_POST if name in FILES])
def test_tokens_hold_no_post(name):
    assert read_all(connector, FILES[name].read_bytes()) == []


def test_a_recorded_renewal_is_taken():
    name = "auth/threads_user_long_lived_token.json"
    if name in FILES:
        value = json.loads(FILES[name].read_bytes())
        old = Credential(platform=Platform.THREADS, token="old", others={"user_id": "1"}, id=7)
        fresh = renewed(said(value, status=200), old, platform=Platform.THREADS, now=NOW)
        assert (fresh.token, fresh.id, fresh.others) == (value["access_token"], 7, {"user_id": "1"})
        assert (fresh.expires_at - NOW).total_seconds() == value["expires_in"]
