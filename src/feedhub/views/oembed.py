"""oEmbed 1.0: what another site shows when somebody pastes an address of ours (https://oembed.com/)."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

import orjson
from lxml import etree

from feedhub.accounts.account import Department
from feedhub.posts.kept import KeptPost
from feedhub.posts.picture_copies import WIDTHS
from feedhub.views.channel import shown_content
from feedhub.views.messages import speaker
from feedhub.views.page_cards import LONGEST_TITLE, shortened
from feedhub.views.page_site import Site
from feedhub.views.pictures import first_picture

MEDIA_TYPES: Final = {"json": "application/json", "xml": "text/xml"}
_WIDTH = 600  # pixels, where nobody says a narrower one
_HEIGHT, _HEIGHT_OF_ONE = 600, 260
_CACHE_AGE = 300  # seconds
# Scripts may run in an origin of their own, so that the frame can say how high it is.
_SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """What an address leads to: its frame, and what it is called. Of a post or a department more is said."""

    page_url: str
    frame_path: str
    title: str
    post: KeptPost | None = None
    department: Department | None = None


def oembed_document(site: Site, shown: Embedded, *, format: str, width: int | None, height: int | None) -> bytes:
    """The answer in one of MEDIA_TYPES. `width` and `height` are the most that the asker has room for."""
    usual = _HEIGHT_OF_ONE if shown.post else _HEIGHT
    wide, high = min(_WIDTH, width or _WIDTH), min(usual, height or usual)
    told: dict[str, object] = {
        "type": "rich",
        "version": "1.0",
        "title": shown.title,
        "provider_name": site.publisher.name,
        "provider_url": site.url("/"),
        "cache_age": _CACHE_AGE,
        **_author(site, shown),
        **_thumbnail(site, shown, wide, high),
        "html": _html(site, shown, wide, high),
        "width": wide,
        "height": high,
    }
    return orjson.dumps(told) if format == "json" else _xml(told)


def post_title(kept: KeptPost, site: Site) -> str:
    """What a post is called; nothing of a post that is gone."""
    post = shown_content(kept)
    return shortened(post.title, LONGEST_TITLE) if post and post.title else speaker(site.language)("no_title")


def _author(site: Site, shown: Embedded) -> dict[str, str]:
    department = shown.post.department if shown.post else shown.department
    if department is None:
        return {}
    return {"author_name": department.name, "author_url": site.url(f"/departments/{department.slug}")}


def _thumbnail(site: Site, shown: Embedded, wide: int, high: int) -> dict[str, object]:
    """All three or none, and none that is larger than the asker has room for."""
    post = shown_content(shown.post) if shown.post else None
    picture = first_picture(shown.post, post, site) if shown.post and post else None
    if picture is None or not picture.jpeg or not picture.width or not picture.height:
        return {}
    url, _, said = picture.jpeg.split(", ")[0].partition(" ")
    width = int(said.removesuffix("w"))
    height = max(1, round(picture.height * width / picture.width))
    if width > min(wide, WIDTHS[1]) or height > high:
        return {}
    path = url.removeprefix(site.path("/").removesuffix("/"))
    return {"thumbnail_url": site.public_url + path, "thumbnail_width": width, "thumbnail_height": height}


def _html(site: Site, shown: Embedded, wide: int, high: int) -> str:
    """A link for whoever shows no frames, and the frame. WordPress knows both by their class."""
    title, page, frame = escape(shown.title), escape(shown.page_url), escape(site.url(_speaking(shown.frame_path)))
    return (
        f'<blockquote class="wp-embedded-content"><a href="{page}">{title}</a></blockquote>'
        f'<iframe class="wp-embedded-content" sandbox="{_SANDBOX}" src="{frame}" width="{wide}" height="{high}"'
        f' title="{title}" frameborder="0" loading="lazy"></iframe>'
    )


def _speaking(path: str) -> str:
    """The frame that tells the page around it how high it is."""
    return f"{path}{'&' if '?' in path else '?'}speaks=1"


def _xml(told: Mapping[str, object]) -> bytes:
    root = etree.Element("oembed")
    for name, value in told.items():
        etree.SubElement(root, name).text = "".join(one for one in str(value) if one >= " " or one in "\t\n")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", standalone=True)
