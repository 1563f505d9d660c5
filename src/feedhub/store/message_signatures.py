"""Signing requests and reading who signed one: the fediverse's draft form, and RFC 9421; both with RSA and SHA-256."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256, sha512
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from feedhub.errors import SignatureRefused

PrivateKey = RSAPrivateKey
DRAFT, RFC9421 = "draft", "rfc9421"

# What was signed longer ago may be a recording; Mastodon allows as much.
OLDEST, NEWEST = timedelta(hours=12), timedelta(hours=1)
# A shorter key can be broken, a longer one costs too much to check.
_KEY_BITS = range(2048, 8193)

# Begins where a word does, else a long word without a value is looked through from each of its letters.
_DRAFT_PART = re.compile(r'\b([A-Za-z]+)=(?:"([^"]*)"|(\d+))')
# RFC 8941: a member of Signature-Input is an inner list of names with parameters.
_INPUT = re.compile(r'([a-z*][a-z0-9_.*-]*)=(\(((?:"[a-z0-9@-]+"(?: +(?="))?)*)\)((?:;[a-z]+=(?:"[^"\\]*"|\d+))*))')
_INPUT_PARAMETER = re.compile(r';([a-z]+)=(?:"([^"\\]*)"|(\d+))')
_BYTES = r"(?:^|,)\s*{label}=:([A-Za-z0-9+/=]*):"
_CONTENT_DIGEST = re.compile(r"(?:^|,)\s*(sha-256|sha-512)=:([A-Za-z0-9+/=]*):")
_DIGESTS = {"sha-256": sha256, "sha-512": sha512}
_SECONDS = re.compile(r"[0-9]{1,11}")
_RSA = "rsa-v1_5-sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """A request as its signer saw it. `url` is our public address, whatever the Host header says; names in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a request says about its signature: whose key, over what, and the signature itself."""

    key: str
    signed: bytes
    signature: bytes

    def fits(self, public_pem: str) -> bool:
        """Whether the owner of this key signed it."""
        try:
            key = load_pem_public_key(public_pem.encode())
        except (ValueError, UnsupportedAlgorithm):
            return False
        if not isinstance(key, RSAPublicKey) or key.key_size not in _KEY_BITS:
            return False
        try:
            key.verify(self.signature, self.signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


def claim_of(request: SignedRequest, *, now: datetime) -> Claim:
    """Who claims to have signed `request`: its body, its address and a time that is not long ago.

    Raises:
        SignatureRefused: nothing of the kind is said, or it leaves out something that must be signed.
    """
    if "signature-input" in request.headers:
        return _claim_by_rfc(request, now)
    if "signature" in request.headers:
        return _claim_by_draft(request, now)
    raise SignatureRefused("This request is not signed; sign it as draft-cavage-http-signatures or RFC 9421 say.")


def signing_key(private_pem: bytes) -> PrivateKey:
    """A key ready to sign. Opening it costs a hundred signatures (it is checked for primes), so keep it."""
    loaded = load_pem_private_key(private_pem, password=None)
    if not isinstance(loaded, RSAPrivateKey):
        raise TypeError("actors sign with RSA")
    return loaded


def signed_headers(
    request: SignedRequest, *, form: str, key: str, private: PrivateKey, now: datetime
) -> dict[str, str]:
    """The headers that sign `request` in one of the two forms, its own included. `key` is the id of the pair."""
    sign = _signed_by_rfc if form == RFC9421 else _signed_by_draft
    return sign(request, key, private, now)


# The draft (draft-cavage-http-signatures-12), as the fediverse has it


def _signed_by_draft(request: SignedRequest, key: str, private: RSAPrivateKey, now: datetime) -> dict[str, str]:
    digest = b64encode(sha256(request.body).digest()).decode()
    headers = {
        **request.headers,
        "host": urlsplit(request.url).netloc,
        "date": format_datetime(now, usegmt=True),
        "digest": f"SHA-256={digest}",
    }
    names = ["(request-target)", "host", "date", "digest"]
    if "content-type" in headers:
        names.append("content-type")
    text = _draft_text(SignedRequest(method=request.method, url=request.url, headers=headers), names, {})
    signature = b64encode(private.sign(text, PKCS1v15(), SHA256())).decode()
    said = f'keyId="{key}",algorithm="rsa-sha256",headers="{" ".join(names)}",signature="{signature}"'
    return headers | {"signature": said}


def _claim_by_draft(request: SignedRequest, now: datetime) -> Claim:
    parts = {name: text or number for name, text, number in _DRAFT_PART.findall(request.headers["signature"])}
    names = parts.get("headers", "date").lower().split()
    if parts.get("algorithm", "hs2019").lower() not in {"hs2019", "rsa-sha256"}:
        raise SignatureRefused("Sign with RSA and SHA-256; this algorithm is another one.")
    if "(request-target)" not in names or "host" not in names:
        raise SignatureRefused("Sign (request-target) and host as well.")
    if request.body and ("digest" not in names or not _has_digest(request)):
        raise SignatureRefused("Sign a Digest (SHA-256) of the body; this one is missing or does not fit.")
    _hold_time(_draft_time(request, names, parts), now)
    return Claim(
        key=parts.get("keyId", ""),
        signed=_draft_text(request, names, parts),
        signature=_decoded(parts.get("signature", "")),
    )


def _draft_time(request: SignedRequest, names: list[str], parts: Mapping[str, str]) -> datetime | None:
    if "(created)" in names:
        return _moment(parts.get("created", ""))
    if "date" not in names:
        return None
    try:
        at = parsedate_to_datetime(request.headers.get("date", ""))
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo else None


def _draft_text(request: SignedRequest, names: list[str], parts: Mapping[str, str]) -> bytes:
    url = urlsplit(request.url)
    target = url.path + (f"?{url.query}" if url.query else "")
    derived = {
        "(request-target)": f"{request.method.lower()} {target}",
        "(created)": parts.get("created", ""),
        "(expires)": parts.get("expires", ""),
        "host": url.netloc,
    }
    lines = [f"{name}: {derived.get(name) or _field(request, name)}" for name in names]
    return "\n".join(lines).encode()


def _has_digest(request: SignedRequest) -> bool:
    wanted = b64encode(sha256(request.body).digest()).decode()
    said = [part.strip().partition("=") for part in request.headers.get("digest", "").split(",")]
    return any(name.lower() == "sha-256" and value == wanted for name, _, value in said)


# RFC 9421


def _signed_by_rfc(request: SignedRequest, key: str, private: RSAPrivateKey, now: datetime) -> dict[str, str]:
    digest = b64encode(sha256(request.body).digest()).decode()
    headers = {**request.headers, "content-digest": f"sha-256=:{digest}:"}
    names = ["@method", "@target-uri", "content-digest"]
    inner = " ".join(f'"{name}"' for name in names)
    parameters = f'({inner});created={int(now.timestamp())};keyid="{key}";alg="{_RSA}"'
    text = _rfc_text(SignedRequest(method=request.method, url=request.url, headers=headers), names, parameters)
    signature = b64encode(private.sign(text, PKCS1v15(), SHA256())).decode()
    return headers | {"signature-input": f"sig1={parameters}", "signature": f"sig1=:{signature}:"}


def _claim_by_rfc(request: SignedRequest, now: datetime) -> Claim:
    found = _INPUT.match(request.headers["signature-input"].strip())
    if found is None:
        raise SignatureRefused(
            "The Signature-Input can't be read; name plain components, as RFC 9421 section 4.1 does."
        )
    label, parameters, inner, tail = found.groups()
    names = re.findall(r'"([^"]+)"', inner)
    said = {name: text or number for name, text, number in _INPUT_PARAMETER.findall(tail)}
    if said.get("alg", _RSA) != _RSA:
        raise SignatureRefused(f"Sign with {_RSA}; this algorithm is another one.")
    if "@method" not in names or not {"@target-uri", "@request-target", "@path"} & {*names}:
        raise SignatureRefused("Sign @method and @target-uri as well.")
    if "@target-uri" not in names and "@authority" not in names:
        raise SignatureRefused("Sign @target-uri or @authority, so that this is for nobody but us.")
    if request.body and ("content-digest" not in names or not _has_content_digest(request)):
        raise SignatureRefused("Sign a Content-Digest of the body; this one is missing or does not fit.")
    _hold_time(_moment(said.get("created", "")), now)
    if (ends := _moment(said.get("expires", ""))) is not None and ends < now:
        raise SignatureRefused("This signature has expired; sign anew.")
    value = re.search(_BYTES.format(label=re.escape(label)), request.headers.get("signature", ""))
    return Claim(
        key=said.get("keyid", ""),
        signed=_rfc_text(request, names, parameters),
        signature=_decoded(value[1] if value else ""),
    )


def _rfc_text(request: SignedRequest, names: list[str], parameters: str) -> bytes:
    url = urlsplit(request.url)
    derived = {
        "@method": request.method.upper(),
        "@target-uri": request.url,
        "@authority": url.netloc.lower(),
        "@scheme": url.scheme,
        "@path": url.path or "/",
        "@query": f"?{url.query}",
        "@request-target": url.path + (f"?{url.query}" if url.query else ""),
        "host": url.netloc,
    }
    if len(set(names)) < len(names) or any(name.startswith("@") and name not in derived for name in names):
        raise SignatureRefused("One component is signed twice, or is one that a request does not have.")
    lines = [f'"{name}": {derived.get(name) or _field(request, name)}' for name in names]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def _has_content_digest(request: SignedRequest) -> bool:
    said = _CONTENT_DIGEST.findall(request.headers.get("content-digest", ""))
    return bool(said) and all(
        b64encode(_DIGESTS[name](request.body).digest()).decode() == value for name, value in said
    )


# Both


def _field(request: SignedRequest, name: str) -> str:
    if (value := request.headers.get(name)) is None:
        raise SignatureRefused(f"The signature covers {name[:40]!r}, which is not there.")
    return value.strip()


def _hold_time(at: datetime | None, now: datetime) -> None:
    if at is None or not now - OLDEST <= at <= now + NEWEST:
        raise SignatureRefused("Sign the time (Date or created), within 12 hours; this is missing or too far off.")


def _moment(seconds: str) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), tz=UTC) if _SECONDS.fullmatch(seconds) else None


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return b""
