"""Credentials, kept sealed: one for an account, or one for all accounts of a platform, or our app at one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, delete, insert, select, update

from feedhub.accounts.account import AccountStatus, Platform
from feedhub.accounts.credential import Credential
from feedhub.posts.text import one_line
from feedhub.store.api_keys import seal_signing_secrets_anew
from feedhub.store.pushes import seal_pushes_anew
from feedhub.store.register import register_copy
from feedhub.store.sealed_wires import seal_wires_anew
from feedhub.store.sealing import Keyring
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables_desk import credentials
from feedhub.store.times import from_ms, iso, to_ms

# Rows of apps name their platform so; no account is ever asked with one.
_APP = "app/"

_EVERY = select(credentials).order_by(credentials.c.platform, credentials.c.id)
_ONE = select(credentials).where(credentials.c.platform == bindparam("of"), credentials.c.account_id.is_(None))
# ix_credential_platform; an account's own goes before its platform's, the newest before older ones.
_FOR = (
    select(credentials)
    .where(
        credentials.c.platform == bindparam("of"),
        (credentials.c.account_id == bindparam("account")) | credentials.c.account_id.is_(None),
    )
    .order_by(credentials.c.account_id.is_(None), credentials.c.id.desc())
    .limit(1)
)
_REPLACED = delete(credentials).where(
    credentials.c.platform == bindparam("of"),
    credentials.c.account_id.is_not_distinct_from(bindparam("account")),
    credentials.c.id != bindparam("kept"),
)
_RENEWED = (
    update(credentials)
    .where(credentials.c.id == bindparam("credential"))
    .values({name: bindparam(name) for name in ("sealed", "shown", "issued_at", "expires_at", "refresh_expires_at")})
    .values(dead_since=None, fault=None, warned=None)
)
_TRIED = (
    update(credentials)
    .where(credentials.c.id == bindparam("credential"), credentials.c.dead_since <= bindparam("before"))
    .values(dead_since=bindparam("dead"))
)
_MARKED = (
    update(credentials)
    .where(credentials.c.id == bindparam("credential"))
    .values(dead_since=bindparam("dead"), fault=bindparam("why"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCredential:
    """A credential's life, without its secret. `fault` says why it is dead since `dead_since`."""

    id: int
    platform: Platform
    account: UUID | None
    shown: str
    issued_at: datetime
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    added_at: datetime
    dead_since: datetime | None
    fault: str | None
    warned: int | None
    sealed: bytes
    is_app: bool = False

    @property
    def ends_at(self) -> datetime | None:
        """When somebody has to act: when it can be renewed no more."""
        return self.refresh_expires_at or self.expires_at

    def state(self, at: datetime) -> str:
        """Whether it lasts, in a few words."""
        if self.dead_since is not None:
            return f"refused: {self.fault}"
        if self.ends_at is None:
            return "has no known end"
        return f"{'ends' if self.ends_at > at else 'ended'} on {self.ends_at:%Y-%m-%d}"

    def as_json(self, accounts: Sequence[UUID]) -> dict[str, Any]:
        """One row of `credentials list --json`; `accounts` are asked with it."""
        return {
            "id": self.id,
            "platform": self.platform.value,
            "account": str(self.account) if self.account else None,
            "app": self.is_app,
            "shown": self.shown,
            "expires_at": iso(self.expires_at),
            "refresh_expires_at": iso(self.refresh_expires_at),
            "dead_since": iso(self.dead_since),
            "fault": self.fault,
            "accounts": [str(account) for account in accounts],
        }


class _Secret(msgspec.Struct, frozen=True):
    """What is sealed."""

    token: str
    refresh_token: str | None
    others: dict[str, str]


def kept_credentials(session: ReadSession) -> tuple[KeptCredential, ...]:
    """Every credential's life, by platform."""
    return tuple(_kept(row) for row in session.rows(_EVERY))


def credential_for(session: ReadSession, platform: Platform, account: UUID) -> KeptCredential | None:
    """The credential by which an account is asked: its own, else its platform's."""
    row = session.row(_FOR, {"of": platform.value, "account": account})
    return None if row is None else _kept(row)


def kept_app(session: ReadSession, platform: Platform) -> KeptCredential | None:
    """Our app at a platform."""
    row = session.row(_ONE, {"of": _APP + platform.value})
    return None if row is None else _kept(row)


def serving_credentials(session: ReadSession) -> dict[UUID, KeptCredential]:
    """The credential by which each active account is asked, for those that have one."""
    kept = [one for one in kept_credentials(session) if not one.is_app]
    own = {one.account: one for one in kept}
    shared = {one.platform: one for one in kept if one.account is None}
    accounts = [one for one in register_copy(session).register.accounts if one.status is AccountStatus.ACTIVE]
    found = {one.id: own.get(one.id) or shared.get(one.platform) for one in accounts}
    return {id: credential for id, credential in found.items() if credential is not None}


def opened(kept: KeptCredential, keyring: Keyring) -> Credential:
    """The credential itself.

    Raises:
        CredentialRefused: it can't be opened.
    """
    secret = msgspec.json.decode(keyring.open(kept.sealed, place=_place(kept)), type=_Secret)
    return Credential(
        id=kept.id,
        platform=kept.platform,
        account=kept.account,
        token=secret.token,
        refresh_token=secret.refresh_token,
        others=secret.others,
        issued_at=kept.issued_at,
        expires_at=kept.expires_at,
        refresh_expires_at=kept.refresh_expires_at,
        is_app=kept.is_app,
    )


def keep_credential(session: WriteSession, credential: Credential, keyring: Keyring, *, at: datetime) -> int:
    """Keep a new credential instead of the one that its account or platform had; its id."""
    of = (_APP if credential.is_app else "") + credential.platform.value
    row = {"platform": of, "account_id": credential.account, "added_at": to_ms(at)}
    inserted = session.run(insert(credentials).returning(credentials.c.id), row | _sealed(credential, keyring, at=at))
    kept = int(inserted.scalar_one())
    # Last, so that no id comes again: a renewal of the old one, still under way, must not end in the new one.
    session.run(_REPLACED, {"of": of, "account": credential.account, "kept": kept})
    return kept


def keep_renewed(session: WriteSession, credential: Credential, keyring: Keyring, *, at: datetime) -> None:
    """Keep what a credential was renewed to, under the same id; it is alive again."""
    session.run(_RENEWED, {"credential": credential.id} | _sealed(credential, keyring, at=at))


def mark_credential(session: WriteSession, id: int, *, fault: str | None, at: datetime) -> None:
    """Write that a platform refuses a credential, or (without a fault) that it works again."""
    said = one_line(fault) if fault else None
    session.run(_MARKED, {"credential": id, "dead": to_ms(at) if fault else None, "why": said})


def claim_trial(session: WriteSession, id: int, *, refused_before: datetime, at: datetime) -> bool:
    """Take the turn to try a credential that was refused before that time; whoever asks later has none till it is over."""
    values = {"credential": id, "before": to_ms(refused_before), "dead": to_ms(at)}
    return session.run(_TRIED, values).rowcount == 1


def warn_of(session: WriteSession, id: int, *, days: int) -> None:
    """Write that it was warned `days` before the credential's end."""
    session.run(update(credentials).where(credentials.c.id == id).values(warned=days))


def remove_credentials(session: WriteSession, ids: Sequence[int]) -> int:
    """Forget credentials; how many there were."""
    return session.run(delete(credentials).where(credentials.c.id.in_(ids))).rowcount


def seal_all_anew(session: WriteSession, keyring: Keyring) -> int:
    """Seal with the newest key every secret that is kept: credentials, and what keys, hubs and wires sign with."""
    parts = (seal_anew, seal_signing_secrets_anew, seal_pushes_anew, seal_wires_anew)
    return sum(seal(session, keyring) for seal in parts)


def seal_anew(session: WriteSession, keyring: Keyring) -> int:
    """Seal with the newest key what an older one sealed; how many there were."""
    old = [kept for kept in kept_credentials(session) if not keyring.is_newest(kept.sealed)]
    for kept in old:
        place = _place(kept)
        sealed = keyring.seal(keyring.open(kept.sealed, place=place), place=place)
        session.run(update(credentials).where(credentials.c.id == kept.id).values(sealed=sealed))
    return len(old)


def _sealed(credential: Credential, keyring: Keyring, *, at: datetime) -> dict[str, Any]:
    secret = _Secret(token=credential.token, refresh_token=credential.refresh_token, others=credential.others)
    return {
        "sealed": keyring.seal(msgspec.json.encode(secret), place=_place(credential)),
        "shown": credential.shown,
        "issued_at": to_ms(credential.issued_at or at),
        "expires_at": _ms(credential.expires_at),
        "refresh_expires_at": _ms(credential.refresh_expires_at),
    }


def _place(credential: Credential | KeptCredential) -> str:
    kind = "app" if credential.is_app else "credential"
    return f"{kind}/{credential.platform.value}/{credential.account or '*'}"


def _kept(row: Row[Any]) -> KeptCredential:
    return KeptCredential(
        id=row.id,
        platform=Platform(row.platform.removeprefix(_APP)),
        account=row.account_id,
        shown=row.shown,
        issued_at=from_ms(row.added_at if row.issued_at is None else row.issued_at),
        expires_at=_moment(row.expires_at),
        refresh_expires_at=_moment(row.refresh_expires_at),
        added_at=from_ms(row.added_at),
        dead_since=_moment(row.dead_since),
        fault=row.fault,
        warned=row.warned,
        sealed=row.sealed,
        is_app=row.platform.startswith(_APP),
    )


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else from_ms(ms)
