"""A post as a message in a Telegram channel (core.telegram.org/bots/api#html-style). Pure."""

from html import escape

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Post
from feedhub.views.channel import shown_title
from feedhub.views.messages import language_of_pages, speaker
from feedhub.views.page_cards import shortened

LONGEST = 4_096  # of a message: UTF-16 code units, marks not counted
_LONGEST_TITLE, _LONGEST_REASON = 300, 1_000
_UNIT = 2  # bytes


def message_of(kept: KeptPost, post: Post, publisher: Publisher, *, public_url: str) -> str:
    """The message of a live post: its notice, its title, as much of its text as there is room for, whose it is, its link."""
    say = speaker(language_of_pages(publisher.language))
    parts: list[tuple[str, str]] = []  # as it is shown, and as it is written
    if kept.notice is not None:
        label, reason = say(kept.notice.kind.value), shortened(kept.notice.reason, _LONGEST_REASON)
        parts.append((f"{label}: {reason}", f"<b>{_html(label)}:</b> {_html(reason)}"))
    text = post.content_text.strip()
    if not post.title_is_made or not text:  # a made title is how the text begins
        title = shortened(shown_title(kept, post), _LONGEST_TITLE)
        parts.append((title, f"<b>{_html(title)}</b>"))
    name, more, url = kept.department.name, say("telegram_more"), f"{public_url}/posts/{kept.id}"
    foot = (f"{name} · {more}", f'<i>{_html(name)}</i> · <a href="{escape(url)}">{_html(more)}</a>')
    room = LONGEST - sum(_units(shown) + 2 for shown, _ in (*parts, foot))
    if text:
        parts.append(("", _html(_cut(text, room))))
    return "\n\n".join(written for _, written in (*parts, foot))


def farewell_of(kept: KeptPost, publisher: Publisher) -> str:
    """What takes a message's place where it can't be deleted: that it was taken back and why, never what it said."""
    say = speaker(language_of_pages(publisher.language))
    if kept.notice is None:
        return _html(say("gone_source"))
    reason = shortened(kept.notice.reason, _LONGEST_REASON)
    return _html(f"{say('gone_withdrawn', publisher=publisher.name)} {say('gone_reason')}: {reason}")


def _html(text: str) -> str:
    return escape(text, quote=False)


def _units(text: str) -> int:
    """How long Telegram takes a text to be.

    >>> _units("a"), _units("🚒")
    (1, 2)
    """
    return len(text.encode("utf-16-le")) // _UNIT


def _cut(text: str, most: int) -> str:
    """The text, or as much of it as fits with a mark that it goes on.

    >>> _cut("air bersih", 10), _cut("air bersih", 6), _cut("🚒🚒", 3)
    ('air bersih', 'air b…', '🚒…')
    """
    if _units(text) <= most:
        return text
    return text.encode("utf-16-le")[: (most - 1) * _UNIT].decode("utf-16-le", "ignore").rstrip() + "…"
