"""An Atom entry, 1.0 (RFC 4287) and 0.3."""

from base64 import b64decode
from binascii import Error as NotBase64

from lxml.etree import _Element as Element

from feedhub.connectors.feed_draft import Draft, Readers
from feedhub.connectors.feed_media import enclosure
from feedhub.connectors.feed_modules import MODULES, base_in, language_in, read_elements
from feedhub.connectors.feed_names import ATOM, tags
from feedhub.connectors.feed_text import looks_like_html
from feedhub.connectors.feed_xml import XHTML, XML_BASE, inner_html, markup_in, text_in

_ALTERNATE = {"", "alternate", "http://www.iana.org/assignments/relation/alternate"}
_PAGES = {"text/html", "application/xhtml+xml"}
_TEXT = {"text", "text/plain"}
# Blogger marks every entry with what it is in its own machinery.
_KINDS_SCHEME = "http://schemas.google.com/g/2005#kind"
_NO_SPACE = ("",)


def atom_draft(entry: Element, *, base: str | None, language: str | None) -> Draft:
    """What an Atom entry says, in a document with that base address and language."""
    draft = Draft(base=base_in(entry, base), language=language_in(entry) or language)
    read_elements(draft, entry, _READERS)
    return draft


def _title(draft: Draft, element: Element) -> None:
    if not draft.title:
        # RFC 4287 section 3.1.1: text is text; whoever gives no type seldom means that.
        draft.title, draft.title_is_text = text_in(element), _kind(element) in {"text", "xhtml"}


def _id(draft: Draft, element: Element) -> None:
    draft.id = draft.id or text_in(element)


def _content(draft: Draft, element: Element) -> None:
    _offer(draft, element, 6)
    if source := (element.get("src") or "").strip():
        _link_to(draft, source, element.get("type") or "")


def _summary(draft: Draft, element: Element) -> None:
    _offer(draft, element, 4)


def _offer(draft: Draft, element: Element, rank: int) -> None:
    kind = _kind(element)
    base = base_in(element, draft.base) if element.get(XML_BASE) else None
    is_text = kind in _TEXT and not len(element)
    if _is_base64(element, kind):
        markup = _decoded(element)
    elif (wrapper := _wrapper(element)) is not None:
        markup = inner_html(wrapper)
    else:
        markup = text_in(element) if is_text else markup_in(element)
    draft.offer_content(markup, rank, is_text=is_text and not _misdeclared(element, markup), base=base)


def _wrapper(element: Element) -> Element | None:
    """The div around XHTML, which is not part of it (RFC 4287 section 3.1.1.3)."""
    return element[0] if len(element) == 1 and element[0].tag == f"{XHTML}div" else None


def _misdeclared(element: Element, markup: str) -> bool:
    """Text is the default, so many who forget the type mean HTML; who writes it means it."""
    return element.get("type") is None and looks_like_html(markup)


def _kind(element: Element) -> str:
    return (element.get("type") or "text/plain").partition(";")[0].strip().lower()


def _is_base64(element: Element, kind: str) -> bool:
    """RFC 4287 section 4.1.3.3, number 6; Atom 0.3 said so itself."""
    if element.get("mode"):
        return (element.get("mode") or "").strip().lower() == "base64"
    is_readable = kind.startswith("text/") or kind.endswith(("+xml", "/xml")) or "/" not in kind
    return not is_readable and not len(element)


def _decoded(element: Element) -> str:
    try:
        return b64decode(text_in(element)).decode().strip()
    except (NotBase64, ValueError):
        return ""


def _link(draft: Draft, element: Element) -> None:
    address, kind = (element.get("href") or "").strip(), _kind(element)
    rel = (element.get("rel") or "").strip().lower()
    if rel in _ALTERNATE:
        draft.offer_link(address, 1 if kind in _PAGES else 2 if not element.get("type") else 3)
    elif rel == "enclosure":
        _link_to(draft, address, element.get("type") or "", size=element.get("length") or "")
    elif rel in {"via", "related"}:
        draft.links.append(address)


def _link_to(draft: Draft, address: str, mime: str, *, size: str = "") -> None:
    """A medium that stands elsewhere, or a page, which is a link."""
    medium = enclosure(address, mime, size=size)
    if medium:
        draft.media.append(medium)
    elif address:
        draft.links.append(address)


def _category(draft: Draft, element: Element) -> None:
    if element.get("scheme") != _KINDS_SCHEME:
        draft.tags.append((element.get("label") or element.get("term") or text_in(element)).strip())


_READERS: Readers = (
    MODULES
    | {
        tag: reader
        for name, reader in (
            ("title", _title),
            ("id", _id),
            ("link", _link),
            ("content", _content),
            ("summary", _summary),
            ("category", _category),
        )
        for tag in tags((*ATOM, *_NO_SPACE), name)
    }
    | {tag: MODULES[f"{{{ATOM[0]}}}{tag}"] for tag in ("published", "issued", "created", "updated", "modified")}
)
