"""The key of an account that the register does not state: what names it for as long as possible."""

import re
from urllib.parse import SplitResult, urlsplit

from feedhub.accounts.account import Account, Platform
from feedhub.accounts.recognition import account_meant

# Where each platform shows the account that has a handle. This and everything below decides
# ids that are public and lasting: a change here needs a migration of the keys already given.
_PROFILES = {
    Platform.YOUTUBE: "youtube.com/@{}",
    Platform.INSTAGRAM: "instagram.com/{}",
    Platform.FACEBOOK: "facebook.com/{}",
    Platform.THREADS: "threads.com/@{}",
    Platform.X: "x.com/{}",
    Platform.TIKTOK: "tiktok.com/@{}",
    Platform.TELEGRAM: "t.me/{}",
    Platform.BLUESKY: "bsky.app/profile/{}",
    Platform.LINKEDIN: "linkedin.com/company/{}",
}
_FEDIVERSE = (Platform.MASTODON, Platform.ACTIVITYPUB)
_MOVED_HOSTS = {"twitter.com": "x.com", "threads.net": "threads.com", "telegram.me": "t.me"}
_PROFILE_HOSTS = tuple(profile.partition("/")[0] for profile in _PROFILES.values())
# Ids that their platform never changes, where a url or a handle shows them.
_LASTING_IDS = {
    Platform.YOUTUBE: re.compile(r"(?:^|/channel/|[?&]channel_id=)(UC[\w-]{22})(?![\w-])"),
    Platform.FACEBOOK: re.compile(r"(?:/profile\.php\?(?:.*&)?id=|/people/[^/]+/|^(?=\d{5,}$))(\d+)"),
    Platform.X: re.compile(r"/i/user/(\d+)"),
    Platform.BLUESKY: re.compile(r"(?:^|/profile/)(did:(?:plc|web):[a-z0-9.:%-]+)"),
}
_DEFAULT_PORTS = {"http": 80, "https": 443}


def default_key(platform: Platform, url: str | None, handle: str | None) -> str:
    """The key of an account without a stated one; the same for every way to write its address.

    The platform's lasting id where url or handle shows one; else, on platforms of handles,
    the address of the handle's profile; else host without `www.`, path and query of the url.

    >>> default_key(Platform.WEBFEED, "HTTP://WWW.Dinkes.example:80/feed/?lang=id#top", None)
    'webfeed:dinkes.example/feed?lang=id'
    >>> default_key(Platform.INSTAGRAM, "https://www.instagram.com/Dinkes/?igsh=x", None)
    'instagram:instagram.com/dinkes'
    >>> default_key(Platform.INSTAGRAM, None, "@dinkes")
    'instagram:instagram.com/dinkes'
    >>> default_key(Platform.MASTODON, None, "@dinkes@social.example")
    'mastodon:social.example/@dinkes'
    >>> default_key(Platform.YOUTUBE, "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv", None)
    'youtube:UCabcdefghijklmnopqrstuv'
    >>> default_key(Platform.FACEBOOK, "https://m.facebook.com/pg/dinkes.kota/posts/", None)
    'facebook:facebook.com/dinkes.kota'
    """
    if url and (meant := account_meant(platform, url)):
        url = meant.url
    lasting = _LASTING_IDS.get(platform)
    for written in (handle, url):
        if lasting and written and (found := lasting.search(written)):
            return f"{platform}:{found[1]}"
    if platform in _PROFILES or platform in _FEDIVERSE:
        place = _profile(platform, handle) if handle else _profile_place(url or "")
        return f"{platform}:{place.lower()}"
    return f"{platform}:{_place(urlsplit(url)) if url else _bare(handle or '')}"


def keys_of(account: Account) -> tuple[str, ...]:
    """Every key by which `account` may be meant: its own, and the defaults of its url and handle.

    >>> keys_of(Account(key="k", platform=Platform.X, department="d", url="https://twitter.com/dinkes"))
    ('k', 'x:x.com/dinkes')
    """
    keys = [account.key, default_key(account.platform, account.url, account.handle)]
    if account.url:
        keys.append(default_key(account.platform, account.url, None))
    if account.handle:
        keys.append(default_key(account.platform, None, account.handle))
    return tuple(dict.fromkeys(keys))


def _profile(platform: Platform, handle: str) -> str:
    bare = _bare(handle)
    if platform in _PROFILES:
        return _PROFILES[platform].format(bare)
    user, _, host = bare.partition("@")
    return f"{host}/@{user}" if host else bare


def _profile_place(url: str) -> str:
    """The place of a profile: queries there only say how somebody came."""
    host, _, path = _place(urlsplit(url)._replace(query="")).partition("/")
    # m.facebook.com, id.linkedin.com, mobile.twitter.com
    hosts = (*_PROFILE_HOSTS, *_MOVED_HOSTS)
    host = next((whole for whole in hosts if host.endswith(f".{whole}")), host)
    host = _MOVED_HOSTS.get(host, host)
    # t.me/s/name is the preview of t.me/name.
    path = path.removeprefix("s/") if host == "t.me" else path
    return f"{host}/{path}" if path else host


def _place(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    if port and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def _bare(handle: str) -> str:
    return handle.strip().removeprefix("@")
