"""HTML: the one sanitizer, and the ways between HTML and plain text."""

import html as entities
import re
from collections.abc import Iterator

import nh3

from feedhub.posts.bounds import is_tame
from feedhub.posts.post import Media, MediaType
from feedhub.posts.text import clean_text
from feedhub.posts.trackers import is_emoji, is_pixel
from feedhub.posts.urls import canonical_url, without_tracking

MAX_HTML = 262_144  # characters, in and out

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
REL = "nofollow noopener noreferrer"

# Let through by the sanitizer and written as their neighbours right after it. A page has
# one h1 and it is the post's title.
_BLOCKS = "section article aside header footer main nav address center fieldset details summary hgroup"
_RENAMED = {"h1": "h2", "strike": "s", "menu": "ul", "dir": "ul"} | dict.fromkeys(_BLOCKS.split(), "div")
# Where pages that load their pictures late keep the address; `style` tells hidden ones.
_LATE = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_DROPPED = "script style template noscript svg math iframe noembed noframes select textarea button datalist title"
_CLEANER = nh3.Cleaner(
    tags=set(TAGS | _RENAMED.keys()),
    attributes={**ATTRIBUTES, "img": ATTRIBUTES["img"] | {"style", *_LATE}},
    clean_content_tags=set(_DROPPED.split()),
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)

# nh3 writes < and > within attributes as entities, so a tag ends at the first >.
_REWRITTEN = re.compile(rf"<(/?)(a|img|{'|'.join(_RENAMED)})(?= |>)([^<>]*)>")
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_IMAGES = re.compile(r"<img ([^<>]*)>")
_HREFS = re.compile(r'<a href="(http[^"]*)"')
_EMPTY_LINK = re.compile(r"<a [^<>]*>\s*</a>")
_PRE = re.compile(r"<pre>\n+")
# NFC would join a mark with the > before it: "<b>" and U+0338 become "<b≯".
_LOOSE_MARKS = re.compile("(?<=>)[\u0300-\u036f\u20d0-\u20ff]+")
_MAIL = re.compile(r"mailto:([A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?:\?.*)?", re.DOTALL)
_PHONE = re.compile(r"tel:\+?[0-9().-]{2,32}")
_PIXELS = re.compile(r"[0-9]{1,5}")
_FRAME = re.compile(r"<iframe\b([^>]*)>(?:[^<]*</iframe\s*>)?", re.IGNORECASE)
_FRAME_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_PLAYER = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})")

_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_SILENT = re.compile(
    r"<(script|style|template|noscript|svg|math|title)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL
)
_PARAGRAPHS = (
    "p div h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table figure figcaption caption hr section article header footer"
)
_GAPS = {f"{slash}{tag}": "\n\n" for tag in _PARAGRAPHS.split() for slash in ("", "/")}
_GAPS |= {"li": "\n", "dt": "\n", "dd": "\n", "tr": "\n", "br": "\n", "td": " ", "th": " "}
_BREAKS = re.compile(r" ?\n[ \n]*")
_LINK = re.compile(r"https?://[^\s<>\"“”‘’]+")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def clean_html(html: str, *, base: str | None = None) -> str:
    """`html` with nothing left that could act, load or hide: the one sanitizer.

    Relative addresses are resolved against `base` (without one they are dropped), tracking
    parameters and pixels removed, h1 lowered to h2, embedded videos turned into links. The
    result is closed, XML-legal, NFC, at most MAX_HTML characters, and cleaning it again
    changes nothing: what a browser builds from it is what was checked here.
    """
    cleaned = _pass(html, base)
    for _ in range(5):
        if len(cleaned) <= MAX_HTML and is_tame(cleaned) and _CLEANER.clean(cleaned) == cleaned:
            return cleaned
        cleaned = _pass(cleaned[: MAX_HTML - 16_384] if len(cleaned) > MAX_HTML else cleaned, None)
    return _flat(cleaned)


def text_of(html: str) -> str:
    r"""The plain text of HTML: paragraphs parted by blank lines, list entries and rows on lines.

    Written for clean HTML; of other HTML it also leaves out scripts, styles and comments.

    >>> text_of("<p>Gratis &amp; <b>mudah</b></p><ul><li>KTP</li><li>KK</li></ul>")
    'Gratis & mudah\n\nKTP\nKK'
    """
    html = html[:MAX_HTML]
    if "<" in html:
        html = _without_silent(html)
    if "<pre" in html:
        html = re.sub(r"(?s)<pre.*?</pre>", lambda pre: pre[0].replace("\n", "<br>"), html)
    parts = _TAG.split(" ".join(html.split()))
    parts[1::2] = [_GAPS.get(tag, "") or _GAPS.get(tag.lower(), "") for tag in parts[1::2]]
    text = _BREAKS.sub(_gap, "".join(parts))
    if "&" in text:
        text = entities.unescape(text.replace("&nbsp;", " "))
    return clean_text(text.replace("\xa0", " ")).strip()


def html_of(text: str) -> str:
    """Plain text as clean HTML: blank lines part paragraphs, addresses become links.

    >>> html_of("Daftar di sini")
    '<p>Daftar di sini</p>'
    """
    paragraphs = _BLANK_LINES.split(clean_text(text[:MAX_HTML]).strip())
    html = "".join(f"<p>{'<br>'.join(map(_linked, part.split(chr(10))))}</p>" for part in paragraphs if part)
    html = _LOOSE_MARKS.sub("", html)
    return html if len(html) <= MAX_HTML else html_of(text[: min(len(text), MAX_HTML) // 2])


def images_in(html: str) -> tuple[Media, ...]:
    """The pictures of clean HTML, in their order."""
    return tuple(_media(dict(_ATTRIBUTE.findall(" " + attributes))) for attributes in _IMAGES.findall(html))


def links_in(html: str) -> tuple[str, ...]:
    """The http(s) addresses that clean HTML links to, each once, in their order."""
    if '<a href="http' not in html:
        return ()
    return tuple(dict.fromkeys(entities.unescape(href) for href in _HREFS.findall(html)))


def _pass(html: str, base: str | None) -> str:
    """One round: parsed, sanitized, written again, tags rewritten, text made legal."""
    html = html[:MAX_HTML]
    if not is_tame(html):
        return _flat(html)
    if "<iframe" in html or "<IFRAME" in html:
        html = _FRAME.sub(_frame_link, html)
    try:
        cleaned = _CLEANER.clean(html)
    except UnicodeEncodeError:  # lone surrogates
        cleaned = _CLEANER.clean(clean_text(html))
    cleaned = _rewritten(cleaned, base)
    if "<pre>\n" in cleaned:  # a parser swallows the first line end of a pre
        cleaned = _PRE.sub("<pre>", cleaned)
    if cleaned.isascii():
        return clean_text(cleaned)
    return clean_text(_LOOSE_MARKS.sub("", clean_text(_LOOSE_MARKS.sub("", cleaned)))).strip()


def _rewritten(html: str, base: str | None) -> str:
    """`html` from nh3 with its links and pictures judged and the renamed tags renamed."""
    opened: list[bool] = []

    def tag(match: re.Match[str]) -> str:
        slash, name, attributes = match.groups()
        if name == "img":
            return _image(dict(_ATTRIBUTE.findall(attributes)), base)
        if name != "a":
            return f"<{slash}{_RENAMED[name]}>"
        if slash:
            return "</a>" if opened and opened.pop() else ""
        href = _href(dict(_ATTRIBUTE.findall(attributes)).get("href", ""), base)
        opened.append(href is not None)
        return "" if href is None else f'<a href="{href}" rel="{REL}">'

    html = _REWRITTEN.sub(tag, html)
    while "></a>" in html or "> </a>" in html or ">\n</a>" in html:
        shorter = _EMPTY_LINK.sub("", html)
        if shorter == html:
            break
        html = shorter
    return html


def _href(value: str, base: str | None) -> str | None:
    """What a link may point to, escaped; None = nothing."""
    raw = entities.unescape(value) if "&" in value else value
    if raw[:5].lower() == "mailt" and (mail := _MAIL.fullmatch(raw.strip())):
        return f"mailto:{mail[1]}"
    if raw[:4].lower() == "tel:":
        phone = "tel:" + raw[4:].replace(" ", "")
        return phone if _PHONE.fullmatch(phone) else None
    url = canonical_url(raw, base)
    return None if url is None else _escaped(without_tracking(url))


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
    shown = f'<img src="{_escaped(without_tracking(url))}"'
    if alt is not None:
        shown += f' alt="{" ".join(alt.split())}"'
    if _PIXELS.fullmatch(width) and _PIXELS.fullmatch(height):
        shown += f' width="{width}" height="{height}"'
    return shown + ">"


def _media(attributes: dict[str, str]) -> Media:
    width, height = attributes.get("width"), attributes.get("height")
    alt = attributes.get("alt")
    return Media(
        type=MediaType.IMAGE,
        url=entities.unescape(attributes["src"]),
        width=int(width) if width else None,
        height=int(height) if height else None,
        alt=None if alt is None else clean_text(entities.unescape(alt)),
    )


def _frame_link(match: re.Match[str]) -> str:
    """A frame's address as a link; what it would have shown is one step away."""
    source = _FRAME_SOURCE.search(match[1])
    url = canonical_url("https:" + entities.unescape(source[1]).removeprefix("https:")) if source else None
    if url is None:
        return ""
    if player := _PLAYER.match(url):
        url = f"https://www.youtube.com/watch?v={player[1]}"
    return f'<p><a href="{_escaped(url)}">{_escaped(url)}</a></p>'


def _flat(html: str) -> str:
    return html_of(text_of(html))


def _without_silent(html: str) -> str:
    if "<!--" in html or re.search(r"<(?:script|style|template|noscript|svg|math|title)\b", html, re.IGNORECASE):
        return _SILENT.sub(" ", html)
    return html


def _gap(match: re.Match[str]) -> str:
    return "\n\n" if match[0].count("\n") > 1 else "\n"


def _linked(line: str) -> str:
    """One line of plain text, escaped, its addresses as links."""
    if "://" not in line:
        return _escaped(line)
    return "".join(_pieces(line))


def _pieces(line: str) -> Iterator[str]:
    at = 0
    for match in _LINK.finditer(line):
        shown = match[0].rstrip(".,;:!?'*_~…")
        while shown.endswith(")") and shown.count(")") > shown.count("("):
            shown = shown[:-1].rstrip(".,;:!?'*_~…")
        url = canonical_url(shown)
        if url is None:
            continue
        yield _escaped(line[at : match.start()])
        yield f'<a href="{_escaped(without_tracking(url))}" rel="{REL}">{_escaped(shown)}</a>'
        at = match.start() + len(shown)
    yield _escaped(line[at:])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
