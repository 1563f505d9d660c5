"""The feeds that a page names, and the places where its kind of site usually has one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from lxml import etree
from lxml.etree import _Element as Element

from feedhub.payloads.charset import in_utf8
from feedhub.posts.urls import canonical_url

# Links stand in the head; what comes later on a longer page is not looked at.
_LOOKED_AT = 1024 * 1024  # bytes
_MOST_ANCHORS = 5_000
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
        "application/json",
    }
)
# WordPress names its API and its previews in the same way as its feeds.
_NO_FEED = re.compile(r"/wp-json/|oembed|opensearch|\.webmanifest", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?\b|komentar", re.IGNORECASE)
_NARROW = re.compile(r"/(?:category|kategori|tag|author|penulis)/", re.IGNORECASE)
_FEED_ADDRESS = re.compile(
    r"(?:^|[/.])(?:rss2?|feeds?|atom)(?:/?|\.xml|\.php|\.json|/[a-z-]+)(?:\?|$)|[?&](?:feed=|format=feed)",
    re.IGNORECASE,
)
# RFC 8288 section 3.
_LINK_VALUE = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]*))?)*)", re.ASCII)
_LINK_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]*))", re.ASCII)

_SIGNS = (
    ("wordpress", ("feed/", "?feed=rss2", "index.php/feed/")),
    ("joomla", ("?format=feed&type=rss", "index.php?format=feed&type=rss")),
    ("drupal", ("rss.xml",)),
    ("blogger", ("feeds/posts/default?alt=rss",)),
)
_USUAL = (
    *("feed/", "?feed=rss2", "rss.xml", "rss", "feed.xml", "atom.xml", "index.xml", "?format=feed&type=rss"),
    *("feed.json", "rss/news", "feeds/posts/default"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """An address where a feed may be. `title` is what the page calls it."""

    url: str
    title: str = ""

    @property
    def is_comments(self) -> bool:
        """Whether it holds what visitors say, not what the site says."""
        return bool(_COMMENTS.search(self.url) or _COMMENTS.search(self.title))

    @property
    def is_narrow(self) -> bool:
        """Whether it holds one topic or author of the site."""
        return bool(_NARROW.search(self.url))


def header_links(header: str, url: str) -> list[FeedLink]:
    """The feeds in a page's HTTP `Link` header.

    >>> header_links('</feed>; rel="alternate"; type="application/rss+xml"', "https://a.example/x")
    [FeedLink(url='https://a.example/feed', title='')]
    """
    links = []
    for target, written in _LINK_VALUE.findall(header):
        said = {name.lower(): quoted or bare for name, quoted, bare in _LINK_PARAMETER.findall(written)}
        links.append(_link(target, said, url))
    return [link for link in links if link]


def page_links(body: bytes, content_type: str | None, url: str) -> list[FeedLink]:
    """The feeds that an HTML page at `url` names: its `<link>` elements, then what looks like one in `<a>`."""
    root = _page(body, content_type)
    if root is None:
        return []
    base = next((found for element in root.iter("base") if (found := _absolute(element.get("href"), url))), url)
    named = [_link(element.get("href"), _lower(element), base) for element in root.iter("link")]
    return [link for link in chain(named, _anchors(root, base)) if link]


def usual_places(body: bytes, url: str) -> list[FeedLink]:
    """Where a site such as this one usually has its feed, likeliest first: beside the page, then at the root."""
    text = body[:_LOOKED_AT].lower()
    beside = canonical_url("./", url) or url
    root = canonical_url("/", url) or url
    signed = [place for sign, places in _SIGNS for place in places if _shows(text, sign)]
    places = [(at, place) for at in dict.fromkeys((beside, root)) for place in signed]
    places += [(root, place) for place in _USUAL]
    found = (canonical_url(place, at) for at, place in dict.fromkeys(places))
    return [FeedLink(url=place) for place in dict.fromkeys(found) if place]


def _shows(text: bytes, sign: str) -> bool:
    marks = {
        "wordpress": (b"wp-content", b"wordpress"),
        "joomla": (b"joomla", b"/media/jui/"),
        "blogger": (b"blogspot",),
    }
    return any(mark in text for mark in marks.get(sign, (sign.encode(),)))


def _page(body: bytes, content_type: str | None) -> Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(in_utf8(body[:_LOOKED_AT], content_type), parser)
    except etree.XMLSyntaxError:
        return None


def _lower(element: Element) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in element.items()}


def _link(href: str | None, said: dict[str, str], base: str) -> FeedLink | None:
    """The feed that a link with these attributes leads to."""
    rels = said.get("rel", "").lower().split()
    kind = said.get("type", "").partition(";")[0].strip().lower()
    is_feed = "feed" in rels or ("alternate" in rels and kind in _FEED_TYPES)
    url = _absolute(href, base)
    if not is_feed or not url or _NO_FEED.search(url) or "stylesheet" in rels:
        return None
    return FeedLink(url=url, title=" ".join(said.get("title", "").split())[:200])


def _anchors(root: Element, base: str) -> Iterator[FeedLink]:
    """Links that people follow to a feed, as sites without `<link>` have them."""
    for count, element in enumerate(root.iter("a")):
        if count > _MOST_ANCHORS:
            return
        url = _absolute(element.get("href"), base)
        if url and _FEED_ADDRESS.search(url) and not _NO_FEED.search(url):
            yield FeedLink(url=url)


def _absolute(href: str | None, base: str) -> str | None:
    url = canonical_url(href.strip(), base) if href else None
    return url and url.partition("#")[0]


def unique(links: Iterable[FeedLink]) -> list[FeedLink]:
    """Each address once, feeds of comments and of single topics last."""
    found: dict[str, FeedLink] = {}
    for link in links:
        found.setdefault(link.url, link)
    return sorted(found.values(), key=lambda link: (link.is_comments, link.is_narrow))
