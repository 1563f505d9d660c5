"""What a document is that is no feed, said so that a person knows what to do."""

import re
from html import unescape

from feedhub.connectors.feed_bridges import broken_bridge
from feedhub.connectors.feed_draft import absolute
from feedhub.failures import NotAFeed, Unreadable, VisitFailed

_HEAD = 64 * 1024
_LINK = re.compile(r"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml)", re.IGNORECASE)
_ALTERNATE = re.compile(r"\brel\s*=\s*[\"']?[^\"'<>]*\balternate\b", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE)
_FEED = re.compile(r"<(?:\w+:)?(?:rss|RDF|feed|channel|entry)[\s>]|jsonfeed\.org/version/")
_HTML = re.compile(
    r"\s*(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body|script|meta|title|p|div|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_SIGNATURES = (
    ("%PDF-", "a PDF document"),
    # Signatures of bytes, as they look once read as text (charset.py, islands of windows-1252).
    ("‰PNG", "a picture"),
    ("GIF8", "a picture"),
    ("ÿØÿ", "a picture"),
    ("PK\x03\x04", "a ZIP archive"),
    ("\x1f‹", "a compressed file"),
)
_XML_KINDS = {
    "urlset": "a sitemap",
    "sitemapindex": "a list of sitemaps",
    "opml": "an OPML list of feeds",
    "svg": "a picture",
    "OpenSearchDescription": "a search description",
    "html": "a web page",
    "Error": "an error message",
}


def looks_like_feed(body: bytes) -> bool:
    """Whether the beginning of a feed stands near the beginning of `body` (UTF-8)."""
    return _FEED.search(body[:_HEAD].decode("utf-8", "replace")) is not None


def refusal(body: bytes, url: str) -> VisitFailed:
    """Why no feed can be read from `body` (UTF-8), which stands at `url`."""
    head = body[:_HEAD].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if broken := broken_bridge(body):
        return broken
    if _HTML.match(head):
        return _web_page(head, url)
    if looks_like_feed(body):
        return Unreadable("The address answers with a feed that is too broken to be read.")
    return NotAFeed(f"The address answers with {_kind(head)}, not with a feed.")


def advertised_feed(html: str, url: str) -> str | None:
    """The first feed that a page names in its `<link rel="alternate">` elements, absolute.

    >>> advertised_feed('<link rel="alternate" type="application/rss+xml" href="/feed/">', "https://x.example/a")
    'https://x.example/feed/'
    """
    for link in _LINK.findall(html[:_HEAD]):
        href = _HREF.search(link)
        if href and _FEED_TYPE.search(link) and _ALTERNATE.search(link):
            return absolute(unescape(href[1] or href[2] or href[3] or "").strip(), url)
    return None


def _web_page(head: str, url: str) -> NotAFeed:
    reason = "The address answers with a web page, not with a feed."
    feed = advertised_feed(head, url)
    if not feed:
        return NotAFeed(reason)
    return NotAFeed(f"{reason[:-1]}; the page names its feed: {feed}", remedy=f"Register {feed} instead.")


def _kind(head: str) -> str:
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(("{", "[")):
        return "JSON that is no JSON Feed"
    root = _ROOT.search(head) if head.startswith("<") else None
    if root:
        return _XML_KINDS.get(root[1], f"XML whose root is <{root[1][:40]}>")
    return "plain text" if head.isprintable() or "\n" in head else "bytes that are no text"
