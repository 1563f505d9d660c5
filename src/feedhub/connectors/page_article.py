"""The post that a page with an article makes: JSON-LD, OpenGraph, microformats, then what people see."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from feedhub.accounts.account import Via
from feedhub.connectors.page_cut import text_of_element
from feedhub.connectors.page_dates import WIB, dateline, written_date
from feedhub.connectors.page_entry import entry_fields, entry_in
from feedhub.connectors.page_things import Thing, every, is_article, is_event, things_in, words
from feedhub.errors import ItemUnreadable
from feedhub.posts.dates import read_date
from feedhub.posts.html import clean_html, text_of
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Event, Media, MediaType, Place, Post

_ENTRY = re.compile(r"(?:^|[\s\"'])(?:h-entry|hentry)(?:[\s\"']|$)")
_NO_PICTURE = re.compile(
    r"(?:logo|favicon|no-?image|placeholder|default)[^/]*\.(?:png|jpe?g|svg|webp|gif)", re.IGNORECASE
)
_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "date",
    "dc.date",
    "dcterms.created",
)
_MODIFIED = ("article:modified_time", "og:updated_time", "dcterms.modified")
_DASHES = re.compile(r"\s+[|»•–—-]\s+")
_FEWEST_CHARACTERS = 60
_SAME = 40  # characters by which a description is found in its text

Fields = dict[str, Any]


def post_in(page: bytes, *, id: str, url: str, seen_on: date) -> Post:
    """The post of a page that was cut out; `seen_on` tells the year of dates that have none.

    Raises:
        ItemUnreadable: there is no article in it.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    root = _tree(page)
    layers = [_linked(root), _open_graph(root), _entry(page, url), _visible(root, seen_on)]
    said: Fields = {}
    for layer in layers:
        said |= {name: value for name, value in layer.items() if value and not said.get(name)}
    _choose_content(said, layers)
    title, text = said.get("title"), said.get("text") or ""
    if not title and len(text) < _FEWEST_CHARACTERS and "type" not in said:
        raise ItemUnreadable(f"The page {id} holds no article: no heading and hardly any text.")
    return normal_post(
        native_id=id,
        base=url,
        source_url=url,
        title=title,
        html=said.get("html"),
        text=said.get("text"),
        summary=_own_summary(said),
        media=said.get("media", ()),
        links=said.get("links", ()),
        tags=said.get("tags", ()),
        language=said.get("language"),
        published_at=said.get("published_at"),
        edited_at=_later(said.get("edited_at"), said.get("published_at")),
        via=Via.PAGE,
        **{name: said[name] for name in ("type", "in_reply_to", "repost_of", "event", "place") if name in said},
    )


def is_article_page(page: bytes, *, url: str, seen_on: date) -> bool:
    """Whether a page shows that it is an article and not one about the site itself."""
    root = _tree(page)
    if any(is_article(thing) or is_event(thing) for thing in things_in(root)) or _ENTRY.search(page.decode()):
        return True
    if _metas(root).get("og:type") == "article":
        return True
    visible = _visible(root, seen_on)
    return bool(visible.get("title") and visible.get("published_at")) and bool(url)


def _tree(page: bytes) -> Element:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    return etree.fromstring(page, parser)


def _linked(root: Element) -> Fields:
    """JSON-LD or microdata: the first article, else the first event."""
    things = things_in(root)
    thing = next(filter(is_article, things), None) or next(filter(is_event, things), None)
    if thing is None:
        return {}
    sections = [*every(thing.get("articleSection")), *every(thing.get("keywords"))]
    return {
        "title": words(thing.get("headline")) or words(thing.get("name")),
        "text": _body(thing),
        "summary": words(thing.get("description")),
        "media": [*_pictures(thing.get("image") or thing.get("thumbnailUrl"))],
        "tags": [tag.strip() for section in sections for tag in words(section).split(",") if tag.strip()],
        "language": words(thing.get("inLanguage")),
        "published_at": _moment(thing, "datePublished", "dateCreated", "uploadDate"),
        "edited_at": _moment(thing, "dateModified"),
        "event": _event(thing) if is_event(thing) else None,
        "place": _place(thing.get("contentLocation")),
    }


def _body(thing: Thing) -> str:
    said = words(thing.get("articleBody")) or (words(thing.get("description")) if is_event(thing) else "")
    return text_of(clean_html(said)) if "<" in said else said


def _event(thing: Thing) -> Event | None:
    starts, ends = words(thing.get("startDate")), words(thing.get("endDate"))
    starts_at = read_date(starts, zone=WIB)
    if starts_at is None:
        return None
    return Event(
        starts_at=starts_at,
        ends_at=read_date(ends, zone=WIB),
        all_day=":" not in starts,
        location=_place_name(thing.get("location")) or None,
        name=words(thing.get("name")) or None,
    )


def _place_name(value: object) -> str:
    place = next((one for one in every(value) if isinstance(one, dict)), None)
    if place is None:
        return words(value)
    address = place.get("address")
    parts = (
        [words(address.get(name)) for name in ("streetAddress", "addressLocality", "addressRegion")]
        if isinstance(address, dict)
        else [words(address)]
    )
    return ", ".join(part for part in (words(place.get("name")), *parts) if part)


def _place(value: object) -> Place | None:
    name = _place_name(value)
    return Place(name=name) if name else None


def _pictures(value: object) -> Iterator[Media]:
    for one in every(value):
        thing = one if isinstance(one, dict) else {}
        url = words(thing.get("url") or thing.get("contentUrl") or thing.get("@id")) if thing else words(one)
        if url and not _NO_PICTURE.search(url):
            alt = words(thing.get("caption")) or None
            yield Media(
                type=MediaType.IMAGE,
                url=url,
                width=_whole(thing.get("width")),
                height=_whole(thing.get("height")),
                alt=alt,
            )


def _open_graph(root: Element) -> Fields:
    """ogp.me, with article:* and the names that older pages use for dates."""
    metas = _metas(root)
    title, site = metas.get("og:title", ""), metas.get("og:site_name", "")
    heading = next(iter(root.iter("h1")), None)
    shown = text_of_element(heading) if heading is not None else ""
    if shown and title.startswith(shown):
        title = shown
    picture = metas.get("og:image:secure_url") or metas.get("og:image") or metas.get("twitter:image") or ""
    media = [
        Media(
            type=MediaType.IMAGE,
            url=picture,
            width=_whole(metas.get("og:image:width")),
            height=_whole(metas.get("og:image:height")),
            alt=metas.get("og:image:alt") or metas.get("twitter:image:alt"),
        )
    ]
    return {
        "title": _without_site(title, site),
        "summary": metas.get("og:description") or metas.get("description"),
        "media": media if picture and not _NO_PICTURE.search(picture) else [],
        "tags": [metas[name] for name in ("article:section",) if name in metas] + _tags(root),
        "published_at": _first_date(metas, _PUBLISHED),
        "edited_at": _first_date(metas, _MODIFIED),
    }


def _tags(root: Element) -> list[str]:
    return [meta.get("content") or "" for meta in root.iter("meta") if meta.get("property") == "article:tag"]


def _entry(page: bytes, url: str) -> Fields:
    html = page.decode("utf-8", "replace")
    entry = entry_in(html, url) if _ENTRY.search(html) else None
    return entry_fields(entry) if entry else {}


def _visible(root: Element, seen_on: date) -> Fields:
    """Heading, dates and text as people see them."""
    heading, title = (next(iter(root.iter(name)), None) for name in ("h1", "title"))
    body = next(iter(root.iter("body")), None)
    dates = [] if body is None else [child for child in body if child.get("class") == "feedhub-date"]
    main = None if body is None else next((child for child in body if child.tag != "h1" and child not in dates), None)
    html = "" if main is None else etree.tostring(main, encoding="unicode", method="html", with_tail=False)
    text = text_of(clean_html(html)) if html else ""
    first = next((text_of_element(element) for element in (main.iter("h1", "h2") if main is not None else ())), "")
    shown = text_of_element(heading) if heading is not None else ""
    lines = [text_of_element(line) for line in dates] + text.split("\n")[:8]
    return {
        "title": shown or first or _without_site(text_of_element(title) if title is not None else "", ""),
        "html": html,
        "text": text,
        "language": root.get("lang"),
        "published_at": _machine_date(root) or written_date(lines, seen_on=seen_on) or dateline(text, seen_on=seen_on),
    }


def _choose_content(said: Fields, layers: list[Fields]) -> None:
    """The page's own markup, unless a machine-readable text holds much more of the article."""
    linked, _, entry, visible = layers
    html = entry.get("html") or visible.get("html") or ""
    shown = entry.get("text") or visible.get("text") or ""
    told = linked.get("text") or ""
    if len(shown) * 2 < len(told):
        said["html"], said["text"] = None, told
    else:
        said["html"], said["text"] = html or None, shown
    if said.get("repost_of") and not entry.get("text"):
        said["html"] = said["text"] = said["summary"] = None


def _own_summary(said: Fields) -> str | None:
    """A description that belongs to this article; most sites say the same of every page."""
    summary, text = said.get("summary") or "", said.get("text") or ""
    beginning = " ".join(summary.split())[:_SAME].rstrip(".… ")
    return summary if beginning and (not text or beginning in " ".join(text.split())) else None


def _machine_date(root: Element) -> datetime | None:
    for element in root.iter("time"):
        for said in (element.get("datetime") or "", text_of_element(element)):
            if moment := read_date(said, zone=WIB) if said else None:
                return moment
    return None


def _metas(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        found.setdefault((meta.get("property") or "").lower(), (meta.get("content") or "").strip())
    return found


def _first_date(metas: dict[str, str], names: tuple[str, ...]) -> datetime | None:
    return next((moment for name in names if (moment := read_date(metas.get(name, ""), zone=WIB))), None)


def _moment(thing: Thing, *names: str) -> datetime | None:
    return next((moment for name in names if (moment := read_date(words(thing.get(name)), zone=WIB))), None)


def _later(edited: datetime | None, published: datetime | None) -> datetime | None:
    return edited if edited and published and edited > published else None


def _without_site(title: str, site: str) -> str:
    """A title less the name of its site."""
    if site and title.endswith(site):
        return _DASHES.sub(" - ", title.removesuffix(site)).rstrip(" -|»•–—")
    parts = _DASHES.split(title)
    return " - ".join(parts[:-1]) if not site and len(parts) > 1 else title


def _whole(value: object) -> int | None:
    said = words(value).removesuffix("px")
    return int(said) if said.isdecimal() and len(said) < 6 else None  # noqa: PLR2004 - pixels
