"""The public half of the pairs of keys with which versions are signed."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

ALGORITHM = "Ed25519"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofKey:
    """A key that proofs can be verified with. `id` is its thumbprint, `x` itself as JWK writes it (RFC 8037)."""

    id: str
    x: str
    made_at: datetime
    retired_at: datetime | None = None


def written_key(public: bytes) -> str:
    """The 32 bytes of a public key as JWK writes them.

    >>> written_key(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"))
    '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
    """
    return _unpadded(public)


def thumbprint(x: str) -> str:
    """What such a key is called everywhere (RFC 7638; the example is that of RFC 8037 appendix A.3).

    >>> thumbprint("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    """
    return _unpadded(sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest())


def _unpadded(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")
