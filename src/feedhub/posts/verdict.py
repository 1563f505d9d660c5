"""Whether what stands at an address is official, whether it is collected, and if not, why. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from feedhub.accounts.account import Account, AccountStatus, Via
from feedhub.accounts.profile_patterns import Oddity
from feedhub.posts.kept import Notice
from feedhub.posts.post import PostStatus

# A visit that is overdue by so much means that nobody walks.
_OVERDUE = timedelta(hours=6)


class Problem(StrEnum):
    """Why something is not official, or not collected."""

    # What stands at the address is no account
    STORY = "story"
    PERSONAL = "personal"
    GROUP = "group"
    PRIVATE = "private"
    SHORT_LINK = "short_link"
    BOT = "bot"
    OTHER_PAGE = "other_page"
    # Nobody knows it
    LOOK_ALIKE = "look_alike"
    UNKNOWN = "unknown"
    AUTHOR_UNKNOWN = "author_unknown"
    # The account
    BRIDGE = "bridge"
    UNVERIFIED = "unverified"
    RETIRED = "retired"
    PAUSED = "paused"
    STOPPED = "stopped"
    NEVER_VISITED = "never_visited"
    OUTAGE = "outage"
    FAILING = "failing"
    # The post
    HELD = "held"
    WITHDRAWN = "withdrawn"
    GONE = "gone"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the visits to an account go."""

    outcome: str = "never"
    reason: str | None = None
    remedy: str | None = None
    last_success_at: datetime | None = None
    next_visit_at: datetime | None = None

    @property
    def delivers(self) -> bool:
        return self.outcome in {"ok", "not_modified"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPost:
    """A post that FeedHub has, or had, whatever its status."""

    id: str
    status: PostStatus
    version: int = 1
    source_url: str | None = None
    notice: Notice | None = None
    was_public: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is known about an address. `is_post`: it is that of one post or article, not of an account."""

    url: str
    oddity: Oddity | None = None
    is_post: bool = False
    account: Account | None = None
    health: Health | None = None
    post: FoundPost | None = None
    alike: Account | None = None
    is_everything_failing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer. `problem` is the first thing that stands in the way of a plain yes."""

    found: Findings
    official: bool
    collected: bool
    problem: Problem | None


_ODDITIES = {
    Oddity.STORY: Problem.STORY,
    Oddity.PERSONAL: Problem.PERSONAL,
    Oddity.GROUP: Problem.GROUP,
    Oddity.PRIVATE: Problem.PRIVATE,
    Oddity.SHORT_LINK: Problem.SHORT_LINK,
    Oddity.BOT: Problem.BOT,
    Oddity.OTHER_PAGE: Problem.OTHER_PAGE,
}
_STATUSES = {
    AccountStatus.RETIRED: Problem.RETIRED,
    AccountStatus.PAUSED: Problem.PAUSED,
    AccountStatus.STOPPED: Problem.STOPPED,
}
_HIDDEN = {
    PostStatus.HELD: Problem.HELD,
    PostStatus.WITHDRAWN: Problem.WITHDRAWN,
    PostStatus.GONE: Problem.GONE,
}


def is_official(account: Account) -> bool:
    """Whether somebody checked that a department's account is its own, and by the account's own route."""
    return (
        account.verified_at is not None
        and account.via is not Via.BRIDGE
        and account.status is not AccountStatus.RETIRED
    )


def verdict(found: Findings, *, now: datetime) -> Verdict:
    """What to tell about an address."""
    account, post = found.account, found.post
    official = account is not None and is_official(account)
    if post is not None and post.status is PostStatus.LIVE:
        return Verdict(found=found, official=official, collected=True, problem=_doubt(account))
    problem = _obstacle(found, now)
    collected = problem is None and not found.is_post
    return Verdict(found=found, official=official, collected=collected, problem=problem or _doubt(account))


def _obstacle(found: Findings, now: datetime) -> Problem | None:
    """Why what stands at the address is not collected."""
    if found.post is not None:
        return _HIDDEN.get(found.post.status)
    if found.oddity in _ODDITIES:
        return _ODDITIES[found.oddity]
    if found.account is None:
        if found.alike is not None:
            return Problem.LOOK_ALIKE
        return Problem.AUTHOR_UNKNOWN if found.is_post else Problem.UNKNOWN
    if found.account.status in _STATUSES:
        return _STATUSES[found.account.status]
    return _silence(found, now) or (Problem.NOT_SEEN if found.is_post else None)


def _silence(found: Findings, now: datetime) -> Problem | None:
    """Why nothing comes from the account now."""
    health = found.health or Health()
    is_overdue = health.next_visit_at is not None and health.next_visit_at < now - _OVERDUE
    if is_overdue or (found.is_everything_failing and not health.delivers):
        return Problem.OUTAGE
    if health.outcome == "never":
        return Problem.NEVER_VISITED
    return None if health.delivers else Problem.FAILING


def _doubt(account: Account | None) -> Problem | None:
    """Why what is collected is not official all the same."""
    if account is None or is_official(account):
        return None
    if account.via is Via.BRIDGE:
        return Problem.BRIDGE
    return _STATUSES.get(account.status) or Problem.UNVERIFIED
