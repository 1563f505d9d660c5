"""Where a feed item is about: GeoRSS, GML and the W3C's geo words."""

from lxml.etree import _Element as Element

from feedhub.connectors.feed_draft import Draft, Readers
from feedhub.connectors.feed_names import GEO, GEORSS, GML, tags
from feedhub.connectors.feed_xml import text_in


def degrees(text: str, limit: int) -> float | None:
    """An angle of at most `limit` degrees either way, else None.

    >>> degrees("-7.75", 90), degrees("113.2", 90), degrees("nan", 90), degrees("here", 90)
    (-7.75, None, None, None)
    """
    try:
        angle = float(text)
    except ValueError:
        return None
    return angle if -limit <= angle <= limit else None


def _point(draft: Draft, element: Element) -> None:
    """`latitude longitude`, as GeoRSS and GML write a point."""
    latitude, _, longitude = text_in(element).replace(",", " ").partition(" ")
    draft.latitude, draft.longitude = degrees(latitude, 90), degrees(longitude, 180)


def _latitude(draft: Draft, element: Element) -> None:
    draft.latitude = degrees(text_in(element), 90)


def _longitude(draft: Draft, element: Element) -> None:
    draft.longitude = degrees(text_in(element), 180)


def _name(draft: Draft, element: Element) -> None:
    draft.place = draft.place or text_in(element)


def _nested(draft: Draft, element: Element) -> None:
    for inner in element.iter():
        if reader := _POINTS.get(inner.tag):
            reader(draft, inner)


_POINTS: Readers = {
    tag: reader
    for spaces, name, reader in (
        (GML, "pos", _point),
        (GEO, "lat", _latitude),
        (GEO, "long", _longitude),
    )
    for tag in tags(spaces, name)
}
PLACES: Readers = _POINTS | {
    tag: reader
    for spaces, name, reader in (
        (GEORSS, "point", _point),
        (GEORSS, "where", _nested),
        (GEORSS, "featurename", _name),
        (GEO, "Point", _nested),
    )
    for tag in tags(spaces, name)
}
