"""Keeping the credential that an account's own admin gave by a link, once for each link."""

from datetime import datetime

from feedhub.accounts.credential import Credential
from feedhub.errors import CredentialRefused
from feedhub.store.credentials import keep_credential, kept_credentials
from feedhub.store.hosts import wake_accounts
from feedhub.store.sealing import Keyring
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.times import to_ms


def refuse_used(session: ReadSession, credential: Credential, *, made_at: datetime) -> None:
    """Raises:
    CredentialRefused: the account got a credential since the link was made.
    """
    for kept in kept_credentials(session):
        if not kept.is_app and kept.account == credential.account and kept.added_at >= made_at:
            raise CredentialRefused(
                "This link was used already; the account is connected. Ask for a new link to connect it again."
            )


def keep_connected(
    session: WriteSession, credential: Credential, keyring: Keyring, *, made_at: datetime, at: datetime
) -> None:
    """Keep what a link of `made_at` brought, and let the account be visited at once.

    Raises:
        CredentialRefused: the link was used already.
    """
    refuse_used(session, credential, made_at=made_at)
    keep_credential(session, credential, keyring, at=at)
    if credential.account is not None:
        wake_accounts(session, [credential.account], due=to_ms(at))
