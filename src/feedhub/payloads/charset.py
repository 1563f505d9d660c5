"""From the bytes of a document to its text, whatever it claims about itself."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

# The 32-bit marks first: the UTF-16 one is their beginning.
_MARKS = (
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
# How `<?` and `{"` look without a mark (XML 1.0 appendix F, RFC 4627 section 3).
_SHAPES = (
    (re.compile(rb"[<{\[\s]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\[\s]"), "utf-32-be"),
    (re.compile(rb"[<{\[\s]\0[^\0]"), "utf-16-le"),
    (re.compile(rb"\0[<{\[\s]\0"), "utf-16-be"),
)
# A label means what browsers take it for (WHATWG Encoding section 4.2), not what its standard says.
# UTF-7 is missing on purpose: it hides markup from everyone who looks at the bytes.
_CODECS = {
    label: codec
    for codec, labels in {
        "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8",
        "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1 l1 us-ascii ascii ansi_x3.4-1968 windows-1252 cp1252 x-cp1252",
        "cp1250": "windows-1250 cp1250",
        "cp1251": "windows-1251 cp1251",
        "cp1253": "windows-1253 cp1253",
        "cp1254": "windows-1254 cp1254 iso-8859-9 latin5",
        "cp1255": "windows-1255 cp1255",
        "cp1256": "windows-1256 cp1256",
        "cp1257": "windows-1257 cp1257",
        "cp1258": "windows-1258 cp1258",
        "iso8859-2": "iso-8859-2 latin2",
        "iso8859-3": "iso-8859-3",
        "iso8859-4": "iso-8859-4",
        "iso8859-5": "iso-8859-5",
        "iso8859-6": "iso-8859-6",
        "iso8859-7": "iso-8859-7",
        "iso8859-8": "iso-8859-8",
        "iso8859-10": "iso-8859-10",
        "iso8859-13": "iso-8859-13",
        "iso8859-14": "iso-8859-14",
        "iso8859-15": "iso-8859-15 latin9",
        "iso8859-16": "iso-8859-16",
        "cp874": "windows-874 tis-620 iso-8859-11",
        "cp866": "ibm866 cp866",
        "koi8-r": "koi8-r koi8",
        "koi8-u": "koi8-u",
        "mac-roman": "macintosh",
        "gb18030": "gb2312 gbk gb18030 gb_2312-80 x-gbk chinese",
        "big5hkscs": "big5 big5-hkscs",
        "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms932",
        "euc_jp": "euc-jp x-euc-jp",
        "iso2022_jp_2": "iso-2022-jp",
        "cp949": "euc-kr ks_c_5601-1987 windows-949 korean",
        "utf-16": "utf-16",
        "utf-16-le": "utf-16le",
        "utf-16-be": "utf-16be",
    }.items()
    for label in labels.split()
}
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.ASCII | re.IGNORECASE)
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]+)")
_ISLAND = re.compile("[\udc80-\udcff]+")


def decoded(body: bytes, content_type: str | None = None) -> str:
    """The text of `body`, without its byte order mark; never fails.

    A mark decides. Then what is valid UTF-8 is UTF-8, because no other text looks like it by
    chance while headers and declarations often lie. Then the HTTP charset and the XML
    declaration, each only if the bytes agree. What is left is UTF-8 with islands of
    windows-1252, which pasted paragraphs make.

    >>> decoded("Jalan Café".encode("cp1252"), "text/xml; charset=utf-8")
    'Jalan Café'
    """
    mark, codec = _marked(body)
    if codec:
        return body[mark:].decode(codec, "replace")
    if b"\x1b" not in body:
        try:
            return body.decode()
        except UnicodeDecodeError:
            pass
    for claim in _claims(body, content_type):
        try:
            return body.decode(claim)
        except UnicodeDecodeError:
            continue
    return _ISLAND.sub(_as_windows_1252, body.decode("utf-8", "surrogateescape"))


def in_utf8(body: bytes, content_type: str | None = None) -> bytes:
    r"""The same document in UTF-8, without a mark; the very same bytes where they already are.

    >>> in_utf8(b"\xef\xbb\xbf<rss/>"), in_utf8("<rss/>".encode("utf-16"))
    (b'<rss/>', b'<rss/>')
    """
    text = decoded(body, content_type)
    if len(text) == len(body) and body.isascii():
        return body
    # Lone surrogates are no text: a replacement says that something was there.
    return text.encode("utf-8", "replace")


def _marked(body: bytes) -> tuple[int, str | None]:
    """How long the byte order mark is and what it stands for; shape stands in for a missing mark."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return len(mark), codec
    if b"\0" in body[:4]:
        for shape, codec in _SHAPES:
            if shape.match(body):
                return 0, codec
    return 0, None


def _claims(body: bytes, content_type: str | None) -> list[str]:
    """The codecs that the header and the declaration name, in this order, as far as we know them."""
    header = _HEADER.search(content_type or "")
    declaration = _DECLARATION.match(body)
    labels = [header[1] if header else "", declaration[1].decode() if declaration else ""]
    codecs = [_CODECS.get(label.lower(), "") for label in labels]
    # A declaration that can be read as ASCII is not UTF-16, whatever it says.
    return [codec for codec in codecs if codec and not codec.startswith("utf-16")]


def _as_windows_1252(island: re.Match[str]) -> str:
    # Five bytes have no meaning in windows-1252 either.
    return island[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")
