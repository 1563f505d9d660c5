"""XML of any quality, as a tree; nothing outside the document is ever opened."""

from html import escape

from lxml import etree
from lxml.etree import _Element as Element

from feedhub.connectors.feed_mending import mended
from feedhub.payloads.charset import in_utf8

# One field of one item, in characters; what is beyond it is cut off.
FIELD_LIMIT = 256 * 1024
# An element with more is not looked at.
ATTRIBUTE_LIMIT = 64

XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XHTML = "{http://www.w3.org/1999/xhtml}"

_STRICT = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    strip_cdata=False,
    collect_ids=False,
)
_RECOVERING = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    strip_cdata=False,
    collect_ids=False,
    recover=True,
)
# Where a document type would stand; a later one meets a parser that opens nothing anyway.
_PROLOG = 4096


def strict_tree(xml: bytes) -> Element | None:
    """The root of well-formed UTF-8 without a document type, else None."""
    if b"<!DOCTYPE" in xml[:_PROLOG]:
        return None
    try:
        return etree.fromstring(xml, _STRICT)
    except etree.XMLSyntaxError:
        return None


def recovered(xml: bytes) -> Element | None:
    """What libxml2 can save of `xml` (UTF-8); None if that is nothing."""
    try:
        return etree.fromstring(xml, _RECOVERING)
    except etree.XMLSyntaxError:
        return None


def tree(xml: bytes) -> Element | None:
    """The root of one item: strict first, then mended, then what can be saved."""
    root = strict_tree(xml)
    if root is not None:
        return root
    xml = mended(in_utf8(xml))
    root = strict_tree(xml)
    return recovered(xml) if root is None else root


def text_in(element: Element) -> str:
    """All text in `element`, trimmed and cut at the limit.

    >>> text_in(etree.fromstring("<a> one <b>two</b> </a>"))
    'one two'
    """
    text = "".join(map(str, element.itertext())) if len(element) else element.text
    return text[:FIELD_LIMIT].strip() if text else ""


def markup_in(element: Element) -> str:
    """What stands in `element` as HTML source, whether escaped, in CDATA or as elements.

    >>> markup_in(etree.fromstring("<a>&lt;p>one</a>")), markup_in(etree.fromstring("<a>x <br/><b>two</b> y</a>"))
    ('<p>one', 'x <br><b>two</b> y')
    """
    return inner_html(element) if len(element) else text_in(element)


def inner_html(element: Element) -> str:
    """The HTML source of what stands in `element`, which is XHTML: its text is text."""
    for child in list(element.iter(f"{XHTML}*")):
        child.tag = str(child.tag).removeprefix(XHTML)
    etree.cleanup_namespaces(element)
    parts = [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return (escape(element.text or "", quote=False) + "".join(parts))[:FIELD_LIMIT].strip()


def declarations(element: Element) -> dict[str, bytes]:
    """By prefix ("" = none), the namespaces in force inside `element`, as they are written in a start tag."""
    return {
        prefix or "": f' xmlns{":" if prefix else ""}{prefix or ""}="{escape(address)}"'.encode()
        for prefix, address in element.nsmap.items()
    }


def alone(element: Element) -> bytes:
    """`element` cut out of its tree: its own text with the namespaces that it uses, and no others."""
    parent = element.getparent()
    if parent is not None:
        # Taking it out moves the declarations it needs, and only those, into it.
        parent.remove(element)
    return etree.tostring(element, encoding="utf-8", with_tail=False)
