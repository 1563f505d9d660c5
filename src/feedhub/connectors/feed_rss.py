"""An RSS item of any age: 0.90 to 2.0, RDF, and Atom elements in it."""

from lxml.etree import _Element as Element

from feedhub.connectors.feed_draft import Draft, Reader, Readers
from feedhub.connectors.feed_media import enclosure
from feedhub.connectors.feed_modules import MODULES, base_in, language_in, read_elements
from feedhub.connectors.feed_names import ATOM, CONTENT, RDF, RSS, XHTML, tags
from feedhub.connectors.feed_xml import XML_BASE, markup_in, text_in

_ABOUT = [f"{{{space}}}about" for space in RDF]
_ADDRESSES = ("http://", "https://")


def rss_draft(entry: Element, *, base: str | None, language: str | None) -> Draft:
    """What an RSS item says, in a document with that base address and language."""
    draft = Draft(base=base_in(entry, base), language=language_in(entry) or language)
    read_elements(draft, entry, _READERS)
    draft.id = draft.id or next((about for name in _ABOUT if (about := entry.get(name))), "").strip()
    return draft


def _title(draft: Draft, element: Element) -> None:
    draft.title = draft.title or text_in(element)


def _link(draft: Draft, element: Element) -> None:
    draft.offer_link(text_in(element) or (element.get("href") or "").strip(), 1)


def _guid(draft: Draft, element: Element) -> None:
    guid = text_in(element)
    draft.id = draft.id or guid
    # RSS 2.0: a guid is an address unless it says that it is none; many forget to say so.
    if guid.startswith(_ADDRESSES) and (element.get("isPermaLink") or "true").strip().lower() != "false":
        draft.permalink = draft.permalink or guid


def _content(rank: int) -> Reader:
    def read(draft: Draft, element: Element) -> None:
        base = base_in(element, draft.base) if element.get(XML_BASE) else None
        draft.offer_content(markup_in(element), rank, base=base)

    return read


def _published(draft: Draft, element: Element) -> None:
    draft.offer_published(text_in(element), 5)


def _category(draft: Draft, element: Element) -> None:
    draft.tags.append(text_in(element))


def _enclosure(draft: Draft, element: Element) -> None:
    medium = enclosure(element.get("url") or "", element.get("type") or "", size=element.get("length") or "")
    if medium:
        draft.media.append(medium)


def _atom_link(draft: Draft, element: Element) -> None:
    address, rel = (element.get("href") or "").strip(), (element.get("rel") or "alternate").strip().lower()
    if rel == "alternate":
        draft.offer_link(address, 2)
    elif rel == "enclosure" and (
        medium := enclosure(address, element.get("type") or "", size=element.get("length") or "")
    ):
        draft.media.append(medium)
    elif rel in {"via", "related"}:
        draft.links.append(address)


_READERS: Readers = MODULES | {
    tag: reader
    for spaces, name, reader in (
        (RSS, "title", _title),
        (RSS, "link", _link),
        (RSS, "guid", _guid),
        (RSS, "description", _content(4)),
        (RSS, "pubDate", _published),
        (RSS, "category", _category),
        (RSS, "enclosure", _enclosure),
        (CONTENT, "encoded", _content(6)),
        (ATOM, "content", _content(5)),
        (ATOM, "summary", _content(2)),
        (ATOM, "link", _atom_link),
        (XHTML, "body", _content(5)),
        (XHTML, "div", _content(5)),
    )
    for tag in tags(spaces, name)
}
