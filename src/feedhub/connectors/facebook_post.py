"""Posts of Facebook Pages, read into posts.

developers.facebook.com/docs/graph-api/reference/post
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

from feedhub.accounts.account import Via
from feedhub.connectors.api import json_in, payloads_of, said_in
from feedhub.connectors.contract import Split
from feedhub.connectors.loose import number_in, record_in, records_in, text_in
from feedhub.errors import ItemUnreadable
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Event, Media, MediaType, Place, Post, PostType

_POST_ID = re.compile(r"\d+_\d+(?:[:_]\d+)*")
_SHIM = re.compile(r"https?://lm?\.facebook\.com/l\.php$")
_DATE_ONLY = re.compile(r"\d{4}-\d\d-\d\d")
# What shows its own pictures; everything else (share, event, map, commerce, …) leads elsewhere.
_PICTURED = re.compile(r"photo|album|video|animated|cover|profile_media|sticker|multi_share_no_end_card|new_album|reel")
_MOST_MENTIONS = 100
_COMMENTS_ONLY = frozenset({"comment_count", "attachment", "parent", "can_remove"})


def split(document: Document) -> Split:
    """A page of posts, posts by their ids, or one of them. What is not published (any more) is left out.

    Raises:
        Unreadable: something else.
    """
    posts = [item for item in _items(json_in(document)) if _POST_ID.fullmatch(text_in(item, "id")) and _is_post(item)]
    shown = [post for post in posts if post.get("is_published") is not False and post.get("is_expired") is not True]
    left_out = len(posts) - len(shown)
    found = payloads_of(shown, form="facebook")
    notes = (f"{left_out} of its posts are not published and were left out.",) if left_out else ()
    return Split(payloads=found.payloads, notes=found.notes + notes)


def read(payload: Payload) -> Post:
    """The post that one item makes.

    `updated_time` moves with every comment, so it is no edit. A share of somebody else's post
    carries that post's address, none of its text and none of its pictures.

    Raises:
        ItemUnreadable: it has no id.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    post = said_in(payload)
    id = text_in(post, "id")
    if not id:
        raise ItemUnreadable("The post has no id.")
    attached = list(_attached(post))
    own_words = text_in(post, "message")
    original = _original(post, attached)
    words = own_words if original else own_words or _words(post, attached)
    return normal_post(
        native_id=id,
        text=words,
        source_url=text_in(post, "permalink_url") or f"https://www.facebook.com/{id}",
        media=[] if original else _media(post, attached),
        links=[original] if original else _links(post, attached),
        mentions=_mentions(post),
        published_at=read_date(text_in(post, "created_time")),
        via=Via.API,
        type=_type(own_words, original),
        repost_of=original or None,
        event=None if original else _event(record_in(post, "event")),
        place=_place(record_in(post, "place")),
        counts=_counts(post),
    )


def event_ids_in(post: object) -> list[str]:
    """The events that a post announces."""
    ids = [text_in(record_in(one, "target"), "id") for one in _attached(post) if text_in(one, "type") == "event"]
    return [id for id in ids if id.isdecimal()]


def unshimmed(url: str) -> str:
    """The address behind Facebook's own counting of clicks.

    >>> unshimmed("https://l.facebook.com/l.php?u=https%3A%2F%2Fdinkes.example%2Fa&h=AT0")
    'https://dinkes.example/a'
    """
    shim, _, query = url.partition("#")[0].partition("?")
    if not _SHIM.match(shim):
        return url
    return next(iter(parse_qs(query).get("u", [])), url)


def _items(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        raise Unreadable("What Facebook sent is not a list of posts.")
    if isinstance(value.get("data"), list):
        return records_in(value, "data")
    if isinstance(value.get("id"), str):
        return [value]
    by_id = [one for id, one in value.items() if isinstance(one, dict) and one.get("id") == id]
    if not by_id:
        raise Unreadable("What Facebook sent holds no posts.")
    return by_id


def _is_post(item: Mapping[str, Any]) -> bool:
    """Whether it is no comment: people's comments have ids of the same form and are never collected."""
    return "comment_id=" not in text_in(item, "permalink_url") and not item.keys() & _COMMENTS_ONLY


def _attached(post: object) -> Iterator[dict[str, Any]]:
    """What is attached, with the pieces of an album instead of the album."""
    for one in records_in(record_in(post, "attachments"), "data"):
        pieces = records_in(record_in(one, "subattachments"), "data")
        yield from pieces or (one,)


def _words(post: Mapping[str, Any], attached: list[dict[str, Any]]) -> str:
    """The text of a post without a message: what its pictures say, else what Facebook says happened."""
    said = [text_in(one, "description") for one in attached if _is_pictured(one)]
    return next(filter(None, said), "") or text_in(post, "story")


def _original(post: Mapping[str, Any], attached: list[dict[str, Any]]) -> str:
    """The address of the post that this one shares, empty where it shares none."""
    parent = text_in(post, "parent_id")
    if not parent or parent == text_in(post, "id"):
        return ""
    targets = [text_in(record_in(one, "target"), "url") or text_in(one, "unshimmed_url") for one in attached]
    return next((unshimmed(url) for url in targets if url), f"https://www.facebook.com/{parent}")


def _type(own_words: str, original: str) -> PostType:
    if not original:
        return PostType.ORIGINAL
    return PostType.QUOTE if own_words.strip() else PostType.REPOST


def _is_pictured(attachment: Mapping[str, Any]) -> bool:
    return bool(_PICTURED.match(text_in(attachment, "type") or text_in(attachment, "media_type")))


def _media(post: Mapping[str, Any], attached: list[dict[str, Any]]) -> list[Media]:
    found = [medium for one in attached if _is_pictured(one) and (medium := _medium(one))]
    picture = text_in(post, "full_picture")
    return found or ([Media(type=MediaType.IMAGE, url=picture)] if picture and not attached else [])


def _medium(attachment: Mapping[str, Any]) -> Media | None:
    media, image = record_in(attachment, "media"), record_in(attachment, "media", "image")
    source, picture = text_in(media, "source"), text_in(image, "src")
    if not (source or picture):
        return None
    return Media(
        type=MediaType.VIDEO if source else MediaType.IMAGE,
        url=source or picture,
        preview_url=(picture or None) if source else None,
        width=number_in(image, "width"),
        height=number_in(image, "height"),
    )


def _links(post: Mapping[str, Any], attached: list[dict[str, Any]]) -> list[str]:
    """Where a post leads; versions of the API before 3.3 had no attachments, but a link."""
    flat = unshimmed(text_in(post, "link")) if not attached else ""
    return [link for link in (*(_link(one) for one in attached), flat) if link]


def _link(attachment: Mapping[str, Any]) -> str:
    """Where an attachment leads; pictures lead to themselves, films to their page where their file was not given."""
    is_film = "video" in text_in(attachment, "type") and not text_in(record_in(attachment, "media"), "source")
    if _is_pictured(attachment) and not is_film:
        return ""
    return unshimmed(text_in(attachment, "unshimmed_url") or text_in(attachment, "url"))


def _mentions(post: Mapping[str, Any]) -> list[str]:
    """The Pages that a message names; people are left out."""
    tags = post.get("message_tags")
    if isinstance(tags, dict):  # as old versions of the API write them, by their place
        tags = [tag for group in tags.values() if isinstance(group, list) for tag in group]
    named = [tag for tag in tags if text_in(tag, "type") == "page"] if isinstance(tags, list) else []
    return [text_in(tag, "name") for tag in named[:_MOST_MENTIONS]]


def _event(event: Mapping[str, Any]) -> Event | None:
    starts, place = text_in(event, "start_time"), record_in(event, "place")
    starts_at = read_date(starts)
    if starts_at is None:
        return None
    where = record_in(place, "location")
    known = [text_in(place, "name"), text_in(where, "street"), text_in(where, "city")]
    return Event(
        starts_at=starts_at,
        ends_at=read_date(text_in(event, "end_time")),
        all_day=bool(_DATE_ONLY.fullmatch(starts)),
        location=", ".join(dict.fromkeys(filter(None, known))) or None,
        name=text_in(event, "name") or None,
    )


def _place(place: Mapping[str, Any]) -> Place | None:
    where = record_in(place, "location")
    if not place:
        return None
    latitude, longitude = (_degrees(where.get(name)) for name in ("latitude", "longitude"))
    return Place(name=text_in(place, "name") or None, latitude=latitude, longitude=longitude)


def _degrees(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _counts(post: Mapping[str, Any]) -> dict[str, int]:
    numbers = {
        "reposts": number_in(record_in(post, "shares"), "count"),
        "likes": number_in(record_in(post, "reactions", "summary"), "total_count"),
        "replies": number_in(record_in(post, "comments", "summary"), "total_count"),
    }
    return {name: number for name, number in numbers.items() if number is not None}
