"""What one feed item says, gathered element by element, and the post that it makes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from urllib.parse import urljoin

from lxml.etree import _Element as Element

from feedhub.accounts.account import Via
from feedhub.connectors.feed_identity import Marks
from feedhub.connectors.feed_media import gathered
from feedhub.connectors.feed_text import looks_like_html, plain, summary_of, unescaped, unwrapped
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, Place, Post, PostType

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Characters; a title beyond is an article.
_TITLE_LIMIT = 4000
# Tags, media and links of one item; more is spam or a mistake.
MANY = 100


@dataclass(slots=True, kw_only=True)
class Draft:
    """Raw values; whoever fills it keeps the first or the better of two, never both.

    `markup` is HTML or plain text as feeds mix them, `rank` says how good its source was.
    `published` and `edited` are dates as they stand in the feed.
    """

    base: str | None = None
    language: str | None = None
    id: str = ""
    link: str = ""
    link_rank: int = 9
    permalink: str = ""
    title: str = ""
    title_is_text: bool = False
    markup: str = ""
    rank: int = 0
    is_text: bool = False
    content_base: str | None = None
    summary: str = ""
    summary_rank: int = 0
    published: str = ""
    published_rank: int = 0
    edited: str = ""
    tags: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    thumbnails: list[Media] = field(default_factory=list)
    duration: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    place: str = ""
    in_reply_to: str = ""

    def offer_content(self, markup: str, rank: int, *, is_text: bool = False, base: str | None = None) -> None:
        """Takes `markup` as the body if its element is better than the held one's; the second best is the summary."""
        if not markup:
            return
        if rank > self.rank:
            self._offer_summary(self.markup, self.rank, is_text=self.is_text)
            self.markup, self.rank, self.is_text, self.content_base = markup, rank, is_text, base
        else:
            self._offer_summary(markup, rank, is_text=is_text)

    def _offer_summary(self, markup: str, rank: int, *, is_text: bool) -> None:
        if rank > self.summary_rank:
            self.summary, self.summary_rank = escape(markup, quote=False) if is_text else markup, rank

    def offer_link(self, address: str, rank: int) -> None:
        """Takes `address` if it is better than what is held; rank 0 is best, the first wins a tie."""
        if address and rank < self.link_rank:
            self.link, self.link_rank = address, rank

    def offer_published(self, text: str, rank: int) -> None:
        """Takes the date of the element that people mean most by "published"."""
        if text and rank > self.published_rank:
            self.published, self.published_rank = text, rank

    def marks(self) -> Marks:
        """What tells this item from others."""
        return Marks(
            id=self.id,
            link=self.link or self.permalink,
            date=self.published or self.edited,
            title=self.title,
            content=self.markup or self.summary or next((medium.url for medium in self.media), ""),
        )


Reader = Callable[[Draft, Element], None]
Readers = dict[str, Reader]


def absolute(address: str, base: str | None) -> str:
    """`address` seen from `base`; unchanged where that makes no sense.

    >>> absolute("/a", "https://x.example/feed/"), absolute("https://y.example/b", None), absolute("http://[", "http://x")
    ('https://x.example/a', 'https://y.example/b', 'http://[')
    """
    if not address or not base or _ABSOLUTE.match(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def post_of(draft: Draft, *, native_id: str, via: Via) -> Post:
    """The post that a draft makes.

    Raises:
        ItemUnreadable: it says nothing that a person could read or look at.
        PostRefused: an invariant of the normal form does not hold.
    """
    link = absolute(draft.link or draft.permalink, draft.base)
    media = gathered(draft.media[:MANY], draft.thumbnails[:MANY], draft.duration)
    published, edited = _times(draft)
    markup, is_html = _body(draft)
    return normal_post(
        native_id=native_id,
        # Relative addresses in an article are meant from its page, unless the feed says otherwise.
        base=draft.content_base or link or draft.base,
        title=(draft.title if draft.title_is_text else plain(draft.title[:_TITLE_LIMIT])) or None,
        html=markup if is_html else None,
        text=None if is_html else markup or None,
        summary=summary_of(draft.summary) or None,
        source_url=link or None,
        media=[_at(medium, draft.base) for medium in media],
        links=[absolute(address, draft.base) for address in draft.links[:MANY]],
        tags=draft.tags[:MANY],
        language=draft.language or None,
        published_at=published,
        edited_at=edited,
        via=via,
        type=PostType.REPLY if draft.in_reply_to else PostType.ORIGINAL,
        in_reply_to=draft.in_reply_to or None,
        place=_place(draft),
    )


def _body(draft: Draft) -> tuple[str, bool]:
    """The content, and whether it is HTML; feeds call plain text HTML as often as the other way round."""
    if draft.is_text or looks_like_html(draft.markup):
        return draft.markup, not draft.is_text
    markup = unwrapped(draft.markup)
    return (unescaped(markup), False) if markup is draft.markup else (markup, True)


def _times(draft: Draft) -> tuple[datetime | None, datetime | None]:
    """When it was published, and when it was edited if that was later."""
    published = read_date(draft.published) if draft.published else None
    if not draft.edited or draft.edited == draft.published:
        return published, None
    edited = read_date(draft.edited)
    if published is None:
        return edited, None
    return published, edited if edited and edited > published else None


def _place(draft: Draft) -> Place | None:
    has_point = draft.latitude is not None and draft.longitude is not None
    if not has_point and not draft.place:
        return None
    return Place(
        name=draft.place or None,
        latitude=draft.latitude if has_point else None,
        longitude=draft.longitude if has_point else None,
    )


def _at(medium: Media, base: str | None) -> Media:
    """Addresses of media are meant from the feed, not from the article's page."""
    url = absolute(medium.url, base)
    preview = absolute(medium.preview_url, base) if medium.preview_url else None
    return (
        medium if (url, preview) == (medium.url, medium.preview_url) else replace(medium, url=url, preview_url=preview)
    )
