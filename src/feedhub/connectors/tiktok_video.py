"""The post that one TikTok video makes (developers.tiktok.com/doc/tiktok-api-v2-video-object)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from feedhub.accounts.account import Via
from feedhub.connectors.api import said_in
from feedhub.connectors.loose import number_in, record_in, text_in
from feedhub.errors import ItemUnreadable
from feedhub.payloads.payload import Payload
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Post
from feedhub.posts.urls import without_tracking

CUT_AT: Final = 150  # characters; the API gives no more of a caption

_LAST_SECOND: Final = 253_402_300_799  # of the year 9999
_MENTION: Final = re.compile(r"(?<![\w@.])@(\w[\w.]{1,23})")
_COUNTS: Final = {"likes": "like_count", "replies": "comment_count", "reposts": "share_count", "views": "view_count"}


def read(payload: Payload) -> Post:
    """A video; a post of pictures has no duration, and its cover is all that TikTok gives of them.

    Raises:
        ItemUnreadable: it has no id.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    video = record_in(said_in(payload))
    id = text_in(video, "id")
    if not id:
        raise ItemUnreadable("The video has no id.")
    caption, title = text_in(video, "video_description"), text_in(video, "title").strip()
    said = caption or title
    return normal_post(
        native_id=id,
        title=title if _is_a_title(title, caption) else None,
        text=f"{said.rstrip()}…" if len(said) >= CUT_AT else said,
        source_url=text_in(video, "share_url") or None,
        media=_media(video),
        mentions=[name.rstrip(".") for name in _MENTION.findall(said)],
        published_at=moment_of(video),
        via=Via.API,
        counts={name: count for name, key in _COUNTS.items() if (count := number_in(video, key)) is not None},
    )


def moment_of(video: Mapping[str, Any]) -> datetime | None:
    """When it was published."""
    seconds = number_in(video, "create_time")
    return datetime.fromtimestamp(seconds, UTC) if seconds and 0 < seconds <= _LAST_SECOND else None


def _is_a_title(title: str, caption: str) -> bool:
    """Whether it says something that the caption does not begin with: often TikTok repeats that."""
    return bool(title) and bool(caption) and not caption.startswith(title.rstrip("….")) and len(title) < CUT_AT


def _media(video: Mapping[str, Any]) -> list[Media]:
    """TikTok gives no file of a film, but the page that plays it."""
    cover, address = text_in(video, "cover_image_url"), text_in(video, "share_url")
    width, height = number_in(video, "width"), number_in(video, "height")
    if seconds := number_in(video, "duration"):
        url = without_tracking(address or text_in(video, "embed_link"))
        return [
            Media(
                type=MediaType.VIDEO,
                url=url,
                preview_url=cover or None,
                width=width,
                height=height,
                duration_seconds=seconds,
            )
        ]
    return [Media(type=MediaType.IMAGE, url=cover, width=width, height=height)] if cover else []
