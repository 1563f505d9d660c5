"""Which department and account of a new register is which of the kept ones."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from feedhub.accounts.account import Account, AccountStatus, Department, Register
from feedhub.accounts.account_keys import default_key, keys_of

# An old slug and the one that it leads to now.
Slugs = tuple[tuple[str, str], ...]


def new_slugs(kept: Register, new: Register) -> tuple[Slugs, Slugs]:
    """The kept departments that `new` calls by another slug, and those that went into another one."""
    kept_slugs = {each.slug for each in kept.departments}
    staying = {each.slug for each in new.departments}
    renamed: list[tuple[str, str]] = []
    merged: list[tuple[str, str]] = []
    for department in new.departments:
        is_known = department.slug in kept_slugs
        for old in department.formerly:
            if old in kept_slugs - staying:
                (merged if is_known else renamed).append((old, department.slug))
                is_known = True
    return tuple(renamed), tuple(merged)


def departments_after(kept: Register, new: Register, moved: Slugs) -> list[Department]:
    """Every department as it will be: the new ones, then kept ones that lose an old slug to them.

    Old slugs (sorted) are never forgotten, so that old links go on working, unless another
    department takes them.
    """
    now = dict(moved)
    taken = {slug for each in new.departments for slug in (each.slug, *each.formerly)}
    former = {each.slug: set(each.formerly) for each in new.departments}
    staying: list[Department] = []
    for department in kept.departments:
        free = set(department.formerly) - taken
        slug = now.get(department.slug, department.slug)
        if slug in former:
            former[slug] |= free
        else:
            staying.append(replace(department, formerly=tuple(sorted(free))))
    return [replace(each, formerly=tuple(sorted(former[each.slug]))) for each in new.departments] + staying


def matched_accounts(kept: Iterable[Account], new: Iterable[Account]) -> list[Account]:
    """The new accounts with the keys (and the status) of the kept ones that they are.

    An account is the kept one with its key. One that states no key (its key is the default)
    may also be the kept one of the same address, which keeps its key through any rename.
    """
    kept, new = list(kept), list(new)
    by_key = {account.key: account for account in kept}
    found = {each.key: by_key[each.key] for each in new if each.key in by_key and _is_sure(each, by_key[each.key])}
    claimed = {account.key for account in found.values()}
    by_address = _by_address([account for account in kept if account.key not in claimed])
    keyless = [account for account in new if account.key not in found and _has_default_key(account)]
    # Every address first; the key that an address gave to an account before it moved comes last.
    places = [(each, by_address.get(key)) for each in keyless for key in keys_of(each)]
    for account, held in places + [(each, by_key.get(each.key)) for each in keyless]:
        if held and held.key not in claimed and account.key not in found:
            found[account.key] = held
            claimed.add(held.key)
    taken = claimed | by_key.keys()
    return [
        _as_kept(account, found[account.key]) if account.key in found else _with_free_key(account, taken)
        for account in new
    ]


def _has_default_key(account: Account) -> bool:
    return account.key == default_key(account.platform, account.url, account.handle)


def _is_sure(new: Account, kept: Account) -> bool:
    """Whether the same key means the same account: it was stated, or both still have that address."""
    return not _has_default_key(new) or _has_default_key(kept)


def _by_address(accounts: list[Account]) -> dict[str, Account]:
    """Accounts by the default keys of their addresses; those that we ask come before retired ones."""
    found: dict[str, Account] = {}
    accounts = sorted(accounts, key=lambda account: account.status is AccountStatus.RETIRED)
    whole = [(default_key(account.platform, account.url, account.handle), account) for account in accounts]
    parts = [(key, account) for account in accounts for key in keys_of(account)[1:]]
    for key, account in whole + parts:
        found.setdefault(key, account)
    return found


def _as_kept(account: Account, held: Account) -> Account:
    status = AccountStatus.ACTIVE if held.status is AccountStatus.RETIRED else held.status
    return replace(account, key=held.key, status=status)


def _with_free_key(account: Account, taken: set[str]) -> Account:
    """A new account at the old address of another one, whose key is gone for good, gets a key of its own."""
    keys = (account.key if number == 1 else f"{account.key}#{number}" for number in count(1))
    return replace(account, key=next(key for key in keys if key not in taken))
