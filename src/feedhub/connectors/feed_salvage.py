"""Feeds that no strict parser takes: their whole items, one by one, so that one can't spoil its neighbours."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import _Element as Element

from feedhub.connectors.feed_xml import declarations, recovered

_OPEN = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?(?:item|entry))(?=[\s>])")
# In these, items are the root's children; in RSS 2.0 the channel's.
_BESIDE = re.compile(r"(?:\{[^}]*\})?(?:rdf|feed|channel)", re.IGNORECASE)


def salvaged_tree(xml: bytes, limit: int) -> Element | None:
    """A feed made of what can be saved from `xml` (mended, UTF-8): its head and up to
    `limit` whole items.

    A last item that was cut off is left out. None if there is nothing to be saved.
    """
    spans = list(_spans(xml, limit))
    root = recovered(xml[: spans[0][0]]) if spans else None
    if root is None:
        return None
    inner = None if _BESIDE.fullmatch(str(root.tag)) else next(root.iterchildren(), None)
    container = root if inner is None else inner
    opening = b"<feedhub" + b"".join(declarations(container).values()) + b">"
    for start, end, closing in spans:
        wrapped = recovered(opening + xml[start:end] + closing + b"</feedhub>")
        if wrapped is not None and len(wrapped):
            container.append(wrapped[0])
    return root


def _spans(xml: bytes, limit: int) -> Iterator[tuple[int, int, bytes]]:
    """Where each item begins and ends, and what must be added to close it.

    An item that is not closed ends where the next begins; the last one must be closed.
    """
    opened = list(islice(_OPEN.finditer(xml), limit + 1))
    for n, opening in enumerate(opened[:limit]):
        closing = b"</" + opening[1] + b">"
        following = opened[n + 1].start() if n + 1 < len(opened) else len(xml)
        end = xml.find(closing, opening.end(), following)
        if end >= 0:
            yield opening.start(), end + len(closing), b""
        elif following < len(xml):
            yield opening.start(), following, closing
