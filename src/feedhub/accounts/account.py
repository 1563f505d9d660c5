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

    @property
    def proper(self) -> str:
        """Its name as it writes it itself.

        >>> Platform.TIKTOK.proper, Platform.MASTODON.proper
        ('TikTok', 'Mastodon')
        """
        return _PROPER_NAMES.get(self.value, self.value.title())


_PROPER_NAMES = {name.lower(): name for name in ("WordPress", "YouTube", "TikTok", "ActivityPub", "LinkedIn")}


class Via(StrEnum):
    """The route by which a post came."""

    FEED = "feed"
    API = "api"
    PAGE = "page"
    INBOX = "inbox"
    BRIDGE = "bridge"


# The rules that hold what a hijacked account would say, for a person to look at first.
HOLD_RULES = ("links", "profile", "burst", "mass")

# Where each platform shows profiles to people, and where its programs are asked.
PROFILE_HOSTS: dict[Platform, tuple[str, ...]] = {
    Platform.YOUTUBE: ("youtube.com", "youtu.be"),
    Platform.INSTAGRAM: ("instagram.com", "instagr.am"),
    Platform.FACEBOOK: ("facebook.com", "fb.com", "fb.me"),
    Platform.THREADS: ("threads.com", "threads.net"),
    Platform.X: ("x.com", "twitter.com"),
    Platform.TIKTOK: ("tiktok.com",),
    Platform.TELEGRAM: ("t.me", "telegram.me", "telegram.dog"),
    Platform.BLUESKY: ("bsky.app", "bsky.social"),
    Platform.LINKEDIN: ("linkedin.com",),
}
_API_HOSTS = {
    Platform.YOUTUBE: "www.googleapis.com",
    Platform.INSTAGRAM: "graph.facebook.com",
    Platform.FACEBOOK: "graph.facebook.com",
    Platform.THREADS: "graph.threads.net",
    Platform.X: "api.x.com",
    Platform.TIKTOK: "open.tiktokapis.com",
    Platform.TELEGRAM: "t.me",
    Platform.BLUESKY: "public.api.bsky.app",
    Platform.LINKEDIN: "api.linkedin.com",
}


class AccountStatus(StrEnum):
    """Whether we ask an account. Retired accounts left the register; their posts stay."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    RETIRED = "retired"


# A stopped account is still asked, so that nothing is lost; what it says is held.
ASKED = (AccountStatus.ACTIVE, AccountStatus.STOPPED)


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
    delay: int = 0  # seconds between collecting a post and showing it
    holds: tuple[tuple[str, int], ...] = ()  # hold rules tuned for this account: (rule, limit); 0 = off

    @property
    def id(self) -> UUID:
        """The same on every node and after every rebuild."""
        return _id_of(self.key)

    @property
    def own_origin(self) -> str | None:
        """Scheme and host of the account's address, unless that is where its platform shows profiles to people.

        >>> Account(key="k", platform=Platform.X, department="d", url="https://mobile.twitter.com/dinkes").own_origin
        >>> Account(key="k", platform=Platform.MASTODON, department="d", url="https://A.example/@dinkes").own_origin
        'https://a.example'
        """
        if not self.url:
            return None
        parts = urlsplit(self.url)
        name = (parts.hostname or "").rstrip(".").lower()
        shown = PROFILE_HOSTS.get(self.platform, ())
        if any(name == host or name.endswith(f".{host}") for host in shown):
            return None
        return f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"

    @property
    def host(self) -> str:
        """The host whose politeness and quota count: its site's, or its platform's programs'.

        >>> Account(key="k", platform=Platform.WEBFEED, department="d", url="https://A.example:8443/feed").host
        'a.example:8443'
        >>> Account(key="k", platform=Platform.INSTAGRAM, department="d", handle="dinkes").host
        'graph.facebook.com'
        >>> Account(key="k", platform=Platform.MASTODON, department="d", handle="@dinkes@social.example").host
        'social.example'
        """
        if origin := self.own_origin:
            return origin.partition("://")[2]
        named = (self.handle or "").strip().removeprefix("@").rpartition("@")
        if self.platform in {Platform.MASTODON, Platform.ACTIVITYPUB} and named[0]:
            return named[2].lower()
        return _API_HOSTS.get(self.platform, self.platform.value)


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
