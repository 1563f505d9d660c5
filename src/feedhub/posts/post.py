"""The normal form of a post: what every platform's item becomes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feedhub.accounts.account import Via
from feedhub.accounts.kinds import Kind
from feedhub.errors import PostRefused
from feedhub.posts.text import is_legal_text
from feedhub.posts.urls import is_safe_url


class PostType(StrEnum):
    """How a post relates to what others said."""

    ORIGINAL = "original"
    REPOST = "repost"
    QUOTE = "quote"
    REPLY = "reply"
    THREAD = "thread"


class PostStatus(StrEnum):
    """Only `live` posts have content in public."""

    LIVE = "live"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    GONE = "gone"


class MediaType(StrEnum):
    """What a medium is."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, a film, a sound or a document that belongs to a post.

    `alt`: None = the platform gave none, "" = said to be decorative.
    """

    type: MediaType
    url: str
    preview_url: str | None = None
    mime_type: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    duration_seconds: float | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """When and where something takes place."""

    starts_at: datetime
    ends_at: datetime | None = None
    all_day: bool = False
    location: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a post is about or from; WGS 84 degrees."""

    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A question and its answers; votes are counts and live elsewhere."""

    options: tuple[str, ...]
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a post means, whatever platform it came from.

    Invariants, checked here: aware times, http(s) urls that a browser reads as we do,
    XML-legal NFC text, a native id that is not empty. `content_html` has passed the one
    sanitizer; `published_at` is None where the platform did not say or could not be read.

    Raises:
        PostRefused: an invariant does not hold; the message names the field.
    """

    native_id: str
    title: str
    title_is_made: bool = False
    content_text: str
    content_html: str
    summary: str = ""
    source_url: str | None = None
    type: PostType = PostType.ORIGINAL
    via: Via = Via.FEED
    language: str | None = None
    published_at: datetime | None = None
    edited_at: datetime | None = None
    media: tuple[Media, ...] = ()
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    in_reply_to: str | None = None
    repost_of: str | None = None
    thread: str | None = None
    poll: Poll | None = None
    event: Event | None = None
    place: Place | None = None
    counts: dict[str, int] | None = None
    sensitive: bool = False
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.native_id:
            raise PostRefused(field="native_id", fault="is empty")
        texts = self._texts()
        if not is_legal_text("\n".join([text for _, text in texts])):
            illegal = next(name for name, text in texts if not is_legal_text(text))
            raise PostRefused(field=illegal, fault="holds characters that XML forbids, or is not NFC")
        for name, url in self._urls():
            if not is_safe_url(url):
                raise PostRefused(field=name, fault="is not an http(s) address in canonical form")
        for name, moment in self._moments():
            if moment is not None and moment.tzinfo is None:
                raise PostRefused(field=name, fault="has no time zone")

    def _texts(self) -> list[tuple[str, str]]:
        texts = [
            ("native_id", self.native_id),
            ("title", self.title),
            ("content_text", self.content_text),
            ("content_html", self.content_html),
            ("summary", self.summary),
        ]
        texts += [("tags", tag) for tag in self.tags]
        texts += [("media.alt", medium.alt) for medium in self.media if medium.alt]
        texts += [("mentions", mention) for mention in self.mentions]
        texts += [("aliases", alias) for alias in self.aliases]
        references = (("in_reply_to", self.in_reply_to), ("repost_of", self.repost_of), ("thread", self.thread))
        texts += [(name, reference) for name, reference in references if reference]
        if self.poll:
            texts += [("poll", option) for option in self.poll.options]
        names = (self.event and self.event.name, self.event and self.event.location, self.place and self.place.name)
        return texts + [("event or place", name) for name in names if name]

    def _moments(self) -> list[tuple[str, datetime | None]]:
        moments = [("published_at", self.published_at), ("edited_at", self.edited_at)]
        if self.event:
            moments += [("event", self.event.starts_at), ("event", self.event.ends_at)]
        return [*moments, ("poll", self.poll.closes_at)] if self.poll else moments

    def _urls(self) -> list[tuple[str, str]]:
        urls = [("source_url", self.source_url)] if self.source_url else []
        for medium in self.media:
            urls.append(("media.url", medium.url))
            if medium.preview_url:
                urls.append(("media.preview_url", medium.preview_url))
        urls += [("links", link) for link in self.links]
        return urls
