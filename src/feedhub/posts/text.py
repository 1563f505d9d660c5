"""Text that is legal in XML, in one Unicode form, and readable by screen readers."""

import re
from functools import lru_cache
from unicodedata import is_normalized, normalize

# Nearly all characters of nearly all texts. What remains without them is looked at: 3 us for
# 1.4 KB instead of 12.
_ORDINARY = bytes([0x09, 0x0A, *range(0x20, 0x7F)])
_SHORT = 300  # characters
_SPACES = re.compile("  +")
_ASCII_SPACES = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
# XML 1.0 (fifth edition) section 2.2: these in a document are a fatal error.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The only marks that NFC joins with ASCII (U+0338 with < = >, others with letters).
_JOINING = re.compile("[\u0300-\u036f]")

# What clean_text leaves as it is without a second look. A negated class of few ranges is
# one table look-up a character: 5 us for 1.4 KB.
_ODD = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u02ff\u0370-\u0482\u048a-\u0590\u05be-\u060f\u0620-\u064a\u0660-\u0e30\u0e32\u0e33\u0e3b-\u0e46\u0e4f-\u1aaf\u1b00-\u1cff"
    "\u1e00-\u200f\u2010-\u2027\u202f-\u205f\u2070-\u20cf\u20e3\u2100\u2101\u2103-\u2109\u2114\u2116-\u2118\u211e-\u2123"
    "\u2125-\u2127\u2129-\u212b\u212e\u2132\u2135-\u249b\u24ea-\ua72f\ua732-\ud7ff\ue000-\ufdcf\ufdf0-\ufe1f\ufe30-\ufefe"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\ufff8\ufffd\U00010000-\U0001d3ff\U0001d800-\U0001f10f"
    "\U0001f18a-\U0001fbef\U0001fc00-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd"
    "\U000f0000-\U000ffffd\U00100000-\U0010fffd]+"
)

# Bidirectional embeddings, overrides and isolates are removed, all nine of them: unclosed
# they turn what stands after the text, and the implicit algorithm orders Arabic and Hebrew
# rightly without them. Marks (U+200E, U+200F, U+061C) reach no further than themselves and stay.
# With them go controls, lone surrogates, non-characters, annotation and tag characters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff"
    "\ufff9-\ufffc\ufffe\uffff\U000e0000-\U000e007f\U000e01f0-\U000effff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]+"
)
_LINES = {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n\n"}
# Other C1 controls are Windows-1252 punctuation that was read as Latin-1.
_C1 = {chr(code): bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0) if chr(code) not in _LINES}
_SINGLE = str.maketrans(_LINES | _C1)

# Letters in mathematical or full-width dress are letters; their digits too.
_DRESSED = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff\U0001fbf0-\U0001fbf9]+")
# These mean something of their own when they stand alone (ℝ, ℓ, Ⓜ, 🅿); in a row they spell words.
_IN_A_ROW = re.compile(
    "[\u2102\u210a-\u2113\u2115\u2119-\u211d\u2124\u2128\u212c\u212d\u212f-\u2131\u2133\u2134"
    "\u249c-\u24e9\U0001d400-\U0001d7ff\U0001f110-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]{2,}"
)
_ENCLOSED = {
    chr(first + step): chr(letter + step)
    for first, letter in (
        (0x249C, 97),
        (0x24B6, 65),
        (0x24D0, 97),
        (0x1F110, 65),
        (0x1F130, 65),
        (0x1F150, 65),
        (0x1F170, 65),
    )
    for step in range(26)
}
_ENCLOSED_LETTERS = str.maketrans(_ENCLOSED)
_SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz")
_SMALL_WORD = re.compile("[ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ][ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢqsx]{2,}")

# No script piles more than four marks on a letter; more is made to spill over its neighbours.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_PILED = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
_FLAG = re.compile("[\U000e0061-\U000e007a]{2,6}\U000e007f")

_ACCENTS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]+")
_KIN = str.maketrans("øđłħŧı’‘ʼʻ´", "odlhti'''''")
# What fold looks at, a run at a time.
BEYOND_ASCII = re.compile("[^\x00-\x7f]+")


def is_legal_text(text: str) -> bool:
    r"""Whether `text` may stand in XML 1.0 and is NFC.

    >>> is_legal_text("Jum\u2019at"), is_legal_text("a\x0bb"), is_legal_text("\ud800"), is_legal_text("e\u0301")
    (True, False, False, False)
    """
    rest = _extraordinary(text)
    if not rest:
        return True
    if _ILLEGAL.search(rest):
        return False
    return (_JOINING.search(rest) is None and is_normalized("NFC", rest)) or is_normalized("NFC", text)


def clean_text(text: str) -> str:
    r"""`text` as it can be shown anywhere: XML-legal, NFC, line ends as \n.

    Letters dressed as mathematics, full-width or (in a row) as circles and squares become
    plain ones, so that screen readers and search can use them; emoji, CJK, º ² ½ ™ stay.
    Bidirectional controls are removed and piles of combining marks cut to four.

    >>> clean_text("\U0001d5e3\U0001d5fc\U0001d600\U0001d606\U0001d5ee\U0001d5fb\U0001d5f1\U0001d602 25 m²\x00 \u202egnp.exe")
    'Posyandu 25 m² gnp.exe'
    """
    rest = _extraordinary(text)
    if not rest or (_ODD.search(rest) is None and is_normalized("NFC", rest)):
        return text
    mended = _ODD.sub(_mended, text.replace("\r\n", "\n"))
    mended = _SMALL_WORD.sub(_small_word, mended)
    return normalize("NFC", _PILED.sub(r"\1", normalize("NFC", mended)))


def one_line(text: str) -> str:
    r"""`clean_text` with white space collapsed and stripped.

    >>> one_line("  Imunisasi\n gratis\u00a0")
    'Imunisasi gratis'
    """
    if not (text.isascii() and text.isprintable()):
        text = clean_text(text)
    return collapsed(text)


def collapsed(text: str) -> str:
    r"""`text` with one space for each run of white space, and none around it.

    >>> collapsed(" Imunisasi\n\ngratis\u3000di sini ")
    'Imunisasi gratis di sini'
    """
    if len(text) <= _SHORT:
        return " ".join(text.split())
    flat = text.replace("\n", " ").replace("\t", " ")
    if _has_odd_spaces(flat):
        return " ".join(text.split())
    # Most words stand one space apart: taking all of them apart costs three times as much.
    return (_SPACES.sub(" ", flat) if "  " in flat else flat).strip(" ")


def unspaced(text: str) -> str:
    r"""`text` without its white space.

    >>> unspaced("<p>a \u00a0b\n</p>")
    '<p>ab</p>'
    """
    octets = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_SPACES)
    bare = octets.decode("utf-8", "surrogatepass")
    return "".join(bare.split()) if _has_odd_spaces(bare) else bare


def shortened(text: str, limit: int) -> str:
    """`text`, or its beginning cut after a word with an ellipsis: at most `limit` characters.

    >>> shortened("Imunisasi gratis di semua puskesmas", 20)
    'Imunisasi gratis di…'
    """
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ")
    if not text[limit - 1].isspace() and space > limit // 2:
        head = head[:space]
    return normalize("NFC", head.rstrip(" \t\n,;:.-–—(\u200d") + "…")


def fold(text: str) -> str:
    """`text` as search compares it: NFKC, without case, accents and invisible characters.

    >>> fold("Jum’at CAFÉ ﬁnal"), fold("Łódź") == fold("lodz")
    ("jum'at cafe final", True)
    """
    lowered = text.lower()
    return (lowered if lowered.isascii() else BEYOND_ASCII.sub(_folded, lowered)).replace("`", "'")


@lru_cache(maxsize=4_096)
def folded_run(run: str) -> str:
    """What `fold` makes of a run of lower-case characters beyond ASCII."""
    folded = normalize("NFKD", normalize("NFKD", run).casefold()).casefold()
    return normalize("NFKC", _ACCENTS.sub("", normalize("NFKD", folded)).translate(_KIN))


def _extraordinary(text: str) -> str:
    """The characters of `text` that are not printable ASCII, tab or line feed.

    Where none of them is a joining mark and they are NFC, so is `text`.
    """
    octets = text.encode("utf-8", "surrogatepass").translate(None, _ORDINARY)
    return octets.decode("utf-8", "surrogatepass") if octets else ""


def _has_odd_spaces(text: str) -> bool:
    """Whether there is white space in `text` other than spaces and line ends."""
    rest = _extraordinary(text)
    return "\t" in text or (bool(rest) and len("".join(rest.split())) != len(rest))


def _folded(match: re.Match[str]) -> str:
    return folded_run(match[0])


def _mended(match: re.Match[str]) -> str:
    """One run of odd characters, as clean_text wants it."""
    run, flag = match[0], ""
    if match.start() and match.string[match.start() - 1] == "\U0001f3f4" and (tagged := _FLAG.match(run)):
        flag, run = tagged[0], run[tagged.end() :]
    run = _UNWANTED.sub("", run).translate(_SINGLE)
    run = _IN_A_ROW.sub(lambda row: normalize("NFKC", row[0].translate(_ENCLOSED_LETTERS)), run)
    return flag + _DRESSED.sub(lambda dressed: normalize("NFKC", dressed[0]), run)


def _small_word(match: re.Match[str]) -> str:
    return match[0].translate(_SMALL_CAPITALS)
