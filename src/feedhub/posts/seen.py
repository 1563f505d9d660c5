"""A post as a visit saw it: read, but not yet compared with what is kept."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from feedhub.accounts.kinds import Kind
from feedhub.posts.compare import fingerprint
from feedhub.posts.link_domains import domains_of
from feedhub.posts.post import Event, Post, PostType
from feedhub.posts.search_terms import search_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What comparing, keeping and indexing need, made where the item was read.

    `document` is the post as JSON; `payload` the fingerprint of the item it was read from;
    `words` its text as the index takes it, or None where only the comparison is asked for.
    """

    native_id: str
    payload: str
    fingerprint: str
    document: bytes
    words: str
    published_at: datetime | None
    type: PostType
    kinds: tuple[Kind, ...]
    tags: tuple[str, ...]
    language: str | None
    source_url: str | None = None
    links: tuple[str, ...] = ()
    has_media: bool = False
    in_reply_to: str | None = None
    domains: tuple[str, ...] = ()  # the sites that it leads to
    event: Event | None = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Post)


def seen_post(post: Post, *, payload: str) -> Seen:
    """Make a post ready to be compared, kept and indexed."""
    return Seen(
        native_id=post.native_id,
        payload=payload,
        fingerprint=fingerprint(post),
        document=_ENCODER.encode(post),
        words=search_words(post.title, post.content_text, *post.tags),
        published_at=post.published_at,
        type=post.type,
        kinds=post.kinds,
        tags=post.tags,
        language=post.language,
        source_url=post.source_url,
        links=post.links,
        has_media=bool(post.media),
        in_reply_to=post.in_reply_to,
        domains=domains_of(post),
        event=post.event,
    )


def post_from(document: bytes) -> Post:
    """The post that a kept document holds."""
    return _DECODER.decode(document)
