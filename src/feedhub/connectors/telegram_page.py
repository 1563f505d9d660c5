"""Pages of t.me: the messages of a public channel, found and cut out.

The preview has no documentation: what stands here was learned from recorded pages. Everything
that changes at each look (signatures, reactions) is cut away from a message before it is kept.
"""

import base64
import re
from binascii import Error as NotBase64
from collections.abc import Sequence

import msgspec
from lxml.etree import LxmlError
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from feedhub.connectors.loose import number_in
from feedhub.failures import Unreadable

ROOT = "https://t.me"

MESSAGE = "tgme_widget_message"
NAMED = re.compile(r"([A-Za-z0-9_]+)/(\d+)").fullmatch
# Who speaks is known; what the crowd thinks changes by the minute.
_CUT = (
    f"{MESSAGE}_user",
    f"{MESSAGE}_bubble_tail",
    f"{MESSAGE}_reactions",
    f"{MESSAGE}_from_author",
    "message_media_not_supported_wrap",
    "media_not_supported_cont",
)
_QUERIED = ("data-waveform", "onclick")


def page_of(body: bytes) -> HtmlElement:
    """A page, parsed.

    Raises:
        Unreadable: there is nothing in it.
    """
    try:
        return document_fromstring(body, parser=HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError) as error:
        raise Unreadable("What Telegram sent is no page.") from error


def messages_in(page: HtmlElement) -> list[HtmlElement]:
    """The messages of a page, oldest first, as they stand there."""
    found = page.xpath(f"descendant-or-self::*[@data-post and {with_class(MESSAGE)}]")
    return [one for one in found if NAMED(one.get("data-post", ""))]


def is_notice(message: HtmlElement) -> bool:
    """Whether it says what happened to the channel (a new photo, a pinned message), not what the channel says."""
    return "service_message" in (message.get("class") or "").split()


def name_of(message: HtmlElement) -> str:
    """`channel/message` as the connector names it: usernames have no case.

    >>> name_of(document_fromstring('<div class="tgme_widget_message" data-post="DinkesUji/41">').xpath("//div")[0])
    'dinkesuji/41'
    """
    return str(message.get("data-post", "")).lower()


def number_of(message: HtmlElement) -> int:
    return int(name_of(message).rpartition("/")[2])


def chat_of(message: HtmlElement) -> str | None:
    """The channel's lasting number, which the page's counter of views carries."""
    said = str(message.get("data-view") or "")
    try:
        value = msgspec.json.decode(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    except (NotBase64, msgspec.DecodeError, ValueError):
        return None
    number = number_in(value, "c")
    return None if number is None else str(number)


def kept(message: HtmlElement) -> bytes:
    """A message as it is kept: less what is the same in all of them or different at each look.

    Of what others said, in a forward or an answered message, only the address stays.
    """
    for name in _CUT:
        for part in message.xpath(f".//*[{with_class(name)}]"):
            part.drop_tree()
    for part in message.xpath(
        f".//*[{with_class(f'{MESSAGE}_author')} and not(ancestor::*[{with_class(f'{MESSAGE}_reply')}])]"
    ):
        part.drop_tree()
    for answered in message.xpath(f".//*[{with_class(f'{MESSAGE}_reply')}]"):
        _emptied(answered)
    for forwarded in message.xpath(f".//*[{with_class(f'{MESSAGE}_forwarded_from')}]"):
        _without_words(forwarded)
    message.attrib.pop("data-view", None)
    for part in message.iter():
        for name in _QUERIED:
            part.attrib.pop(name, None)
    message.tail = None
    body: bytes = tostring(message, encoding="utf-8")
    return body


def _emptied(part: HtmlElement) -> None:
    for inner in list(part):
        part.remove(inner)
    part.text = None


def _without_words(forwarded: HtmlElement) -> None:
    """A forward less its text, its pictures and the name of who said it."""
    for name in forwarded.xpath(f".//*[{with_class(f'{MESSAGE}_forwarded_from_name')}]"):
        _emptied(name)
    for part in forwarded.xpath(
        f"./preceding-sibling::* | ./following-sibling::*[not({with_class(f'{MESSAGE}_footer')})]"
    ):
        part.drop_tree()


def attribute(part: HtmlElement, path: str) -> str:
    """The first thing that a path to an attribute finds, empty where there is none; a plain text, unlike lxml's own."""
    return str(next(iter(part.xpath(path)), ""))


def hrefs(message: HtmlElement, name: str) -> list[str]:
    return [str(href) for href in message.xpath(f".//a[{with_class(name)}]/@href")]


def first(message: HtmlElement, name: str) -> HtmlElement | None:
    return next(iter(message.xpath(f"descendant-or-self::*[{with_class(name)}]")), None)


def shown(part: HtmlElement | None) -> str:
    return "" if part is None else " ".join(str(part.text_content()).split())


def texts(part: HtmlElement | None, path: str) -> Sequence[str]:
    return [] if part is None else [shown(one) for one in part.xpath(path)]


def with_class(name: str) -> str:
    """XPath for "has this class"."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
