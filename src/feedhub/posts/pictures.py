"""The media of a post: legal, bounded, each picture once."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from feedhub.posts.post import Media
from feedhub.posts.text import one_line
from feedhub.posts.trackers import is_pixel
from feedhub.posts.urls import canonical_url

MAX_MEDIA = 50
_ALT_LENGTH = 4_000  # characters
_MAX_NUMBER = 2**53  # beyond it JSON's readers round
_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
# Sizes that WordPress writes into a file's name, and the host of its resizing service.
_FILE = re.compile(
    r"https?://(?:i[0-3]\.wp\.com/)?([^?#]*?)(?:-\d{2,5}x\d{2,5}|-scaled|-rotated)*(\.(?:jpe?g|png|gif|webp|avif|bmp))(?:[?#].*)?",
    re.IGNORECASE,
)


def legal_media(media: Iterable[Media], base: str | None) -> Iterator[Media]:
    """`media` with addresses resolved and facts checked.

    What can't be addressed and what only counts readers is left out.
    """
    return filter(None, (_legal(medium, base) for medium in media))


def one_of_each(media: Iterable[Media]) -> tuple[Media, ...]:
    """`media` without the same picture in another size; at most 50."""
    listed = tuple(media)
    if len(listed) <= 1:
        return listed
    found: dict[str, Media] = {}
    for medium in listed:
        key = picture_key(medium.url)
        found[key] = _merged(found[key], medium) if key in found else medium
        if len(found) == MAX_MEDIA:
            break
    return tuple(found.values())


def picture_key(url: str) -> str:
    """What the addresses of one picture in several sizes have in common.

    >>> picture_key("https://a.example/foto-300x200.jpg?w=3") == picture_key("http://i0.wp.com/a.example/foto.jpg")
    True
    """
    match = _FILE.fullmatch(url)
    return match[1] + match[2].lower() if match else url


def _legal(medium: Media, base: str | None) -> Media | None:
    url = canonical_url(medium.url, base)
    if url is None or is_pixel(url, str(medium.width or ""), str(medium.height or "")):
        return None
    mime = (medium.mime_type or "").partition(";")[0].strip().lower()
    seconds = medium.duration_seconds
    return replace(
        medium,
        url=url,
        preview_url=canonical_url(medium.preview_url, base) if medium.preview_url else None,
        mime_type=mime if _MIME.fullmatch(mime) else None,
        width=_count(medium.width),
        height=_count(medium.height),
        bytes=_count(medium.bytes),
        duration_seconds=seconds if seconds is not None and math.isfinite(seconds) and seconds > 0 else None,
        alt=None if medium.alt is None else one_line(medium.alt[:_ALT_LENGTH]),
    )


def _merged(first: Media, again: Media) -> Media:
    """The first one wins; what it does not say, the second may."""
    if first.alt is not None or again.alt is None:
        return first
    return replace(first, alt=again.alt)


def _count(number: int | None) -> int | None:
    """A size that can be true; 0 means that nobody knew."""
    return number if number is not None and 0 < number < _MAX_NUMBER else None
