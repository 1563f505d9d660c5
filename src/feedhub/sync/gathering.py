"""The first part of a visit: ask, keep what was said, read it, ask again about what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from feedhub.connectors import CONNECTORS
from feedhub.connectors.contract import Batch, Push, Suspect
from feedhub.connectors.http import Http
from feedhub.failures import NoConnector, ReadingStopped, Unreadable, VisitFailed
from feedhub.logs import logger
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.decisions import post_id
from feedhub.posts.seen import Seen
from feedhub.store.hosts import DueAccount
from feedhub.store.payloads import (
    KeptPayload,
    Marked,
    keep_payloads,
    keep_unreadable,
    kept_ids,
    seen_fingerprints,
    unread_payloads,
)
from feedhub.store.session import WriteSession
from feedhub.store.suspects import sibling_of, suspect_posts
from feedhub.store.times import to_ms
from feedhub.sync.asking import ask, check
from feedhub.sync.means import Means
from feedhub.sync.tasks import Misread

# More unread payloads than one document can hold wait for the next visit.
_MOST_UNREAD = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything a visit found out before it decides. `seen` maps a post to its payload's id too."""

    batch: Batch
    hint: timedelta | None = None
    notes: tuple[str, ...] = ()
    marked: tuple[Marked, ...] = ()
    seen: dict[UUID, tuple[Seen, int]] = field(default_factory=dict)
    listed: frozenset[UUID] = frozenset()  # every post that the documents hold, changed or not
    covers_since: datetime | None = None  # what the documents themselves say, where the batch says nothing
    push: Push | None = None
    failure: VisitFailed | None = None  # why nothing but what waited unread could be had

    @property
    def is_new(self) -> bool:
        """Whether anything has to be compared."""
        return bool(self.seen) or bool(self.batch.gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Documents taken apart: the items that no post was read from yet."""

    unread: dict[str, Payload] = field(default_factory=dict)  # by fingerprint
    listed: frozenset[UUID] = frozenset()  # the posts whose items were read before
    notes: tuple[str, ...] = ()
    hint: timedelta | None = None
    covers_since: datetime | None = None
    push: Push | None = None


async def gather(means: Means, http: Http, due: DueAccount, *, now: datetime) -> Gathered:
    connector = CONNECTORS.get(due.account.platform)
    if connector is None:
        raise NoConnector(f"This FeedHub has no connector for {due.account.platform} yet.")
    batch = await ask(means, http, connector, due, now=now)
    first = await _understood(means, due, batch, now=now)
    if due.is_first or connector.check is None:
        return first
    suspects = await means.store.read(
        suspect_posts,
        due.account.id,
        listed=first.listed,
        covers_since=batch.covers_since or first.covers_since,
        media_last=connector.media_last,
        now=now,
        most=connector.most_checked,
    )
    if not suspects:
        return first
    beside = await means.store.read(sibling_of, due.account.id, suspects, listed=first.listed)
    asked_for = [
        Suspect(
            native_id=one.native_id,
            source_url=one.source_url,
            aliases=one.aliases,
            published_at=one.published_at,
            sibling=beside,
        )
        for one in suspects
    ]
    answer = await check(means, http, connector, due.account, asked_for, now=now)
    if not (answer.documents or answer.gone):
        return replace(first, batch=replace(batch, spent=batch.spent + answer.spent))
    try:
        return _joined(first, await _understood(means, due, answer, now=now))
    except VisitFailed as failure:
        # The listing came and counts; what a check brought beside it is asked for again next time.
        logger().info("check.failed", account=due.account.key, reason=failure.reason)
        return _joined(first, Gathered(batch=replace(answer, documents=())))


async def gather_waiting(means: Means, due: DueAccount, failure: VisitFailed, *, now: datetime) -> Gathered:
    """What was pushed to us and waits unread, where the account itself could not be asked."""
    return replace(await _understood(means, due, Batch(cursor=due.cursor), now=now), failure=failure)


async def _understood(means: Means, due: DueAccount, batch: Batch, *, now: datetime) -> Gathered:
    """What a batch's documents say, kept before it is read."""
    apart = await _take_apart(means, due, batch.documents, now=now)
    waiting: tuple[KeptPayload, ...] = ()
    if apart.unread or due.waits:
        # What was said is safe before it is read.
        waiting = await means.store.write(_keep_found, due, apart.unread, now=now)
    marked, seen = await _read(means, due, waiting)
    faults = sum(1 for mark in marked if mark.fault)
    unreadable = (f"{faults} of its items could not be read; FeedHub kept them.",) if faults else ()
    return Gathered(
        batch=batch,
        hint=batch.next_hint or apart.hint,
        notes=batch.notes + apart.notes + unreadable,
        marked=marked,
        seen=seen,
        listed=apart.listed | seen.keys(),
        covers_since=apart.covers_since,
        push=apart.push or batch.push,
    )


def _joined(first: Gathered, checked: Gathered) -> Gathered:
    """A listing and what a check added to it; where both name a post, the check came later."""
    batch, answer = first.batch, checked.batch
    return replace(
        first,
        batch=replace(
            batch,
            not_modified=False,
            gone=batch.gone + answer.gone,
            limits=answer.limits or batch.limits,
            spent=batch.spent + answer.spent,
        ),
        notes=first.notes + checked.notes,
        marked=first.marked + checked.marked,
        seen=first.seen | checked.seen,
        listed=first.listed | checked.listed,
    )


async def _take_apart(means: Means, due: DueAccount, documents: Sequence[Document], *, now: datetime) -> Apart:
    account = due.account
    found: dict[str, Payload] = {}
    notes: tuple[str, ...] = ()
    hint: timedelta | None = None
    covers_since: datetime | None = None
    push: Push | None = None
    for document in documents:
        try:
            split = await means.reading.split(account, document)
        except (Unreadable, ReadingStopped):
            await means.store.write(keep_unreadable, account.id, document.body, fetched_at=to_ms(now))
            raise
        found.update({payload.fingerprint: payload for payload in split.payloads})
        notes, hint = notes + split.notes, split.next_hint or hint
        push = split.push or push
        covers_since = split.covers_since if len(documents) == 1 else None
    known = dict[str, UUID]()
    if found and not due.is_first:
        known = await means.store.read(seen_fingerprints, account.id, list(found))
    unread = {fingerprint: payload for fingerprint, payload in found.items() if fingerprint not in known}
    listed = frozenset(known.values())
    return Apart(unread=unread, listed=listed, notes=notes, hint=hint, covers_since=covers_since, push=push)


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
