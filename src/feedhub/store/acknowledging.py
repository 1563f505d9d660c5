"""Telling the contacts of keys what was taken back or corrected, and their word that they read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Update, bindparam, select, text, update

from feedhub.accounts.account import Publisher
from feedhub.posts.acts import ActKind
from feedhub.posts.chain import LoggedAct
from feedhub.posts.text import one_line
from feedhub.store.log import act_named
from feedhub.store.register import register_copy
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables_desk import api_keys
from feedhub.store.tables_wires import acknowledgements
from feedhub.store.times import to_ms

# After a crash in the middle of a mail, others try it again so late.
LEASE = timedelta(minutes=2)
# A mail about an act that is older would come as news of the past.
TOLD_WITHIN = timedelta(days=3)
# How long after each failed attempt the next one comes.
RETRIES = tuple(timedelta(seconds=wait) for wait in (5, 30, 120, 600, 3_600, 3_600 * 6, 3_600 * 12, 3_600 * 24))

# ix_acknowledgement_unsent
_UNSENT = (
    select(*acknowledgements.c["act", "key_id", "tries"])
    .where(
        acknowledgements.c.sent_at.is_(None),
        acknowledgements.c.next_try_at <= bindparam("now"),
        acknowledgements.c.written_at > bindparam("oldest"),
        acknowledgements.c.tries <= len(RETRIES),
    )
    .order_by(acknowledgements.c.next_try_at)
    .limit(bindparam("most"))
)
_ONE = update(acknowledgements).where(
    acknowledgements.c.act == bindparam("number"), acknowledgements.c.key_id == bindparam("key")
)
_CLAIM = _ONE.where(acknowledgements.c.sent_at.is_(None), acknowledgements.c.next_try_at <= bindparam("now")).values(
    next_try_at=bindparam("until"), tries=acknowledgements.c.tries + 1
)
_ACKNOWLEDGE = _ONE.where(acknowledgements.c.acknowledged_at.is_(None)).values(acknowledged_at=bindparam("at"))
_KNOWN = select(acknowledgements.c.acknowledged_at).where(
    acknowledgements.c.act == bindparam("number"), acknowledgements.c.key_id == bindparam("key")
)
_CONTACT = select(*api_keys.c["name", "contact"]).where(
    api_keys.c.id == bindparam("key"), api_keys.c.revoked_at.is_(None), api_keys.c.contact.is_not(None)
)
# Somebody who was not written to (no address, or a key made later) may say it too.
_KEEP = text(
    "INSERT INTO acknowledgement (act, key_id, written_at, tries, next_try_at, acknowledged_at)"
    " VALUES (:number, :key, :at, 0, :never, :at) ON CONFLICT DO NOTHING"
)
_NEVER = 9_000_000_000_000_000  # ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A mail to write now: of which act, to whom. It is ours for LEASE. `tries` counts the earlier attempts."""

    act: LoggedAct
    key: int
    contact: str
    publisher: Publisher
    tries: int

    @property
    def is_about_account(self) -> bool:
        """Whether it is a whole account that was stopped."""
        return self.act.entry.kind == ActKind.STOP


def claim_tellings(session: WriteSession, *, now: datetime, most: int) -> tuple[Telling, ...]:
    """What is to be told now, each to one contact; no other process gets the same."""
    asked = {"now": to_ms(now), "oldest": to_ms(now - TOLD_WITHIN), "most": most}
    found = (_claimed(session, row, now=now) for row in session.rows(_UNSENT, asked))
    return tuple(telling for telling in found if telling is not None)


def are_untold(session: ReadSession, *, now: datetime) -> bool:
    """Whether there is anything to tell now."""
    return session.row(_UNSENT, {"now": to_ms(now), "oldest": to_ms(now - TOLD_WITHIN), "most": 1}) is not None


def mark_told(session: WriteSession, telling: Telling, *, at: datetime) -> None:
    """The mail server took it."""
    session.run(_of(telling).values(sent_at=to_ms(at), fault=None))


def mark_untold(session: WriteSession, telling: Telling, *, fault: str, now: datetime) -> None:
    """The mail server did not take it; it is tried again, later each time."""
    waits = RETRIES[min(telling.tries, len(RETRIES) - 1)]
    session.run(_of(telling).values(fault=one_line(fault), next_try_at=to_ms(now + waits)))


def acknowledge(session: WriteSession, number: int, key: int, *, at: datetime) -> bool:
    """Keep that the holder of a key has read of an act; whether there is such an act. Twice changes nothing more."""
    if act_named(session, number) is None:
        return False
    session.run(_KEEP, {"number": number, "key": key, "at": to_ms(at), "never": _NEVER})
    session.run(_ACKNOWLEDGE, {"number": number, "key": key, "at": to_ms(at)})
    return True


def is_acknowledged(session: ReadSession, number: int, key: int) -> bool | None:
    """Whether this key's holder has said so; None where they were never told."""
    row = session.row(_KNOWN, {"number": number, "key": key})
    return None if row is None else row.acknowledged_at is not None


def _claimed(session: WriteSession, row: Row[Any], *, now: datetime) -> Telling | None:
    ours = {"number": row.act, "key": row.key_id, "now": to_ms(now), "until": to_ms(now + LEASE)}
    if session.run(_CLAIM, ours).rowcount != 1:
        return None
    act, holder = act_named(session, row.act), session.row(_CONTACT, {"key": row.key_id})
    if act is None or holder is None:
        return None
    return Telling(
        act=act,
        key=row.key_id,
        contact=holder.contact,
        publisher=register_copy(session).register.publisher,
        tries=row.tries,
    )


def _of(telling: Telling) -> Update:
    return update(acknowledgements).where(
        acknowledgements.c.act == telling.act.entry.number, acknowledgements.c.key_id == telling.key
    )
