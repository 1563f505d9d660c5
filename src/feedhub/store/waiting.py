"""Accounts that wait for somebody to give FeedHub a credential, and how many one act unlocks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from feedhub.accounts.account import AccountStatus, Platform
from feedhub.store.credentials import kept_credentials
from feedhub.store.session import ReadSession
from feedhub.store.visits import AccountState, account_states

# How a visit ends that only a person with a credential can help.
WAITING = frozenset({"no_credential", "token_expired", "token_refused", "permission_missing", "payment_needed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Accounts of a platform that wait. `is_shared`: one credential helps all of them, else each needs its own."""

    platform: Platform
    is_shared: bool
    accounts: tuple[UUID, ...]

    @property
    def sentence(self) -> str:
        """How much one act unlocks.

        >>> Waiting(platform=Platform.INSTAGRAM, is_shared=True, accounts=(UUID(int=1), UUID(int=2))).sentence
        'One Instagram token: 2 accounts wait for it.'
        """
        count, name = len(self.accounts), self.platform.proper
        if self.is_shared:
            return f"One {name} token: {count} {'accounts wait' if count > 1 else 'account waits'} for it."
        return f"A {name} token each: {count} {'accounts wait' if count > 1 else 'account waits'} for {'theirs' if count > 1 else 'its own'}."

    def as_json(self) -> dict[str, Any]:
        """One row of `waiting` in `accounts status --json`."""
        return {
            "platform": self.platform.value,
            "shared": self.is_shared,
            "count": len(self.accounts),
            "accounts": [str(id) for id in self.accounts],
            "sentence": self.sentence,
        }


def waiting_accounts(session: ReadSession, *, shared: Collection[Platform]) -> tuple[Waiting, ...]:
    """What waits, the act that unlocks most first. On `shared` platforms one credential serves every account."""
    with_own = {kept.account for kept in kept_credentials(session) if kept.account is not None}
    groups: dict[tuple[Platform, bool], list[UUID]] = {}
    for state in account_states(session):
        if _waits(state):
            account = state.account
            is_shared = account.platform in shared and account.id not in with_own
            groups.setdefault((account.platform, is_shared), []).append(account.id)
    found = [
        Waiting(platform=platform, is_shared=is_shared, accounts=tuple(ids))
        for (platform, is_shared), ids in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_shared, -len(one.accounts), one.platform)))


def _waits(state: AccountState) -> bool:
    return state.account.status is AccountStatus.ACTIVE and state.outcome in WAITING
