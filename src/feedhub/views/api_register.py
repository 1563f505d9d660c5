"""The register in the JSON API: departments, their official accounts, and the kinds."""

from collections.abc import Iterable

import orjson

from feedhub.accounts.account import Account, Department, Register
from feedhub.accounts.kinds import ALIASES, Kind
from feedhub.views.api import account_brief, department_brief
from feedhub.views.api_shapes import AccountJson, DepartmentJson, FeedsJson, KindJson


def departments_page(register: Register, *, public_url: str) -> bytes:
    """`/api/v1/departments`: `{"departments": […], "next": null}` in the register's order."""
    departments = [department_json(each, register.accounts, public_url=public_url) for each in register.departments]
    return orjson.dumps({"departments": departments, "next": None})


def accounts_page(register: Register, *, public_url: str) -> bytes:
    """`/api/v1/accounts`: `{"accounts": […], "next": null}` in the register's order."""
    owners = {department.slug: department for department in register.departments}
    accounts = [account_json(each, owners[each.department], public_url=public_url) for each in register.accounts]
    return orjson.dumps({"accounts": accounts, "next": None})


def kinds_page(register: Register, *, public_url: str) -> bytes:
    """`/api/v1/kinds`: `{"kinds": […], "next": null}` in the order in which pages list them."""
    return orjson.dumps({"kinds": [_kind_json(kind, register, public_url) for kind in Kind], "next": None})


def account_document(account: Account, department: Department, *, public_url: str) -> bytes:
    """`/api/v1/accounts/{id}`: one account."""
    return orjson.dumps(account_json(account, department, public_url=public_url))


def department_json(department: Department, accounts: Iterable[Account], *, public_url: str) -> DepartmentJson:
    """A department with those of `accounts` that are its own. Its contacts are private."""
    page = f"{public_url}/departments/{department.slug}"
    return {
        "slug": department.slug,
        "name": department.name,
        "short_name": department.short_name,
        "url": department.url,
        "email": department.email,
        "phone": department.phone,
        "group": department.group,
        "area": department.area,
        "page_url": page,
        "feeds": _feeds(f"{page}/feed"),
        "accounts": [account_brief(each) for each in accounts if each.department == department.slug],
    }


def account_json(account: Account, department: Department, *, public_url: str) -> AccountJson:
    """An account, retired ones too: their posts stay."""
    return {
        "id": str(account.id),
        "key": account.key,
        "department": department_brief(department),
        "platform": account.platform.value,
        "handle": account.handle,
        "url": account.url,
        "via": account.via.value if account.via else None,
        "kind": account.kind.value if account.kind else None,
        "status": account.status.value,
        "verified_at": account.verified_at.isoformat() if account.verified_at else None,
        "evidence": account.evidence,
        "page_url": f"{public_url}/accounts/{account.id}",
        "feeds": _feeds(f"{public_url}/feed", query=f"?account={account.id}"),
    }


def _kind_json(kind: Kind, register: Register, public_url: str) -> KindJson:
    rules = [rule for rule in register.kinds if rule.kind is kind]
    return {
        "kind": kind.value,
        "aliases": [name for name, meant in ALIASES.items() if meant is kind and name != kind.value],
        "words": [word for rule in rules for word in rule.words],
        "tags": [tag for rule in rules for tag in rule.tags],
        "feeds": _feeds(f"{public_url}/kinds/{kind.value}/feed"),
    }


def _feeds(stem: str, *, query: str = "") -> FeedsJson:
    return {"rss": f"{stem}.rss{query}", "atom": f"{stem}.atom{query}", "json": f"{stem}.json{query}"}
