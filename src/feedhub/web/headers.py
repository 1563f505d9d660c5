"""The headers that answers carry: for caches, for other sites' scripts, for safety."""

from http import HTTPStatus

Headers = list[tuple[bytes, bytes]]

CACHED = "public, max-age=60, stale-while-revalidate=60, stale-if-error=3600"
CACHED_SHORTLY = "public, max-age=10, stale-while-revalidate=60, stale-if-error=3600"
CDN_CACHED = "max-age=5, stale-while-revalidate=10, stale-if-error=3600"
NOT_CACHED = "no-store"
REVALIDATED = "no-cache"
# Said of a copy that stands in for an answer which can't be made just now.
STALE = "feedhub-stale"

_SHORTLY = ("/posts/", "/ap/posts/", "/status")

# What a page may load: our style and our copies of pictures, our script, and nothing from elsewhere.
_PICTURES = "img-src 'self' data:;"
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; style-src 'self'; "
    f"{_PICTURES} "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_FRAMING = "frame-src 'self'; "
# Who else may show the answer in a frame, and whether it shows one itself.
_EMBEDDED = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
_BUILDER = _FRAMING + _POLICY
_PREVIEW = _FRAMING + _POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
_POLICIES = {"/embed": _EMBEDDED, "/widget": _BUILDER, "/widget/preview": _PREVIEW}

# On everything. Nothing here depends on who asks, so nothing needs to vary by it.
OPEN: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After, RateLimit, RateLimit-Policy"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]

# On what is said to one asker alone: no other site's script may read it, and nobody may keep it.
DOOR: Headers = [
    (b"cache-control", NOT_CACHED.encode()),
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]

# The doors through which anybody may look.
_OPEN_DOORS = ("/api/v1/stream", "/data/")

PREFLIGHT: Headers = [
    *OPEN,
    (b"allow", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]


def cache_headers(path: str, status: int, said: str | None) -> Headers:
    """How long an answer may be kept. What its route `said` stands; errors are not kept.

    >>> dict(cache_headers("/posts/1", 200, None))[b"cache-control"]
    b'public, max-age=10, stale-while-revalidate=60, stale-if-error=3600'
    """
    if said is not None:
        return [(b"cache-control", said.encode())]
    if status >= HTTPStatus.BAD_REQUEST and status != HTTPStatus.GONE:
        return [(b"cache-control", NOT_CACHED.encode())]
    value = CACHED_SHORTLY if path.startswith(_SHORTLY) else CACHED
    return [(b"cache-control", value.encode()), (b"cdn-cache-control", CDN_CACHED.encode())]


def door_headers(path: str) -> Headers:
    """What an answer at a door carries unless its route says otherwise.

    >>> [b"access-control-allow-origin" in dict(door_headers(path)) for path in ("/api/v1/stream", "/api/v1/webhooks")]
    [True, False]
    """
    return [*OPEN, *(each for each in DOOR if each not in OPEN)] if path.startswith(_OPEN_DOORS) else DOOR


def policy_header(path: str) -> tuple[bytes, bytes]:
    """What a browser may do with the answer; only `/embed` may stand in other sites' frames."""
    return (b"content-security-policy", _POLICIES.get(path, _POLICY).encode())


def opened_policy(headers: Headers) -> Headers:
    """`headers` whose policy lets a browser ask the platforms for pictures and films, where the publisher has it so.

    >>> opened_policy([(b"content-security-policy", b"default-src 'none'; img-src 'self' data:; font-src 'self'")])
    [(b'content-security-policy', b"default-src 'none'; img-src 'self' https: http: data:; media-src https: http:; font-src 'self'")]
    """
    opened = b"img-src 'self' https: http: data:; media-src https: http:;"
    return [
        (name, value.replace(_PICTURES.encode(), opened) if name == b"content-security-policy" else value)
        for name, value in headers
    ]
