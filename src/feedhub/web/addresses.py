"""The addresses of feeds and pages, one for each set of filters."""

from dataclasses import replace
from http import HTTPStatus
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from feedhub.posts.filters import Filters
from feedhub.posts.months import month_name
from feedhub.store.archives import Place
from feedhub.views.formats import Format
from feedhub.views.page_links import DEFAULT_LIMIT, parameters, query
from feedhub.web.state import State


def feed_address(filters: Filters, format: str) -> str:
    """The path and query of the one feed of `filters`: its short form where it has one.

    >>> feed_address(Filters(departments=("dinkes",), limit=20), "rss")
    '/departments/dinkes/feed.rss?limit=20'
    >>> feed_address(Filters(departments=("bpbd", "dinkes"), q="air bersih"), "json")
    '/feed.json?department=bpbd,dinkes&q=air+bersih'
    """
    pairs = parameters(filters)
    limit = [pair for pair in pairs if pair[0] == "limit"]
    match [pair for pair in pairs if pair[0] != "limit"]:
        case [("department", slug)] if "," not in slug:
            return f"/departments/{quote(slug)}/feed.{format}{query(limit)}"
        case [("kind", kind)] if "," not in kind:
            return f"/kinds/{kind}/feed.{format}{query(limit)}"
    return f"/feed.{format}{query(pairs)}"


def is_archived(filters: Filters) -> bool:
    """Whether the feed of `filters` has a short form of its own, and so archives.

    >>> is_archived(Filters(departments=("dinkes",))), is_archived(Filters(departments=("dinkes",), limit=20))
    (True, False)
    """
    return "?" not in feed_address(filters, "atom")


def archive_url(here: State, filters: Filters, format: Format, place: Place) -> str:
    """The absolute address of one archive of an archived feed."""
    feed = feed_address(replace(filters, limit=DEFAULT_LIMIT), "x").removesuffix(".x")
    before = query([("before", str(place.before))]) if place.before is not None else ""
    return f"{here.public_url}{feed}/archive/{month_name(place.month)}.{format.name}{before}"


def page_address(filters: Filters) -> str:
    """The path and query of the page for people that shows the same posts.

    >>> page_address(Filters()), page_address(Filters(departments=("dinkes",))), page_address(Filters(q="air"))
    ('/', '/departments/dinkes', '/search?q=air')
    """
    match [pair for pair in parameters(filters) if pair[0] != "limit"]:
        case []:
            return "/"
        case [("department", slug)] if "," not in slug:
            return f"/departments/{quote(slug)}"
        case [("account", account)] if "," not in account:
            return f"/accounts/{account}"
        case pairs:
            return f"/search{query(pairs)}"


def moved(here: State, target: str) -> Response:
    """What was asked for has one address, and it is this one."""
    return RedirectResponse(here.public_url + target, HTTPStatus.PERMANENT_REDIRECT)
