"""What a query asks for: parameters read into Filters, each fault naming its parameter."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from feedhub.accounts.account import Platform, Register
from feedhub.accounts.kinds import kind_named
from feedhub.errors import QuestionRefused
from feedhub.posts.filters import Filters
from feedhub.posts.post import PostType
from feedhub.posts.urls import MAX_LENGTH
from feedhub.web.asked import DEFAULT_LIMIT
from feedhub.web.languages import is_language
from feedhub.web.moments import read_moment

MOST_POSTS = 200  # in one answer
_MOST_VALUES = 100  # of one filter
# An order_key holds milliseconds since 1970 in 43 bits: until the year 2248.
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2248, 1, 1, tzinfo=UTC)
_SHOWN = 80  # characters of a refused value that are said back

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def read_filters(query: QueryParams, register: Register, known: Collection[str]) -> Filters:
    """The filters of a list or feed whose path knows the parameters `known`.

    Raises:
        QuestionRefused: a parameter or a value that nobody knows; it is named.
    """
    refuse_unknown(query, known)
    return read_known_filters(query, register)


def read_known_filters(query: QueryParams, register: Register) -> Filters:
    """The same for pages for people, which pay no heed to parameters they don't know."""
    zone = ZoneInfo(register.publisher.time_zone)
    departments = _slugs(register)
    accounts = {account.id for account in register.accounts}
    return Filters(
        departments=_each(query, "department", departments.get),
        groups=_each(query, "group", _as_said),
        areas=_each(query, "area", _as_said),
        accounts=_each(query, "account", lambda name: _account(name, accounts)),
        platforms=_each(query, "platform", lambda name: _member(Platform, name)),
        kinds=_each(query, "kind", kind_named),
        types=_each(query, "type", lambda name: _member(PostType, name)),
        tags=_each(query, "tag", lambda name: name.removeprefix("#").strip() or name),
        languages=_each(query, "language", _language),
        q=query.get("q", ""),
        since=_moment(query, "since", zone),
        until=_moment(query, "until", zone),
        limit=_limit(query),
    )


def read_address(query: QueryParams) -> str:
    """The address that is asked about.

    Raises:
        QuestionRefused: none, several, or one that is too long.
    """
    url = _single(query, "url")
    if not url:
        raise QuestionRefused("url", "Say which address is meant: ?url=https://…")
    if len(url) > MAX_LENGTH:
        raise QuestionRefused("url", f"url can have at most {MAX_LENGTH:,} characters.")
    return url


def refuse_unknown(query: QueryParams, known: Collection[str]) -> None:
    """Programs are told about a parameter that does nothing, instead of trusting it."""
    for name in query:
        if name not in known:
            raise QuestionRefused(_short(name), f"There is no parameter {_short(name)!r} here.")


def _slugs(register: Register) -> dict[str, str]:
    """Every slug, former ones too, and the one of today that it means."""
    slugs = {old: department.slug for department in register.departments for old in department.formerly}
    return slugs | {department.slug: department.slug for department in register.departments}


def _each(query: QueryParams, name: str, meaning: Callable[[str], T | None]) -> tuple[T, ...]:
    said = [part for value in query.getlist(name) for each in value.split(",") if (part := each.strip())]
    if len(said) > _MOST_VALUES:
        raise QuestionRefused(name, f"At most {_MOST_VALUES} values of {name} can be asked for at once.")
    meant: dict[T, None] = {}
    for value in said:
        if (one := meaning(value)) is None:
            raise QuestionRefused(name, f"There is no {name} {_short(value)!r}.")
        meant[one] = None
    return tuple(meant)


def _as_said(name: str) -> str:
    return name


def _member(kind: type[E], name: str) -> E | None:
    return kind(name.lower()) if name.lower() in {member.value for member in kind} else None


def _account(name: str, known: set[UUID]) -> UUID | None:
    account = as_uuid(name)
    return account if account in known else None


def as_uuid(text: str) -> UUID | None:
    """The id that `text` writes in its usual form, or None."""
    try:
        read = UUID(text)
    except ValueError:
        return None
    return read if str(read) == text.lower() else None


def _language(name: str) -> str | None:
    return name.lower() if is_language(name) else None


def _moment(query: QueryParams, name: str, zone: ZoneInfo) -> datetime | None:
    if (text := _single(query, name)) is None:
        return None
    if (at := read_moment(text, zone)) is None:
        raise QuestionRefused(
            name, f"{name} must be a date (2026-11-20) or an RFC 3339 time with its offset, not {_short(text)!r}."
        )
    return min(max(at, _EARLIEST), _LATEST)


def _limit(query: QueryParams) -> int:
    if (text := _single(query, "limit")) is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST_POSTS):  # noqa: PLR2004  # digits, so that int() stays cheap
        raise QuestionRefused("limit", f"limit must be a whole number from 1 to {MOST_POSTS}, not {_short(text)!r}.")
    return int(text)


def _single(query: QueryParams, name: str) -> str | None:
    values = dict.fromkeys(query.getlist(name))
    if len(values) > 1:
        raise QuestionRefused(name, f"{name} can be said only once.")
    return next(iter(values), None)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
