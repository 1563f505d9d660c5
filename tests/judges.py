"""More judges that know the standards and nothing of FeedHub: calendars, sitemaps, linked data."""

import json
import re
import warnings
from collections.abc import Iterator

import lxml.html
import msgspec_schemaorg.models
import rdflib
from ical.calendar_stream import IcsCalendarStream
from lxml import etree
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF
from usp.tree import sitemap_from_str

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_NEWS_NEEDS = ("publication/{0}name", "publication/{0}language", "publication_date", "title")


def read_by_ical(document: bytes) -> dict[str, tuple[str, str, int]]:
    """The events that a strict reader of calendars finds: by uid, their status, summary and sequence."""
    calendar = IcsCalendarStream.calendar_from_ics(document.decode())
    return {each.uid: (each.status.value, each.summary, each.sequence) for each in calendar.events}


def sitemap_faults(document: bytes) -> list[str]:
    """sitemaps.org's schema as rules, and a foreign crawler that must find the same addresses."""
    root = etree.fromstring(document)
    kind = {f"{MAP}urlset": "url", f"{MAP}sitemapindex": "sitemap"}.get(root.tag)
    if kind is None:
        return [f"{root.tag} is no sitemap"]
    faults = [f"{child.tag} in {root.tag}" for child in root if child.tag != f"{MAP}{kind}"]
    for place in root:
        faults += _place_faults(place)
    told = [loc.text for loc in root.iter(f"{MAP}loc")]
    found = sitemap_from_str(document.decode())
    read = [page.url for page in found.pages] if kind == "url" else []
    return faults + ([] if read == told or kind == "sitemap" else ["a crawler finds other addresses"])


def _place_faults(place: etree._Element) -> Iterator[str]:
    names = [child.tag for child in place if child.tag.startswith(MAP)]
    if names not in ([f"{MAP}loc"], [f"{MAP}loc", f"{MAP}lastmod"]):
        yield f"{names} in {place.tag}"
    if not (place.findtext(f"{MAP}loc") or "").startswith("https://"):
        yield "a loc that is not absolute"
    if not _MOMENT.fullmatch(place.findtext(f"{MAP}lastmod") or "2026-11-20T00:00:00Z"):
        yield "lastmod is no W3C datetime"
    alternates = {link.get("hreflang"): link.get("href") for link in place.iter(f"{XHTML}link")}
    if alternates and place.findtext(f"{MAP}loc") not in alternates.values():
        yield "other languages without its own"
    for news in place.iter(f"{NEWS}news"):
        yield from (f"news without {path}" for path in _NEWS_NEEDS if not news.findtext(NEWS + path.format(NEWS)))


def dcat_faults(document: bytes) -> list[str]:
    """What DCAT calls mandatory, told by RDF as a foreign library reads it; no term that its vocabularies don't have."""
    graph = rdflib.Graph()
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # its parser's own
        graph.parse(data=document.decode(), format="json-ld")
    terms = {str(about) for _, about, _ in graph} | {str(kind) for kind in graph.objects(None, RDF.type)}
    faults = [f"{term} is in no vocabulary" for term in sorted(terms) if not _is_term(term)]
    needs = {
        DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset),
        DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.identifier, DCAT.theme),
        DCAT.Distribution: (DCAT.accessURL, DCAT.downloadURL, DCAT.mediaType),
        DCAT.DataService: (DCTERMS.title, DCAT.endpointURL),
        FOAF.Organization: (FOAF.name,),
    }
    for kind, names in needs.items():
        things = set(graph.subjects(RDF.type, kind))
        faults += [] if things or kind is DCAT.Distribution else [f"no {kind}"]
        faults += [f"{thing} without {name}" for thing in things for name in names if not graph.value(thing, name)]
    return faults


def _is_term(iri: str) -> bool:
    for space in (DCAT, DCTERMS, FOAF):
        if iri.startswith(str(space)):
            return iri.removeprefix(str(space)) in space.__annotations__
    return iri.startswith(("http://www.w3.org/2006/vcard/ns#", str(RDF)))


def schema_org_faults(document: object) -> list[str]:
    """Types and properties that schema.org's own vocabulary does not have together, by classes made from it."""
    return list(_thing_faults(json.loads(document) if isinstance(document, str) else document))


def linked_data_in(page: str) -> list[dict[str, object]]:
    """The JSON-LD documents of a page."""
    scripts = lxml.html.document_fromstring(page).xpath("//script[@type='application/ld+json']/text()")
    return [json.loads(script) for script in scripts]


def _thing_faults(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _thing_faults(each)
    elif isinstance(value, dict):
        if (kind := value.get("@type")) is not None:
            known = _properties(kind)
            yield from () if known else (f"there is no {kind}",)
            # `query-input` is Google's, for the search box.
            own = [name for name in value if not name.startswith("@") and name != "query-input"]
            yield from (f"{kind} has no {name}" for name in own if name not in known)
        for each in value.values():
            yield from _thing_faults(each)


def _properties(kind: str) -> set[str]:
    made = getattr(msgspec_schemaorg.models, kind, None)
    return set() if made is None else set(made.__struct_encode_fields__)
