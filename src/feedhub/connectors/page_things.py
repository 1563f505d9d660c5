"""What a page says of itself in schema.org's words: JSON-LD, or microdata in the same shape."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.etree import _Element as Element

Thing = dict[str, Any]

_MOST_SCRIPTS = 20
_MOST_THINGS = 200
_DEPTH = 6
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARKS = re.compile(r"^\s*(?:<!--|-->|//\s*<!\[CDATA\[|<!\[CDATA\[|//\s*\]\]>|\]\]>)", re.MULTILINE)
# A string, or what JSON does not know: comments, and commas before an end.
_STRING_OR_EXTRA = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/|,(?=\s*(?://[^\n]*\s*)*[}\]])', re.DOTALL)
_ARTICLE_TYPES = """
article newsarticle reportagenewsarticle backgroundnewsarticle analysisnewsarticle opinionnewsarticle
askpublicnewsarticle reviewnewsarticle blogposting liveblogposting socialmediaposting discussionforumposting
techarticle scholarlyarticle report satiricalarticle announcement specialannouncement
"""
_ARTICLES = frozenset(_ARTICLE_TYPES.split())
_EVENTS = re.compile(r"(?:event|festival|courseinstance|hackathon)$")


def things_in(root: Element) -> list[Thing]:
    """Every thing that the page describes, JSON-LD first; broken scripts are read as far as they can be."""
    found: list[Thing] = []
    for script in list(root.iter("script"))[: _MOST_SCRIPTS * 10]:
        if "ld+json" in (script.get("type") or "").lower():
            found += things_of("".join(map(str, script.itertext())))
    return [*found, *microdata_in(root)][:_MOST_THINGS]


def microdata_in(root: Element) -> list[Thing]:
    """The things that stand in the page's own markup."""
    elements = (element for element in root.iter() if isinstance(element.tag, str))
    outer = (one for one in elements if one.get("itemscope") is not None and one.get("itemprop") is None)
    return [_microdata(element, 0) for element in list(outer)[:_MOST_THINGS]]


def things_of(script: str) -> list[Thing]:
    r"""The things of one JSON-LD script: alone, in a list or in a `@graph`.

    >>> things_of('<!-- x -->{"@type": "Article", /* y */ "url": "https://a.example/", // z\n "name": "A",}')
    [{'@type': 'Article', 'url': 'https://a.example/', 'name': 'A'}]
    """
    value = _lenient(script)
    return list(_flattened(value, 0))[:_MOST_THINGS]


def types_of(thing: Thing) -> set[str]:
    """What kinds of things it is, without the vocabulary's address, in lower case."""
    said = thing.get("@type")
    names = said if isinstance(said, list) else [said]
    return {str(name).rstrip("/").rpartition("/")[2].rpartition(":")[2].lower() for name in names if name}


def is_article(thing: Thing) -> bool:
    return not _ARTICLES.isdisjoint(types_of(thing))


def is_event(thing: Thing) -> bool:
    return any(_EVENTS.search(name) for name in types_of(thing))


def words(value: object) -> str:
    """A value as text: the first of several, a thing by its name."""
    for one in value if isinstance(value, list) else [value]:
        said = _name_of(one) if isinstance(one, dict) else one
        if isinstance(said, int | float) and not isinstance(said, bool):
            return str(said)
        if isinstance(said, str) and said.strip():
            return " ".join(unescape(said).split()) if "<" not in said else said.strip()
    return ""


def _name_of(thing: Thing) -> object:
    return next((thing[name] for name in ("@value", "name", "url", "@id") if thing.get(name)), None)


def every(value: object) -> list[Any]:
    """A value as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _lenient(script: str) -> object:
    text = _MARKS.sub("", _COMMENT.sub("", script)).strip().rstrip(";")
    for attempt in (text, _without_extras(text), _without_extras(unescape(text))):
        try:
            value: object = json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _without_extras(text: str) -> str:
    return _STRING_OR_EXTRA.sub(lambda found: found[0] if found[0].startswith('"') else "", text)


def _flattened(value: object, depth: int) -> Iterator[Thing]:
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for one in value[:_MOST_THINGS]:
            yield from _flattened(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from _flattened(value.get("@graph"), depth + 1)
        for name in ("mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(name), dict) and (is_article(value[name]) or is_event(value[name])):
                yield from _flattened(value[name], depth + 1)


def _microdata(element: Element, depth: int) -> Thing:
    """HTML's own microdata (html.spec.whatwg.org/multipage/microdata.html), in JSON-LD's shape."""
    thing: Thing = {"@type": (element.get("itemtype") or "").split()}
    for prop in _properties(element):
        value: object = prop.get("content")
        if prop.get("itemscope") is not None:
            value = _microdata(prop, depth + 1) if depth < _DEPTH else None
        elif value is None:
            value = next((said for name in ("datetime", "src", "href") if (said := prop.get(name))), None)
            value = value or "".join(map(str, prop.itertext())).strip()
        for name in (prop.get("itemprop") or "").split():
            held = thing.get(name)
            thing[name] = value if held is None else [*every(held), value]
    return thing


def _properties(element: Element) -> Iterator[Element]:
    """The properties of one thing, not those of things within it."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.get("itemprop") is not None:
            yield child
        if child.get("itemscope") is None:
            yield from _properties(child)
