"""The pair of keys that proves what posts said: made once for each installation, sealed, rotated by hand.

Ed25519 signs the same text the same way each time (RFC 8032), so signatures are made when they are
asked for and none is kept: there is nothing to fall behind, and an erased post leaves none.
"""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import bindparam, insert, select, update

from feedhub.errors import CredentialRefused
from feedhub.logs import logger
from feedhub.posts.proofs import ProofKey, thumbprint, written_key
from feedhub.store.clock import set_clock, take_clock
from feedhub.store.sealing import Keyring
from feedhub.store.session import ReadSession, WriteSession
from feedhub.store.tables_wires import signing_keys
from feedhub.store.times import from_ms, to_ms

_PURPOSE = "proof"
# ix_signing_key_purpose; a handful of rows
_EVERY = (
    select(signing_keys)
    .where(signing_keys.c.purpose == _PURPOSE)
    .order_by(signing_keys.c.retired_at.is_(None).desc(), signing_keys.c.made_at.desc(), signing_keys.c.id)
)
_IN_USE = _EVERY.where(signing_keys.c.retired_at.is_(None))
_RETIRE = (
    update(signing_keys)
    .where(signing_keys.c.purpose == _PURPOSE, signing_keys.c.retired_at.is_(None))
    .values(retired_at=bindparam("at"), sealed=b"")  # what signs no more can't be stolen either
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """The key in use. `id` names its public half among those that are published."""

    id: str
    key: Ed25519PrivateKey = field(repr=False)

    def sign(self, statement: bytes) -> bytes:
        """The 64 bytes that prove that this statement was made here."""
        return self.key.sign(statement)


def kept_signer(session: ReadSession, keyring: Keyring) -> Signer | None:
    """The key in use, if there is one that our keyring opens."""
    row = session.row(_IN_USE)
    if row is None:
        return None
    try:
        private = keyring.open(bytes(row.sealed), place=_place(row.id))
    except CredentialRefused as error:
        logger().error("proof_key.sealed", key=row.id, reason=str(error))
        return None
    return Signer(id=row.id, key=Ed25519PrivateKey.from_private_bytes(private))


def made_signer(session: WriteSession, keyring: Keyring, *, now: datetime) -> Signer:
    """The same, made now unless another process was faster; one that nobody can open any more is retired."""
    take_clock(session)  # whoever makes one at the same time waits here
    return kept_signer(session, keyring) or _new(session, keyring, at=to_ms(now))


def rotate_proof_key(session: WriteSession, keyring: Keyring, *, now: datetime) -> Signer:
    """Retire the key in use for a new one: its public half stays published, its private half is forgotten."""
    number = take_clock(session) + 1
    made = _new(session, keyring, at=to_ms(now))
    # What is published changes, so no kept answer may stand; a number without a post is a gap.
    set_clock(session, number, at=to_ms(now))
    return made


def proof_keys(session: ReadSession) -> tuple[ProofKey, ...]:
    """Every key that ever signed, the one in use first."""
    return tuple(
        ProofKey(
            id=row.id,
            x=row.public,
            made_at=from_ms(row.made_at),
            retired_at=from_ms(row.retired_at) if row.retired_at is not None else None,
        )
        for row in session.rows(_EVERY)
    )


def _new(session: WriteSession, keyring: Keyring, *, at: int) -> Signer:
    key = Ed25519PrivateKey.generate()
    public = written_key(key.public_key().public_bytes_raw())
    made = Signer(id=thumbprint(public), key=key)
    session.run(_RETIRE, {"at": at})
    row = {"id": made.id, "purpose": _PURPOSE, "public": public, "made_at": at}
    session.run(insert(signing_keys), row | {"sealed": keyring.seal(key.private_bytes_raw(), place=_place(made.id))})
    return made


def _place(id: str) -> str:
    return f"signing_key/{id}"
