"""YouTube: the uploads of a channel, by the Data API with a key, by the channel's feed without one.

developers.google.com/youtube/v3; every question that FeedHub asks costs 1 of 10,000 units a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, ask, root_of
from feedhub.connectors.contract import EVERYTHING, Allowance, Batch, Connector, Cursor, Need, Profile, Push, Suspect
from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.connectors.youtube_refusal import TIME_ZONE, id_needed, not_found, reasons_in, refusal
from feedhub.connectors.youtube_video import (
    as_object,
    channel_id,
    digest,
    ids_in_feed,
    is_public,
    objects_in,
    read,
    split,
    videos_in,
    words,
)
from feedhub.failures import BadAnswer, NotFound, ServerFailed, VisitFailed
from feedhub.payloads.payload import Document
from feedhub.posts.dates import read_date

PAGE = 50  # videos; the most that the API gives and looks up at once
FIRST_PAGES = 2  # of a channel never visited before
MOST_PAGES = 10  # after an outage
UNITS = 10_000  # a day
# An unchanged feed saves asking the API, but shows neither tags nor older videos: so long it is trusted.
READ_AGAIN = timedelta(hours=6)

_API, _FEEDS = "https://www.googleapis.com", "https://www.youtube.com"
_HUB = "https://pubsubhubbub.appspot.com/subscribe"
_PARTS = "snippet,contentDetails,statistics,status,liveStreamingDetails,recordingDetails"
_FEED_IS_DOWN = "YouTube's feed does not answer just now; that happens often and says nothing about the channel."


@dataclass(slots=True, kw_only=True)
class _Asking:
    """Questions to the API with one key. `spent` counts their units."""

    http: Http
    account: Account
    key: str
    now: datetime
    spent: int = 0

    async def say(self, what: str, query: Mapping[str, str | int | None], *, may_lack: str = "") -> Said:
        """The answer; a refusal is raised unless its reason is `may_lack`."""
        url = f"{root_of(self.account, _API)}/youtube/v3/{what}"
        said = await ask(self.http, url, query=query, headers={"X-Goog-Api-Key": self.key}, now=self.now)
        self.spent += 1
        if said.is_ok and isinstance(said.value, dict):
            return said
        if said.is_ok:
            raise BadAnswer("YouTube answered with something that is no list.")
        if may_lack and may_lack in reasons_in(said.value):
            return said
        raise refusal(said, _name(self.account), now=self.now)


async def fetch(http: Http, account: Account, cursor: Cursor, *, credential: Credential | None, now: datetime) -> Batch:
    """The newest uploads, and older ones back to the last known one.

    The cursor holds `channel` (its id), `uploads` (the id of their playlist), `newest` (the time
    of the newest upload seen), `feed` (what the feed said), `etag` (of the feed), `read` (when
    the API was asked last) and `open` (a stream is announced or runs).

    Raises:
        VisitFailed: NotFound, AccountSuspended, RateLimited, TokenRefused, PermissionMissing,
            ServerFailed, CredentialMissing and those of the fetcher.
    """
    if credential is None:
        batch = await _by_feed(http, account, cursor, now=now)
    else:
        batch = await _by_api(http, account, cursor, credential=credential, now=now)
    channel = batch.cursor.get("channel")
    if channel is None or account.own_origin is not None:
        return batch
    # developers.google.com/youtube/v3/guides/push_notifications
    return replace(batch, push=Push(hub=_HUB, topic=f"{_FEEDS}/feeds/videos.xml?channel_id={channel}"))


async def _by_api(http: Http, account: Account, cursor: Cursor, *, credential: Credential, now: datetime) -> Batch:
    asking = _Asking(http=http, account=account, key=credential.token, now=now)
    feed = await _probe(http, account, cursor, now=now)
    if feed is not None and _is_settled(cursor, feed, now):
        return Batch(cursor=cursor | _seen(feed), not_modified=True)
    known, profile = cursor, None
    if "uploads" not in cursor:
        known, profile = await _found(asking)
    pages, listed, covers_since = await _uploads(asking, known)
    documents = [await _videos(asking, ids) for ids in pages if ids]
    videos = [video for said in documents for video in videos_in(said.value)]
    # What the feed shows and the list does not yet must be asked for again.
    is_ahead = feed is None or not ids_in_feed(feed.body) <= {id for ids in pages for id in ids}
    probed = {} if feed is None or is_ahead else _seen(feed)
    return Batch(
        documents=tuple(said.document(form="videos", now=now) for said in documents),
        cursor=_cursor(known | probed, listed, videos, now),
        covers_since=covers_since,
        spent=asking.spent,
        profile=profile or _profile(videos),
    )


async def check(
    http: Http,
    account: Account,
    suspects: Sequence[Suspect],
    *,
    credential: Credential | None,
    now: datetime,
) -> Batch:
    """Single videos: one that is omitted while another one is answered is gone, and so is one made private.

    Where none is answered, a video that stands in the channel's list is asked for beside them.
    """
    if credential is None or not suspects:
        return Batch()
    asking = _Asking(http=http, account=account, key=credential.token, now=now)
    ids = [suspect.native_id for suspect in suspects][: PAGE - 1]
    said = await _videos(asking, ids)
    if not videos_in(said.value) and (witness := await _witness(asking)):
        said = await _videos(asking, [*ids, witness])
    videos = videos_in(said.value)
    shown = {str(video.get("id")) for video in videos if is_public(video)}
    gone = tuple(id for id in ids if id not in shown) if videos else ()
    documents = (said.document(form="videos", now=now),) if shown else ()
    return Batch(documents=documents, gone=gone, spent=asking.spent)


connector = Connector(
    platform=Platform.YOUTUBE,
    fetch=fetch,
    split=split,
    read=read,
    need=Need.OPTIONAL,
    check=check,
    most_checked=PAGE - 1,
    allowance=Allowance(units=UNITS, time_zone=TIME_ZONE),
)


def _name(account: Account) -> str:
    return account.handle or urlsplit(account.url or "").path.strip("/") or account.key


async def _by_feed(http: Http, account: Account, cursor: Cursor, *, now: datetime) -> Batch:
    """The 15 newest uploads. A feed can't tell what is gone: what is not in it may only be old."""
    channel = cursor.get("channel") or channel_id(account)
    if channel is None:
        raise id_needed(_name(account))
    known = cursor if "uploads" not in cursor else {"channel": channel}
    try:
        answer = await _feed(http, account, channel, known, now=now)
    except (NotFound, ServerFailed) as failure:
        raise ServerFailed(_FEED_IS_DOWN, remedy=ServerFailed.remedy, retry_at=failure.retry_at) from failure
    seen = _seen(answer)
    if answer.status == HTTPStatus.NOT_MODIFIED or seen.get("feed") == known.get("feed"):
        return Batch(cursor=known | seen, not_modified=True)
    document = Document(
        url=answer.url,
        body=answer.body,
        fetched_at=now,
        content_type=answer.headers.get("content-type"),
        form="feed",
    )
    return Batch(documents=(document,), cursor={"channel": channel} | seen, profile=Profile(native_id=channel))


async def _feed(http: Http, account: Account, channel: str, cursor: Cursor, *, now: datetime) -> Answer:
    url = f"{root_of(account, _FEEDS)}/feeds/videos.xml?channel_id={channel}"
    headers = {"If-None-Match": cursor["etag"]} if "etag" in cursor else {}
    return await http.get(url, headers=headers, now=now)


def _seen(answer: Answer) -> Cursor:
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return {}
    etag = answer.headers.get("etag")
    return {"feed": digest(answer.body)} | ({"etag": etag} if etag else {})


async def _probe(http: Http, account: Account, cursor: Cursor, *, now: datetime) -> Answer | None:
    """What the feed says, which costs nothing; None where it does not answer or the channel is not known yet."""
    if "channel" not in cursor:
        return None
    try:
        return await _feed(http, account, cursor["channel"], cursor, now=now)
    except VisitFailed:
        return None  # the API is asked instead, and says what is wrong


def _is_settled(cursor: Cursor, feed: Answer, now: datetime) -> bool:
    """Whether the feed's word is enough this time. Streams that are announced or run change without it."""
    read_at = read_date(cursor.get("read", ""))
    is_same = _seen(feed).get("feed", cursor.get("feed")) == cursor.get("feed")
    return is_same and "open" not in cursor and read_at is not None and now - read_at < READ_AGAIN


async def _found(asking: _Asking) -> tuple[Cursor, Profile]:
    """The channel that the account names: by id, by handle, or by the name of its first years."""
    account = asking.account
    path = urlsplit(account.url or "").path.strip("/").split("/")
    query = {"forHandle": f"@{(account.handle or path[-1]).strip().removeprefix('@')}"}
    if id := channel_id(account):
        query = {"id": id}
    elif path[0] == "user":
        query = {"forUsername": path[-1]}
    said = await asking.say("channels", {"part": "snippet,contentDetails", **query})
    found = next(iter(objects_in(said.value.get("items"))), {})
    channel, snippet = words(found.get("id")), as_object(found.get("snippet"))
    if channel is None:
        raise not_found(_name(account))
    playlists = as_object(as_object(found.get("contentDetails")).get("relatedPlaylists"))
    profile = Profile(native_id=channel, name=words(snippet.get("title")), handle=words(snippet.get("customUrl")))
    return {"channel": channel, "uploads": words(playlists.get("uploads")) or f"UU{channel[2:]}"}, profile


async def _uploads(asking: _Asking, known: Cursor) -> tuple[list[list[str]], list[datetime], datetime | None]:
    """Ids of uploads by page, their times, and from when on they are all of them."""
    pages: list[list[str]] = []
    times: list[datetime] = []
    newest, page_token = read_date(known.get("newest", "")), None
    for _ in range(MOST_PAGES if newest else FIRST_PAGES):
        said = await _listed(asking, known["uploads"], page_token)
        items = objects_in(said.value.get("items"))
        pages.append([id for item in items if (id := upload_id(item))])
        found = [time for item in items if (time := _uploaded_at(item))]
        times += found
        page_token = words(said.value.get("nextPageToken"))
        if page_token is None:
            return pages, times, EVERYTHING
        if newest and any(time <= newest for time in found):
            break
    return pages, times, min(found) + timedelta(seconds=1) if found else None


async def _listed(asking: _Asking, playlist: str, page_token: str | None) -> Said:
    """A page of uploads. A channel that never uploaded anything has no such playlist, nor has one that is gone."""
    query: dict[str, str | int | None] = {"playlistId": playlist, "maxResults": PAGE, "pageToken": page_token}
    query |= {"part": "snippet,contentDetails"}
    said = await asking.say("playlistItems", query, may_lack="playlistNotFound")
    if not said.is_ok:
        await _found(asking)
    return said


def upload_id(item: dict[str, Any]) -> str | None:
    """The id of the video that stands in a playlist."""
    resource = as_object(as_object(item.get("snippet")).get("resourceId"))
    return words(as_object(item.get("contentDetails")).get("videoId")) or words(resource.get("videoId"))


def _uploaded_at(item: dict[str, Any]) -> datetime | None:
    """`publishedAt` is when it came into the list; the video may be older."""
    said = as_object(item.get("contentDetails")).get("videoPublishedAt")
    return read_date(str(said or as_object(item.get("snippet")).get("publishedAt") or ""))


async def _videos(asking: _Asking, ids: Sequence[str]) -> Said:
    return await asking.say("videos", {"part": _PARTS, "id": ",".join(ids), "maxResults": PAGE})


async def _witness(asking: _Asking) -> str | None:
    """A video of the channel that must be there, so that an omission is a word and no accident."""
    known, _ = await _found(asking)
    said = await _listed(asking, known["uploads"], None)
    return next((id for item in objects_in(said.value.get("items")) if (id := upload_id(item))), None)


def _cursor(known: Cursor, listed: Sequence[datetime], videos: Sequence[dict[str, Any]], now: datetime) -> Cursor:
    states = {words(as_object(video.get("snippet")).get("liveBroadcastContent")) for video in videos}
    newest = max((time.isoformat() for time in listed), default=known.get("newest"))
    kept = {name: text for name, text in known.items() if name != "open"}
    kept |= {"newest": newest} if newest else {}
    return kept | {"read": now.isoformat()} | ({"open": "yes"} if states & {"upcoming", "live"} else {})


def _profile(videos: Sequence[dict[str, Any]]) -> Profile | None:
    snippet = as_object(videos[0].get("snippet")) if videos else {}
    channel = words(snippet.get("channelId"))
    return Profile(native_id=channel, name=words(snippet.get("channelTitle"))) if channel else None
