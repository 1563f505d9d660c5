"""Whose pages these are and where they stand."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedhub.accounts.account import Publisher
from feedhub.posts.picture_copies import PictureMode
from feedhub.views.messages import language_of_pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What every page is given. `public_url` has no trailing slash and may have a path."""

    publisher: Publisher
    public_url: str
    pictures: PictureMode = PictureMode.COPIES

    @property
    def language(self) -> str:
        """The language of the interface, `id` or `en`; posts have their own."""
        return language_of_pages(self.publisher.language)

    @property
    def zone(self) -> ZoneInfo:
        """The publisher's time zone, in which every time is shown."""
        return ZoneInfo(self.publisher.time_zone)

    def url(self, path: str) -> str:
        """The absolute address, for whoever reads it elsewhere: canonical, feeds, sharing."""
        return self.public_url + path

    def path(self, path: str) -> str:
        """The address within this host, so that links work whatever name we were reached by.

        >>> Site(publisher=Publisher(), public_url="https://kota.example/kabar").path("/status")
        '/kabar/status'
        """
        return urlsplit(self.public_url).path + path


def plain_url(url: str | None) -> str:
    """An address as people say it.

    >>> plain_url("https://dinkes.example/feed/")
    'dinkes.example/feed'
    """
    return (url or "").partition("://")[2].rstrip("/")
