"""Every file of TikTok's recorded and documented answers is read, refused by name, or holds no post."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from feedhub.accounts.account import Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said
from feedhub.connectors.exchange import Answer
from feedhub.connectors.tiktok import connector
from feedhub.connectors.tiktok_answers import judged, renewed_with
from feedhub.failures import RateLimited, TokenExpired, TokenRefused
from feedhub.payloads.payload import Document
from feedhub.posts.post import MediaType

FOLDER = Path(__file__).parents[3] / "shared" / "payloads" / "tiktok"
FILES = sorted(FOLDER.rglob("*.json"))
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
OLD = Credential(
    platform=Platform.TIKTOK, token="act.old-old-old", refresh_token="rft.old", others={"client_key": "aw"}
)

READ = {"documented/video_list.page1": 2}
REFUSED = {
    "documented/error.access_token_invalid.401": (401, TokenRefused),
    "documented/error.rate_limit_exceeded.429": (429, RateLimited),
}
NO_POST = {
    "auth/refresh_resp": "a renewed token",
    "auth/revoke_resp": "that a token was revoked",
    "auth/token_info_resp": "what a token may do",
    "auth/token_resp": "a token",
    "documented/oauth.error": "a refused renewal",
    "documented/oauth.refresh": "a renewed token",
}
if not FILES:
    print(f"{FOLDER.name}: 9 files are not here and were not read")  # noqa: T201 - the contract of shared payloads


def name_of(path):
    return path.relative_to(FOLDER).with_suffix("").as_posix()


def said_in(path, status=200):
    answer = Answer(
        status=status, url="https://open.tiktokapis.com/", headers=httpx.Headers({}), body=path.read_bytes()
    )
    return Said(answer=answer, value=json.loads(path.read_text()))


def test_counts_are_told():
    names = {name_of(path) for path in FILES}
    print(f"tiktok: {len(names & READ.keys())} read, {len(names & REFUSED.keys())} refused by name,", end=" ")  # noqa: T201
    print(f"{len(names & NO_POST.keys())} hold no post")  # noqa: T201
    assert names <= {*READ, *REFUSED, *NO_POST}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_file_is_accounted_for(path):
    name = name_of(path)
    document = Document(url="https://open.tiktokapis.com/", body=path.read_bytes(), fetched_at=NOW)
    payloads = connector.split(document).payloads
    if name in REFUSED:
        status, failure = REFUSED[name]
        for met in (status, 200):  # a wrong token comes with 200, too
            with pytest.raises(failure) as refused:
                judged(said_in(path, met), now=NOW)
        assert refused.value.reason.endswith(".")
        return
    if name in NO_POST:
        assert payloads == ()
        return
    videos = json.loads(path.read_text())["data"]["videos"]
    assert judged(said_in(path), now=NOW).is_ok
    posts = [connector.read(payload) for payload in payloads]
    assert [post.native_id for post in posts] == [video["id"] for video in videos]
    assert len(posts) == READ[name]
    for post, video in zip(posts, videos, strict=True):
        assert post.published_at == datetime.fromtimestamp(video["create_time"], UTC)
        assert post.content_text == video["video_description"]
        assert post.source_url == video["share_url"].partition("?")[0]
        (film,) = post.media
        assert (film.type, film.duration_seconds) == (MediaType.VIDEO, video["duration"])
        assert (film.width, film.height) == (video["width"], video["height"])
        assert film.preview_url == video["cover_image_url"]
        assert post.counts["views"] == video["view_count"]
        assert "dishub" in post.tags


@pytest.mark.parametrize("name", ["documented/oauth.refresh", "auth/refresh_resp", "auth/token_resp"])
def test_recorded_tokens_renew_a_credential(name):
    path = FOLDER / f"{name}.json"
    if not path.exists():
        pytest.skip("no recorded files here")
    fresh = renewed_with(OLD, said_in(path), now=NOW)
    said = json.loads(path.read_text())
    told = said.get("data", said)
    assert (fresh.token, fresh.refresh_token) == (told["access_token"], told["refresh_token"])
    assert fresh.expires_at == NOW + timedelta(days=1)
    assert fresh.refresh_expires_at > NOW + timedelta(days=360)
    assert fresh.others == {"client_key": "aw", "open_id": told["open_id"]}


def test_a_recorded_refusal_of_a_renewal_asks_for_a_new_login():
    path = FOLDER / "documented" / "oauth.error.json"
    if not path.exists():
        pytest.skip("no recorded files here")
    with pytest.raises(TokenExpired, match="ran out or was taken back"):
        renewed_with(OLD, said_in(path, 400), now=NOW)
