"""What a visit to an account can end with: each outcome with its name and what to do about it."""

from datetime import datetime

from feedhub.errors import FeedHubError


class VisitFailed(FeedHubError):
    """What a visit to an account can end with. The class's `outcome` is its public name.

    `reason` is a sentence that an operator understands, `remedy` what to do about it.
    `retry_at` is when the other side said that we may come back.
    """

    outcome = "failed"
    remedy = "Nothing needs to be done now; FeedHub tries again by itself."

    def __init__(self, reason: str, *, remedy: str | None = None, retry_at: datetime | None = None) -> None:
        self.reason, self.retry_at = reason, retry_at
        if remedy is not None:
            self.remedy = remedy
        super().__init__(reason)


class DnsFailed(VisitFailed):
    """The host's name has no address."""

    outcome = "dns"
    remedy = "Check the spelling of the address; if it is right, the site's domain name is not working."


class Unreachable(VisitFailed):
    """No connection, or it broke."""

    outcome = "unreachable"
    remedy = "Open the address in a browser; if it does not open, tell the site's administrator."


class TlsFailed(VisitFailed):
    """The certificate can't be trusted."""

    outcome = "tls"
    remedy = "Ask the site's administrator to renew or repair its HTTPS certificate."


class TimedOut(VisitFailed):
    """The whole answer did not come within the deadline."""

    outcome = "timeout"
    remedy = "The site is too slow just now; if this lasts, raise FEEDHUB_FETCH_TIMEOUT or tell its administrator."


class TooLarge(VisitFailed):
    """More bytes than we take, before or after decompression."""

    outcome = "too_large"
    remedy = "Ask the site for a shorter feed, or raise FEEDHUB_FETCH_MAX_BYTES."


class TooManyRedirects(VisitFailed):
    """More than five redirects, or a loop."""

    outcome = "redirects"
    remedy = "Register the address that the browser ends at."


class AddressRefused(VisitFailed):
    """The guard does not let the fetcher go there."""

    outcome = "address_refused"
    remedy = "Register a public http(s) address, or allow this network in FEEDHUB_FETCH_ALLOW if it is your own."


class BadAnswer(VisitFailed):
    """What came is not HTTP, or its encoding is broken."""

    outcome = "bad_answer"
    remedy = "The site's server answers wrongly; tell its administrator."


class Challenged(VisitFailed):
    """A page that wants a person or a browser."""

    outcome = "challenge"
    remedy = "Ask the site's administrator to let FeedHub's User-Agent read the feed without a challenge."


class Unauthorized(VisitFailed):
    """401."""

    outcome = "unauthorized"
    remedy = "The feed needs a login; register a public one or add a credential."


class Forbidden(VisitFailed):
    """403."""

    outcome = "forbidden"
    remedy = "Ask the site's administrator to let FeedHub's User-Agent read the feed."


class NotFound(VisitFailed):
    """404."""

    outcome = "not_found"
    remedy = "The address is wrong or the feed has moved; find the new one and register it."


class AccountGone(VisitFailed):
    """410."""

    outcome = "gone"
    remedy = "The site says that this feed is gone for good; retire the account or register its new address."


class RateLimited(VisitFailed):
    """429."""

    outcome = "rate_limited"
    remedy = "Nothing needs to be done; FeedHub comes back when the site allows it."


class ServerFailed(VisitFailed):
    """5xx."""

    outcome = "server_error"
    remedy = "The site is broken just now; if this lasts, tell its administrator."


class StatusRefused(VisitFailed):
    """Any other status that is not an answer."""

    outcome = "bad_status"
    remedy = "Open the address in a browser and register the one that shows the feed."


class NotAFeed(VisitFailed):
    """A document that is no feed, often a web page."""

    outcome = "not_a_feed"
    remedy = "Register the feed's own address; `feedhub accounts add` finds it from the site's page."


class BridgeBroken(VisitFailed):
    """A bridge (RSSHub, RSS-Bridge) that tells of its own fault instead of an account's posts."""

    outcome = "bridge_broken"
    remedy = "Update or repair the bridge, or give FeedHub the platform's own credential and drop the bridge."


class EmptyDocument(VisitFailed):
    """An answer without a body."""

    outcome = "empty"
    remedy = "The site sends an empty document; tell its administrator."


class Unreadable(VisitFailed):
    """A feed too broken to be taken apart. It is kept whole."""

    outcome = "unreadable"
    remedy = "The feed's text is broken; tell the site's administrator. FeedHub kept what came."


class ReadingStopped(VisitFailed):
    """Reading took more time or memory than a feed can need."""

    outcome = "reading_stopped"
    remedy = "The document looks hostile; look at it before anything else. Other accounts go on."


class NoConnector(VisitFailed):
    """This FeedHub can't read that platform yet."""

    outcome = "no_connector"
    remedy = "Update FeedHub, or register the account's feed as a webfeed."


class CredentialMissing(VisitFailed):
    """The platform wants a credential, and none is kept for this account."""

    outcome = "no_credential"
    remedy = "Give FeedHub a credential: `feedhub credentials add`."


class TokenExpired(VisitFailed):
    """The credential's time is over."""

    outcome = "token_expired"
    remedy = "Connect the account again; what was missed is fetched then."


class TokenRefused(VisitFailed):
    """The platform does not accept the credential: revoked, mistyped, or its password was changed."""

    outcome = "token_refused"
    remedy = "Connect the account again; what was missed is fetched then."


class PermissionMissing(VisitFailed):
    """The credential is good, but does not allow this."""

    outcome = "permission_missing"
    remedy = "Give the credential the permission that the reason names, then connect it again."


class PaymentNeeded(VisitFailed):
    """The platform wants its credits or plan paid first."""

    outcome = "payment_needed"
    remedy = "Buy credits or a plan for the app at the platform; FeedHub goes on by itself then."


class AccountSuspended(VisitFailed):
    """The platform suspended or deactivated the account."""

    outcome = "suspended"
    remedy = "Ask the department whether it knows; only the platform can give the account back."


class AccountPrivate(VisitFailed):
    """The account shows its posts to followers only."""

    outcome = "private"
    remedy = "Ask the department to make the account public."


class AccountUnsupported(VisitFailed):
    """An account of a kind that its platform does not let programs read."""

    outcome = "unsupported"
    remedy = "The reason says what kind of account can be read; let the department change to it, or use the inbox."


class AccountMoved(VisitFailed):
    """The platform says that the account lives elsewhere now."""

    outcome = "moved"
    remedy = "Check the new address and register it."
