"""A register from a file of any kind that people keep one in: TOML, a table (CSV), a list of feeds (OPML)."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from feedhub.accounts.account import Account, Department, Register
from feedhub.accounts.account_keys import keys_of
from feedhub.accounts.register_csv import read_register_csv
from feedhub.accounts.register_file import read_register
from feedhub.accounts.register_opml import read_register_opml
from feedhub.errors import Fault, RegisterRefused

_TABLES = (".csv", ".tsv", ".txt")
_LISTS = (".opml", ".xml")

T = TypeVar("T", Account, Department)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A register from a file. A table or list tells only a part, and erases nothing that it has no word for."""

    register: Register
    is_partial: bool


def read_register_file(body: bytes, *, name: str) -> ReadFile:
    """The register in a file called `name`, whose ending or else content says what kind it is.

    Raises:
        RegisterRefused: with every fault and its line.
    """
    ending = name.lower()
    if ending.endswith(_LISTS) or (
        not ending.endswith((".toml", *_TABLES)) and body.lstrip(BOM_UTF8 + b" \t\r\n")[:1] == b"<"
    ):
        return ReadFile(register=read_register_opml(body, name=name), is_partial=True)
    text = _text(body, name)
    if ending.endswith(_TABLES) or (not ending.endswith(".toml") and _looks_like_table(text)):
        return ReadFile(register=read_register_csv(text, name=name), is_partial=True)
    return ReadFile(register=read_register(text, name=name), is_partial=False)


def completed(new: Register, kept: Register) -> Register:
    """`new`, which tells only a part, with what is kept of the same departments and accounts.

    A department whose name is kept already is that one, whatever slug was made for it.
    """
    by_slug = {each.slug: each for each in kept.departments}
    by_name = {each.name.casefold(): each.slug for each in kept.departments}
    slugs = {
        each.slug: by_name.get(each.name.casefold(), each.slug) for each in new.departments if each.slug not in by_slug
    }
    new = replace(
        new,
        departments=tuple(replace(each, slug=slugs.get(each.slug, each.slug)) for each in new.departments),
        accounts=tuple(replace(each, department=slugs.get(each.department, each.department)) for each in new.accounts),
    )
    by_key = {key: each for each in kept.accounts for key in keys_of(each)}
    accounts = []
    for account in new.accounts:
        held = next((by_key[key] for key in keys_of(account) if key in by_key), None)
        accounts.append(_filled(account, held, but=("key", "status")))
    return replace(
        new,
        publisher=kept.publisher,
        kinds=kept.kinds,
        departments=tuple(_filled(each, by_slug.get(each.slug), but=()) for each in new.departments),
        accounts=tuple(accounts),
    )


def _filled(new: T, held: T | None, *, but: tuple[str, ...]) -> T:
    """`new` with the values of `held` where it has none."""
    if held is None:
        return new
    empty = [each.name for each in fields(new) if each.name not in but and not getattr(new, each.name)]
    return replace(new, **{name: getattr(held, name) for name in empty})


def _text(body: bytes, name: str) -> str:
    """The text of a file as spreadsheets save it: UTF-8, or what Excel calls Unicode text."""
    is_spreadsheets = body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and not name.lower().endswith(".toml")
    coding = "utf-16" if is_spreadsheets else "utf-8-sig"
    try:
        return body.decode(coding)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        sentence = "This line is not UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8)."
        raise RegisterRefused(name, [Fault(line, sentence)]) from None


def _looks_like_table(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return "=" not in first and not first.lstrip().startswith(("[", "#")) and any(mark in first for mark in ",;\t")
