"""One tree of errors.

FeedHubError                     every message is one plain sentence for a person
├── RegisterRefused              a register file with faults, each with its line
├── AccountRefused               an address that is not that of an account for a register
├── QuestionRefused              a filter, cursor or limit that can't be answered
├── NotKnown                     no such department, account, post
│   └── NotReleased              no such version of the element's script
├── ActRefused                   an act of the desk that can't be done to this post or account as it is now
├── FormatNotWritten             a format that nothing is written in
├── SettingRefused               a setting that can't be used
├── SchemaBehind                 the database is older than this program
├── CredentialRefused            a credential that can't be kept or opened
├── InboxRefused                 something posted to the inbox that can't be taken
├── WebhookRefused               a webhook, or a delivery of one, that can't be made, changed or sent again
├── KeyRefused                   no key, an unknown or revoked one, or a wrong signature
├── SignatureRefused             a request that must be signed and is not, or not well
├── KeyTooNarrow                 a good key that does not open this
├── TooMuchSent                  a body that is longer than its door takes
├── TooManyPosts                 a key that posts faster than anybody writes
├── TooManyLetters               more letters asked for than anybody should be sent
├── TooFarAhead                  changes asked for after one that is still far from being made
├── TooManyFollowers             more waiting readers than one process takes
├── StoreBusy                    the database can't be written or reached just now
├── LeaseLost                    another process walks this host now
├── PostRefused                  a post that breaks an invariant of the normal form
├── ItemUnreadable               one item that no post can be made of
└── VisitFailed                  what a visit to an account can end with (failures.py); `outcome` names it
    ├── DnsFailed  Unreachable  TlsFailed  TimedOut  TooLarge  TooManyRedirects
    ├── AddressRefused           the guard does not let us go there
    ├── BadAnswer                what came is not HTTP, or its encoding is broken
    ├── Challenged               a page that wants a person or a browser
    ├── Unauthorized  Forbidden  NotFound  AccountGone  RateLimited  ServerFailed  StatusRefused
    ├── NotAFeed  BridgeBroken  EmptyDocument  Unreadable  ReadingStopped  NoConnector
    ├── CredentialMissing  TokenExpired  TokenRefused  PermissionMissing  PaymentNeeded
    └── AccountSuspended  AccountPrivate  AccountUnsupported  AccountMoved
"""

from dataclasses import dataclass


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


class AccountRefused(FeedHubError):
    """An address that is not that of an account which a register can hold."""


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


class NotReleased(NotKnown):
    """No such version of the element's script; the message names the newest."""

    def __init__(self, name: str, *, newest: str) -> None:
        super().__init__("widget version", name)
        self.args = (f"{self} The newest is {newest}.",)


class ActRefused(FeedHubError):
    """An act of the desk that this post or account does not allow as it is now; the message says what to do."""


class FormatNotWritten(FeedHubError):
    """A format that nothing of ours is written in."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Nothing is written as {name[:40]!r} here.")


class SettingRefused(FeedHubError):
    """A setting that can't be used; the message names it."""


class SchemaBehind(FeedHubError):
    """The database was made by an older (or a newer) FeedHub."""


class CredentialRefused(FeedHubError):
    """A credential that can't be kept, opened or used; the message never holds any of it."""


class InboxRefused(FeedHubError):
    """Something posted to the inbox that can't be taken; the message says what is wrong with it."""


class WebhookRefused(FeedHubError):
    """A webhook that can't be made or changed so, or a delivery that must not be sent again; the message says why."""


class KeyRefused(FeedHubError):
    """No key, an unknown or revoked one, or a signature that does not fit."""


class SignatureRefused(FeedHubError):
    """A request that its sender must sign, and did not, or not well; the message says what is missing."""


class KeyTooNarrow(FeedHubError):
    """A good key that does not open this."""


class TooMuchSent(FeedHubError):
    """A body that is longer than its door takes; the rest of it was not read."""


class TooManyPosts(FeedHubError):
    """A key that posts faster than anybody writes."""


class TooManyLetters(FeedHubError):
    """More confirmations asked for than anybody should be sent."""


class TooFarAhead(FeedHubError):
    """A change number that this database is far from having given; it is another's, or an older one was restored."""

    def __init__(self, after: int, *, latest: int) -> None:
        super().__init__(f"There is no change {after} here, the newest is {latest}; start again from 0.")


class TooManyFollowers(FeedHubError):
    """More readers wait for changes than one process takes."""

    def __init__(self) -> None:
        super().__init__("Too many are waiting for changes here; ask again a little later.")


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
