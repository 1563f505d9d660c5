"""What importing a register would change: a pure comparison of what is kept with what is new."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypedDict
from uuid import UUID

from feedhub.accounts.account import Account, AccountStatus, Department, Publisher, Register
from feedhub.accounts.kinds import KindRule
from feedhub.accounts.register_matches import departments_after, matched_accounts, new_slugs


class AccountLine(TypedDict):
    """An account in `as_json`."""

    id: str
    key: str
    department: str
    platform: str
    handle: str | None
    url: str | None


class ChangesJson(TypedDict):
    """`RegisterChanges.as_json()`: what `register import --json` prints. Slugs and accounts."""

    publisher: bool
    kinds: bool
    departments: dict[str, list[str]]
    accounts: dict[str, list[AccountLine]]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChanges:
    """What to write so that what is kept says what the new register says.

    In this order: `renamed` departments keep their row under a new slug (pairs: old, new);
    `departments` and `accounts` are added or replaced, whole, status included; `merged`
    departments (pairs: old, into) have no account left after that, so their row goes;
    `retired_ids` become retired. `publisher` and `kinds` are None where they stay.
    """

    publisher: Publisher | None = None
    kinds: tuple[KindRule, ...] | None = None
    renamed: tuple[tuple[str, str], ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    departments: tuple[Department, ...] = ()
    accounts: tuple[Account, ...] = ()
    retired: tuple[Account, ...] = ()
    # For people: which of the above are new, and which accounts come back from retirement.
    added_departments: tuple[str, ...] = ()
    added_accounts: tuple[UUID, ...] = ()
    revived_accounts: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return self != RegisterChanges()

    @property
    def retired_ids(self) -> tuple[UUID, ...]:
        return tuple(account.id for account in self.retired)

    def as_json(self) -> ChangesJson:
        added = set(self.added_departments)
        departments = {
            "added": list(self.added_departments),
            "updated": [each.slug for each in self.departments if each.slug not in added],
            "renamed": [old for old, _ in self.renamed],
            "merged": [old for old, _ in self.merged],
        }
        accounts = {
            act: [_account_line(account) for account in found] for act, found in self._accounts_by_act().items()
        }
        counts = {f"departments_{act}": len(found) for act, found in departments.items()}
        counts |= {f"accounts_{act}": len(found) for act, found in accounts.items()}
        return {
            "publisher": self.publisher is not None,
            "kinds": self.kinds is not None,
            "departments": departments,
            "accounts": accounts,
            "counts": counts,
        }

    def summary(self) -> tuple[str, ...]:
        """A sentence for each change, the count of them last."""
        return (*self._sentences(), self._count())

    def _accounts_by_act(self) -> dict[str, list[Account]]:
        acts = dict.fromkeys(self.added_accounts, "added") | dict.fromkeys(self.revived_accounts, "revived")
        retired = set(self.retired_ids)
        found: dict[str, list[Account]] = {"added": [], "updated": [], "revived": [], "retired": list(self.retired)}
        for account in self.accounts:
            # A retired account that also moves is told as retired.
            if account.id not in retired:
                found[acts.get(account.id, "updated")].append(account)
        return found

    def _sentences(self) -> Iterator[str]:
        added = set(self.added_departments)
        if self.publisher:
            yield f"The publisher becomes {self.publisher.name}."
        if self.kinds is not None:
            yield "The rules for kinds change."
        for old, new in self.renamed:
            yield f"Department {old} becomes {new}; old links go on working."
        for old, new in self.merged:
            yield f"Department {old} goes into {new}; old links go on working."
        for department in self.departments:
            act = "added" if department.slug in added else "updated"
            yield f"Department {department.slug} ({department.name}) is {act}."
        for act, accounts in self._accounts_by_act().items():
            for account in accounts:
                where = account.url or account.handle
                yield f"Account {account.platform} {where} of {account.department} is {act}."

    def _count(self) -> str:
        counts = self.as_json()["counts"].items()
        found = [f"{name.replace('_', ' ')}: {count}" for name, count in counts if count]
        return f"In all {', '.join(found)}." if found else "Departments and accounts stay as they are."


def register_changes(kept: Register, new: Register, *, retire_missing: bool) -> RegisterChanges:
    """What importing `new` changes in `kept`.

    Adds and updates; what `new` doesn't list stays, unless `retire_missing`: then accounts
    that it doesn't list are retired (their posts stay), and absent kinds go. A publisher or
    kinds that `new` leaves out stay. An account without a stated key is the kept one of the
    same address, whose key it takes; paused and stopped accounts stay so.
    """
    renamed, merged = new_slugs(kept, new)
    held_departments = {each.slug: each for each in kept.departments}
    departments = departments_after(kept, new, renamed + merged)
    matched = matched_accounts(kept.accounts, new.accounts)
    listed = {account.key for account in matched}
    moved = dict(renamed + merged)
    left = [account for account in kept.accounts if account.key not in listed]
    followed = [replace(each, department=moved[each.department]) for each in left if each.department in moved]
    held = {account.key: account for account in kept.accounts}
    known = {*held_departments, *moved.values()}
    return RegisterChanges(
        publisher=new.publisher if new.publisher not in (kept.publisher, Publisher()) else None,
        kinds=new.kinds if new.kinds != kept.kinds and (new.kinds or retire_missing) else None,
        renamed=renamed,
        merged=merged,
        departments=tuple(each for each in departments if each != _sorted(held_departments.get(each.slug))),
        accounts=tuple(each for each in (*matched, *followed) if each != held.get(each.key)),
        retired=tuple(each for each in left if retire_missing and not _is_retired(each)),
        added_departments=tuple(each.slug for each in departments if each.slug not in known),
        added_accounts=tuple(account.id for account in matched if account.key not in held),
        revived_accounts=tuple(
            account.id for account in matched if account.key in held and _is_retired(held[account.key])
        ),
    )


def _sorted(department: Department | None) -> Department | None:
    """Old slugs have no order."""
    return department and replace(department, formerly=tuple(sorted(department.formerly)))


def _is_retired(account: Account) -> bool:
    return account.status is AccountStatus.RETIRED


def _account_line(account: Account) -> AccountLine:
    return {
        "id": str(account.id),
        "key": account.key,
        "department": account.department,
        "platform": account.platform,
        "handle": account.handle,
        "url": account.url,
    }
