"""Links that can only stop an account: signed, for one account, and good for a while."""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from feedhub.store.times import from_ms, to_ms

_TOLD = struct.Struct(">16sqq")
_SIGNATURE = 16  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StopLink:
    """What a link stops: everything of an account since then."""

    account: UUID
    since: datetime


def write_stop_link(link: StopLink, secret: bytes, *, until: datetime) -> str:
    """The token that stands in the link's address."""
    told = _TOLD.pack(link.account.bytes, to_ms(link.since), to_ms(until))
    return base64.urlsafe_b64encode(told + _signed(told, secret)).decode().rstrip("=")


def read_stop_link(token: str, secret: bytes, *, now: datetime) -> StopLink | None:
    """What the link stops; None where it is not ours or its time is over.

    >>> from datetime import UTC, timedelta
    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> token = write_stop_link(StopLink(account=UUID(int=7), since=noon), b"k", until=noon + timedelta(days=1))
    >>> read_stop_link(token, b"k", now=noon).account.int, read_stop_link(token, b"other", now=noon)
    (7, None)
    >>> read_stop_link(token, b"k", now=noon + timedelta(days=2)) is None
    True
    """
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    told, signature = whole[: _TOLD.size], whole[_TOLD.size :]
    if len(told) < _TOLD.size or not hmac.compare_digest(signature, _signed(told, secret)):
        return None
    account, since, until = _TOLD.unpack(told)
    return StopLink(account=UUID(bytes=account), since=from_ms(since)) if to_ms(now) < until else None


def _signed(told: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, b"stop\0" + told, sha256)[:_SIGNATURE]
