"""Every recorded answer of Instagram: read, refused by name, or listed with why no post is in it."""

import json

import pytest

from feedhub.accounts.account import Platform
from feedhub.connectors.graph_errors import refusal_of
from feedhub.connectors.instagram import connector
from feedhub.failures import AccountUnsupported
from feedhub.posts.dates import read_date
from graph_answers import NOW, read_all, recorded, said, told

FILES = recorded("instagram")
READ = {  # posts in it
    "discovery/medias_p1.json": 2,
    "discovery/medias_p2.json": 2,
    "documented/business_discovery.json": 1,
    "documented/media_2026.json": 2,
    "medias/media_default.json": 1,
    "medias/medias_fields.json": 2,
    "models/ig_media.json": 1,
    "users/medias_p1.json": 2,
    "users/medias_p2.json": 2,
}
REFUSED = {"documented/error.business_discovery_not_found.json": AccountUnsupported}
STORY = "stories last a day and are not collected"
NOT_ASKED = "an endpoint that FeedHub never asks"
NO_POST = {
    "discovery/user_fields.json": "a profile without media",
    "granary/test_instagram.json": "pages scraped behind a login, and an API that ended in 2020",
    "medias/comments_p1.json": "people's comments are never collected",
    "medias/comments_p2.json": "people's comments are never collected",
    "medias/insights.json": NOT_ASKED,
    "medias/insights_new.json": NOT_ASKED,
    "medias/product_tags.json": NOT_ASKED,
    "models/ig_story.json": STORY,
    "models/ig_user.json": "a profile without media",
    "stories/stories_default.json": STORY,
    "stories/stories_info.json": STORY,
    "stories/story_info.json": STORY,
    "users/available_catalogs.json": NOT_ASKED,
    "users/catalog_product_search.json": NOT_ASKED,
    "users/content_publish_limit.json": NOT_ASKED,
    "users/hashtag_search.json": NOT_ASKED,
    "users/live_medias.json": "a live film is not collected while it runs",
    "users/mentioned_comment.json": "people's comments are never collected",
    "users/mentioned_media.json": "somebody else's media that mentions the account",
    "users/product_appeal.json": NOT_ASKED,
    "users/recently_searched_hashtags.json": NOT_ASKED,
    "users/stories.json": STORY,
    "users/user_fields.json": "a profile without media",
    "users/user_insights.json": NOT_ASKED,
    "users/user_insights_new.json": NOT_ASKED,
}
# They look like posts of the account, but come from endpoints that are never asked; reading them must not fail.
ALIKE = {
    "medias/children.json": "pieces of a carousel, which come with it",
    "stories/stories_fields_p1.json": STORY,
    "stories/stories_fields_p2.json": STORY,
    "users/tagged_medias.json": "media of others in which the account is tagged",
}


def media_in(value):
    """Media as the file lists them, found without our code."""
    found = value.get("business_discovery", {}).get("media", value)
    if "data" in found:
        return found["data"]
    return [found] if "media_type" in found else list(found.values())


def test_every_file_has_its_row():
    told("instagram", FILES, READ, REFUSED, NO_POST | ALIKE, 39)


@pytest.mark.parametrize("name", [name for name in READ if name in FILES])
def test_recorded_media_are_read_without_loss(name):
    body = FILES[name].read_bytes()
    media, posts = media_in(json.loads(body)), read_all(connector, body)
    assert len(posts) == len(media) == READ[name]
    for one, post in zip(media, posts, strict=True):
        assert post.native_id == one["permalink"].rstrip("/").rpartition("/")[2]
        assert post.aliases == (one["id"],)
        assert post.source_url == one["permalink"]
        assert post.published_at == read_date(one["timestamp"])
        assert " ".join(post.content_text.split()) == " ".join(one.get("caption", "").split())
        pieces = one.get("children", {}).get("data") or [one]
        addressed = [piece for piece in pieces if piece.get("media_url") or piece.get("thumbnail_url")]
        assert len(post.media) == len(addressed)
        assert [medium.alt for medium in post.media] == [piece.get("alt_text") for piece in addressed]
        assert post.counts is None or post.counts.get("replies") == one.get("comments_count")


@pytest.mark.parametrize("name", [name for name in REFUSED if name in FILES])
def test_recorded_errors_have_names(name):
    failure = refusal_of(said(json.loads(FILES[name].read_bytes())), Platform.INSTAGRAM, now=NOW, named="@nobody")
    assert type(failure) is REFUSED[name]
    assert "@nobody" in failure.reason
    assert "professional account" in failure.remedy


@pytest.mark.parametrize("name", [name for name in NO_POST if name in FILES])
def test_other_answers_hold_no_post(name):
    value = json.loads(FILES[name].read_bytes())
    bodies = value.values() if name.startswith("granary") else [value]
    assert [post for body in bodies for post in read_all(connector, json.dumps(body).encode())] == []


@pytest.mark.parametrize("name", [name for name in ALIKE if name in FILES])
def test_answers_that_look_alike_do_no_harm(name):
    assert read_all(connector, FILES[name].read_bytes())
