"""Asking an account's platform: with its credential, renewed in time, its end told in one sentence."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from feedhub.accounts.account import Account
from feedhub.accounts.credential import Credential
from feedhub.connectors.contract import Batch, Connector, Need, Suspect
from feedhub.connectors.http import Http
from feedhub.errors import CredentialRefused, StoreBusy
from feedhub.failures import CredentialMissing, TokenExpired, TokenRefused, VisitFailed
from feedhub.logs import logger
from feedhub.store.credentials import KeptCredential, claim_trial, credential_for, keep_renewed, mark_credential, opened
from feedhub.store.hosts import DueAccount
from feedhub.sync.means import Means

# A refused credential is tried again after so long: platforms err, and admins repair permissions.
_TRY_AGAIN = timedelta(hours=1)
# Seconds after which keeping a renewed credential is tried again.
_KEEP_AGAIN = (0.5, 2.0, 5.0, 10.0)
# A platform's own credential belongs to no account.
_NOBODY = UUID(int=0)


async def ask(means: Means, http: Http, connector: Connector, due: DueAccount, *, now: datetime) -> Batch:
    """What is new at the account. Raises VisitFailed's children."""
    credential = await credential_of(means, http, connector, due.account, now=now)
    try:
        batch = await connector.fetch(http, due.account, due.cursor, credential=credential, now=now)
    except (TokenExpired, TokenRefused) as refusal:
        await _mark(means, credential, fault=_told(refusal), now=now)
        raise
    await _mark(means, credential, fault=None, now=now)
    return batch


async def check(
    means: Means, http: Http, connector: Connector, account: Account, suspects: Sequence[Suspect], *, now: datetime
) -> Batch:
    """What the platform says of single posts; nothing where it can't be asked just now."""
    if connector.check is None or not suspects:
        return Batch()
    try:
        credential = await credential_of(means, http, connector, account, now=now)
        return await connector.check(http, account, suspects, credential=credential, now=now)
    except VisitFailed as failure:
        # The listing came, so the visit succeeded; what could not be checked is checked next time.
        logger().info("check.failed", account=account.key, reason=failure.reason)
        return Batch()


async def credential_of(
    means: Means, http: Http, connector: Connector, account: Account, *, now: datetime
) -> Credential | None:
    """The credential by which an account is asked, renewed where its time is nearly over.

    Raises:
        CredentialMissing, TokenExpired, TokenRefused: there is none, or none that works.
    """
    if connector.need is Need.NONE:
        return None
    kept = await means.store.read(credential_for, account.platform, account.id)
    if kept is None or (kept.account is None and connector.need is Need.ACCOUNT):
        if connector.need is Need.OPTIONAL:
            return None
        raise _missing(connector, account)
    await _refuse_dead(means, kept, now)
    credential = _opened(kept, means)
    if connector.renew is None or not credential.wants_renewal(now):
        if credential.is_expired(now):
            raise TokenExpired(_ended(credential))
        return credential
    return await _renewed(means, http, connector, kept, now=now)


async def _renewed(
    means: Means, http: Http, connector: Connector, kept: KeptCredential, *, now: datetime
) -> Credential:
    """A fresh credential, kept before anybody uses it; one renewal at a time."""
    if connector.renew is None:
        raise AssertionError("only what can be renewed comes here")
    async with means.renewals.setdefault(kept.id, asyncio.Lock()):
        again = await means.store.read(credential_for, kept.platform, kept.account or _NOBODY)
        kept = again if again is not None and again.id == kept.id else kept
        credential = _opened(kept, means)
        if not credential.wants_renewal(now):
            return credential  # another visit renewed it while this one waited
        try:
            fresh = await connector.renew(http, credential, now=now)
        except VisitFailed as failure:
            logger().warning("renewal.refused", platform=kept.platform.value, reason=failure.reason)
            if not credential.is_expired(now):
                return credential
            if isinstance(failure, (TokenExpired, TokenRefused)):
                await _mark(means, credential, fault=_told(failure), now=now)
            raise
        if fresh is None:
            if credential.is_expired(now):
                raise TokenExpired(_ended(credential))
            return credential
        await _kept_for_sure(means, fresh, now=now)
        logger().info("credential.renewed", platform=kept.platform.value, credential=kept.id)
        return fresh


async def _kept_for_sure(means: Means, fresh: Credential, *, now: datetime) -> None:
    """Keep a fresh credential, busy as the store may be: where the platform rotates, the one before it is dead already."""
    for pause in _KEEP_AGAIN:
        try:
            await means.store.write(keep_renewed, fresh, means.keyring, at=now)
        except StoreBusy:
            await asyncio.sleep(pause)
        else:
            return
    await means.store.write(keep_renewed, fresh, means.keyring, at=now)


async def _refuse_dead(means: Means, kept: KeptCredential, now: datetime) -> None:
    """One sentence for all its accounts, and no traffic; once an hour one of them may try it again."""
    if kept.dead_since is None:
        return
    is_over = now - kept.dead_since >= _TRY_AGAIN
    if is_over and await means.store.write(claim_trial, kept.id, refused_before=now - _TRY_AGAIN, at=now):
        return
    raise TokenRefused(kept.fault or f"The {kept.platform.proper} credential {kept.shown} is refused.", remedy="")


def _told(refusal: VisitFailed) -> str:
    """What every account that is asked with this credential says from now on."""
    return f"{refusal.reason} {refusal.remedy}".strip()


def _opened(kept: KeptCredential, means: Means) -> Credential:
    try:
        return opened(kept, means.keyring)
    except CredentialRefused as refusal:
        raise TokenRefused(str(refusal)) from refusal


async def _mark(means: Means, credential: Credential | None, *, fault: str | None, now: datetime) -> None:
    """Remember that a credential is refused, or that it works again."""
    if credential is None or credential.id is None:
        return
    kept = await means.store.read(credential_for, credential.platform, credential.account or _NOBODY)
    if kept is None or kept.id != credential.id:
        return
    if kept.fault != fault:
        await means.store.write(mark_credential, credential.id, fault=fault, at=now)


def _missing(connector: Connector, account: Account) -> CredentialMissing:
    if connector.need is Need.PLATFORM:
        return CredentialMissing(
            f"FeedHub has no {account.platform.proper} credential.",
            remedy=f"Run `feedhub credentials add {account.platform}`: one is enough for all its accounts.",
        )
    return CredentialMissing(
        f"This {account.platform.proper} account was not connected with FeedHub.",
        remedy=f"Run `feedhub credentials link {account.id}` and send the account's admin the address that it prints.",
    )


def _ended(credential: Credential) -> str:
    day = f"{credential.expires_at:%Y-%m-%d}" if credential.expires_at else "some time ago"
    return f"The {credential.platform.proper} credential {credential.shown} ended on {day}."
