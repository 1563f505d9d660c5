"""What a department's posts tell about it: how fresh it is, whether it fell silent, whether pictures are described."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from feedhub.accounts.account import Account

# Gaps between an account's newest posts that make its rhythm.
GAPS = 10

# How long an account may say nothing: thrice its own usual gap, within bounds; or this where nobody knows that yet.
_TIMES_ITS_GAP = 3
_SHORTEST, _LONGEST, _UNKNOWN = timedelta(days=7), timedelta(days=90), timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When an account's newest public post is of, and the one GAPS posts before it."""

    newest_at: datetime | None = None
    earlier_at: datetime | None = None

    @property
    def patience(self) -> timedelta:
        """How long it may say nothing before it counts as silent.

        >>> at = datetime(2026, 11, 20)
        >>> [Rhythm(newest_at=at, earlier_at=at - timedelta(days=days)).patience.days for days in (1, 50, 900)]
        [7, 15, 90]
        >>> Rhythm(newest_at=at).patience.days
        30
        """
        if self.newest_at is None or self.earlier_at is None:
            return _UNKNOWN
        return min(max(_TIMES_ITS_GAP * (self.newest_at - self.earlier_at) / GAPS, _SHORTEST), _LONGEST)

    def silent_since(self, now: datetime) -> datetime | None:
        """When its newest post was, where that is longer ago than is usual for it."""
        return self.newest_at if self.newest_at and now - self.newest_at > self.patience else None


class Described(NamedTuple):
    """How many pictures there are, and how many of them have a description in words."""

    pictures: int
    described: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where there are no pictures.

        >>> Described(8, 6).share, Described(0, 0).share
        (0.75, None)
        """
        return self.described / self.pictures if self.pictures else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """One account: when it last said something, and whether its posts arrive now."""

    account: Account
    rhythm: Rhythm
    posts_in_month: int
    outcome: str
    delivering: bool
    last_success_at: datetime | None

    @property
    def last_post_at(self) -> datetime | None:
        return self.rhythm.newest_at


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentFacts:
    """A department's accounts, retired ones left out, and what its public posts tell.

    `posts_in_month` are those of the last 30 days; `described` counts the pictures of the newest
    500 posts of the last 365 days.
    """

    accounts: tuple[AccountFacts, ...]
    described: Described

    @property
    def newest_post_at(self) -> datetime | None:
        return max((one.last_post_at for one in self.accounts if one.last_post_at), default=None)

    @property
    def posts_in_month(self) -> int:
        return sum(one.posts_in_month for one in self.accounts)
