"""The judges of calendars, sitemaps and linked data can find fault."""

import json

import pytest

from judges import dcat_faults, schema_org_faults, sitemap_faults

MAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/b</loc>'
    "<lastmod>2026-11-20T01:00:00+00:00</lastmod>"
    '<xhtml:link rel="alternate" hreflang="id" href="https://a.example/b"/>'
    "<news:news><news:publication><news:name>Kota</news:name><news:language>id</news:language></news:publication>"
    "<news:publication_date>2026-11-20T01:00:00+00:00</news:publication_date><news:title>b</news:title></news:news>"
    "</url></urlset>"
)
CATALOG = {
    "@context": {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
    },
    "@id": "https://a.example/",
    "@type": "dcat:Catalog",
    "dct:title": "a",
    "dct:description": "a",
    "dct:publisher": {"@id": "https://a.example/#p", "@type": "foaf:Organization", "foaf:name": "a"},
    "dcat:dataset": {
        "@id": "https://a.example/d",
        "@type": "dcat:Dataset",
        "dct:title": "a",
        "dct:description": "a",
        "dct:identifier": "a",
        "dct:publisher": {"@id": "https://a.example/#p"},
        "dcat:theme": {"@id": "https://a.example/t"},
    },
    "dcat:service": {
        "@id": "https://a.example/s",
        "@type": "dcat:DataService",
        "dct:title": "a",
        "dcat:endpointURL": {"@id": "https://a.example/api"},
    },
}


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("sitemap/0.9", "sitemap/0.8"),
        ("<loc>https://a.example/b</loc>", ""),
        ("<loc>https", "<loc>ftp"),
        ("<lastmod>2026-11-20T01:00:00+00:00", "<lastmod>2026-11-20 01:00"),
        ('href="https://a.example/b"', 'href="https://a.example/c"'),
        ("<news:title>b</news:title>", ""),
        ("<news:language>id</news:language>", ""),
        ("</url>", "</url><page/>"),
    ],
)
def test_sitemap_judge_notices(good, bad):
    assert good in MAP
    assert sitemap_faults(MAP.encode()) == []
    assert sitemap_faults(MAP.replace(good, bad).encode())


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('"dcat:Catalog"', '"dcat:Catalogue"'),
        ('"dct:identifier"', '"dct:ident"'),
        ('"dcat:theme": {"@id": "https://a.example/t"}', '"dct:subject": "t"'),
        ('"foaf:name"', '"foaf:nick"'),
        ('"dcat:endpointURL"', '"dcat:landingPage"'),
        ('"dcat:Dataset"', '"dcat:Distribution"'),
    ],
)
def test_dcat_judge_notices(good, bad):
    written = json.dumps(CATALOG)
    assert good in written
    assert dcat_faults(written.encode()) == []
    assert dcat_faults(written.replace(good, bad).encode())


@pytest.mark.parametrize(
    "thing",
    [
        {"@type": "Posting"},
        {"@type": "Event", "startsAt": "2026"},
        {"@type": "NewsArticle", "author": {"@type": "Person", "startDate": "2026"}},
        {"@graph": [{"@type": "Place", "correction": "a"}]},
    ],
)
def test_schema_org_judge_notices(thing):
    assert schema_org_faults(thing)
