"""Titles and summaries for posts that came without."""

import re

from feedhub.posts.text import shortened

TITLE_LENGTH = 100  # characters
SUMMARY_LENGTH = 300  # characters
_LOOKED_AT = 4_000  # characters: where a title may come from
_TOO_SHORT = 20  # characters: "Halo warga!" alone says nothing

_URL = re.compile(r"https?://\S+")
# Emoji, bullets, arrows, quotes of layout: what decorates the ends of a line.
_DECORATION = (
    r"[\s\u2010-\u2015\u2022-\u2024\u2043\u200b-\u200f\u20e3\u2190-\u23ff\u2460-\u27bf\u2900-\u297f\u2b00-\u2bff\ufe0e\ufe0f"
    r"\U0001f000-\U0001faff*_~|>=+·•-]"
)
_LEADING = re.compile(f"^(?:{_DECORATION}|[0-9]\ufe0f?\u20e3|[,.:;])+")
_TRAILING = re.compile(f"(?:\\s+[#@][\\w.]+|{_DECORATION}|[,:;])+$")
_MARKED = re.compile(r"(?<!\w)#(?=\w)")
_WORD = re.compile(r"[^\W_]")
_ONLY_TAGS = re.compile(r"(?:[#@][\w.]+\W*)+")
_END = re.compile(r"[.!?…]+[\"”’')\]]*\s+(?=[^\sa-z])")
# After these a point ends no sentence.
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:[A-Za-z]|jl|jln|no|nmr|dr|drs|dra|drg|ir|prof|bpk|ibu|sdr|sdri|yth|kab|kec|kel|ds|rp|tgl|hlm|hal|tlp|telp"
    r"|hp|wa|dll|dsb|dst|dkk|spt|tsb|st|sp|mr|mrs|ms|vs|kh|hj|gg|rt|rw|ust|ustadz|a\.n|s\.d|u\.p|d\.a|m\.si|s\.h|m\.pd|s\.pd|s\.sos|m\.kes|s\.e|m\.m"
    r"|s\.kom|m\.kom|s\.stp|m\.ap|m\.t|s\.t|m\.hum|s\.ip|m\.ag|s\.ag)$",
    re.IGNORECASE,
)


def made_title(text: str) -> str:
    r"""The first sentence of plain text that says something: at most 100 characters, one line.

    Lines of only hashtags, addresses, mentions or emoji are passed over, as are emoji and
    hashtags at a line's ends. "" = nothing to make a title of.

    >>> made_title("🎉🎉\n#info\nImunisasi gratis di semua puskesmas. Bawa KTP! #sehat")
    'Imunisasi gratis di semua puskesmas'
    """
    lines = [line for line in text[:_LOOKED_AT].split("\n") if _WORD.search(line)]
    worded = (_worded(line) for line in lines if not _ONLY_TAGS.fullmatch(line.strip()))
    line = next((line for line in worded if line), "") or next(filter(None, map(_untagged, lines)), "")
    return shortened(_sentence(line), TITLE_LENGTH)


def made_summary(text: str) -> str:
    r"""The beginning of plain text: at most 300 characters, one line.

    >>> made_summary("Imunisasi gratis.\n\nBawa KTP.")
    'Imunisasi gratis. Bawa KTP.'
    """
    return shortened(" ".join(text[:_LOOKED_AT].split()), SUMMARY_LENGTH)


def _worded(line: str) -> str:
    """`line` without what only decorates it; "" if no words stay."""
    if "://" in line:
        line = _URL.sub(" ", line)
    line = _TRAILING.sub("", _LEADING.sub("", line))
    line = " ".join(_MARKED.sub("", line).split())
    return line if _WORD.search(line) else ""


def _untagged(line: str) -> str:
    """The words of a line of hashtags, if there is nothing better."""
    words = " ".join(_URL.sub(" ", line).replace("#", " ").replace("_", " ").split())
    return words if _WORD.search(words) else ""


def _sentence(line: str) -> str:
    for end in _END.finditer(line[: TITLE_LENGTH * 2]):
        before = line[: end.start()]
        if end.start() >= _TOO_SHORT and not (end[0].startswith(".") and _ABBREVIATED.search(before)):
            line = line[: end.end()].rstrip()
            break
    return line[:-1] if line.endswith(".") and not line.endswith("..") else line
