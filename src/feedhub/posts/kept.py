"""A post as it is kept: the normal form and what FeedHub knows about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from feedhub.accounts.account import Account, Department
from feedhub.posts.picture_copies import PictureCopy
from feedhub.posts.post import Post, PostStatus


class NoticeKind(StrEnum):
    """What the city says about one of its posts."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A public sentence that stands beside a post in every format."""

    kind: NoticeKind
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPost:
    """A post with its identity and history. All times are aware, in UTC, whole seconds.

    `published_at` here is never None: an unknown date became the first `collected_at`, and
    `published_is_made` says so. `updated_at` is when FeedHub last changed it. `post` is None
    where its content may not be shown (status is not live). `pictures` are our copies, for whoever may show them.
    """

    id: UUID
    account: Account
    department: Department
    status: PostStatus
    version: int
    change: int
    order_key: int
    published_at: datetime
    published_is_made: bool
    collected_at: datetime
    updated_at: datetime
    backfill: bool
    thread: UUID | None = None  # the post with which its thread begins
    notice: Notice | None = None
    post: Post | None = None
    pictures: tuple[PictureCopy, ...] = ()
