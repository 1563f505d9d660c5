"""Everything a view is given."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A post that can no longer be shown: who it was and since when, never what it said."""

    id: UUID
    deleted_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One feed, whatever format it is shown in.

    `public_url` has no trailing slash. `page_url` is the HTML page of the same posts,
    `self_url` the feed's own canonical address in this format, `next_url` its next page.
    `updated_at` is the newest change shown here. `posts` are newest first and live.
    """

    id: str
    title: str
    description: str
    publisher: Publisher
    public_url: str
    page_url: str
    self_url: str
    updated_at: datetime
    posts: tuple[KeptPost, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    next_url: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The publisher's time zone, in which every time is shown."""
        return ZoneInfo(self.publisher.time_zone)

    def post_url(self, kept: KeptPost) -> str:
        """The permalink: the link of a post in every format."""
        return f"{self.public_url}/posts/{kept.id}"
