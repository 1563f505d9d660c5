"""What proves who sent a message: signatures by Standard Webhooks (symmetric, v1)."""

import hmac
from base64 import b64encode
from hashlib import sha256

_PREFIX = "whsec_"


def signature_of(secret: bytes, *, message: str, timestamp: int, body: bytes) -> str:
    """What a sender writes into webhook-signature.

    >>> signature_of(b"secret", message="msg_1", timestamp=1614265330, body=b"{}")[:3]
    'v1,'
    """
    digest = hmac.new(secret, f"{message}.{timestamp}.".encode() + body, sha256).digest()
    return f"v1,{b64encode(digest).decode()}"


def shown_secret(secret: bytes) -> str:
    """A secret as its holder is shown it, once.

    >>> shown_secret(b"secret")
    'whsec_c2VjcmV0'
    """
    return _PREFIX + b64encode(secret).decode()
