"""Every recorded answer of Facebook: read, refused by name, or listed with why no post is in it."""

import json

import pytest

from feedhub.accounts.account import Platform
from feedhub.connectors.facebook import connector
from feedhub.connectors.facebook_post import unshimmed
from feedhub.connectors.graph import limits_in
from feedhub.connectors.graph_errors import refusal_of, usage_in
from feedhub.failures import PermissionMissing, RateLimited, TokenExpired
from feedhub.posts.dates import read_date
from feedhub.posts.urls import canonical_url, without_tracking
from graph_answers import NOW, read_all, recorded, said, told

FILES = recorded("facebook")
READ = {  # posts in it
    "granary/test_facebook.json": 3,
    "models/post.json": 1,
    "posts/feed_fields_p1.json": 5,
    "posts/feed_fields_p2.json": 5,
    "posts/feeds_default_fields_p1.json": 5,
    "posts/feeds_default_fields_p2.json": 5,
    "posts/multi_posts_data.json": 2,
    "posts/multi_posts_data_fields.json": 2,
    "posts/single_post_data.json": 1,
    "posts/single_post_data_fields.json": 1,
}
REFUSED = {
    "documented/error.190_expired.json": TokenExpired,
    "documented/error.32_page_rate_limit.json": RateLimited,
    "errors/base_error_data.json": PermissionMissing,
    "errors/error.json": PermissionMissing,
}
REASONS = {
    "albums": "an album; its pictures come with the post that announced it",
    "auth": "a token or what Facebook says of one",
    "comments": "people's comments are never collected",
    "events": "an event by itself; it is read as part of the post that announces it",
    "live_videos": "a film by itself; the post that shows it is listed among the posts",
    "pages": "a Page's profile",
    "photos": "a picture by itself; the post that shows it is listed among the posts",
    "users": "people and what they manage",
    "videos": "a film by itself; the post that shows it is listed among the posts",
}
NO_POST = {
    "documented/headers.buc_usage.json": "headers; read as usage",
    "documented/webhook.feed.add_edit_remove.json": "notices of a webhook that FeedHub does not subscribe to",
    **{
        f"models/{name}.json": f"no post but one {name.replace('_', ' ')}"
        for name in ("album", "comment", "live_video", "page", "photo", "video")
    },
    **{name: REASONS[folder] for name in FILES if (folder := name.partition("/")[0]) in REASONS},
}
KEEPS = {"photo", "album", "video_autoplay", "video_inline"}


def posts_in(value):
    """Posts as the file lists them, found without our code."""
    if "data" in value:
        return value["data"]
    return [value] if "id" in value else list(value.values())


def pictures_of(item):
    """How many pictures and films belong to the post itself."""
    attached = item.get("attachments", {}).get("data", [])
    if not attached:
        return int("full_picture" in item)
    pieces = [piece for one in attached for piece in one.get("subattachments", {}).get("data") or [one]]
    return sum(piece["type"] in KEEPS and "media" in piece for piece in pieces)


def test_every_file_has_its_row():
    told("facebook", FILES, READ, REFUSED, NO_POST, 68)


@pytest.mark.parametrize("name", [name for name in READ if name in FILES and not name.startswith("granary")])
def test_recorded_posts_are_read_without_loss(name):
    body = FILES[name].read_bytes()
    items, posts = posts_in(json.loads(body)), read_all(connector, body)
    assert len(posts) == len(items) == READ[name]
    for item, post in zip(items, posts, strict=True):
        assert post.native_id == item["id"]
        assert post.published_at == read_date(item["created_time"])
        assert post.source_url == item.get("permalink_url", f"https://www.facebook.com/{item['id']}")
        words = item.get("message") or item.get("story") or ""
        assert " ".join(post.content_text.split()) == " ".join(words.split())
        assert len(post.media) == pictures_of(item)
        assert post.edited_at is None
        for one in item.get("attachments", {}).get("data", []):
            if one["type"] == "share":
                assert without_tracking(canonical_url(unshimmed(one["unshimmed_url"]))) in post.links
        named = [tag["name"] for tag in item.get("message_tags", ()) if tag["type"] == "page"]
        assert set(post.mentions) == set(named)
        if "shares" in item:
            assert post.counts["reposts"] == item["shares"]["count"]


def test_posts_of_older_versions_are_read():
    name = "granary/test_facebook.json"
    if name in FILES:
        known = json.loads(FILES[name].read_bytes())
        found = {
            key: posts
            for key, value in known.items()
            if isinstance(value, dict) and (posts := read_all(connector, json.dumps(value).encode()))
        }
        assert set(found) == {"POST", "PHOTO_POST", "SHARE"}
        for key, posts in found.items():
            assert posts[0].native_id == known[key]["id"]
            assert posts[0].published_at == read_date(known[key]["created_time"])
            assert canonical_url(known[key]["link"]) in posts[0].links
            assert not set(posts[0].mentions) & {"Daniel M", "Friend 1", "Friend 2"}


@pytest.mark.parametrize("name", [name for name in REFUSED if name in FILES])
def test_recorded_errors_have_names(name):
    failure = refusal_of(said(json.loads(FILES[name].read_bytes())), Platform.FACEBOOK, now=NOW)
    assert type(failure) is REFUSED[name]
    assert failure.reason.endswith(".")
    assert len(failure.remedy) > 20


def test_recorded_usage_is_ample():
    name = "documented/headers.buc_usage.json"
    if name in FILES:
        headers = {key.replace("-", "_"): value for key, value in json.loads(FILES[name].read_bytes()).items()}
        answer = said({"data": []}, status=200, **headers)
        assert usage_in(answer).percent == 28
        assert limits_in(answer, now=NOW) is None


@pytest.mark.parametrize("name", [name for name in NO_POST if name in FILES])
def test_other_answers_hold_no_post(name):
    assert read_all(connector, FILES[name].read_bytes()) == []
