"""What TikTok's envelopes and its login's answers mean (developers.tiktok.com/doc/tiktok-api-v2-error-handling)."""

from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from feedhub.accounts.credential import Credential
from feedhub.connectors.api import Said, refused
from feedhub.connectors.loose import number_in, record_in, text_in
from feedhub.failures import (
    BadAnswer,
    PermissionMissing,
    RateLimited,
    ServerFailed,
    StatusRefused,
    TokenExpired,
    TokenRefused,
    VisitFailed,
)

_WINDOW: Final = timedelta(minutes=1)  # 600 questions a minute, sliding
_APP_REFUSED: Final = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type"})
_CONNECT_AGAIN: Final = "Run `feedhub credentials link ACCOUNT` and let the account's admin connect it again; what was missed is fetched then."
_ASK_FOR_SCOPE: Final = (
    "Ask TikTok to review the app for user.info.basic and video.list, then let the account's admin connect it again."
)


def judged(said: Said, *, now: datetime) -> Said:
    """The same answer, if it is one.

    Raises:
        VisitFailed: TikTok refused; its own word says why.
    """
    error = record_in(said.value, "error")
    code = text_in(error, "code")
    if code == "ok" or (said.is_ok and not code and isinstance(record_in(said.value).get("data"), dict)):
        return said
    if not code:
        raise BadAnswer("TikTok answers with something that is not its envelope.") if said.is_ok else refused(said)
    raise _refusal(code, text_in(error, "message"), said, now=now)


def renewed_with(credential: Credential, said: Said, *, now: datetime) -> Credential:
    """The credential that a login's answer renews.

    Raises:
        VisitFailed: it does not.
    """
    value = record_in(said.value)
    if "data" in value and value.get("code") == 0:  # TikTok for Business wraps the same fields
        value = record_in(value, "data")
    token = text_in(value, "access_token")
    if not (said.is_ok and token):
        raise _login_refusal(said)
    lasts = number_in(value, "refresh_expires_in") or number_in(value, "refresh_token_expires_in")
    open_id = text_in(value, "open_id")
    return replace(
        credential,
        token=token,
        refresh_token=text_in(value, "refresh_token") or credential.refresh_token,
        issued_at=now,
        expires_at=_end(number_in(value, "expires_in"), now),
        refresh_expires_at=_end(lasts, now) or credential.refresh_expires_at,
        others=credential.others | ({"open_id": open_id} if open_id else {}),
    )


def _refusal(code: str, message: str, said: Said, *, now: datetime) -> VisitFailed:
    words = message.rstrip(".")[:200] or code
    match code:
        case "access_token_invalid" | "access_token_expired" | "invalid_token":
            return TokenRefused("TikTok does not accept the account's credential any more.", remedy=_CONNECT_AGAIN)
        case "scope_not_authorized" | "scope_permission_missed":
            return PermissionMissing(f"TikTok does not let the credential read this: {words}.", remedy=_ASK_FOR_SCOPE)
        case "rate_limit_exceeded":
            return RateLimited(
                "TikTok asks FeedHub to come back later.", retry_at=said.answer.retry_at or now + _WINDOW
            )
        case "internal_error" | "service_unavailable":
            return ServerFailed("TikTok is broken just now.")
    return StatusRefused(
        f"TikTok refused the question ({code}): {words}.",
        remedy="FeedHub tries again by itself; if this lasts, update FeedHub: TikTok changed what it takes.",
    )


def _login_refusal(said: Said) -> VisitFailed:
    error = text_in(said.value, "error")
    words = text_in(said.value, "error_description") or text_in(said.value, "message") or error
    if not error:
        code = number_in(said.value, "code")
        return TokenExpired("TikTok did not renew the credential.", remedy=_CONNECT_AGAIN) if code else _odd(said)
    if error in _APP_REFUSED:
        return TokenRefused(
            f"TikTok does not accept FeedHub's app: {words.rstrip('.')[:200]}.",
            remedy="Check the app's client key and secret: `feedhub credentials add tiktok --app`.",
        )
    if error == "invalid_grant":
        return TokenExpired("TikTok's permission for this account ran out or was taken back.", remedy=_CONNECT_AGAIN)
    return TokenRefused(f"TikTok did not renew the credential: {words.rstrip('.')[:200]}.", remedy=_CONNECT_AGAIN)


def _odd(said: Said) -> VisitFailed:
    if said.is_ok or said.status == HTTPStatus.BAD_REQUEST:
        return BadAnswer("TikTok answers a renewal with something that is no token.")
    return refused(said)


def _end(seconds: int | None, now: datetime) -> datetime | None:
    return now + timedelta(seconds=min(seconds, 10**9)) if seconds and seconds > 0 else None
