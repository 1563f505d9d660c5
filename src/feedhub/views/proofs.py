"""Proofs: what a version of a post said as one canonical text, and the signature over it."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import ZoneInfo

import orjson
from typing_extensions import TypedDict  # as in api_shapes

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post
from feedhub.posts.proofs import ALGORITHM, ProofKey
from feedhub.views.api import notice_json
from feedhub.views.channel import rfc3339, urn

# No other text that this key ever signs begins a new meaning with this name.
_STATEMENT = "feedhub.version.1"


class ProofJson(TypedDict):
    """`signed` is the canonical text (RFC 8785), so that a copy of the proof proves itself; `key` names the key."""

    key: str
    algorithm: str
    signed: str
    signature: str


class KeyJson(TypedDict):
    """A public key as JWK (RFC 8037), with when it was made and until when it signed."""

    kty: str
    crv: str
    alg: str
    use: str
    kid: str
    x: str
    made_at: str
    retired_at: str | None


class KeysJson(TypedDict):
    """Every key that ever signed, the one in use first (a JWK Set, RFC 7517)."""

    keys: list[KeyJson]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Who signs: the key's name, and what signs bytes with it."""

    key: str
    sign: Callable[[bytes], bytes]


def proof_json(kept: KeptPost, post: Post, *, publisher: Publisher, public_url: str, seal: Seal) -> ProofJson:
    """The proof of one version."""
    signed = statement(kept, post, publisher=publisher, public_url=public_url)
    signature = b64encode(seal.sign(signed)).decode()
    return {"key": seal.key, "algorithm": ALGORITHM, "signed": signed.decode(), "signature": signature}


def statement(kept: KeptPost, post: Post, *, publisher: Publisher, public_url: str) -> bytes:
    """What a version said, as the JSON Canonicalization Scheme writes it.

    Names are ASCII and numbers whole, so sorting by bytes and orjson's way with strings are that scheme; a test
    holds it against another writer.
    """
    zone, account, department = ZoneInfo(publisher.time_zone), kept.account, kept.department
    told = {
        "statement": _STATEMENT,
        "id": str(kept.id),
        "uri": urn(kept.id),
        "version": kept.version,
        "change": kept.change,
        "publisher": publisher.name,
        "department": {"slug": department.slug, "name": department.name},
        "account": {"id": str(account.id), "platform": account.platform.value, "url": account.url},
        "public_url": f"{public_url}/posts/{kept.id}",
        "source_url": post.source_url,
        "published_at": rfc3339(kept.published_at, zone),
        "version_at": rfc3339(kept.updated_at, zone),
        "language": post.language,
        "title": post.title,
        "content_text": post.content_text,
        "content_html_sha256": sha256(post.content_html.encode()).hexdigest(),
        "media": [medium.url for medium in post.media],
        "notice": notice_json(kept.notice, zone),
    }
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def keys_document(keys: Iterable[ProofKey], zone: ZoneInfo) -> bytes:
    """`/.well-known/feedhub-keys.json`."""
    told: KeysJson = {"keys": [_key_json(key, zone) for key in keys]}
    return orjson.dumps(told)


def _key_json(key: ProofKey, zone: ZoneInfo) -> KeyJson:
    return {
        "kty": "OKP",
        "crv": ALGORITHM,
        "alg": "EdDSA",
        "use": "sig",
        "kid": key.id,
        "x": key.x,
        "made_at": rfc3339(key.made_at, zone),
        "retired_at": rfc3339(key.retired_at, zone) if key.retired_at else None,
    }
