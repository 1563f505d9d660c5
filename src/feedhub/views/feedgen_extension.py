"""Our extension of feedgen: it is handed the tree and writes what feedgen leaves out or gets wrong.

feedgen 1.0.0 loses `rel`, `type` and `length` of an Atom entry's links, gives RSS no link but
`self`, knows neither tombstones nor alt texts, and one character that XML forbids makes the
whole feed fail. So feedgen writes only what it writes right; entries are made one by one here.
In its Atom tree elements have no namespace (`xmlns` is written as if it were an attribute), so
there a link is `link`; in its RSS tree it is `ATOM + "link"`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree
from lxml.etree import SubElement

from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Media, Post
from feedhub.views.channel import Channel, rfc3339, urn
from feedhub.views.entries import written
from feedhub.views.media import mime_type_of

Element: TypeAlias = etree._Element  # noqa: SLF001  # lxml has no public name for an element's class

NAMESPACES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}
# feedgen declares these two itself; naming them again in extend_ns breaks its prefixes.
ATOM = "{http://www.w3.org/2005/Atom}"
AT, FH, CC, DC, XHTML, MEDIA, SY = (f"{{{namespace}}}" for namespace in NAMESPACES.values())
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class _Unwritten(datetime):
    """A date that feedgen takes for none."""

    def __bool__(self) -> bool:
        return False


# feedgen's default is the time of rendering, and it writes RFC 822 dates by switching the whole
# process's locale, which no other thread may see: the extension writes those dates.
UNWRITTEN = _Unwritten(1970, 1, 1, tzinfo=UTC)


class ChannelExtension(BaseExtension):
    """Completes the channel's head, then appends its entries, then what stands below them."""

    def __init__(
        self,
        channel: Channel,
        *,
        prefixes: tuple[str, ...],
        head: Callable[[Element, Channel], None],
        entry: Callable[[Channel, KeptPost], Element | None],
        foot: Callable[[Element, Channel], None] | None = None,
    ) -> None:
        self._channel, self._prefixes, self._head, self._entry, self._foot = channel, prefixes, head, entry, foot

    def extend_ns(self) -> dict[str, str]:
        return {prefix: NAMESPACES[prefix] for prefix in self._prefixes}

    def extend_rss(self, feed: Element) -> Element:
        self._extend(feed[0], format="rss")
        return feed

    def extend_atom(self, feed: Element) -> Element:
        self._extend(feed, format="atom")
        return feed

    def _extend(self, parent: Element, *, format: str) -> None:
        self._head(parent, self._channel)
        for entry in written(self._channel.posts, partial(self._entry, self._channel), format=format):
            parent.append(entry)
        if self._foot is not None:
            self._foot(parent, self._channel)


class EntryExtension(BaseEntryExtension):
    """Completes one entry, whatever its format."""

    def __init__(self, complete: Callable[[Element], None]) -> None:
        self._complete = complete

    def extend_rss(self, feed: Element) -> Element:
        self._complete(feed)
        return feed

    extend_atom = extend_rss


def extended(entry: FeedEntry, complete: Callable[[Element], None]) -> FeedEntry:
    """The entry with our extension, which calls `complete` with its element."""
    entry.register_extension("feedhub", partial(EntryExtension, complete))
    return entry


def categories(channel: Channel, kept: KeptPost, post: Post) -> list[dict[str, str]]:
    """Tags as they are; kinds and notices with the address of their list as scheme (RSS: domain)."""
    terms = [{"term": tag} for tag in post.tags if tag]
    terms += [{"term": kind.value, "scheme": f"{channel.public_url}/api/v1/kinds"} for kind in post.kinds]
    if kept.notice:
        terms.append({"term": kept.notice.kind.value, "scheme": f"{channel.public_url}/corrections"})
    return terms


def add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """A child with text and attributes; lxml escapes both."""
    child = SubElement(parent, tag, attributes)
    child.text = text
    return child


def add_media(entry: Element, media: tuple[Media, ...]) -> None:
    """Media RSS for every medium, its alt text as description. No group: those mean renditions of one."""
    for medium in media:
        content = add(entry, MEDIA + "content", url=medium.url, type=mime_type_of(medium), medium=medium.type.value)
        for name, number in (
            ("fileSize", medium.bytes),
            ("width", medium.width),
            ("height", medium.height),
            ("duration", medium.duration_seconds),
        ):
            if number is not None:
                content.set(name, str(round(number)))
        if medium.alt:
            add(content, MEDIA + "description", medium.alt, type="plain")
        if medium.preview_url:
            add(content, MEDIA + "thumbnail", url=medium.preview_url)


def add_archive_mark(parent: Element, channel: Channel) -> None:
    """RFC 5005 section 4: an archive says that it is one."""
    if channel.history.current_url:
        add(parent, FH + "archive")


def add_tombstones(parent: Element, channel: Channel) -> None:
    """RFC 6721: which entry is gone, since when and why; never what it said."""
    for stone in channel.graves():
        deleted = add(parent, AT + "deleted-entry", ref=urn(stone.id), when=rfc3339(stone.deleted_at, channel.zone))
        if stone.reason:
            add(deleted, AT + "comment", stone.reason)
