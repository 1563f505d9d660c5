"""Which posts somebody asks for: the one shape of every list's and feed's filters."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedhub.accounts.account import Platform
from feedhub.accounts.kinds import Kind
from feedhub.posts.post import PostType

# Replies to others and bare reposts are shown only to those who ask for them.
DEFAULT_TYPES = (PostType.ORIGINAL, PostType.QUOTE, PostType.THREAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Values within one field mean any of them; different fields mean all of them.

    `since` <= published_at < `until`. `types` empty = DEFAULT_TYPES. Departments are slugs
    as registered now (aliases already resolved).
    """

    departments: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    accounts: tuple[UUID, ...] = ()
    platforms: tuple[Platform, ...] = ()
    kinds: tuple[Kind, ...] = ()
    types: tuple[PostType, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 50
