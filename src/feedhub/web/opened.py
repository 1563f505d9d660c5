"""A feed that a person opens in a browser.

Chromium shows `application/rss+xml` and `application/atom+xml` as plain text and Firefox saves
them as files, whatever style they name; both show `application/xml` by its style. Programs want
the feed's own type, so the same bytes go out under one or the other, as the browser itself says
what it wants them for (https://www.w3.org/TR/fetch-metadata/).
"""

from collections.abc import Iterable

from starlette.types import Message

VARY = b"Accept-Encoding, Sec-Fetch-Dest"
_FEEDS = (".rss", ".atom")
_TYPE = (b"content-type", b"application/xml; charset=utf-8")


def is_feed(path: str) -> bool:
    """Whether what is at `path` has a form that browsers would not show under its own type.

    >>> is_feed("/kinds/event/feed.atom"), is_feed("/feed.json")
    (True, False)
    """
    return path.endswith(_FEEDS)


def is_opened(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a browser asks in order to show the answer as a page."""
    return (b"sec-fetch-dest", b"document") in headers


def shown(start: Message) -> Message:
    """The beginning of an answer under the type by which browsers show it, where it is a feed."""
    headers = [
        _TYPE if name == b"content-type" and b"+xml" in value else (name, value) for name, value in start["headers"]
    ]
    return {**start, "headers": headers}
