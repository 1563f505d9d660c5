"""A feed that somebody opens in a browser: what it is, what it holds, where to go.

Browsers give up XSLT, so it is the feed itself that they show, by a style sheet and with a few
elements of XHTML beside its own, which programs pass by. Their names are those of no feed
format: a careless reader that knows no namespaces must not take a heading for a title.
"""

from xml.sax.saxutils import quoteattr

from feedhub.views.channel import Channel
from feedhub.views.feedgen_extension import XHTML, XML_LANG, Element, add
from feedhub.views.messages import language_of_pages, speaker


def styled(document: bytes, channel: Channel) -> bytes:
    """The document with its style named before its first element."""
    if channel.style_url is None:
        return document
    declaration, _, rest = document.partition(b"?>")
    style = f'<?xml-stylesheet type="text/css" href={quoteattr(channel.style_url)}?>'
    return declaration + b"?>\n" + style.encode() + rest


def add_explanation(parent: Element, channel: Channel) -> None:
    """One paragraph in the publisher's language that leads to the page of every way to follow."""
    if channel.follow_url is None:
        return
    language = language_of_pages(channel.publisher.language)
    say = speaker(language)
    block = add(parent, XHTML + "div")
    block.set(XML_LANG, language)
    add(block, XHTML + "h1", channel.title)
    add(block, XHTML + "p", say("feed_explained"))
    ways = add(block, XHTML + "p")
    add(ways, XHTML + "a", say("feed_follow"), href=channel.follow_url)
    add(ways, XHTML + "a", say("feed_page"), href=channel.page_url)


def add_reading_link(entry: Element, channel: Channel, url: str) -> None:
    """What a browser can follow; to CSS a feed's own links are text."""
    if channel.follow_url is not None:
        say = speaker(language_of_pages(channel.publisher.language))
        add(entry, XHTML + "a", say("feed_read"), href=url)
