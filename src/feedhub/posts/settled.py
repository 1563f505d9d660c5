"""Whether sanitized HTML is written so plainly that sanitizing it again can change nothing."""

import re

from feedhub.posts.plain import REL

TAGS_APART = re.compile("(<[^<>]*>)")
# The only references that a serializer writes into text (HTML 13.3).
_OTHER_REFERENCE = re.compile("&(?!amp;|lt;|gt;|nbsp;)")
# A parser moves what it finds between the parts of a table out of it (HTML 13.2.6.4.9).
_TEXT_IN_TABLE = re.compile(r"(?:<table>|</caption>|</?(?:thead|tbody|tfoot|tr)>|</t[dh]>)(?![ \t\n]*+<)")

_VALUE = r'"(?:[^"<>&\xa0]++|&(?:amp|lt|gt|quot|nbsp);)*+"'
# A host that no parser reads as a number, as punycode or not at all.
_HOST = r"(?:(?!xn--)[a-z0-9]++(?:-++[a-z0-9]++)*+\.)++(?!xn--)[a-z][a-z0-9]*+(?:-++[a-z0-9]++)*+"
_ADDRESS = rf'"https?://{_HOST}/(?:[^"<>&\s]++|&(?:amp|lt|gt|quot|nbsp);)*+"'
_WITH_ATTRIBUTES = re.compile(
    rf"""<(?:(?P<a>a)\ href={_ADDRESS}\ rel="{REL.replace(" ", "[ ]")}"
        | (?P<img>img)\ src={_ADDRESS}(?:\ alt={_VALUE})?+(?:\ width="[0-9]++"\ height="[0-9]++")?+
        | (?P<ol>ol)\ start="-?[0-9]++"
        | (?P<cell>t[dh])(?:\ colspan="[0-9]++")?+(?:\ rowspan="[0-9]++")?+ )>""",
    re.VERBOSE,
)

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_FORMATTING = frozenset({"b", "code", "em", "i", "s", "small", "strong", "u"})
_INLINE = _FORMATTING | {"a", "abbr", "br", "del", "img", "ins", "sub", "sup"}
_FLOW = _INLINE | _HEADINGS | {"blockquote", "div", "dl", "figcaption", "figure", "hr", "ol", "p", "pre", "table", "ul"}
_VOID = frozenset({"img", "br", "hr"})
MAX_SETTLED_DEPTH = 25  # elements open at once
_ROOT = ""
# What may stand directly in what, so that no end tag is implied, nothing closed early and
# nothing moved.
_MAY_HOLD = (
    dict.fromkeys((_ROOT, "div", "blockquote", "li", "dt", "dd", "figure", "figcaption", "caption", "td", "th"), _FLOW)
    | dict.fromkeys(_INLINE | _HEADINGS | {"p", "pre"}, _INLINE)
    | dict.fromkeys(("ul", "ol"), _FLOW | {"li"})
    | {"dl": _FLOW | {"dt", "dd"}, "table": frozenset({"caption", "thead", "tbody", "tfoot"})}
    | dict.fromkeys(("thead", "tbody", "tfoot"), frozenset({"tr"}))
    | {"tr": frozenset({"td", "th"})}
)
_STARTS = {f"<{name}>": name for name in _MAY_HOLD.keys() - {_ROOT, "a", "img"} | _VOID - {"img"}}
_ENDS = {f"</{name}>": name for name in _MAY_HOLD.keys() - {_ROOT} - _VOID}


def is_settled(pieces: list[str]) -> bool:
    """Whether a parser builds from HTML just the tree that it shows, and writes that as it stands.

    `pieces` are its text and tags in turn; a tag may be "". Written for legal text
    (`clean_text`). False only means that the sanitizer has to be asked.

    >>> [is_settled(TAGS_APART.split(html)) for html in ("<p>KTP <b>dan</b> KK</p>", "<p>KTP<p>KK", "<b><p>KTP</b></p>")]
    [True, False, False]
    """
    opened = [_ROOT]
    for tag in filter(None, pieces[1::2]):
        if ended := _ENDS.get(tag):
            if opened.pop() != ended:
                return False
            continue
        name = _STARTS.get(tag) or _name_of(tag)
        if name not in _MAY_HOLD[opened[-1]] or (name == "a" and "a" in opened) or len(opened) > MAX_SETTLED_DEPTH:
            return False
        if name not in _VOID:
            opened.append(name)
    return opened == [_ROOT] and _is_settled_text("".join(pieces[::2])) and not _has_moving_text(pieces)


def _has_moving_text(pieces: list[str]) -> bool:
    """Whether a parser drops or moves text because of the tag before it."""
    if "<pre>" not in pieces and "<table>" not in pieces:
        return False
    html = "".join(pieces)
    return "<pre>\n" in html or _TEXT_IN_TABLE.search(html) is not None


def _is_settled_text(text: str) -> bool:
    """Whether a serializer writes `text` as it stands."""
    if "<" in text or ">" in text or "\xa0" in text:
        return False
    return "&" not in text or _OTHER_REFERENCE.search(text) is None


def _name_of(tag: str) -> str | None:
    """The element that a start tag with attributes opens; None where it is not written as we write it."""
    found = _WITH_ATTRIBUTES.fullmatch(tag)
    return found and found[found.lastgroup or 0]
