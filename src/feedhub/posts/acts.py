"""What the city does to posts and accounts in public: each act with its reason, never with content."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from feedhub.accounts.account import Account, Department


class ActKind(StrEnum):
    """What was done."""

    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    STOP = "stop"
    LIFT = "lift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One public act. `post`: the one that it is about, None where it is about the whole account."""

    kind: ActKind
    at: datetime
    reason: str
    account: Account
    department: Department
    post: UUID | None = None
    change: int | None = None  # of the post


@dataclass(frozen=True, slots=True, kw_only=True)
class ActCounts:
    """How many posts were corrected and withdrawn since a moment, and how many wait for a person now."""

    corrections: int
    withdrawals: int
    held: int
