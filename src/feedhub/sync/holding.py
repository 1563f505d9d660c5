"""What a visit found that a person should see before the public does."""

from collections.abc import Sequence
from datetime import datetime

from feedhub.connectors.contract import Batch
from feedhub.posts.decisions import Decision, post_id
from feedhub.posts.habits import Shown
from feedhub.posts.holding import Judgement, Watched, judge
from feedhub.store.desk import countable_gone
from feedhub.store.hosts import DueAccount
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.watching import learn, notice_profile, public_sites, watched_account


def judged(
    session: ReadSession, due: DueAccount, batch: Batch, decisions: Sequence[Decision], *, now: datetime
) -> Judgement:
    """The decisions, those held that a rule catches."""
    gone = countable_gone(session, [post_id(due.account.id, native) for native in batch.gone]) if batch.gone else 0
    if not gone and not any(found.needs_watch for found in decisions):
        return judge(Watched(), decisions)
    watched = watched_account(session, due.account, decisions, is_first=due.is_first, now=now)
    return judge(watched, decisions, gone=gone, shown=shown_by(batch))


def learn_from(
    session: WriteSession, due: DueAccount, batch: Batch, decisions: Sequence[Decision], *, now: datetime
) -> None:
    """What the account will be used to after this visit."""
    learn(session, due.account, public=public_sites(decisions), at=now)
    notice_profile(session, due.account, shown_by(batch), at=now)


def shown_by(batch: Batch) -> Shown | None:
    """How the platform shows the account now, if it said."""
    profile = batch.profile
    if profile is None:
        return None
    return Shown(native_id=profile.native_id, name=profile.name, handle=profile.handle)
