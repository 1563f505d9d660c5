"""What open-data portals harvest: our monthly files as a dataset, in the words of DCAT 3 (JSON-LD)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import orjson

from feedhub.posts.months import month_name
from feedhub.views.channel import rfc3339
from feedhub.views.messages import LANGUAGES, speaker
from feedhub.views.page_site import Site

MEDIA_TYPE = "application/ld+json"

Document = dict[str, object]

_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_AUTHORITIES: Final = "http://publications.europa.eu/resource/authority/"
_KEYWORDS: Final = ("pengumuman", "layanan publik", "media sosial", "siaran pers")


def render_catalog(site: Site, months: Iterable[date], *, contact: str, at: datetime) -> bytes:
    """The catalogue, its one dataset with a file a month, and the API that serves the same posts."""
    found = sorted(months)
    service = f"{site.public_url}/api/v1"
    catalog = _resource(site, "dcat:Catalog", f"{site.public_url}/data/catalog.jsonld", title="data_title")
    catalog["dct:modified"] = _typed(rfc3339(at, site.zone), "dateTime")
    catalog["dcat:dataset"] = [_dataset(site, found, contact=contact, at=at)]
    catalog["dcat:service"] = [
        _resource(site, "dcat:DataService", f"{service}#service", title="data_service")
        | {
            "dcat:endpointURL": {"@id": service},
            "dcat:endpointDescription": {"@id": f"{site.public_url}/openapi.json"},
            "dcat:servesDataset": {"@id": _dataset_id(site)},
        }
    ]
    return orjson.dumps({"@context": _CONTEXT} | catalog)


def _dataset(site: Site, months: list[date], *, contact: str, at: datetime) -> Document:
    dataset = _resource(site, "dcat:Dataset", _dataset_id(site), title="data_title")
    dataset |= {
        "dct:identifier": _dataset_id(site),
        "dct:modified": _typed(rfc3339(at, site.zone), "dateTime"),
        "dct:accrualPeriodicity": {"@id": f"{_AUTHORITIES}frequency/CONT"},
        "dct:language": {"@id": f"{_AUTHORITIES}language/IND"},
        "dct:spatial": {"@type": "dct:Location", "dct:title": site.publisher.name},
        "dct:conformsTo": {"@id": f"{site.public_url}/openapi.json"},
        "dcat:theme": {"@id": f"{_AUTHORITIES}data-theme/GOVE"},
        "dcat:keyword": [_said("id", word) for word in _KEYWORDS],
        "dcat:landingPage": {"@id": site.url("/data")},
        "dcat:distribution": [_distribution(site, month) for month in months],
    }
    if months:
        dataset["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(months[0].isoformat(), "date"),
            "dcat:endDate": _typed(at.astimezone(site.zone).date().isoformat(), "date"),
        }
    if contact:
        dataset["dcat:contactPoint"] = {
            "@type": "vcard:Organization",
            "vcard:fn": site.publisher.name,
            "vcard:hasEmail" if contact.startswith("mailto:") else "vcard:hasURL": {"@id": contact},
        }
    return dataset


def _distribution(site: Site, month: date) -> Document:
    address = f"{site.public_url}/data/{month_name(month)}.ndjson.gz"
    known: Document = {
        "@type": "dcat:Distribution",
        "@id": address,
        "dct:title": month_name(month),
        "dcat:accessURL": {"@id": site.url("/data")},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"{_TYPES}application/json"},
        "dcat:compressFormat": {"@id": f"{_TYPES}application/gzip"},
    }
    return known | _licensed(site)


def _resource(site: Site, kind: str, address: str, *, title: str) -> Document:
    """What a catalogue, a dataset and a service have in common."""
    known: Document = {
        "@type": kind,
        "@id": address,
        "dct:title": [_said(spoken, _words(spoken, title, site)) for spoken in LANGUAGES],
        "dct:description": [_said(spoken, _words(spoken, "data_lead", site)) for spoken in LANGUAGES],
        "dct:publisher": {
            "@type": "foaf:Organization",
            "@id": f"{site.public_url}/#publisher",
            "foaf:name": site.publisher.name,
            "foaf:homepage": {"@id": site.publisher.url or site.url("/")},
        },
    }
    return known | _licensed(site)


def _licensed(site: Site) -> Document:
    return {"dct:license": {"@id": site.publisher.license}} if site.publisher.license else {}


def _dataset_id(site: Site) -> str:
    return f"{site.public_url}/data#posts"


def _words(language: str, key: str, site: Site) -> str:
    return speaker(language)(key, publisher=site.publisher.name)


def _said(language: str, text: str) -> Document:
    return {"@value": text, "@language": language}


def _typed(value: str, kind: str) -> Document:
    return {"@value": value, "@type": f"xsd:{kind}"}
