"""Whether the asker has it already: ETag, If-None-Match, If-Modified-Since (RFC 9110 section 13)."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b

# Weak or strong, and whatever a server in front of us appended for its own coding.
_TAG = re.compile(r'(?:W/)?"([0-9a-f]{32})[^",]*"')
_DIGEST_BYTES = 16


def digest_of(body: bytes) -> str:
    """What every coding's ETag of this body begins with: equal in every process.

    >>> len(digest_of(b"kabar"))
    32
    """
    return blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()


def etag(digest: str, coding: str) -> str:
    """The strong ETag of one coding of a body.

    >>> etag("ab", "gzip"), etag("ab", "identity")
    ('"ab-gzip"', '"ab"')
    """
    return f'"{digest}"' if coding == "identity" else f'"{digest}-{coding}"'


def names(if_none_match: str, digest: str) -> bool:
    """Whether an If-None-Match header knows this body in any coding.

    >>> names('"0", W/"00000000000000000000000000000000-gzip"', "0" * 32), names("*", "0" * 32), names('"0"', "0" * 32)
    (True, True, False)
    """
    return if_none_match.strip() == "*" or digest in _TAG.findall(if_none_match)


def is_unmodified(if_modified_since: str, modified: datetime) -> bool:
    """Whether nothing is newer than what the asker has; a date that can't be read is ignored.

    >>> at = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    >>> is_unmodified("Fri, 20 Nov 2026 01:00:00 GMT", at), is_unmodified("Fri, 20 Nov 2026 00:59:59 GMT", at)
    (True, False)
    >>> is_unmodified("yesterday", at)
    False
    """
    try:
        since = parsedate_to_datetime(if_modified_since)
    except (ValueError, OverflowError):
        return False
    return modified.replace(microsecond=0) <= (since if since.tzinfo else since.replace(tzinfo=UTC))


def http_date(at: datetime) -> str:
    """A moment as headers write it.

    >>> http_date(datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    'Fri, 20 Nov 2026 01:00:00 GMT'
    """
    return format_datetime(at.astimezone(UTC), usegmt=True)
