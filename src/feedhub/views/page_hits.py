"""Where the searched words stand in a text, so that pages can mark them."""

import re
from dataclasses import dataclass

from feedhub.posts.search_terms import Term, read_search_terms
from feedhub.posts.text import fold

_WORD = re.compile(r"[^\W_]+")
# Characters of text that a result shows around its first hit, and how far it is looked for.
_EXCERPT = 240
_LOOKED_THROUGH = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, marked or not; the pieces of a text give it back unchanged."""

    text: str
    is_hit: bool = False


def terms_of(q: str) -> tuple[Term, ...]:
    """What `q` looks for; what it excludes is nowhere to be marked."""
    return read_search_terms(q).wanted


def marked(text: str, terms: tuple[Term, ...]) -> tuple[Piece, ...]:
    """`text` in pieces, each found term a hit of its own.

    >>> marked("Air bersih", terms_of("air"))
    (Piece(text='Air', is_hit=True), Piece(text=' bersih', is_hit=False))
    """
    pieces, end = [], 0
    for begin, stop in _hits(text, terms):
        pieces += [Piece(text[end:begin]), Piece(text[begin:stop], is_hit=True)]
        end = stop
    pieces.append(Piece(text[end:]))
    return tuple(piece for piece in pieces if piece.text)


def excerpt(text: str, terms: tuple[Term, ...]) -> str:
    """The part of `text` around its first hit, or "" where there is none."""
    hits = _hits(text[:_LOOKED_THROUGH], terms)
    if not hits:
        return ""
    begin = max(0, hits[0][0] - _EXCERPT // 3)
    begin = text.find(" ", begin, hits[0][0]) + 1 or begin if begin else 0
    cut = " ".join(text[begin : begin + _EXCERPT].split())
    return f"{'… ' if begin else ''}{cut}{' …' if begin + _EXCERPT < len(text) else ''}"


def _hits(text: str, terms: tuple[Term, ...]) -> list[tuple[int, int]]:
    """From where to where, in order, without overlaps."""
    if not terms:
        return []
    spans = [match.span() for match in _WORD.finditer(text)]
    words = [fold(text[begin:end]) for begin, end in spans]
    hits, at = [], 0
    while at < len(words):
        length = max((len(term.words) for term in terms if _stands_at(words, at, term)), default=0)
        if length:
            hits.append((spans[at][0], spans[at + length - 1][1]))
        at += length or 1
    return hits


def _stands_at(words: list[str], at: int, term: Term) -> bool:
    here, asked = words[at : at + len(term.words)], list(term.words)
    if term.is_prefix:
        return here[:-1] == asked[:-1] and len(here) == len(asked) and here[-1].startswith(asked[-1])
    return here == asked
