"""Publisher, department and account: who speaks, where, and how we know that it is official."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from feedhub.accounts.kinds import Kind, KindRule

# Every id in every installation descends from this one; it can never change.
FEEDHUB_NAMESPACE = UUID("6ba3e7c5-0c6b-5d4e-9c1f-2f5a0de1b6a4")


class Platform(StrEnum):
    """Where an account lives; one connector each."""

    WEBFEED = "webfeed"
    WORDPRESS = "wordpress"
    YOUTUBE = "youtube"
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    THREADS = "threads"
    X = "x"
    TIKTOK = "tiktok"
    TELEGRAM = "telegram"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    ACTIVITYPUB = "activitypub"
    LINKEDIN = "linkedin"
    WEBPAGE = "webpage"
    INBOX = "inbox"


class Via(StrEnum):
    """The route by which a post came."""

    FEED = "feed"
    API = "api"
    PAGE = "page"
    INBOX = "inbox"
    BRIDGE = "bridge"


class AccountStatus(StrEnum):
    """Whether we ask an account. Retired accounts left the register; their posts stay."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One place where a department speaks. `key` never changes, so neither does `id`."""

    key: str
    platform: Platform
    department: str
    url: str | None = None
    handle: str | None = None
    via: Via | None = None
    kind: Kind | None = None
    verified_at: date | None = None
    evidence: str | None = None
    status: AccountStatus = AccountStatus.ACTIVE

    @property
    def id(self) -> UUID:
        """The same on every node and after every rebuild."""
        return _id_of(self.key)

    @property
    def host(self) -> str:
        """The host whose politeness counts; the platform's name where only a handle is known.

        >>> Account(key="k", platform=Platform.WEBFEED, department="d", url="https://A.example:8443/feed").host
        'a.example:8443'
        """
        return urlsplit(self.url).netloc.rpartition("@")[2].lower() if self.url else self.platform.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A part of the city that speaks. `contacts` are private: no view may show them."""

    slug: str
    name: str
    short_name: str | None = None
    url: str | None = None
    email: str | None = None
    phone: str | None = None
    group: str | None = None
    area: str | None = None
    formerly: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The city that publishes. `time_zone` is an IANA name, `language` a BCP 47 tag."""

    name: str = "FeedHub"
    language: str = "id"
    time_zone: str = "Asia/Jakarta"
    license: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everything a register file says."""

    publisher: Publisher = Publisher()
    kinds: tuple[KindRule, ...] = ()
    departments: tuple[Department, ...] = ()
    accounts: tuple[Account, ...] = ()


@lru_cache(maxsize=65_536)
def _id_of(key: str) -> UUID:
    """An account's id is asked for at every post."""
    return uuid5(FEEDHUB_NAMESPACE, key)
