"""One visit to one account: gather, decide, act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from feedhub.connectors import CONNECTORS
from feedhub.connectors.contract import Batch
from feedhub.connectors.http import Http
from feedhub.errors import (
    LeaseLost,
    NoConnector,
    ReadingStopped,
    StoreBusy,
    Unreadable,
    VisitFailed,
)
from feedhub.logs import logger
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.compare import Change
from feedhub.posts.decisions import Decision, decide, post_id
from feedhub.posts.seen import Seen
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.desk import hide_gone
from feedhub.store.hosts import DueAccount, Lease, hold_lease
from feedhub.store.keeping import held_posts, keep_decisions
from feedhub.store.payloads import (
    KeptPayload,
    Marked,
    drop_superseded,
    keep_payloads,
    keep_unreadable,
    kept_ids,
    mark_payloads,
    seen_fingerprints,
    unread_payloads,
)
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.times import to_ms
from feedhub.store.visits import VisitEnd, end_visit, publication_times
from feedhub.sync.failing import OUR_FAULT, keep_failure
from feedhub.sync.means import Means, VisitReport
from feedhub.sync.rhythm import after_success
from feedhub.sync.tasks import Misread

# More unread payloads than one document can hold wait for the next visit.
_MOST_UNREAD = 4_000
# The newest posts that tell an account's rhythm.
_RHYTHM_POSTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything a visit found out before it decides. `seen` maps a post to its payload's id too."""

    batch: Batch
    hint: timedelta | None = None
    notes: tuple[str, ...] = ()
    marked: tuple[Marked, ...] = ()
    seen: dict[UUID, tuple[Seen, int]] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether anything has to be compared."""
        return bool(self.seen) or bool(self.batch.gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Documents taken apart: the items that no post was read from yet."""

    unread: dict[str, Payload] = field(default_factory=dict)  # by fingerprint
    notes: tuple[str, ...] = ()
    hint: timedelta | None = None


async def visit(means: Means, http: Http, due: DueAccount, lease: Lease) -> VisitReport:
    """Ask an account for what is new and keep it.

    Raises:
        LeaseLost: another process walks the host now; nothing of this visit was kept but payloads.
        StoreBusy: the database can't be used; nothing is lost, the next visit brings it again.
    """
    now = means.now().replace(microsecond=0)
    try:
        return await _visited(means, http, due, lease, now=now)
    except VisitFailed as failed:
        failure = failed
    except (LeaseLost, StoreBusy):
        raise
    except Exception as error:  # noqa: BLE001  # what nobody thought of costs this account its visit, and no other
        logger().exception("visit.failed", account=due.account.key)
        fault = f"FeedHub met a fault of its own in this visit ({type(error).__name__})."
        failure = VisitFailed(fault, remedy=OUR_FAULT)
    return await means.store.write(keep_failure, means, due, lease, failure, now=now)


async def _visited(means: Means, http: Http, due: DueAccount, lease: Lease, *, now: datetime) -> VisitReport:
    gathered = await _gather(means, http, due, now=now)
    if gathered.is_new and (due.is_first or await means.store.read(_differs, due, gathered, now=now)):
        return await means.store.write(_keep_changes, means, due, lease, gathered, now=now)
    return await means.store.write(_keep_nothing_new, means, due, lease, gathered, now=now)


async def _gather(means: Means, http: Http, due: DueAccount, *, now: datetime) -> Gathered:
    account = due.account
    connector = CONNECTORS.get(account.platform)
    if connector is None:
        raise NoConnector(f"This FeedHub has no connector for {account.platform} yet.")
    batch = await connector.fetch(http, account, due.cursor, credential=None, now=now)
    apart = await _take_apart(means, due, batch.documents, now=now)
    waiting: tuple[KeptPayload, ...] = ()
    if apart.unread or due.waits:
        # What was said is safe before it is read.
        waiting = await means.store.write(_keep_found, due, apart.unread, now=now)
    marked, seen = await _read(means, due, waiting)
    faults = sum(1 for mark in marked if mark.fault)
    unreadable = (f"{faults} of its items could not be read; FeedHub kept them.",) if faults else ()
    return Gathered(
        batch=batch, hint=batch.next_hint or apart.hint, notes=apart.notes + unreadable, marked=marked, seen=seen
    )


async def _take_apart(means: Means, due: DueAccount, documents: Sequence[Document], *, now: datetime) -> Apart:
    account = due.account
    found: dict[str, Payload] = {}
    notes: tuple[str, ...] = ()
    hint: timedelta | None = None
    for document in documents:
        try:
            split = await means.reading.split(account, document)
        except (Unreadable, ReadingStopped):
            await means.store.write(keep_unreadable, account.id, document.body, fetched_at=to_ms(now))
            raise
        found.update({payload.fingerprint: payload for payload in split.payloads})
        notes, hint = notes + split.notes, split.next_hint or hint
    known = frozenset[str]()
    if found and not due.is_first:
        known = await means.store.read(seen_fingerprints, account.id, list(found))
    unread = {fingerprint: payload for fingerprint, payload in found.items() if fingerprint not in known}
    return Apart(unread=unread, notes=notes, hint=hint)


async def _read(
    means: Means, due: DueAccount, waiting: Sequence[KeptPayload]
) -> tuple[tuple[Marked, ...], dict[UUID, tuple[Seen, int]]]:
    """Read what waits; of two payloads of one post the later one counts."""
    if not waiting:
        return (), {}
    answers = await means.reading.read(due.account, [kept.payload for kept in waiting], due.rules)
    marked: list[Marked] = []
    seen: dict[UUID, tuple[Seen, int]] = {}
    for kept, answer in zip(waiting, answers, strict=True):
        if isinstance(answer, Misread):
            marked.append(Marked(id=kept.id, fault=answer.fault))
        else:
            post = post_id(due.account.id, answer.seen.native_id)
            marked.append(Marked(id=kept.id, post_id=post))
            seen[post] = (answer.seen, kept.id)
    return tuple(marked), seen


def _keep_found(
    session: WriteSession, due: DueAccount, unread: Mapping[str, Payload], *, now: datetime
) -> tuple[KeptPayload, ...]:
    """Keep what was found; it and what waited before, in the order in which it came."""
    account, fetched_at = due.account.id, to_ms(now)
    keep_payloads(session, account, unread, fetched_at=fetched_at)
    if due.waits:
        return unread_payloads(session, account, most=_MOST_UNREAD)
    ids = kept_ids(session, account, list(unread))
    return tuple(
        KeptPayload(id=ids[fingerprint], fingerprint=fingerprint, fetched_at=fetched_at, payload=payload)
        for fingerprint, payload in unread.items()
    )


def _differs(session: ReadSession, due: DueAccount, gathered: Gathered, *, now: datetime) -> bool:
    """A first look without the clock, so that it is held only where something is new."""
    if gathered.batch.gone:
        return True
    return any(found.change is not Change.SAME for found in _decisions(session, due, gathered, now=now))


def _decisions(session: ReadSession, due: DueAccount, gathered: Gathered, *, now: datetime) -> list[Decision]:
    held = held_posts(session, list(gathered.seen))
    return [
        decide(held.get(post), seen, post=post, now=now, is_first_visit=due.is_first)
        for post, (seen, _) in gathered.seen.items()
    ]


def _keep_changes(
    session: WriteSession, means: Means, due: DueAccount, lease: Lease, gathered: Gathered, *, now: datetime
) -> VisitReport:
    """All or nothing; doing it twice changes nothing."""
    number = take_clock(session)
    hold_lease(session, lease)
    decisions = _decisions(session, due, gathered, now=now)
    kept = keep_decisions(session, due.account, decisions, number=number, now=now)
    gone = [post_id(due.account.id, native) for native in gathered.batch.gone]
    newest = hide_gone(session, gone, number=kept, at=now)
    _mark(session, due.account.id, gathered, decisions)
    if newest != number:
        set_clock(session, newest, at=to_ms(now))
    end_visit(session, _success(session, means, due, gathered, now=now))
    changes = [found.change for found in decisions]
    return VisitReport(
        account=due.account,
        outcome="ok",
        new=changes.count(Change.NEW),
        edited=changes.count(Change.EDITED),
        gone=newest - kept,
    )


def _keep_nothing_new(
    session: WriteSession, means: Means, due: DueAccount, lease: Lease, gathered: Gathered, *, now: datetime
) -> VisitReport:
    hold_lease(session, lease)
    if gathered.seen:
        decisions = _decisions(session, due, gathered, now=now)
        if any(found.change is not Change.SAME for found in decisions):
            # Somebody changed one of these posts since we looked; this visit's items wait unread.
            raise LeaseLost(f"Another process changed posts of {due.account.key} meanwhile.")
        keep_decisions(session, due.account, decisions, number=0, now=now)
        _mark(session, due.account.id, gathered, decisions)
    elif gathered.marked:
        mark_payloads(session, gathered.marked)
    end = _success(session, means, due, gathered, now=now)
    end_visit(session, end)
    return VisitReport(account=due.account, outcome=end.outcome, reason=end.reason)


def _mark(session: WriteSession, account: UUID, gathered: Gathered, decisions: Sequence[Decision]) -> None:
    mark_payloads(session, gathered.marked)
    drop_superseded(
        session,
        account,
        [
            (found.held.payload, gathered.seen[found.id][1])
            for found in decisions
            if found.change is Change.SAME and found.held is not None and found.held.payload != found.seen.payload
        ],
    )


def _success(session: WriteSession, means: Means, due: DueAccount, gathered: Gathered, *, now: datetime) -> VisitEnd:
    published = publication_times(session, due.account.id, most=_RHYTHM_POSTS)
    said = " ".join(gathered.notes)
    return VisitEnd(
        account=due.account.id,
        cursor=gathered.batch.cursor,
        outcome="not_modified" if gathered.batch.not_modified else "ok",
        reason=said or (due.note if gathered.batch.not_modified else None),
        remedy=None,
        failures=0,
        at=now,
        next_visit_at=after_success(now, means.pace, published=published, hint=gathered.hint, chance=means.chance()),
    )
