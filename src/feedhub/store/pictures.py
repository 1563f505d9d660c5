"""Which pictures of posts are to be copied, which were, and what posts show of them.

A picture is wanted once a change of its post is looked through, then ready (its files are
written), then shown; what its post no longer has is unwanted until its files are gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, delete, insert, select, text, update

from feedhub.posts.picture_copies import MadePicture, wanted_pictures
from feedhub.posts.post import PostStatus
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables import pictures, posts
from feedhub.store.times import to_ms

# Posts that are looked through, or given their pictures, while others wait for the clock.
_AT_ONCE = 100
# A copier that was killed leaves its picture to others after so long.
LEASE = timedelta(minutes=5)

_BEHIND = text("SELECT pictured_through FROM clock WHERE id = 1 AND pictured_through < number")
_THROUGH = text("UPDATE clock SET pictured_through = :number WHERE id = 1")
# ix_post_change
_CHANGED = (
    select(*posts.c["id", "order_key", "change", "status", "version", "document"])
    .where(posts.c.change > bindparam("after"))
    .order_by(posts.c.change)
    .limit(_AT_ONCE)
)
# ix_picture_post_id
_OF_POSTS = select(*pictures.c["id", "post_id", "source", "order_key", "state"]).where(
    pictures.c.post_id.in_(bindparam("posts", expanding=True))
)
_KEEP = insert(pictures)
_MOVE = (
    update(pictures)
    .where(pictures.c.id == bindparam("picture"))
    .values(**{name: bindparam(name) for name in ("source", "host", "order_key")})
)
_WANT_AGAIN = (
    update(pictures)
    .where(pictures.c.id == bindparam("picture"))
    .values(state="wanted", reason=None, tries=0, next_try_at=0)
)
_UNWANT = update(pictures).where(pictures.c.id == bindparam("picture")).values(state="unwanted")
# ix_picture_state
_NEXT = (
    select(*pictures.c["id", "source", "host", "tries"])
    .where(
        pictures.c.state == text("'wanted'"),
        pictures.c.next_try_at <= bindparam("now"),
        pictures.c.host.not_in(bindparam("resting", expanding=True)),
    )
    .order_by(pictures.c.order_key.desc())
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(pictures)
    .where(pictures.c.id == bindparam("picture"))
    .values(tries=pictures.c.tries + 1, next_try_at=bindparam("until"))
)
_WAITING = (
    select(pictures.c.id)
    .where(pictures.c.state == text("'wanted'"), pictures.c.next_try_at <= bindparam("now"))
    .limit(1)
)
_STILL_WANTED = (pictures.c.id == bindparam("picture"), pictures.c.state == text("'wanted'"))
_READY = (
    update(pictures)
    .where(*_STILL_WANTED)
    .values(state="ready", reason=None, **{n: bindparam(n) for n in ("width", "height", "color", "bytes", "made_at")})
)
_STATE_OF = select(pictures.c.state).where(pictures.c.id == bindparam("picture"))
_PUT_OFF = update(pictures).where(*_STILL_WANTED).values(reason=bindparam("why"), next_try_at=bindparam("until"))
_REFUSE = update(pictures).where(*_STILL_WANTED).values(state="refused", reason=bindparam("why"))
# ix_picture_state
_READY_OF = (
    select(pictures.c.post_id)
    .where(pictures.c.state == text("'ready'"))
    .group_by(pictures.c.post_id)
    .order_by(pictures.c.post_id)
    .limit(_AT_ONCE)
)
_TO_SHOW = select(*pictures.c["post_id", "id", "width", "height", "color"]).where(
    pictures.c.post_id.in_(bindparam("posts", expanding=True)),
    pictures.c.state.in_(("ready", "shown")),
)
_LIVE = select(posts.c.id).where(posts.c.id.in_(bindparam("posts", expanding=True)), posts.c.status == text("'live'"))
_SHOW = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(pictures=bindparam("made"), pictured=bindparam("number"))
)
_SHOWN = (
    update(pictures)
    .where(pictures.c.post_id.in_(bindparam("posts", expanding=True)), pictures.c.state == text("'ready'"))
    .values(state="shown")
)
_UNWANTED = select(pictures.c.id).where(pictures.c.state == text("'unwanted'")).limit(_AT_ONCE)
_FORGET = delete(pictures).where(pictures.c.id == bindparam("picture"), pictures.c.state == text("'unwanted'"))
_SERVED = (
    select(*pictures.c["width", "state"], *posts.c["id", "status", "version", "was_public", "document"])
    .join_from(pictures, posts, pictures.c.post_id == posts.c.id)
    .where(pictures.c.id == bindparam("picture"))
)
_STATES = text("SELECT state, count(*) AS pictures, coalesce(sum(bytes), 0) AS bytes FROM picture GROUP BY state")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPicture:
    """A picture to copy now. `tries`: how often that was tried before."""

    id: UUID
    source: str
    host: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPicture:
    """A picture that is asked for. `is_gone`: its post was public and no longer is. `width`: of the original."""

    is_gone: bool
    width: int


def is_behind(session: ReadSession) -> bool:
    """Whether posts have changed since they were last looked through for pictures."""
    row = session.row(_BEHIND)
    return row is not None and session.row(_CHANGED, {"after": row.pictured_through}) is not None


def want_pictures(session: WriteSession) -> int:
    """Look through posts that changed, a few at a time: what they have now is wanted, what they had is not. How many."""
    take_clock(session)
    row = session.row(_BEHIND)
    changed = session.rows(_CHANGED, {"after": row.pictured_through}) if row else ()
    if not changed:
        return 0
    kept: dict[UUID, list[Row[Any]]] = {}
    for picture in session.rows(_OF_POSTS, {"posts": [post.id for post in changed]}):
        kept.setdefault(picture.post_id, []).append(picture)
    for post in changed:
        _want(session, post, {picture.id: picture for picture in kept.get(post.id, ())})
    session.run(_THROUGH, {"number": changed[-1].change})
    return len(changed)


def _want(session: WriteSession, post: Row[Any], kept: Mapping[UUID, Row[Any]]) -> None:
    wanted = _wanted(post)
    new = [
        {"id": id, "post_id": post.id, "order_key": post.order_key, "source": source, "host": _host(source)}
        for id, source in wanted.items()
        if id not in kept
    ]
    if new:
        session.run(_KEEP, [{**row, "state": "wanted"} for row in new])
    for id, picture in kept.items():
        source = wanted.get(id)
        if source is None:
            session.run(_UNWANT, {"picture": id})
            continue
        if (picture.source, picture.order_key) != (source, post.order_key):
            place = {"source": source, "host": _host(source), "order_key": post.order_key}
            session.run(_MOVE, {"picture": id, **place})
        # A fresh address may answer where the old one had ended.
        if picture.state == "unwanted" or (picture.state == "refused" and picture.source != source):
            session.run(_WANT_AGAIN, {"picture": id})


def _wanted(post: Row[Any]) -> dict[UUID, str]:
    if post.status != PostStatus.LIVE.value:
        return {}
    return wanted_pictures(post_from(expanded(post.document)), id=post.id, version=post.version)


def _host(source: str) -> str:
    return urlsplit(source).hostname or ""


def claim_picture(session: WriteSession, *, now: datetime, resting: Sequence[str]) -> WantedPicture | None:
    """The picture of the newest post that may be copied now, from a host that is not `resting`; ours for LEASE."""
    row = session.row(_NEXT, {"now": to_ms(now), "resting": list(resting)})
    if row is None:
        return None
    session.run(_CLAIM, {"picture": row.id, "until": to_ms(now + LEASE)})
    return WantedPicture(id=row.id, source=row.source, host=row.host, tries=row.tries)


def has_wanted(session: ReadSession, *, now: datetime) -> bool:
    """Whether there is any picture to copy now."""
    return session.row(_WAITING, {"now": to_ms(now)}) is not None


def keep_ready(session: WriteSession, made: MadePicture, *, bytes: int, at: datetime) -> bool:
    """The files of a picture are written; it is shown with the next `show_pictures`. False where nobody wants it now."""
    facts = {"width": made.width, "height": made.height, "color": made.color, "bytes": bytes, "made_at": to_ms(at)}
    if session.run(_READY, {"picture": made.id, **facts}).rowcount == 1:
        return True
    row = session.row(_STATE_OF, {"picture": made.id})
    return row is not None and row.state != "unwanted"  # another copier may have been faster


def put_off_picture(session: WriteSession, picture: UUID, *, why: str, until: datetime) -> None:
    session.run(_PUT_OFF, {"picture": picture, "why": why, "until": to_ms(until)})


def refuse_picture(session: WriteSession, picture: UUID, *, why: str) -> None:
    """No copy will be made of this picture, and why."""
    session.run(_REFUSE, {"picture": picture, "why": why})


def show_pictures(session: WriteSession, *, at: datetime) -> int:
    """Give posts their ready pictures: how many posts.

    Each takes a change number, so that every copy of a page is made anew, but no version:
    what the post says is the same. Those numbers are gaps to machines.
    """
    number = take_clock(session)
    found = [row.post_id for row in session.rows(_READY_OF)]
    if not found:
        return 0
    made: dict[UUID, list[MadePicture]] = {row.id: [] for row in session.rows(_LIVE, {"posts": found})}
    for row in session.rows(_TO_SHOW, {"posts": list(made)}) if made else ():
        made[row.post_id].append(MadePicture(id=row.id, width=row.width, height=row.height, color=row.color))
    for post, copies in made.items():
        number += 1
        session.run(_SHOW, {"post": post, "made": msgspec.json.encode(copies).decode(), "number": number})
    session.run(_SHOWN, {"posts": found})
    if made:
        set_clock(session, number, at=to_ms(at))
    return len(found)


def unwanted_pictures(session: ReadSession) -> list[UUID]:
    """Some of the pictures whose files are to go."""
    return [row.id for row in session.rows(_UNWANTED)]


def forget_pictures(session: WriteSession, dropped: Sequence[UUID]) -> None:
    """Forget pictures whose files are gone, unless they are wanted again."""
    session.run(_FORGET, [{"picture": picture} for picture in dropped])


def served_picture(session: ReadSession, picture: UUID) -> ServedPicture | None:
    """What may be served of a picture: None where there is nothing, as for one that its post no longer has."""
    row = session.row(_SERVED, {"picture": picture})
    if row is None or row.width is None:
        return None
    if row.status != PostStatus.LIVE.value:
        return ServedPicture(is_gone=True, width=row.width) if row.was_public else None
    # An edit may have taken the picture away before anybody looked the post through.
    if row.state not in {"ready", "shown"} or picture not in _wanted(row):
        return None
    return ServedPicture(is_gone=False, width=row.width)


def picture_states(session: ReadSession) -> dict[str, tuple[int, int]]:
    """How many pictures there are in each state, and how many bytes of copies."""
    return {row.state: (row.pictures, row.bytes) for row in session.rows(_STATES)}
