"""A register written as TOML, so that it can be kept, read by people, and imported again."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date

from feedhub.accounts.account import Account, AccountStatus, Department, Register
from feedhub.accounts.kinds import KindRule

_ACCOUNT_FIELDS = ("platform", "url", "handle", "key", "via", "kind", "verified_at", "evidence")

Value = str | date | int | tuple[str, ...] | dict[str, int] | None


def write_register(register: Register) -> str:
    """The TOML of `register`, in its own order, with each account's key.

    Private contacts are in it. Accounts that left the register (retired) are not, nor are
    those of a department that it doesn't list.
    """
    accounts: dict[str, list[Account]] = {}
    for account in register.accounts:
        if account.status is not AccountStatus.RETIRED:
            accounts.setdefault(account.department, []).append(account)
    tables = [_table("[publisher]", asdict(register.publisher))]
    tables += [_table("[[kinds]]", _kind_rule(rule)) for rule in register.kinds]
    for department in register.departments:
        tables.append(_table("[[departments]]", _department(department)))
        tables += [_table("[[departments.accounts]]", _account(own)) for own in accounts.get(department.slug, ())]
    return "\n".join(tables)


def toml_text(text: str) -> str:
    """A TOML basic string: JSON's, but for DEL, which only TOML wants escaped.

    >>> toml_text("Dinas Sosial")
    '"Dinas Sosial"'
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _kind_rule(rule: KindRule) -> dict[str, Value]:
    return {"kind": rule.kind, "words": rule.words, "tags": rule.tags}


def _department(department: Department) -> dict[str, Value]:
    return asdict(department)


def _account(account: Account) -> dict[str, Value]:
    told: dict[str, Value] = {field: getattr(account, field) for field in _ACCOUNT_FIELDS}
    return told | {"delay": account.delay or None, "holds": dict(account.holds) or None}


def _table(header: str, values: dict[str, Value]) -> str:
    return "".join(f"{line}\n" for line in (header, *_pairs(values)))


def _pairs(values: dict[str, Value]) -> Iterator[str]:
    for key, value in values.items():
        match value:
            case None | ():
                continue
            case str():
                yield f"{key} = {toml_text(value)}"
            case int():
                yield f"{key} = {value}"
            case dict():
                pairs = ", ".join(f"{name} = {number or 'false'}" for name, number in value.items())
                yield f"{key} = {{ {pairs} }}"
            case date():
                yield f"{key} = {value.isoformat()}"
            case _:
                yield f"{key} = [{_list(value)}]"


def _list(texts: Iterable[str]) -> str:
    return ", ".join(map(toml_text, texts))
