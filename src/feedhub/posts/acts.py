"""What the city does to posts and accounts in public: each act with its reason, never with content."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedhub.accounts.account import Account, Department
from feedhub.errors import QuestionRefused
from feedhub.posts.text import one_line

# Who acts, as everybody may know it: a role, never a person.
OPERATOR: Final = "operator"
DESK: Final = "desk"
_DEPARTMENT: Final = "department:"

MOST_REASON = 500  # characters


class ActKind(StrEnum):
    """What was done. A redaction is a correction after which the earlier text is shown nowhere."""

    CORRECTION = "correction"
    REDACTION = "redaction"
    WITHDRAWAL = "withdrawal"
    REINSTATEMENT = "reinstatement"
    ERASURE = "erasure"
    STOP = "stop"
    LIFT = "lift"


class ActName(StrEnum):
    """What can be asked for: the word of the command, and of the address."""

    WITHDRAW = "withdraw"
    CORRECT = "correct"
    REINSTATE = "reinstate"
    ERASE = "erase"
    STOP = "stop"
    LIFT = "lift"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActWanted:
    """An act that somebody asks for. `id` is a post's, or an account's where it is a stop or a lift."""

    name: ActName
    id: UUID
    reason: str = ""
    redact: bool = False
    since: datetime | None = None  # of a stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One public act on a post, as the post itself tells it. `change`: of the post."""

    kind: ActKind
    at: datetime
    reason: str
    account: Account
    department: Department
    post: UUID
    change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActCounts:
    """How many posts were corrected and withdrawn since a moment, and how many wait for a person now."""

    corrections: int
    withdrawals: int
    held: int


def actor_of(department: str | None) -> str:
    """The role of whoever acts for this department; None = for the whole city.

    >>> actor_of("dinkes"), actor_of(None)
    ('department:dinkes', 'desk')
    """
    return DESK if department is None else _DEPARTMENT + department


def is_department(actor: str) -> bool:
    """Whether it is not the city itself that acts.

    >>> is_department("department:dinkes"), is_department("desk"), is_department("operator")
    (True, False, False)
    """
    return actor.startswith(_DEPARTMENT)


def public_reason(text: str) -> str:
    r"""A sentence for the public: on one line, without signs that XML forbids.

    >>> public_reason(" Jadwal ini\nkeliru. ")
    'Jadwal ini keliru.'

    Raises:
        QuestionRefused: nothing is left of it, or it is too long.
    """
    reason = one_line(text)
    if not any(sign.isalnum() for sign in reason):
        raise QuestionRefused("reason", "The reason is public, so it can't be empty: say in a sentence why.")
    if len(reason) > MOST_REASON:
        raise QuestionRefused("reason", f"The reason may have at most {MOST_REASON} characters; say it in a sentence.")
    return reason
