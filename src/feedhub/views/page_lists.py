"""A list of posts as a page shows it: its cards, its addresses, its neighbours."""

from dataclasses import dataclass

from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.views.page_cards import Card, cards_of
from feedhub.views.page_hits import terms_of
from feedhub.views.page_links import FeedLink, feed_links, parameters, query
from feedhub.views.page_site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class PostList:
    """Posts for a page. `path` implies the filters named in `implied` (a department's page
    its department), so they are left out of its query. `before` and `older` are the keyset
    cursors of this page and of the next one; None = the newest page, and no older posts.
    """

    posts: tuple[KeptPost, ...]
    filters: Filters
    path: str
    implied: frozenset[str] = frozenset()
    before: str | None = None
    older: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLink:
    """One step of the navigation by kind; `kind` None = all of them."""

    kind: Kind | None
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownList:
    """What the templates are given of a list."""

    cards: tuple[Card, ...]
    canonical: str
    feeds: tuple[FeedLink, ...]
    kind_links: tuple[KindLink, ...]
    older_href: str | None
    newest_href: str | None


def shown_list(site: Site, given: PostList) -> ShownList:
    asked = _asked(given)
    own = [pair for pair in asked if pair[0] != "limit"]
    if given.before:
        own.append(("before", given.before))
    return ShownList(
        cards=cards_of(given.posts, site, terms=terms_of(given.filters.q)),
        canonical=site.url(given.path + query(own)),
        feeds=feed_links(given.filters, site.public_url),
        kind_links=_kind_links(site, given, asked),
        older_href=site.path(given.path + query([*asked, ("before", given.older)])) if given.older else None,
        newest_href=site.path(given.path + query(asked)) if given.before else None,
    )


def _asked(given: PostList) -> list[tuple[str, str]]:
    return [(name, value) for name, value in parameters(given.filters) if name not in given.implied]


def _kind_links(site: Site, given: PostList, asked: list[tuple[str, str]]) -> tuple[KindLink, ...]:
    others = [(name, value) for name, value in asked if name != "kind"]
    every = KindLink(kind=None, href=site.path(given.path + query(others)), is_current=not given.filters.kinds)
    return (every, *(_kind_link(site, given, others, kind) for kind in Kind))


def _kind_link(site: Site, given: PostList, others: list[tuple[str, str]], kind: Kind) -> KindLink:
    href = site.path(given.path + query([*others, ("kind", kind.value)]))
    return KindLink(kind=kind, href=href, is_current=given.filters.kinds == (kind,))
