"""What one message of a Telegram channel says, as t.me shows it."""

import re
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement, tostring

from feedhub.accounts.account import Via
from feedhub.connectors.loose import path_of
from feedhub.connectors.telegram_page import (
    MESSAGE,
    NAMED,
    ROOT,
    attribute,
    first,
    hrefs,
    messages_in,
    name_of,
    page_of,
    shown,
    texts,
    with_class,
)
from feedhub.errors import ItemUnreadable
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Place, Poll, Post, PostType
from feedhub.posts.text import one_line

_BACKGROUND = re.compile(r"background-image:\s*url\(['\"]?([^'\")]+)")
_SIZE = re.compile(r"width:\s*([\d.]+)px;\s*padding-top:\s*([\d.]+)%")
_BLOCKS = re.compile(r"<(?:blockquote|pre)\b")
_SHORT = {"K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_SHORT_COUNT = re.compile(r"([\d.]+)([KMB]?)").fullmatch
_MINUTE = 60


def read_message(body: bytes) -> Post:
    """The post that one kept message makes.

    Raises:
        ItemUnreadable: it is no message.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    message = next(iter(messages_in(page_of(body))), None)
    if message is None:
        raise ItemUnreadable("It is no message of a channel.")
    name = name_of(message)
    own = f"{ROOT}/{name}"
    published_at = read_date(attribute(message, f".//*[{with_class(f'{MESSAGE}_date')}]//time/@datetime"))
    forwarded = first(message, f"{MESSAGE}_forwarded_from")
    if forwarded is not None:
        return _forward(name, forwarded, published_at=published_at)
    relation = _relation(message, name)
    text = first(message, "js-message_text")
    question = shown(first(message, f"{MESSAGE}_poll_question"))
    written = (_html(text), f"<p>{escape(question)}</p>" if question else "", _documents(message, own))
    return normal_post(
        native_id=name,
        html="".join(written) or None,
        source_url=own,
        media=_media(message),
        links=[*hrefs(message, f"{MESSAGE}_link_preview"), *hrefs(message, f"{MESSAGE}_location_wrap")],
        mentions=[name[1:] for name in texts(text, ".//a") if name.startswith("@")],
        published_at=published_at,
        via=Via.PAGE,
        poll=_poll(message),
        place=_place(message),
        counts=_views(message),
        aliases=_album(message, name),
        **relation,
    )


def _forward(name: str, forwarded: HtmlElement, *, published_at: datetime | None) -> Post:
    """What others said is passed on: their address, and none of their text. A person's name is nobody's business."""
    paths = [path_of(str(href)).lower() for href in forwarded.xpath(".//a/@href")]
    address = next((f"{ROOT}/{path}" for path in paths if NAMED(path)), None)
    return forwarded_post(name, address, published_at=published_at, via=Via.PAGE)


def forwarded_post(name: str, address: str | None, *, published_at: datetime | None, via: Via) -> Post:
    """A forward, by whatever route. `address` is the original message's, where it is public."""
    return normal_post(
        native_id=name,
        source_url=address or f"{ROOT}/{name}",
        links=[address] if address else [],
        via=via,
        type=PostType.REPOST,
        repost_of=address,
        published_at=published_at,
    )


def paragraph(html: str) -> str:
    """Lines of a message as a paragraph, unless they hold blocks of their own."""
    inner = html.strip()
    return inner if not inner or _BLOCKS.search(inner) else f"<p>{inner}</p>"


def _relation(message: HtmlElement, name: str) -> dict[str, Any]:
    """An answer to a message of the channel itself continues it. The quoted text is cut: it is another post's."""
    answered = first(message, f"{MESSAGE}_reply")
    if answered is None:
        return {}
    address = str(answered.get("href") or "")
    answered.drop_tree()
    return relation_to(address, name)


def relation_to(address: str, name: str) -> dict[str, Any]:
    path = path_of(address).lower()
    if path.partition("/")[0] == name.partition("/")[0] and NAMED(path):
        return {"type": PostType.THREAD, "in_reply_to": path}
    return {"type": PostType.REPLY, "in_reply_to": address or None}


def _html(text: HtmlElement | None) -> str:
    """The text's own markup: emoji as letters, hashtags as words."""
    if text is None:
        return ""
    inner = text.xpath(f"./*[{with_class('js-message_text')}]")
    text = inner[0] if inner else text
    for emoji in text.xpath(f".//i[{with_class('emoji')}]"):
        emoji.text = one_line(emoji.text_content())
        for part in list(emoji):
            emoji.remove(part)
        emoji.drop_tag()
    for link in text.xpath(".//a[starts-with(@href, '?q=')]"):
        link.drop_tag()
    written = escape(text.text or "", quote=False) + "".join(tostring(part, encoding="unicode") for part in text)
    return paragraph(written)


def _documents(message: HtmlElement, own: str) -> str:
    """Names of attached files: t.me shows no address of them but the message's."""
    titles = message.xpath(f".//*[{with_class(f'{MESSAGE}_document_title')}]")
    return "".join(document_line(own, shown(title)) for title in titles)


def document_line(own: str, title: str) -> str:
    return f'<p><a href="{escape(own)}">{escape(title, quote=False)}</a></p>' if title else ""


def _media(message: HtmlElement) -> list[Media]:
    """Pictures, films and sounds in their order. A film too big for the page leaves its still picture."""
    found: list[Media] = []
    for part in message.iter("a", "div", "audio", "i"):
        names = set((part.get("class") or "").split())
        if f"{MESSAGE}_photo_wrap" in names:
            found.append(Media(type=MediaType.IMAGE, url=_background(part)))
        elif f"{MESSAGE}_video_player" in names or f"{MESSAGE}_roundvideo_player" in names:
            found.append(_film(part))
        elif f"{MESSAGE}_voice" in names:
            seconds = _seconds(first(message, f"{MESSAGE}_voice_duration"))
            found.append(Media(type=MediaType.AUDIO, url=part.get("src") or "", duration_seconds=seconds))
        elif f"{MESSAGE}_sticker" in names:
            found.append(Media(type=MediaType.IMAGE, url=part.get("data-webp") or _background(part)))
    return [medium for medium in found if medium.url.startswith("http")]


def _film(player: HtmlElement) -> Media:
    source = attribute(player, ".//video/@src")
    still = next((url for part in player.xpath(".//i") if (url := _background(part))), "")
    if not source:
        return Media(type=MediaType.IMAGE, url=still)
    size = _SIZE.search(attribute(player, f".//*[{with_class(f'{MESSAGE}_video_wrap')}]/@style"))
    width = round(float(size[1])) if size else None
    return Media(
        type=MediaType.VIDEO,
        url=source,
        preview_url=still or None,
        width=width,
        height=round(width * float(size[2]) / 100) if size and width else None,
        duration_seconds=_seconds(next(iter(player.xpath(".//time")), None)),
    )


def _poll(message: HtmlElement) -> Poll | None:
    options = texts(message, f".//*[{with_class(f'{MESSAGE}_poll_option_text')}]")
    return Poll(options=tuple(options)) if options else None


def _place(message: HtmlElement) -> Place | None:
    """Latitude and longitude stand in the address of the map."""
    map_at = next(iter(hrefs(message, f"{MESSAGE}_location_wrap")), None)
    if map_at is None:
        return None
    degrees = (parse_qs(urlsplit(map_at).query).get("q") or [""])[0].split(",")
    name = shown(first(message, f"{MESSAGE}_location_title")) or None
    try:
        latitude, longitude = map(float, degrees)
    except ValueError:
        return Place(name=name)
    return Place(name=name, latitude=latitude, longitude=longitude)


def _views(message: HtmlElement) -> dict[str, int] | None:
    """Rounded by the page: 16.3M.

    >>> _views(page_of(b'<p class="tgme_widget_message_views">436.6K'))
    {'views': 436600}
    """
    found = _SHORT_COUNT(shown(first(message, f"{MESSAGE}_views")))
    try:
        return {"views": round(float(found[1]) * _SHORT.get(found[2], 1))} if found else None
    except ValueError:
        return None


def _album(message: HtmlElement, name: str) -> list[str]:
    """The other messages of an album, which the page shows as one."""
    paths = [path_of(str(href)).lower() for href in message.xpath(".//a[contains(@href, '?single')]/@href")]
    return [path for path in dict.fromkeys(paths) if path != name and NAMED(path)]


def _background(part: HtmlElement) -> str:
    found = _BACKGROUND.search(part.get("style") or "")
    return found[1] if found else ""


def _seconds(time: HtmlElement | None) -> float | None:
    """Seconds of a shown length.

    >>> _seconds(page_of(b"<time>1:02:03</time>"))
    3723.0
    """
    parts = shown(time).split(":")
    if not all(part.isdecimal() for part in parts):
        return None
    total = 0
    for part in parts:
        total = total * _MINUTE + int(part[:4])
    return float(total)
