"""Which kinds a post has, by the register's table."""

import re
from dataclasses import dataclass
from functools import lru_cache

from feedhub.accounts.kinds import Kind, KindRule
from feedhub.posts.post import Post
from feedhub.posts.text import fold

_LOOKED_AT = 20_000  # characters
_WORD = re.compile(r"\w+")
_ORDER = {kind: place for place, kind in enumerate(Kind)}


def kinds_of(post: Post, rules: tuple[KindRule, ...], default: Kind | None) -> tuple[Kind, ...]:
    """The kinds that the rules give a post, in the order of Kind; else the default; else none.

    Words are whole words or phrases of title and text, without regard to case and accents;
    tags are hashtags and feed categories, also without regard to spaces.
    """
    table = _table(rules)
    found = {kind for tag in post.tags if (kinds := table.tags.get(tag_key(tag))) for kind in kinds}
    if table.words or table.phrases:
        words = _WORD.findall(fold(f"{post.title}\n{post.content_text[:_LOOKED_AT]}"))
        found.update(kind for word in table.words.keys() & set(words) for kind in table.words[word])
        if table.phrases:
            running = f" {' '.join(words)} "
            found.update(kind for phrase, kind in table.phrases if phrase in running)
    if not found and default is not None:
        return (default,)
    return tuple(sorted(found, key=_ORDER.__getitem__))


@lru_cache(maxsize=4_096)
def tag_key(tag: str) -> str:
    """What two spellings of one tag have in common.

    >>> tag_key("#Bantuan Sosial") == tag_key("bantuan_sosial") == tag_key("BantuanSosial")
    True
    """
    folded = fold(tag)
    return "".join(_WORD.findall(folded)).replace("_", "") or folded


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    words: dict[str, tuple[Kind, ...]]
    phrases: tuple[tuple[str, Kind], ...]
    tags: dict[str, tuple[Kind, ...]]


@lru_cache(maxsize=16)
def _table(rules: tuple[KindRule, ...]) -> _Table:
    """The rules the other way round: from what a post holds to its kinds."""
    words: dict[str, tuple[Kind, ...]] = {}
    tags: dict[str, tuple[Kind, ...]] = {}
    phrases: list[tuple[str, Kind]] = []
    for rule in rules:
        for said in rule.words:
            parts = _WORD.findall(fold(said))
            if len(parts) == 1:
                words[parts[0]] = (*words.get(parts[0], ()), rule.kind)
            elif parts:
                phrases.append((f" {' '.join(parts)} ", rule.kind))
        for tag in rule.tags:
            tags[tag_key(tag)] = (*tags.get(tag_key(tag), ()), rule.kind)
    return _Table(words=words, phrases=tuple(phrases), tags=tags)
