"""Media of Instagram's API, read into posts.

developers.facebook.com/docs/instagram-platform/reference/instagram-media
"""

import re
from collections.abc import Mapping
from typing import Any

from feedhub.accounts.account import Via
from feedhub.connectors.api import json_in, payloads_of, said_in
from feedhub.connectors.contract import Split
from feedhub.connectors.loose import number_in, record_in, records_in, text_in
from feedhub.errors import ItemUnreadable
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Post

# Stories and live films last a day; advertisements were never on the profile.
_PASSING = frozenset({"STORY", "LIVE", "AD"})
_KINDS = {"IMAGE": MediaType.IMAGE, "VIDEO": MediaType.VIDEO, "CAROUSEL_ALBUM": MediaType.IMAGE}
_SHORTCODE = re.compile(r"https?://(?:www\.)?instagram\.com/(?:[\w.]+/)?(?:p|reel|reels|tv)/([\w-]+)")
_STORY = re.compile(r"https?://(?:www\.)?instagram\.com/stories/")
_MENTION = re.compile(r"(?<![\w.@/])@([A-Za-z0-9_](?:[\w.]{0,28}\w)?)", re.ASCII)
_MOST_MENTIONS = 100


def split(document: Document) -> Split:
    """A page of media by either route, media by their ids, or one of them. Stories are left out.

    Raises:
        Unreadable: something else.
    """
    media = [item for item in _items(json_in(document)) if text_in(item, "media_type")]
    shown = [item for item in media if not _is_passing(item)]
    left_out = len(media) - len(shown)
    found = payloads_of(shown, form="instagram")
    notes = (f"{left_out} of its media are stories, live films or advertisements and were left out.",)
    return Split(payloads=found.payloads, notes=found.notes + (notes if left_out else ()))


def read(payload: Payload) -> Post:
    """The post that one media makes. Its id is the shortcode, which is the same by every route; the media's is an alias.

    Raises:
        ItemUnreadable: it has no id.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    item = said_in(payload)
    native_id, id = native_id_of(item), text_in(item, "id")
    if not native_id:
        raise ItemUnreadable("The media has no id.")
    caption = text_in(item, "caption")
    children = records_in(record_in(item, "children"), "data")
    media = [_medium(child) for child in children or (item,)]
    if not any(media):
        media = [_medium(item)]
    return normal_post(
        native_id=native_id,
        aliases=[id] if id and id != native_id else [],
        text=caption,
        source_url=text_in(item, "permalink") or None,
        media=filter(None, media),
        mentions=_MENTION.findall(caption)[:_MOST_MENTIONS],
        published_at=read_date(text_in(item, "timestamp")),
        via=Via.API,
        counts=_counts(item),
    )


def _items(value: object) -> list[dict[str, Any]]:
    found = record_in(value, "business_discovery")
    if found:
        return records_in(record_in(found, "media"), "data")
    if not isinstance(value, dict):
        raise Unreadable("What Instagram sent is not a list of media.")
    if isinstance(value.get("data"), list):
        return records_in(value, "data")
    if text_in(value, "media_type"):
        return [value]
    by_id = [one for id, one in value.items() if isinstance(one, dict) and one.get("id") == id]
    if not by_id:
        raise Unreadable("What Instagram sent holds no media.")
    return by_id


def _is_passing(item: Mapping[str, Any]) -> bool:
    return text_in(item, "media_product_type") in _PASSING or bool(_STORY.match(text_in(item, "permalink")))


def native_id_of(item: Mapping[str, Any]) -> str:
    found = _SHORTCODE.match(text_in(item, "permalink"))
    return found[1] if found else text_in(item, "shortcode") or text_in(item, "id")


def _medium(item: Mapping[str, Any]) -> Media | None:
    """A picture or film; where a film's address is kept back (licensed sound, downloads off), its cover."""
    url, cover = text_in(item, "media_url"), text_in(item, "thumbnail_url")
    kind = _KINDS.get(text_in(item, "media_type"), MediaType.IMAGE)
    if not (url or cover):
        return None
    alt = item.get("alt_text")
    return Media(
        type=kind if url else MediaType.IMAGE,
        url=url or cover,
        preview_url=(cover or None) if url else None,
        alt=alt if isinstance(alt, str) else None,
    )


def _counts(item: Mapping[str, Any]) -> dict[str, int]:
    names = {"likes": "like_count", "replies": "comments_count"}
    return {name: number for name, key in names.items() if (number := number_in(item, key)) is not None}
