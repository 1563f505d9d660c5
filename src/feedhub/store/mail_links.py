"""Links in letters to subscribers: signed, each good for one act on one subscription."""

import base64
import binascii
import hmac
import struct
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from feedhub.store.times import to_ms

_TOLD = struct.Struct(">16sq")
_SIGNATURE = 16  # bytes
_FOR_EVER = 2**62  # ms


class MailAct(StrEnum):
    """What a link does."""

    CONFIRM = "confirm"
    STOP = "stop"


def write_mail_link(act: MailAct, id: UUID, secret: bytes, *, until: datetime | None = None) -> str:
    """The token that stands in the link's address; None = good as long as the subscription."""
    told = _TOLD.pack(id.bytes, _FOR_EVER if until is None else to_ms(until))
    return base64.urlsafe_b64encode(told + _signed(act, told, secret)).decode().rstrip("=")


def read_mail_link(act: MailAct, token: str, secret: bytes, *, now: datetime) -> UUID | None:
    """The subscription that the link is for; None where it is not ours, for another act, or over.

    >>> from datetime import UTC, timedelta
    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> token = write_mail_link(MailAct.CONFIRM, UUID(int=7), b"k", until=noon + timedelta(days=1))
    >>> read_mail_link(MailAct.CONFIRM, token, b"k", now=noon).int, read_mail_link(MailAct.STOP, token, b"k", now=noon)
    (7, None)
    >>> read_mail_link(MailAct.CONFIRM, token, b"k", now=noon + timedelta(days=2)) is None
    True
    """
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    told, signature = whole[: _TOLD.size], whole[_TOLD.size :]
    if len(told) < _TOLD.size or not hmac.compare_digest(signature, _signed(act, told, secret)):
        return None
    id, until = _TOLD.unpack(told)
    return UUID(bytes=id) if to_ms(now) < until else None


def _signed(act: MailAct, told: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"mail\0" + act.value.encode() + b"\0" + told, sha256)[:_SIGNATURE]
