"""What a platform lets us in with: a token, what belongs to it, and until when it lasts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from feedhub.accounts.account import Platform

# Renewed when this much of its life is over, so that a failed renewal can be tried again.
_RENEWED_AFTER = 0.8
_SHORTEST_MARGIN = timedelta(minutes=5)
_SHOWN = 4  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A token for one account, or for every account of its platform (`account` is None).

    `token` is an access token, an API key or a bot's token. `others` holds what belongs to
    it by the platform's own names (`client_key`, `client_secret`, `user_id`, ...). None of it
    may be logged or shown; its repr hides it.
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

    @property
    def shown(self) -> str:
        """The last four characters, all that people see.

        >>> Credential(platform=Platform.X, token="AAAA-secret-9f3c").shown
        '…9f3c'
        """
        return "…" + (self.token[-_SHOWN:] if len(self.token) > 2 * _SHOWN else "")

    def is_expired(self, now: datetime) -> bool:
        """Whether its own date says that it is over."""
        return self.expires_at is not None and self.expires_at <= now

    def wants_renewal(self, now: datetime) -> bool:
        """Whether four fifths of its life are over."""
        if self.expires_at is None:
            return False
        life = self.expires_at - (self.issued_at or self.expires_at)
        return now >= self.expires_at - max(life * (1 - _RENEWED_AFTER), _SHORTEST_MARGIN)
