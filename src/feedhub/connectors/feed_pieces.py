"""Cuts an ordinary feed at its items without reading them: half of the time that a tree takes.

What is cut out stays exactly as the platform wrote it, and a fault in one item can't reach the next.
"""

import re
from dataclasses import dataclass

from lxml.etree import _Element as Element

from feedhub.connectors.feed_xml import declarations, strict_tree

_MARK = re.compile(rb"<(/?)(?:item|entry)(?=[\s/>])")
_ELEMENT_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*):")
# Their words are elements, never attributes, so looking at the tags is enough.
_ELEMENTS_ONLY = frozenset(
    ["atom", "content", "dc", "dcterms", "feedburner", "georss", "itunes", "media", "slash", "sy", "wfw"]
)
_CDATA, _CDATA_END, _COMMENT, _COMMENT_END = b"<![CDATA[", b"]]>", b"<!--", b"-->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """`root` is the document without its items; `items` are UTF-8, each with the namespaces it uses."""

    root: Element
    items: tuple[bytes, ...]


def pieces(xml: bytes) -> Pieces | None:
    """`xml` (UTF-8) cut at its items, or None where only a real parser can say where they are.

    That is: a document type, anything but white space between items, items in items,
    and a rest that is not well-formed.
    """
    spans = _spans(xml)
    if not spans:
        return None
    start, end = spans[0][0], spans[-1][1]
    head = xml[:start]
    if b"<!DOCTYPE" in head or _is_open(head):
        return None
    root = strict_tree(head + xml[end:])
    if root is None:
        return None
    channel = next(root.iterchildren("channel"), None)
    scope = declarations(root) | (declarations(channel) if channel is not None else {})
    return Pieces(root=root, items=tuple(_alone(xml[start:end], scope) for start, end in spans))


def _spans(xml: bytes) -> list[tuple[int, int]]:
    """Where each item begins and ends; empty unless they follow each other with nothing in between."""
    marks = [(mark.start(), mark[1]) for mark in _MARK.finditer(xml)]
    spans: list[tuple[int, int]] = []
    for (start, opens), (close, closes) in zip(marks[::2], marks[1::2], strict=False):
        end = xml.find(b">", close) + 1
        if opens or not closes or not end or (spans and xml[spans[-1][1] : start].strip()):
            return []
        spans.append((start, end))
    return spans if len(marks) % 2 == 0 else []


def _is_open(head: bytes) -> bool:
    """Whether a comment or CDATA section that began in `head` has not ended there."""
    return head.rfind(_COMMENT) > head.rfind(_COMMENT_END) or head.rfind(_CDATA) > head.rfind(_CDATA_END)


def _alone(item: bytes, scope: dict[str, bytes]) -> bytes:
    """The item with the declarations of the prefixes that it uses, in one order."""
    if not scope:
        return item
    own = item[: item.find(b">")]
    used = {prefix.decode() for prefix in _ELEMENT_PREFIX.findall(item)}
    declared = b"".join(
        declaration
        for prefix, declaration in sorted(scope.items())
        if (not prefix or prefix in used or (prefix not in _ELEMENTS_ONLY and f" {prefix}:".encode() in item))
        and declaration.partition(b"=")[0] not in own
    )
    name = len(b"<item") if item.startswith(b"<item") else len(b"<entry")
    return item[:name] + declared + item[name:]
