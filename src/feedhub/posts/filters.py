"""Which posts somebody asks for: the one shape of every list's and feed's filters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
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


def kept_filters(filters: Filters) -> dict[str, list[str]]:
    """Whose and what is asked for, by the names that questions have, as a subscription keeps it.

    >>> kept_filters(Filters(departments=("dinkes",), kinds=(Kind.NEWS,)))
    {'department': ['dinkes'], 'kind': ['news']}
    """
    said = {name: [str(value) for value in getattr(filters, field)] for name, (field, _) in _KEPT.items()}
    return {name: values for name, values in said.items() if values}


def filters_kept(kept: Mapping[str, Sequence[str]]) -> Filters:
    """The filters that a subscription keeps.

    >>> filters_kept({"department": ["dinkes"], "kind": ["news"]}).kinds
    (<Kind.NEWS: 'news'>,)
    """
    fields: dict[str, Any] = {_KEPT[name][0]: tuple(map(_KEPT[name][1], values)) for name, values in kept.items()}
    return Filters(**fields)


_KEPT: dict[str, tuple[str, Callable[[str], Any]]] = {
    "department": ("departments", str),
    "group": ("groups", str),
    "area": ("areas", str),
    "account": ("accounts", UUID),
    "platform": ("platforms", Platform),
    "kind": ("kinds", Kind),
    "type": ("types", PostType),
    "tag": ("tags", str),
    "language": ("languages", str),
}
