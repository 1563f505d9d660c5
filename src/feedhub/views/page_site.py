"""Whose pages these are, where they stand, and which language they speak."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedhub.accounts.account import Publisher
from feedhub.posts.picture_copies import PictureMode
from feedhub.views.messages import LANGUAGES, language_of_pages

# The first steps of the paths of pages; what has a dot in its last step is a file.
_PAGES: Final = frozenset(
    [
        "about",
        "accounts",
        "calendar",
        "corrections",
        "data",
        "departments",
        "developers",
        "embed",
        "ethics",
        "follow",
        "fragment",
        "log",
        "newsrooms",
        "offline",
        "posts",
        "privacy",
        "search",
        "status",
        "verify",
        "webmasters",
        "widget",
    ]
) | {""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every page is given.

    `public_url` has no trailing slash and may have a path. `asked_in` is the language that the
    address asks for by its first step, None = the publisher's own. `here` is the path and query
    of this page without such a step. `fediverse`: whether departments can be followed from there.
    """

    publisher: Publisher
    public_url: str
    pictures: PictureMode = PictureMode.COPIES
    asked_in: str | None = None
    here: str = "/"
    fediverse: bool = False

    @property
    def language(self) -> str:
        """The language of the interface, one of LANGUAGES; posts have their own."""
        return self.asked_in or self.home_language

    @property
    def home_language(self) -> str:
        """The language of the pages whose address asks for none."""
        return language_of_pages(self.publisher.language)

    @property
    def zone(self) -> ZoneInfo:
        """The publisher's time zone, in which every time is shown."""
        return ZoneInfo(self.publisher.time_zone)

    def url(self, path: str) -> str:
        """The absolute address, for whoever reads it elsewhere: canonical, feeds, sharing."""
        return self.public_url + self._spoken(path, self.language)

    def path(self, path: str) -> str:
        """The address within this host, so that links work whatever name we were reached by.

        >>> site = Site(publisher=Publisher(), public_url="https://kota.example/kabar", asked_in="en")
        >>> site.path("/status"), site.path("/feed.rss")
        ('/kabar/en/status', '/kabar/feed.rss')
        """
        return urlsplit(self.public_url).path + self._spoken(path, self.language)

    def others(self) -> tuple[tuple[str, str], ...]:
        """This page in every other language: the language and the path. None where `here` speaks none.

        What stands in the address of a credential flow or a letter's link is nobody's to repeat.
        """
        if not is_page(self.here):
            return ()
        prefix = urlsplit(self.public_url).path
        return tuple((one, prefix + self._spoken(self.here, one)) for one in LANGUAGES if one != self.language)

    def url_in(self, language: str) -> str:
        """The absolute address of this page in `language`."""
        return self.public_url + self._spoken(self.here, language)

    def _spoken(self, path: str, language: str) -> str:
        if language == self.home_language or not is_page(path):
            return path
        return f"/{language}{path}"


def is_page(path: str) -> bool:
    """Whether `path`, perhaps with a query, is a page of the site, which speaks a language.

    >>> is_page("/"), is_page("/posts/1?x=1.2"), is_page("/departments/dinkes/feed.rss"), is_page("/api/v1/posts")
    (True, True, False, False)
    """
    steps = path.partition("?")[0].partition("#")[0].split("/")
    return len(steps) > 1 and steps[1] in _PAGES and "." not in steps[-1]


def language_of_path(path: str) -> tuple[str | None, str]:
    """The language that the first step of `path` asks for, if it is a page's, and the path without it.

    >>> language_of_path("/en/status"), language_of_path("/en"), language_of_path("/en/feed.rss")
    (('en', '/status'), ('en', '/'), (None, '/en/feed.rss'))
    """
    first, _, rest = path[1:].partition("/")
    if first in LANGUAGES and is_page(f"/{rest}"):
        return first, f"/{rest}"
    return None, path


def begun_in(path: str) -> str | None:
    """The language that an address begins with although no page stands there.

    >>> begun_in("/en/nothing"), begun_in("/nothing")
    ('en', None)
    """
    first = path[1:].partition("/")[0]
    return first if first in LANGUAGES else None


def plain_url(url: str | None) -> str:
    """An address as people say it.

    >>> plain_url("https://dinkes.example/feed/")
    'dinkes.example/feed'
    """
    return (url or "").partition("://")[2].rstrip("/")
