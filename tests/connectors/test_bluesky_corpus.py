"""Every recorded file of Bluesky is read, refused by name, or holds no post; read where it lies."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from feedhub.connectors.api import Said
from feedhub.connectors.bluesky import connector
from feedhub.connectors.bluesky_account import inactive, refusal
from feedhub.connectors.exchange import Answer
from feedhub.errors import ItemUnreadable
from feedhub.payloads.payload import Document
from feedhub.posts.dates import read_date
from feedhub.posts.post import PostType
from feedhub.posts.urls import canonical_url

FOLDER = Path(__file__).parents[3] / "shared" / "payloads" / "bluesky"
FILES = sorted([*FOLDER.rglob("*.json"), *FOLDER.rglob("*.snap")])
NOW = datetime(2026, 11, 22, 23, tzinfo=UTC)

REFUSED = {
    "live/error.badactor.appview": "not_found",
    "live/error.badlimit.appview": "bad_status",  # a limit that FeedHub never asks for
    "live/error.deactivated.appview": "not_found",  # getProfile, asked next, knows more
    "live/error.deactivated.profile": "suspended",
    "live/error.expiredtoken.pds": "token_refused",
    "live/error.notfound.appview": "not_found",
    "live/error.notfound.pds": "not_found",
    "live/error.recordgone.pds": "not_found",
    "live/error.takendown.appview": "not_found",  # getRepoStatus, asked next, knows more
    "live/error.takendown.pds": "not_found",
    "live/getRepoStatus.takendown.pds": "suspended",
    "marshalx/custom_record": "unreadable",  # a record of a kind that is somebody's own
}
NO_POST = {
    "live/describeRepo.pds": "an account",
    "live/getProfile": "a profile",
    "live/resolveHandle": "a handle and its DID",
    "marshalx/did_doc": "a session",
    "marshalx/extended_like_record": "a like: what others think of a post",
    "marshalx/feed_record": "a feed generator",
    "marshalx/get_follows": "who follows whom",
    "marshalx/like_record": "a like: what others think of a post",
    "marshalx/resolve_handle": "a handle and its DID",
    "snapshots/profile.test.ts": "profiles",
    "snapshots/reposts.test.ts": "who reposted a post",
    "jetstream/internal__corpus__testdata__manifest": "counts of a recording that is not here",
}
if not FILES:
    print(f"{FOLDER.name}: 74 recorded files are not here and were not read")  # noqa: T201 - the contract of shared payloads


def name_of(path):
    return f"{path.parent.name}/{path.name.removesuffix('.json').removesuffix('.snap')}"


def values_in(path):
    """The answers that a file holds: as recorded, as constants by name, or as snapshots of a test."""
    text = path.read_text()
    if path.suffix == ".snap":
        bodies = re.findall(r"^exports\[`.*?`\] = `\n(.*?)\n`;$", text, re.DOTALL | re.MULTILINE)
        bodies = [re.sub(r",(\s*[}\]])", r"\1", body).replace("\\\\", "\\") for body in bodies]
        return [
            json.loads(re.sub(r'"record\((\d+)\)"', r'"at://did:plc:made/app.bsky.feed.post/\1"', body))
            for body in bodies
        ]
    value = json.loads(text)
    if "body" in value and "request" in value:
        return [value["body"]]
    return list(value.values()) if path.parent.name == "granary" else [value]


def entries_in(value):
    """Whatever in a value is an entry of a feed, a post as viewed, or a record; each alone, what it answers left out."""
    if isinstance(value, list):
        for one in value:
            yield from entries_in(one)
    elif isinstance(value, dict):
        if entry := entry_of(value):
            yield entry
        for name in ("replies",) if entry else ("feed", "posts", "records", "thread"):
            yield from entries_in(value.get(name))


def entry_of(value):
    """What a value is, if it is one thing."""
    record = value.get("value")
    kinds = ("app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.feed.pythonSdkCustomRecordPost")
    if isinstance(value.get("post"), dict) and "uri" in value["post"]:
        return value
    if "author" in value and "record" in value:
        return {"post": value}
    if "uri" in value and isinstance(record, dict) and record.get("$type") in kinds:
        return {"post": {"uri": value["uri"], "record": record}}
    if value.get("$type") in kinds:
        return {"post": {"uri": f"at://did:plc:made/{value['$type']}/3k2y", "record": value}}
    return None


def posts_in(entries):
    body = json.dumps({"feed": entries}).encode()
    document = Document(url="https://public.api.bsky.app/x", body=body, fetched_at=NOW, form="feed")
    assert connector.split(document) == connector.split(document)
    return [connector.read(payload) for payload in connector.split(document).payloads]


def pictures_of(embed):
    inner = embed.get("media") or embed
    shown = [one.get("fullsize") for one in [*(inner.get("images") or ()), *(inner.get("items") or ())]]
    return [url for url in (*shown, inner.get("playlist")) if url and url.startswith("http")]


def hold_against(entry, post):
    """What the normal form says is what the entry said."""
    view, reason = entry["post"], entry.get("reason") or {}
    record = view["record"]
    if "by" in reason or record.get("$type") == "app.bsky.feed.repost":
        assert (post.type, post.content_text) == (PostType.REPOST, "")
        assert post.native_id.startswith(reason.get("uri", view["uri"]))
        assert post.repost_of == (view["uri"] if reason else record["subject"]["uri"])
        return
    assert post.native_id == view["uri"]
    assert post.content_text.split() == record["text"].split() or not record["text"]
    said, seen = read_date(record["createdAt"]), read_date(view.get("indexedAt") or "")
    lies = said.year < 2023 or (seen and said > seen + timedelta(hours=1))
    assert post.published_at == (
        (seen.replace(microsecond=0) if seen else None) if lies else said.replace(microsecond=0)
    )
    shown = pictures_of(view.get("embed") or {})
    assert [medium.url for medium in post.media][: len(shown)] == [canonical_url(url) for url in dict.fromkeys(shown)]
    features = [one for facet in record.get("facets") or () for one in facet["features"]]
    assert {one["tag"].lower() for one in features if "tag" in one} <= {tag.lower() for tag in post.tags}
    assert set(record.get("tags") or ()) <= set(post.tags)
    assert len(post.mentions) == len({one["did"] for one in features if "did" in one})
    parent = record.get("reply", {}).get("parent", {}).get("uri")
    assert post.in_reply_to == parent
    if parent and parent.startswith("at://"):
        author = view.get("author", {})
        own = parent.split("/")[2] in (author.get("did") or view["uri"].split("/")[2], author.get("handle"))
        assert post.type is (PostType.THREAD if own else PostType.REPLY)
    if labels := view.get("labels"):
        assert post.sensitive == any(not label["val"].startswith("!no-") for label in labels)


def outcome_of(path):
    """What a recorded refusal means."""
    said = json.loads(path.read_text())
    url = said["request"].partition(" ")[2]
    answer = Answer(status=said["status"], url=url, headers=httpx.Headers(), body=json.dumps(said["body"]).encode())
    failure = (inactive if said["status"] == 200 else refusal)(Said(answer=answer, value=said["body"]), "dishub.test")
    assert failure.reason.endswith(".")
    assert failure.remedy
    return failure.outcome


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_recorded_file_is_read_or_refused(path):
    name = name_of(path)
    if name in REFUSED and path.parent.name == "live":
        assert outcome_of(path) == REFUSED[name]
        return
    if path.parent.name == "lexicons":
        assert json.loads(path.read_text())["lexicon"] == 1  # the schema of a record, never one itself
        return
    entries = [entry for value in values_in(path) for entry in entries_in(value)]
    if name in REFUSED:
        with pytest.raises(ItemUnreadable):
            posts_in(entries)
    elif name in NO_POST:
        assert not entries
    else:
        posts = posts_in(entries)
        assert posts, f"{name} holds no post, and no row says why"
        for entry, post in zip(entries, posts, strict=True):
            hold_against(entry, post)


def test_every_file_is_accounted_for():
    if not FILES:
        return
    names = {name_of(path) for path in FILES}
    assert {*REFUSED, *NO_POST} <= names
    schemas = sum(path.parent.name == "lexicons" for path in FILES)
    posts = sum(
        sum(1 for value in values_in(path) for _ in entries_in(value))
        for path in FILES
        if path.parent.name != "lexicons" and name_of(path) not in REFUSED | NO_POST
    )
    read = len(FILES) - schemas - len(REFUSED) - len(NO_POST)
    print(  # noqa: T201 - counts are the report
        f"bluesky: {len(FILES)} files: {read} read ({posts} posts), {len(REFUSED)} refused by name,"
        f" {len(NO_POST)} hold no post, {schemas} are schemas"
    )
