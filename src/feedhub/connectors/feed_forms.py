"""The forms that feed items have, and who reads each."""

from lxml.etree import _Element as Element

from feedhub.connectors.feed_atom import atom_draft
from feedhub.connectors.feed_draft import Draft
from feedhub.connectors.feed_json import json_draft, json_value
from feedhub.connectors.feed_names import ATOM, RDF, RSS, tags
from feedhub.connectors.feed_rss import rss_draft
from feedhub.connectors.feed_xml import tree
from feedhub.errors import ItemUnreadable

_FORMS = (
    dict.fromkeys((name.lower() for name in [*tags(RSS, "rss"), *tags(RSS, "channel")]), "rss")
    | dict.fromkeys((name.lower() for name in tags(RDF, "RDF")), "rdf")
    | dict.fromkeys((name.lower() for word in ("feed", "entry") for name in tags(("", *ATOM), word)), "atom")
)


def form_of(root: Element) -> str | None:
    """The form that this root element begins: `rss`, `rdf`, `atom`, or None."""
    return _FORMS.get(str(root.tag).lower())


def element_draft(entry: Element, form: str, *, base: str | None, language: str | None) -> Draft:
    """What one item of an XML feed says."""
    return (atom_draft if form == "atom" else rss_draft)(entry, base=base, language=language)


def item_draft(body: bytes, form: str, *, base: str | None, language: str | None) -> Draft:
    """What one item says that stands alone.

    Raises:
        ItemUnreadable: it is neither XML nor JSON.
    """
    if form == "json":
        try:
            return json_draft(json_value(body), base=base, language=language)
        except ValueError as broken:
            raise ItemUnreadable("The item is no JSON.") from broken
    entry = tree(body)
    if entry is None:
        raise ItemUnreadable("The item is no XML.")
    return element_draft(entry, form, base=base, language=language)
