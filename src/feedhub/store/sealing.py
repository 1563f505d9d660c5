"""Sealing secrets: AES-256-GCM under the first of our keys, opened with whichever sealed it."""

import secrets
from collections.abc import Sequence
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from feedhub.errors import CredentialRefused

_PURPOSE = b"feedhub credentials 1"
_KEY_BYTES, _NAME_BYTES, _NONCE_BYTES = 32, 4, 12


class Keyring:
    """The keys that seal what is kept. The first one seals; the others open what they sealed once.

    Each is made of a secret of any length (HKDF-SHA256, RFC 5869). What is sealed carries the
    name of its key, and is bound to a `place` ("credential/instagram/…"): moved elsewhere it
    does not open.
    """

    def __init__(self, secrets_: Sequence[bytes]) -> None:
        if not secrets_:
            raise CredentialRefused("There is no key to seal credentials with; set FEEDHUB_CREDENTIALS_KEY.")
        self._keys = {_name_of(key): key for key in map(_key_of, secrets_)}
        self._first = next(iter(self._keys))

    def seal(self, secret: bytes, *, place: str) -> bytes:
        """`secret` as it may be kept: the key's name, a nonce, the sealed text."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return self._first + nonce + AESGCM(self._keys[self._first]).encrypt(nonce, secret, place.encode())

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """What was sealed for this place.

        Raises:
            CredentialRefused: its key is not among ours, or it was changed or moved.
        """
        name, rest = sealed[:_NAME_BYTES], sealed[_NAME_BYTES:]
        key = self._keys.get(name)
        if key is None:
            raise CredentialRefused(
                "A kept secret was sealed with a key that FeedHub no longer has; put the old key back behind the new"
                " one in FEEDHUB_CREDENTIALS_KEY, or add the credential anew."
            )
        try:
            return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError) as error:
            raise CredentialRefused("A kept secret was changed or moved; add the credential anew.") from error

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the first key sealed it, so that no older key is needed for it."""
        return sealed[:_NAME_BYTES] == self._first


def _key_of(secret: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_PURPOSE).derive(secret)


def _name_of(key: bytes) -> bytes:
    return blake2b(key, digest_size=_NAME_BYTES, person=b"feedhub key").digest()
