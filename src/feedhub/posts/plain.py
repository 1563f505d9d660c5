"""The ways between HTML and plain text. `html` shows them under its own name."""

import html as entities
import re
from collections.abc import Iterator
from itertools import repeat
from unicodedata import combining

from feedhub.posts.text import clean_text, collapsed
from feedhub.posts.urls import canonical_url, without_tracking

MAX_HTML = 262_144  # characters, in and out
REL = "nofollow noopener noreferrer"

_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_SILENT_TAGS = frozenset({"script", "style", "template", "noscript", "svg", "math", "title"})
_SILENT = _SILENT_TAGS | {tag.upper() for tag in _SILENT_TAGS}
_PARAGRAPHS = (
    "p div h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table figure figcaption caption hr section article header footer"
)
_GAPS = {f"{slash}{tag}": "\n\n" for tag in _PARAGRAPHS.split() for slash in ("", "/")}
_GAPS |= {"li": "\n", "dt": "\n", "dd": "\n", "tr": "\n", "br": "\n", "td": " ", "th": " "}
_GAPS |= {tag.upper(): gap for tag, gap in _GAPS.items()}
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_LINK = re.compile(r"https?://[^\s<>\"“”‘’]+")
_AFTER_LINK = ".,;:!?'*_~…"


def text_of(html: str) -> str:
    r"""The plain text of HTML: paragraphs parted by blank lines, list entries and rows on lines.

    Written for clean HTML; of other HTML it also leaves out scripts, styles and comments.

    >>> text_of("<p>Gratis &amp; <b>mudah</b></p><ul><li>KTP</li><li>KK</li></ul>")
    'Gratis & mudah\n\nKTP\nKK'
    """
    html = html[:MAX_HTML]
    if "!" in html and "<!--" in html:
        html = _without_comments(html)
    if "\n" in html and "<pre" in html:
        html = _with_lines(html)
    parts = _TAG.split(collapsed(html))
    tags = parts[1::2]
    if not _SILENT.isdisjoint(tags):
        parts = _without_silent(parts)
        tags = parts[1::2]
    parts[1::2] = map(_GAPS.get, tags, repeat(""))
    lines = list(map(str.strip, "".join(parts).split("\n")))
    text = "\n".join([line for before, line in zip(["", *lines], lines, strict=False) if line or before])
    if "&" in text:
        text = entities.unescape(text.replace("&nbsp;", " "))
    return clean_text(text.replace("\xa0", " ")).strip()


def html_of(text: str) -> str:
    """Plain text as clean HTML: blank lines part paragraphs, addresses become links.

    >>> html_of("Daftar di sini")
    '<p>Daftar di sini</p>'
    """
    paragraphs = _BLANK_LINES.split(clean_text(text[:MAX_HTML]).strip())
    html = "".join(f"<p>{_lines(paragraph)}</p>" for paragraph in paragraphs if paragraph)
    return html if len(html) <= MAX_HTML else html_of(text[: min(len(text), MAX_HTML) // 2])


def escaped(text: str) -> str:
    """`text` as the sanitizer writes it between tags.

    >>> escaped("a < b & c")
    'a &lt; b &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")


def unmarked(text: str) -> str:
    """`text` without combining marks at its start: NFC would join some with the > before it."""
    if not text or not combining(text[0]):
        return text
    return text[next((place for place, letter in enumerate(text) if not combining(letter)), len(text)) :]


def _without_comments(html: str) -> str:
    """Linear: a comment that never ends takes the rest with it, as in a browser."""
    first, *others = html.split("<!--")
    kept, in_comment = [first], False
    for chunk in others:
        empty = not in_comment and chunk.startswith((">", "->"))
        _, end, after = chunk.partition(">" if empty else "-->")
        in_comment = not end
        kept.append(after)
    return "".join(kept)


def _with_lines(html: str) -> str:
    """`html` with the line ends within pre as br, so that they outlive the collapse of white space."""
    chunks = (chunk.partition("<pre") for chunk in html.split("</pre>"))
    return "</pre>".join(before + tag + pre.replace("\n", "<br>") for before, tag, pre in chunks)


def _without_silent(parts: list[str]) -> list[str]:
    """Text and tag names in turn, less what stands between the tags of a script and its kind."""
    kept, silent = [parts[0]], ""
    for tag, text in zip(parts[1::2], parts[2::2], strict=True):
        name = tag.lower()
        if silent:
            silent = "" if name == f"/{silent}" else silent
        elif name in _SILENT_TAGS:
            silent = name
        kept += [tag, "" if silent else text]
    return kept


def _lines(paragraph: str) -> str:
    lines = map(unmarked, paragraph.split("\n"))
    return "<br>".join("".join(_pieces(line)) if "://" in line else escaped(line) for line in lines)


def _pieces(line: str) -> Iterator[str]:
    """One line, escaped, its addresses as links."""
    at = 0
    for match in _LINK.finditer(line):
        shown = match[0].rstrip(_AFTER_LINK)
        while shown.endswith(")") and shown.count(")") > shown.count("("):
            shown = shown[:-1].rstrip(_AFTER_LINK)
        url = canonical_url(shown)
        if url is None:
            continue
        yield escaped(line[at : match.start()])
        yield f'<a href="{escaped(without_tracking(url))}" rel="{REL}">{escaped(shown)}</a>'
        at = match.start() + len(shown)
    yield escaped(line[at:])
