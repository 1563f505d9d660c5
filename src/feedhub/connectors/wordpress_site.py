"""Where a WordPress site has its API and its feed."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from feedhub.connectors.exchange import Answer, origin_of
from feedhub.connectors.page_links import header_links, page_links, unique
from feedhub.posts.urls import canonical_url

_LOOKED_AT = 256 * 1024  # bytes of a page; the link stands in its head
_HEADER = re.compile(r"<([^<>]{1,2000})>\s*;\s*rel=\"?https://api\.w\.org/\"?")
_LINK = re.compile(
    rb"<link\b[^<>]{0,500}?\brel=[\"']https://api\.w\.org/[\"'][^<>]{0,500}?\bhref=[\"']([^\"'<>]{1,2000})[\"']"
)
_GENERATOR = re.compile(rb"<meta\s[^<>]{0,200}?\bcontent=[\"']WordPress\b", re.IGNORECASE)
_API_PATH = re.compile(r"(?:index\.php/)?wp-json/?$")
_FEED = re.compile(r"(?:index\.php/)?(?:feed|rss2?|rdf|atom|comments/feed)(?:/(?:rss2?|atom|rdf|feed))?/?$")
_FEED_QUERY = re.compile(r"(?:^|&)feed=")
# The feed form whose guid is the post's; RDF names its items by their permalinks.
_ROOT = re.compile(r"(?:index\.php/?)?(?:\?rest_route=/?|wp-json/?)$")
_USUAL_FEEDS = ("feed/", "?feed=rss2")


def named_root(answer: Answer) -> str | None:
    """Where any page or feed of the site says that its API is; https where the site itself was asked so."""
    said = _HEADER.search(answer.headers.get("link", ""))
    found = said[1] if said else None
    if found is None and (link := _LINK.search(answer.body[:_LOOKED_AT])):
        found = link[1].decode("utf-8", "replace").replace("&#038;", "&").replace("&amp;", "&")
    root = canonical_url(found, answer.url) if found else None
    if root and answer.url.startswith("https:") and urlsplit(root).netloc == urlsplit(answer.url).netloc:
        return "https:" + root.partition(":")[2]
    return root


def site_home(page: Answer) -> str | None:
    """The front page of the WordPress site that a page is of; None where it is of none."""
    if root := named_root(page):
        parts = urlsplit(root)
        path = _API_PATH.sub("", parts.path).removesuffix("index.php")
        return canonical_url(f"{parts.scheme}://{parts.netloc}{path or '/'}")
    return page.url if _GENERATOR.search(page.body[:_LOOKED_AT]) else None


def guessed_roots(url: str) -> tuple[str, ...]:
    """Where the API answers with every setting of permalinks: at the site that `url` seems to belong to."""
    return tuple(dict.fromkeys(f"{home}?rest_route=/" for home in homes(url)))


def homes(url: str) -> tuple[str, ...]:
    """The front pages that the site of `url` may have, the likeliest first.

    >>> homes("https://a.example/dinkes/feed/"), homes("https://a.example/?feed=rss2")
    (('https://a.example/dinkes/', 'https://a.example/'), ('https://a.example/',))
    """
    parts = urlsplit(url)
    path = _FEED.sub("", parts.path.lstrip("/"))
    beside = f"{origin_of(url)}/{path}"
    beside = beside if beside.endswith("/") else f"{beside.rpartition('/')[0]}/"
    return tuple(dict.fromkeys((beside, f"{origin_of(url)}/")))


def feeds(url: str, front: Answer | None, root: str | None) -> Iterator[str]:
    """Where the site's feed may be: beside its API, the address itself, what its page names, the usual places.

    Never beside a single page: what stands there holds what visitors say of it.
    """
    if root:
        yield from _usual(_ROOT.sub("", root))
    parts = urlsplit(url)
    if _FEED.search(parts.path) or _FEED_QUERY.search(parts.query):
        yield url
    if front is not None:
        named = header_links(front.headers.get("link", ""), front.url)
        named += page_links(front.body, front.headers.get("content-type"), front.url)
        yield from (link.url for link in unique(named) if not link.is_comments)
    yield from _usual(homes(url)[-1])


def _usual(home: str) -> tuple[str, ...]:
    return tuple(f"{home}{place}" for place in _USUAL_FEEDS)
