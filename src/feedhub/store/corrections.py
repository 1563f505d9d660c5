"""Corrections that stand beside posts for as long as they live, whatever hid them meanwhile."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from feedhub.posts.acts import ActKind
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.store.log import last_acts
from feedhub.store.session import ReadSession

_CORRECTIONS = frozenset({ActKind.CORRECTION, ActKind.REDACTION})


def corrections_of(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The newest correction of each of these posts that has one, as its row holds a notice."""
    return {
        post: msgspec.json.encode(Notice(kind=NoticeKind.CORRECTION, reason=entry.reason, at=entry.at)).decode()
        for post, entry in last_acts(session, ids, _CORRECTIONS).items()
    }
