"""Following: every way to have what one has chosen come by itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Protocol
from urllib.parse import quote

from feedhub.accounts.account import Account, AccountStatus, Department, Platform
from feedhub.accounts.kinds import Kind
from feedhub.accounts.written import meaning
from feedhub.posts.filters import Filters
from feedhub.posts.urls import canonical_url
from feedhub.views.activity_actor import CITY, actor_url, handle
from feedhub.views.page_choices import choices_of, chosen_words
from feedhub.views.page_links import calendar_path, feed_links, page_path, parameters, webcal
from feedhub.views.page_site import Site, plain_url
from feedhub.views.page_template import rendered
from feedhub.views.qr import Qr, qr_of

# A department speaks on half a dozen platforms; more than these departments' accounts are a register.
_MOST_DEPARTMENTS = 6
# As many fit on a screen beside their codes.
_MOST_CODES = 2
_CODES: Final = ("svg", "png")
_FIRST: Final = frozenset({Platform.TELEGRAM, Platform.MASTODON, Platform.ACTIVITYPUB, Platform.BLUESKY})
_FEDIVERSE: Final = frozenset({Platform.MASTODON, Platform.ACTIVITYPUB})
# Where a person can follow; websites and the inbox are read by our feeds.
_FOLLOWED: Final = (
    Platform.TELEGRAM,
    Platform.MASTODON,
    Platform.ACTIVITYPUB,
    Platform.BLUESKY,
    Platform.INSTAGRAM,
    Platform.FACEBOOK,
    Platform.YOUTUBE,
    Platform.TIKTOK,
    Platform.X,
    Platform.THREADS,
    Platform.LINKEDIN,
)
_FOLLOWABLE: Final = frozenset({AccountStatus.ACTIVE, AccountStatus.PAUSED})
# A server's name as DNS knows them, with nothing beside it: no port, no number alone.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z][a-z0-9-]{0,61}[a-z0-9]")
_LONGEST_HOST = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """What somebody wants to follow. `server` is what they typed as the name of their Mastodon server."""

    filters: Filters
    server: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOffer:
    """Posts can be had by mail; emergencies at once from the departments (slugs) in `alerting`."""

    alerting: frozenset[str] = frozenset()


class ToldChannel(Protocol):
    """A Telegram channel that our bot posts to. `department` is a slug, "" = of all of them."""

    @property
    def name(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def kinds(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChannel:
    """One of them as the page shows it."""

    url: str
    name: str
    whose: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedHandle:
    """A department's account of our own in the fediverse, or the city's; `here` as in FollowedAccount."""

    slug: str
    name: str
    handle: str
    here: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedAccount:
    """An official account; `here` leads to following it on the reader's own server.

    `department` is None where all of them are of one.
    """

    department: str | None
    name: str
    url: str
    here: str | None
    qr: Qr | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPlatform:
    """The official accounts of one platform; the first one of the fediverse asks for the reader's own server."""

    platform: Platform
    accounts: tuple[FollowedAccount, ...]
    asks_for_server: bool

    @property
    def is_first(self) -> bool:
        """Whether it has a place of its own: it shows posts as they come, and to whoever has no account."""
        return self.platform in _FIRST


def follow_page(
    site: Site,
    given: Follow,
    departments: tuple[Department, ...],
    accounts: tuple[Account, ...],
    *,
    mail: MailOffer | None = None,
    channels: Sequence[ToldChannel] = (),
) -> str:
    """The choice, and every way that works for it. A way that is not offered is not spoken of."""
    filters = given.filters
    named = _named(filters, departments)
    here = site.url(page_path("/follow", filters))
    feeds = feed_links(filters, site.public_url)
    calendar = site.public_url + calendar_path(filters)
    return rendered(
        "follow.html",
        site,
        chosen=chosen_words(site, filters, departments),
        filters=filters,
        canonical=here,
        page_qr=qr_of(here),
        page_name=plain_url(here),
        qr_paths=[(name.upper(), page_path(f"/follow/qr.{name}", filters)) for name in _CODES],
        choices=choices_of(site, "/follow", filters, departments),
        alarm=None if filters.kinds else site.path(page_path("/follow", _only_emergencies(filters))),
        feeds=feeds,
        feed_qr=qr_of(feeds[0].url),
        calendar=calendar,
        webcal=webcal(calendar),
        calendar_qr=qr_of(webcal(calendar)),
        asks_for_department=not named,
        departments=departments,
        mail=mail,
        mail_department=filters.departments[0] if len(filters.departments) == 1 else "",
        kept_parameters=parameters(filters),
        channels=tuple(_channels(site, filters, departments, channels)),
        **_accounts(site, given, named, accounts),
    )


def server_named(typed: str) -> str | None:
    """The host that somebody means by the name of their server, or by their own address there.

    >>> server_named("Mastodon.Example"), server_named("https://mastodon.example/@warga"), server_named("@warga@mastodon.example")
    ('mastodon.example', 'mastodon.example', 'mastodon.example')
    >>> server_named("localhost"), server_named("10.0.0.1"), server_named("a.example:8080"), server_named("a.example/x y")
    (None, None, None, None)
    """
    name = typed.strip().lower()
    name = name.partition("://")[2].partition("/")[0] if "://" in name else name.rpartition("@")[2].rstrip("/")
    return name if len(name) <= _LONGEST_HOST and _HOST.fullmatch(name) else None


def _only_emergencies(filters: Filters) -> Filters:
    return Filters(departments=filters.departments, groups=filters.groups, areas=filters.areas, kinds=(Kind.EMERGENCY,))


def _named(filters: Filters, departments: Sequence[Department]) -> tuple[Department, ...]:
    """The departments that were chosen, few enough to list what each has."""
    if not (filters.departments or filters.groups or filters.areas):
        return ()
    named = tuple(
        one
        for one in departments
        if (not filters.departments or one.slug in filters.departments)
        and (not filters.groups or one.group in filters.groups)
        and (not filters.areas or one.area in filters.areas)
    )
    return named if len(named) <= _MOST_DEPARTMENTS else ()


def _accounts(site: Site, given: Follow, named: Sequence[Department], accounts: Sequence[Account]) -> dict[str, object]:
    """Our own accounts in the fediverse, the departments' own anywhere, and the reader's server to follow them on."""
    server = server_named(given.server)
    return {
        "handles": tuple(_handles(site, named, server)) if site.fediverse else (),
        "platforms": tuple(_platforms(named, accounts, server, is_asked=site.fediverse)),
        "server": server or given.server,
        "is_server": server is not None,
    }


def _channels(
    site: Site, filters: Filters, departments: Sequence[Department], channels: Sequence[ToldChannel]
) -> Iterator[ShownChannel]:
    """The city's, and the chosen departments'; not those of kinds that nobody chose."""
    names = {one.slug: one.short_name or one.name for one in departments} | {"": site.publisher.name}
    for one in channels:
        is_wanted = not one.department or one.department in filters.departments
        if (
            is_wanted
            and one.department in names
            and not (filters.kinds and one.kinds and not {*one.kinds} & {*filters.kinds})
        ):
            yield ShownChannel(
                url=f"https://t.me/{one.name}", name=f"@{one.name}", whose=names[one.department], kinds=one.kinds
            )


def _handles(site: Site, departments: Sequence[Department], server: str | None) -> Iterator[FollowedHandle]:
    """Each chosen department's; the city's where none is, or too many are."""
    names = {one.slug: one.short_name or one.name for one in departments} or {CITY: site.publisher.name}
    for slug, name in names.items():
        here = _on_server(server, actor_url(site.public_url, slug)) if server else None
        yield FollowedHandle(slug=slug, name=name, handle=f"@{handle(site.public_url, slug)}", here=here)


def _platforms(
    departments: Sequence[Department], accounts: Sequence[Account], server: str | None, *, is_asked: bool
) -> Iterator[FollowedPlatform]:
    """Verified accounts alone: a page of the city must not lead to somebody else's."""
    names = {one.slug: one.short_name or one.name for one in departments}
    official = [one for one in accounts if one.department in names and _is_official(one)]
    official.sort(key=lambda one: (_FOLLOWED.index(one.platform), names[one.department], one.key))
    for platform, some in groupby(official, key=lambda one: one.platform):
        addressed = [(one, address) for one in some if (address := profile_address(one))]
        if not addressed:
            continue
        has_codes = platform is Platform.TELEGRAM and len(addressed) <= _MOST_CODES
        asks = platform in _FEDIVERSE and not is_asked
        is_asked = is_asked or asks
        yield FollowedPlatform(
            platform=platform,
            accounts=tuple(
                FollowedAccount(
                    department=names[one.department] if len(names) > 1 else None,
                    name=one.handle or plain_url(address),
                    url=address,
                    here=_on_server(server, address) if server and platform in _FEDIVERSE else None,
                    qr=qr_of(address) if has_codes else None,
                )
                for one, address in addressed
            ),
            asks_for_server=asks,
        )


def _is_official(account: Account) -> bool:
    return account.platform in _FOLLOWED and account.verified_at is not None and account.status in _FOLLOWABLE


def profile_address(account: Account) -> str | None:
    """Where people see the account: the register's address, or the one that its handle means.

    >>> profile_address(Account(key="k", platform=Platform.TELEGRAM, department="d", handle="@dinkeskota"))
    'https://t.me/dinkeskota'
    """
    if account.url:
        return canonical_url(account.url)
    meant = meaning(account.handle, account.platform) if account.handle else ""
    return canonical_url(meant["url"]) if isinstance(meant, dict) and "url" in meant else None


def _on_server(server: str, address: str) -> str:
    """Where a Mastodon server asks its own user whether to follow an account of another server."""
    return f"https://{server}/authorize_interaction?uri={quote(address, safe='')}"
