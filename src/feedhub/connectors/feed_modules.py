"""Elements that any XML feed may hold: Dublin Core, media, iTunes, places, threads."""

from lxml.etree import _Element as Element

from feedhub.connectors.feed_draft import MANY, Draft, Reader, Readers, absolute
from feedhub.connectors.feed_media import media_content, media_group, seconds, thumbnail
from feedhub.connectors.feed_names import ATOM, DC, DCTERMS, FEEDBURNER, ITUNES, MEDIA, THREAD, tags
from feedhub.connectors.feed_places import PLACES
from feedhub.connectors.feed_xml import ATTRIBUTE_LIMIT, XML_BASE, XML_LANG, text_in
from feedhub.posts.post import Media, MediaType


def read_elements(draft: Draft, entry: Element, readers: Readers) -> None:
    """Each child of `entry` goes once to the reader of its name; unknown ones are passed over."""
    for element in entry:
        tag = element.tag
        reader = readers.get(tag) or (readers.get(tag.lower()) if isinstance(tag, str) else None)
        if reader and len(element.attrib) <= ATTRIBUTE_LIMIT:
            reader(draft, element)


def base_in(element: Element, outer: str | None) -> str | None:
    """The base address inside `element` (XML Base section 4)."""
    own = element.get(XML_BASE)
    return absolute(own.strip(), outer) if own else outer


def language_in(element: Element) -> str | None:
    """The language that `element` itself declares."""
    own = element.get(XML_LANG)
    return own.strip() or None if own else None


def _content(rank: int) -> Reader:
    def read(draft: Draft, element: Element) -> None:
        draft.offer_content(text_in(element), rank)

    return read


def _published(rank: int) -> Reader:
    def read(draft: Draft, element: Element) -> None:
        draft.offer_published(text_in(element), rank)

    return read


def _edited(draft: Draft, element: Element) -> None:
    draft.edited = draft.edited or text_in(element)


def _title(draft: Draft, element: Element) -> None:
    draft.title = draft.title or text_in(element)


def _language(draft: Draft, element: Element) -> None:
    draft.language = text_in(element) or draft.language


def _subject(draft: Draft, element: Element) -> None:
    draft.tags.append(text_in(element))


def _keywords(draft: Draft, element: Element) -> None:
    draft.tags += [word.strip() for word in text_in(element).split(",", MANY) if word.strip()]


def _identifier(draft: Draft, element: Element) -> None:
    draft.id = draft.id or text_in(element)


def _original_link(draft: Draft, element: Element) -> None:
    # FeedBurner replaces links by its own and keeps the site's here.
    draft.offer_link(text_in(element), 0)


def _in_reply_to(draft: Draft, element: Element) -> None:
    address = (element.get("href") or element.get("ref") or "").strip()
    draft.in_reply_to = draft.in_reply_to or address


def _media(draft: Draft, element: Element) -> None:
    if medium := media_content(element):
        draft.media.append(medium)


def _group(draft: Draft, element: Element) -> None:
    medium, thumbnails = media_group(element)
    if medium:
        draft.media.append(medium)
    draft.thumbnails += thumbnails
    for child in element:
        reader = _IN_GROUP.get(child.tag)
        if reader:
            reader(draft, child)


def _thumbnail(draft: Draft, element: Element) -> None:
    if medium := thumbnail(element):
        draft.thumbnails.append(medium)


def _cover(draft: Draft, element: Element) -> None:
    if address := (element.get("href") or "").strip():
        draft.thumbnails.append(Media(type=MediaType.IMAGE, url=address))


def _duration(draft: Draft, element: Element) -> None:
    draft.duration = seconds(text_in(element))


_IN_GROUP: Readers = {
    tag: reader
    for name, reader in (("title", _title), ("description", _content(1)), ("keywords", _keywords))
    for tag in tags(MEDIA, name)
}
MODULES: Readers = PLACES | {
    tag: reader
    for spaces, name, reader in (
        (DC, "title", _title),
        (DC, "description", _content(3)),
        (DC, "date", _published(3)),
        (DC, "language", _language),
        (DC, "subject", _subject),
        (DC, "identifier", _identifier),
        (DCTERMS, "issued", _published(4)),
        (DCTERMS, "created", _published(2)),
        (DCTERMS, "modified", _edited),
        (ATOM, "published", _published(6)),
        (ATOM, "issued", _published(6)),
        (ATOM, "created", _published(1)),
        (ATOM, "updated", _edited),
        (ATOM, "modified", _edited),
        (ITUNES, "title", _title),
        (ITUNES, "summary", _content(1)),
        (ITUNES, "subtitle", _content(1)),
        (ITUNES, "keywords", _keywords),
        (ITUNES, "duration", _duration),
        (ITUNES, "image", _cover),
        (MEDIA, "title", _title),
        (MEDIA, "description", _content(1)),
        (MEDIA, "keywords", _keywords),
        (MEDIA, "content", _media),
        (MEDIA, "group", _group),
        (MEDIA, "thumbnail", _thumbnail),
        (THREAD, "in-reply-to", _in_reply_to),
        (FEEDBURNER, "origLink", _original_link),
    )
    for tag in tags(spaces, name)
}
