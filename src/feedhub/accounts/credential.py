"""What a platform lets us in with: a token, what belongs to it, and until when it lasts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from feedhub.accounts.account import Platform

# Renewed when this much of its life is over, so that a failed renewal can be tried again.
_RENEWED_AFTER = 0.8
_SHORTEST_MARGIN = timedelta(minutes=5)
_SHOWN = 4  # characters


class Need(StrEnum):
    """Whether a platform answers without a credential, and whose it is."""

    NONE = "none"
    OPTIONAL = "optional"  # works without, better with one of the platform
    PLATFORM = "platform"  # one for all accounts of the platform
    ACCOUNT = "account"  # one an account, given by its own admin


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A token for one account, or for every account of its platform (`account` is None).

    `token` is an access token, an API key or a bot's token. `others` holds what belongs to
    it by the platform's own names (`client_key`, `client_secret`, `user_id`, ...). None of it
    may be logged or shown; its repr hides it. `is_app`: no token at all, but the id and secret
    of our app at the platform, by which departments connect their accounts.
    """

    platform: Platform
    token: str = field(repr=False)
    account: UUID | None = None
    id: int | None = None
    refresh_token: str | None = field(default=None, repr=False)
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    others: dict[str, str] = field(default_factory=dict, repr=False)
    is_app: bool = False

    @property
    def shown(self) -> str:
        """The last four characters, all that people see.

        >>> Credential(platform=Platform.X, token="AAAA-secret-9f3c").shown
        '…9f3c'
        """
        said = self.others.get("client_key") or self.others.get("client_id", "") if self.is_app else self.token
        return "…" + (said[-_SHOWN:] if len(said) > 2 * _SHOWN else "")

    def is_expired(self, now: datetime) -> bool:
        """Whether its own date says that it is over."""
        return self.expires_at is not None and self.expires_at <= now

    def wants_renewal(self, now: datetime) -> bool:
        """Whether four fifths of its life are over."""
        return self.expires_at is not None and now >= renewal_time(self.issued_at, self.expires_at)


def renewal_time(issued_at: datetime | None, expires_at: datetime) -> datetime:
    """When four fifths of a credential's life are over."""
    life = expires_at - (issued_at or expires_at)
    return expires_at - max(life * (1 - _RENEWED_AFTER), _SHORTEST_MARGIN)
