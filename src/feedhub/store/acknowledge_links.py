"""Links by which the contact of a key says that they read of an act: signed, for one act and one key."""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from hashlib import sha256

_TOLD = struct.Struct(">qq")
_SIGNATURE = 16  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeLink:
    """What a link says: whose key it is, and which entry of the log was read."""

    act: int
    key: int


def write_acknowledge_link(link: AcknowledgeLink, secret: bytes) -> str:
    """The token that stands in the link's address. It does not end: a receipt may come late."""
    told = _TOLD.pack(link.act, link.key)
    return base64.urlsafe_b64encode(told + _signed(told, secret)).decode().rstrip("=")


def read_acknowledge_link(token: str, secret: bytes) -> AcknowledgeLink | None:
    """What the link says; None where it is not ours.

    >>> token = write_acknowledge_link(AcknowledgeLink(act=7, key=2), b"k")
    >>> read_acknowledge_link(token, b"k"), read_acknowledge_link(token, b"other")
    (AcknowledgeLink(act=7, key=2), None)
    """
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    told, signature = whole[: _TOLD.size], whole[_TOLD.size :]
    if len(told) < _TOLD.size or not hmac.compare_digest(signature, _signed(told, secret)):
        return None
    act, key = _TOLD.unpack(told)
    return AcknowledgeLink(act=act, key=key)


def _signed(told: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"acknowledge\0" + told, sha256)[:_SIGNATURE]
