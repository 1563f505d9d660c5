"""Keeping what nobody sees: payloads that show the same, edits held back, edits of held posts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Update, bindparam, update

from feedhub.posts.decisions import Decision
from feedhub.posts.post import PostStatus
from feedhub.store.bodies import squeezed
from feedhub.store.event_times import event_times
from feedhub.store.session import WriteSession
from feedhub.store.tables import posts
from feedhub.store.times import to_ms

_POST = update(posts).where(posts.c.id == bindparam("post"))
_RESEEN = _POST.values(seen=bindparam("payload"))
# What nobody has seen makes no version: the newest is what a person will judge.
# Only while it is held: it may have been erased since that was read.
_REWRITTEN = _POST.where(posts.c.status == PostStatus.HELD.value).values(
    seen=bindparam("payload"),
    fingerprint=bindparam("shows"),
    document=bindparam("written"),
    event_at=bindparam("event_at"),
    event_until=bindparam("event_until"),
)
# The platform shows again what is public.
_RETURNED = _POST.values(
    seen=bindparam("payload"), pending=None, pending_fingerprint=None, held_for=None, held_since=None, held_reason=None
)
_HELD_BACK = _POST.values(
    pending=bindparam("payload"),
    pending_fingerprint=bindparam("shows"),
    held_for=bindparam("why"),
    held_since=bindparam("since"),
    held_reason=bindparam("reason"),
)
_HELD_BACK_STILL = _POST.values(pending=bindparam("payload"))


def keep_same(session: WriteSession, same: Sequence[Decision], *, now: datetime) -> None:
    """Write decisions that change nothing that anyone can see."""
    acts: dict[str, list[dict[str, Any]]] = {}
    for found in same:
        if act := _act(found):
            values = _values(found, now=now)
            acts.setdefault(act, []).append({name: values[name] for name in ("post", "payload", *_ACTS[act][1])})
    for act, rows in acts.items():
        session.run(_ACTS[act][0], rows)


# Each act with what it writes beside the payload.
_ACTS: dict[str, tuple[Update, tuple[str, ...]]] = {
    "reseen": (_RESEEN, ()),
    "rewritten": (_REWRITTEN, ("shows", "written", "event_at", "event_until")),
    "returned": (_RETURNED, ()),
    "held back": (_HELD_BACK, ("shows", "why", "since", "reason")),
    "held back still": (_HELD_BACK_STILL, ()),
}


def _act(found: Decision) -> str | None:
    held, seen = found.held, found.seen
    if held is None:
        return None
    if found.held_back:
        # A delay counts from the edit itself, not from each time that its counts moved.
        return "held back still" if held.pending_fingerprint == seen.fingerprint else "held back"
    is_marked = held.status is PostStatus.LIVE and held.held_for is not None
    if is_marked or (held.status is not PostStatus.HELD and held.pending is not None):
        return "returned"
    if held.payload == seen.payload:
        return None
    return "rewritten" if held.status is PostStatus.HELD else "reseen"


def _values(found: Decision, *, now: datetime) -> dict[str, Any]:
    return {
        "post": found.id,
        "payload": found.seen.payload,
        "shows": found.seen.fingerprint,
        "written": squeezed(found.seen.document),
        "why": found.held_for,
        "reason": found.held_reason,
        "since": to_ms(now),
        **event_times(found.seen.event),
    }
