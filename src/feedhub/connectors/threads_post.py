"""Posts of Threads, read into posts.

developers.facebook.com/docs/threads/retrieve-and-discover-posts/retrieve-posts
"""

from collections.abc import Mapping
from typing import Any

from feedhub.accounts.account import Via
from feedhub.connectors.api import json_in, payloads_of, said_in
from feedhub.connectors.contract import Split
from feedhub.connectors.loose import record_in, records_in, text_in
from feedhub.errors import ItemUnreadable
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Poll, Post, PostType

_KINDS = {"IMAGE": MediaType.IMAGE, "VIDEO": MediaType.VIDEO, "AUDIO": MediaType.AUDIO}
_REPOST = "REPOST_FACADE"
_OPTIONS = ("option_a", "option_b", "option_c", "option_d")


def split(document: Document) -> Split:
    """A page of posts or one of them.

    Raises:
        Unreadable: something else.
    """
    value = json_in(document)
    if not isinstance(value, dict) or not (isinstance(value.get("data"), list) or value.get("media_type")):
        raise Unreadable("What Threads sent holds no posts.")
    posts = records_in(value, "data") if "data" in value else [value]
    return payloads_of([post for post in posts if text_in(post, "media_type")], form="threads")


def read(payload: Payload) -> Post:
    """The post that one item makes. A bare repost carries the address of what it repeats, and none of its text.

    Raises:
        ItemUnreadable: it has no id.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    post = said_in(payload)
    id, address = text_in(post, "id"), text_in(post, "permalink")
    if not id:
        raise ItemUnreadable("The post has no id.")
    if text_in(post, "media_type") == _REPOST:
        original = address or reference_in(post, "reposted_post")
        return normal_post(
            native_id=id,
            source_url=address,
            links=[original],
            text=None if address else "Repost",
            published_at=read_date(text_in(post, "timestamp")),
            via=Via.API,
            type=PostType.REPOST,
            repost_of=original or None,
        )
    longer, topic = record_in(post, "text_attachment"), text_in(post, "topic_tag")
    links = [text_in(post, "link_attachment_url"), text_in(longer, "link_attachment_url")]
    return normal_post(
        native_id=id,
        text="\n\n".join(filter(None, (text_in(post, "text"), text_in(longer, "plaintext")))),
        source_url=address,
        media=_media(post),
        links=filter(None, links),
        tags=[topic] if topic else [],
        published_at=read_date(text_in(post, "timestamp")),
        via=Via.API,
        poll=_poll(record_in(post, "poll_attachment")),
        sensitive=_hides_something(post),
        **_relation(post),
    )


def reference_in(post: Mapping[str, Any], name: str) -> str:
    """The address or id of another post that is named by an object or by its id alone."""
    value = record_in(post, name)
    return text_in(value, "permalink") or text_in(value, "id") or text_in(post, name)


def parent_in(post: Mapping[str, Any]) -> str:
    """The id of the post that this one answers."""
    return text_in(record_in(post, "replied_to"), "id") or text_in(post, "replied_to")


def _relation(post: Mapping[str, Any]) -> dict[str, Any]:
    """An answer to itself continues a thread. `continues_own` is what the visit found out about the parent."""
    parent = parent_in(post)
    if parent:
        its, own = record_in(post, "replied_to"), text_in(post, "username")
        is_own = post.get("continues_own") is True or bool(own and text_in(its, "username") == own)
        return {"type": PostType.THREAD if is_own else PostType.REPLY, "in_reply_to": parent}
    quoted = reference_in(post, "quoted_post")
    if post.get("is_quote_post") is True or quoted:
        return {"type": PostType.QUOTE, "repost_of": quoted or None}
    return {"type": PostType.REPLY} if post.get("is_reply") is True else {}


def _media(post: Mapping[str, Any]) -> list[Media]:
    pieces = records_in(record_in(post, "children"), "data") or [dict(post)]
    found = [medium for piece in pieces if (medium := _medium(piece))]
    animated = text_in(post, "gif_url")
    return [*found, Media(type=MediaType.IMAGE, url=animated)] if animated else found


def _medium(piece: Mapping[str, Any]) -> Media | None:
    """A picture, film or sound; where a film's own address is kept back (copyright), its cover."""
    url, cover = text_in(piece, "media_url"), text_in(piece, "thumbnail_url")
    if not (url or cover):
        return None
    alt = piece.get("alt_text")
    return Media(
        type=_KINDS.get(text_in(piece, "media_type"), MediaType.IMAGE) if url else MediaType.IMAGE,
        url=url or cover,
        preview_url=(cover or None) if url else None,
        alt=alt if isinstance(alt, str) else None,
    )


def _poll(poll: Mapping[str, Any]) -> Poll | None:
    options = tuple(option for name in _OPTIONS if (option := text_in(poll, name)))
    return Poll(options=options, closes_at=read_date(text_in(poll, "expiration_timestamp"))) if options else None


def _hides_something(post: Mapping[str, Any]) -> bool:
    """Whether readers must tap to see a picture or words of it."""
    entities = records_in(post, "text_entities") or records_in(record_in(post, "text_entities"), "data")
    hidden = any(text_in(entity, "entity_type").upper() == "SPOILER" for entity in entities)
    return post.get("is_spoiler_media") is True or hidden
