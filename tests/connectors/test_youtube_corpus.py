"""Every recorded answer of YouTube is read, refused by name, or holds no post; read where they lie."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from feedhub.connectors.api import Said
from feedhub.connectors.exchange import Answer
from feedhub.connectors.youtube import connector, upload_id
from feedhub.connectors.youtube_refusal import refusal
from feedhub.connectors.youtube_video import digest, ids_in_feed, seconds_in
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document
from feedhub.posts.dates import read_date
from feedhub.posts.kinds import tag_key
from feedhub.posts.post import MediaType

FOLDER = Path(__file__).parents[3] / "shared" / "payloads" / "youtube"
FILES = sorted(path for path in FOLDER.rglob("*.*") if path.suffix in {".json", ".xml"})
NOW = datetime(2026, 8, 1, 15, tzinfo=UTC)

# Answers of which no post can be made, and what a visit that met them would end with.
REFUSED = {
    "api/error_permission_resp": "forbidden",
    "api/error_response": "token_refused",
    "api/error_response_simple": "bad_status",
}
LISTS = "a page of a playlist: it names videos, which are then asked for by id"
CHANNELS = "a channel"
ACTIVITIES = "what a channel did, not its videos"
PLAYLISTS = "playlists, not their videos"
NO_POST = {
    "api/activities/activities_by_channel_p1": ACTIVITIES,
    "api/activities/activities_by_channel_p2": ACTIVITIES,
    "api/activities/activities_by_mine_p1": ACTIVITIES,
    "api/activities/activities_by_mine_p2": ACTIVITIES,
    "api/channel_info_multi": CHANNELS,
    "api/channel_info_single": CHANNELS,
    "api/channels/info": CHANNELS,
    "api/channels/info_multiple": CHANNELS,
    "api/channels/update_resp": CHANNELS,
    "api/modeldata/activities/activity": ACTIVITIES,
    "api/modeldata/activities/activity_contentDetails": ACTIVITIES,
    "api/modeldata/activities/activity_response": ACTIVITIES,
    "api/modeldata/activities/activity_snippet": ACTIVITIES,
    "api/modeldata/channels/channel_api_response": CHANNELS,
    "api/modeldata/channels/channel_branding_settings": CHANNELS,
    "api/modeldata/channels/channel_content_details": CHANNELS,
    "api/modeldata/channels/channel_info": CHANNELS,
    "api/modeldata/channels/channel_snippet": CHANNELS,
    "api/modeldata/channels/channel_statistics": CHANNELS,
    "api/modeldata/channels/channel_status": CHANNELS,
    "api/modeldata/channels/channel_topic_details": CHANNELS,
    "api/modeldata/playlist_items/playlist_item_api_response": LISTS,
    "api/modeldata/playlist_items/playlist_item_content_details": LISTS,
    "api/modeldata/playlist_items/playlist_item_info": LISTS,
    "api/modeldata/playlist_items/playlist_item_snippet": LISTS,
    "api/modeldata/playlist_items/playlist_item_status": LISTS,
    "api/modeldata/playlists/playlist_api_response": PLAYLISTS,
    "api/modeldata/playlists/playlist_content_details": PLAYLISTS,
    "api/modeldata/playlists/playlist_info": PLAYLISTS,
    "api/modeldata/playlists/playlist_snippet": PLAYLISTS,
    "api/modeldata/playlists/playlist_status": PLAYLISTS,
    "api/modeldata/videos/video_category_info": "a category",
    "api/playlist_items/insert_response": LISTS,
    "api/playlist_items/playlist_items_filter_video": LISTS,
    "api/playlist_items/playlist_items_multi": LISTS,
    "api/playlist_items/playlist_items_paged_1": LISTS,
    "api/playlist_items/playlist_items_paged_2": LISTS,
    "api/playlist_items/playlist_items_single": LISTS,
    "api/playlists/insert_response": PLAYLISTS,
    "api/playlists/playlists_mine": PLAYLISTS,
    "api/playlists/playlists_multi": PLAYLISTS,
    "api/playlists/playlists_paged_1": PLAYLISTS,
    "api/playlists/playlists_paged_2": PLAYLISTS,
    "api/playlists/playlists_single": PLAYLISTS,
    "api/search/search_videos_by_channel": "what a search found: a hundred times dearer than a playlist, never asked",
    "api/videos/get_rating_response": "what somebody thinks of a video",
}
# Parts of a video that stand alone, and their names within one.
PARTS = {
    "video_content_details": "contentDetails",
    "video_paid_product_placement_details": "paidProductPlacementDetails",
    "video_recording_details": "recordingDetails",
    "video_snippet": "snippet",
    "video_statistics": "statistics",
    "video_status": "status",
    "video_topic_details": "topicDetails",
}
if not FILES:
    print(f"{FOLDER.name}: 70 recorded files are not here and were not read")  # noqa: T201 - the contract of shared payloads


def name_of(path):
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def said_in(path):
    """What YouTube said; a part of a video is put into one."""
    said = json.loads(path.read_text())
    if path.stem in PARTS:
        return {"kind": "youtube#video", "id": "dQw4w9WgXcQ", "snippet": {"title": "Halo"}, PARTS[path.stem]: said}
    return said


def posts_in(body, form):
    document = Document(url="https://www.googleapis.com/youtube/v3/videos", body=body, fetched_at=NOW, form=form)
    assert connector.split(document) == connector.split(document)
    return [connector.read(payload) for payload in connector.split(document).payloads]


def hold_against(video, post):
    """What the normal form says is what the video said."""
    snippet = video["snippet"]
    assert post.native_id == video["id"]
    assert post.title == " ".join(snippet["title"].split())
    published = snippet.get("publishedAt")
    assert post.published_at == (read_date(published).replace(microsecond=0) if published else None)
    words = snippet.get("description", "").split()
    assert [word for word in words if word not in post.content_text] == []
    assert {tag_key(tag) for tag in snippet.get("tags", ())} <= {tag_key(tag) for tag in post.tags}
    (film,) = post.media
    assert (film.type, film.url) == (MediaType.VIDEO, post.source_url)
    pictures = [picture["url"] for picture in snippet.get("thumbnails", {}).values()]
    assert film.preview_url in (pictures or [None])
    assert film.duration_seconds == seconds_in(video.get("contentDetails", {}).get("duration"))
    views = video.get("statistics", {}).get("viewCount")
    assert (post.counts or {}).get("views") == (int(views) if views is not None else None)
    assert (post.event is not None) == ("scheduledStartTime" in video.get("liveStreamingDetails", {}))


def read_all(path):
    """How many videos of a file were read."""
    if path.suffix == ".xml":
        posts = posts_in(path.read_bytes(), "feed")
        entries = re.findall(r"<entry>.*?</entry>", path.read_text(), re.DOTALL)
        for entry, post in zip(entries, posts, strict=True):
            assert f"<yt:videoId>{post.native_id}</yt:videoId>" in entry
            assert f"<published>{post.published_at.isoformat()}</published>" in entry
            assert post.source_url == f"https://www.youtube.com/watch?v={post.native_id}"
            assert post.media[0].preview_url in entry
        assert ids_in_feed(path.read_bytes()) == {post.native_id for post in posts}
        return len(posts)
    said = said_in(path)
    if said.get("kind") not in {"youtube#videoListResponse", "youtube#video"}:
        with pytest.raises(Unreadable):
            posts_in(json.dumps(said).encode(), "videos")
        return 0
    videos = said.get("items", [said])
    posts = posts_in(json.dumps(said).encode(), "videos")
    for video, post in zip(videos, posts, strict=True):
        hold_against(video, post)
    return len(posts)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_recorded_file_is_read_refused_or_without_posts(path):
    name, read = name_of(path), read_all(path)
    if name in REFUSED:
        body = json.loads(path.read_text())
        error = body["error"]
        status = error["code"] if isinstance(error, dict) else 400
        answer = Answer(status=status, url="https://www.googleapis.com/x", headers=httpx.Headers(), body=b"")
        assert refusal(Said(answer=answer, value=body), "@dinkes", now=NOW).outcome == REFUSED[name]
    elif name in NO_POST:
        assert read == 0, f"{name} holds videos, although {NO_POST[name]!r} is said of it"
    else:
        assert read, f"nothing in {name} was read: say why in NO_POST"


@pytest.mark.parametrize("path", [path for path in FILES if NO_POST.get(name_of(path)) == LISTS], ids=name_of)
def test_recorded_playlists_name_their_videos(path):
    said = json.loads(path.read_text())
    items = said.get("items", [said])
    named = re.findall(r'"videoId": ?"([^"]+)"', path.read_text())
    found = [id for item in items if (id := upload_id(item))]
    assert set(found) == (set(named) if "snippet" in items[0] or "contentDetails" in items[0] else set())


def test_counts_of_the_corpus():
    posts, names = sum(read_all(path) for path in FILES), {name_of(path) for path in FILES}
    print(  # noqa: T201 - the contract of shared payloads
        f"\nyoutube: {len(names)} files: {posts} videos read from {len(names - NO_POST.keys() - REFUSED.keys())}, "
        f"{len(names & REFUSED.keys())} refused by name, {len(names & NO_POST.keys())} without a post"
    )
    assert not FILES or posts > 90
    assert not FILES or NO_POST.keys() | REFUSED.keys() <= names


@pytest.mark.skipif(not FILES, reason="the recorded files are not here")
def test_counts_and_times_that_move_by_themselves_are_no_change_of_a_feed():
    body = next(path for path in FILES if path.suffix == ".xml").read_bytes()
    looked_at = re.sub(rb'views="\d+"', b'views="1"', re.sub(rb"<updated>[^<]*", b"<updated>2026", body))
    assert looked_at != body
    assert digest(looked_at) == digest(body)
    assert digest(body.replace(b"A Rock Is", b"A Stone Is")) != digest(body)
