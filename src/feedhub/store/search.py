"""The full-text index: one row a live post, keyed by order_key, so newest first never sorts.

Filters are words of the same row: `d7` a department, `kservice` a kind, and so on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from uuid import UUID

from sqlalchemy import text

from feedhub.accounts.account import Platform
from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import DEFAULT_TYPES
from feedhub.posts.post import PostType
from feedhub.posts.search_terms import SearchTerms, Term
from feedhub.posts.text import fold
from feedhub.store.session import DriverAct, WriteSession

_INSERT = {
    True: DriverAct("INSERT INTO search (rowid, words, tokens) VALUES (?, ?, ?)"),
    False: DriverAct("INSERT INTO search (order_key, words) VALUES (?, CAST(? AS tsvector))"),
}
_DELETE = {
    True: text("DELETE FROM search WHERE rowid = :order_key"),
    False: text("DELETE FROM search WHERE order_key = :order_key"),
}

LISTED = "o"

# A tsvector has room for 1 MB of words with their positions; what is beyond is not found.
_MOST_BYTES, _WORD_BYTES, _POSITION_BYTES = 900_000, 8, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """What the index holds of one post."""

    order_key: int
    words: str
    tokens: tuple[str, ...]


def index_tokens(  # noqa: PLR0913  # one argument a filter
    *,
    department: int,
    account: UUID,
    platform: Platform,
    type: PostType,
    kinds: Sequence[Kind],
    tags: Sequence[str],
    language: str | None,
    address: str | None = None,
) -> tuple[str, ...]:
    """The filters that a post answers to, as words no text can hold by accident in `tokens`."""
    tokens = [department_token(department), account_token(account), f"p{platform}", f"t{type}"]
    if type in DEFAULT_TYPES:
        tokens.append(LISTED)
    tokens += [f"k{kind}" for kind in kinds]
    tokens += dict.fromkeys(tag_token(tag) for tag in tags)
    if language:
        tokens.append(language_token(language))
    if address:
        tokens.append(address_token(address))
    return tuple(tokens)


def department_token(department: int) -> str:
    """By its row's id, which a new slug does not change."""
    return f"d{department}"


def account_token(account: UUID) -> str:
    return f"a{account.hex}"


def tag_token(tag: str) -> str:
    """Tags may hold anything; their hash is one word."""
    return "g" + blake2b(fold(tag).encode("utf-8", "replace"), digest_size=8).hexdigest()


def address_token(url: str) -> str:
    """By what all ways to write an address have in common.

    >>> address_token("https://www.dinkes.example/berita/1/") == address_token("http://dinkes.example/berita/1")
    True
    """
    place = url.partition("://")[2].removeprefix("www.").rstrip("/")
    return "u" + blake2b(place.encode("utf-8", "replace"), digest_size=8).hexdigest()


def language_token(language: str) -> str:
    """By the primary subtag: `id-ID` is `id`."""
    return "l" + language.partition("-")[0].lower()


def add_to_index(session: WriteSession, rows: Sequence[IndexRow]) -> None:
    """Index posts; none of their keys may be there already."""
    values: list[tuple[Any, ...]]
    if session.is_sqlite:
        values = [(row.order_key, row.words, " ".join(row.tokens)) for row in rows]
    else:
        values = [(row.order_key, _vector(row)) for row in rows]
    session.run_many(_INSERT[session.is_sqlite], values)


def drop_from_index(session: WriteSession, order_keys: Sequence[int]) -> None:
    """Take posts out of the index; keys that are not there are fine."""
    if order_keys:
        session.run(_DELETE[session.is_sqlite], [{"order_key": key} for key in order_keys])


def fts5_match(terms: SearchTerms, filters: Sequence[Sequence[str]]) -> str:
    """The FTS5 expression. Everything typed is quoted, so nothing typed is syntax.

    >>> fts5_match(SearchTerms((Term(("kartu", "sehat")), Term(("imun",), is_prefix=True))), [["d1", "d2"], ["o"]])
    'tokens:(d1 OR d2) AND tokens:(o) AND words:"kartu sehat" AND words:"imun" *'
    """
    parts = [f"tokens:({' OR '.join(any_of)})" for any_of in filters]
    parts += [f"words:{_fts5_term(term)}" for term in terms.wanted]
    wanted = " AND ".join(parts)
    if not terms.unwanted:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(f'words:{_fts5_term(term)}' for term in terms.unwanted)})"


def tsquery(terms: SearchTerms, filters: Sequence[Sequence[str]]) -> str:
    """The same for PostgreSQL. Tokens there begin with `@`, which no word does.

    >>> tsquery(SearchTerms((Term(("kartu", "sehat")),), (Term(("hoaks",)),)), [["d1", "d2"]])
    "('@d1'|'@d2')&('kartu'<->'sehat')&!('hoaks')"
    """
    parts = ["(" + "|".join(f"'@{token}'" for token in any_of) + ")" for any_of in filters]
    parts += [_ts_term(term) for term in terms.wanted]
    parts += ["!" + _ts_term(term) for term in terms.unwanted]
    return "&".join(parts)


def _fts5_term(term: Term) -> str:
    return '"' + " ".join(term.words) + '"' + (" *" if term.is_prefix else "")


def _ts_term(term: Term) -> str:
    return "(" + "<->".join(f"'{word}'" for word in term.words) + (":*" if term.is_prefix else "") + ")"


def _vector(row: IndexRow) -> str:
    # Words are letters and digits only (search_terms), so quoting needs no escape.
    positions: dict[str, list[str]] = {}
    room = _MOST_BYTES
    for position, word in enumerate(row.words.split(), 1):
        room -= _POSITION_BYTES if word in positions else _WORD_BYTES + len(word.encode())
        if room < 0:
            break
        positions.setdefault(word, []).append(str(position))
    # A tsvector keeps at most 256 positions of a lexeme.
    words = [f"'{word}':{','.join(where[:255])}" for word, where in positions.items()]
    return " ".join(words + [f"'@{token}'" for token in row.tokens])
