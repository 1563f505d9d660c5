"""The desk's acts on posts that stay or come back: correcting, with or without redaction, and reinstating."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, and_, bindparam, delete, or_, select, text, update

from feedhub.errors import ActRefused, NotKnown
from feedhub.posts.acts import OPERATOR, ActKind
from feedhub.posts.kept import Notice
from feedhub.posts.post import PostStatus
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.log import append_act
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.showing import hidden_posts, show_posts
from feedhub.store.tables import payloads, posts, versions
from feedhub.store.tables_wires import deliveries
from feedhub.store.times import to_ms
from feedhub.store.watching import is_stopped

_FIND = select(
    *posts.c["id", "account_id", "status", "notice", "stop_id", "was_public", "document", "seen", "pending"]
).where(posts.c.id == bindparam("post"))
_CORRECT = (
    update(posts)
    .where(posts.c.id == bindparam("post"))
    .values(notice=bindparam("told"), change=bindparam("number"), updated_at=bindparam("at"))
)
_SHOWN_VERSIONS = (
    select(versions.c.change).where(versions.c.post_id == bindparam("post"), versions.c.redacted.is_(False)).limit(1)
)
_REDACT = (
    update(versions).where(versions.c.post_id == bindparam("post")).values(redacted=True, document=bindparam("nothing"))
)
# Items that could not be read are of the account; any of them may hold the text.
_DROP_PAYLOADS = delete(payloads).where(
    payloads.c.account_id == bindparam("account"),
    or_(
        and_(payloads.c.post_id == bindparam("post"), payloads.c.fingerprint.not_in(bindparam("kept", expanding=True))),
        payloads.c.state == text("'unreadable'"),
    ),
)
# ix_delivery_post_id; what was on its way is told anew by the act's own change.
_EMPTY_DELIVERIES = update(deliveries).where(deliveries.c.post_id == bindparam("post")).values(body=None)
_DROP_DELIVERIES = (
    update(deliveries)
    .where(deliveries.c.post_id == bindparam("post"), deliveries.c.state == text("'waiting'"))
    .values(state="dropped", ended_at=bindparam("at"))
)


def correct_post(
    session: WriteSession, post: UUID, *, notice: Notice, redact: bool = False, actor: str = OPERATOR
) -> int:
    """Let a public notice stand beside a live post, in the text that it has now; the newest change number.

    With `redact` what it said earlier is kept and shown nowhere any more. Twice changes nothing more.

    Raises:
        NotKnown: there is no such post.
        ActRefused: it is not live.
    """
    number = take_clock(session)
    row = found_post(session, post)
    if row.status != PostStatus.LIVE:
        raise ActRefused(f"Only a live post can be corrected; this one is {row.status}.")
    redacts = redact and session.row(_SHOWN_VERSIONS, {"post": post}) is not None
    if not redacts and _says_so_already(row, notice):
        return number
    number += 1
    told = msgspec.json.encode(notice).decode()
    session.run(_CORRECT, {"post": post, "told": told, "number": number, "at": to_ms(notice.at)})
    if redact:
        overwrite_freed(session)
        session.run(_REDACT, {"post": post, "nothing": b""})
        forget_said(session, row, kept=[row.seen, row.pending or ""], at=notice.at)
    append_act(
        session,
        ActKind.REDACTION if redact else ActKind.CORRECTION,
        actor=actor,
        subject=post,
        department=register_copy(session).accounts[row.account_id].department,
        change=number,
        reason=notice.reason,
        at=notice.at,
        tells=True,
    )
    set_clock(session, number, at=to_ms(notice.at))
    return number


def reinstate_post(session: WriteSession, post: UUID, *, reason: str, at: datetime, actor: str = OPERATOR) -> int:
    """Let a withdrawn post live again, as it was; the newest change number. A live one stays as it is.

    Raises:
        NotKnown: there is no such post.
        ActRefused: it is not a person who withdrew it, or nothing is left of it.
    """
    number = take_clock(session)
    row = found_post(session, post)
    if row.status == PostStatus.LIVE:
        return number
    if why := _not_reinstated(session, row):
        raise ActRefused(why)
    account = register_copy(session).accounts[row.account_id]
    newest = show_posts(session, account, hidden_posts(session, [post]), number=number, at=at)
    append_act(
        session,
        ActKind.REINSTATEMENT,
        actor=actor,
        subject=post,
        department=account.department,
        change=newest,
        reason=reason,
        at=at,
        tells=False,
    )
    set_clock(session, newest, at=to_ms(at))
    return newest


def found_post(session: ReadSession, post: UUID) -> Row[Any]:
    """What an act needs to know of a post. Raises NotKnown."""
    row = session.row(_FIND, {"post": post})
    if row is None:
        raise NotKnown("post", str(post))
    return row


def forget_said(session: WriteSession, row: Row[Any], *, kept: list[str], at: datetime) -> None:
    """Drop what else holds a post's words: payloads but for the `kept` fingerprints, and bodies of deliveries."""
    session.run(_DROP_PAYLOADS, {"post": row.id, "account": row.account_id, "kept": kept})
    session.run(_EMPTY_DELIVERIES, {"post": row.id})
    session.run(_DROP_DELIVERIES, {"post": row.id, "at": to_ms(at)})


def overwrite_freed(session: WriteSession) -> None:
    """Let SQLite overwrite what it frees from now on, so that nothing stays in the file."""
    if session.is_sqlite:
        session.run(text("PRAGMA secure_delete = ON"))


def _says_so_already(row: Row[Any], notice: Notice) -> bool:
    if row.notice is None:
        return False
    return replace(msgspec.json.decode(row.notice, type=Notice), at=notice.at) == notice


def _not_reinstated(session: ReadSession, row: Row[Any]) -> str | None:
    """Why a post that is not live can't be reinstated."""
    match PostStatus(row.status):
        case PostStatus.HELD:
            return f"It is held, not withdrawn; show it with `feedhub held release {row.id}`."
        case PostStatus.GONE:
            return "Its platform says that it no longer exists; it lives again when it is shown there again."
        case _ if not row.document:
            return "It was erased: nothing is left of it to show."
        case _ if row.stop_id is not None or is_stopped(session, row.account_id):
            return f"Its account is stopped; end that first: `feedhub accounts lift {row.account_id}`."
    return None
