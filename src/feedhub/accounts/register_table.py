"""One table of a register file, whose wrong values become faults with a line and a sentence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from unicodedata import normalize
from urllib.parse import urlsplit

from feedhub.accounts.toml_lines import Path, line_at
from feedhub.errors import Fault

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029]")
_LONGEST = 2_000  # characters; no name, address or evidence needs more
_SPAN = re.compile(r"(\d{1,6})\s*([smh])", re.ASCII)
_UNITS = {"s": 1, "m": 60, "h": 3_600}
_LONGEST_SPAN = 86_400  # seconds
_TYPE_WORDS: dict[type, str] = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
}


@dataclass(frozen=True)
class FaultList:
    """Everything wrong in one file so far. `lines` says where its values stand."""

    lines: dict[Path, int]
    # A line that could not be read at all was left out, so what seems missing may stand there.
    is_mended: bool = False
    found: list[Fault] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        self.found.append(Fault(self.line(path), message))

    def add_missing(self, path: Path, message: str) -> None:
        if not self.is_mended:
            self.add(path, message)

    def line(self, path: Path) -> int:
        return line_at(self.lines, path)


@dataclass(frozen=True)
class FileTable:
    """The values of one table. `what` is how sentences call it ("department")."""

    values: Mapping[str, object]
    path: Path
    what: str
    faults: FaultList

    def refuse(self, key: str, message: str) -> None:
        self.faults.add((*self.path, key), message)

    def refuse_unknown_keys(self, known: Iterable[str]) -> None:
        known = list(known)
        for key in self.values:
            if key not in known:
                self.refuse(
                    key,
                    f"There is no key {key!r} in {'an' if self.what[0] in 'aeiou' else 'a'} {self.what}{_hint(key, known)}",
                )

    def text(self, key: str) -> str | None:
        """The text at `key`, NFC and without white space around it; None where it has a fault or is absent."""
        if key not in self.values:
            return None
        return self._clean((*self.path, key), key, self.values[key])

    def required_text(self, key: str) -> str | None:
        self.refuse_missing(key)
        return self.text(key)

    def refuse_missing(self, key: str) -> None:
        if key not in self.values:
            self.faults.add_missing(self.path, f"This {self.what} has no {key}.")

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.values.get(key, [])
        if not isinstance(values, list):
            self.refuse(key, f'{key} must be a list of texts, such as {key} = ["…"], not {_type_word(values)}.')
            return ()
        texts = [self._clean((*self.path, key, index), key, value) for index, value in enumerate(values)]
        return tuple(dict.fromkeys(text for text in texts if text is not None))

    def choice(self, key: str, known: Sequence[str]) -> str | None:
        """One of `known` words at `key`, whatever its case."""
        text = self.text(key)
        if text is None or text.lower() in known:
            return text and text.lower()
        self.refuse(key, f"{text!r} is not a known {key}{_hint(text, known)} Known are {', '.join(known)}.")
        return None

    def url(self, key: str) -> str | None:
        url = self.text(key)
        fault = url and fault_in_url(url)
        if fault:
            self.refuse(key, f"{key} {url!r} {fault}.")
            return None
        return url

    def day(self, key: str) -> date | None:
        """A TOML date, or a text that holds one."""
        match value := self.values.get(key):
            case None:
                return None
            case datetime():
                return value.date()
            case date():
                return value
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.refuse(key, f"{key} must be a date such as 2026-11-01, not {value!r}.")
            return None

    def seconds(self, key: str) -> int:
        """A span of time at `key`: seconds, or a text such as "90s", "10m", "2h"; 0 where it is absent or faulty."""
        value = self.values.get(key, 0)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST_SPAN:
            return value
        spelled = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
        if spelled and (seconds := int(spelled[1]) * _UNITS[spelled[2]]) <= _LONGEST_SPAN:
            return seconds
        self.refuse(key, f'{key} must be a time of at most a day, such as "10m" or "2h", not {value!r}.')
        return 0

    def numbers(self, key: str, known: Sequence[str]) -> tuple[tuple[str, int], ...]:
        """Names with numbers at `key`; `false` is 0, and `true` leaves the name at its default."""
        values = self.values.get(key, {})
        if not isinstance(values, dict):
            self.refuse(key, f"{key} must be written as {key} = {{ {known[0]} = false }}, not as {_type_word(values)}.")
            return ()
        for name, value in values.items():
            if name not in known:
                self.refuse(
                    key, f"There is no rule {name!r} in {key}{_hint(name, known)} Known are {', '.join(known)}."
                )
            elif not isinstance(value, int) or value < 0:
                self.refuse(key, f"The rule {name} in {key} must be true, false or a number, not {value!r}.")
        return tuple(
            (name, int(values[name]))
            for name in known
            if isinstance(values.get(name), int) and values[name] is not True
        )

    def tables(self, key: str, what: str, known: Iterable[str]) -> list["FileTable"]:
        """The tables of the list at `key`, their unknown keys refused."""
        values = self.values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            header = ".".join(str(part) for part in (*self.path, key) if isinstance(part, str))
            self.refuse(key, f"{key} must be written as [[{header}]], not as {_type_word(values)}.")
            return []
        tables = [FileTable(value, (*self.path, key, index), what, self.faults) for index, value in enumerate(values)]
        known = list(known)
        for table in tables:
            table.refuse_unknown_keys(known)
        return tables

    def _clean(self, path: Path, key: str, value: object) -> str | None:
        if not isinstance(value, str):
            self.faults.add(path, f"{key} must be a text in quotes, not {_type_word(value)}.")
            return None
        text = normalize("NFC", value.strip())
        if not text:
            self.faults.add(path, f"{key} is empty; leave it out or fill it in.")
        elif found := _CONTROL.search(text):
            sign = f"U+{ord(found[0]):04X}"
            self.faults.add(path, f"{key} holds a character that can't be shown ({sign}); write it on one line.")
        elif len(text) > _LONGEST:
            self.faults.add(path, f"{key} has {len(text):,} characters; at most {_LONGEST:,} are allowed.")
        else:
            return text
        return None


def fault_in_url(url: str) -> str | None:
    """What is wrong with an address that should be http(s), as the end of a sentence; None = nothing.

    >>> fault_in_url("dinkes.example"), fault_in_url("https://dinkes.example/")
    ('is not an address that begins with http:// or https://', None)
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not an address that a browser can open"
    if parts.scheme not in ("http", "https"):
        return "is not an address that begins with http:// or https://"
    if not host:
        return "names no host"
    if any(character.isspace() for character in url):
        return "holds white space"
    if parts.username is not None:
        return "holds a user name, which must not stand in a register"
    return None


def _hint(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word."""
    close = get_close_matches(word.lower(), known, n=1)
    return f"; did you mean {close[0]!r}?" if close else "."


def _type_word(value: object) -> str:
    return _TYPE_WORDS.get(type(value), "a date or time")
