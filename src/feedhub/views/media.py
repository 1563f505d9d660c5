"""What readers of feeds must know of a medium even where its platform did not say."""

import re
from urllib.parse import urlsplit

from feedhub.posts.post import Media, MediaType

# A table of our own: the system's (`mimetypes`) differs between machines, and bytes must not.
_BY_EXTENSION = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "m3u8": "application/vnd.apple.mpegurl",
    "aac": "audio/aac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_BY_TYPE = {
    MediaType.IMAGE: "image/jpeg",
    MediaType.VIDEO: "video/mp4",
    MediaType.AUDIO: "audio/mpeg",
    MediaType.DOCUMENT: "application/octet-stream",
}

# RFC 6838 section 4.2, parameters after it; feeds also say `jpeg` or `image/`, which Atom forbids.
_MIME_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(;.*)?", re.ASCII)


def mime_type_of(medium: Media) -> str:
    """What the platform said if it is one, else what the address ends with, else the commonest of its type.

    An enclosure and an attachment can't be written without one.

    >>> mime_type_of(Media(type=MediaType.IMAGE, url="https://a.example/x.PNG?w=1"))
    'image/png'
    >>> mime_type_of(Media(type=MediaType.VIDEO, url="https://a.example/watch"))
    'video/mp4'
    """
    if medium.mime_type and _MIME_TYPE.fullmatch(medium.mime_type):
        return medium.mime_type
    extension = urlsplit(medium.url).path.rpartition(".")[2].lower()
    return _BY_EXTENSION.get(extension, _BY_TYPE[medium.type])


def first_image(media: tuple[Media, ...]) -> str | None:
    """The picture that stands for a post: an image, else a film's preview."""
    for medium in media:
        if medium.type is MediaType.IMAGE:
            return medium.url
        if medium.preview_url:
            return medium.preview_url
    return None
