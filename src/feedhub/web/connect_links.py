"""Links by which an account's admin connects it, and the states that go to a platform and come back: signed, short-lived."""

import base64
import binascii
import hmac
import secrets
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from feedhub.errors import CredentialRefused

LINK_DAYS = 7

_STATE_LASTS = timedelta(minutes=30)  # for logging in, reading and agreeing
_TOLD = struct.Struct(">16sqq")  # the account, when the link was made, when this ends: in seconds
_NONCE, _SIGNATURE = 16, 32  # bytes
_USED_UP = "Ask whoever sent it for a new one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a link or a state says: this account may be connected, by a link made at `made_at`.

    `nonce` is a state's own; the secret that proves to the platform that the same side asks
    twice (PKCE, RFC 7636) is made of it, so nothing has to be kept meanwhile.
    """

    account: UUID
    made_at: datetime
    nonce: bytes = b""

    def verifier(self, secret: bytes) -> str:
        """PKCE's code_verifier."""
        return _text(hmac.digest(secret, b"verifier\0" + self.nonce, sha256))


def write_link(account: UUID, *, at: datetime, secret: bytes) -> str:
    """What an operator sends to an account's admin."""
    return _signed(b"link", account, at, at + timedelta(days=LINK_DAYS), b"", secret)


def read_link(said: str, *, now: datetime, secret: bytes) -> Invitation:
    """Raises:
    CredentialRefused: we never made it, or its time is over.
    """
    return _read(b"link", said, now=now, secret=secret)


def write_state(invitation: Invitation, *, now: datetime, secret: bytes) -> str:
    """What goes to the platform and comes back with its code."""
    nonce = invitation.nonce or secrets.token_bytes(_NONCE)
    return _signed(b"state", invitation.account, invitation.made_at, now + _STATE_LASTS, nonce, secret)


def read_state(said: str, *, now: datetime, secret: bytes) -> Invitation:
    """Raises:
    CredentialRefused: we never made it, or its time is over.
    """
    return _read(b"state", said, now=now, secret=secret)


def new_nonce() -> bytes:
    """A state's own secret part."""
    return secrets.token_bytes(_NONCE)


def _signed(kind: bytes, account: UUID, made_at: datetime, until: datetime, nonce: bytes, secret: bytes) -> str:
    told = _TOLD.pack(account.bytes, int(made_at.timestamp()), int(until.timestamp())) + nonce
    return _text(told + hmac.digest(secret, kind + b"\0" + told, sha256))


def _read(kind: bytes, said: str, *, now: datetime, secret: bytes) -> Invitation:
    try:
        whole = base64.b64decode(said + "=" * (-len(said) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        whole = b""
    told, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
    if len(told) < _TOLD.size or not hmac.compare_digest(signature, hmac.digest(secret, kind + b"\0" + told, sha256)):
        raise CredentialRefused(f"This link is not one of ours, or it was cut short. {_USED_UP}")
    account, made_at, until = _TOLD.unpack(told[: _TOLD.size])
    if now.timestamp() > until:
        raise CredentialRefused(f"This link's time is over. {_USED_UP}")
    return Invitation(
        account=UUID(bytes=account), made_at=datetime.fromtimestamp(made_at, UTC), nonce=told[_TOLD.size :]
    )


def _text(binary: bytes) -> str:
    return base64.urlsafe_b64encode(binary).decode().rstrip("=")
