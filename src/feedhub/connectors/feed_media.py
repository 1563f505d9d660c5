"""Pictures, films and sounds of a feed item: enclosures, Media RSS, JSON Feed attachments."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml.etree import _Element as Element

from feedhub.connectors.feed_names import MEDIA, tags
from feedhub.connectors.feed_xml import ATTRIBUTE_LIMIT, text_in
from feedhub.posts.post import Media, MediaType

_TYPES = {
    extension: kind
    for kind, extensions in {
        MediaType.IMAGE: "jpg jpeg jpe png gif webp avif bmp heic tif tiff",
        MediaType.VIDEO: "mp4 m4v mov webm ogv avi mkv mpg mpeg 3gp m3u8",
        MediaType.AUDIO: "mp3 m4a aac ogg oga opus wav flac weba",
        MediaType.DOCUMENT: "pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt csv zip epub",
    }.items()
    for extension in extensions.split()
}
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{2,5})(?:[?#]|$)")
# A page is a link; a flash player plays nowhere any more.
_NO_MEDIA = {"text/html", "application/xhtml+xml", "application/x-shockwave-flash"}
# WordPress.com adds its authors' portraits as media: personal data, which we don't collect.
_PORTRAIT = "gravatar.com/"
_NUMBER = re.compile(r"\s*0*[1-9][0-9]{0,14}\s*", re.ASCII)
_CONTENT, _THUMBNAIL = tags(MEDIA, "content"), tags(MEDIA, "thumbnail")
_DESCRIPTION = tags(MEDIA, "description")


def enclosure(address: str, mime: str, *, size: str = "", medium: str = "") -> Media | None:
    """A medium by its address and what its feed says of it; None if it is none.

    >>> enclosure("https://x.example/a.pdf", "", size="0").type, enclosure("https://x.example/", "text/html")
    (<MediaType.DOCUMENT: 'document'>, None)
    """
    address, mime = address.strip(), mime.partition(";")[0].strip().lower()
    if not address or mime in _NO_MEDIA or _PORTRAIT in address:
        return None
    return Media(type=_type(address, mime, medium), url=address, mime_type=mime or None, bytes=number(size))


def media_content(element: Element) -> Media | None:
    """One `media:content`; its description is what stands for the picture when it can't be seen."""
    if len(element.attrib) > ATTRIBUTE_LIMIT:
        return None
    said = element.get
    medium = enclosure(
        said("url") or "",
        said("type") or "",
        size=said("fileSize") or "",
        medium=(said("medium") or "").strip().lower(),
    )
    if not medium:
        return None
    description, preview = _first(element, _DESCRIPTION), _first(element, _THUMBNAIL)
    return replace(
        medium,
        width=number(said("width") or ""),
        height=number(said("height") or ""),
        duration_seconds=seconds(said("duration") or ""),
        alt=text_in(description) if description is not None else None,
        preview_url=((preview.get("url") or "").strip() or None) if preview is not None else None,
    )


def media_group(element: Element) -> tuple[Media | None, list[Media]]:
    """The best of a `media:group`, whose contents are the same thing in several forms, and its thumbnails."""
    forms = [
        (child.get("isDefault") == "true", medium.width or 0, medium)
        for child in element.iterchildren(*_CONTENT)
        if (medium := media_content(child))
    ]
    best = max(forms, key=lambda form: form[:2], default=None)
    thumbnails = [medium for child in element.iterchildren(*_THUMBNAIL) if (medium := thumbnail(child))]
    return best[2] if best else None, thumbnails


def thumbnail(element: Element) -> Media | None:
    """One `media:thumbnail`, as the picture that it is."""
    address = (element.get("url") or "").strip()
    if not address or _PORTRAIT in address:
        return None
    width, height = number(element.get("width") or ""), number(element.get("height") or "")
    return Media(type=MediaType.IMAGE, url=address, width=width, height=height)


def gathered(media: Sequence[Media], thumbnails: Sequence[Media], duration: float | None) -> tuple[Media, ...]:
    """All media once: the same address told twice is one medium, a picture in several sizes its largest.

    Thumbnails stand for films and sounds; where there are neither those nor pictures, the
    largest is the picture. `duration` belongs to the first film or sound.
    """
    distinct: dict[tuple[MediaType, str], Media] = {}
    for medium in media:
        is_picture = medium.type is MediaType.IMAGE
        key = (medium.type, medium.url.partition("?")[0] if is_picture else medium.url)
        held = distinct.get(key)
        distinct[key] = _merged(held, medium) if held else medium
    found = list(distinct.values())
    best = max(thumbnails, key=lambda medium: medium.width or 0, default=None)
    playing = next((n for n, medium in enumerate(found) if medium.type in {MediaType.VIDEO, MediaType.AUDIO}), None)
    if playing is not None:
        played = found[playing]
        preview = played.preview_url or (best.url if best else None)
        found[playing] = replace(played, preview_url=preview, duration_seconds=played.duration_seconds or duration)
    elif best and not any(medium.type is MediaType.IMAGE for medium in found):
        found.insert(0, best)
    return tuple(found)


def number(text: str) -> int | None:
    """A count or a size; None if it is not one, or zero, which feeds write for "unknown".

    >>> number("1024"), number("0"), number("1.5 MB")
    (1024, None, None)
    """
    return int(text) if _NUMBER.fullmatch(text) else None


def seconds(text: str) -> float | None:
    """A duration, as seconds or as `h:mm:ss`; None if it is not one.

    >>> seconds("328"), seconds("1:02:03"), seconds("soon")
    (328.0, 3723.0, None)
    """
    total = 0.0
    for part in text.strip().split(":", 3):
        if not _SECONDS.fullmatch(part):
            return None
        total = total * 60 + float(part)
    return total or None


_SECONDS = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,6})?")


def _type(address: str, mime: str, medium: str) -> MediaType:
    for claim in (mime.partition("/")[0], medium):
        if claim in _CLAIMS:
            return _CLAIMS[claim]
    extension = _EXTENSION.search(address[-300:])
    return _TYPES.get(extension[1].lower(), MediaType.DOCUMENT) if extension else MediaType.DOCUMENT


_CLAIMS = {kind.value: kind for kind in (MediaType.IMAGE, MediaType.VIDEO, MediaType.AUDIO)}


def _merged(held: Media, seen: Media) -> Media:
    if (seen.width or 0) > (held.width or 0) and seen.type is MediaType.IMAGE:
        held, seen = seen, held
    return replace(
        held,
        mime_type=held.mime_type or seen.mime_type,
        bytes=held.bytes or seen.bytes,
        preview_url=held.preview_url or seen.preview_url,
        duration_seconds=held.duration_seconds or seen.duration_seconds,
        alt=held.alt if held.alt is not None else seen.alt,
    )


def _first(element: Element, names: list[str]) -> Element | None:
    return next(element.iterchildren(*names), None)
