"""The keys by which departments, and the city, sign what they tell the fediverse: made once, kept sealed."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import Row, bindparam, select, text

from feedhub.store.sealing import Keyring
from feedhub.store.session import ReadSession, Store, WriteSession
from feedhub.store.tables_wires import signing_keys
from feedhub.store.times import to_ms

_BITS, _EXPONENT = 2048, 65_537  # what every server of the fediverse can read
_NEWEST = (
    select(signing_keys)
    .where(signing_keys.c.id == bindparam("id"), signing_keys.c.retired_at.is_(None))
    .order_by(signing_keys.c.made_at.desc())
)
_KEEP = text(
    "INSERT INTO signing_key (id, purpose, public, sealed, made_at) VALUES (:id, :id, :public, :sealed, :at)"
    " ON CONFLICT (id) DO NOTHING"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorKey:
    """An actor's pair, as PEM."""

    public: str
    private: bytes = field(repr=False)


def actor_key(session: ReadSession, name: str, keyring: Keyring) -> ActorKey | None:
    """The pair of the actor of this name, if it was made. Raises CredentialRefused."""
    row = session.row(_NEWEST, {"id": _purpose(name)})
    return None if row is None else _opened(row, keyring)


async def made_actor_key(store: Store, name: str, keyring: Keyring, *, now: datetime) -> ActorKey:
    """The same, made now if it never was, and unless another process was faster."""
    if (kept := await store.read(actor_key, name, keyring)) is not None:
        return kept
    made = await asyncio.to_thread(_new_key)  # a tenth of a second of arithmetic
    return await store.write(keep_actor_key, name, made, keyring, at=now)


def keep_actor_key(session: WriteSession, name: str, made: ActorKey, keyring: Keyring, *, at: datetime) -> ActorKey:
    """Keep a pair unless the actor has one already; the one that is kept."""
    id = _purpose(name)
    sealed = keyring.seal(made.private, place=f"signing_key/{id}")
    session.run(_KEEP, {"id": id, "public": made.public, "sealed": sealed, "at": to_ms(at)})
    return actor_key(session, name, keyring) or made


def _new_key() -> ActorKey:
    key = generate_private_key(public_exponent=_EXPONENT, key_size=_BITS)
    return ActorKey(
        public=key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        private=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def _purpose(name: str) -> str:
    return f"actor:{name}"


def _opened(row: Row[Any], keyring: Keyring) -> ActorKey:
    return ActorKey(public=row.public, private=keyring.open(row.sealed, place=f"signing_key/{row.id}"))
