"""Posts again from kept payloads: after a parser was mended, with no network and no loss."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from feedhub.accounts.account import Account, Register
from feedhub.posts.compare import Change
from feedhub.posts.decisions import HELD_AS_GONE, Decision, decide, post_id
from feedhub.posts.post import PostStatus
from feedhub.posts.seen import Seen
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.keeping import held_posts, keep_decisions
from feedhub.store.payloads import newest_payloads
from feedhub.store.session import ReadSession, Store, WriteSession
from feedhub.store.times import to_ms
from feedhub.sync.reading import Reading
from feedhub.sync.tasks import Readable

_BATCH = 200


async def reread(
    store: Store, reading: Reading, register: Register, account: Account, *, now: Callable[[], datetime]
) -> tuple[int, int]:
    """Read the newest payload of each of an account's posts again; how many were read, how many changed."""
    read = changed = after = 0
    while kept := await store.read(newest_payloads, account.id, after=after, most=_BATCH):
        after = kept[-1].id
        answers = await reading.read(account, [one.payload for one in kept], register.kinds)
        seen = [answer.seen for answer in answers if isinstance(answer, Readable)]
        moment = now().replace(microsecond=0)
        if any(found.change is not Change.SAME for found in await store.read(_decisions, account.id, seen, now=moment)):
            changed += await store.write(_keep, account, seen, now=moment)
        read += len(kept)
    return read, changed


def _keep(session: WriteSession, account: Account, seen: Sequence[Seen], *, now: datetime) -> int:
    number = take_clock(session)
    newest = keep_decisions(session, account, _decisions(session, account.id, seen, now=now), number=number, now=now)
    set_clock(session, newest, at=to_ms(now))
    return newest - number


def _decisions(session: ReadSession, account: UUID, seen: Sequence[Seen], *, now: datetime) -> list[Decision]:
    """Only posts that are kept: an identity that is read differently now makes no second post of an old one.

    A visit may have brought a newer payload meanwhile, which counts; and only a platform revives what is gone.
    """
    by_id = {post_id(account, one.native_id): one for one in seen}
    held = held_posts(session, list(by_id))
    return [
        decide(held[post], one, post=post, now=now, is_first_visit=False)
        for post, one in by_id.items()
        if post in held
        and held[post].payload == one.payload
        # Where a newer edit waits for a person, that one is read when it is released.
        and held[post].pending is None
        and held[post].status is not PostStatus.GONE
        and held[post].held_for != HELD_AS_GONE
    ]
