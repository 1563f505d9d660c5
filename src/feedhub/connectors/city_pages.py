"""What a page of a city's site says to who looks for accounts: its title, its links, its feed."""

from lxml import etree
from lxml.etree import _Element as Element

from feedhub.accounts.proposals import Page, PageLink
from feedhub.connectors.exchange import Answer
from feedhub.connectors.page_links import header_links, page_links, unique
from feedhub.connectors.wordpress_site import site_home
from feedhub.payloads.charset import in_utf8
from feedhub.posts.urls import canonical_url

_LOOKED_AT = 2 * 1024 * 1024  # bytes
MOST_LINKS = 2_000
_LONGEST_TEXT = 200


def page_in(answer: Answer, *, name: str | None, is_department: bool) -> Page:
    """The page that an answer is; one without links where it is no HTML."""
    root = _tree(answer)
    url = answer.url
    if root is None:
        return Page(url=url, name=name, is_department=is_department)
    content_type = answer.headers.get("content-type")
    named = header_links(answer.headers.get("link", ""), url) + page_links(answer.body, content_type, url)
    feed = next((each.url for each in unique(named) if not (each.is_comments or each.is_narrow)), None)
    base = next((found for each in root.iter("base") if (found := canonical_url(each.get("href") or "", url))), url)
    return Page(
        url=url,
        title=_text(next(root.iter("title"), None)),
        name=name,
        links=_links(root, base),
        feed=feed,
        wordpress=site_home(answer),
        is_department=is_department,
    )


def _tree(answer: Answer) -> Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(in_utf8(answer.body[:_LOOKED_AT], answer.headers.get("content-type")), parser)
    except etree.XMLSyntaxError:
        return None


def _links(root: Element, base: str) -> tuple[PageLink, ...]:
    """Every link once, with the longest of its texts; links without text say what their picture shows."""
    found: dict[str, PageLink] = {}
    for element in root.iter("a", "area", "link"):
        rel = (element.get("rel") or "").lower().split()
        if element.tag == "link" and "me" not in rel:
            continue
        url = canonical_url((element.get("href") or "").strip(), base)
        if url is None:
            continue
        url = url.partition("#")[0]
        text = _text(element) or element.get("title") or element.get("aria-label") or _alt(element)
        link = PageLink(url=url, text=" ".join(text.split())[:_LONGEST_TEXT], is_me="me" in rel)
        held = found.get(url)
        if held is None or (link.is_me, len(link.text)) > (held.is_me, len(held.text)):
            found[url] = link
        if len(found) >= MOST_LINKS:
            break
    return tuple(found.values())


def _alt(element: Element) -> str:
    return next((image.get("alt") or "" for image in element.iter("img")), "")


def _text(element: Element | None) -> str:
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""
