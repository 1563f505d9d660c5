"""Updates that Telegram sends to a bot that administers a channel: the same posts by another route.

core.telegram.org/bots/api#update. A bot is told what is said and edited, never what was said
before it came, nor what is deleted. Addresses of its files hold its token, so its posts have no
media: the public page brings them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

import msgspec

from feedhub.accounts.account import Via
from feedhub.connectors.loose import number_in, record_in, records_in, text_in
from feedhub.connectors.telegram_message import document_line, forwarded_post, paragraph, relation_to
from feedhub.connectors.telegram_page import ROOT
from feedhub.errors import ItemUnreadable
from feedhub.payloads.payload import Payload
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Place, Poll, Post

FORM = "telegram-bot"

_UPDATES = ("channel_post", "edited_channel_post")
# What is kept of a message: no names of people, no words of others.
_KEPT = (
    "message_id",
    "chat",
    "date",
    "edit_date",
    "text",
    "entities",
    "caption",
    "caption_entities",
    "poll",
    "location",
    "venue",
    "link_preview_options",
)
_FILES = ("document", "audio")
_MEDIA = ("photo", "video", "video_note", "voice", "sticker", "animation", *_FILES)
_SAID = ("text", "caption", "poll", "location", "venue", "forward_origin", *_MEDIA)
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_UNIT = 2  # bytes of UTF-16, in which entities count

Json = dict[str, Any]


def bot_payload(update: bytes) -> tuple[str, Payload] | None:
    """The channel's username (lower case, without @) and the payload of its new or edited post.

    None for what is no post of a public channel: other updates, channels without a username,
    notices of the channel itself, and pictures of an album after the one with its words.
    """
    try:
        value = msgspec.json.decode(update)
    except (msgspec.DecodeError, RecursionError):
        return None
    message = next((found for name in _UPDATES if (found := record_in(value, name))), {})
    channel = text_in(record_in(message, "chat"), "username").lower()
    if not channel or number_in(message, "message_id") is None or not any(name in message for name in _SAID):
        return None
    if "media_group_id" in message and not text_in(message, "caption"):
        return None
    return channel, Payload(form=FORM, body=msgspec.json.encode(_own_words(message)))


def has_media(payload: Payload) -> bool:
    """Whether a message holds more than words: its files' addresses hold the bot's token, so a bot can't bring them."""
    message = msgspec.json.decode(payload.body)
    return isinstance(message, dict) and message.get("with_files") is True


def read_update(body: bytes) -> Post:
    """The post that one kept message makes; in everything but media the same as the page's.

    Raises:
        ItemUnreadable: it is no message of a public channel.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    message = record_in(msgspec.json.decode(body))
    channel, number = text_in(record_in(message, "chat"), "username").lower(), number_in(message, "message_id")
    if not channel or number is None:
        raise ItemUnreadable("It is no message of a public channel.")
    name = f"{channel}/{number}"
    published_at = _moment(message, "date")
    if "forwarded" in message:
        return forwarded_post(name, text_in(message, "forwarded") or None, published_at=published_at, via=Via.INBOX)
    text, entities = text_in(message, "text"), records_in(message, "entities")
    if not text:
        text, entities = text_in(message, "caption"), records_in(message, "caption_entities")
    poll = record_in(message, "poll")
    question = text_in(poll, "question")
    answered = number_in(message, "answered")
    written = (
        paragraph(marked(text, entities)),
        f"<p>{escape(question)}</p>" if question else "",
        document_line(f"{ROOT}/{name}", text_in(message, "file")),
    )
    return normal_post(
        native_id=name,
        html="".join(written) or None,
        source_url=f"{ROOT}/{name}",
        links=[url] if (url := text_in(record_in(message, "link_preview_options"), "url")) else [],
        mentions=[name[1:] for one in entities if (name := _mentioned(text, one))],
        published_at=published_at,
        edited_at=_moment(message, "edit_date"),
        via=Via.INBOX,
        poll=_poll(poll),
        place=_place(message),
        **({} if answered is None else relation_to(f"{ROOT}/{channel}/{answered}", name)),
    )


def marked(text: str, entities: Sequence[Json]) -> str:
    """A text with its entities as HTML. They count UTF-16 units, may nest, and may be nonsense.

    >>> marked("🩺 Jadwal", [{"type": "bold", "offset": 3, "length": 6}])
    '🩺 <b>Jadwal</b>'
    """
    units = len(text.encode("utf-16-le", "replace")) // _UNIT
    spans = [
        (start, start + length, one)
        for one in entities
        if (start := number_in(one, "offset")) is not None
        and (length := number_in(one, "length")) is not None
        and 0 <= start < start + length <= units
    ]
    spans.sort(key=lambda span: (span[0], -span[1]))
    return _within(text.encode("utf-16-le", "replace"), 0, units, spans).replace("\n", "<br>")


def _within(raw: bytes, start: int, end: int, spans: list[tuple[int, int, Json]]) -> str:
    """The text between two places, its outermost entities around what lies within them."""
    pieces, at = [], start
    while spans:
        first, last, entity = spans[0]
        if first < at or last > end:  # it overlaps another one, which no markup can say
            spans = spans[1:]
            continue
        inner = [span for span in spans[1:] if span[0] >= first and span[1] <= last]
        pieces.append(_plain(raw, at, first))
        pieces.append(_tagged(entity, _within(raw, first, last, inner), _plain(raw, first, last, is_escaped=False)))
        at, spans = last, [span for span in spans[1:] if span[0] >= last]
    return "".join([*pieces, _plain(raw, at, end)])


def _plain(raw: bytes, start: int, end: int, *, is_escaped: bool = True) -> str:
    text = raw[start * _UNIT : end * _UNIT].decode("utf-16-le", "replace")
    return escape(text, quote=False) if is_escaped else text


def _tagged(entity: Json, html: str, text: str) -> str:
    kind = text_in(entity, "type")
    if tag := _TAGS.get(kind):
        return f"<{tag}>{html}</{tag}>"
    targets = {
        "text_link": text_in(entity, "url"),
        "url": text if "://" in text else f"http://{text}",
        "mention": f"{ROOT}/{text[1:]}" if text.startswith("@") else "",
        "email": f"mailto:{text}",
    }
    target = targets.get(kind)
    return f'<a href="{escape(target)}">{html}</a>' if target else html


def _mentioned(text: str, entity: Json) -> str:
    """The @name that an entity marks, if it marks one."""
    start, length = number_in(entity, "offset") or 0, number_in(entity, "length") or 0
    if text_in(entity, "type") != "mention" or start < 0 or length < 0:
        return ""
    name = _plain(text.encode("utf-16-le", "replace"), start, start + length, is_escaped=False)
    return name if name.startswith("@") else ""


def _own_words(message: Json) -> Json:
    """A message less signatures, files and what others said; `forwarded` and `answered` are addresses."""
    kept = {name: message[name] for name in _KEPT if name in message}
    origin = record_in(message, "forward_origin")
    if origin:
        original, number = text_in(record_in(origin, "chat"), "username"), number_in(origin, "message_id")
        address = f"{ROOT}/{original.lower()}/{number}" if original and number is not None else ""
        return {name: kept[name] for name in ("message_id", "chat", "date")} | {"forwarded": address}
    if any(name in message for name in _MEDIA):
        kept["with_files"] = True
    answered = record_in(message, "reply_to_message")
    if (number := number_in(answered, "message_id")) is not None:
        kept["answered"] = number
    named = next((record_in(message, name) for name in _FILES if name in message), {})
    if title := text_in(named, "title") or text_in(named, "file_name"):
        kept["file"] = title
    return kept


def _moment(message: Json, name: str) -> datetime | None:
    seconds = number_in(message, name)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _poll(poll: Json) -> Poll | None:
    options = tuple(text_in(option, "text") for option in records_in(poll, "options"))
    return Poll(options=options, closes_at=_moment(poll, "close_date")) if options else None


def _place(message: Json) -> Place | None:
    venue = record_in(message, "venue")
    location = record_in(venue, "location") or record_in(message, "location")
    latitude, longitude = location.get("latitude"), location.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return Place(name=text_in(venue, "title") or None, latitude=float(latitude), longitude=float(longitude))
