"""One tree of errors.

FeedHubError                     every message is one plain sentence for a person
├── RegisterRefused              a register file with faults, each with its line
├── QuestionRefused              a filter, cursor or limit that can't be answered
├── NotKnown                     no such department, account, post
├── SettingRefused               a setting that can't be used
├── SchemaBehind                 the database is older than this program
├── StoreBusy                    the database can't be written or reached just now
├── LeaseLost                    another process walks this host now
├── PostRefused                  a post that breaks an invariant of the normal form
├── ItemUnreadable               one item that no post can be made of
└── VisitFailed                  what a visit to an account can end with; `outcome` names it
    ├── DnsFailed  Unreachable  TlsFailed  TimedOut  TooLarge  TooManyRedirects
    ├── AddressRefused           the guard does not let us go there
    ├── BadAnswer                what came is not HTTP, or its encoding is broken
    ├── Challenged               a page that wants a person or a browser
    ├── Unauthorized  Forbidden  NotFound  AccountGone  RateLimited  ServerFailed  StatusRefused
    └── NotAFeed  EmptyDocument  Unreadable  ReadingStopped  NoConnector
"""

from dataclasses import dataclass
from datetime import datetime


class FeedHubError(Exception):
    """The root. `str(error)` is one sentence that names the fault and what to do."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file that a person wrote. `line` counts from 1; 0 = the whole file."""

    line: int
    message: str


class RegisterRefused(FeedHubError):
    """A register file that changes nothing because of its faults."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.name, self.faults = name, faults
        lines = [
            f"{name}:{fault.line}: {fault.message}" if fault.line else f"{name}: {fault.message}" for fault in faults
        ]
        super().__init__("\n".join(lines))


class QuestionRefused(FeedHubError):
    """A filter, cursor or limit that can't be answered. `parameter` names it."""

    def __init__(self, parameter: str, message: str) -> None:
        self.parameter = parameter
        super().__init__(message)


class NotKnown(FeedHubError):
    """No such department, account or post. `what` is the glossary's word for it."""

    def __init__(self, what: str, name: str) -> None:
        self.what, self.name = what, name
        super().__init__(f"There is no {what} {name!r}.")


class SettingRefused(FeedHubError):
    """A setting that can't be used; the message names it."""


class SchemaBehind(FeedHubError):
    """The database was made by an older (or a newer) FeedHub."""


class StoreBusy(FeedHubError):
    """The database can't be reached or written just now; trying again later is right."""


class LeaseLost(FeedHubError):
    """Another process walks this host now, so what this visit found is dropped."""


class PostRefused(FeedHubError):
    """A post that breaks an invariant of the normal form."""

    def __init__(self, *, field: str, fault: str) -> None:
        self.field = field
        super().__init__(f"The post's {field} {fault}.")


class ItemUnreadable(FeedHubError):
    """One item that no post can be made of. It is kept and reported; its neighbours go on."""


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
