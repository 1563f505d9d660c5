"""What YouTube's refusals mean: `{"error": {"code": …, "errors": [{"reason": …}]}}`.

developers.google.com/youtube/v3/docs/errors
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from feedhub.connectors.api import Said, refused
from feedhub.failures import (
    AccountPrivate,
    AccountSuspended,
    CredentialMissing,
    Forbidden,
    NotFound,
    PermissionMissing,
    RateLimited,
    TokenExpired,
    TokenRefused,
    VisitFailed,
)

TIME_ZONE = "America/Los_Angeles"  # Google counts its days there

_CONSOLE = "Open console.cloud.google.com with the account that owns the project"
_NEW_KEY = (
    f"{_CONSOLE}, make a new API key under APIs & Services → Credentials, restrict it to YouTube Data API v3, "
    "and run `feedhub credentials add youtube`."
)
_SWITCH_ON = f"{_CONSOLE}, choose APIs & Services → Library → YouTube Data API v3, and press Enable."
_UNRESTRICT = (
    f"{_CONSOLE}, open the key under APIs & Services → Credentials, and allow this server's address "
    "and YouTube Data API v3 in its restrictions."
)
_QUOTA = (
    "Nothing needs to be done; FeedHub goes on at midnight in California. If this comes often, ask Google for "
    "a higher quota (console.cloud.google.com → YouTube Data API v3 → Quotas)."
)
_KEY_REASONS = ("keyInvalid", "API_KEY_INVALID", "authError", "unauthorized", "UNAUTHENTICATED")
_EXPIRED_REASONS = ("keyExpired", "API_KEY_EXPIRED")
_QUOTA_REASONS = ("quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg", "RESOURCE_EXHAUSTED")
_PACE_REASONS = ("rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED")
_OFF_REASONS = ("accessNotConfigured", "SERVICE_DISABLED")
_RESTRICTED_REASONS = (
    "ipRefererBlocked",
    "API_KEY_IP_ADDRESS_BLOCKED",
    "API_KEY_HTTP_REFERRER_BLOCKED",
    "API_KEY_SERVICE_BLOCKED",
)


def refusal(said: Said, named: str, *, now: datetime) -> VisitFailed:
    """What an answer that is no success means; `named` is the channel for people."""
    for reason in reasons_in(said.value):
        if reason in _MEANINGS:
            return _MEANINGS[reason](named, now)
    return refused(said)


def reasons_in(value: object) -> list[str]:
    """Google's words for what is wrong, the most exact first; older and newer answers put them in other places."""
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict):
        return []
    told = [one.get("reason") for key in ("details", "errors") for one in _objects(error.get(key))]
    return [reason for reason in [*told, error.get("status")] if isinstance(reason, str)]


def not_found(named: str) -> NotFound:
    return NotFound(
        f"YouTube shows no channel {named}.",
        remedy="Check the address: the channel may have been renamed, removed or suspended. "
        "Register its lasting address, youtube.com/channel/UC….",
    )


def id_needed(named: str) -> CredentialMissing:
    """Without a key only the feed is left, and it wants the channel's id."""
    return CredentialMissing(
        f"Without an API key FeedHub can't find out which channel {named} is.",
        remedy="Register the channel by its id: open it on youtube.com, choose About → Share channel → Copy channel ID, "
        "and write https://www.youtube.com/channel/UC…. Or give FeedHub an API key, which also brings "
        f"deletions and live streams: {_NEW_KEY}",
    )


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _midnight(now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(TIME_ZONE))
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _key_refused(_named: str, _now: datetime) -> VisitFailed:
    return TokenRefused("YouTube does not accept the API key.", remedy=_NEW_KEY)


def _key_expired(_named: str, _now: datetime) -> VisitFailed:
    return TokenExpired("The YouTube API key has expired.", remedy=_NEW_KEY)


def _quota_spent(_named: str, now: datetime) -> VisitFailed:
    return RateLimited("The API key's daily YouTube quota is spent.", remedy=_QUOTA, retry_at=_midnight(now))


def _too_fast(_named: str, now: datetime) -> VisitFailed:
    return RateLimited("YouTube asks FeedHub to ask more slowly.", retry_at=now + timedelta(minutes=1))


def _switched_off(_named: str, _now: datetime) -> VisitFailed:
    return PermissionMissing("YouTube Data API v3 is not switched on for the key's project.", remedy=_SWITCH_ON)


def _restricted(_named: str, _now: datetime) -> VisitFailed:
    return PermissionMissing("The API key's restrictions keep FeedHub out.", remedy=_UNRESTRICT)


def _suspended(named: str, _now: datetime) -> VisitFailed:
    return AccountSuspended(f"YouTube closed or suspended the channel {named}.")


def _hidden(named: str, _now: datetime) -> VisitFailed:
    return AccountPrivate(
        f"{named} does not show its uploads to the public.", remedy="Ask the department to make its videos public."
    )


def _forbidden(named: str, _now: datetime) -> VisitFailed:
    return Forbidden(f"YouTube does not let the API key read {named}.", remedy=_UNRESTRICT)


_MEANINGS: dict[str, Callable[[str, datetime], VisitFailed]] = (
    dict.fromkeys(_KEY_REASONS, _key_refused)
    | dict.fromkeys(_EXPIRED_REASONS, _key_expired)
    | dict.fromkeys(_QUOTA_REASONS, _quota_spent)
    | dict.fromkeys(_PACE_REASONS, _too_fast)
    | dict.fromkeys(_OFF_REASONS, _switched_off)
    | dict.fromkeys(_RESTRICTED_REASONS, _restricted)
    | dict.fromkeys(("channelSuspended", "channelClosed"), _suspended)
    | dict.fromkeys(("playlistItemsNotAccessible", "playlistForbidden", "channelForbidden"), _hidden)
    | dict.fromkeys(("playlistNotFound", "channelNotFound"), lambda named, _now: not_found(named))
    | dict.fromkeys(("forbidden", "insufficientPermissions", "PERMISSION_DENIED"), _forbidden)
)
