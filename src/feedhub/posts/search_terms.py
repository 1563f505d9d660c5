"""Words as both full-text indexes take them, and what people type to find them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from feedhub.posts.text import BEYOND_ASCII, fold, folded_run

# A PostgreSQL tsvector holds 16,383 positions and lexemes of 2 KB; the rest is not found.
_MOST_WORDS = 10_000
_LONGEST_WORD = 64
_MOST_TERMS = 16
_MOST_TYPED = 256

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\W_]+")
# Most of what stands beyond ASCII in most texts; no mark after them joins with them.
_BETWEEN_ALWAYS = "’‘“”–—…\xa0"
# What stands between words, by octet; those of other scripts' letters stay together.
_SPACED = bytes(ord(" ") if chr(octet).isascii() and not chr(octet).isalnum() else octet for octet in range(256))
_TYPED = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
# Words as rows of x: looking for a long row costs less than measuring each word.
_SHAPE = bytes(octet if octet == ord(" ") else ord("x") for octet in range(256))
_TOO_LONG = b"x" * (_LONGEST_WORD + 1)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow one another; the last may be only a beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What a post must hold, all of it, and what it must not."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing that can be looked for was typed."""
        return not self.wanted and not self.unwanted


def search_words(*texts: str) -> str:
    """The words of `texts`, folded, a space between two.

    >>> search_words("Vaksin COVID-19 di Puskesmas", "Café")
    'vaksin covid 19 di puskesmas cafe'
    """
    text = " ".join(texts)
    if not text.isascii():
        for mark in _BETWEEN_ALWAYS:
            text = text.replace(mark, " ")
    folded = text.lower()
    if not folded.isascii():
        folded = BEYOND_ASCII.sub(_folded_words, folded)
    words = folded.encode().translate(_SPACED).split()
    if len(words) > _MOST_WORDS:
        del words[_MOST_WORDS:]
    joined = b" ".join(words)
    if _TOO_LONG in joined.translate(_SHAPE):
        return " ".join([word.decode()[:_LONGEST_WORD] for word in words])
    return joined.decode()


def read_search_terms(typed: str) -> SearchTerms:
    """Understand what people type: words, "phrases", -exclusions, beginnings*; never an error.

    >>> read_search_terms('bantuan "kartu sehat" -hoaks imun*').wanted[1:]
    (Term(words=('kartu', 'sehat'), is_prefix=False), Term(words=('imun',), is_prefix=True))
    >>> read_search_terms('a AND covid-19 "').wanted[-1]
    Term(words=('covid', '19'), is_prefix=False)
    """
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for minus, phrase, word in _TYPED.findall(typed[:_MOST_TYPED])[:_MOST_TERMS]:
        words = tuple(found[:_LONGEST_WORD] for found in _WORD.findall(fold(phrase or word)))
        if words:
            term = Term(words, is_prefix=not phrase and word.endswith("*"))
            (unwanted if minus else wanted).append(term)
    return SearchTerms(tuple(wanted), tuple(unwanted))


def _folded_words(match: re.Match[str]) -> str:
    return _run_of_words(match[0])


@lru_cache(maxsize=4_096)
def _run_of_words(run: str) -> str:
    """A run of characters beyond ASCII, folded; one space for what stands between words."""
    return _BETWEEN.sub(" ", folded_run(run))
