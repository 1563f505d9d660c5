"""Asking LinkedIn's versioned API, and what its refusals mean (learn.microsoft.com/linkedin/shared/api-guide/concepts)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from feedhub.connectors.api import Said, ask, refused
from feedhub.connectors.http import Http
from feedhub.connectors.loose import text_in
from feedhub.failures import (
    NotFound,
    PermissionMissing,
    RateLimited,
    StatusRefused,
    TokenExpired,
    TokenRefused,
    VisitFailed,
)

VERSION: Final = "202610"  # LinkedIn keeps each month's version for about a year

_RECENT: Final = timedelta(days=75)  # a version so old is out for sure, and far from its end
_HOUR: Final = timedelta(hours=1)
_CONNECT_AGAIN: Final = (
    "Run `feedhub credentials link ACCOUNT` and let the page's admin connect it again; what was missed is fetched then."
)


async def asked(http: Http, url: str, *, token: str, version: str, method: str | None = None, now: datetime) -> Said:
    """LinkedIn's answer to a GET, whatever its status; `method` is Rest.li's name for the kind of question."""
    headers = {"LinkedIn-Version": version, "X-Restli-Protocol-Version": "2.0.0"}
    if method is not None:
        headers["X-RestLi-Method"] = method
    return await ask(http, url, token=token, headers=headers, now=now)


def recent_version(now: datetime) -> str:
    """The version to try once ours has been retired.

    >>> from datetime import UTC
    >>> recent_version(datetime(2028, 1, 20, tzinfo=UTC))
    '202711'
    """
    return f"{now - _RECENT:%Y%m}"


def is_retired(said: Said) -> bool:
    """Whether LinkedIn no longer speaks the version that we asked in."""
    return said.status == HTTPStatus.UPGRADE_REQUIRED


def refusal(said: Said, *, whom: str, now: datetime) -> VisitFailed:
    """What a refusal means: `{"status", "code", "serviceErrorCode", "message"}`."""
    words = text_in(said.value, "message")
    match said.status:
        case HTTPStatus.UNAUTHORIZED:
            return _token_refusal(text_in(said.value, "code"), words, whom)
        case HTTPStatus.FORBIDDEN:
            return PermissionMissing(
                f"LinkedIn does not let this credential read the posts of {whom}.",
                remedy="Let an administrator of the page connect it, with r_organization_social granted to the app.",
            )
        case HTTPStatus.NOT_FOUND:
            return NotFound(f"LinkedIn knows no page {whom}.", remedy="Check the page's address; it may be renamed.")
        case HTTPStatus.UPGRADE_REQUIRED:
            return StatusRefused(
                "LinkedIn no longer speaks the version of its API in which FeedHub asks.",
                remedy="Update FeedHub.",
            )
        case HTTPStatus.TOO_MANY_REQUESTS:
            until = said.answer.retry_at or (_midnight(now) if " DAY " in words else now + _HOUR)
            return RateLimited("LinkedIn asks FeedHub to come back later.", retry_at=until)
    return refused(said)


def _token_refusal(code: str, words: str, whom: str) -> VisitFailed:
    if "EXPIRED" in code or "expired" in words:
        return TokenExpired(f"LinkedIn's permission for {whom} has run out.", remedy=_CONNECT_AGAIN)
    return TokenRefused(f"LinkedIn does not accept the credential of {whom} any more.", remedy=_CONNECT_AGAIN)


def login_refusal(value: Mapping[str, object] | object, said: Said) -> VisitFailed:
    """What a renewal's refusal means (RFC 6749 section 5.2)."""
    error, words = text_in(value, "error"), text_in(value, "error_description")
    if error in {"invalid_grant", "invalid_request"}:
        return TokenExpired("LinkedIn's permission for this page ran out or was taken back.", remedy=_CONNECT_AGAIN)
    if error:
        return TokenRefused(
            f"LinkedIn does not accept FeedHub's app: {(words or error).rstrip('.')[:200]}.",
            remedy="Check the app's client id and secret: `feedhub credentials add linkedin --app`.",
        )
    return refused(said)


def _midnight(now: datetime) -> datetime:
    """Daily limits begin anew at midnight UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
