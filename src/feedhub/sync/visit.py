"""One visit to one account: gather, decide, act."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from feedhub.connectors import CONNECTORS
from feedhub.connectors.http import Http
from feedhub.errors import LeaseLost, StoreBusy
from feedhub.failures import RateLimited, VisitFailed
from feedhub.logs import logger
from feedhub.posts.compare import Change
from feedhub.posts.decisions import Decision, decide, post_id, renewed
from feedhub.posts.holding import Judgement
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.desk import hide_gone
from feedhub.store.hosts import DueAccount, Lease, hold_lease
from feedhub.store.keeping import held_posts, keep_decisions
from feedhub.store.payloads import drop_superseded, mark_payloads, still_unread
from feedhub.store.pushes import note_push, prove_push
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.times import to_ms
from feedhub.store.visits import VisitEnd, end_visit, publication_times
from feedhub.sync.failing import OUR_FAULT, failed, keep_failure
from feedhub.sync.gathering import Gathered, gather, gather_waiting
from feedhub.sync.holding import judged, learn_from
from feedhub.sync.means import Means, VisitReport
from feedhub.sync.quota import keep_quota, within_quota
from feedhub.sync.rhythm import SAFETY_VISITS, after_success

# The newest posts that tell an account's rhythm.
_RHYTHM_POSTS = 10


async def visit(means: Means, http: Http, due: DueAccount, lease: Lease) -> VisitReport:
    """Ask an account for what is new and keep it.

    Raises:
        LeaseLost: another process walks the host now; nothing of this visit was kept but payloads.
        StoreBusy: the database can't be used; nothing is lost, the next visit brings it again.
    """
    now = means.now().replace(microsecond=0)
    try:
        return await _visited(means, http, due, lease, now=now)
    except VisitFailed as refusal:
        failure = refusal
    except (LeaseLost, StoreBusy):
        raise
    except Exception as error:  # noqa: BLE001  # what nobody thought of costs this account its visit, and no other
        logger().exception("visit.failed", account=due.account.key)
        fault = f"FeedHub met a fault of its own in this visit ({type(error).__name__})."
        failure = VisitFailed(fault, remedy=OUR_FAULT)
    return await _failed(means, due, lease, failure, now=now)


async def put_off(means: Means, due: DueAccount, lease: Lease, *, until: datetime) -> VisitReport:
    """End a visit before it began: the host just asked us, at another account, to stay away until then."""
    failure = RateLimited(f"{lease.host} asked FeedHub to stay away for a while.", retry_at=until)
    return await _failed(means, due, lease, failure, now=means.now().replace(microsecond=0))


async def _failed(means: Means, due: DueAccount, lease: Lease, failure: VisitFailed, *, now: datetime) -> VisitReport:
    """The end of a visit that failed. What was pushed to us needs no platform: it is read all the same."""
    if due.waits:
        due = replace(due, is_first=False)  # what came by itself is no archive
        try:
            return await _kept(means, due, lease, await gather_waiting(means, due, failure, now=now), now=now)
        except (LeaseLost, StoreBusy):
            raise
        except Exception as error:  # noqa: BLE001  # the failure that is known already is told
            logger().warning("waiting.unread", account=due.account.key, reason=str(error))
    return await means.store.write(keep_failure, means, due, lease, failure, now=now)


async def _visited(means: Means, http: Http, due: DueAccount, lease: Lease, *, now: datetime) -> VisitReport:
    return await _kept(means, due, lease, await gather(means, http, due, now=now), now=now)


async def _kept(means: Means, due: DueAccount, lease: Lease, gathered: Gathered, *, now: datetime) -> VisitReport:
    if gathered.is_new and (due.is_first or await means.store.read(_differs, due, gathered, now=now)):
        return await means.store.write(_keep_changes, means, due, lease, gathered, now=now)
    return await means.store.write(_keep_nothing_new, means, due, lease, gathered, now=now)


def _differs(session: ReadSession, due: DueAccount, gathered: Gathered, *, now: datetime) -> bool:
    """A first look without the clock, so that it is held only where something is new."""
    if gathered.batch.gone:
        return True
    return any(found.needs_clock for found in _decisions(session, due, gathered, now=now).decisions)


def _decisions(session: ReadSession, due: DueAccount, gathered: Gathered, *, now: datetime) -> Judgement:
    held = held_posts(session, list(gathered.seen))
    decisions = [
        decide(held.get(post), seen, post=post, now=now, is_first_visit=due.is_first)
        for post, (seen, _) in gathered.seen.items()
    ]
    media_last = CONNECTORS[due.account.platform].media_last
    if media_last is not None:
        decisions = [renewed(found, now=now, media_last=media_last) for found in decisions]
    return judged(session, due, gathered.batch, decisions, now=now)


def _keep_changes(
    session: WriteSession, means: Means, due: DueAccount, lease: Lease, gathered: Gathered, *, now: datetime
) -> VisitReport:
    """All or nothing; doing it twice changes nothing."""
    number = take_clock(session)
    keep_quota(session, CONNECTORS[due.account.platform], lease.host, gathered.batch, now=now)
    hold_lease(session, lease)
    if due.waits:
        gathered = _not_taken_back(session, due, gathered)
    judgement = _decisions(session, due, gathered, now=now)
    decisions = judgement.decisions
    expires = CONNECTORS[due.account.platform].media_last is not None
    kept = keep_decisions(session, due.account, decisions, number=number, now=now, media_expires=expires)
    gone = [post_id(due.account.id, native) for native in gathered.batch.gone]
    newest = hide_gone(session, gone, number=kept, at=now, kept=judgement.gone_kept)
    _mark(session, due.account.id, gathered, decisions)
    learn_from(session, due, gathered.batch, decisions, now=now)
    if newest != number:
        set_clock(session, newest, at=to_ms(now))
    end, report = _ended(session, means, due, lease, gathered, now=now)
    end_visit(session, end)
    if gathered.push is not None:
        prove_push(session, due.account.id, at=now)
    changes = [found.change for found in decisions]
    if gathered.failure is None:
        report = VisitReport(account=due.account, outcome="ok")
    return replace(
        report,
        new=changes.count(Change.NEW),
        edited=changes.count(Change.EDITED),
        gone=newest - kept,
    )


def _keep_nothing_new(
    session: WriteSession, means: Means, due: DueAccount, lease: Lease, gathered: Gathered, *, now: datetime
) -> VisitReport:
    # Before the lease is held: two visits to one host that shared its row and both wanted to write it would wait for each other.
    keep_quota(session, CONNECTORS[due.account.platform], lease.host, gathered.batch, now=now)
    hold_lease(session, lease)
    if gathered.seen:
        decisions = _decisions(session, due, gathered, now=now).decisions
        if any(found.needs_clock for found in decisions):
            # Somebody changed one of these posts since we looked; this visit's items wait unread.
            raise LeaseLost(f"Another process changed posts of {due.account.key} meanwhile.")
        keep_decisions(session, due.account, decisions, number=0, now=now)
        _mark(session, due.account.id, gathered, decisions)
    elif gathered.marked:
        mark_payloads(session, gathered.marked)
    learn_from(session, due, gathered.batch, (), now=now)
    end, report = _ended(session, means, due, lease, gathered, now=now)
    end_visit(session, end)
    return report


def _ended(
    session: WriteSession, means: Means, due: DueAccount, lease: Lease, gathered: Gathered, *, now: datetime
) -> tuple[VisitEnd, VisitReport]:
    if gathered.failure is not None:
        return failed(means, due, lease, gathered.failure, now=now)
    end = _success(session, means, due, gathered, now=now)
    return end, VisitReport(account=due.account, outcome=end.outcome, reason=end.reason)


def _not_taken_back(session: WriteSession, due: DueAccount, gathered: Gathered) -> Gathered:
    """What was found, without what its own department has taken back while it was read."""
    unread = still_unread(session, due.account.id)
    return replace(
        gathered,
        marked=tuple(mark for mark in gathered.marked if mark.id in unread),
        seen={post: (seen, kept) for post, (seen, kept) in gathered.seen.items() if kept in unread},
    )


def _mark(session: WriteSession, account: UUID, gathered: Gathered, decisions: Sequence[Decision]) -> None:
    mark_payloads(session, gathered.marked)
    drop_superseded(
        session,
        account,
        [
            (was, gathered.seen[found.id][1])
            for found in decisions
            if found.change is Change.SAME and (was := _superseded(found)) is not None
        ],
    )


def _superseded(found: Decision) -> str | None:
    """The payload that shows just what a newer one shows."""
    held, seen = found.held, found.seen
    if held is None:
        return None
    if found.held_back:
        return held.pending if held.pending_fingerprint == seen.fingerprint and held.pending != seen.payload else None
    return held.payload if held.fingerprint == seen.fingerprint and held.payload != seen.payload else None


def _success(session: WriteSession, means: Means, due: DueAccount, gathered: Gathered, *, now: datetime) -> VisitEnd:
    published = publication_times(session, due.account.id, most=_RHYTHM_POSTS)
    said = " ".join(gathered.notes)
    if gathered.push is not None:
        hub, topic = gathered.push.hub, gathered.push.topic
        note_push(session, due.account.id, hub=hub, topic=topic, keyring=means.keyring, at=now)
    next_at = after_success(now, means.pace, published=published, hint=gathered.hint, chance=means.chance())
    if due.is_pushed:
        next_at = max(next_at, now + min(SAFETY_VISITS, means.pace.longest))
    if gathered.batch.limits is not None or gathered.batch.spent:
        next_at = within_quota(
            session, due.host, account_interval=due.interval, cost=gathered.batch.spent, next_at=next_at, now=now
        )
    return VisitEnd(
        account=due.account.id,
        cursor=gathered.batch.cursor,
        outcome="not_modified" if gathered.batch.not_modified else "ok",
        reason=said or (due.note if gathered.batch.not_modified else None),
        remedy=None,
        failures=0,
        at=now,
        next_visit_at=next_at,
        planned=due.planned,
    )
