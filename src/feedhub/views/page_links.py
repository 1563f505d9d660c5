"""The addresses of lists and of their feeds, made from the filters that they show."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from feedhub.posts.filters import Filters

DEFAULT_LIMIT = Filters().limit
FEED_TYPES = {
    "rss": ("RSS", "application/rss+xml"),
    "atom": ("Atom", "application/atom+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}


@dataclass(frozen=True, slots=True)
class FeedLink:
    """One feed of the very list that a page shows. `url` is absolute."""

    name: str
    mime_type: str
    url: str


def parameters(filters: Filters) -> list[tuple[str, str]]:
    """The query parameters that ask for `filters` again, in one fixed order.

    >>> from feedhub.accounts.kinds import Kind
    >>> parameters(Filters(departments=("dinkes", "bpbd"), kinds=(Kind.NEWS,), q="air bersih"))
    [('department', 'dinkes,bpbd'), ('kind', 'news'), ('q', 'air bersih')]
    """
    lists: list[tuple[str, Iterable[object]]] = [
        ("department", filters.departments),
        ("group", filters.groups),
        ("area", filters.areas),
        ("account", filters.accounts),
        ("platform", filters.platforms),
        ("kind", filters.kinds),
        ("type", filters.types),
        ("tag", filters.tags),
        ("language", filters.languages),
    ]
    asked = [(name, value) for name, values in lists if (value := ",".join(str(one) for one in values))]
    if filters.q:
        asked.append(("q", filters.q))
    for name, moment in (("since", filters.since), ("until", filters.until)):
        if moment is not None:
            asked.append((name, moment.isoformat()))
    if filters.limit != DEFAULT_LIMIT:
        asked.append(("limit", str(filters.limit)))
    return asked


def query(pairs: Iterable[tuple[str, str]]) -> str:
    """`?a=b&c=d`, or nothing.

    >>> query([("q", "air bersih"), ("department", "dinkes,bpbd")])
    '?q=air+bersih&department=dinkes,bpbd'
    """
    text = urlencode(list(pairs), safe=",:")
    return f"?{text}" if text else ""


def feed_path(filters: Filters, extension: str) -> str:
    """The path of the feed of `filters`, in its short form where it has one.

    >>> feed_path(Filters(departments=("dinkes",)), "rss")
    '/departments/dinkes/feed.rss'
    >>> from feedhub.accounts.kinds import Kind
    >>> feed_path(Filters(kinds=(Kind.NEWS,), q="banjir"), "json")
    '/feed.json?kind=news&q=banjir'
    """
    pairs = [(name, value) for name, value in parameters(filters) if name != "limit"]
    match pairs:
        case [("department", slug)] if "," not in slug:
            return f"/departments/{quote(slug)}/feed.{extension}"
        case [("kind", kind)] if "," not in kind:
            return f"/kinds/{kind}/feed.{extension}"
    return f"/feed.{extension}{query(pairs)}"


def feed_links(filters: Filters, public_url: str) -> tuple[FeedLink, ...]:
    """The list's feeds in every format, the most widely read first."""
    return tuple(
        FeedLink(name, mime_type, public_url + feed_path(filters, extension))
        for extension, (name, mime_type) in FEED_TYPES.items()
    )


def calendar_path(filters: Filters) -> str:
    """The path of the calendar of `filters`, in its short form where it has one.

    >>> calendar_path(Filters(departments=("dinkes",))), calendar_path(Filters(areas=("Melati",)))
    ('/departments/dinkes/events.ics', '/events.ics?area=Melati')
    """
    pairs = [(name, value) for name, value in parameters(filters) if name != "limit"]
    match pairs:
        case [("department", slug)] if "," not in slug:
            return f"/departments/{quote(slug)}/events.ics"
    return f"/events.ics{query(pairs)}"


def page_path(path: str, filters: Filters, *more: tuple[str, str]) -> str:
    """The path and query of a page that shows the choice `filters`.

    >>> page_path("/follow", Filters(departments=("dinkes",)), ("month", "2026-11"))
    '/follow?department=dinkes&month=2026-11'
    """
    return path + query([*(pair for pair in parameters(filters) if pair[0] != "limit"), *more])


def webcal(address: str) -> str:
    """The address as calendars subscribe to it.

    >>> webcal("https://kabar.example/events.ics")
    'webcal://kabar.example/events.ics'
    """
    return f"webcal://{address.partition('://')[2]}"
