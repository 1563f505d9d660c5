"""The versions of a post for programs: each as a post, with what changed since the one before and its proof."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import zip_longest

import orjson
from typing_extensions import TypedDict  # as in api_shapes

from feedhub.accounts.account import Publisher
from feedhub.posts.compare import lasting_address
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Media, Post
from feedhub.views.api import post_json
from feedhub.views.api_shapes import PostJson
from feedhub.views.channel import shown_content
from feedhub.views.entries import written
from feedhub.views.proofs import ProofJson, Seal, proof_json
from feedhub.views.word_diff import word_diff

# What makes a version, in the order in which people want to know it. Counts never do.
COMPARED = (
    "title",
    "content_text",
    "content_html",
    "published_at",
    "event",
    "place",
    "media",
    "links",
    "tags",
    "mentions",
    "kinds",
    "language",
    "source_url",
    "type",
    "in_reply_to",
    "repost_of",
    "poll",
    "sensitive",
    "notice",
)
_TEXTS = frozenset({"content_text", "content_html"})


class PieceJson(TypedDict):
    """A piece of text: `op` is `equal`, `insert` or `delete`."""

    op: str
    text: str


class DifferenceJson(TypedDict):
    """What became of one field: of a text, `diff` word by word; of any other, `before` and `after`."""

    field: str
    before: object
    after: object
    diff: list[PieceJson] | None


class VersionJson(PostJson):
    """A version. A `redacted` one has the keys of a post and nothing of what it said.

    `changes`: since the version before it; null where there is none, or one of both is redacted.
    """

    redacted: bool
    changes: list[DifferenceJson] | None
    proof: ProofJson | None


def version_json(
    kept: KeptPost, before: KeptPost | None, *, publisher: Publisher, public_url: str, seal: Seal
) -> VersionJson:
    """One version, compared with the one before it."""
    post = shown_content(kept)
    told = post_json(kept, publisher=publisher, public_url=public_url)
    proof = proof_json(kept, post, publisher=publisher, public_url=public_url, seal=seal) if post else None
    return {
        **told,
        "redacted": post is None,
        "changes": differences(kept, before, publisher=publisher, public_url=public_url),
        "proof": proof,
    }


def versions_page(
    found: Sequence[KeptPost], *, most: int, publisher: Publisher, public_url: str, next_url: str | None, seal: Seal
) -> bytes:
    """`{"posts": […], "next": …}`: `most` versions of those found; one more is there to compare the last with."""
    older = {one.version: before for one, before in zip_longest(found, found[1:])}

    def write(kept: KeptPost) -> orjson.Fragment:
        told = version_json(kept, older[kept.version], publisher=publisher, public_url=public_url, seal=seal)
        return orjson.Fragment(orjson.dumps(told))

    return orjson.dumps({"posts": list(written(found[:most], write, format="api")), "next": next_url})


def differences(
    kept: KeptPost, before: KeptPost | None, *, publisher: Publisher, public_url: str
) -> list[DifferenceJson] | None:
    """What became of each field since the version before; None where nothing can be compared."""
    new, old = shown_content(kept), shown_content(before) if before else None
    if before is None or new is None or old is None:
        return None
    told = partial(post_json, publisher=publisher, public_url=public_url)
    return [*_differing(told(before), told(kept), old, new)]


def _differing(before: PostJson, after: PostJson, old: Post, new: Post) -> Iterator[DifferenceJson]:
    told, tells = dict(before), dict(after)
    for field in COMPARED:
        if told[field] == tells[field] or (field == "media" and _seen(old.media) == _seen(new.media)):
            continue
        if field == "content_html" and old.content_text != new.content_text:
            continue  # the text says it already
        if field in _TEXTS:
            pieces = word_diff(str(told[field]), str(tells[field]))
            diff: list[PieceJson] = [{"op": op.value, "text": text} for op, text in pieces]
            yield {"field": field, "before": None, "after": None, "diff": diff}
        else:
            yield {"field": field, "before": told[field], "after": tells[field], "diff": None}


def _seen(media: tuple[Media, ...]) -> list[tuple[str, str | None]]:
    """Media less what changes with every signature in their addresses."""
    return [(lasting_address(medium.url), medium.alt) for medium in media]
