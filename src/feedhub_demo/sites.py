"""The departments' websites: who they are, and where things stand on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedhub_demo.articles import Article

CITY = "Kota Tirtasari"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One website. `permalink` and `native_id` are patterns over an article's fields.

    Native ids name the site's public domain and never a port, so that a post is the same
    post whichever port the stand-in got.
    """

    slug: str
    name: str
    motto: str
    feed_path: str
    feed_type: str  # the link element's
    content_type: str  # what the server says, true or not
    permalink: str
    native_id: str
    colour: str
    write: Callable[["Edition"], str]

    def path_of(self, article: Article) -> str:
        return self._filled(self.permalink, article)

    def id_of(self, article: Article) -> str:
        return self._filled(self.native_id, article)

    def _filled(self, pattern: str, article: Article) -> str:
        published = article.published_at
        return pattern.format(
            year=published.year,
            month=f"{published:%m}",
            day=f"{published:%d}",
            number=article.number,
            slug=article.slug,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What a site shows at one moment: all that pages and feeds are written from, newest first."""

    site: Site
    root: str  # http://127.0.0.1:PORT
    articles: Sequence[Article]
    channels: Sequence[tuple[str, str]] = ()  # the other official accounts that the site names: name, address

    def link(self, article: Article) -> str:
        return self.root + self.site.path_of(article)

    @property
    def title(self) -> str:
        return f"{self.site.name} {CITY}"

    @property
    def feed_url(self) -> str:
        return self.root + self.site.feed_path
