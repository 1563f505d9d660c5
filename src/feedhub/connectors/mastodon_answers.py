"""What an instance of Mastodon answers beside statuses: refusals, and how often it may be asked."""

from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from feedhub.accounts.account import Account
from feedhub.connectors.api import Said, refused
from feedhub.connectors.contract import Limits
from feedhub.connectors.loose import text_in
from feedhub.failures import AccountSuspended, NotFound, RateLimited, Unauthorized, VisitFailed
from feedhub.posts.dates import read_date

_LONGEST_WINDOW = timedelta(hours=24)


def refusal_of(said: Said, account: Account | None) -> VisitFailed:
    """What an instance's refusal means: `{"error": "…"}` with a status (docs.joinmastodon.org/entities/Error)."""
    host = urlsplit(said.answer.url).netloc
    named = (account and (account.handle or account.url)) or "the account"
    match said.status:
        case HTTPStatus.GONE:
            return AccountSuspended(f"{host} says that {named} was suspended or deleted.")
        case HTTPStatus.NOT_FOUND if not text_in(said.value, "error"):
            return NotFound(
                f"{host} does not answer as Mastodon does.",
                remedy="Check the address; software that speaks only ActivityPub is registered as `activitypub`.",
            )
        case HTTPStatus.OK | HTTPStatus.NOT_FOUND:
            return NotFound(f"{host} knows no account {named}.", remedy="Check the handle; it may have been renamed.")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN if text_in(said.value, "error"):
            return Unauthorized(
                f"{host} shows posts to its own members only.",
                remedy="Ask the instance's administrator to let programs read public posts, or register its feed.",
            )
        case HTTPStatus.TOO_MANY_REQUESTS:
            retry_at = _resets_at(said) or said.answer.retry_at
            return RateLimited(f"{host} asks FeedHub to come back later.", retry_at=retry_at)
    return refused(said)


def limits_of(said: Said, now: datetime) -> Limits | None:
    """X-RateLimit-Remaining and -Reset; the latter is an ISO 8601 time here."""
    left, resets_at = said.header("x-ratelimit-remaining"), _resets_at(said)
    if resets_at is None or not left or not left.isdecimal():
        return None
    return Limits(left=int(left[:9]), resets_at=min(resets_at, now + _LONGEST_WINDOW))


def _resets_at(said: Said) -> datetime | None:
    return read_date(said.header("x-ratelimit-reset") or "")
