"""YouTube with its Data API (channels, playlistItems, videos) and its Atom feeds."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from html import escape
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from feedhub_demo.platforms.standin import PlatformStandIn
from feedhub_demo.platforms.writing import Speaker, Written

_API, _FEEDS = "https://www.googleapis.com", "https://www.youtube.com"
_KEY = "AIza-a-key-of-the-city-y1"
_MOST = 50
_IN_FEED = 15
_SHORT = 60  # seconds
_TITLE_LENGTH = 100  # characters
_NAMESPACES = (
    'xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns="http://www.w3.org/2005/Atom"'
)


class YouTube(PlatformStandIn):
    """developers.google.com/youtube/v3. `streams` names announced streams: (speaker's handle, number) and when.

    `hidden` are videos that their owner made private or unlisted; `late` are numbers of videos that the
    feeds show before the lists do; `feed_is_down`: the feeds answer 404.
    """

    platform: ClassVar[str] = "youtube"
    origins: ClassVar[tuple[str, ...]] = (_API, _FEEDS)
    feed_is_down: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.streams: dict[tuple[str, int], datetime] = {}
        self.hidden: dict[tuple[str, int], str] = {}
        self.late: set[int] = set()

    def routes(self) -> Sequence[BaseRoute]:
        return [
            Route("/youtube/v3/channels", self.routed(self._channels)),
            Route("/youtube/v3/playlistItems", self.routed(self._playlist)),
            Route("/youtube/v3/videos", self.routed(self._videos)),
            Route("/feeds/videos.xml", self.routed(self._feed)),
        ]

    def account_url(self, speaker: Speaker) -> str:
        return f"{_FEEDS}/channel/{channel_of(speaker)}"

    def native_id(self, speaker: Speaker, written: Written) -> str:
        return _id(speaker, written)

    def is_shown(self, written: Written) -> bool:
        return not (written.repeats or written.answers_others)

    def credential(self, speaker: Speaker | None) -> dict[str, str] | None:
        return {"token": _KEY} if speaker is None else None

    def limited(self) -> Response:
        message = "The request cannot be completed because you have exceeded your quota."
        return _refused(403, "quotaExceeded", message, domain="youtube.quota")

    def expired(self) -> Response:
        return _refused(400, "badRequest", "API key not valid. Please pass a valid API key.", detail="API_KEY_INVALID")

    def _fault(self, request: Request) -> Response | None:
        if request.url.path.startswith("/feeds/") and not self.faults.down:
            return None  # feeds know neither keys nor quotas
        return super()._fault(request)

    def _channels(self, request: Request) -> Response:
        asked = request.query_params
        if request.headers.get("x-goog-api-key") != _KEY:
            return self.expired()
        handle = asked.get("forHandle", "").removeprefix("@") or asked.get("forUsername", "")
        found = [
            one
            for one in self.speakers.values()
            if not one.suspended and (one.handle.lower() == handle.lower() or channel_of(one) == asked.get("id"))
        ]
        return _listed("channel", [_channel(one) for one in found])

    def _playlist(self, request: Request) -> Response:
        asked = request.query_params
        if request.headers.get("x-goog-api-key") != _KEY:
            return self.expired()
        speaker = next((one for one in self.speakers.values() if _uploads_of(one) == asked.get("playlistId")), None)
        if speaker is None or speaker.suspended:
            return _refused(404, "playlistNotFound", "The playlist identified with the request's id cannot be found.")
        listed = [post for post in speaker.newest(len(speaker.posts)) if self._is_listed(speaker, post)]
        listed = [post for post in listed if post.number not in self.late]
        start = int(asked.get("pageToken") or 0)
        end = start + min(int(asked.get("maxResults") or 5), _MOST)
        more = {"nextPageToken": str(end)} if end < len(listed) else {}
        return _listed("playlistItem", [_upload(speaker, post) for post in listed[start:end]], **more)

    def _videos(self, request: Request) -> Response:
        if request.headers.get("x-goog-api-key") != _KEY:
            return self.expired()
        ids = request.query_params.get("id", "").split(",")
        if len(ids) > _MOST:
            return _refused(400, "invalidFilters", "The request specifies too many ids.")
        by_id = {
            _id(one, post): (one, post) for one in self.speakers.values() for post in one.posts if not one.suspended
        }
        found = [by_id[id] for id in ids if id in by_id]
        shown = [self._video(*one) for one in found if self._privacy(*one) != "private" and self.is_shown(one[1])]
        return _listed("video", shown)

    def _feed(self, request: Request) -> Response:
        channel = request.query_params.get("channel_id")
        speaker = next((one for one in self.speakers.values() if channel_of(one) == channel), None)
        if self.feed_is_down or speaker is None or speaker.suspended:
            return Response("<!DOCTYPE html><html><title>Error 404 (Not Found)!!1</title></html>", 404)
        listed = [post for post in speaker.newest(len(speaker.posts)) if self._is_listed(speaker, post)][:_IN_FEED]
        entries = "".join(_entry(speaker, post) for post in listed)
        address, bare = self.account_url(speaker), channel_of(speaker).removeprefix("UC")
        head = f"<id>yt:channel:{bare}</id><yt:channelId>{bare}</yt:channelId><title>{escape(speaker.name)}</title>"
        body = f'<feed {_NAMESPACES}>{head}<link rel="alternate" href="{address}"/>{entries}</feed>'
        headers = {"Cache-Control": "private, max-age=900"}
        return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', 200, headers, media_type="text/xml")

    def _privacy(self, speaker: Speaker, post: Written) -> str:
        return self.hidden.get((speaker.handle, post.number), "public")

    def _is_listed(self, speaker: Speaker, post: Written) -> bool:
        return self.is_shown(post) and self._privacy(speaker, post) == "public"

    def _video(self, speaker: Speaker, post: Written) -> dict[str, Any]:
        film = next((picture for picture in post.pictures if picture.is_film), None)
        starts_at = self.streams.get((speaker.handle, post.number))
        snippet = _snippet(speaker, post) | {
            "tags": list(post.tags),
            "defaultAudioLanguage": post.language,
            "liveBroadcastContent": "none" if starts_at is None else "live" if starts_at <= self.now() else "upcoming",
        }
        video = {
            "kind": "youtube#video",
            "id": _id(speaker, post),
            "snippet": snippet,
            "contentDetails": {"duration": f"PT{int((film.seconds if film else None) or 125)}S", "contentRating": {}},
            "status": {"privacyStatus": self._privacy(speaker, post), "madeForKids": False},
            "statistics": {"viewCount": str(post.number * 31), "likeCount": str(post.number * 3), "commentCount": "0"},
        }
        if starts_at:
            video["liveStreamingDetails"] = {"scheduledStartTime": _iso(starts_at)}
            video["contentDetails"] = {"duration": "P0D", "contentRating": {}}
        return video


def channel_of(speaker: Speaker) -> str:
    """The channel's id: UC and 22 characters."""
    return "UC" + _digest(speaker.handle, length=22)


def _uploads_of(speaker: Speaker) -> str:
    return "UU" + channel_of(speaker)[2:]


def _id(speaker: Speaker, written: Written) -> str:
    return _digest(f"{speaker.handle} {written.number}", length=11)


def _digest(text: str, *, length: int) -> str:
    return urlsafe_b64encode(blake2b(text.encode(), digest_size=32).digest()).decode()[:length]


def _title(post: Written) -> str:
    return post.title or post.text.split("\n")[0][:_TITLE_LENGTH]


def _description(post: Written) -> str:
    return f"{post.text}\n\n{post.link}" if post.link else post.text


def _thumbnail(speaker: Speaker, post: Written) -> dict[str, Any]:
    if post.pictures and not post.pictures[0].is_film:
        picture = post.pictures[0]
        return {"url": picture.url, "width": picture.width, "height": picture.height}
    return {"url": f"https://i.ytimg.com/vi/{_id(speaker, post)}/hqdefault.jpg", "width": 480, "height": 360}


def _snippet(speaker: Speaker, post: Written) -> dict[str, Any]:
    return {
        "publishedAt": _iso(post.published_at),
        "channelId": channel_of(speaker),
        "channelTitle": speaker.name,
        "title": _title(post),
        "description": _description(post),
        "thumbnails": {"high": _thumbnail(speaker, post)},
    }


def _channel(speaker: Speaker) -> dict[str, Any]:
    return {
        "kind": "youtube#channel",
        "id": channel_of(speaker),
        "snippet": {"title": speaker.name, "customUrl": f"@{speaker.handle}"},
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": _uploads_of(speaker)}},
    }


def _upload(speaker: Speaker, post: Written) -> dict[str, Any]:
    resource = {"kind": "youtube#video", "videoId": _id(speaker, post)}
    return {
        "kind": "youtube#playlistItem",
        "snippet": _snippet(speaker, post) | {"resourceId": resource},
        "contentDetails": {"videoId": resource["videoId"], "videoPublishedAt": _iso(post.published_at)},
    }


def _entry(speaker: Speaker, post: Written) -> str:
    id, thumbnail = _id(speaker, post), _thumbnail(speaker, post)
    is_short = any(picture.is_film and (picture.seconds or 0) <= _SHORT for picture in post.pictures)
    address = f"{_FEEDS}/shorts/{id}" if is_short else f"{_FEEDS}/watch?v={id}"
    return (
        f"<entry><id>yt:video:{id}</id><yt:videoId>{id}</yt:videoId><yt:channelId>{channel_of(speaker)}</yt:channelId>"
        f'<title>{escape(_title(post))}</title><link rel="alternate" href="{address}"/>'
        f"<author><name>{escape(speaker.name)}</name></author>"
        f"<published>{_iso(post.published_at)}</published><updated>{_iso(post.changed_at)}</updated>"
        f"<media:group><media:title>{escape(_title(post))}</media:title>"
        f'<media:content url="https://www.youtube.com/v/{id}?version=3" type="application/x-shockwave-flash"/>'
        f'<media:thumbnail url="{escape(thumbnail["url"])}" width="{thumbnail["width"]}" height="{thumbnail["height"]}"/>'
        f"<media:description>{escape(_description(post))}</media:description>"
        f'<media:community><media:statistics views="{post.number * 31}"/></media:community></media:group></entry>'
    )


def _listed(kind: str, items: list[dict[str, Any]], **more: str) -> Response:
    counts = {"totalResults": len(items), "resultsPerPage": len(items)}
    return JSONResponse({"kind": f"youtube#{kind}ListResponse", "pageInfo": counts, "items": items, **more})


def _refused(
    status: int, reason: str, message: str, *, domain: str = "youtube.parameter", detail: str | None = None
) -> Response:
    error: dict[str, Any] = {
        "code": status,
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason}],
    }
    if detail:
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail}]
    return JSONResponse({"error": error}, status)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
