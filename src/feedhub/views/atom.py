"""Atom 1.0 (RFC 4287) with tombstones (RFC 6721)."""

from functools import partial

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post
from feedhub.views.channel import (
    Channel,
    account_feed,
    account_title,
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
    XML_LANG,
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
from feedhub.views.terms import usage_terms

MEDIA_TYPE = "application/atom+xml"


def render_atom(channel: Channel) -> bytes:
    """The channel as Atom 1.0, UTF-8. The same channel gives the same bytes."""
    channel = legal(channel)
    feed = FeedGenerator()
    feed.id(channel.id)
    feed.title(channel.title)
    feed.subtitle(channel.description)
    feed.language(channel.publisher.language)
    feed.generator("FeedHub")
    feed.updated(local_time(channel.updated_at, channel.zone))
    feed.author(_person(channel.publisher.name, channel.publisher.url))
    if channel.rights:
        feed.rights(channel.rights)
    for rel, media_type, href in _links(channel):
        feed.link(rel=rel, type=media_type, href=href)
    extension = ChannelExtension(channel, prefixes=("at", "fh", "h", "media"), head=_complete_feed, entry=_entry)
    feed.register_extension("feedhub", lambda: extension)
    return styled(feed.atom_str(pretty=True), channel)


def _complete_feed(parent: Element, channel: Channel) -> None:
    add_explanation(parent, channel)
    add_archive_mark(parent, channel)
    add_tombstones(parent, channel)


def _links(channel: Channel) -> list[tuple[str, str, str]]:
    """rel, type (may be empty), href."""
    links = [
        ("self", MEDIA_TYPE, channel.self_url),
        ("hub", "", channel.hub_url),
        ("alternate", "text/html", channel.page_url),
    ]
    if channel.next_url:
        links.append(("next", MEDIA_TYPE, channel.next_url))
    links += [(rel, MEDIA_TYPE, href) for rel, href in channel.history.links()]
    if channel.publisher.license:
        links.append(("license", "", channel.publisher.license))
    return links


def _person(name: str, url: str | None) -> dict[str, str]:
    return {"name": name, "uri": url} if url else {"name": name}


def _entry(channel: Channel, kept: KeptPost) -> Element | None:
    post = shown_content(kept)
    if post is None:
        return None
    entry = FeedEntry()
    entry.id(urn(kept.id))
    entry.title(shown_title(kept, post))
    entry.published(local_time(kept.published_at, channel.zone))
    entry.updated(local_time(kept.updated_at, channel.zone))
    entry.author(_person(kept.department.name, kept.department.url))
    if summary := summary_with_notice(kept, post, channel.publisher):
        entry.summary(summary)
    entry.content(html_with_notice(kept, post, channel.publisher), type="html")
    entry.category(categories(channel, kept, post))
    return extended(entry, partial(_complete_entry, channel, kept, post)).atom_entry()


def _complete_entry(channel: Channel, kept: KeptPost, post: Post, entry: Element) -> None:
    if language := language_tag(post):
        entry.set(XML_LANG, language)
    add(entry, "link", rel="alternate", type="text/html", href=channel.post_url(kept))
    if post.source_url:
        add(entry, "link", rel="via", href=post.source_url)
    for medium in post.media:
        enclosure = add(entry, "link", rel="enclosure", type=mime_type_of(medium), href=medium.url)
        if medium.bytes is not None:
            enclosure.set("length", str(medium.bytes))
    if channel.publisher.license:
        add(entry, "link", rel="license", href=channel.publisher.license)
    add(entry, "rights", usage_terms(kept, channel.publisher))
    add_media(entry, post.media)
    _add_source(channel, kept, entry)
    add_reading_link(entry, channel, channel.post_url(kept))


def _add_source(channel: Channel, kept: KeptPost, entry: Element) -> None:
    """RFC 4287 section 4.2.11: an entry copied from elsewhere says from which feed."""
    source = add(entry, "source")
    add(source, "id", urn(kept.account.id))
    add(source, "title", account_title(kept))
    add(source, "updated", rfc3339(kept.updated_at, channel.zone))
    add(source, "link", rel="self", href=account_feed(kept.account, channel.public_url, "atom"))
    if kept.account.url:
        add(source, "link", rel="alternate", href=kept.account.url)
