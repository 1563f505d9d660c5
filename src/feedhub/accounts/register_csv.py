"""A register kept as a table: one row a department with a column a platform, or one row an account."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from feedhub.accounts.account import Platform, Register
from feedhub.accounts.first_register import slug_of
from feedhub.accounts.register_file import register_of
from feedhub.accounts.register_table import FaultList
from feedhub.accounts.toml_lines import Path, line_at
from feedhub.accounts.written import meaning
from feedhub.errors import Fault, RegisterRefused

MOST_ROWS = 20_000
_LONGEST_CELL = 131_072  # characters; no name or address comes near it
_DELIMITERS = ",;\t"
_OF_DEPARTMENT = ("slug", "name", "short_name", "url", "email", "phone", "group", "area", "formerly", "contacts")
_LISTS = ("formerly", "contacts")
_OF_ACCOUNT = ("platform", "url", "handle", "key", "via", "kind", "verified_at", "evidence", "delay")
_PLATFORMS = tuple(platform.value for platform in Platform)
# What people call the columns, in both languages.
_ALSO = {
    "department": "slug",
    "kode": "slug",
    "nama": "name",
    "department_name": "name",
    "singkatan": "short_name",
    "website": "url",
    "situs": "url",
    "web": "url",
    "surel": "email",
    "e-mail": "email",
    "telepon": "phone",
    "telp": "phone",
    "kelompok": "group",
    "wilayah": "area",
    "kontak": "contacts",
    "twitter": "x",
    "ig": "instagram",
    "fb": "facebook",
    "rss": "webfeed",
    "feed": "webfeed",
    "whatsapp": "inbox",
    "akun": "handle",
    "jenis": "kind",
}
_NOTHING = frozenset({"-", "--", "–", "—", "n/a", "na", "none", "null", "tidak ada", "belum ada", "0"})
_SEVERAL = re.compile(r"[\s;|]+")
_IN_LISTS = re.compile(r"[;|,]+|\s+")
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u2060\ufeff"))


@dataclass(frozen=True)
class CellFaults(FaultList):
    """The same with the column in which a value stands."""

    columns: dict[Path, str] = field(default_factory=dict)

    def add(self, path: Path, message: str) -> None:
        column = self.columns.get(path) or self.columns.get(path[:-1])
        self.found.append(Fault(self.line(path), f"Column {column!r}: {message}" if column else message))

    def line(self, path: Path) -> int:
        return line_at(self.lines, path)


@dataclass(frozen=True, slots=True)
class _Row:
    """One record: the line where it begins, and what stands in each column that we know."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class _Table:
    """The values of a register in the making, and where each of them stands."""

    headings: dict[str, str]
    faults: CellFaults
    departments: list[dict[str, object]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def department(self, row: _Row, names: tuple[str, ...], *, url: str = "url") -> int:
        """The place of the row's department; a new one where no row before told of it."""
        cells = {("url" if name == url else name): row.cells.get(name, "") for name in names}
        slug = cells["slug"] or slug_of(cells["name"])
        place = self.places.setdefault(slug.lower(), len(self.departments))
        if place == len(self.departments):
            self.departments.append({"slug": slug, "accounts": []})
            self._note(("departments", place), row.line, "name" if "name" in self.headings else "slug")
        told = self.departments[place]
        for name in names:
            key = "url" if name == url else name
            if not (text := row.cells.get(name, "")):
                continue
            said: object = [each for each in _IN_LISTS.split(text) if each] if key in _LISTS else text
            path: Path = ("departments", place, key)
            if key in told and key != "slug" and told[key] != said:
                self.refuse(row, name, f"Another row says {told[key]!r} for this department, not {said!r}.")
            elif key != "slug":
                told[key] = said
            self._note(path, row.line, name)
        return place

    def account(self, row: _Row, place: int, values: dict[str, str], columns: dict[str, str]) -> None:
        accounts = self.departments[place]["accounts"]
        if isinstance(accounts, list):
            path: Path = ("departments", place, "accounts", len(accounts))
            self._note(path, row.line, next(iter(columns.values())))
            for key, column in columns.items():
                self._note((*path, key), row.line, column)
            accounts.append(values)

    def refuse(self, row: _Row, column: str, message: str) -> None:
        self.faults.found.append(Fault(row.line, f"Column {self.headings[column]!r}: {message}"))

    def _note(self, path: Path, line: int, column: str) -> None:
        self.faults.lines.setdefault(path, line)
        self.faults.columns.setdefault(path, self.headings.get(column, column))


def read_register_csv(text: str, *, name: str) -> Register:
    """The register that a table says. `name` is the file's, for the faults.

    With a column `platform` each row is an account; else each row is a department, and a cell in
    the column of a platform holds addresses or handles, separated by white space or semicolons.

    Raises:
        RegisterRefused: with every fault, its line and its column.
    """
    faults = CellFaults({})
    rows = _rows(text, faults)
    headings, known = _headings(rows, faults)
    if not headings:
        raise RegisterRefused(
            name, faults.found or [Fault(0, "This table is empty; its first row must name its columns.")]
        )
    table = _Table(headings, faults)
    for row in _records(rows, known):
        (_take_account if "platform" in headings else _take_department)(table, row)
    return register_of({"departments": table.departments}, faults, name=name)


def _take_department(table: _Table, row: _Row) -> None:
    place = table.department(
        row, tuple(name for name in _OF_DEPARTMENT if name in table.headings or name in ("slug", "name"))
    )
    for platform in map(Platform, _PLATFORMS):
        for written in _SEVERAL.split(row.cells.get(platform, "")):
            if written:
                _take_written(table, row, place, platform, written)


def _take_written(table: _Table, row: _Row, place: int, platform: Platform, written: str) -> None:
    """One address or handle in the column of its platform."""
    said = meaning(written, platform)
    if isinstance(said, str):
        table.refuse(row, platform, said)
    else:
        table.account(row, place, {"platform": platform.value, **said}, dict.fromkeys(("platform", *said), platform))


def _take_account(table: _Table, row: _Row) -> None:
    place = table.department(row, ("slug", "name", "department_url"), url="department_url")
    values = {key: row.cells[key] for key in _OF_ACCOUNT if row.cells.get(key)}
    if day := _DAY.fullmatch(values.get("verified_at", "")):
        values["verified_at"] = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    platform = values.get("platform", "").lower()
    values["platform"] = platform = _ALSO.get(platform, platform)
    columns = {key: key for key in values}
    if platform in _PLATFORMS and (written := values.get("url") or values.get("handle")):
        said = meaning(written, Platform(platform))
        if isinstance(said, str):
            table.refuse(row, "url" if "url" in values else "handle", said)
            return
        values = {
            **said,
            **{key: value for key, value in values.items() if key != "url" and (key != "handle" or "url" in values)},
        }
        columns |= {key: columns.get(key, "url" if "url" in columns else "handle") for key in values}
    table.account(row, place, values, columns)


def _rows(text: str, faults: CellFaults) -> list[tuple[int, list[str]]]:
    """Every record that is not empty, with the line where it begins."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    skipped = 1 if lines and re.fullmatch(r"\"?sep=.\"?\s*", lines[0], re.IGNORECASE) else 0  # Excel's own first line
    lines = lines[skipped:]
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(_LONGEST_CELL)  # the module has one for everybody; whoever reads says its own
    reader, found, start = csv.reader(lines, delimiter=delimiter), [], skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((start, cells))
            start = skipped + reader.line_num + 1
            if len(found) > MOST_ROWS:
                faults.found.append(Fault(start, f"The table has more than {MOST_ROWS:,} rows; import it in parts."))
                break
    except csv.Error as error:
        faults.found.append(Fault(start, f"This row can't be read: {error}."))
    return found


def _headings(rows: list[tuple[int, list[str]]], faults: CellFaults) -> tuple[dict[str, str], list[str | None]]:
    """The columns' own words by our names, and our name of each column (None = empty)."""
    if not rows:
        return {}, []
    line, cells = rows[0]
    headings: dict[str, str] = {}
    known: list[str | None] = []
    words = [_cell(cell) for cell in cells]
    is_narrow = "platform" in {word.lower() for word in words}
    names = (*_OF_ACCOUNT, "slug", "name", "department_url") if is_narrow else (*_OF_DEPARTMENT, *_PLATFORMS)
    for word in words:
        name = re.sub(r"[\s-]+", "_", word.lower())
        name = _ALSO.get(name, _ALSO.get(word.lower(), name))
        known.append(name if name in names else None)
        if word and name not in names:
            close = get_close_matches(name, names, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else f". Known are {', '.join(names)}."
            faults.found.append(Fault(line, f"There is no column {word!r} in such a table{hint}"))
        elif name in headings:
            faults.found.append(Fault(line, f"The columns {headings[name]!r} and {word!r} mean the same."))
        elif word:
            headings[name] = word
    if not headings.keys() & {"slug", "name"}:
        faults.found.append(
            Fault(line, "No column says whose accounts these are; add one called slug, and one called name.")
        )
    return headings, known


def _records(rows: list[tuple[int, list[str]]], known: list[str | None]) -> Iterator[_Row]:
    for line, cells in rows[1:]:
        told = {name: _cell(cell) for name, cell in zip(known, cells, strict=False) if name}
        yield _Row(line, told)


def _cell(written: str) -> str:
    """What a cell says, without what spreadsheets put around it."""
    text = written.translate(_UNSEEN).replace("\xa0", " ").strip()
    if formula := _FORMULA.fullmatch(text):
        text = formula[1].strip()
    text = text.removeprefix("'")
    return "" if text.lower() in _NOTHING else text
