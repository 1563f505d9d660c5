"""Plain text from the half-escaped text that feeds hold."""

import re
from functools import lru_cache
from html import unescape

_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Only names that people format titles with: `List<String>` and `a < b` are text.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|center|cite|code|del|div|em|font|h[1-6]|i|img|ins|mark|nobr|p|q|s|small|span|strike"
    r"|strong|sub|sup|time|tt|u|var|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!\[CDATA\[|\]\]>")
_ESCAPED_END = re.compile(
    r"&lt;/(?:p|div|a|b|i|em|strong|span|ul|ol|li|h[1-6]|table|blockquote|figure)&gt;", re.IGNORECASE
)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
# All that escaping makes, the ampersand last.
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&"))
# A summary is a few sentences; what a feed calls one can be a whole article.
_SUMMARY_LIMIT = 4000


def looks_like_html(text: str) -> bool:
    """Whether there is at least one tag in `text`.

    >>> looks_like_html("2 < 3"), looks_like_html("Now<br/>here")
    (False, True)
    """
    return "<" in text and _MARKUP.search(text) is not None


def unescaped(text: str) -> str:
    """`text` with its character references read, at most twice: WordPress and Blogger escape titles once too often.

    Only references with their semicolon count: `?a=1&copy=2` stays an address.

    >>> unescaped("Rapat &#8211; A &amp;amp; B"), unescaped("AT&T ?a=1&copy=2")
    ('Rapat – A & B', 'AT&T ?a=1&copy=2')
    """
    for _ in range(2):
        if "&" not in text:
            break
        text = _REFERENCE.sub(_unescaped_reference, text)
    return text


def plain(markup: str) -> str:
    """A title as plain text: formatting tags go, references are read.

    >>> plain("<b>Donor</b> darah &amp;#8217;24"), plain("Use &lt;br&gt; in List<String>")
    ('Donor darah ’24', 'Use <br> in List<String>')
    """
    if "<" in markup:
        markup = _INLINE.sub("", _BREAK.sub(" ", markup))
    return unescaped(markup) if "&" in markup else markup


def summary_of(markup: str) -> str:
    """The text of a short description, without any tag; never longer than 4,000 characters.

    >>> summary_of("<p>Jadwal <b>baru</b></p><script>x()</script> [&#8230;]")
    'Jadwal baru […]'
    """
    markup = markup[:_SUMMARY_LIMIT]
    if "<" in markup:
        markup = _TAG.sub(" ", _HIDDEN.sub(" ", markup))
    return " ".join(unescaped(markup).split())


def unwrapped(markup: str) -> str:
    """HTML that was escaped once too often, as HTML; anything else unchanged.

    Only a closing tag tells: "the &lt;b&gt; tag" is a sentence about one.

    >>> unwrapped("&lt;p&gt;Libur&lt;/p&gt;"), unwrapped("the &lt;b&gt; tag")
    ('<p>Libur</p>', 'the &lt;b&gt; tag')
    """
    if not _ESCAPED_END.search(markup):
        return markup
    for reference, character in _ESCAPES:
        markup = markup.replace(reference, character)
    return markup


def _unescaped_reference(reference: re.Match[str]) -> str:
    return _meaning(reference[0])


_meaning = lru_cache(maxsize=4096)(unescape)
