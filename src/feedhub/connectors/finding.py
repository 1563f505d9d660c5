"""From any address that a person gives to the account there: recognised by its form, asked where that is not enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from feedhub.accounts.account import Account, Platform, Via
from feedhub.accounts.account_keys import default_key
from feedhub.accounts.credential import Need
from feedhub.accounts.recognition import NEEDS, Recognised, recognised
from feedhub.accounts.refusals import refusal
from feedhub.connectors.api import ask
from feedhub.connectors.contract import Connector
from feedhub.connectors.discovery import discover_feeds, feed_in
from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.connectors.page_links import FeedLink
from feedhub.connectors.wordpress_site import site_home
from feedhub.errors import AccountRefused
from feedhub.failures import AddressRefused, DnsFailed, NotAFeed, TimedOut, TlsFailed, Unreachable, VisitFailed
from feedhub.posts.urls import canonical_url

_OF_SITES = (Platform.WEBFEED, Platform.WORDPRESS, Platform.WEBPAGE)
# The host said nothing, so nothing is known of its accounts.
_NOT_ASKED = (AddressRefused, DnsFailed, TimedOut, TlsFailed, Unreachable)
_ACTIVITY = ("application/activity+json", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"')


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAccount:
    """An account that can be registered. `title` and `posts` are those of its feed, where it was read."""

    platform: Platform
    url: str | None
    handle: str | None = None
    via: Via | None = None
    title: str = ""
    posts: int | None = None

    @property
    def need(self) -> Need:
        return NEEDS.get(self.platform, Need.NONE)

    def account(self, department: str) -> Account:
        """The same as a register holds it."""
        return Account(
            key=default_key(self.platform, self.url, self.handle),
            platform=self.platform,
            department=department,
            url=self.url,
            handle=self.handle,
            via=self.via,
        )


async def find_account(
    http: Http,
    written: str,
    *,
    platform: Platform | None = None,
    connectors: Mapping[Platform, Connector],
    now: datetime,
) -> FoundAccount:
    """The account that `written` (an address; a handle with its `platform`) means.

    Sites are asked: WordPress is better than a feed, and a feed better than their pages.

    Raises:
        AccountRefused: a post, a group, a person, an account of another platform than `platform`.
        VisitFailed: the site can't be asked, or has nothing that can be followed.
    """
    if platform not in _OF_SITES and (found := await _recognised(http, written, platform, now=now)):
        return found
    if "." not in written and ":" not in written:
        raise AccountRefused(f"{written!r} is no address; with a handle alone, say --platform too.")
    return await _on_site(http, written, platform, connectors, now=now)


async def _recognised(http: Http, written: str, platform: Platform | None, *, now: datetime) -> FoundAccount | None:
    """The account that the form of an address tells; None = it is some site's. Raises AccountRefused."""
    said = recognised(written, platform)
    if said is None:
        return _elsewhere(written, platform) if platform else None
    if refused := refusal(said):
        raise AccountRefused(f"{refused.problem} {refused.remedy}")
    if not said.is_sure:
        found = await _in_fediverse(http, said, platform, now=now)
        if found is None and "/" not in written:
            raise _unknown(said)
        return found
    if platform not in (None, said.platform):
        raise AccountRefused(f"{written} is an address of {said.platform.value}, not of {platform}.")
    if said.via is Via.BRIDGE:
        return None
    return FoundAccount(platform=said.platform, url=said.url, handle=said.handle)


def _elsewhere(written: str, platform: Platform) -> FoundAccount:
    """An account of a platform at a host that we don't know it by: its own server."""
    url = canonical_url(written if "://" in written else f"https://{written}")
    if url is None:
        raise AccountRefused(f"{written!r} is neither an address nor a handle of {platform}.")
    return FoundAccount(platform=platform, url=url)


async def _in_fediverse(
    http: Http, said: Recognised, platform: Platform | None, *, now: datetime
) -> FoundAccount | None:
    """What the host itself says of an account that looks like one of the fediverse; None = it knows none."""
    user, _, host = (said.handle or "").removeprefix("@").partition("@")
    parts = urlsplit(said.url or "")
    origin = f"{parts.scheme}://{parts.netloc}"
    if platform in (None, Platform.MASTODON):
        known = await _json(http, f"{origin}/api/v1/accounts/lookup?acct={quote(user)}", now=now)
        if "id" in known:
            return FoundAccount(
                platform=Platform.MASTODON, url=said.url, handle=said.handle, title=str(known.get("display_name") or "")
            )
    finger = await _json(http, f"{origin}/.well-known/webfinger?resource=acct:{quote(user)}@{quote(host)}", now=now)
    links = finger.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("rel") == "self" and link.get("type") in _ACTIVITY:
            return FoundAccount(platform=Platform.ACTIVITYPUB, url=said.url, handle=said.handle)
    if platform is not None:
        raise _unknown(said)
    return None


def _unknown(said: Recognised) -> AccountRefused:
    return AccountRefused(f"{urlsplit(said.url or '').netloc} knows no account {said.handle}; check its spelling.")


async def _json(http: Http, url: str, *, now: datetime) -> dict[str, object]:
    """A JSON object; an empty one where there is none. Raises what keeps us from asking the host at all."""
    try:
        said = await ask(http, url, now=now)
    except _NOT_ASKED:
        raise
    except VisitFailed:
        return {}
    return said.value if said.status == HTTPStatus.OK and isinstance(said.value, dict) else {}


async def _on_site(
    http: Http, written: str, platform: Platform | None, connectors: Mapping[Platform, Connector], *, now: datetime
) -> FoundAccount:
    url = canonical_url(written if "://" in written else f"https://{written}")
    if url is None:
        raise AddressRefused(f"{written!r} is not an address that can be fetched.")
    if platform in (None, Platform.WORDPRESS):
        page = await _page(http, url, now=now)
        if page and feed_in(page, FeedLink(url=url), now=now) is None and (home := site_home(page)):
            return FoundAccount(platform=Platform.WORDPRESS, url=home)
        if platform is Platform.WORDPRESS:
            return FoundAccount(platform=Platform.WORDPRESS, url=url)
    if platform is Platform.WEBPAGE:
        return FoundAccount(platform=Platform.WEBPAGE, url=url)
    try:
        found = (await discover_feeds(http, url, now=now))[0]
    except NotAFeed:
        if platform is None and await _is_webpage(http, url, connectors, now=now):
            return FoundAccount(platform=Platform.WEBPAGE, url=url)
        raise
    said = recognised(url)
    is_bridge = found.is_bridge or (said is not None and said.via is Via.BRIDGE)
    return FoundAccount(
        platform=Platform.WEBFEED,
        url=found.url,
        via=Via.BRIDGE if is_bridge else None,
        title=found.title,
        posts=found.entries,
    )


async def _page(http: Http, url: str, *, now: datetime) -> Answer | None:
    try:
        return await http.get(url, now=now)
    except VisitFailed:
        return None  # the search for its feed says why


async def _is_webpage(http: Http, url: str, connectors: Mapping[Platform, Connector], *, now: datetime) -> bool:
    """Whether a site without a feed has pages that can be followed all the same."""
    connector = connectors.get(Platform.WEBPAGE)
    if connector is None:
        return False
    account = FoundAccount(platform=Platform.WEBPAGE, url=url).account("")
    try:
        batch = await connector.fetch(http, account, {}, credential=None, now=now)
        return any(connector.split(document).payloads for document in batch.documents)
    except VisitFailed:
        return False
