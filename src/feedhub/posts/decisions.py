"""What becomes of a post that a visit saw: new, edited, revived or the same. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from feedhub.posts.compare import Change, compare
from feedhub.posts.post import PostStatus
from feedhub.posts.seen import Seen

# A post first seen later than this after its publication is old news: kept, never announced.
BACKFILL_AFTER = timedelta(hours=48)
# Clocks differ a little; a date further ahead is a mistake or an event's own date.
MOST_AHEAD = timedelta(hours=1)

# Why a post is held that its platform said was gone, once; the second time it is gone.
HELD_AS_GONE = "gone"

_KEY_BITS = 20
_KEY_MASK = (1 << _KEY_BITS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is kept of a post, as far as a decision needs it."""

    id: UUID
    status: PostStatus
    version: int
    fingerprint: str
    payload: str
    order_key: int
    published_at: datetime
    published_is_made: bool
    collected_at: datetime
    updated_at: datetime
    backfill: bool
    was_public: bool = True
    held_for: str | None = None
    pending: str | None = None
    media_at: datetime | None = None
    held_reason: str | None = None
    pending_fingerprint: str | None = None  # of what `pending` would show
    stop_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to write for one post. `change` SAME changes nothing that anyone can see.

    `order_key` is the wanted one; the store takes the next free. `held_for` says why a post
    is held: a rule's name, `stop`, `delay` or `gone`; `held_reason` is one sentence on it.
    `held_back`: an edit that waits for a
    person; the post stays as it was, and the payload is remembered.
    """

    id: UUID
    change: Change
    seen: Seen
    held: Held | None
    status: PostStatus
    version: int
    published_at: datetime
    published_is_made: bool
    collected_at: datetime
    backfill: bool
    order_key: int
    held_for: str | None = None
    held_reason: str | None = None
    held_back: bool = False

    @property
    def is_public(self) -> bool:
        """Whether readers get to know of it."""
        return self.change is not Change.SAME and self.status is PostStatus.LIVE

    @property
    def needs_watch(self) -> bool:
        """Whether it says something new, so that the hold rules count."""
        return self.change in {Change.NEW, Change.EDITED}

    @property
    def needs_clock(self) -> bool:
        """Whether writing it touches what others decide by."""
        if self.change is not Change.SAME:
            return True
        return self.held_back and self.held is not None and self.held.pending != self.seen.payload

    @property
    def moves(self) -> bool:
        """Whether the post's place in time is new."""
        return self.held is None or self.held.published_at != self.published_at


def post_id(account: UUID, native_id: str) -> UUID:
    """The same on every node, in every installation, after every rebuild."""
    return uuid5(account, native_id)


def order_key(published_at_ms: int, post: UUID) -> int:
    """Milliseconds << 20 | 20 bits of the id: sorts by time, and nearly never collides.

    >>> order_key(1_795_136_400_000, UUID(int=5)) >> 20
    1795136400000
    """
    return (published_at_ms << _KEY_BITS) | (post.int & _KEY_MASK)


def decide(held: Held | None, seen: Seen, *, post: UUID, now: datetime, is_first_visit: bool) -> Decision:
    """What becomes of `seen`.

    A withdrawn or held post never changes by itself; one that was gone is live again when
    its platform shows it again, as a new version.
    """
    published, is_made = _published(held, seen, now=now)
    if held is None:
        backfill = is_first_visit or now - published > BACKFILL_AFTER
        change, status, version, collected = Change.NEW, PostStatus.LIVE, 1, now
    else:
        backfill, collected = held.backfill, held.collected_at
        change, status = _change(held, seen)
        version = held.version + (change is Change.EDITED)
    return Decision(
        id=post,
        change=change,
        seen=seen,
        held=held,
        status=status,
        version=version,
        published_at=published,
        published_is_made=is_made,
        collected_at=collected,
        backfill=backfill,
        order_key=order_key(int(published.timestamp() * 1000), post),
        held_for=held.held_for if held is not None and status is PostStatus.HELD else None,
        held_reason=held.held_reason if held is not None and status is PostStatus.HELD else None,
    )


def renewed(found: Decision, *, now: datetime, media_last: timedelta) -> Decision:
    """`found` where nothing can be seen to have changed, but the addresses of its media are past half of their life.

    A renewal takes a change number, so that every copy learns the new addresses, and makes no version.
    """
    held = found.held
    if found.change is not Change.SAME or held is None or held.status is not PostStatus.LIVE:
        return found
    is_due = held.media_at is not None and now - held.media_at > media_last / 2
    return replace(found, change=Change.RENEWED) if is_due and held.payload != found.seen.payload else found


def _change(held: Held, seen: Seen) -> tuple[Change, PostStatus]:
    match held.status:
        case PostStatus.HELD if held.held_for == HELD_AS_GONE:
            return Change.EDITED, PostStatus.LIVE
        case PostStatus.WITHDRAWN | PostStatus.HELD:
            return Change.SAME, held.status
        case PostStatus.GONE:
            return Change.EDITED, PostStatus.LIVE
        case PostStatus.LIVE:
            return compare(held.fingerprint, seen.fingerprint), PostStatus.LIVE


def _published(held: Held | None, seen: Seen, *, now: datetime) -> tuple[datetime, bool]:
    """The time by which people see it: what the platform said, if it can be, else when it was first collected."""
    if seen.published_at is not None and seen.published_at <= now + MOST_AHEAD:
        return seen.published_at, False
    if held is not None:
        return (held.published_at, True) if held.published_is_made else (held.collected_at, True)
    return now, True
