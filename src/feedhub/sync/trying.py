"""Trying a credential: the platform is asked through one account, as a visit would, and nothing of it is kept."""

from datetime import datetime

from feedhub.connectors import CONNECTORS
from feedhub.connectors.http import Http
from feedhub.failures import NoConnector, VisitFailed
from feedhub.store.credentials import KeptCredential, mark_credential
from feedhub.store.hosts import DueAccount
from feedhub.sync.asking import ask
from feedhub.sync.means import Means


async def try_credential(
    means: Means, http: Http, kept: KeptCredential, due: DueAccount, *, now: datetime
) -> tuple[bool, str]:
    """Whether it works, and one sentence that says so."""
    connector = CONNECTORS.get(kept.platform)
    who = due.account.handle or due.account.url or due.account.key
    try:
        if connector is None:
            raise NoConnector(f"This FeedHub has no connector for {kept.platform.proper} yet.")
        # A person asks: the hour's rest after a refusal is for visits.
        await means.store.write(mark_credential, kept.id, fault=None, at=now)
        await ask(means, http, connector, due, now=now)
    except VisitFailed as failure:
        return False, f"{failure.reason} {failure.remedy}".strip()
    return True, f"The {kept.platform.proper} credential {kept.shown} works: {who} answered."
