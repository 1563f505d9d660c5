"""On which line of a TOML text each of its values stands; no TOML reader says so."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

# Keys and indexes from the top: ("departments", 0, "accounts", 2, "url").
Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r'''(?P<skip>[ \t\r]+|\#[^\n]*)
      | (?P<newline>\n)
      | (?P<string>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
      | (?P<mark>[\[\]{}=,.])
      | (?P<bare>[^\s\[\]{}=,."'\#]+)''',
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def lines_of(text: str) -> dict[Path, int]:
    r"""The line (from 1) of every table, key and array element in `text`, which must be valid TOML.

    >>> lines_of("[publisher]\n# the city\nname = 'Probolinggo'")[("publisher", "name")]
    3
    """
    scan = _Scan(list(_tokens(text)))
    scan.document()
    return scan.lines


def line_at(lines: dict[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest table around it; 0 when nothing around it has one.

    >>> line_at({("publisher",): 3}, ("publisher", "name")), line_at({}, ("publisher",))
    (3, 0)
    """
    for length in range(len(path), 0, -1):
        if line := lines.get(path[:length]):
            return line
    return 0


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for found in _TOKEN.finditer(text):
        if found.lastgroup and found.lastgroup != "skip":
            yield _Token(found.lastgroup, found[0], line)
        line += found[0].count("\n")


@dataclass
class _Scan:
    """A walk over the tokens of valid TOML that notes where things stand and checks nothing."""

    tokens: list[_Token]
    lines: dict[Path, int] = field(default_factory=dict)
    at: int = 0
    # How many tables each `[[array]]` has so far.
    counts: dict[Path, int] = field(default_factory=dict)

    def document(self) -> None:
        table: Path = ()
        while token := self._token():
            if token.kind == "newline":
                self.at += 1
            elif token.text == "[":
                table = self._header()
            else:
                self._pair(table)

    def _token(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _is_at(self, *texts: str) -> bool:
        token = self._token()
        return token is None or (token.kind == "mark" and token.text in texts)

    def _header(self) -> Path:
        self.at += 1
        is_array = self._is_at("[")
        self.at += is_array
        line, keys = self._key()
        self.at += 1 + is_array
        path: Path = ()
        for place, key in enumerate(keys):
            path = (*path, key)
            if is_array and place == len(keys) - 1:
                self.counts[path] = self.counts.get(path, 0) + 1
            self._note(path, line)
            if count := self.counts.get(path):
                path = (*path, count - 1)
        self._note(path, line)
        return path

    def _key(self) -> tuple[int, list[str]]:
        """A dotted key up to the mark behind it, and its line."""
        first = self.tokens[self.at]
        keys = []
        while not self._is_at("=", "]"):
            token = self.tokens[self.at]
            if token.kind == "bare":
                keys.append(token.text)
            elif token.kind == "string":
                keys += tomllib.loads(f"{token.text} = 0")
            self.at += 1
        return first.line, keys

    def _pair(self, table: Path) -> None:
        line, keys = self._key()
        self.at += 1
        for length in range(1, len(keys) + 1):
            self._note((*table, *keys[:length]), line)
        self._value((*table, *keys))

    def _value(self, path: Path) -> None:
        if self._is_at("["):
            self._elements(path)
        elif self._is_at("{"):
            self._inline_table(path)
        else:
            while not (self._is_at(",", "]", "}") or self.tokens[self.at].kind == "newline"):
                self.at += 1

    def _elements(self, path: Path) -> None:
        self.at += 1
        index = 0
        while not self._is_at("]"):
            if self._is_at(",") or self.tokens[self.at].kind == "newline":
                self.at += 1
                continue
            self._note((*path, index), self.tokens[self.at].line)
            self._value((*path, index))
            index += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while not self._is_at("}"):
            if self._is_at(",") or self.tokens[self.at].kind == "newline":
                self.at += 1
            else:
                self._pair(path)
        self.at += 1

    def _note(self, path: Path, line: int) -> None:
        self.lines.setdefault(path, line)
