"""JSON-LD's many ways to write one thing: a text, an object, or a list of either (w3.org/TR/activitystreams-core)."""

import re
from collections.abc import Mapping
from typing import Any

_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_PREFIXES = ("https://www.w3.org/ns/activitystreams#", "http://www.w3.org/ns/activitystreams#", "as:")
_WEB = ("https://", "http://")
_HOME = "id"  # of several languages, the one that this country reads
_DURATION = re.compile(
    r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8}(?:\.\d{1,6})?)S)?)?", re.ASCII
).fullmatch
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60  # seconds


def listed(value: object) -> list[Any]:
    """What stands alone or in a list, as a list.

    >>> listed(None), listed("a"), listed(["a", {"b": 1}])
    ([], ['a'], ['a', {'b': 1}])
    """
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def kinds(value: object) -> tuple[str, ...]:
    """The types of an object, without their vocabulary's prefix.

    >>> kinds({"type": ["as:Note", "https://schema.example/Article"]})
    ('Note', 'https://schema.example/Article')
    """
    if not isinstance(value, dict):
        return ()
    said = [one for one in listed(value.get("type", value.get("@type"))) if isinstance(one, str)]
    return tuple(_unprefixed(one) for one in said)


def id_of(value: object) -> str:
    """The id of what may be given whole or by its id alone; of a list, the first one's.

    >>> id_of([{"id": "https://a.example/1"}, "https://a.example/2"]), id_of({"@id": 5})
    ('https://a.example/1', '')
    """
    return next(iter(ids_of(value)), "")


def ids_of(value: object) -> list[str]:
    """The ids of everything in a value."""
    found = [one.get("id", one.get("@id")) if isinstance(one, dict) else one for one in listed(value)]
    return [one for one in found if isinstance(one, str) and one]


def is_public(value: Mapping[str, Any]) -> bool:
    """Whether it is addressed to everybody; an unlisted post says so in cc."""
    return not _PUBLIC.isdisjoint([*ids_of(value.get("to")), *ids_of(value.get("cc"))])


def words(value: Mapping[str, Any], name: str) -> str:
    """A text in the language that it was written in, or in ours where only translations are given."""
    return _spoken(value, name)[0]


def language_of(value: Mapping[str, Any], name: str) -> str | None:
    """The language of the same text.

    >>> language_of({"contentMap": {"en": "Closed", "id": "Tutup"}, "content": "Tutup"}, "content")
    'id'
    """
    return _spoken(value, name)[1] or None


def addresses(value: object) -> list[dict[str, Any]]:
    """Links, however written, as `href`, `mediaType` and what else they say; web addresses only.

    >>> [link["href"] for link in addresses(["https://a.example/", {"type": "Link", "href": "https://b.example/"}])]
    ['https://a.example/', 'https://b.example/']
    """
    links = [{"href": one} if isinstance(one, str) else one for one in listed(value)]
    return [link for link in links if isinstance(link, dict) and is_web(link.get("href"))]


def page_of(value: Mapping[str, Any]) -> str:
    """The address of an object's page for people, empty where it has none."""
    links = addresses(value.get("url"))
    pages = [link["href"] for link in links if str(link.get("mediaType", "text/html")).startswith("text/html")]
    return next(iter(pages), "")


def is_web(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_WEB)


def whole(value: object) -> int | None:
    """A number that is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def seconds_in(value: object) -> float | None:
    """The seconds of a duration (xsd:duration, up to days), or of a number.

    >>> seconds_in("PT1H2M3.5S"), seconds_in("P0DT123S"), seconds_in(9), seconds_in("lama")
    (3723.5, 123.0, 9.0, None)
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = _DURATION(value) if isinstance(value, str) else None
    if not found:
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return days * _DAY + hours * _HOUR + minutes * _MINUTE + seconds


def _unprefixed(kind: str) -> str:
    prefix = next((prefix for prefix in _PREFIXES if kind.startswith(prefix)), "")
    return kind.removeprefix(prefix)


def _spoken(value: Mapping[str, Any], name: str) -> tuple[str, str]:
    """The text and its language."""
    translated = value.get(f"{name}Map")
    by_language: dict[str, str] = {}
    if isinstance(translated, dict):
        by_language = {tag: said for tag, said in translated.items() if isinstance(said, str)}
    for said in listed(value.get(name)):
        if isinstance(said, str):
            return said, next((tag for tag, same in by_language.items() if same == said), "")
        if isinstance(said, dict) and isinstance(said.get("@value"), str):
            return said["@value"], str(said.get("@language") or "")
    if _HOME in by_language:
        return by_language[_HOME], _HOME
    return next(((said, tag) for tag, said in by_language.items()), ("", ""))
