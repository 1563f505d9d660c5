"""Pictures as pages show them: our copies, so that no visitor's browser calls a platform."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

from feedhub.posts.html import REL
from feedhub.posts.kept import KeptPost
from feedhub.posts.picture_copies import WIDTHS, PictureCopy, PictureMode, copied_url, preview_url
from feedhub.posts.post import Media, Post
from feedhub.views.page_site import Site

# The sanitizer writes every picture and link in this form, and no "<" of any other meaning.
_MARKS = re.compile(r"<img ([^<>]*)>|<a [^<>]*>|</a>")
_SOURCE = re.compile(r'src="([^"]*)"')
_ALT = re.compile(r'(?:^| )alt="([^"]*)"')
# What a browser that knows no srcset loads, and other sites that show a shared post.
_USUAL, _SHARED = WIDTHS[1], WIDTHS[2]
# A picture within a post's text is as wide as the text at most.
_TEXT_SIZES = "(max-width: 48rem) 100vw, 44rem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image with what is known of its size. `alt` None = the publisher wrote none.

    `url` is what an `img` loads, `shared_url` the absolute address for other sites. `jpeg` and `webp` are srcsets
    with widths, empty where the picture is not ours; `color` its mean, to be seen until it is there.
    """

    url: str
    shared_url: str
    alt: str | None
    width: int | None
    height: int | None
    color: str | None = None
    jpeg: str = ""
    webp: str = ""

    @property
    def is_tall(self) -> bool:
        """Higher than wide, so that a wide frame would show only a strip of it."""
        return bool(self.width and self.height and self.height > self.width)


def shown_picture(kept: KeptPost, address: str, site: Site, *, alt: str | None = None) -> Picture | None:
    """Our copy of the picture at `address`, where there is one and copies are shown."""
    if site.pictures is not PictureMode.COPIES:
        return None
    copy = next((one for one in kept.pictures if one.source == address), None)
    return _copied(copy, site, alt) if copy else None


def picture_of(kept: KeptPost, medium: Media, site: Site) -> Picture | None:
    """What shows a medium on a page, as the site's setting has it."""
    match site.pictures:
        case PictureMode.COPIES:
            source = copied_url(medium)
            return shown_picture(kept, source, site, alt=medium.alt) if source else None
        case PictureMode.LINKS:
            return _linked(medium)
        case PictureMode.NONE:
            return None


def first_picture(kept: KeptPost, post: Post, site: Site) -> Picture | None:
    """The picture that stands for a post: its first image, or the preview of its first film."""
    if post.sensitive:
        return None
    return next(filter(None, (picture_of(kept, medium, site) for medium in post.media)), None)


def shown_html(kept: KeptPost, html: str, site: Site, *, no_alt: str) -> str:
    """Clean HTML whose pictures are our copies, sized and loaded late, and always speak.

    A picture without a copy becomes a link to it, or its words where it stands in a link already. Where the
    site's setting lets browsers ask the platforms, they are told nothing of who reads what.
    """
    return "".join(_pieces(kept, html, site, no_alt))


def _pieces(kept: KeptPost, html: str, site: Site, no_alt: str) -> Iterator[str]:
    at, is_linked = 0, False
    for match in _MARKS.finditer(html):
        yield html[at : match.start()]
        at = match.end()
        if match[1] is None:
            is_linked = match[0] != "</a>"
            yield match[0]
        else:
            yield _inline(kept, match[1], site, no_alt, is_linked=is_linked)
    yield html[at:]


def _inline(kept: KeptPost, attributes: str, site: Site, no_alt: str, *, is_linked: bool) -> str:
    source, alt = _SOURCE.search(attributes), _ALT.search(attributes)
    said = unescape(alt[1]) if alt else no_alt
    if site.pictures is PictureMode.LINKS:
        spoken = "" if alt else f' alt="{escape(no_alt)}"'
        return f'<img {attributes}{spoken} loading="lazy" decoding="async" referrerpolicy="no-referrer">'
    address = unescape(source[1]) if source else ""
    if (picture := shown_picture(kept, address, site, alt=said)) is not None:
        return markup(picture, said, sizes=_TEXT_SIZES)
    words = escape(said.strip() or no_alt)
    return words if is_linked else f'<a href="{escape(address)}" rel="{REL}">{words}</a>'


def markup(picture: Picture, alt: str, *, sizes: str = "100vw") -> str:
    """Our copy as HTML: WebP for whoever knows it, JPEG for the others, with sizes so that nothing shifts."""
    return (
        f'<picture><source type="image/webp" srcset="{picture.webp}" sizes="{sizes}">'
        f'<img src="{escape(picture.url)}" srcset="{picture.jpeg}" sizes="{sizes}" alt="{escape(alt)}"'
        f' width="{picture.width}" height="{picture.height}" loading="lazy" decoding="async"></picture>'
    )


def _copied(copy: PictureCopy, site: Site, alt: str | None) -> Picture:
    width = copy.widths[-1]
    return Picture(
        url=site.path(copy.path_near(_USUAL)),
        shared_url=site.url(copy.path_near(_SHARED)),
        alt=alt,
        width=width,
        height=max(1, round(copy.height * width / copy.width)),
        color=copy.color,
        jpeg=_srcset(copy, site, "jpg"),
        webp=_srcset(copy, site, "webp"),
    )


def _srcset(copy: PictureCopy, site: Site, format: str) -> str:
    return ", ".join(f"{site.path(copy.path(width, format))} {width}w" for width in copy.widths)


def _linked(medium: Media) -> Picture | None:
    if not (url := preview_url(medium)):
        return None
    is_whole = url == medium.url
    return Picture(
        url=url,
        shared_url=url,
        alt=medium.alt,
        width=medium.width if is_whole else None,
        height=medium.height if is_whole else None,
    )
