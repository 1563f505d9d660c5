"""Which account an address or a handle means, on which platform, told from how it is written."""

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from feedhub.accounts.account import PROFILE_HOSTS, Platform, Via
from feedhub.accounts.credential import Need
from feedhub.accounts.patterns_meta import META_PATTERNS
from feedhub.accounts.patterns_networks import NETWORK_PATTERNS
from feedhub.accounts.patterns_video import VIDEO_PATTERNS
from feedhub.accounts.profile_patterns import Oddity, Pattern

# On each platform the first pattern that fits says what an address is.
PATTERNS: tuple[Pattern, ...] = (*VIDEO_PATTERNS, *META_PATTERNS, *NETWORK_PATTERNS)

# What a platform wants before it answers; the connectors say the same.
NEEDS: dict[Platform, Need] = {
    Platform.YOUTUBE: Need.OPTIONAL,
    Platform.INSTAGRAM: Need.PLATFORM,
    Platform.FACEBOOK: Need.PLATFORM,
    Platform.X: Need.PLATFORM,
    Platform.THREADS: Need.ACCOUNT,
    Platform.TIKTOK: Need.ACCOUNT,
    Platform.LINKEDIN: Need.ACCOUNT,
}

# Hosts beside those that profiles are shown at.
_OTHER_HOSTS = {
    "m.me": Platform.FACEBOOK,
    "fb.watch": Platform.FACEBOOK,
    "vm.tiktok.com": Platform.TIKTOK,
    "vt.tiktok.com": Platform.TIKTOK,
    "whatsapp.com": Platform.INBOX,
    "chat.whatsapp.com": Platform.INBOX,
    "wa.me": Platform.INBOX,
}
_HOSTS = {host: platform for platform, hosts in PROFILE_HOSTS.items() for host in hosts} | _OTHER_HOSTS
# The host itself says what is there, so it stands before the path that is looked at.
_IN_PATH = {"youtu.be", "fb.watch"}
_UC = re.compile(r"UC[\w-]{22}", re.ASCII)
_DID = re.compile(r"did:(?:plc|web):[a-z0-9.:%-]+")
# Letters, digits, dots, hyphens, underscores: what some platform takes for a handle.
_HANDLE = re.compile(r"[\w.-]{1,60}")
_FEDIVERSE_NAME = re.compile(r"(?:acct:)?@?(?P<user>[\w.-]+)@(?P<host>(?:[\w-]+\.)+[\w-]+(?::\d+)?)", re.ASCII)
_FEDIVERSE_PATH = re.compile(
    r"(?:/(?:web|deck))?/(?:@|users/)(?P<user>[\w.-]+?)(?:\.(?:rss|atom|json)(?=$))?(?:@(?P<host>(?:[\w-]+\.)+[\w-]+))?"
    r"(?P<rest>(?:/(?:statuses/)?\d+|/(?:statuses|posts|p)/[\w-]+)?)(?:/(?:with_replies|media|featured|following|followers))?",
    re.ASCII,
)
# RSSHub's own instance and its usual name; RSS-Bridge asks like this wherever it stands.
_RSSHUB = re.compile(r"(?:^|\.)rsshub\.", re.IGNORECASE)
_RSS_BRIDGE = re.compile(r"(?:^|&)action=display(?:&|$)", re.IGNORECASE)
_SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What an address or handle means.

    `url` is the platform's usual form of it. `handle` and `native_id` are those of the account,
    where the address shows them (of a post, only the handle of who wrote it), `post_id` the post's. `oddity` says why
    it is no account that can be registered. `is_sure` is False where only asking the host tells.
    """

    platform: Platform
    url: str | None
    handle: str | None = None
    native_id: str | None = None
    post_id: str | None = None
    oddity: Oddity | None = None
    via: Via | None = None
    is_sure: bool = True

    @property
    def need(self) -> Need:
        """Whether its platform answers without a credential, and whose it is."""
        return NEEDS.get(self.platform, Need.NONE)


def recognised(written: str, platform: Platform | None = None) -> Recognised | None:
    """The account (or the post, group, ...) that `written` means; None = some website, or nothing.

    A bare handle means nothing without its `platform`.

    >>> recognised("https://www.instagram.com/dinkes/?igsh=x").handle
    'dinkes'
    >>> recognised("https://www.linkedin.com/in/budi").oddity
    <Oddity.PERSONAL: 'personal'>
    >>> recognised("@dinkes"), recognised("@dinkes", Platform.TIKTOK).url
    (None, 'https://www.tiktok.com/@dinkes')
    """
    written = written.strip()
    if written.lower().startswith("at://"):
        written = f"https://bsky.app/profile/{written[5:]}"
    if _DID.fullmatch(written):
        written = f"https://bsky.app/profile/{written}"
    if written.lower().startswith("tg://resolve?"):
        written = f"https://t.me/{dict(parse_qsl(urlsplit(written).query)).get('domain', '')}"
    if found := _FEDIVERSE_NAME.fullmatch(written):
        return _fediverse(found["user"], found["host"], platform)
    if platform and "/" not in written and (said := _handle(written, platform)):
        return said
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or "." not in host:
        return None
    address = parts._replace(scheme=parts.scheme.lower()).geturl()
    return _on_platform(host, parts.path, parts.query, address) or _elsewhere(host, parts.path, parts.query, address)


def account_meant(platform: Platform, url: str) -> Recognised | None:
    """The account of `platform` at `url`, if that is the address of one."""
    found = recognised(url)
    if found is None or found.oddity:
        return None
    fediverse = {Platform.MASTODON, Platform.ACTIVITYPUB}
    if found.platform is platform or {found.platform, platform} <= fediverse:
        return replace(found, platform=platform)
    return None


def _on_platform(host: str, path: str, query: str, address: str) -> Recognised | None:
    known = next((each for each in _HOSTS if host == each), None)
    known = known or next((each for each in _HOSTS if host.endswith(f".{each}")), None)
    if known is None:
        return None
    platform = _HOSTS[known]
    if known == "t.me" and host != known:  # dinkes.t.me is t.me/dinkes
        path = f"/{host.removesuffix('.t.me')}{path}"
    path = "/" + unquote(path).strip("/")
    if known in _IN_PATH:
        path = f"/{known}{path}"
    asked = dict(parse_qsl(query))
    for pattern in PATTERNS:
        if pattern.platform is platform and (found := pattern.found(known, path, asked.get(pattern.query))):
            return _said(pattern, found.groupdict(), address)
    return Recognised(platform=platform, url=address, oddity=Oddity.OTHER_PAGE)


def _said(pattern: Pattern, parts: dict[str, str | None], address: str) -> Recognised:
    is_id = pattern.oddity is None and pattern.platform is not Platform.INBOX
    return Recognised(
        platform=pattern.platform,
        url=pattern.url.format(**parts) if pattern.url else address,
        handle=parts.get("handle"),
        native_id=parts.get("id") if is_id else None,
        post_id=parts.get("id") if pattern.oddity is Oddity.POST else None,
        oddity=pattern.oddity,
    )


def _elsewhere(host: str, path: str, query: str, address: str) -> Recognised | None:
    """A bridge's feed, or what looks like an account of the fediverse."""
    if _RSSHUB.search(host) or (_RSS_BRIDGE.search(query) and "bridge=" in query.lower()):
        return Recognised(platform=Platform.WEBFEED, url=address, via=Via.BRIDGE)
    found = _FEDIVERSE_PATH.fullmatch(unquote(path).rstrip("/"))
    if not found:
        return None
    origin = urlsplit(address)
    meant = _fediverse(found["user"], found["host"] or origin.netloc.rpartition("@")[2], None)
    if found["rest"]:
        post_id = found["rest"].rpartition("/")[2]
        return replace(meant, url=address, post_id=post_id, oddity=Oddity.POST)
    if not found["host"]:
        meant = replace(meant, url=f"{origin.scheme}://{origin.netloc.lower()}/@{found['user']}")
    return meant


def _fediverse(user: str, host: str, platform: Platform | None) -> Recognised:
    """An account of the fediverse; which software speaks there, only asking its host tells."""
    host = host.lower().removeprefix("www.")
    return Recognised(
        platform=Platform.ACTIVITYPUB if platform is Platform.ACTIVITYPUB else Platform.MASTODON,
        url=f"https://{host}/@{user}",
        handle=f"@{user}@{host}",
        is_sure=False,
    )


def _handle(written: str, platform: Platform) -> Recognised | None:
    """The account of a bare handle or id."""
    bare = written.removeprefix("@")
    if platform is Platform.INBOX:
        return Recognised(platform=platform, url=None, handle=bare) if _HANDLE.fullmatch(bare) else None
    host = PROFILE_HOSTS.get(platform, ("",))[0]
    if not host or not (_HANDLE.fullmatch(bare) or _DID.fullmatch(bare)):
        return None
    path = _profile_path(platform, bare)
    return _on_platform(host, path, "", f"https://{host}{path}")


def _profile_path(platform: Platform, bare: str) -> str:
    match platform:
        case Platform.YOUTUBE:
            return f"/channel/{bare}" if _UC.fullmatch(bare) else f"/@{bare}"
        case Platform.THREADS | Platform.TIKTOK:
            return f"/@{bare}"
        case Platform.BLUESKY:
            return f"/profile/{bare}"
        case Platform.LINKEDIN:
            return f"/company/{bare}"
        case Platform.FACEBOOK if bare.isdecimal():
            return f"/people/-/{bare}"
    return f"/{bare}"
