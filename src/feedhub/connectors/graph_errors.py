"""What Meta's Graph API means by its errors and usage headers.

developers.facebook.com/docs/graph-api/guides/error-handling
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from feedhub.accounts.account import Platform
from feedhub.connectors.api import Said, refused
from feedhub.connectors.loose import record_in, text_in
from feedhub.failures import (
    AccountUnsupported,
    Forbidden,
    NotFound,
    PermissionMissing,
    RateLimited,
    ServerFailed,
    StatusRefused,
    TokenExpired,
    TokenRefused,
    VisitFailed,
)

_LIMITS = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
_PERMISSIONS = frozenset({3, 10, *range(200, 300)})
_BROKEN = frozenset({1, 2})
_SESSION = frozenset({102, 190})
_ABSENT, _NO_SUCH_ALIAS, _PARAMETER, _NO_USER, _BLOCKED = 24, 803, 100, 110, 368
_UNREACHABLE_ID = 33
_CANNOT_FIND_USER = 2_207_013
# developers.facebook.com/docs/facebook-login/guides/access-tokens/debugging
_EXPIRED = 463
_REVOKED = {
    458: "its owner removed the app",
    459: "Facebook wants its owner to log in and confirm who they are",
    460: "its owner changed the password, or Facebook ended the session",
    464: "its owner's account is not confirmed",
    467: "it was withdrawn",
    492: "its owner has no role on the Page any more",
}
_SCOPE = re.compile(r"\b((?:pages|instagram|threads|business)_[a-z_]+)\b")
_ASKS_REVIEW = ("permission", "Public Content Access", "reviewable feature")
# Meta repeats a malformed token in its message, and whatever else it was sent.
_SECRET = re.compile(r"[^\s'\",]{25,}")
_LONGEST = 300  # characters of a message

_AGAIN = {
    Platform.INSTAGRAM: "Make a new token as docs/platforms/instagram.md says and run `feedhub credentials add instagram`"
    " (for an account's own token, `feedhub credentials link`). What was missed is fetched then.",
    Platform.FACEBOOK: "Make a new token for the system user in Meta's Business settings (System users, Generate token)"
    " and run `feedhub credentials add facebook`. What was missed is fetched then.",
    Platform.THREADS: "Run `feedhub credentials link` for the account and send its admin the address. What was missed is"
    " fetched then.",
}
_UNSUPPORTED = (
    "Check the spelling first. If it is right: open Instagram as this account, Settings, Account type and tools,"
    " Switch to professional account, choose Business; posts and followers stay. Age limits must be off too."
)
_PROOF = (
    "In the app's dashboard at developers.facebook.com open App settings, Advanced, Security and switch"
    ' "Require app secret" off; and give the system user a task on the Page, so that it has a Page token.'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error of the Graph API. 0 stands for a code that was not given."""

    code: int
    subcode: int
    message: str
    is_transient: bool = False

    @property
    def is_absence(self) -> bool:
        """Whether it says of one object, asked for by its id, that it does not exist (any more, for us)."""
        return self.code == _ABSENT or (self.code == _PARAMETER and self.subcode == _UNREACHABLE_ID)

    @property
    def is_permission(self) -> bool:
        """Whether the token does not allow what was asked."""
        asks_review = self.code == _PARAMETER and any(word in self.message for word in _ASKS_REVIEW)
        return self.code in _PERMISSIONS or (asks_review and not self.is_absence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The highest share of any budget that was used, and the minutes until we may go on (0 = not said)."""

    percent: float = 0.0
    regained_in: int = 0


def fault_in(said: Said) -> Fault | None:
    """The error that an answer holds.

    A refusal without one (a proxy's, an outage's) is none: it says nothing about any object.
    """
    value = said.value
    if not isinstance(value, dict) or not value.get("error"):
        return None
    error = record_in(value, "error")
    return Fault(
        code=_number(error.get("code")),
        subcode=_number(error.get("error_subcode")),
        message=_SECRET.sub("…", text_in(error, "message"))[:_LONGEST],
        is_transient=error.get("is_transient") is True,
    )


def refusal_of(said: Said, platform: Platform, *, now: datetime, named: str = "the account") -> VisitFailed:
    """The named outcome of a refusal. `named` is whom we asked about."""
    fault = fault_in(said)
    if fault is None:
        return refused(said)
    name, code = platform.title(), fault.code
    if code in _SESSION:
        return _token_failure(fault, platform)
    if code in _LIMITS:
        minutes = usage_in(said).regained_in or 60
        return RateLimited(
            f"{name} says that FeedHub's app asked too often (code {code}).", retry_at=now + timedelta(minutes=minutes)
        )
    if fault.is_permission:
        return _permission_failure(fault, platform)
    if code == _NO_USER or fault.subcode == _CANNOT_FIND_USER:
        return AccountUnsupported(
            f"Instagram finds no professional account {named}: it does not exist, was renamed, or is a personal account.",
            remedy=_UNSUPPORTED,
        )
    return _other_failure(fault, name, named)


def usage_in(said: Said) -> Usage:
    """What both usage headers say; the worst counts."""
    app = _json(said.header("x-app-usage"))
    businesses = _json(said.header("x-business-use-case-usage"))
    rows = [app, *(row for uses in businesses.values() if isinstance(uses, list) for row in uses)]
    known = [row for row in rows if isinstance(row, dict)]
    shares = [_share(row.get(name)) for row in known for name in ("call_count", "total_time", "total_cputime")]
    minutes = [_number(row.get("estimated_time_to_regain_access")) for row in known]
    return Usage(percent=max(shares, default=0.0), regained_in=min(max(minutes, default=0), 24 * 60))


def _token_failure(fault: Fault, platform: Platform) -> VisitFailed:
    name, again = platform.title(), _AGAIN[platform]
    if fault.subcode == _EXPIRED or (not fault.subcode and "expired" in fault.message):
        return TokenExpired(f"The token by which {name} is read is over.", remedy=again)
    why = _REVOKED.get(fault.subcode, "it is not valid")
    return TokenRefused(f"{name} refuses the token: {why}.", remedy=again)


def _permission_failure(fault: Fault, platform: Platform) -> VisitFailed:
    if "app secret proof" in fault.message:
        return PermissionMissing(f"{platform.title()} wants an app secret proof or a Page token.", remedy=_PROOF)
    scopes = list(dict.fromkeys(_SCOPE.findall(fault.message)))
    wanted = f"the permission {scopes[0]}" if scopes else "a permission that this needs"
    return PermissionMissing(
        f"{platform.title()} says that the token lacks {wanted} (code {fault.code}).",
        remedy=f"Make the token again with all permissions that docs/platforms/{platform}.md lists, and check that its"
        " user has a task on the Page or account.",
    )


def _other_failure(fault: Fault, name: str, named: str) -> VisitFailed:
    if fault.is_absence or fault.code == _NO_SUCH_ALIAS:
        return NotFound(
            f"{name} does not know {named}, or does not show it to this token.",
            remedy="Check the address: it may have been renamed or deleted; and check that the token's user may see it.",
        )
    if fault.code == _BLOCKED:
        return Forbidden(
            f"{name} blocked this app or user for a while because of its policies.",
            remedy="Open the app's dashboard at developers.facebook.com and read its alerts.",
        )
    if fault.code in _BROKEN or fault.is_transient:
        return ServerFailed(f"{name} has a fault of its own just now (code {fault.code}).")
    return StatusRefused(
        f"{name} refused the question (code {fault.code}): {fault.message or 'it does not say why'}.",
        remedy="Update FeedHub: Meta ends old versions of its API. If it is the newest, report this sentence.",
    )


def _json(header: str | None) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(header or "{}")
    except (msgspec.DecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _share(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0
