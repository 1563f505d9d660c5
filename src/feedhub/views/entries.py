"""One entry that can't be written never takes its feed with it."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from feedhub.logs import logger
from feedhub.posts.kept import KeptPost

Entry = TypeVar("Entry")


def written(posts: Iterable[KeptPost], write: Callable[[KeptPost], Entry | None], *, format: str) -> Iterator[Entry]:
    """Each post as `write` writes it, in order; None = nothing of it may be shown.

    A post's invariants exclude what can't be written, but register texts and times at the
    ends of the calendar have none: such an entry is left out, and the log says which and why.
    """
    for kept in posts:
        try:
            entry = write(kept)
        except (ValueError, TypeError, OverflowError) as error:
            logger().warning("entry.left_out", post=str(kept.id), format=format, error=repr(error))
            continue
        if entry is not None:
            yield entry
