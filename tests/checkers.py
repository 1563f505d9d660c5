"""Judges that know the standards and nothing of FeedHub: each gives the faults that it finds, none = valid."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import atoma
import feedparser
import jsonschema
import listparser
from icalendar import Calendar
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
ATOM = "{http://www.w3.org/2005/Atom}"
AT = "{http://purl.org/atompub/tombstones/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
SY = "{http://purl.org/rss/1.0/modules/syndication/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What every item has, and one that says of a post only that it is gone
_IN_A_STUB = ("title", "link", "guid", "pubDate", f"{ATOM}updated", f"{DC}creator")
LONGEST_LINE = 75  # bytes, RFC 5545 section 3.1
RFC_822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d ([+-]\d{4}|GMT)"
)


def atom_faults(document: bytes) -> list[str]:
    """RFC 4287's grammar, what its prose adds, and RFC 6721 for tombstones."""
    root = etree.fromstring(document)
    grammar = _atom_grammar()
    if not grammar.validate(root):
        return [f"line {fault.line}: {fault.message}" for fault in grammar.error_log]
    return [*_atom_prose_faults(root), *_tombstone_faults(root)]


def rss_faults(document: bytes) -> list[str]:
    """RSS 2.0 and the Advisory Board's profile, as rules in code."""
    root = etree.fromstring(document)
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return ["not one channel in an rss element of version 2.0"]
    faults = [*_rss_channel_faults(channels[0]), *_tombstone_faults(root)]
    gone = {stone.get("ref") for stone in channels[0].findall(f"{AT}deleted-entry")}
    for number, item in enumerate(channels[0].findall("item")):
        needed = _IN_A_STUB if item.findtext("guid") in gone else (*_IN_A_STUB, "source")
        faults += [f"item {number}: {fault}" for fault in _rss_item_faults(item, needed)]
    guids = Counter(guid.text for guid in root.iter("guid"))
    return faults + [f"guid {guid} twice" for guid, times in guids.items() if times > 1]


def jsonfeed_faults(document: bytes) -> list[str]:
    """JSON Feed 1.1 by a schema written from its text, and what a schema can't say."""
    feed = json.loads(document)
    faults = [_where(error) for error in _validator("jsonfeed.json", None).iter_errors(feed)]
    ids = Counter(item.get("id") for item in feed.get("items", []))
    faults += [f"id {each} twice" for each, times in ids.items() if times > 1]
    if "next_url" in feed and feed["next_url"] == feed.get("feed_url"):
        faults.append("next_url is the feed itself")
    return faults


def opml_faults(document: bytes) -> list[str]:
    """OPML 2.0 for subscription lists, by rules and by a foreign reader."""
    root = etree.fromstring(document)
    if root.tag != "opml" or root.get("version") != "2.0" or [part.tag for part in root] != ["head", "body"]:
        return ["not a head and a body in an opml element of version 2.0"]
    faults = [f"{date.tag} is not RFC 822" for date in root.iter("dateModified") if not RFC_822.fullmatch(date.text)]
    for outline in root.iter("outline"):
        if not outline.get("text"):
            faults.append("an outline without text")
        if outline.get("type") == "rss" and not _is_web(outline.get("xmlUrl")):
            faults.append("a subscription without an absolute xmlUrl")
    if listparser.parse(document.decode())["bozo"]:
        faults.append("listparser can't read it")
    return faults


def ics_faults(document: bytes) -> list[str]:
    """RFC 5545: lines, and what a calendar and its events can't do without, by a foreign parser."""
    lines = document.split(b"\r\n")
    faults = ["the last line does not end"] if lines.pop() else []
    faults += [f"line {number} is too long, or broken" for number, line in enumerate(lines, 1) if _is_bad_line(line)]
    calendar = Calendar.from_ical(document)
    faults += [f"{name}: {fault}" for part in calendar.walk() for name, fault in part.errors]
    needed = [(calendar, ("PRODID", "VERSION"))]
    needed += [(event, ("UID", "DTSTAMP", "DTSTART")) for event in calendar.walk("VEVENT")]
    faults += [f"{part.name} without {name}" for part, names in needed for name in names if name not in part]
    ids = Counter(str(event.get("UID")) for event in calendar.walk("VEVENT"))
    return faults + [f"uid {each} twice" for each, times in ids.items() if times > 1]


def api_faults(document: bytes | dict[str, object], shape: str = "post") -> list[str]:
    """An answer of the JSON API by a schema written from the public contract, the order of keys included."""
    answer = json.loads(document) if isinstance(document, bytes) else document
    faults = [_where(error) for error in _validator("api.json", shape).iter_errors(answer)]
    return faults or list(_order_faults(answer, {"$ref": f"#/$defs/{shape}"}))


def read_by_feedparser(document: bytes) -> feedparser.FeedParserDict:
    """What the commonest reader makes of an RSS or Atom document; it may have nothing to complain of."""
    # Without sanitizing and without resolving, so that what it read can be held against what we wrote.
    read = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo, read.bozo_exception
    return read


def read_by_atoma(document: bytes, format: str) -> object:
    """What a strict second reader (expat, typed) makes of it: `rss`, `atom`, `json` or `opml`."""
    readers = {
        "rss": atoma.parse_rss_bytes,
        "atom": atoma.parse_atom_bytes,
        "json": atoma.parse_json_feed_bytes,
        "opml": atoma.parse_opml_bytes,
    }
    return readers[format](document)


@cache
def _atom_grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))


@cache
def _schema(name: str) -> dict[str, object]:
    return json.loads((SCHEMAS / name).read_text())


@cache
def _validator(name: str, shape: str | None) -> jsonschema.Draft202012Validator:
    schema = _schema(name)
    return jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{shape}"} if shape else schema)


def _where(error: jsonschema.ValidationError) -> str:
    return f"{error.json_path}: {error.message[:200]}"


def _is_bad_line(line: bytes) -> bool:
    return len(line) > LONGEST_LINE or b"\n" in line or b"\r" in line


def _is_web(url: str | None) -> bool:
    """An absolute http(s) address without anything that would have to be escaped."""
    parts = urlsplit(url or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s<>\"]", url or "")


def _atom_prose_faults(root: etree._Element) -> Iterator[str]:
    """RFC 4287 sections 4.1.1 and 4.1.2, beyond the grammar; addresses have to be absolute here."""
    entries = [root] if root.tag == f"{ATOM}entry" else root.findall(f"{ATOM}entry")
    if root.find(f"{ATOM}author") is None and not all(
        entry.find(f"{ATOM}author") is not None or entry.find(f"{ATOM}source/{ATOM}author") is not None
        for entry in entries
    ):
        yield "no author"
    for element in {id(part): part for part in [root, *entries]}.values():
        alternates = Counter(
            (link.get("type"), link.get("hreflang"))
            for link in element.findall(f"{ATOM}link")
            if link.get("rel", "alternate") == "alternate"
        )
        yield from (f"alternate {key} twice" for key, times in alternates.items() if times > 1)
    for entry in entries:
        yield from _atom_entry_faults(entry)
    versions = Counter((entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries)
    yield from (f"entry {key} twice" for key, times in versions.items() if times > 1)
    yield from (f"id {each.text!r} is no IRI" for each in root.iter(f"{ATOM}id") if not urlsplit(each.text).scheme)
    yield from (f"link {link.get('href')!r}" for link in root.iter(f"{ATOM}link") if not _is_web(link.get("href")))


def _atom_entry_faults(entry: etree._Element) -> Iterator[str]:
    content = entry.find(f"{ATOM}content")
    rels = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
    if content is None and "alternate" not in rels:
        yield "neither content nor an alternate"
    elif content is not None and content.get("src") and entry.find(f"{ATOM}summary") is None:
        yield "content elsewhere and no summary"
    if not (entry.findtext(f"{ATOM}title") or "").strip():
        yield "a title without text"


def _tombstone_faults(root: etree._Element) -> Iterator[str]:
    """RFC 6721 section 3: ref and when, never the same pair twice."""
    stones = root.findall(f".//{AT}deleted-entry")
    for stone in stones:
        if not urlsplit(stone.get("ref", "")).scheme:
            yield "a tombstone without ref"
        if not re.fullmatch(r"[0-9-]{10}T[0-9:.]+(Z|[+-]\d\d:\d\d)", stone.get("when", "")):
            yield "a tombstone without when"
        if {child.tag for child in stone} - {f"{AT}comment", f"{AT}by", f"{ATOM}link", f"{ATOM}source"}:
            yield "a tombstone with content"
    pairs = Counter((stone.get("ref"), stone.get("when")) for stone in stones)
    yield from (f"tombstone {pair} twice" for pair, times in pairs.items() if times > 1)


def _rss_channel_faults(channel: etree._Element) -> Iterator[str]:
    for name in ("title", "link", "description"):
        if len(channel.findall(name)) != 1 or not (channel.findtext(name) or "").strip():
            yield f"not one {name}"
    for name in ("language", "copyright", "pubDate", "lastBuildDate", "generator", "docs", "ttl", "image"):
        if len(channel.findall(name)) > 1:
            yield f"{name} twice"
    if not RFC_822.fullmatch(channel.findtext("lastBuildDate") or ""):
        yield "lastBuildDate is not RFC 822"
    if not (channel.findtext("ttl") or "1").isdigit():
        yield "ttl is no number"
    if channel.findtext(f"{SY}updatePeriod", "daily") not in ("hourly", "daily", "weekly", "monthly", "yearly"):
        yield "unknown sy:updatePeriod"
    yield from _rss_link_faults(channel)


def _rss_link_faults(channel: etree._Element) -> Iterator[str]:
    links = channel.findall(f"{ATOM}link")
    if [link.get("type") for link in links if link.get("rel") == "self"] != ["application/rss+xml"]:
        yield "not one self link of its type"
    pages = [link.get("href") for link in links if link.get("rel") == "alternate" and link.get("type") == "text/html"]
    if pages != [channel.findtext("link")]:
        yield "link and the alternate page differ"
    yield from (f"relative link {link.get('href')!r}" for link in links if not _is_web(link.get("href")))
    if not _is_web(channel.findtext("link")):
        yield "link is not absolute"


def _rss_item_faults(item: etree._Element, needed: Iterable[str]) -> Iterator[str]:
    for name in needed:
        if len(item.findall(name)) != 1 or not (item.findtext(name) or "").strip():
            yield f"not one {name}"
    if not RFC_822.fullmatch(item.findtext("pubDate") or ""):
        yield "pubDate is not RFC 822"
    guid = item.find("guid")
    if guid is not None and guid.get("isPermaLink", "true") == "true" and not _is_web(guid.text):
        yield "guid is said to be a permalink"
    if item.find("author") is not None:
        yield "author beside dc:creator"
    tags = [child.tag for child in item]
    if f"{CONTENT}encoded" in tags and "description" not in tags[: tags.index(f"{CONTENT}encoded")]:
        yield "content:encoded without a description before it"
    addresses = [item.findtext("link"), *(source.get("url") for source in item.findall("source"))]
    addresses += [link.get("href") for link in item.findall(f"{ATOM}link")]
    yield from (f"address {url!r} is not absolute" for url in addresses if not _is_web(url))
    yield from _rss_media_faults(item)


def _rss_media_faults(item: etree._Element) -> Iterator[str]:
    enclosures = item.findall("enclosure")
    if len(enclosures) > 1:
        yield "more than one enclosure"
    for enclosure in enclosures:
        if set(enclosure.attrib) != {"url", "length", "type"} or not enclosure.get("length", "").isdigit():
            yield "enclosure without url, length and type"
    for content in item.iter(f"{MEDIA}content"):
        if not _is_web(content.get("url")) or "/" not in content.get("type", ""):
            yield "media:content without url and type"
        if content.get("medium") not in ("image", "audio", "video", "document", "executable"):
            yield "unknown medium"
    if bool(enclosures) != (item.find(f"{MEDIA}content") is not None):
        yield "enclosure and media:content disagree"


def _order_faults(value: object, schema: dict[str, object], path: str = "$") -> Iterator[str]:
    """Keys stand in the schema's order."""
    schema = _resolved(schema, value)
    if isinstance(value, list):
        for number, member in enumerate(value):
            yield from _order_faults(member, schema.get("items", {}), f"{path}[{number}]")
    elif isinstance(value, dict) and "properties" in schema:
        if list(value) != list(schema["properties"]):
            yield f"{path}: keys are not in the contract's order"
        for name, member in value.items():
            yield from _order_faults(member, schema["properties"][name], f"{path}.{name}")


def _resolved(schema: dict[str, object], value: object) -> dict[str, object]:
    if "anyOf" in schema and value is not None:
        schema = schema["anyOf"][0]
    while "$ref" in schema:
        schema = _schema("api.json")["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema
