"""What a person should see before the public does: four rules against hijacked accounts, stops, delays. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from feedhub.posts.compare import Change
from feedhub.posts.decisions import Decision
from feedhub.posts.habits import Habits, Shown, change_in
from feedhub.posts.post import PostStatus

LINKS, PROFILE, BURST, MASS = "links", "profile", "burst", "mass"
STOP, DELAY = "stop", "delay"
# A person has said no: it stays hidden, and nobody is asked about it again.
DROPPED = "dropped"
RULES = (LINKS, PROFILE, BURST, MASS)
# What ends by a person's word or by itself.
WAITING = (*RULES, STOP, DELAY)

STOPPED = "It came while the desk had stopped the account."
DELAYED = "It becomes public when the account's delay is over."

# With fewer public posts than this an account has no habits yet.
_LEAST_KNOWN = 5
# A burst: more posts in one span than the least limit, and than so many times its own most (span, least).
_BURSTS = ((timedelta(days=1), 15), (timedelta(hours=3), 10))
_TIMES_ITS_MOST = 3
# Mass changes: more at once than this, or than this part of all, but never fewer than a handful.
_MOST_CHANGED, _CHANGED_PART, _HANDFUL = 20, 0.10, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is known of an account, as far as holding needs it.

    `limits`: rules tuned for it, 0 = off. `known`: the sites among its new posts' that are no
    strangers. `published`: times of its public posts of the last weeks; `recent`: of all its
    posts of the last days, public or not. `public`: how many public posts it has.
    `registered`: plain names by which its department is known.
    """

    habits: Habits = field(default_factory=Habits)
    is_first: bool = False
    is_stopped: bool = False
    held_for: str | None = None
    delay: int = 0
    limits: Mapping[str, int] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    published: tuple[datetime, ...] = ()
    recent: tuple[datetime, ...] = ()
    public: int = 0
    last_success_at: datetime | None = None
    registered: frozenset[str] = frozenset()

    def has(self, rule: str) -> bool:
        """Whether a rule counts for this account."""
        return self.limits.get(rule, 1) > 0

    def profile_change(self, shown: Shown | None) -> str | None:
        """How the account became somebody else's, where its rule counts."""
        return change_in(self.habits.profile, shown, registered=self.registered) if self.has(PROFILE) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The decisions of a visit, some of them held; and why what its platform calls gone is not hidden."""

    decisions: list[Decision]
    gone_kept: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Why:
    """A rule and the sentence that explains it."""

    rule: str
    reason: str


def judge(watched: Watched, decisions: Sequence[Decision], *, gone: int = 0, shown: Shown | None = None) -> Judgement:
    """The decisions, held where a rule catches; a visit is judged as a whole.

    `gone` is how many live posts the platform calls gone now.
    """
    fresh = [found for found in decisions if _is_fresh(found)]
    edits = [found for found in decisions if _is_edit(found)]
    taken = _taken_over(watched, shown)
    whole = taken or (None if watched.is_first else _burst(watched, fresh))
    changed = gone + sum(1 for found in edits if not _is_waiting(found))
    mass = None if watched.is_first else _mass(watched, changed)
    return Judgement(
        decisions=[
            _held(found, whole or _links(watched, found) or _unreviewed(found) or _delay(watched))
            if _is_fresh(found)
            else _held_back(found, _waits(found) or taken or mass or _links(watched, found) or _delay(watched))
            if _is_edit(found)
            else _kept_for_lift(found)
            for found in decisions
        ],
        gone_kept=mass.reason if mass and gone else None,
    )


def _is_fresh(found: Decision) -> bool:
    """Whether a post is about to become public that was not, or no longer."""
    return found.status is PostStatus.LIVE and (
        found.held is None or (found.held.status is not PostStatus.LIVE and found.change is Change.EDITED)
    )


def _is_edit(found: Decision) -> bool:
    return found.change is Change.EDITED and found.held is not None and found.held.status is PostStatus.LIVE


def _held(found: Decision, why: _Why | None) -> Decision:
    if why is None:
        return found
    return replace(found, status=PostStatus.HELD, held_for=why.rule, held_reason=why.reason)


def _held_back(found: Decision, why: _Why | None) -> Decision:
    if why is None or found.held is None:
        return found
    return replace(
        found,
        change=Change.SAME,
        version=found.held.version,
        held_back=True,
        held_for=why.rule,
        held_reason=why.reason,
    )


def _kept_for_lift(found: Decision) -> Decision:
    """What a stop withdrew comes back as it was; what its platform made of it meanwhile is judged then."""
    held = found.held
    if held is None or held.stop_id is None or held.status is not PostStatus.WITHDRAWN:
        return found
    if held.fingerprint == found.seen.fingerprint:
        return found
    return replace(found, held_back=True, held_for=STOP, held_reason=STOPPED)


def _taken_over(watched: Watched, shown: Shown | None) -> _Why | None:
    """Why nothing that the account says now counts as its own."""
    if watched.is_stopped:
        return _Why(rule=STOP, reason=STOPPED)
    if not watched.has(PROFILE):
        return None
    changed = watched.profile_change(shown)
    if changed is None and watched.held_for == PROFILE:
        changed = change_in(watched.habits.profile, watched.habits.changed) or "Its profile changed."
    return _Why(rule=PROFILE, reason=changed) if changed else None


def _links(watched: Watched, found: Decision) -> _Why | None:
    if watched.is_first or watched.public < _LEAST_KNOWN or not watched.has(LINKS):
        return None
    strange = [site for site in found.seen.domains if site not in watched.known]
    if not strange:
        return None
    return _Why(rule=LINKS, reason=f"It leads to {' and '.join(strange[:3])}, to which this account never led.")


def _burst(watched: Watched, fresh: Sequence[Decision]) -> _Why | None:
    """Judged by when posts were published, so that catching up after an outage is none."""
    told = sorted(found.published_at for found in fresh if not found.backfill)
    if not told or not watched.has(BURST):
        return None
    stretch = _days_away(watched, fresh)
    habit = [at for at in watched.published if at <= told[0] - timedelta(days=1)]
    for span, least in _BURSTS:
        most = max(least, _TIMES_ITS_MOST * _busiest(habit, span)) * stretch
        if tuned := watched.limits.get(BURST):
            most = tuned * stretch
        found = _busiest([*watched.recent, *told], span, ending_after=told[0])
        if found > most:
            hours = int(span.total_seconds() // 3600)
            return _Why(rule=BURST, reason=f"It is one of {found} posts within {hours} hours; {most} would be usual.")
        if tuned:
            break
    return None


def _mass(watched: Watched, changed: int) -> _Why | None:
    if not watched.has(MASS) or changed <= _HANDFUL:
        return None
    tuned = watched.limits.get(MASS)
    most = tuned or min(_MOST_CHANGED, int(watched.public * _CHANGED_PART))
    if changed <= most:
        return None
    return _Why(rule=MASS, reason=f"{changed} of the account's posts were edited or taken away at once.")


def _waits(found: Decision) -> _Why | None:
    """A person has not decided yet about an edit of this post, or has said no to this very one."""
    held = found.held
    if held is None or held.pending is None or held.held_for is None:
        return None
    if held.held_for in RULES or (held.held_for == DROPPED and _is_waiting(found)):
        return _Why(rule=held.held_for, reason=held.held_reason or "An earlier edit of it waits for a person.")
    return None


def _unreviewed(found: Decision) -> _Why | None:
    """It was held for a person when its platform called it gone, and nobody has approved it since."""
    held = found.held
    if held is None or held.held_reason in {None, STOPPED, DELAYED}:
        return None
    if held.pending is not None and held.fingerprint == found.seen.fingerprint:
        return None  # what everybody saw before its edit was held back
    return _Why(rule=BURST, reason=held.held_reason or "")


def _is_waiting(found: Decision) -> bool:
    """Whether this very edit is held back already."""
    return found.held is not None and found.held.pending_fingerprint == found.seen.fingerprint


def _delay(watched: Watched) -> _Why | None:
    return _Why(rule=DELAY, reason=DELAYED) if watched.delay else None


def _days_away(watched: Watched, fresh: Sequence[Decision]) -> int:
    """Posts without a date all seem to be of now; they may be of every day since we last looked."""
    if watched.last_success_at is None or not any(found.published_is_made for found in fresh):
        return 1
    newest = max(found.published_at for found in fresh)
    return max(1, (newest - watched.last_success_at).days + 1)


def _busiest(times: Sequence[datetime], span: timedelta, *, ending_after: datetime | None = None) -> int:
    """The most posts within one span (that ends at or after `ending_after`).

    >>> noon = datetime(2026, 1, 1, 12)
    >>> _busiest([noon, noon + timedelta(hours=5), noon + timedelta(hours=30)], timedelta(days=1))
    2
    """
    ordered, first, most = sorted(times), 0, 0
    for place, at in enumerate(ordered):
        while at - ordered[first] >= span:
            first += 1
        if ending_after is None or at >= ending_after:
            most = max(most, place - first + 1)
    return most
