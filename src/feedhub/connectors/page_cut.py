"""What of a web page is the article: cut out, so that sidebars, menus and counters around it change nothing."""

import json
import re
from collections.abc import Iterator
from html import escape

from lxml import etree
from lxml.etree import _Element as Element

from feedhub.connectors.page_dates import has_date
from feedhub.connectors.page_list import page_tree
from feedhub.connectors.page_things import is_article, is_event, microdata_in

_METAS = re.compile(
    r"(?:og:(?:title|type|image|image:(?:url|secure_url|width|height|alt)|description|site_name|updated_time|video|video:url)"
    r"|article:(?:published_time|modified_time|tag|section)|description|date|pubdate|publishdate|publish_date|datepublished"
    r"|dc\.date(?:\.\w+)?|dcterms\.(?:date|created|modified)|twitter:image|twitter:image:alt|last-modified)$",
    re.IGNORECASE,
)
_DROPPED = frozenset(
    {"script", "style", "noscript", "nav", "aside", "footer", "form", "button", "template", "svg", "input"}
)
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|sosmed|related|terkait|lainnya|terpopuler|populer|popular|komentar|comments?"
    r"|sidebar|breadcrumbs?|pagination|pager|navigation|advert\w*|iklan|widget|newsletter|views?|dibaca|counter)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"(?:^|\s)(?:e-content|entry-content|post-content|post-body|article-content|article-body|article__content|content-detail"
    r"|detail-content|detail-berita|berita-detail|isi-berita|isi_berita|berita-isi|news-content|news-detail|news-body"
    r"|blog-content|blog-detail|single-content|td-post-content|itemfulltext|item-page|artikel-isi|isi-artikel|isi)(?:\s|$)",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"(?:^|\s)(?:h-entry|hentry)(?:\s|$)")
_ABSENT = re.compile(
    r"\b404\b|(?:halaman|laman|berita|artikel|data|konten)\b.{0,30}\btidak (?:di)?temukan|page not found|not found$|^error\b",
    re.IGNORECASE,
)
_BLOCK_NAMES = "p div li td h1 h2 h3 h4 h5 h6 span time small section article main tr br header a em i b strong"
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_FEWEST_CHARACTERS = 60  # of text; less is no article
_MANY = 8  # lines with dates


def cut_out(body: bytes, content_type: str | None) -> bytes | None:
    """The article of an HTML page as a small page of its own; None where the page holds nothing of the kind."""
    root = page_tree(body, content_type)
    if root is None:
        return None
    heading = next(iter(root.iter("h1")), None)
    main = _main(root)
    lines = [] if heading is None else list(_lines_after(root, heading, main))
    parts = [*_head(root), "</head><body>"]
    if heading is not None:
        parts.append(f"<h1>{escape(text_of_element(heading), quote=False)}</h1>")
    parts += [f'<p class="feedhub-date">{escape(line, quote=False)}</p>' for line in lines]
    if main is not None:
        above = heading.getparent() if heading is not None and heading in set(main.iter("h1")) else None
        if heading is not None and above is not None and not _ENTRY.search(_called(main)):
            _drop(heading, above)  # it is the title, and the text need not repeat it
        _clean(main)
        if main.tag not in {"article", "section", "main"}:
            main.tag = "div"  # a body or a cell can't stand where it is put now
        parts.append(etree.tostring(main, encoding="unicode", method="html", with_tail=False))
    language = escape(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    return f'<html lang="{language}"><head>{"".join(parts)}</body></html>'.encode("utf-8", "replace")


def says_absent(body: bytes, content_type: str | None) -> bool:
    """Whether a page that came with 200 says in its title or heading that it is not there."""
    root = page_tree(body, content_type)
    if root is None:
        return True
    said = [text_of_element(element) for name in ("title", "h1") for element in list(root.iter(name))[:1]]
    return any(_ABSENT.search(text) for text in said)


def text_of_element(element: Element) -> str:
    """Its text on one line."""
    return " ".join("".join(map(str, element.itertext())).split())


def _head(root: Element) -> Iterator[str]:
    title = next(iter(root.iter("title")), None)
    if title is not None:
        yield f"<title>{escape(text_of_element(title), quote=False)}</title>"
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if _METAS.match(name) and meta.get("content"):
            yield f'<meta property="{escape(name)}" content="{escape(meta.get("content") or "")}">'
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            written = "".join(map(str, script.itertext())).replace("</", "<\\/")
            yield f'<script type="application/ld+json">{written}</script>'
    # Microdata stands all over the page, so it is told in the same way before the page is cut.
    for thing in microdata_in(root):
        if is_article(thing) or is_event(thing):
            written = json.dumps(thing).replace("</", "<\\/")
            yield f'<script type="application/ld+json">{written}</script>'


def _main(root: Element) -> Element | None:
    """The element that holds the article, by what it is called or by where the text is."""
    entries = [element for element in root.iter() if _ENTRY.search(_called(element))]
    if entries and (len(entries) == 1 or any(_ENTRY.search(_called(above)) for above in entries[-1].iterancestors())):
        return entries[0]
    told = [element for element in root.iter() if element.get("itemprop") == "articleBody"]
    named = [element for element in root.iter() if _BODY.search(_called(element))]
    articles = list(root.iter("article"))
    found = told[:1] or named[:1] or (articles if len(articles) == 1 else []) or list(root.iter("main"))[:1]
    chosen = next((element for element in found if len(text_of_element(element)) >= _FEWEST_CHARACTERS), None)
    return chosen if chosen is not None else _densest(root)


def _densest(root: Element) -> Element | None:
    """The element whose paragraphs hold most of the page's text, that of links not counted."""
    scores: dict[Element, float] = {}
    for element in root.iter("p", "td", "div", "section"):
        if any(
            above.tag in _DROPPED or above.tag == "header" or _BESIDE.search(_called(above))
            for above in (element, *element.iterancestors())
        ):
            continue
        own = (element.text or "") + "".join(child.tail or "" for child in element)
        length = len(" ".join(own.split()))
        if length < _FEWEST_CHARACTERS // 2:
            continue
        holder = element.getparent() if element.tag == "p" else element
        if holder is not None:
            scores[holder] = scores.get(holder, 0.0) + length
    best = max(scores, key=lambda element: scores[element], default=None)
    return best if best is not None and scores[best] >= _FEWEST_CHARACTERS else None


def _lines_after(root: Element, heading: Element, main: Element | None) -> Iterator[str]:
    """Lines with dates between the heading and the article's end: what stands above is the site's own clock."""
    count, is_after = 0, False
    inside = set(main.iter()) if main is not None else set[Element]()
    for element in root.iter():
        if element is heading:
            is_after = True
        elif is_after and element.tag in _BLOCKS and element not in inside and count < _MANY:
            line = " ".join(((element.text or "") + "".join(child.tail or "" for child in element)).split())
            if line and has_date(line):
                count += 1
                yield line


def _clean(main: Element) -> None:
    for element in list(main.iter()):
        parent = element.getparent()
        if parent is None or element is main:
            continue
        if element.tag in _DROPPED or _BESIDE.search(_called(element)):
            _drop(element, parent)


def _drop(element: Element, parent: Element) -> None:
    """Without the element, but with the text after it."""
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _called(element: Element) -> str:
    if not isinstance(element.tag, str):
        return ""
    return f"{element.get('class') or ''} {element.get('id') or ''}"
