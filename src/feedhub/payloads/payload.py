"""Documents as they arrived and the single items they hold."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One body as a platform gave it. `url` is the final one, after redirects.

    `form` says which question it answers where a connector asks several; `context` is what
    its items need to know that it does not say itself (the account's handle, a site's address).
    """

    url: str
    body: bytes
    fetched_at: datetime
    content_type: str | None = None
    form: str = ""
    context: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """One item exactly as the platform gave it, with the context it inherits. Immutable.

    `form` names what `body` is (`rss`, `atom`, `json`, …) for the connector that reads it.
    `context` holds what the item inherits from its document (`base`, `language`, …): the
    item can be read again years later without it.
    """

    form: str
    body: bytes
    context: dict[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """32 hex digits over the item alone, so that a new document around it changes nothing."""
        return blake2b(self.body, digest_size=16).hexdigest()
