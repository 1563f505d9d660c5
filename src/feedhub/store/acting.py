"""Every act of the desk by one door, whoever asks for it; and acts that two people must want."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, insert, select, update

from feedhub.accounts.account import Account
from feedhub.errors import ActRefused, KeyTooNarrow, NotKnown
from feedhub.posts.acts import ActKind, ActName, ActWanted, is_department
from feedhub.posts.chain import Entry
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.store.api_keys import key_line
from feedhub.store.clock import take_clock
from feedhub.store.correcting import correct_post, reinstate_post
from feedhub.store.desk import withdraw_post
from feedhub.store.erasing import erase_post
from feedhub.store.log import act_named, last_acts, log_head
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.stopping import Lifted, Stopped, lift_account, stop_account
from feedhub.store.tables import posts
from feedhub.store.tables_wires import proposals
from feedhub.store.times import from_ms, to_ms

_OWNER = select(posts.c.account_id).where(posts.c.id == bindparam("post"))
_OPEN = select(proposals).where(proposals.c.decided_at.is_(None)).order_by(proposals.c.id)
_ONE = select(proposals).where(proposals.c.id == bindparam("wanted"))
_DECIDE = (
    update(proposals)
    .where(proposals.c.id == bindparam("wanted"), proposals.c.decided_at.is_(None))
    .values(decided_at=bindparam("moment"), decision=bindparam("said"))
)
_ON_ACCOUNTS = frozenset({ActName.STOP, ActName.LIFT})
# What brings something back, and which acts took it.
_UNDOES = {
    ActName.REINSTATE: frozenset({ActKind.WITHDRAWAL}),
    ActName.LIFT: frozenset({ActKind.STOP}),
}
CONFIRMED, REJECTED = "confirmed", "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An act that waits for a second person. `by_key`: whose key proposed it, None = a command."""

    id: int
    wanted: ActWanted
    by_key: int | None
    actor: str
    at: datetime
    department: str  # by its slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """What asking for an act came to: an entry of the log (None = nothing changed), or a proposal that waits."""

    entry: Entry | None = None
    proposal: int | None = None
    stopped: Stopped | None = None
    lifted: Lifted | None = None
    pictures: tuple[UUID, ...] = ()  # whose files are to go

    def told(self) -> dict[str, object]:
        """What became of it: `done` with its entry of the log, `unchanged` where it was so already, or `proposed`."""
        state = "proposed" if self.proposal is not None else "done" if self.entry else "unchanged"
        return {"state": state, "entry": self.entry.told() if self.entry else None, "proposal": self.proposal}


def owner_of(session: ReadSession, wanted: ActWanted) -> Account:
    """The account that an act is about, or that of its post.

    Raises:
        NotKnown: there is no such account or post.
    """
    known = register_copy(session).accounts
    if wanted.name in _ON_ACCOUNTS:
        if wanted.id not in known:
            raise NotKnown("account", str(wanted.id))
        return known[wanted.id]
    row = session.row(_OWNER, {"post": wanted.id})
    if row is None:
        raise NotKnown("post", str(wanted.id))
    return known[row.account_id]


def submit(
    session: WriteSession,
    wanted: ActWanted,
    *,
    actor: str,
    by_key: int | None,
    four_eyes: frozenset[ActName],
    at: datetime,
) -> Acted:
    """Carry out an act, or propose it where two people must want it. Twice changes nothing more.

    Raises:
        NotKnown: there is no such post or account.
        ActRefused: it does not allow that as it is now.
        KeyTooNarrow: a department wants back what others took.
    """
    take_clock(session)
    _check_undoing(session, wanted, actor)
    if wanted.name not in four_eyes:
        return carry_out(session, wanted, actor=actor, at=at)
    owner_of(session, wanted)
    told = msgspec.json.encode(wanted).decode()
    for row in session.rows(_OPEN):
        if (row.act, row.actor) == (told, actor):
            return Acted(proposal=row.id)
    values = {"act": told, "by_key": by_key, "actor": actor, "at": to_ms(at)}
    made = session.run(insert(proposals).returning(proposals.c.id), values).scalar_one()
    return Acted(proposal=int(made))


def carry_out(session: WriteSession, wanted: ActWanted, *, actor: str, at: datetime) -> Acted:
    """Do it now. `at` is in whole seconds. Raises NotKnown, ActRefused."""
    take_clock(session)
    before = log_head(session).number
    done = _done(session, wanted, actor=actor, at=at)
    newest = act_named(session, before + 1)
    return replace(done, entry=newest.entry if newest else None)


def open_proposals(session: ReadSession) -> tuple[Proposal, ...]:
    """Acts that wait for a second person, oldest first."""
    return tuple(_proposal(session, row) for row in session.rows(_OPEN))


def proposal_named(session: ReadSession, id: int) -> Proposal:
    """A proposal that waits.

    Raises:
        NotKnown: there is none, or it is decided.
    """
    row = session.row(_ONE, {"wanted": id})
    if row is None or row.decided_at is not None:
        raise NotKnown("open proposal", str(id))
    return _proposal(session, row)


def confirm(session: WriteSession, id: int, *, by_key: int | None, at: datetime) -> Acted:
    """Carry out what somebody else proposed.

    Raises:
        NotKnown: no such proposal waits.
        ActRefused: who proposed it can't confirm it, or it can no longer be done.
    """
    take_clock(session)
    proposal = proposal_named(session, id)
    if by_key == proposal.by_key or (by_key and proposal.by_key in key_line(session, by_key)):
        raise ActRefused("Whoever proposed it can't confirm it too; another person must, by a key of their own.")
    session.run(_DECIDE, {"wanted": id, "moment": to_ms(at), "said": CONFIRMED})
    return carry_out(session, proposal.wanted, actor=proposal.actor, at=at)


def reject(session: WriteSession, id: int, *, at: datetime) -> None:
    """Let a proposal go; whoever made it may do so too. Raises NotKnown."""
    proposal_named(session, id)
    session.run(_DECIDE, {"wanted": id, "moment": to_ms(at), "said": REJECTED})


def _done(session: WriteSession, wanted: ActWanted, *, actor: str, at: datetime) -> Acted:
    id, reason = wanted.id, wanted.reason
    match wanted.name:
        case ActName.WITHDRAW:
            notice = Notice(kind=NoticeKind.WITHDRAWAL, reason=reason, at=at)
            withdraw_post(session, id, notice=notice, actor=actor)
        case ActName.CORRECT:
            notice = Notice(kind=NoticeKind.CORRECTION, reason=reason, at=at)
            correct_post(session, id, notice=notice, redact=wanted.redact, actor=actor)
        case ActName.REINSTATE:
            reinstate_post(session, id, reason=reason, at=at, actor=actor)
        case ActName.ERASE:
            notice = Notice(kind=NoticeKind.WITHDRAWAL, reason=reason, at=at)
            return Acted(pictures=erase_post(session, id, notice=notice, actor=actor).pictures)
        case ActName.STOP:
            since = wanted.since or at
            return Acted(stopped=stop_account(session, id, since=since, reason=reason, at=at, actor=actor))
        case ActName.LIFT:
            return Acted(lifted=lift_account(session, id, reason=reason, at=at, actor=actor))
        case never:
            assert_never(never)
    return Acted()


def _check_undoing(session: ReadSession, wanted: ActWanted, actor: str) -> None:
    """A department brings back only what it took back itself: its system may be what was broken into."""
    undone = _UNDOES.get(wanted.name)
    if undone is None or not is_department(actor):
        return
    last = last_acts(session, [wanted.id], undone).get(wanted.id)
    if last is not None and last.actor != actor:
        raise KeyTooNarrow(f"This was done by the {last.actor}, so a department's key can't undo it; ask the desk.")


def _proposal(session: ReadSession, row: Row[Any]) -> Proposal:
    wanted = msgspec.json.decode(row.act, type=ActWanted)
    return Proposal(
        id=row.id,
        wanted=wanted,
        by_key=row.by_key,
        actor=row.actor,
        at=from_ms(row.at),
        department=owner_of(session, wanted).department,
    )
