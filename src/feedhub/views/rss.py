"""RSS 2.0 with the modules that readers and newsrooms use (RSS Advisory Board profile)."""

from email.utils import format_datetime
from functools import partial
from html import escape

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post
from feedhub.views.channel import (
    Channel,
    Tombstone,
    account_feed,
    account_title,
    epitaph,
    html_with_notice,
    language_tag,
    legal,
    local_time,
    rfc3339,
    shown_content,
    shown_title,
    summary_with_notice,
    urn,
)
from feedhub.views.feed_reading import add_explanation, add_reading_link, styled
from feedhub.views.feedgen_extension import (
    ATOM,
    CC,
    DC,
    SY,
    UNWRITTEN,
    ChannelExtension,
    Element,
    add,
    add_archive_mark,
    add_media,
    add_tombstones,
    categories,
    extended,
)
from feedhub.views.media import mime_type_of
from feedhub.views.messages import language_of_pages, speaker
from feedhub.views.terms import usage_terms

MEDIA_TYPE = "application/rss+xml"
MINUTES_TO_LIVE = 15
_PREFIXES = ("at", "creativeCommons", "dc", "fh", "h", "media", "sy")


def render_rss(channel: Channel) -> bytes:
    """The channel as RSS 2.0, UTF-8. The same channel gives the same bytes."""
    channel = legal(channel)
    feed = FeedGenerator()
    feed.title(channel.title)
    feed.description(channel.description if channel.description.strip() else channel.title)
    feed.language(channel.publisher.language)
    feed.generator("FeedHub")
    feed.lastBuildDate(UNWRITTEN)
    feed.ttl(MINUTES_TO_LIVE)
    if channel.rights:
        feed.copyright(channel.rights)
    feed.link(href=channel.self_url, rel="self", type=MEDIA_TYPE)
    feed.link(href=channel.page_url, rel="alternate")  # last: feedgen's <link> is the last one added
    extension = ChannelExtension(channel, prefixes=_PREFIXES, head=_complete_channel, entry=_item, foot=_add_stubs)
    feed.register_extension("feedhub", lambda: extension)
    return styled(feed.rss_str(pretty=True), channel)


def _complete_channel(parent: Element, channel: Channel) -> None:
    add_explanation(parent, channel)
    add(parent, "lastBuildDate", format_datetime(local_time(channel.updated_at, channel.zone)))
    add(parent, ATOM + "link", rel="hub", href=channel.hub_url)
    add(parent, ATOM + "link", rel="alternate", type="text/html", href=channel.page_url)
    if channel.next_url:
        add(parent, ATOM + "link", rel="next", type=MEDIA_TYPE, href=channel.next_url)
    for rel, href in channel.history.links():
        add(parent, ATOM + "link", rel=rel, type=MEDIA_TYPE, href=href)
    if channel.publisher.license:
        add(parent, ATOM + "link", rel="license", href=channel.publisher.license)
        if "://creativecommons.org/" in channel.publisher.license:
            add(parent, CC + "license", channel.publisher.license)
    add(parent, SY + "updatePeriod", "hourly")
    add(parent, SY + "updateFrequency", str(60 // MINUTES_TO_LIVE))
    add_archive_mark(parent, channel)
    add_tombstones(parent, channel)


def _item(channel: Channel, kept: KeptPost) -> Element | None:
    post = shown_content(kept)
    if post is None:
        return None
    entry = FeedEntry()
    entry.title(shown_title(kept, post))
    entry.link(href=channel.post_url(kept))
    entry.guid(urn(kept.id), permalink=False)
    if summary := summary_with_notice(kept, post, channel.publisher):
        entry.description(escape(summary, quote=False))  # a description is HTML, a summary is not
    if html := html_with_notice(kept, post, channel.publisher):
        entry.content(html)
    entry.category(categories(channel, kept, post))
    entry.source(account_feed(kept.account, channel.public_url, "rss"), account_title(kept))
    return extended(entry, partial(_complete_item, channel, kept, post)).rss_entry()


def _complete_item(channel: Channel, kept: KeptPost, post: Post, item: Element) -> None:
    add(item, "pubDate", format_datetime(local_time(kept.published_at, channel.zone)))
    # Newsroom importers (Superdesk) skip an item that is not newer than the last one they took,
    # and a post may be collected long after it was published: this is our own, rising time.
    add(item, ATOM + "updated", rfc3339(kept.updated_at, channel.zone))
    add(item, DC + "creator", kept.department.name)
    add(item, DC + "rights", usage_terms(kept, channel.publisher))
    if (language := language_tag(post)) and language != channel.publisher.language:
        add(item, DC + "language", language)
    if post.source_url:
        add(item, ATOM + "link", rel="via", href=post.source_url)
    if post.media:
        first = post.media[0]  # the profile: at most one enclosure, length 0 where it is not known
        add(item, "enclosure", url=first.url, length=str(first.bytes or 0), type=mime_type_of(first))
    add_media(item, post.media)
    add_reading_link(item, channel, channel.post_url(kept))


def _add_stubs(parent: Element, channel: Channel) -> None:
    """RSS has no tombstones: an item of the same guid takes the post's place, in readers too. It says nothing of it."""
    for stone in channel.graves():
        _complete_stub(channel, stone, add(parent, "item"))


def _complete_stub(channel: Channel, stone: Tombstone, item: Element) -> None:
    said, url = epitaph(stone, channel.publisher), f"{channel.public_url}/posts/{stone.id}"
    add(item, "title", speaker(language_of_pages(channel.publisher.language))("gone_title"))
    add(item, "link", url)
    add(item, "guid", urn(stone.id), isPermaLink="false")
    add(item, "description", escape(said, quote=False))
    add(item, "pubDate", format_datetime(local_time(stone.deleted_at, channel.zone)))
    add(item, ATOM + "updated", rfc3339(stone.deleted_at, channel.zone))
    add(item, DC + "creator", channel.publisher.name)
    add_reading_link(item, channel, url)
