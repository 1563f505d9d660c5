"""Content codings: which one the asker wants, and the bytes in it."""

import gzip
import re
from typing import Literal

import zstandard

Coding = Literal["zstd", "gzip", "identity"]

_SMALLEST = 256  # bytes; below, a coding costs more than it saves
_GZIP_LEVEL = 6
_ZSTD_LEVEL = 9  # as small as gzip's 6 at a fifth of its time; a kept answer is compressed once
_PART = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?", re.IGNORECASE)
_TEXT = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:(?:x-nd)?json|xml|javascript)\b|image/svg\+xml")


def is_compressible(media_type: str, body: bytes) -> bool:
    """Whether a coding makes `body` smaller.

    >>> is_compressible("application/rss+xml; charset=utf-8", b"x" * 999), is_compressible("image/webp", b"x" * 999)
    (True, False)
    """
    return len(body) >= _SMALLEST and bool(_TEXT.match(media_type))


def wanted_coding(accept_encoding: str) -> Coding:
    """The best coding that the asker takes (RFC 9110 section 12.5.3).

    >>> wanted_coding("gzip, deflate, br, zstd"), wanted_coding("gzip;q=1.0, zstd;q=0.5"), wanted_coding("br")
    ('zstd', 'gzip', 'identity')
    >>> wanted_coding("*"), wanted_coding("gzip;q=0"), wanted_coding("")
    ('zstd', 'identity', 'identity')
    """
    said: dict[str, float] = {}
    for part in accept_encoding.split(","):
        if match := _PART.fullmatch(part):
            said[match[1].lower()] = float(match[2] or 1)
    rest = said.get("*", 0.0)
    zstd, plain_gzip = said.get("zstd", rest), said.get("gzip", said.get("x-gzip", rest))
    if not zstd and not plain_gzip:
        return "identity"
    return "zstd" if zstd >= plain_gzip else "gzip"


def coded(body: bytes, coding: Coding) -> bytes:
    """`body` in `coding`; the same bytes each time.

    >>> gzip.decompress(coded(b"kabar", "gzip"))
    b'kabar'
    """
    match coding:
        case "zstd":
            return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
        case "gzip":
            return gzip.compress(body, _GZIP_LEVEL, mtime=0)
        case "identity":
            return body
