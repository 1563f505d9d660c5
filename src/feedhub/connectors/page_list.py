"""The articles that a list page or a front page links to."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from feedhub.connectors.page_address import is_article_address, page_id, plain_address, site_of
from feedhub.errors import ItemUnreadable
from feedhub.payloads.charset import in_utf8
from feedhub.posts.urls import canonical_url, without_tracking

_LOOKED_AT = 2 * 1024 * 1024  # bytes
_MOST_ANCHORS = 5_000
_MOST_ARTICLES = 100
_FEWEST = 2  # links of one pattern; a single one is no list
_LONG_TEXT = 20  # characters of a link; menus are shorter
_AROUND = frozenset({"nav", "header", "footer", "aside", "form"})
_MENU = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|footer|sidebar|breadcrumb|pagination|social|widget)(?:$|[\s_-])", re.IGNORECASE
)
_NEXT = re.compile(r"^(?:next|selanjutnya|berikutnya|lebih lama|older|›|»|>)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_ARTICLE_WORD = re.compile(
    r"berita|news|artikel|article|pengumuman|agenda|kegiatan|detail|baca|read|post|info|rilis", re.IGNORECASE
)


@dataclass(slots=True)
class _Pattern:
    """Links whose addresses are alike. `texts` are the longest words that lead to each."""

    urls: dict[str, str] = field(default_factory=dict)  # by id
    texts: dict[str, int] = field(default_factory=dict)

    def looks_like_articles(self, shape: str) -> bool:
        if len(self.urls) < _FEWEST:
            return False
        usual = sorted(self.texts.values())[len(self.texts) // 2]
        return usual >= _LONG_TEXT or (usual > 0 and _ARTICLE_WORD.search(shape) is not None)


def article_links(body: bytes, content_type: str | None, url: str) -> list[str]:
    """The addresses of articles, in the order of the page: same site, a repeated pattern, no navigation."""
    root = page_tree(body, content_type)
    if root is None:
        return []
    patterns = defaultdict[str, _Pattern](_Pattern)
    order: list[tuple[str, str]] = []
    for element in _anchors(root):
        address = _absolute(element, url)
        if address is None or not is_article_address(address, url):
            continue
        shape, id = _shape(address), page_id(address)
        pattern = patterns[shape]
        if id not in pattern.urls:
            pattern.urls[id] = address
            order.append((shape, id))
        pattern.texts[id] = max(pattern.texts.get(id, 0), _text_length(element))
    chosen = {shape for shape, pattern in patterns.items() if pattern.looks_like_articles(shape)}
    return [patterns[shape].urls[id] for shape, id in order if shape in chosen][:_MOST_ARTICLES]


def shape_of(url: str) -> str:
    """The pattern of an address; articles of one site have few."""
    return _shape(url)


def why_no_article(body: bytes, content_type: str | None, url: str) -> str | None:
    """What is wrong with the addresses that a page links to, where that is why none can be followed."""
    root = page_tree(body, content_type)
    for element in _anchors(root) if root is not None else ():
        address = canonical_url((element.get("href") or "").strip(), url)
        if address is None or site_of(address) != site_of(url):
            continue
        try:
            page_id(address)
        except ItemUnreadable as refusal:
            if "session" in str(refusal) or "fragment" in str(refusal):
                return str(refusal)
    return None


def next_page(body: bytes, content_type: str | None, url: str) -> str | None:
    """The next page of the same list, where older articles stand."""
    root = page_tree(body, content_type)
    if root is None:
        return None
    for element in root.iter("a", "link"):
        words = " ".join("".join(map(str, element.itertext())).split())
        if "next" in (element.get("rel") or "").lower().split() or _NEXT.match(words):
            address = _absolute(element, url)
            if address and urlsplit(address).netloc == urlsplit(url).netloc and address != url:
                return address
    return None


def page_tree(body: bytes, content_type: str | None) -> Element | None:
    """An HTML page as a tree, its beginning only; None if there is none."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(in_utf8(body[:_LOOKED_AT], content_type), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _anchors(root: Element) -> list[Element]:
    """Links that stand in no menu; all of them where a page is nothing but menus."""
    every = list(root.iter("a"))[:_MOST_ANCHORS]
    inside = [element for element in every if not _is_around(element)]
    return inside or every


def _is_around(element: Element) -> bool:
    for above in element.iterancestors():
        if above.tag in _AROUND and above.getparent() is not None:
            # The header of an article is a part of it.
            if above.tag != "header" or not any(higher.tag == "article" for higher in above.iterancestors()):
                return True
        elif _MENU.search(f"{above.get('class') or ''} {above.get('id') or ''}"):
            return True
    return False


def _absolute(element: Element, url: str) -> str | None:
    href = (element.get("href") or "").strip()
    if not href or href.startswith("#"):
        return None
    address = canonical_url(href, url)
    return plain_address(without_tracking(address)) if address else None


def _shape(url: str) -> str:
    """What the addresses of one kind of page have in common: folders and the names of parameters.

    >>> _shape("https://a.example/berita/17/bansos-cair"), _shape("https://a.example/detail.php?id=3")
    ('/berita/#/*', '/detail.php?id')
    """
    parts = urlsplit(url)
    names = "&".join(sorted(name for name, _ in parse_qsl(parts.query)))
    *folders, last = parts.path.strip("/").split("/")
    folders = [_NUMBER.sub("#", folder) for folder in folders]
    if not names:
        last = "#" if last.isdecimal() else "*"
    return "/" + "/".join((*folders, last)) + (f"?{names}" if names else "")


def _text_length(element: Element) -> int:
    words = " ".join("".join(map(str, element.itertext())).split())
    return max(len(words), len((element.get("title") or "").strip()))
