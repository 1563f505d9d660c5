"""The chain of the public log: each entry is hashed with the hash of the one before.

Whoever keeps one hash can later tell whether anything up to it was changed, removed or put
in another order. The rules are few, so that anybody can check them with a few lines.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

# What the first entry names as the hash before it.
BEGINNING: Final = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act. `actor` is a role; `subject` a post's or an account's id; `change` the number it made public, if any."""

    number: int
    at: datetime
    actor: str
    kind: str
    subject: UUID
    department: str
    change: int | None
    reason: str
    before: str

    def told(self) -> dict[str, Any]:
        """What is hashed, as JSON names it. Times are UTC, so that no setting of the city changes a hash."""
        return {
            "number": self.number,
            "at": f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "actor": self.actor,
            "kind": self.kind,
            "subject": str(self.subject),
            "department": self.department,
            "change": self.change,
            "reason": self.reason,
            "before": self.before,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedAct:
    """An entry as everybody may see it. `told` contacts of keys were written to; `acknowledged` said that they read it."""

    entry: Entry
    hash: str
    department: str  # by its name
    told: int
    acknowledged: int

    def as_json(self) -> dict[str, Any]:
        """The entry as the API and `log --json` show it: what is hashed, its hash, and the receipts."""
        receipts = {"told": self.told, "acknowledged": self.acknowledged}
        return {**self.entry.told(), "hash": self.hash, **receipts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest entry's number and hash: who keeps them can hold the log to them."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFault:
    """The first entry at which the chain is broken, and how."""

    number: int
    fault: str


def hash_of(entry: Entry) -> str:
    """SHA-256, in hexadecimal, of the entry as canonical JSON (RFC 8785: keys sorted, no white space, UTF-8)."""
    canonical = json.dumps(entry.told(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(canonical.encode()).hexdigest()


def first_fault(entries: Iterable[tuple[Entry, str]], *, after: int = 0, before: str = BEGINNING) -> ChainFault | None:
    """What is wrong with a stretch of the log, each entry with the hash that is kept of it; None = nothing.

    The stretch follows entry `after`, whose hash is `before`.
    """
    for entry, kept in entries:
        after += 1
        if entry.number != after:
            return ChainFault(number=after, fault=f"is missing; number {entry.number} stands in its place")
        if entry.before != before:
            return ChainFault(number=after, fault="does not follow the entry before it")
        if hash_of(entry) != kept:
            return ChainFault(number=after, fault="was changed: its hash does not fit what it says")
        before = kept
    return None
