"""A month's posts in one file: newline-delimited JSON, gzipped, the same bytes for the same posts."""

import gzip
from collections.abc import Iterable
from functools import partial
from typing import BinaryIO

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.views.api import post_document
from feedhub.views.entries import written

MEDIA_TYPE = "application/gzip"
_LEVEL = 6


def write_dump(file: BinaryIO, posts: Iterable[KeptPost], *, publisher: Publisher, public_url: str) -> None:
    """Each post as the API writes it, one a line. No name and no time of making stand in the gzip header."""
    write = partial(post_document, publisher=publisher, public_url=public_url)
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=file, mtime=0) as packed:
        for line in written(posts, write, format="ndjson"):
            packed.write(line + b"\n")
