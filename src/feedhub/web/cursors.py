"""Where the next page of a list begins: opaque, signed, and good for its own filters only."""

import base64
import binascii
import hmac
import struct
from dataclasses import replace
from hashlib import sha256

from feedhub.errors import QuestionRefused
from feedhub.posts.filters import Filters
from feedhub.views.page_links import parameters, query
from feedhub.web.asked import DEFAULT_LIMIT

_KEY = struct.Struct(">q")
_SIGNATURE = 16  # bytes


def write_cursor(order_key: int, filters: Filters, secret: bytes) -> str:
    """The cursor of the page that goes on after `order_key`; another limit may be asked for."""
    key = _KEY.pack(order_key)
    return base64.urlsafe_b64encode(key + _signed(key, filters, secret)).decode()


def read_cursor(cursor: str | None, filters: Filters, secret: bytes, *, parameter: str = "cursor") -> int | None:
    """The order_key that `cursor` names; None where there is no cursor.

    >>> read_cursor(write_cursor(7, Filters(), b"k"), Filters(), b"k")
    7

    Raises:
        QuestionRefused: we never gave out this cursor for these filters.
    """
    if cursor is None:
        return None
    try:
        told = base64.b64decode(cursor, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        told = b""
    key, signature = told[: _KEY.size], told[_KEY.size :]
    if len(key) < _KEY.size or not hmac.compare_digest(signature, _signed(key, filters, secret)):
        raise QuestionRefused(parameter, f"This {parameter} is not one of ours for these filters; begin without it.")
    order_key: int = _KEY.unpack(key)[0]
    return order_key


def _signed(key: bytes, filters: Filters, secret: bytes) -> bytes:
    asked = query(parameters(replace(filters, limit=DEFAULT_LIMIT)))
    return hmac.digest(secret, b"cursor\0" + key + asked.encode(), sha256)[:_SIGNATURE]
