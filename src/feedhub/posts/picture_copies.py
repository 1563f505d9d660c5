"""Our copies of a post's pictures: which ones a post wants, what they are called, how wide they come."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from feedhub.posts.compare import SEALED, lasting_address
from feedhub.posts.html import images_in
from feedhub.posts.pictures import MAX_MEDIA
from feedhub.posts.post import Media, MediaType, Post

# Pixels. One for a list on a phone, one for a phone's whole width, one for everything else.
WIDTHS = (320, 640, 1280)
# What a browser that knows one of them asks for; the first one is for the others.
FORMATS = ("jpg", "webp")


class PictureMode(StrEnum):
    """Whence a visitor's browser gets pictures: from our copies, from the platforms, not at all."""

    COPIES = "copies"
    LINKS = "links"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePicture:
    """A copy as it was made: `width` and `height` in pixels of the upright original, `color` its mean, `#rrggbb`."""

    id: UUID
    width: int
    height: int
    color: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureCopy:
    """Our copy of what stands at `source` in a post: a picture, the preview of a film, a picture in its text."""

    source: str
    id: UUID
    width: int
    height: int
    color: str

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths in which it is served, the smallest first."""
        return widths_of(self.width)

    def path(self, width: int, format: str) -> str:
        """Where it is served."""
        return f"/media/{self.id}/{width}.{format}"

    def path_near(self, width: int, format: str = "jpg") -> str:
        """Its address in that width, or in the next smaller one that there is."""
        return self.path(max([one for one in self.widths if one <= width], default=self.widths[0]), format)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A picture in one width and one of FORMATS."""

    width: int
    format: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnails:
    """A picture in every width and format. `width` and `height` are the upright original's, `color` its mean."""

    width: int
    height: int
    color: str
    renditions: tuple[Rendition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """No picture of ours can be made of this, and why: one sentence."""

    reason: str


def widths_of(width: int) -> tuple[int, ...]:
    """The widths of the copies of a picture: the fixed ones below its own, then its own or the largest.

    >>> widths_of(4000), widths_of(1080), widths_of(200)
    ((320, 640, 1280), (320, 640, 1080), (200,))
    """
    return (*(one for one in WIDTHS if one < min(width, WIDTHS[-1])), min(width, WIDTHS[-1]))


def preview_url(medium: Media) -> str | None:
    """An image that shows what `medium` is."""
    return medium.preview_url or (medium.url if medium.type is MediaType.IMAGE else None)


def copied_url(medium: Media) -> str | None:
    """The address of which a copy is made: a picture itself, else what shows the medium."""
    return medium.url if medium.type is MediaType.IMAGE else medium.preview_url


def wanted_pictures(post: Post, *, id: UUID, version: int) -> dict[UUID, str]:
    """What a post has that wants a copy: the copy's id and the address that it is made of, in the post's order.

    The id stays while the picture does, however often its platform signs its address anew. Where nothing in an
    address says which picture it is, the place in the post and its version do.
    """
    addresses = [copied_url(medium) for medium in post.media]
    if "<img " in post.content_html:
        addresses += [image.url for image in images_in(post.content_html)]
    wanted: dict[UUID, str] = {}
    for source in list(dict.fromkeys(filter(None, addresses)))[:MAX_MEDIA]:
        name = lasting_address(source)
        if name == SEALED:
            name = f"{name} {version}"
        place = 0
        while (copy := uuid5(id, f"picture {name} {place}")) in wanted:
            place += 1
        wanted[copy] = source
    return wanted


def copies_in(post: Post, made: Iterable[MadePicture], *, id: UUID, version: int) -> tuple[PictureCopy, ...]:
    """The copies that a post shows: of what was `made` for it, that which it still has."""
    by_id = {one.id: one for one in made}
    return tuple(
        PictureCopy(source=source, id=copy, width=one.width, height=one.height, color=one.color)
        for copy, source in wanted_pictures(post, id=id, version=version).items()
        if (one := by_id.get(copy)) is not None
    )
