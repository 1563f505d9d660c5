"""The one door from what a platform said to a post."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from feedhub.accounts.account import Via
from feedhub.accounts.kinds import Kind, KindRule
from feedhub.errors import ItemUnreadable
from feedhub.posts.extras import cleaned_extras
from feedhub.posts.html import clean_html, html_of, images_in, links_in, text_of
from feedhub.posts.kinds import kinds_of, tag_key
from feedhub.posts.languages import guess_language, language_tag
from feedhub.posts.pictures import legal_media, one_of_each
from feedhub.posts.post import Media, MediaType, Post
from feedhub.posts.text import clean_text, one_line, shortened
from feedhub.posts.titles import SUMMARY_LENGTH, made_summary, made_title, without_added
from feedhub.posts.urls import canonical_url, without_tracking

MAX_FIELD = 262_144  # characters
MAX_ID = 2_000  # characters
MAX_TITLE = 500  # characters
MAX_SUMMARY = 4_000  # characters, before it is shortened
MAX_LINKS = 200
MAX_TAGS = 100
_TAG_LENGTH = 100  # characters
# Titles of posts that hold nothing but a medium. The same for every publisher, as any made title.
_NAMES = {
    MediaType.IMAGE: "Foto",
    MediaType.VIDEO: "Video",
    MediaType.AUDIO: "Audio",
    MediaType.DOCUMENT: "Dokumen",
}
# The sign first, what may not stand before it second: looking for one character is fast.
_HASHTAG = re.compile(r"#(?<![\w&/#=]#)(\w*[^\W\d_]\w*)")


def normal_post(  # noqa: PLR0913 - one argument for each thing a platform can say
    *,
    native_id: str,
    base: str | None = None,
    title: str | None = None,
    html: str | None = None,
    text: str | None = None,
    summary: str | None = None,
    source_url: str | None = None,
    media: Iterable[Media] = (),
    links: Iterable[str] = (),
    tags: Iterable[str] = (),
    language: str | None = None,
    published_at: datetime | None = None,
    edited_at: datetime | None = None,
    via: Via = Via.FEED,
    **others: Any,  # noqa: ANN401 - Post's own remaining fields, cleaned by name
) -> Post:
    """A post of whatever a platform said: cleaned, completed, bounded, never refused for odd content.

    `title`, `text` and `summary` are plain text, `html` is unsafe HTML; addresses may be
    relative to `base`. HTML and text are made from each other, a title from the text, tags
    also from hashtags, media also from pictures in the HTML.

    Raises:
        ItemUnreadable: no native id, or nothing said at all.
    """
    identity = native_identity(native_id)
    source = _address(source_url, base)
    content_html, content_text = _contents(html, text or (None if html else summary), base or source)
    pictures = one_of_each((*legal_media(media, base or source), *images_in(content_html)))
    link_urls = _links(links_in(content_html), links, base or source)
    said = shortened(one_line((title or "")[: MAX_TITLE * 4]), MAX_TITLE)
    _refuse_silence(identity, said or content_text or content_html or source, pictures or link_urls)
    return Post(
        native_id=identity,
        title=said or _title(content_text, pictures, source, identity),
        title_is_made=not said,
        content_text=content_text,
        content_html=content_html,
        summary=_summary(summary, content_text),
        source_url=source,
        via=via,
        language=guess_language(f"{said} {content_text[:2_000]}") or language_tag(language),
        media=pictures,
        links=link_urls,
        tags=_tags(tags, content_text),
        **cleaned_extras({**others, "published_at": published_at, "edited_at": edited_at}),
    )


def with_kinds(post: Post, rules: tuple[KindRule, ...], default: Kind | None) -> Post:
    """`post` with the kinds that the register's rules give it."""
    kinds = kinds_of(post, rules, default)
    return post if kinds == post.kinds else replace(post, kinds=kinds)


def by_bridge(post: Post) -> Post:
    """`post` as it came by a bridge, whose word is never taken for an emergency, whatever it says."""
    return replace(post, via=Via.BRIDGE, kinds=tuple(kind for kind in post.kinds if kind is not Kind.EMERGENCY))


def native_identity(native_id: str) -> str:
    """A platform's id in the form in which a post carries it; hashed when longer than 2,000 characters.

    Raises:
        ItemUnreadable: there is none.
    """
    cleaned = one_line(native_id)
    if not cleaned:
        raise ItemUnreadable("The item has no id.")
    if len(cleaned) <= MAX_ID:
        return cleaned
    return "blake2b:" + blake2b(cleaned.encode(), digest_size=32).hexdigest()


def _refuse_silence(identity: str, words: str | None, others: tuple[Media, ...] | tuple[str, ...]) -> None:
    if not (words or others):
        raise ItemUnreadable(f"The item {identity!r} says nothing: no title, no text, no media, no link.")


def _contents(html: str | None, text: str | None, base: str | None) -> tuple[str, str]:
    """HTML and plain text of the content, each made from the other where one is missing."""
    plain = clean_text(text[:MAX_FIELD]).strip() if text else ""
    cleaned = clean_html(html, base=base) if html else ""
    if not cleaned:
        return html_of(plain), plain
    return cleaned, plain or text_of(cleaned)


def _title(text: str, pictures: tuple[Media, ...], source: str | None, identity: str) -> str:
    """A title that is never empty."""
    described = next((one_line(picture.alt) for picture in pictures if picture.alt), "")
    if made := made_title(text) or made_title(described):
        return made
    if source is None and pictures:
        return _NAMES[pictures[0].type]
    return shortened(one_line(source or identity), 100)


def _summary(given: str | None, text: str) -> str:
    said = without_added(one_line(given[:MAX_SUMMARY])) if given else ""
    return shortened(said, SUMMARY_LENGTH) or made_summary(text)


def _address(url: str | None, base: str | None) -> str | None:
    canonical = canonical_url(url, base) if url else None
    return None if canonical is None else without_tracking(canonical)


def _links(within: tuple[str, ...], given: Iterable[str], base: str | None) -> tuple[str, ...]:
    addresses = (_address(url, base) for url in given)
    return tuple(dict.fromkeys((*within, *filter(None, addresses))))[:MAX_LINKS]


def _tags(given: Iterable[str], text: str) -> tuple[str, ...]:
    """Each tag once, in its first spelling, without its #."""
    tags: dict[str, str] = {}
    hashtags = _HASHTAG.findall(text) if "#" in text else ()
    for tag in (*given, *hashtags):
        if name := _tag_name(tag[: _TAG_LENGTH * 2]):
            tags.setdefault(tag_key(name), name)
    return tuple(tags.values())[:MAX_TAGS]


@lru_cache(maxsize=4_096)
def _tag_name(tag: str) -> str:
    return one_line(tag).lstrip("#").strip()[:_TAG_LENGTH].strip()
