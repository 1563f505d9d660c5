"""From pages of a city's site to the departments and accounts that a register could hold, for a person to check."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from urllib.parse import urlsplit

from feedhub.accounts.account import Account, Department, Platform, Register
from feedhub.accounts.account_keys import default_key
from feedhub.accounts.department_names import city_domain, is_article, is_index, is_unit_host, site_name, unit_in
from feedhub.accounts.first_register import slug_of
from feedhub.accounts.look_alikes import is_alike, shown_name
from feedhub.accounts.recognition import recognised

# Accounts that makers of themes and platforms link to themselves.
_STRANGERS = frozenset(
    {
        *("wordpress", "wordpressdotcom", "joomla", "drupal", "elementor", "envato", "canva", "wix", "blogger"),
        *(
            "facebook",
            "facebookapp",
            "instagram",
            "twitter",
            "x",
            "youtube",
            "tiktok",
            "threads",
            "telegram",
            "linkedin",
        ),
        *("google", "googlechrome", "username", "user", "yourusername", "example", "share", "company"),
    }
)
_SEVERAL = 2  # departments that link to one account; then it is the city's


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A link of a page. `is_me`: the page says that it leads to the same owner (rel="me")."""

    url: str
    text: str = ""
    is_me: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that was read. `name` is what the link to it was called; `feed` and `wordpress` are the site's own."""

    url: str
    title: str = ""
    name: str | None = None
    links: tuple[PageLink, ...] = ()
    feed: str | None = None
    wordpress: str | None = None
    is_department: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A page worth reading: a department's (`name`), or one that lists them (None)."""

    url: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """A register that nobody has checked: each account has the page where its link stood as evidence."""

    register: Register
    notes: tuple[str, ...] = ()
    pages: int = 0


@dataclass(slots=True)
class _Sighting:
    account: Account
    seen_by: dict[str, str] = field(default_factory=dict)  # the page by the department's slug


def leads(page: Page, base: str) -> tuple[Lead, ...]:
    """Where to read on from a page of the city whose domain is `base`: pages of departments, then lists of them."""
    found: dict[str, Lead] = {}
    for link in page.links:
        parts = urlsplit(link.url)
        host = parts.hostname or ""
        if is_article(link.url) or not _is_near(host, base) or recognised(link.url):
            continue
        name = unit_in(link.text)
        if city_domain(host) != base and (name or is_unit_host(host, base)):
            root = f"{parts.scheme}://{parts.netloc}/"
            found.setdefault(root, Lead(url=root, name=name or ""))
        elif name and parts.path.strip("/"):
            found.setdefault(link.url, Lead(url=link.url, name=name))
        elif is_index(link.text, link.url):
            found.setdefault(link.url, Lead(url=link.url, name=None))
    return tuple(sorted(found.values(), key=lambda lead: lead.name is None))


def proposals(pages: Sequence[Page]) -> Proposals:
    """Departments and accounts of a city. The first of the pages is its front page."""
    base = city_domain(urlsplit(pages[0].url).hostname or "")
    departments: dict[str, Department] = {}
    sightings: dict[str, _Sighting] = {}
    city = ""
    for page in pages:
        department = _department(page, base) if page.is_department else _city(pages[0], base)
        city = city or department.slug
        departments.setdefault(department.slug, department)
        for account in _accounts(page):
            seen = sightings.setdefault(account.key, _Sighting(account))
            seen.seen_by.setdefault(department.slug, page.url)
    accounts = [_owned(seen, city, front=pages[0].url) for seen in sightings.values()]
    return Proposals(
        register=Register(departments=tuple(departments.values()), accounts=tuple(accounts)),
        notes=tuple(_warnings(accounts)),
        pages=len(pages),
    )


def _is_near(host: str, base: str) -> bool:
    """The city's own sites; and other sites of government, which departments may have too."""
    return host == base or host.endswith((f".{base}", ".go.id"))


def _city(page: Page, base: str) -> Department:
    parts = urlsplit(page.url)
    return Department(
        slug=slug_of(base.partition(".")[0]),
        name=site_name(page.title) or base,
        url=f"{parts.scheme}://{parts.netloc}/",
    )


def _department(page: Page, base: str) -> Department:
    host = urlsplit(page.url).hostname or ""
    titled = site_name(page.title)
    # What the city calls it, unless that is an abbreviation.
    named = page.name if page.name and " " in page.name else None
    name = named or unit_in(titled) or page.name or titled or host
    label = host.removesuffix(f".{base}").partition(".")[0]
    own = host not in (base, f"www.{base}", f"portal.{base}")
    return Department(slug=slug_of(label if own and label != "www" else name), name=name, url=page.url)


def _accounts(page: Page) -> Iterable[Account]:
    """The accounts that a page names, its site's own feed first."""
    if page.wordpress:
        yield _account(Platform.WORDPRESS, page.wordpress, None)
    elif page.feed:
        yield _account(Platform.WEBFEED, page.feed, None)
    for link in page.links:
        said = recognised(link.url)
        if said is None or said.oddity or said.via or not (said.is_sure or link.is_me):
            continue
        if (said.handle or "").lower() not in _STRANGERS:
            yield _account(said.platform, said.url, said.handle)


def _account(platform: Platform, url: str | None, handle: str | None) -> Account:
    key = default_key(platform, url, handle)
    return Account(key=key, platform=platform, department="", url=url, handle=handle)


def _owned(seen: _Sighting, city: str, *, front: str) -> Account:
    """Whose account it is: the city's if its front page or several departments link to it, else the department's."""
    own = [slug for slug in seen.seen_by if slug != city]
    is_citys = not own or len(own) >= _SEVERAL or seen.seen_by.get(city) == front
    owner = city if is_citys else own[0]
    evidence = seen.seen_by.get(owner) or next(iter(seen.seen_by.values()))
    return replace(seen.account, department=owner, evidence=evidence)


def _warnings(accounts: Sequence[Account]) -> Iterable[str]:
    for first, second in combinations(accounts, 2):
        name, other = shown_name(first), shown_name(second)
        if first.platform is second.platform and name and other and (is_alike(name, other) or is_alike(other, name)):
            yield f"{name} looks like {other} ({first.platform.value}); find out which of them is official."
