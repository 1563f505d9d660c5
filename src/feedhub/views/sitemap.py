"""Sitemaps (sitemaps.org protocol 0.9), with the other languages of each page and Google's words for news."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from lxml import etree
from lxml.etree import SubElement, tostring

from feedhub.accounts.account import AccountStatus, Register
from feedhub.posts.kept import KeptPost
from feedhub.posts.text import clean_text
from feedhub.views.channel import language_tag, rfc3339, shown_content, shown_title
from feedhub.views.feedgen_extension import Element
from feedhub.views.messages import LANGUAGES
from feedhub.views.page_site import Site

MEDIA_TYPE = "application/xml"
MOST_NEWS = 1_000  # posts, what Google reads of one document

_MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
# Pages whose address never changes; those that robots need not keep are left out.
_PAGES: Final = (
    "/departments",
    "/about",
    "/ethics",
    "/corrections",
    "/data",
    "/newsrooms",
    "/developers",
    "/webmasters",
    "/privacy",
    "/status",
)


def render_index(parts: Iterable[tuple[str, datetime | None]]) -> bytes:
    """The addresses of the parts, and when each last changed where that is known."""
    index = _root("sitemapindex")
    for address, changed_at in parts:
        one = SubElement(index, f"{{{_MAP}}}sitemap")
        SubElement(one, f"{{{_MAP}}}loc").text = address
        _add_change(one, changed_at)
    return _written(index)


def render_pages(site: Site, known: Register, changed: Mapping[str, datetime], *, at: datetime) -> bytes:
    """The pages that stay, in every language. `changed`: when a department's posts did, by its slug."""
    pages: list[tuple[str, datetime | None]] = [("/", at), *((path, None) for path in _PAGES)]
    pages += [(f"/departments/{one.slug}", changed.get(one.slug)) for one in known.departments]
    pages += [(f"/accounts/{one.id}", None) for one in known.accounts if one.status is not AccountStatus.RETIRED]
    urls = _root("urlset", xhtml=_XHTML)
    for path, changed_at in pages:
        for language in LANGUAGES:
            _add_page(urls, replace(site, here=path), language, changed_at)
    return _written(urls)


def render_posts(site: Site, posts: Iterable[tuple[str, datetime]]) -> bytes:
    """Posts by their paths; each stands once, and names its page in the other language."""
    urls = _root("urlset", xhtml=_XHTML)
    for path, changed_at in posts:
        _add_page(urls, replace(site, here=path), site.home_language, changed_at)
    return _written(urls)


def render_news(site: Site, posts: Iterable[KeptPost]) -> bytes:
    """The newest posts as Google News reads them (developers.google.com, news sitemaps)."""
    urls = _root("urlset", news=_NEWS)
    for kept in posts:
        if (post := shown_content(kept)) is None:
            continue
        url = SubElement(urls, f"{{{_MAP}}}url")
        SubElement(url, f"{{{_MAP}}}loc").text = f"{site.public_url}/posts/{kept.id}"
        news = SubElement(url, f"{{{_NEWS}}}news")
        publication = SubElement(news, f"{{{_NEWS}}}publication")
        SubElement(publication, f"{{{_NEWS}}}name").text = clean_text(site.publisher.name)
        language = (language_tag(post) or site.publisher.language).partition("-")[0]
        SubElement(publication, f"{{{_NEWS}}}language").text = language
        SubElement(news, f"{{{_NEWS}}}publication_date").text = rfc3339(kept.published_at, site.zone)
        SubElement(news, f"{{{_NEWS}}}title").text = shown_title(kept, post)
    return _written(urls)


def _root(name: str, **spaces: str) -> Element:
    names: dict[str | None, str] = dict([(None, _MAP), *spaces.items()])
    return etree.Element(f"{{{_MAP}}}{name}", nsmap=names)  # type: ignore[arg-type]  # None is the default namespace


def _add_page(urls: Element, site: Site, language: str, changed_at: datetime | None) -> None:
    url = SubElement(urls, f"{{{_MAP}}}url")
    SubElement(url, f"{{{_MAP}}}loc").text = site.url_in(language)
    _add_change(url, changed_at)
    for spoken in LANGUAGES:
        SubElement(url, f"{{{_XHTML}}}link", rel="alternate", hreflang=spoken, href=site.url_in(spoken))
    home = site.url_in(site.home_language)
    SubElement(url, f"{{{_XHTML}}}link", rel="alternate", hreflang="x-default", href=home)


def _add_change(parent: Element, changed_at: datetime | None) -> None:
    if changed_at is not None:
        SubElement(parent, f"{{{_MAP}}}lastmod").text = changed_at.astimezone(UTC).isoformat(timespec="seconds")


def _written(root: Element) -> bytes:
    return tostring(root, encoding="UTF-8", xml_declaration=True)
