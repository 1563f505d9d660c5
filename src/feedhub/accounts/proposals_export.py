"""Proposals written down for the person who will check them: as a register in TOML, and as JSON."""

from typing import Any

from feedhub.accounts.account import Account, Department
from feedhub.accounts.proposals import Proposals
from feedhub.accounts.register_export import toml_text

_HEAD = """\
# Found at {url}; nobody has checked any of it yet.
# Open each account and the page that is its evidence. Delete what is not the department's own, and
# write verified_at (the day on which you checked it) to what is. Then:
# feedhub register check FILE, and feedhub register import FILE
"""
_FIELDS = ("platform", "url", "handle", "evidence")


def proposals_toml(found: Proposals, *, url: str) -> str:
    """A register that can be imported as it is; without verified_at nothing in it is called official."""
    parts = [_HEAD.format(url=" ".join(url.split()))]
    parts += [f"# Beware: {_comment(note)}\n" for note in found.notes]
    for department in found.register.departments:
        parts.append(_table("[[departments]]", _told(department)))
        own = [each for each in found.register.accounts if each.department == department.slug]
        parts += [_table("[[departments.accounts]]", _account(each)) + "# verified_at = \n" for each in own]
        if not own:
            parts.append("# No account of it was found; its site may have a feed: feedhub accounts add URL\n")
    return "\n".join(parts)


def proposals_json(found: Proposals) -> dict[str, Any]:
    """The same for programs."""
    departments = [
        _told(department)
        | {"accounts": [_account(each) for each in found.register.accounts if each.department == department.slug]}
        for department in found.register.departments
    ]
    return {"departments": departments, "notes": list(found.notes), "pages": found.pages}


def _told(department: Department) -> dict[str, Any]:
    told = {"slug": department.slug, "name": department.name, "url": department.url}
    return {key: value for key, value in told.items() if value}


def _account(account: Account) -> dict[str, Any]:
    told = {name: getattr(account, name) for name in _FIELDS}
    return {key: str(value) for key, value in told.items() if value}


def _table(header: str, values: dict[str, Any]) -> str:
    return "".join(f"{line}\n" for line in (header, *(f"{key} = {toml_text(value)}" for key, value in values.items())))


def _comment(text: str) -> str:
    return " ".join(text.split())
