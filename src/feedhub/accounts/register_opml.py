"""A register kept as an OPML list of feeds: each folder is a department."""

from dataclasses import dataclass, field
from xml.parsers import expat

from feedhub.accounts.account import Platform, Register
from feedhub.accounts.first_register import slug_of
from feedhub.accounts.recognition import recognised
from feedhub.accounts.register_file import register_of
from feedhub.accounts.register_table import FaultList
from feedhub.errors import Fault, RegisterRefused

MOST_DEPTH = 20
MOST_OUTLINES = 20_000
_NAMES = ("title", "text")


@dataclass(slots=True)
class _Folder:
    """An open outline that is no feed. `place` is its department's, once a feed stands in it."""

    name: str
    line: int
    place: int | None = None


@dataclass(slots=True)
class _Outlines:
    """The values of a register in the making, and the folders that are open."""

    faults: FaultList
    departments: list[dict[str, object]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    # None stands for a feed, which may hold outlines too.
    open: list[_Folder | None] = field(default_factory=list)
    count: int = 0
    is_opml: bool = False
    seen: set[str] = field(default_factory=set)

    def begin(self, name: str, said: dict[str, str], line: int) -> None:
        if name.lower() == "opml":
            self.is_opml = True
        if name.lower() != "outline":
            return
        self.count += 1
        if self.count > MOST_OUTLINES or len(self.open) > MOST_DEPTH:
            raise _TooMuch(line)
        said = {key.lower(): value.strip() for key, value in said.items()}
        named = next((said[key] for key in _NAMES if said.get(key)), "")
        url = said.get("xmlurl") or (said.get("url", "") if said.get("type", "").lower() == "rss" else "")
        if said.get("type", "").lower() == "include":
            self.faults.found.append(
                Fault(line, "This outline leads to another file, which is not followed; import that one too.")
            )
            self.open.append(None)
        elif url:
            self._feed(named, url, line)
            self.open.append(None)
        else:
            self.open.append(_Folder(" ".join(named.split()), line))

    def end(self, name: str) -> None:
        if name.lower() == "outline" and self.open:
            self.open.pop()

    def _feed(self, named: str, url: str, line: int) -> None:
        folders = [folder for folder in self.open if folder and folder.name]
        owner = folders[-1] if folders else _Folder(" ".join(named.split()), line)
        group = folders[-2].name if len(folders) > 1 else None
        if url in self.seen:
            return  # readers list a feed in every folder where it is wanted
        self.seen.add(url)
        place = self._department(owner, group)
        accounts = self.departments[place]["accounts"]
        if isinstance(accounts, list):
            self.faults.lines.setdefault(("departments", place, "accounts", len(accounts)), line)
            accounts.append(_account(url))

    def _department(self, owner: _Folder, group: str | None) -> int:
        slug = slug_of(owner.name)
        place = self.places.setdefault(slug, len(self.departments))
        if place == len(self.departments):
            told: dict[str, object] = {"slug": slug, "name": owner.name, "accounts": []}
            self.departments.append(told | ({"group": group} if group else {}))
            self.faults.lines.setdefault(("departments", place), owner.line)
        return place


class _TooMuch(Exception):
    """A list that nobody wrote by hand; at a line."""


def read_register_opml(body: bytes, *, name: str) -> Register:
    """The register that an OPML list says. `name` is the file's, for the faults.

    A feed belongs to the department of the folder around it; a folder around that is its group. A
    feed in no folder makes a department of its own.

    Raises:
        RegisterRefused: with every fault and its line.
    """
    outlines = _Outlines(FaultList({}))
    fault = _parse(body, outlines)
    if fault is None and not outlines.is_opml:
        fault = Fault(0, "This is XML, but no OPML list of feeds.")
    if fault:
        raise RegisterRefused(name, [*outlines.faults.found, fault])
    if not outlines.departments:
        outlines.faults.found.append(Fault(0, "No feed (an outline with an xmlUrl) stands in this list."))
    return register_of({"departments": outlines.departments}, outlines.faults, name=name)


def _parse(body: bytes, outlines: _Outlines) -> Fault | None:
    """Walk through the document; what stops the walk, if anything does."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise _Declared

    def begin(name: str, said: dict[str, str]) -> None:
        outlines.begin(name, said, parser.CurrentLineNumber)

    parser.StartElementHandler, parser.EndElementHandler = begin, outlines.end
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body.lstrip(), True)  # noqa: FBT003  expat's own signature: this is the whole document
    except expat.ExpatError as error:
        said = (
            expat.errors.messages.get(error.code, "") if isinstance(error.code, str) else expat.ErrorString(error.code)
        )
        return Fault(error.lineno, f"This is not well-formed XML: {said}.")
    except _Declared:
        return Fault(
            parser.CurrentLineNumber,
            "This file declares entities of its own, which no list of feeds needs; remove them.",
        )
    except _TooMuch:
        return Fault(parser.CurrentLineNumber, f"The list is too deep or has more than {MOST_OUTLINES:,} outlines.")
    return None


class _Declared(Exception):
    """The document declares an entity."""


def _account(url: str) -> dict[str, object]:
    """What is known of the account behind a feed: its platform's own one where the address says so for sure."""
    said = recognised(url)
    if said and said.is_sure and said.oddity is None and said.via is None and said.platform is not Platform.INBOX:
        found = {"platform": said.platform.value, "url": said.url, "handle": said.handle}
        return {key: value for key, value in found.items() if value}
    bridge = {"via": said.via.value} if said and said.via else {}
    return {"platform": Platform.WEBFEED.value, "url": url, **bridge}
