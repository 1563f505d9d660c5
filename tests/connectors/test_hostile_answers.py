"""Answers that no platform should give cost a field, an item or a visit, by name; never more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest

from feedhub.accounts.account import Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors import CONNECTORS, tiktok, youtube_video
from feedhub.connectors.api import Said
from feedhub.connectors.exchange import Answer
from feedhub.connectors.facebook_post import unshimmed
from feedhub.connectors.graph import document_of
from feedhub.connectors.telegram_message import relation_to
from feedhub.connectors.wordpress import split
from feedhub.connectors.youtube import _cursor
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document
from feedhub.posts.post import PostType

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


@dataclass
class Saying:
    """Says the same to everybody."""

    value: Any
    asked: list[str] = field(default_factory=list)

    async def ask(self, url: str, **_: object) -> Answer:
        self.asked.append(url)
        return Answer(status=200, url=url, headers=httpx.Headers(), body=msgspec.json.encode(self.value))


@pytest.mark.parametrize("seconds", [10**18, 10**30, -5, 0, "soon", None, True, 1.5])
@pytest.mark.parametrize("platform", [Platform.THREADS, Platform.INSTAGRAM, Platform.LINKEDIN, Platform.TIKTOK])
async def test_a_renewed_token_lasts_for_no_impossible_time(platform, seconds):
    others = {"host": "graph.instagram.com", "client_key": "k", "client_id": "k", "client_secret": "s", "open_id": "o"}
    known = Credential(platform=platform, token="old", refresh_token="r", others=others)
    value = {"access_token": "new", "expires_in": seconds, "open_id": "o", "refresh_token": "r2"}
    fresh = await CONNECTORS[platform].renew(Saying(value), known, now=NOW)
    assert fresh.token == "new"
    assert fresh.expires_at is None or NOW < fresh.expires_at < NOW + timedelta(days=20_000)


def test_an_item_of_meta_may_be_as_deep_as_it_likes():
    deep: object = "x"
    for _ in range(900):
        deep = {"a": [deep]}
    answer = Answer(status=200, url="https://graph.facebook.com/x", headers=httpx.Headers(), body=b"")
    items: Sequence[object] = [{"id": "1", "odd": deep, "paging": {"next": "https://x?access_token=t"}}, {"id": "2"}]
    kept = msgspec.json.decode(document_of(Said(answer=answer, value=None), items, form="f", now=NOW).body)["data"]
    assert [one["id"] for one in kept] == ["1", "2"]
    assert "paging" not in kept[0]


@pytest.mark.parametrize("state", [["live"], {"a": 1}, 7, None])
def test_a_videos_state_may_be_of_any_kind(state):
    assert "open" not in _cursor({}, [], [{"snippet": {"liveBroadcastContent": state}}], NOW)


def test_a_feed_of_wordpress_loses_no_post_by_an_empty_neighbour():
    body = b"<rss version='2.0'><channel><title>K</title><item><guid>x</guid></item><item><guid>y</guid><title>Posko</title></item></channel></rss>"
    document = Document(
        url="https://dinkes.example/feed", body=body, fetched_at=NOW, context={"since": "2026-01-01T00:00:00Z"}
    )
    assert len(split(document).payloads) == 2


@pytest.mark.parametrize("odd", [{"tags": 7}, {"tags": {"a": 1}}, {"tags": [["x"], None]}])
def test_a_video_may_have_odd_tags(odd):
    video = {"kind": "youtube#video", "id": "abcdefghijk", "snippet": {"title": "Posko", **odd}}
    body = msgspec.json.encode({"kind": "youtube#videoListResponse", "items": [video]})
    [payload] = youtube_video.split(Document(url="https://x.example", body=body, fetched_at=NOW)).payloads
    assert CONNECTORS[Platform.YOUTUBE].read(payload).tags == ()


def test_what_is_of_another_kind_is_no_list_of_videos():
    document = Document(url="https://x.example", body=b'{"kind": ["x"]}', fetched_at=NOW)
    with pytest.raises(Unreadable):
        youtube_video.split(document)


@pytest.mark.parametrize("address", ["http://[odd", "https://[::1", "//[", ""])
def test_an_address_that_is_none_is_nobodys_failure(address):
    answer = Answer(status=200, url="https://open.tiktokapis.com/x", headers=httpx.Headers(), body=b"")
    said = Said(answer=answer, value={"data": {"videos": [{"id": "1", "share_url": address}]}})
    assert tiktok._shown_profile(said, {}) is None
    assert unshimmed(address) == address
    assert relation_to(address, "dinkes/7")["type"] is PostType.REPLY


def test_a_control_character_in_an_emoji_costs_no_message():
    body = b"""<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message" data-post="dinkes/7">
    <div class="tgme_widget_message_text js-message_text">Posko <i class="emoji"><b>&#1;\x0b!</b></i> buka</div>
    <a class="tgme_widget_message_date" href="https://t.me/dinkes/7"><time datetime="2026-11-20T08:00:00+07:00"></time></a>
    </div></div>"""
    document = Document(url="https://t.me/s/dinkes", body=body, fetched_at=NOW)
    [payload] = CONNECTORS[Platform.TELEGRAM].split(document).payloads
    assert "Posko" in CONNECTORS[Platform.TELEGRAM].read(payload).content_text
