"""How addresses of accounts look on each platform: patterns, each with examples that are its tests."""

import re
from dataclasses import dataclass
from enum import StrEnum

from feedhub.accounts.account import Platform


class Oddity(StrEnum):
    """Why an address is not that of an account that a register can hold."""

    POST = "post"
    STORY = "story"
    PERSONAL = "personal"
    GROUP = "group"
    PRIVATE = "private"
    SHORT_LINK = "short_link"
    BOT = "bot"
    OTHER_PAGE = "other_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Addresses of one form. `path` fits the whole path; `query` says which parameter follows it as `?value`.

    `url` is the one way in which we write the address; `{handle}` and `{id}` stand in both. The first of
    the `examples` is written so, the others mean the same account or post. `host` is the only one where
    this holds, if not every host of the platform.
    """

    platform: Platform
    path: str
    url: str
    examples: tuple[str, ...]
    oddity: Oddity | None = None
    query: str = ""
    host: str = ""
    without: str = ""  # words that are no handles here

    def found(self, host: str, path: str, value: str | None) -> re.Match[str] | None:
        """The parts of an address that has this form."""
        if self.host and host != self.host:
            return None
        written = f"{path}?{value}" if self.query and value else path
        found = re.fullmatch(self.path, written, re.ASCII | re.IGNORECASE)
        named = found and found.groupdict().get("handle")
        is_word = named and re.fullmatch(self.without or r"(?!)", named, re.IGNORECASE)
        return None if is_word else found
