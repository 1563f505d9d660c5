"""The forms in which the API lists posts: one row each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, get_type_hints

import orjson

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.views.api import Fragments, post_document, post_json, posts_page
from feedhub.views.api_shapes import PostJson
from feedhub.views.entries import written
from feedhub.views.ninjs import ninjs_document
from feedhub.views.posts_csv import MEDIA_TYPE as CSV
from feedhub.views.posts_csv import WITHOUT, posts_csv

JSON: Final = "application/json"
# The top-level names of a post, in the contract's order.
FIELDS: Final = tuple(get_type_hints(PostJson))

Write = Callable[[KeptPost], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsPage:
    """What a page of posts is made of. `fields` are top-level names in their order; `next_url` is its next page."""

    posts: tuple[KeptPost, ...]
    publisher: Publisher
    public_url: str
    fields: tuple[str, ...] = FIELDS
    next_url: str | None = None
    fragments: Fragments | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostForm:
    """How a page of posts is written. Where its text has no room for `next`, the Link header alone tells it.

    `without`: fields that it has no place for; `has_fields`: whether it is made of a post's fields at all.
    """

    media_type: str
    render: Callable[[PostsPage], bytes]
    without: frozenset[str] = frozenset()
    has_fields: bool = True


def fields_document(kept: KeptPost, fields: tuple[str, ...], *, publisher: Publisher, public_url: str) -> bytes:
    """One post with these fields only."""
    if fields == FIELDS:
        return post_document(kept, publisher=publisher, public_url=public_url)
    told = post_json(kept, publisher=publisher, public_url=public_url)
    return orjson.dumps({name: value for name, value in told.items() if name in fields})


def _json(page: PostsPage) -> bytes:
    if page.fields != FIELDS:
        return _listed(page, _writer(page))
    return posts_page(
        page.posts,
        publisher=page.publisher,
        public_url=page.public_url,
        next_url=page.next_url,
        fragments=page.fragments,
    )


def _ndjson(page: PostsPage) -> bytes:
    return _lines(page, _writer(page))


def _ninjs(page: PostsPage) -> bytes:
    return _listed(page, partial(ninjs_document, publisher=page.publisher, public_url=page.public_url))


def _ninjs_lines(page: PostsPage) -> bytes:
    return _lines(page, partial(ninjs_document, publisher=page.publisher, public_url=page.public_url))


def _csv(page: PostsPage) -> bytes:
    def told(kept: KeptPost) -> PostJson:
        return post_json(kept, publisher=page.publisher, public_url=page.public_url)

    return posts_csv(written(page.posts, told, format="csv"), page.fields)


def _writer(page: PostsPage) -> Write:
    if page.fields == FIELDS and page.fragments is not None:
        return partial(page.fragments.document, publisher=page.publisher, public_url=page.public_url)
    return partial(fields_document, fields=page.fields, publisher=page.publisher, public_url=page.public_url)


def _listed(page: PostsPage, write: Write) -> bytes:
    return orjson.dumps({"posts": [orjson.Fragment(one) for one in _each(page, write)], "next": page.next_url})


def _lines(page: PostsPage, write: Write) -> bytes:
    return b"".join(one + b"\n" for one in _each(page, write))


def _each(page: PostsPage, write: Write) -> Iterator[bytes]:
    return written(page.posts, write, format="api")


# By what follows `/api/v1/posts` and what `format` says.
FORMS: Final = {
    ("", ""): PostForm(media_type=JSON, render=_json),
    ("", "ninjs"): PostForm(media_type=JSON, render=_ninjs, has_fields=False),
    (".ndjson", ""): PostForm(media_type="application/x-ndjson", render=_ndjson),
    (".ndjson", "ninjs"): PostForm(media_type="application/x-ndjson", render=_ninjs_lines, has_fields=False),
    (".csv", ""): PostForm(media_type=CSV, render=_csv, without=WITHOUT),
}
