"""What was put into a text and what was taken out, word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

_WORDS = re.compile(r"\S+|\s+")
# Comparing costs as much as both sides multiplied, 12 ms at worst for this many. Beyond it whole lines
# are compared, and where they are too many as well, the middle is shown as replaced.
_MOST = 250_000


class Op(StrEnum):
    """What became of a piece of text."""

    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"


Piece = tuple[Op, str]


def word_diff(before: str, after: str) -> list[Piece]:
    """The pieces that make `before` without what was inserted, and `after` without what was deleted.

    >>> [(op.value, text) for op, text in word_diff("Senin pukul 08.00 di alun-alun", "Senin pukul 09.00 di alun-alun")]
    [('equal', 'Senin pukul '), ('delete', '08.00'), ('insert', '09.00'), ('equal', ' di alun-alun')]
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    middle = _compared(old[head : len(old) - tail], new[head : len(new) - tail])
    pieces = [(Op.EQUAL, "".join(old[:head])), *middle, (Op.EQUAL, "".join(old[len(old) - tail :]))]
    return _joined(piece for piece in pieces if piece[1])


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    return next(
        (place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if len(old) * len(new) > _MOST:
        old, new = "".join(old).splitlines(keepends=True), "".join(new).splitlines(keepends=True)
    if len(old) * len(new) > _MOST:
        old, new = ["".join(old)], ["".join(new)]
    for tag, start, end, begin, stop in SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        kept = "".join(old[start:end])
        # Words that changed beside each other are one change, whatever space between them stayed.
        if tag == "equal" and not kept.isspace():
            yield Op.EQUAL, kept
        else:
            yield Op.DELETE, kept
            yield Op.INSERT, "".join(new[begin:stop])


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """What stayed as one piece, what changed as one that was deleted and one that was inserted; no empty ones."""
    joined = [
        (op, "".join(text for each, text in said if each is op))
        for is_equal, group in groupby(pieces, key=lambda piece: piece[0] is Op.EQUAL)
        for said in [list(group)]
        for op in ((Op.EQUAL,) if is_equal else (Op.DELETE, Op.INSERT))
    ]
    return [piece for piece in joined if piece[1]]
