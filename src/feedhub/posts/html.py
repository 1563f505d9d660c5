"""HTML: the one sanitizer, and the ways between HTML and plain text."""

import html as entities
import re

import nh3

from feedhub.posts.bounds import MAX_REOPENED, is_tame
from feedhub.posts.plain import MAX_HTML, REL, escaped, html_of, text_of, unmarked
from feedhub.posts.post import Media, MediaType
from feedhub.posts.settled import MAX_SETTLED_DEPTH, TAGS_APART, is_settled
from feedhub.posts.text import clean_text
from feedhub.posts.trackers import is_emoji, is_pixel
from feedhub.posts.urls import canonical_url, is_plain_url, without_tracking

__all__ = ["ATTRIBUTES", "MAX_HTML", "REL", "TAGS", "clean_html", "html_of", "images_in", "links_in", "text_of"]

# The allow-list. No SVG, no MathML (every known hole of this sanitizer needed one of them),
# no id, class or style, nothing that loads by itself but img.
_ALLOWED = """
p div br hr h2 h3 h4 h5 h6 blockquote pre code ul ol li dl dt dd
table caption thead tbody tfoot tr th td figure figcaption
a img strong b em i u s del ins sub sup small abbr
"""
TAGS = frozenset(_ALLOWED.split())
ATTRIBUTES = {
    "a": frozenset({"href", "rel"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
}

# Let through by the sanitizer and written as their neighbours right after it. A page has
# one h1 and it is the post's title.
_BLOCKS = "section article aside header footer main nav address center fieldset details summary hgroup"
_RENAMED = {"h1": "h2", "strike": "s", "menu": "ul", "dir": "ul"} | dict.fromkeys(_BLOCKS.split(), "div")
# Where pages that load their pictures late keep the address; `style` tells hidden ones.
_LATE = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_DROPPED = "script style template noscript svg math iframe noembed noframes select textarea button datalist title"
_CLEANER = nh3.Cleaner(
    tags=set(TAGS | _RENAMED.keys()),
    # "*" must be said: left out, `title` and `lang` are allowed everywhere.
    attributes={**ATTRIBUTES, "img": ATTRIBUTES["img"] | {"style", *_LATE}, "*": set()},
    clean_content_tags=set(_DROPPED.split()),
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)

# nh3 writes < and > within attributes as entities, so a tag ends at the first >.
_RENAMED_TAGS = {f"<{slash}{old}>": f"<{slash}{new}>" for old, new in _RENAMED.items() for slash in ("", "/")}
_KEPT = frozenset(f"<{slash}{tag}>" for tag in TAGS - {"a", "img"} for slash in ("", "/"))
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_IMAGES = re.compile(r'<img src="([^"]*)"(?: alt="([^"]*)")?(?: width="([0-9]+)" height="([0-9]+)")?>')
_HREF = re.compile(' href="([^"]*)"')
_HREFS = re.compile(r'<a href="(http[^"]*)"')
_EMPTY_LINK = re.compile(r"<a [^>]*>(?:\s|&nbsp;)*</a>")
_PRE = re.compile(r"<pre>\n+")
_MAIL = re.compile(r"mailto:([A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?:\?.*)?", re.DOTALL)
_PHONE = re.compile(r"tel:\+?[0-9().-]{2,32}")
_PIXELS = re.compile(r"[0-9]{1,5}")
_FRAME = re.compile(r"<iframe\b([^>]*)>(?:[^<]*</iframe\s*>)?", re.IGNORECASE)
_FRAME_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_PLAYER = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})")


def clean_html(html: str, *, base: str | None = None) -> str:
    """`html` with nothing left that could act, load or hide: the one sanitizer.

    Relative addresses are resolved against `base` (without one they are dropped), tracking
    parameters and pixels removed, h1 lowered to h2, embedded videos turned into links. The
    result is closed, XML-legal, NFC, at most MAX_HTML characters, and cleaning it again
    changes nothing: what a browser builds from it is what was checked here.
    """
    cleaned, is_final = _pass(html, base)
    for _ in range(5):
        if len(cleaned) <= MAX_HTML and (is_final or _is_final(cleaned)):
            return cleaned
        cleaned, is_final = _pass(cleaned[: MAX_HTML - 16_384] if len(cleaned) > MAX_HTML else cleaned, None)
    return _flat(cleaned)


def images_in(html: str) -> tuple[Media, ...]:
    """The pictures of clean HTML, in their order."""
    return tuple(map(_media, _IMAGES.finditer(html)))


def links_in(html: str) -> tuple[str, ...]:
    """The http(s) addresses that clean HTML links to, each once, in their order."""
    if '<a href="http' not in html:
        return ()
    return tuple(dict.fromkeys(entities.unescape(href) for href in _HREFS.findall(html)))


def _is_final(html: str) -> bool:
    """Whether `html` is tame and the sanitizer would leave it as it is."""
    return is_tame(html) and _CLEANER.clean(html) == html


def _pass(html: str, base: str | None) -> tuple[str, bool]:
    """One round: parsed, sanitized, written again, tags rewritten, text made legal.

    Also whether the result is known to be final without asking the sanitizer again.
    """
    html = html[:MAX_HTML]
    if not is_tame(html):
        return _flat(html), False
    if "<iframe" in html or "<IFRAME" in html:
        html = _FRAME.sub(_frame_link, html)
    try:
        cleaned = _CLEANER.clean(html)
    except UnicodeEncodeError:  # lone surrogates
        cleaned = _CLEANER.clean(clean_text(html))
    pieces = TAGS_APART.split(cleaned)
    _rewrite(pieces, base)
    written = "".join(pieces)
    cleaned = _legal(written)
    if "<pre>" in pieces:  # a parser swallows the first line end of a pre
        cleaned = _PRE.sub("<pre>", cleaned)
    while "</a>" in cleaned and _EMPTY_LINK.search(cleaned):
        cleaned = _legal(_EMPTY_LINK.sub("", cleaned))
    is_final = cleaned == written and is_settled(pieces) and len(pieces) * MAX_SETTLED_DEPTH <= MAX_REOPENED
    return cleaned.strip(), is_final


def _legal(html: str) -> str:
    """Sanitized HTML with every text and attribute in it as clean_text wants it.

    Piece by piece, and no text begins with a mark: NFC would join the > before it with
    U+0338, and the tag never end.
    """
    if clean_text(html) == html:
        return html
    pieces = TAGS_APART.split(html)
    return "".join(unmarked(clean_text(piece)) for piece in pieces)


def _rewrite(pieces: list[str], base: str | None) -> None:
    """Judge the links and pictures and rename the renamed tags of HTML from nh3, its text and tags in turn."""
    opened: list[bool] = []
    for at in range(1, len(pieces), 2):
        tag = pieces[at]
        if tag in _KEPT:
            continue
        if tag == "</a>":
            if not (opened and opened.pop()):
                pieces[at] = ""
        elif tag in _RENAMED_TAGS:
            pieces[at] = _RENAMED_TAGS[tag]
        elif tag.startswith(("<a ", "<a>")):
            found = _HREF.search(tag)
            href = _href(found[1], base) if found else None
            opened.append(href is not None)
            pieces[at] = "" if href is None else f'<a href="{href}" rel="{REL}">'
        elif tag.startswith(("<img ", "<img>")):
            shown = _image(dict(_ATTRIBUTE.findall(tag)), base)
            is_text = not shown.startswith("<img ")
            pieces[at - 1] += shown if is_text else ""
            pieces[at] = "" if is_text else shown


def _href(value: str, base: str | None) -> str | None:
    """What a link may point to, escaped; None = nothing."""
    if is_plain_url(value):
        return without_tracking(value)
    raw = entities.unescape(value) if "&" in value else value
    if raw[:5].lower() == "mailt" and (mail := _MAIL.fullmatch(raw.strip())):
        return f"mailto:{mail[1]}"
    if raw[:4].lower() == "tel:":
        phone = "tel:" + raw[4:].replace(" ", "")
        return phone if _PHONE.fullmatch(phone) else None
    url = canonical_url(raw, base)
    return None if url is None else escaped(without_tracking(url))


def _image(attributes: dict[str, str], base: str | None) -> str:
    """An img as it may stand; an emoji's alternative text; nothing for pixels."""
    late = next((attributes[name] for name in _LATE if name in attributes), None)
    source = entities.unescape(late or attributes.get("src", ""))
    url = canonical_url(source, base)
    alt = attributes.get("alt")
    if url is None and late:
        url = canonical_url(entities.unescape(attributes.get("src", "")), base)
    width, height = attributes.get("width", ""), attributes.get("height", "")
    if url is None or is_pixel(url, width, height, attributes.get("style", "")):
        return ""
    if is_emoji(url):
        return (alt or "").replace("&quot;", '"')
    shown = f'<img src="{escaped(without_tracking(url))}"'
    if alt is not None:
        shown += f' alt="{" ".join(alt.split())}"'
    if _PIXELS.fullmatch(width) and _PIXELS.fullmatch(height):
        shown += f' width="{width}" height="{height}"'
    return shown + ">"


def _media(image: re.Match[str]) -> Media:
    source, alt, width, height = image.groups()
    return Media(
        type=MediaType.IMAGE,
        url=entities.unescape(source),
        width=int(width) if width else None,
        height=int(height) if height else None,
        alt=clean_text(entities.unescape(alt)) if alt else alt,
    )


def _frame_link(match: re.Match[str]) -> str:
    """A frame's address as a link; what it would have shown is one step away."""
    source = _FRAME_SOURCE.search(match[1])
    url = canonical_url("https:" + entities.unescape(source[1]).removeprefix("https:")) if source else None
    if url is None:
        return ""
    if player := _PLAYER.match(url):
        url = f"https://www.youtube.com/watch?v={player[1]}"
    return f'<p><a href="{escaped(url)}">{escaped(url)}</a></p>'


def _flat(html: str) -> str:
    return html_of(text_of(html))
