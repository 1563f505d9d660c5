"""The public JSON as types: posts and changes as `/api/v1` gives them. Every key is always there."""

from typing import Literal, TypedDict


class Department(TypedDict):
    """Whose post it is."""

    slug: str
    name: str
    url: str | None


class Account(TypedDict):
    """Where it was said."""

    id: str
    platform: str
    handle: str | None
    url: str | None
    verified_at: str | None


class Media(TypedDict):
    """A medium. `alt`: None = the platform gave none, "" = said to be decorative."""

    type: str
    url: str
    preview_url: str | None
    mime_type: str | None
    width: int | None
    height: int | None
    bytes: int | None
    duration_seconds: float | None
    alt: str | None


class Poll(TypedDict):
    """A question's answers."""

    options: list[str]
    closes_at: str | None


class Event(TypedDict):
    """When and where something takes place."""

    starts_at: str
    ends_at: str | None
    all_day: bool
    location: str | None
    name: str | None


class Place(TypedDict):
    """Where a post is about or from; WGS 84 degrees."""

    name: str | None
    latitude: float | None
    longitude: float | None


class Notice(TypedDict):
    """What the city says about its post."""

    kind: Literal["correction", "withdrawal"]
    reason: str
    at: str


class Post(TypedDict):
    """A post as it is now."""

    id: str
    uri: str
    url: str
    source_url: str | None
    change: int
    version: int
    status: str
    backfill: bool
    department: Department
    account: Account
    via: str | None
    type: str | None
    title: str
    title_is_made: bool
    content_text: str
    content_html: str
    summary: str
    language: str | None
    published_at: str
    published_is_made: bool
    edited_at: str | None
    collected_at: str
    updated_at: str
    media: list[Media]
    links: list[str]
    tags: list[str]
    mentions: list[str]
    kinds: list[str]
    in_reply_to: str | None
    repost_of: str | None
    thread: str | None
    poll: Poll | None
    event: Event | None
    place: Place | None
    counts: dict[str, int]
    sensitive: bool
    notice: Notice | None
    license: str | None
    attribution: str
    restrictions: str | None


class Change(TypedDict):
    """What became of a post: `updated` with the post as it is now, or `deleted` with none."""

    change: int
    state: Literal["updated", "deleted"]
    id: str
    status: str
    version: int
    backfill: bool
    at: str
    post: Post | None
    notice: Notice | None
