"""What every visit needs, and what it comes to."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from feedhub.accounts.account import Account
from feedhub.failures import VisitFailed
from feedhub.store.sealing import Keyring
from feedhub.store.session import Store
from feedhub.sync.reading import Reading
from feedhub.sync.rhythm import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReport:
    """What one visit came to."""

    account: Account
    outcome: str
    reason: str | None = None
    new: int = 0
    edited: int = 0
    gone: int = 0
    retry_at: datetime | None = None  # when the host itself wants to be asked again

    @property
    def succeeded(self) -> bool:
        """Whether the account answered."""
        return self.outcome in {"ok", "not_modified"}

    def as_json(self) -> dict[str, str | None]:
        """One account of `sync --once --json`."""
        account = self.account
        return {"id": str(account.id), "url": account.url, "outcome": self.outcome, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What every visit needs: where to keep, how to read, how often to come."""

    store: Store
    reading: Reading
    pace: Pace
    now: Callable[[], datetime]
    keyring: Keyring
    chance: Callable[[], float] = random.random
    is_our_outage: Callable[[str, VisitFailed], bool] = lambda _host, _failure: False
    renewals: dict[int, asyncio.Lock] = field(default_factory=dict)  # by credential: one renewal at a time
