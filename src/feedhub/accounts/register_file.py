"""A register file read into a Register, or refused with every fault and its line."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feedhub.accounts.account import HOLD_RULES, Account, Department, Platform, Publisher, Register, Via
from feedhub.accounts.account_keys import default_key
from feedhub.accounts.kinds import ALIASES, Kind, KindRule, kind_named
from feedhub.accounts.register_table import FaultList, FileTable
from feedhub.accounts.toml_lines import lines_of
from feedhub.errors import Fault, RegisterRefused

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", re.ASCII)
_SLUG_RULE = "use lower-case letters, digits and hyphens, at most 64, with a letter or digit at both ends"
# RFC 5646 section 2.1, without grandfathered and private tags.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*", re.ASCII | re.IGNORECASE
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_KEY = re.compile(r"\S+")

_TOP_KEYS = ("publisher", "kinds", "departments")
_PUBLISHER_KEYS = ("name", "language", "time_zone", "license", "url")
_KIND_KEYS = ("kind", "words", "tags")
_DEPARTMENT_KEYS = (
    *("slug", "name", "short_name", "url", "email", "phone", "group", "area"),
    *("formerly", "contacts", "accounts"),
)
_ACCOUNT_KEYS = ("platform", "url", "handle", "key", "via", "kind", "verified_at", "evidence", "delay", "holds")
_PLATFORMS = tuple(platform.value for platform in Platform)
_VIAS = tuple(via.value for via in Via)
# What these read is an address; a handle alone leads nowhere.
_NEED_URL = (Platform.WEBFEED, Platform.WORDPRESS, Platform.WEBPAGE)

_MOST_MENDS = 20
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
# tomllib's words are for programmers.
_SAID_BETTER = {
    "Invalid value": "the value is none that TOML knows; texts stand in quotes",
    "Illegal character '\\n'": "a text in quotes has no end",
    "Unterminated string": "a text in quotes has no end",
    "Unclosed array": "a list has no closing bracket",
    "Unclosed inline table": "a table in braces has no closing brace",
    "Cannot overwrite a value": "this key stands twice",
    "Cannot declare": "this header stands twice",
    "Expected '='": "there is no = behind the key",
}
_PLAIN_PAIR = re.compile(r"""\s*[\w."'-]+\s*=""")


def read_register(text: str, *, name: str) -> Register:
    """The register that the TOML `text` says. `name` is the file's, for the faults.

    Each account has a key: its own, or the default one. Texts are NFC.

    Raises:
        RegisterRefused: with every fault and its line.
    """
    text = text.removeprefix("\ufeff")
    values, syntax_faults, readable = _parse(text)
    faults = FaultList(lines_of(readable) if values else {}, is_mended=bool(syntax_faults), found=syntax_faults)
    return register_of(values, faults, name=name)


def register_of(values: Mapping[str, object], faults: FaultList, *, name: str) -> Register:
    """The register that `values` say, shaped as a TOML file's.

    Raises:
        RegisterRefused: with every fault, those found before too.
    """
    register = _register(FileTable(values, (), "register", faults))
    if faults.found:
        raise RegisterRefused(name, sorted(set(faults.found), key=lambda fault: (fault.line, fault.message)))
    return register


def _parse(text: str) -> tuple[dict[str, object], list[Fault], str]:
    """What the TOML says, its faults, and the text without the lines that have them.

    A line `key = …` that is wrong in itself is left out, so that one reading finds every
    fault. Where that does not help, nothing is known.
    """
    faults: list[Fault] = []
    lines = text.split("\n")
    while len(faults) < _MOST_MENDS:
        readable = "\n".join(lines)
        try:
            return tomllib.loads(readable), faults, readable
        except tomllib.TOMLDecodeError as error:
            line, sentence = _syntax_fault(str(error), len(text.rstrip().split("\n")))
        except RecursionError:
            line, sentence = 0, "lists or tables stand too deep in each other"
        faults.append(Fault(line, f"This is not TOML: {sentence}."))
        if not line or not _PLAIN_PAIR.match(lines[line - 1]):
            break
        lines[line - 1] = ""
    return {}, faults, ""


def _syntax_fault(message: str, last_line: int) -> tuple[int, str]:
    """What tomllib's message means for a person, and the line."""
    place = _TOML_PLACE.search(message)
    line = int(place[1]) if place and place[1] else last_line
    said = _TOML_PLACE.sub("", message)
    return line, next((better for begin, better in _SAID_BETTER.items() if said.startswith(begin)), said)


def _register(top: FileTable) -> Register:
    top.refuse_unknown_keys(_TOP_KEYS)
    publisher = _publisher(top)
    kinds = [_kind_rule(table) for table in top.tables("kinds", "rule for a kind", _KIND_KEYS)]
    tables = top.tables("departments", "department", _DEPARTMENT_KEYS)
    departments = [_department(table) for table in tables]
    accounts = [
        (own, _account(own, department.slug))
        for table, department in zip(tables, departments, strict=True)
        for own in table.tables("accounts", "account", _ACCOUNT_KEYS)
    ]
    _refuse_same_slugs(list(zip(tables, departments, strict=True)))
    _refuse_same_keys(accounts)
    return Register(
        publisher=publisher,
        kinds=tuple(rule for rule in kinds if rule),
        departments=tuple(departments),
        accounts=tuple(account for _, account in accounts if account),
    )


def _publisher(top: FileTable) -> Publisher:
    values = top.values.get("publisher", {})
    if not isinstance(values, dict):
        top.refuse("publisher", "publisher must be written as a table under the header [publisher].")
        return Publisher()
    table = FileTable(values, ("publisher",), "publisher", top.faults)
    table.refuse_unknown_keys(_PUBLISHER_KEYS)
    said = {
        "name": table.text("name"),
        "language": _language(table),
        "time_zone": _time_zone(table),
        "license": table.url("license"),
        "url": table.url("url"),
    }
    return replace(Publisher(), **{key: value for key, value in said.items() if value is not None})


def _language(table: FileTable) -> str | None:
    tag = table.text("language")
    if tag and not _LANGUAGE.fullmatch(tag):
        table.refuse("language", f"{tag!r} is not a language tag; write one such as id, jv or en.")
    return tag


def _time_zone(table: FileTable) -> str | None:
    zone = table.text("time_zone")
    try:
        if zone:
            ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        table.refuse("time_zone", f"{zone!r} is not a known time zone; write one such as Asia/Jakarta.")
    return zone


def _kind_rule(table: FileTable) -> KindRule | None:
    table.refuse_missing("kind")
    kind = _kind(table)
    words, tags = table.texts("words"), table.texts("tags")
    return KindRule(kind=kind, words=words, tags=tags) if kind else None


def _kind(table: FileTable) -> Kind | None:
    name = table.choice("kind", tuple(ALIASES))
    return kind_named(name) if name else None


def _department(table: FileTable) -> Department:
    email = table.text("email")
    if email and not _EMAIL.fullmatch(email):
        table.refuse("email", f"{email!r} is not a mail address.")
    slug, formerly = table.required_text("slug"), table.texts("formerly")
    for key, slugs in (("slug", (slug,)), ("formerly", formerly)):
        for each in filter(None, slugs):
            if not _SLUG.fullmatch(each):
                table.refuse(key, f"{each!r} is not a good slug; {_SLUG_RULE}.")
    return Department(
        slug=slug or "",
        name=table.required_text("name") or "",
        short_name=table.text("short_name"),
        url=table.url("url"),
        email=email,
        phone=table.text("phone"),
        group=table.text("group"),
        area=table.text("area"),
        formerly=formerly,
        contacts=table.texts("contacts"),
    )


def _account(table: FileTable, department: str) -> Account | None:
    table.refuse_missing("platform")
    platform = table.choice("platform", _PLATFORMS)
    url, handle = table.url("url"), table.text("handle")
    _refuse_unreachable(table, platform)
    key = table.text("key")
    if key and not _KEY.fullmatch(key):
        table.refuse("key", f"The key {key!r} holds white space.")
    via, kind = table.choice("via", _VIAS), _kind(table)
    verified_at, evidence = table.day("verified_at"), table.text("evidence")
    if "verified_at" in table.values and "evidence" not in table.values:
        table.refuse(
            "verified_at", "verified_at needs evidence: say who checked that this account is official, and how."
        )
    if via == Via.BRIDGE:
        _refuse_trust(table, kind)
    delay, holds = table.seconds("delay"), table.numbers("holds", HOLD_RULES)
    if platform is None or not (url or handle):
        return None
    return Account(
        key=key or default_key(Platform(platform), url, handle),
        platform=Platform(platform),
        department=department,
        url=url,
        handle=handle,
        via=Via(via) if via else None,
        kind=kind,
        verified_at=verified_at,
        evidence=evidence,
        delay=delay,
        holds=holds,
    )


def _refuse_trust(table: FileTable, kind: Kind | None) -> None:
    """What came by somebody's bridge is nobody's official word."""
    if "verified_at" in table.values:
        table.refuse(
            "verified_at",
            'An account by a bridge (via = "bridge") is never official; leave verified_at out, or connect the account itself.',
        )
    if kind is Kind.EMERGENCY:
        table.refuse("kind", 'An account by a bridge (via = "bridge") never speaks of an emergency; leave kind out.')


def _refuse_unreachable(table: FileTable, platform: str | None) -> None:
    if "url" not in table.values and platform in _NEED_URL:
        table.faults.add_missing(table.path, f"This account has no url, which {platform} needs.")
    elif "url" not in table.values and "handle" not in table.values:
        table.faults.add_missing(table.path, "This account has neither url nor handle.")


def _refuse_same_slugs(departments: list[tuple[FileTable, Department]]) -> None:
    """A slug, present or former, leads to one department."""
    lines: dict[str, int] = {}
    for key in ("slug", "formerly"):
        for table, department in departments:
            slugs = (department.slug,) if key == "slug" else department.formerly
            for slug in filter(None, slugs):
                line = table.faults.line((*table.path, key))
                if slug in lines:
                    table.refuse(key, f"The slug {slug!r} is taken by line {lines[slug]}.")
                lines.setdefault(slug, line)


def _refuse_same_keys(accounts: list[tuple[FileTable, Account | None]]) -> None:
    lines: dict[str, int] = {}
    for table, account in accounts:
        if account is None:
            continue
        line = table.faults.line((*table.path, "key") if "key" in table.values else table.path)
        if account.key in lines:
            table.refuse("key", f"The account {account.key!r} is listed already at line {lines[account.key]}.")
        lines.setdefault(account.key, line)
