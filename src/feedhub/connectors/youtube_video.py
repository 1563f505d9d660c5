"""What one video says, by the Data API and by the channel's Atom feed.

developers.google.com/youtube/v3/docs/videos
"""

import re
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs, urlsplit

from feedhub.accounts.account import Account, Via
from feedhub.connectors.api import json_in, payloads_of, said_in
from feedhub.connectors.contract import Split
from feedhub.connectors.feed_forms import form_of, item_draft
from feedhub.connectors.feed_pieces import Pieces, pieces
from feedhub.connectors.feed_refusal import refusal
from feedhub.connectors.feed_split import split_pieces
from feedhub.connectors.loose import texts_in
from feedhub.errors import ItemUnreadable
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Event, Media, MediaType, Place, Post

Json = dict[str, Any]

_ID = re.compile(r"[\w-]{6,20}", re.ASCII)
_FEED_ID = "yt:video:"
_PICTURES = ("maxres", "standard", "high", "medium", "default")  # best first
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?", re.ASCII)
_SECONDS = (86_400, 3_600, 60, 1)
_COUNTS = {"views": "viewCount", "likes": "likeCount", "replies": "commentCount"}
_FEED_IDS = re.compile(rb"<yt:videoId>([\w-]{6,20})</yt:videoId>", re.ASCII)
# What moves in a feed whenever somebody looks at a video.
_MOVING = re.compile(rb"<media:community>.*?</media:community>|<updated>[^<]*</updated>", re.DOTALL)
_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)


def split(document: Document) -> Split:
    """A list of videos, or a channel's feed; videos that are not public are left out.

    Raises:
        Unreadable, NotAFeed: something else.
    """
    if document.form == "feed":
        return split_pieces(_feed(document), "atom", url=document.url)
    value = as_object(json_in(document))
    if words(value.get("kind")) not in {"youtube#videoListResponse", "youtube#video"}:
        raise Unreadable("YouTube answered with something that is not a list of videos.")
    videos = videos_in(value)
    shown = [video for video in videos if is_public(video)]
    found = payloads_of(shown, form="video")
    left_out = len(videos) - len(shown)
    notes = (f"{left_out} of its videos are not public and were left out.",) if left_out else ()
    return Split(payloads=found.payloads, notes=found.notes + notes)


def read(payload: Payload) -> Post:
    """The post that one video makes; its native id is the video's, whatever the route.

    Raises:
        ItemUnreadable: it has no id, or is no video.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    return _from_feed(payload) if payload.form == "atom" else _from_api(as_object(said_in(payload)))


def videos_in(value: object) -> list[Json]:
    """The videos of a list, or the one that stands alone."""
    said = as_object(value)
    return objects_in(said["items"]) if "items" in said else [said] if "snippet" in said else []


def is_public(video: Json) -> bool:
    """Whether everybody can find it; `unlisted` means that its owner does not want it found."""
    return bool(as_object(video.get("status")).get("privacyStatus", "public") == "public")


def digest(feed: bytes) -> str:
    """What a feed says, without the counts and times that move by themselves."""
    return blake2b(_MOVING.sub(b"", feed), digest_size=16).hexdigest()


def ids_in_feed(feed: bytes) -> set[str]:
    """The ids of the videos in a feed."""
    return {id.decode() for id in _FEED_IDS.findall(feed)}


def as_object(value: object) -> Json:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects_in(value: object) -> list[Json]:
    """The JSON objects of a JSON array; none where there is no array."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def words(value: object) -> str | None:
    """A text that says something."""
    return value if isinstance(value, str) and value.strip() else None


def seconds_in(duration: object) -> float | None:
    """The length of a video, ISO 8601; None for streams that have none yet.

    >>> seconds_in("PT1H2M3S"), seconds_in("P1DT1S"), seconds_in("P0D"), seconds_in("soon")
    (3723.0, 86401.0, None, None)
    """
    match = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    if match is None:
        return None
    return float(sum(int(part or 0) * unit for part, unit in zip(match.groups(), _SECONDS, strict=True))) or None


def watch_address(id: str) -> str:
    """One address for a video of every kind: it plays Shorts too, and only the feed says which one is a Short."""
    return f"https://www.youtube.com/watch?v={id}"


def _feed(document: Document) -> Pieces:
    found = pieces(document.body.strip())
    if found is None or form_of(found.root) != "atom":
        raise refusal(document.body, document.url)
    return found


def _from_feed(payload: Payload) -> Post:
    draft = item_draft(payload.body, payload.form, base=payload.context.get("base"), language=None)
    id = draft.id.removeprefix(_FEED_ID)
    if not draft.id.startswith(_FEED_ID) or not _ID.fullmatch(id):
        raise ItemUnreadable("The feed's entry is no video: it has no yt:video id.")
    preview = next((picture for picture in draft.thumbnails), None)
    return normal_post(
        native_id=id,
        title=draft.title,
        text=draft.markup,
        source_url=watch_address(id),
        media=[_film(id, preview=preview.url if preview else None)],
        published_at=read_date(draft.published),
        via=Via.FEED,
    )


def _from_api(video: Json) -> Post:
    id, snippet = video.get("id"), as_object(video.get("snippet"))
    if not isinstance(id, str) or not _ID.fullmatch(id) or not snippet:
        raise ItemUnreadable("YouTube sent something that is no video: it has no id or no snippet.")
    details, title = as_object(video.get("contentDetails")), words(snippet.get("title"))
    rating = as_object(details.get("contentRating"))
    return normal_post(
        native_id=id,
        title=title,
        text=words(snippet.get("description")),
        source_url=watch_address(id),
        media=[_film(id, preview=_picture(snippet), seconds=seconds_in(details.get("duration")))],
        tags=texts_in(snippet, "tags"),
        language=words(snippet.get("defaultLanguage")) or words(snippet.get("defaultAudioLanguage")),
        published_at=read_date(str(snippet.get("publishedAt") or "")),
        via=Via.API,
        event=_event(video, title),
        place=_place(as_object(video.get("recordingDetails"))),
        counts=_counts(as_object(video.get("statistics"))),
        sensitive=rating.get("ytRating") == "ytAgeRestricted",
    )


def _film(id: str, *, preview: str | None, seconds: float | None = None) -> Media:
    """YouTube gives no file: the address is the page that plays it."""
    return Media(
        type=MediaType.VIDEO,
        url=watch_address(id),
        preview_url=preview,
        mime_type="text/html",
        duration_seconds=seconds,
    )


def _picture(snippet: Json) -> str | None:
    pictures = as_object(snippet.get("thumbnails"))
    return next((url for size in _PICTURES if (url := words(as_object(pictures.get(size)).get("url")))), None)


def _event(video: Json, title: str | None) -> Event | None:
    """A stream that was announced, and stays one while and after it runs: an event does not vanish by beginning."""
    live = as_object(video.get("liveStreamingDetails"))
    starts_at = read_date(str(live.get("scheduledStartTime") or ""))
    if starts_at is None:
        return None
    return Event(starts_at=starts_at, ends_at=read_date(str(live.get("scheduledEndTime") or "")), name=title)


def _place(recording: Json) -> Place | None:
    name, point = words(recording.get("locationDescription")), as_object(recording.get("location"))
    match point.get("latitude"), point.get("longitude"):
        case (float() | int() as latitude, float() | int() as longitude):
            return Place(name=name, latitude=float(latitude), longitude=float(longitude))
    return Place(name=name) if name else None


def _counts(statistics: Json) -> dict[str, int]:
    """Numbers come as texts."""
    said = {name: str(statistics.get(key, "")) for name, key in _COUNTS.items()}
    return {name: int(count) for name, count in said.items() if count.isdecimal() and count.isascii()}


def channel_id(account: Account) -> str | None:
    """The id of a channel, where its address, its feed's address or its handle shows it."""
    parts = urlsplit(account.url or "")
    asked = parse_qs(parts.query)
    told = [account.handle or "", *parts.path.split("/"), *asked.get("channel_id", ())]
    told += [f"UC{id[2:]}" for id in asked.get("playlist_id", ()) if id.startswith("UU")]
    return next((found[0] for one in told if (found := _CHANNEL.fullmatch(one.strip()))), None)
