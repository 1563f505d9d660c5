"""Sitemaps: the addresses of a site's pages, news and when each changed (sitemaps.org, Google's news sitemap)."""

import gzip
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from lxml.etree import _Element as Element

from feedhub.connectors.feed_xml import text_in, tree
from feedhub.posts.dates import read_date
from feedhub.posts.urls import canonical_url

_MOST_ADDRESSES = 50_000  # sitemaps.org: the most that one may hold
_MOST_BYTES = 16 * 1024 * 1024  # unpacked
_ROBOTS = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One address of a sitemap. `changed_at` is its lastmod, for news at least its publication."""

    url: str
    changed_at: datetime | None = None
    is_news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """`maps` are other sitemaps, the most recently changed first; `pages` the newest first."""

    maps: tuple[Listed, ...] = ()
    pages: tuple[Listed, ...] = ()

    @property
    def is_news(self) -> bool:
        return any(page.is_news for page in self.pages)

    @property
    def is_dated(self) -> bool:
        """Whether it tells most pages' changes; one without dates says nothing of what is new."""
        return sum(page.changed_at is not None for page in self.pages) * 2 > len(self.pages)


def named_sitemaps(robots: str, url: str) -> tuple[str, ...]:
    r"""The sitemaps that a robots.txt names (RFC 9309 section 2.2.4), those of news first.

    >>> named_sitemaps("Sitemap: /peta.xml\nsitemap:https://a.example/news.xml", "https://a.example/robots.txt")
    ('https://a.example/news.xml', 'https://a.example/peta.xml')
    """
    found = [address for said in _ROBOTS.findall(robots) if (address := canonical_url(said, url))]
    return tuple(sorted(dict.fromkeys(found), key=lambda address: not _sounds_like_news(address)))


def sitemap_in(body: bytes) -> Sitemap | None:
    """A sitemap or a list of sitemaps, zipped or not; None if it is something else."""
    root = tree(_unzipped(body)) if body.strip() else None
    if root is None:
        return None
    match _name(root):
        case "sitemapindex":
            maps = sorted(_listed(root, "sitemap"), key=_newest_first)
            return Sitemap(maps=tuple(sorted(maps, key=lambda one: not _sounds_like_news(one.url))))
        case "urlset":
            return Sitemap(pages=tuple(sorted(_listed(root, "url"), key=_newest_first)))
    return None


def _listed(root: Element, name: str) -> list[Listed]:
    found = []
    for element in list(root)[:_MOST_ADDRESSES]:
        if _name(element) != name:
            continue
        said = {_name(child): text_in(child) for child in element.iter() if isinstance(child.tag, str)}
        url = canonical_url(_first(element, "loc"))
        if url is None:
            continue
        moments = [read_date(said.get(field, "")) for field in ("lastmod", "publication_date")]
        changed = max((moment for moment in moments if moment), default=None)
        found.append(Listed(url=url, changed_at=changed, is_news="publication_date" in said))
    return found


def _first(element: Element, name: str) -> str:
    return next((text_in(child) for child in element if _name(child) == name), "")


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _newest_first(listed: Listed) -> float:
    return -((listed.changed_at or _LONG_AGO) - _LONG_AGO).total_seconds()


def _sounds_like_news(url: str) -> bool:
    return any(word in url.lower() for word in ("news", "berita", "post"))


def _unzipped(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(BytesIO(body)) as unpacked:
            return unpacked.read(_MOST_BYTES)
    except (OSError, EOFError, zlib.error):
        return b""
