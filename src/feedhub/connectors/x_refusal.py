"""What X's refusals mean: problem+json with a status, and `errors` in an answer of 200.

docs.x.com/x-api/fundamentals/response-codes-and-errors
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from feedhub.connectors.api import Said, refused
from feedhub.failures import (
    AccountPrivate,
    AccountSuspended,
    BadAnswer,
    NotFound,
    PaymentNeeded,
    PermissionMissing,
    RateLimited,
    TokenRefused,
    VisitFailed,
)

_BUY = (
    "Open console.x.com with the account that owns the app, add credits (or raise the spending limit) under Billing, "
    "and turn on automatic recharge. FeedHub goes on by itself then."
)
_ENROL = (
    "Open console.x.com, put the app into a project with access to API v2, make a new bearer token there, "
    "and run `feedhub credentials add x` again."
)
_RENEW = (
    "Open console.x.com, choose the app, make a new bearer token under Keys and tokens, "
    "and run `feedhub credentials add x`. What was missed is fetched then."
)
_UNPAID = ("CreditsDepleted", "SpendCapReached", "UsageCapExceeded")
_UNPAID_TYPES = ("usage-capped", "credits")


def refusal(said: Said, named: str) -> VisitFailed:
    """What an answer that is no success means; `named` is the account for people."""
    problem = said.value if isinstance(said.value, dict) else {}
    if said.status == HTTPStatus.PAYMENT_REQUIRED or _is_unpaid(problem):
        return PaymentNeeded("X wants the app's credits or plan paid before it shows more posts.", remedy=_BUY)
    match said.status:
        case HTTPStatus.UNAUTHORIZED:
            return TokenRefused("X does not accept the app's bearer token.", remedy=_RENEW)
        case HTTPStatus.FORBIDDEN:
            return _forbidden(problem, named)
        case HTTPStatus.NOT_FOUND:
            return _not_found(named)
        case HTTPStatus.TOO_MANY_REQUESTS:
            retry_at = resets_at(said) or said.answer.retry_at
            return RateLimited("X asks FeedHub to come back later.", retry_at=retry_at)
    return refused(said)


def refusal_by_errors(errors: Sequence[dict[str, Any]], named: str) -> VisitFailed:
    """What the `errors` of an answer mean that holds nothing else.

    X says that somebody is suspended with the same type as that nobody is there; only the sentence differs.
    """
    kinds = [_kind(error) for error in errors]
    if any("suspended" in str(error.get("detail", "")).lower() for error in errors):
        return AccountSuspended(f"X suspended {named}.")
    if "not-authorized-for-resource" in kinds:
        return AccountPrivate(
            f"{named} shows its posts to followers only.",
            remedy="Ask the department to turn off “Protect your posts” in the account's privacy settings.",
        )
    if "resource-not-found" in kinds:
        return _not_found(named)
    return BadAnswer("X answered with errors that FeedHub does not know.")


def resets_at(said: Said) -> datetime | None:
    """When the quota of this endpoint is full again: seconds since 1970 in a header."""
    text = said.header("x-rate-limit-reset") or ""
    # Ten digits end in the year 2286; anything longer is no such time.
    return datetime.fromtimestamp(int(text), UTC) if text.isdecimal() and len(text) <= len("9999999999") else None


def gone_id(error: dict[str, Any]) -> str | None:
    """The id of the post that this error calls gone; None for every other error, and for every doubt."""
    id = error.get("resource_id") or error.get("value")
    is_post = error.get("resource_type") in {"tweet", "post"} and error.get("parameter") in {"ids", "id", None}
    is_certain = _kind(error) == "resource-not-found" and "suspended" not in str(error.get("detail", "")).lower()
    return id if isinstance(id, str) and is_post and is_certain else None


def _kind(error: dict[str, Any]) -> str:
    return str(error.get("type", "")).rpartition("/")[2]


def _is_unpaid(problem: dict[str, Any]) -> bool:
    return problem.get("title") in _UNPAID or _kind(problem) in _UNPAID_TYPES


def _forbidden(problem: dict[str, Any], named: str) -> VisitFailed:
    if _kind(problem) == "not-authorized-for-resource":
        return refusal_by_errors([problem], named)
    reasons = {
        "client-forbidden": "X does not let the app use API v2: it belongs to no project, or its plan does not allow it.",
        "unsupported-authentication": "X wants another kind of token: FeedHub needs the app's bearer token.",
    }
    fallback = "X forbids the app to read posts; it may have been suspended."
    return PermissionMissing(reasons.get(_kind(problem), fallback), remedy=_ENROL)


def _not_found(named: str) -> NotFound:
    return NotFound(
        f"X knows no account {named}.",
        remedy="Check the handle: it may have been renamed or deactivated. Register x.com/i/user/ID to follow renames.",
    )
