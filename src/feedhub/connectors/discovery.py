"""From the address of a site to the feeds that it has, each looked at before it is believed."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from feedhub.connectors.exchange import Answer
from feedhub.connectors.feed_bridges import is_bridge
from feedhub.connectors.feed_json import is_json_feed, json_value
from feedhub.connectors.feed_reading import split
from feedhub.connectors.feed_xml import text_in, tree
from feedhub.connectors.http import Http
from feedhub.connectors.page_links import FeedLink, header_links, page_links, unique, usual_places
from feedhub.failures import (
    AddressRefused,
    Challenged,
    EmptyDocument,
    Forbidden,
    NotAFeed,
    NotFound,
    RateLimited,
    ServerFailed,
    StatusRefused,
    TimedOut,
    Unauthorized,
    Unreachable,
    VisitFailed,
)
from feedhub.payloads.charset import in_utf8
from feedhub.payloads.payload import Document
from feedhub.posts.urls import canonical_url

MAX_ASKED = 12  # fetches, the page itself included
_MAX_NAMED = 7  # of them for the feeds that a page names; the others are for the usual places
_FORMS = {"feed": "atom", "entry": "atom", "rdf": "rdf"}
_TITLE_LENGTH = 200  # characters

_REMEDY = "Ask the site's administrator for the address of its RSS or Atom feed, and register that."
# The site is there, so its feed may be, even where this page isn't.
_PAGE_FAILED = (Challenged, EmptyDocument, Forbidden, NotFound, ServerFailed, StatusRefused, Unauthorized)
# Asking such a host again would be rude, or take for ever.
_HOST_FAILED = (RateLimited, TimedOut, Unreachable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that really is one. `format` is `rss`, `rdf`, `atom` or `json`."""

    url: str
    title: str
    format: str
    entries: int
    is_comments: bool = False
    is_narrow: bool = False
    is_bridge: bool = False


async def discover_feeds(http: Http, url: str, *, now: datetime) -> tuple[Found, ...]:
    """The feeds at `url` or of the site there, the best one first: the site's main feed, most entries.

    The address itself, if it is a feed; else what the page names (`Link` header, `<link>`,
    `<a>`); else the usual places, up to the first feed. At most 12 fetches.

    Raises:
        VisitFailed: its children. NotAFeed when the site is there but no feed was found.
    """
    start = canonical_url(url if "://" in url else f"https://{url}")
    if start is None:
        raise AddressRefused(f"{url!r} is not an address that can be fetched.")
    search = _Search(http, now)
    try:
        answer = await search.ask(start)
    except _PAGE_FAILED as failure:
        await search.try_all(usual_places(b"", start), up_to=MAX_ASKED, stop_at_first=True)
        return search.best(failure)
    search.seen.add(answer.url)
    if found := feed_in(answer, FeedLink(url=start), now=now):
        return (found,)
    named = header_links(answer.headers.get("link", ""), answer.url)
    named += page_links(answer.body, answer.headers.get("content-type"), answer.url)
    await search.try_all(unique(named), up_to=1 + _MAX_NAMED)
    refused = search.refused
    if all(found.is_comments or found.is_narrow for found in search.found):
        await search.try_all(usual_places(answer.body, answer.url), up_to=MAX_ASKED, stop_at_first=True)
    return search.best(refused or _nothing(answer.url, search))


def feed_in(answer: Answer, link: FeedLink, *, now: datetime) -> Found | None:
    """What feed an answer is, or None if it is none."""
    content_type = answer.headers.get("content-type")
    try:
        taken = split(Document(url=answer.url, body=answer.body, fetched_at=now, content_type=content_type))
    except VisitFailed:
        return None
    title, form = _head(in_utf8(answer.body, content_type).strip())
    # Only a move for good is the feed's own address; another redirect may lead elsewhere tomorrow.
    url = answer.moved_to or link.url
    seen = FeedLink(url=url, title=f"{title} {link.title}")
    return Found(
        url=url,
        title=title or link.title,
        format=form,
        entries=len(taken.payloads),
        is_comments=seen.is_comments,
        is_narrow=link.is_narrow or seen.is_narrow,
        is_bridge=is_bridge(answer.body),
    )


@dataclass
class _Search:
    """What was asked so far, and what came of it."""

    http: Http
    now: datetime
    asked: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    found: list[Found] = field(default_factory=list)
    left_alone: set[str] = field(default_factory=set)
    # Why a feed that the page names can't be had.
    refused: VisitFailed | None = None

    async def ask(self, url: str) -> Answer:
        self.asked.add(url)
        return await self.http.get(url, now=self.now)

    async def try_all(self, links: list[FeedLink], *, up_to: int, stop_at_first: bool = False) -> None:
        for link in links:
            if len(self.asked) >= up_to:
                return
            is_asked = link.url in self.asked | self.seen or urlsplit(link.url).netloc in self.left_alone
            if not is_asked and await self._try(link) and stop_at_first:
                return

    async def _try(self, link: FeedLink) -> bool:
        try:
            answer = await self.ask(link.url)
        except VisitFailed as failure:
            if isinstance(failure, _HOST_FAILED):
                self.left_alone.add(urlsplit(link.url).netloc)
            if not isinstance(failure, NotFound):
                self.refused = self.refused or failure
            return False
        if answer.url in self.seen:
            return False
        self.seen.add(answer.url)
        found = feed_in(answer, link, now=self.now)
        if found:
            self.found.append(found)
        return found is not None

    def best(self, otherwise: VisitFailed) -> tuple[Found, ...]:
        """What was found, best first. Raises `otherwise` where that is nothing."""
        if not self.found:
            raise otherwise
        return tuple(
            sorted(
                self.found,
                key=lambda found: (found.is_comments, found.is_narrow, -found.entries, found.format == "json"),
            )
        )


def _nothing(url: str, search: _Search) -> NotAFeed:
    places = len(search.asked) - 1
    return NotAFeed(
        f"{url} is not a feed, and no feed was found at the {places} places that it names or where sites usually have one.",
        remedy=_REMEDY,
    )


def _head(body: bytes) -> tuple[str, str]:
    """The title of a feed and its form."""
    if body.startswith(b"{"):
        try:
            value = json_value(body)
        except ValueError:
            return "", "json"
        title = value.get("title") if isinstance(value, dict) and is_json_feed(value) else None
        return _line(title if isinstance(title, str) else ""), "json"
    root = tree(body)
    if root is None:
        return "", "rss"
    channel = next((child for child in root if _local(child) == "channel"), root)
    titles = (text_in(child) for child in channel if _local(child) == "title")
    return _line(next(titles, "")), _FORMS.get(_local(root), "rss")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _line(text: str) -> str:
    return " ".join(text.split())[:_TITLE_LENGTH]
