"""What a frame or a fragment is asked for, and the posts that answer it: the element asks the API for the same."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from fastapi import Request
from starlette.datastructures import QueryParams

from feedhub.accounts.account import Register
from feedhub.accounts.kinds import Kind
from feedhub.errors import NotKnown, QuestionRefused
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.store.lists import kept_post, latest_posts
from feedhub.views.page_site import Site
from feedhub.views.widget_list import Layout, Theme, Wanted, WidgetList, picked, widget_list
from feedhub.web.addresses import page_address
from feedhub.web.query import as_uuid, read_known_filters
from feedhub.web.state import state

USUALLY = 5  # posts, unless the address says how many
_LOOKED_THROUGH = 50  # posts, for the events among them

E = TypeVar("E", bound=StrEnum)


def read_wanted(query: Mapping[str, str], *, level: int = 3) -> Wanted:
    """How a list is wanted; `level` is that of its headings unless the query says another.

    Raises:
        QuestionRefused: a layout, a theme or a number that there is not.
    """
    return Wanted(
        layout=_member(query, "layout", Layout.LIST),
        theme=_member(query, "theme", Theme.NONE),
        heading_level=_number(query, "heading-level", level, least=2, most=6),
        days=_number(query, "days", 3, least=1, most=365),
        hide_empty="hide-empty" in query,
    )


async def wanted_list(request: Request, site: Site, known: Register, *, level: int = 3) -> WidgetList:
    """The posts of `request`, or the one that it names."""
    query = request.query_params
    wanted = read_wanted(query, level=level)
    if (named := query.get("post")) is not None:
        return widget_list(site, (await named_post(request, named),), wanted, all_path="/")
    filters = filters_of(query, known, wanted)
    asked = replace(filters, limit=_LOOKED_THROUGH) if wanted.layout is Layout.AGENDA else filters
    here = state(request)
    found = picked(await here.store.read(latest_posts, asked), wanted, limit=filters.limit, now=here.now())
    return widget_list(site, found, wanted, all_path=all_path(filters, wanted))


def filters_of(query: QueryParams, known: Register, wanted: Wanted) -> Filters:
    """Which posts: alerts are emergencies, an agenda is made of events unless it says of what."""
    filters = read_known_filters(query, known)
    if "limit" not in query:
        filters = replace(filters, limit=USUALLY)
    if wanted.layout is Layout.ALERT:
        return replace(filters, kinds=(Kind.EMERGENCY,))
    if wanted.layout is Layout.AGENDA and not filters.kinds:
        return replace(filters, kinds=(Kind.EVENT,))
    return filters


def all_path(filters: Filters, wanted: Wanted) -> str:
    """The page for people that shows all of them."""
    is_calendar = wanted.layout is Layout.AGENDA and filters == Filters(kinds=(Kind.EVENT,), limit=filters.limit)
    return "/calendar" if is_calendar else page_address(filters)


async def named_post(request: Request, name: str) -> KeptPost:
    """Raises NotKnown; a post that is gone is returned without its content."""
    id = as_uuid(name)
    kept = await state(request).store.read(kept_post, id) if id else None
    if kept is None:
        raise NotKnown("post", name)
    return kept


def _member(query: Mapping[str, str], name: str, usual: E) -> E:
    said = query.get(name, "").lower()
    if not said:
        return usual
    members = {member.value: member for member in type(usual)}
    if said not in members:
        raise QuestionRefused(name, f"There is no {name} {said[:40]!r}.")
    return members[said]


def _number(query: Mapping[str, str], name: str, usual: int, *, least: int, most: int) -> int:
    said = query.get(name, "")
    if not said:
        return usual
    if not (said.isascii() and said.isdigit() and len(said) < 6 and least <= int(said) <= most):  # noqa: PLR2004  # digits, so that int() stays cheap
        raise QuestionRefused(name, f"{name} must be a whole number from {least} to {most}, not {said[:40]!r}.")
    return int(said)
