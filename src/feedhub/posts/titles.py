"""Titles and summaries for posts that came without."""

import re

from feedhub.posts.text import collapsed, shortened

TITLE_LENGTH = 100  # characters
SUMMARY_LENGTH = 300  # characters
_LOOKED_AT = 4_000  # characters: where a title may come from
_WHOLE = 1_000  # characters: so much is looked at for the words that a site adds at the end
_TOO_SHORT = 20  # characters: "Halo warga!" alone says nothing

_HASH = re.compile(r"(?<!\w)#(?=\w)")
_WORD = re.compile(r"[^\W_]")
_ORNAMENT = "*_~|>•·▪●★☆-–—+=#"
_END = re.compile(r"[.!?…]+[\"”’')\]]*\s+(?=[^\sa-z])")
# What WordPress adds to an excerpt. "Continue reading" counts after an ellipsis or as the last
# words, so that no sentence about reading is cut.
_ADDED = re.compile(
    r"\s*\[\s*(?:…|\.{3}|&hellip;|&#8230;)\s*\][\s»›→]*$"
    r"|(?:(?<=…)|(?<=\.{3})|(?<=…\])|(?<=\.{3}\]))\s*(?:Continue reading|Read more|Baca selengkapnya|Selengkapnya)\b.{0,300}$"
    r"|(?:^|\s)(?:Continue reading|Read more|Baca selengkapnya)[\s.…:»›→]*$"
    r"|(?:^|(?<=[.!?…\])”\"])\s*)The post .{1,300}? (?:appeared first|first appeared) on .{1,200}$"
)
_SIGNS_OF_ADDED = ("[…", "[...", "[&", "reading", "ead more", "elengkapnya", " appeared ")
# After these, and after single letters, a point ends no sentence.
_SHORT_FORMS = """
jl jln no nmr dr drs dra drg ir prof bpk ibu sdr sdri yth kab kec kel ds rp tgl hlm hal tlp telp hp wa dll dsb dst dkk spt tsb
st sp mr mrs ms vs kh hj gg rt rw ust ustadz a.n s.d u.p d.a m.si s.h m.pd s.pd s.sos m.kes s.e m.m s.kom m.kom s.stp m.ap m.t
s.t m.hum s.ip m.ag s.ag
"""
_ABBREVIATIONS = frozenset(_SHORT_FORMS.split())


def made_title(text: str) -> str:
    r"""The first sentence of plain text that says something: at most 100 characters, one line.

    Lines of only hashtags, addresses, mentions or emoji are passed over, as are emoji and
    hashtags at a line's ends. "" = nothing to make a title of.

    >>> made_title("🎉🎉\n#info\nImunisasi gratis di semua puskesmas. Bawa KTP! #sehat")
    'Imunisasi gratis di semua puskesmas'
    """
    tagged = ""
    for line in text[:_LOOKED_AT].split("\n"):
        words = line[: TITLE_LENGTH * 4].split()
        while words and _is_ornament(words[-1]):
            if words[-1].startswith("#"):
                tagged = tagged or _untagged(words)
            words.pop()
        start = next((place for place, word in enumerate(words) if not _is_mute(word)), len(words))
        if not all(map(_is_ornament, words[start:])):
            return shortened(_sentence(_plainly(words[start:])), TITLE_LENGTH)
    return shortened(tagged, TITLE_LENGTH)


def made_summary(text: str) -> str:
    r"""The beginning of plain text: at most 300 characters, one line.

    >>> made_summary("Imunisasi gratis.\n\nBawa KTP.")
    'Imunisasi gratis. Bawa KTP.'
    """
    if len(text) <= _WHOLE:
        return shortened(without_added(collapsed(text)), SUMMARY_LENGTH)
    beginning = collapsed(text[: SUMMARY_LENGTH * 2])
    if len(beginning) <= SUMMARY_LENGTH:  # much white space
        beginning = collapsed(text[:_LOOKED_AT])
    return shortened(beginning, SUMMARY_LENGTH)


def without_added(line: str) -> str:
    """`line` without what a site adds to the end of an excerpt.

    >>> without_added("Jadwal imunisasi bulan ini […]"), without_added("Gratis. The post Imunisasi appeared first on Dinkes.")
    ('Jadwal imunisasi bulan ini', 'Gratis.')
    """
    while any(sign in line for sign in _SIGNS_OF_ADDED) and (added := _ADDED.search(line)):
        line = line[: added.start()]
    return line


def _is_mute(word: str) -> bool:
    """Whether `word` is emoji, bullets or an address, and says nothing in a title."""
    return _WORD.search(word) is None or "://" in word


def _is_ornament(word: str) -> bool:
    return word.startswith(("#", "@")) or _is_mute(word)


def _plainly(words: list[str]) -> str:
    """The words in a row, without addresses and the signs of hashtags."""
    line = " ".join(words)
    if "://" in line:
        line = " ".join(word for word in words if "://" not in word)
    return _HASH.sub("", line).strip(_ORNAMENT + " ,:;") if "#" in line else line.strip(_ORNAMENT + " ,:;")


def _untagged(words: list[str]) -> str:
    """The words of a line of hashtags, for a post that has nothing better."""
    line = " ".join(word for word in words if not _is_mute(word))
    return " ".join(line.replace("#", " ").replace("_", " ").split())


def _sentence(line: str) -> str:
    for end in _END.finditer(line[: TITLE_LENGTH * 2]):
        if end.start() >= _TOO_SHORT and not (end[0].startswith(".") and _is_abbreviation(line[: end.start()])):
            line = line[: end.end()].rstrip()
            break
    return line[:-1] if line.endswith(".") and not line.endswith("..") else line


def _is_abbreviation(before: str) -> bool:
    word = before.rsplit(None, 1)[-1].lstrip("(").lower()
    return len(word) == 1 or word in _ABBREVIATIONS
