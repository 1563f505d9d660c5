"""Repairs XML that is nearly well-formed, so that a strict parser takes it."""

import re
from html import escape
from html.entities import html5

from feedhub.connectors.feed_names import KNOWN_PREFIXES

# Entities that a document declares for itself: only a few short ones, and together they may
# make a document longer by this many characters. Everything else is a bomb or a mistake.
_DECLARED_LIMIT = 32
_DECLARED_LENGTH = 200
_GROWTH_LIMIT = 1024 * 1024
_PREFIX_LIMIT = 64
# With more, a document is no prose, and looking at each would take seconds.
_AMPERSAND_LIMIT = 200_000
# A document type further in, or longer, is left to the parser, which opens nothing anyway.
_DOCTYPE_REACH = 64 * 1024

_START = re.compile(r"<\?xml\b|<!DOCTYPE\b|<(?:\w+:)?(?:rss|RDF|feed|channel|item|entry)\b")
_DECLARATION = re.compile(r"<\?xml\b[^>]*>\s*")
_DOCTYPE = re.compile(
    r"""<!DOCTYPE [^\["'>]*+ (?: (?: "[^"]*+" | '[^']*+' ) [^\["'>]*+ )*+
        (?P<subset> \[ (?: "[^"]*+" | '[^']*+' | <!--.*?(?:-->|\Z) | [^\]"'] )*+ \] \s* )? >""",
    re.DOTALL | re.VERBOSE,
)
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+(?:"([^"<&%]*)"|'([^'<&%]*)')\s*>""")
# CDATA and comments are passed over whole; an ampersand comes with the reference it begins.
_PARTS = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:\#[0-9]{1,8};|\#[xX][0-9a-fA-F]{1,7};|[A-Za-z_][\w.-]{0,63};)?",
    re.DOTALL,
)
_FOREIGN = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|\#[0-9]{1,8}|\#[xX][0-9a-fA-F]{1,7});)")
# XML 1.0 (fifth edition) section 2.2.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OWN = {"amp", "lt", "gt", "quot", "apos"}
_ROOT = re.compile(r"<[A-Za-z_][\w:.-]*")
_USED = re.compile(r"</?([A-Za-z_][\w.-]*):[A-Za-z_]")
_BOUND = re.compile(r"xmlns:([A-Za-z_][\w.-]*)\s*=")


def mended(xml: bytes) -> bytes:
    r"""`xml` (UTF-8) without what strict parsers stumble over most often.

    Text before the root, the document type, comments and characters that XML forbids go;
    bare ampersands are escaped (recovery would turn `?a=1&b=2` into `?a=1=2`); HTML's named
    entities and short ones of the document's own become what they stand for; prefixes that
    nobody declared are declared.

    >>> mended(b"<a href='?a=1&b=2'>Caf&eacute;\x0b &copy; AT&T<dc:date/></a>").decode()
    "<a xmlns:dc='http://purl.org/dc/elements/1.1/' href='?a=1&amp;b=2'>Café © AT&amp;T<dc:date/></a>"
    """
    text = xml.decode("utf-8", "replace")
    text = _ILLEGAL.sub("", text)
    start = _START.search(text)
    text = text[start.start() :] if start else text
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    text, entities = _without_doctype(text)
    text = _with_references(text, entities)
    return _with_prefixes(text).encode()


def _without_doctype(text: str) -> tuple[str, dict[str, str]]:
    start = text.find("<!DOCTYPE", 0, _DOCTYPE_REACH)
    doctype = _DOCTYPE.match(text, start, start + _DOCTYPE_REACH) if start >= 0 else None
    if not doctype:
        return text, {}
    declared = _ENTITY.findall(doctype["subset"] or "")[:_DECLARED_LIMIT]
    entities = {
        name: double or single for name, double, single in declared if len(double or single) <= _DECLARED_LENGTH
    }
    return text[: doctype.start()] + text[doctype.end() :], entities


def _with_references(text: str, entities: dict[str, str]) -> str:
    """Each ampersand outside CDATA begins a reference that XML knows."""
    if text.count("&") > _AMPERSAND_LIMIT:
        return _FOREIGN.sub("&amp;", text)
    allowance = [_GROWTH_LIMIT]
    return _PARTS.sub(lambda part: _mended_part(part[0], entities, allowance), text)


def _mended_part(part: str, entities: dict[str, str], allowance: list[int]) -> str:
    if part.startswith("<![CDATA["):
        return part
    if part.startswith("<!--"):
        return ""
    name = part[1:-1]
    if name in _OWN:
        return part
    if name.startswith("#"):
        return part if _is_legal_reference(name[1:]) else ""
    meant = entities.get(name)
    if meant is not None and allowance[0] >= len(meant):
        allowance[0] -= len(meant)
        return meant
    known = html5.get(f"{name};")
    # Some of HTML's names stand for markup: &LT; &AMP; &nvlt;
    return escape(known) if known else f"&amp;{part[1:]}"


def _is_legal_reference(digits: str) -> bool:
    try:
        character = chr(int(digits[1:], 16) if digits[0] in "xX" else int(digits))
    except (ValueError, OverflowError):
        return False
    return not _ILLEGAL.match(character)


def _with_prefixes(text: str) -> str:
    """Undeclared prefixes get the namespace that everybody means by them."""
    missing = set(_USED.findall(text)) - set(_BOUND.findall(text)) - {"xml", "xmlns"}
    root = _ROOT.search(text)
    if not missing or not root:
        return text
    bindings = [
        f" xmlns:{prefix}='{KNOWN_PREFIXES.get(prefix.lower(), f'urn:undeclared:{prefix}')}'"
        for prefix in sorted(missing)[:_PREFIX_LIMIT]
    ]
    return text[: root.end()] + "".join(bindings) + text[root.end() :]
