"""One canonical form of what is asked, before anybody looks at what it means.

Equivalent queries become the same bytes, so they share one kept answer; and the routes see
nothing but these bytes, so nothing outside the key can change an answer.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from feedhub.posts.filters import Filters

LISTS = ("department", "group", "area", "account", "platform", "kind", "type", "tag", "language")
_LISTED = frozenset((*LISTS, "fields"))
SINGLES = ("since", "until", "limit")
FILTERS = frozenset((*LISTS, *SINGLES, "q"))
DEFAULT_LIMIT = Filters().limit

MOST_BYTES = 8192  # of a query; more is a 414
_MOST_PARAMETERS = 400
_MOST_Q = 256  # characters
_MOST_WORDS = 16

_FOLDED = frozenset({"department", "account", "platform", "kind", "type", "language"})
_TRACKING = re.compile(r"utm_.*|fbclid|gclid|igsh|mc_.*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A path and its canonical query: the key of an answer.

    A page's path has no step for its language; `language` says it, None = the publisher's own.
    """

    path: str
    query: str
    language: str | None = None

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


def canonical_query(raw: bytes) -> str:
    """Sorted, without tracking parameters, empty ones and doubles; `q` cut to what is looked for.

    >>> canonical_query(b"utm_source=x&kind=News&department=b,a&department=a&q=&limit=10")
    'department=a,b&kind=news&limit=10'
    >>> canonical_query(b"q=%20air%20%20bersih%00&fbclid=1&since=2026-11-20T08:00:00+07:00")
    'q=air+bersih&since=2026-11-20T08:00:00%2B07:00'
    """
    text = raw.decode("utf-8", "replace")
    said: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="replace")[:_MOST_PARAMETERS]:
        name = _plain(name)  # noqa: PLW2901  # the same name, cleaned
        if name and not _TRACKING.fullmatch(name):
            said.setdefault(name, []).append(_plain(value))
    pairs = [(name, value) for name in sorted(said) for value in _values(name, said[name])]
    return urlencode(pairs, safe=",:", errors="replace")


def _values(name: str, values: list[str]) -> list[str]:
    """The values of one parameter in their canonical form; none where nothing was said."""
    if name in _LISTED:
        parts = {part for value in values for each in value.split(",") if (part := each.strip())}
        if name in _FOLDED:
            parts = {part.lower() for part in parts}
        return [",".join(sorted(parts))] if parts else []
    if name == "q":
        words = " ".join(values)[:_MOST_Q].split()[:_MOST_WORDS]
        return [" ".join(words)] if words else []
    if name in SINGLES:
        values = [_offset(value) for value in values]
    return [value for value in dict.fromkeys(values) if value]


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _offset(value: str) -> str:
    """A `+` that the form's own coding turned into a space, put back.

    >>> _offset("2026-11-20T08:00:00 07:00")
    '2026-11-20T08:00:00+07:00'
    """
    head, gap, tail = value.rpartition(" ")
    return f"{head}+{tail}" if gap and re.fullmatch(r"[0-9]{2}:?[0-9]{2}", tail) and ":" in head else value
