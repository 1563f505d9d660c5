"""Who posts: a key in the header, and a signature where the key wants one (Standard Webhooks)."""

import hmac
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from fastapi import Request

from feedhub.errors import KeyRefused, KeyTooNarrow
from feedhub.store.api_keys import ApiKey, key_named, note_use, signing_secret
from feedhub.web.state import State

# standardwebhooks.com: what was signed longer ago may be a recording.
TOLERANCE = timedelta(minutes=5)

_BEARER = "bearer "
_SECONDS = re.compile(r"\d{1,11}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who posts, by which key. `message` is the id under which the post was signed, if it was."""

    key: ApiKey
    message: str | None = None

    def may_post_for(self, department: str) -> bool:
        """Whether the key is the city's own or this department's."""
        return self.key.department in {None, department}


async def holder(request: Request, here: State, body: bytes, *, scope: str) -> Holder:
    """Who sent `body`.

    Raises:
        KeyRefused: no key, an unknown or revoked one, or a missing, old or wrong signature.
        KeyTooNarrow: the key was not made for this.
    """
    known = await key_of(request, here)
    if scope not in known.scopes:
        raise KeyTooNarrow(f"The key {known.name!r} was not made for the {scope}.")
    message = None
    if known.is_signed:
        secret = await here.store.read(signing_secret, _shown(request) or "", here.keyring)
        message = signed_message(request.headers, body, secret or b"", now=here.now())
    await here.store.write(note_use, known.id, at=here.now())
    return Holder(key=known, message=message)


async def key_of(request: Request, here: State) -> ApiKey:
    """The key that is shown, whatever it was made for.

    Raises:
        KeyRefused: there is none, or it is unknown, revoked or over.
    """
    shown = _shown(request)
    known = await here.store.read(key_named, shown) if shown else None
    if known is None:
        raise KeyRefused("Send your key as `Authorization: Bearer fh_…`; this one is missing or unknown.")
    if not known.is_open(here.now()):
        raise KeyRefused(f"The key {known.name!r} ended on {known.expires_at:%d %B %Y}; ask the desk for a new one.")
    return known


def signed_message(headers: Mapping[str, str], body: bytes, secret: bytes, *, now: datetime) -> str:
    """The webhook-id of a body whose signature fits (standardwebhooks.com, symmetric v1).

    Raises:
        KeyRefused: a header is missing, the time is off by more than five minutes, or nothing fits.
    """
    named = {name: headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")}
    if missing := [f"webhook-{name}" for name, value in named.items() if not value]:
        raise KeyRefused(f"This key's posts must be signed; {', '.join(missing)} is missing.")
    stamp = named["timestamp"]
    signed_at = datetime.fromtimestamp(int(stamp), UTC) if _SECONDS.fullmatch(stamp) else None
    if signed_at is None or abs(now - signed_at) > TOLERANCE:
        raise KeyRefused("The webhook-timestamp is more than five minutes off; set the sender's clock and sign anew.")
    expected = hmac.new(secret, f"{named['id']}.{stamp}.".encode() + body, sha256).digest()
    if not any(_fits(each, expected) for each in named["signature"].split()):
        raise KeyRefused(
            "The webhook-signature does not fit this body; sign id, timestamp and body with the key's secret."
        )
    return named["id"]


def _fits(signature: str, expected: bytes) -> bool:
    version, _, text = signature.partition(",")
    try:
        return version == "v1" and hmac.compare_digest(b64decode(text, validate=True), expected)
    except (NotBase64, ValueError):
        return False


def _shown(request: Request) -> str | None:
    """The key in the header; Telegram sends it as the secret token of its webhook."""
    said = request.headers.get("authorization", "")
    if said.lower().startswith(_BEARER):
        return said[len(_BEARER) :].strip() or None
    return request.headers.get("x-telegram-bot-api-secret-token") or None
