"""Whether what a platform shows now differs visibly from what is held."""

import re
from enum import StrEnum
from hashlib import blake2b

import msgspec

from feedhub.posts.post import Post
from feedhub.posts.text import collapsed, unspaced
from feedhub.posts.titles import made_summary
from feedhub.posts.urls import without_tracking

# A picture's file stays the same while signatures, sizes and edge servers in its address change.
_PICTURE = re.compile(
    r"(https?://)([^/?\"]+)(/[^?\"]*\.(?:jpe?g|png|gif|webp|avif|heic|mp4|mov|m4v|webm|mp3|m4a))\?[^\"]*"
)
_EDGES = re.compile(r"https?://[^/\"]*\.(fbcdn\.net|cdninstagram\.com|twimg\.com|licdn\.com|tiktokcdn[a-z-]*\.com)/")
# Telegram seals the whole of a file's address anew every other day: nothing in it says which file it is.
_SEALED = re.compile(r"https?://[^/\"]*\.(?:telesco\.pe|telegram-cdn\.org|cdn-telegram\.org)/file/[^\"]*")
SEALED = "telegram"  # what stands for such an address
_SOURCES = re.compile(r'src="([^"]*)')
_SHOWN = re.compile(r"https?://[^\s<>\"?]+\?[^\s<>\"]+")
_encode = msgspec.json.Encoder().encode


class Change(StrEnum):
    """What became of a post since we last looked."""

    NEW = "new"
    EDITED = "edited"
    SAME = "same"
    RENEWED = "renewed"  # nothing to be seen but fresh addresses of its media


def compare(held: str | None, seen: str) -> Change:
    """The change between two fingerprints; None = never seen before.

    >>> compare(None, "a"), compare("a", "a"), compare("a", "b")
    (<Change.NEW: 'new'>, <Change.SAME: 'same'>, <Change.EDITED: 'edited'>)
    """
    if held is None:
        return Change.NEW
    return Change.SAME if held == seen else Change.EDITED


def fingerprint(post: Post) -> str:
    """32 hex digits over what a reader would see of a post.

    Counted: title and summary unless made, text, markup, links, pictures by file and
    alternative text, tags, kinds, source, times, type, event, place, poll, what it answers.
    Not counted: white space, counts, tracking parameters, query strings and edge servers of
    picture files, sizes, the guessed language, the route, `edited_at` (Mastodon moves it when
    a link preview loads).
    """
    html = unspaced(_unfollowed(post.content_html))
    if 'src="' in html:
        html = _SOURCES.sub(lambda source: f'src="{lasting_address(source[1])}', html)
    seen = (
        None if post.title_is_made else collapsed(post.title),
        None if _is_made_summary(post) else collapsed(post.summary),
        collapsed(_unfollowed(post.content_text)),
        html,
        post.source_url and without_tracking(post.source_url),
        post.type,
        post.published_at and int(post.published_at.timestamp()),
        [(medium.type, lasting_address(medium.url), medium.alt) for medium in post.media],
        post.links,
        post.tags,
        post.mentions,
        post.kinds,
        (post.in_reply_to, post.repost_of, post.thread),
        (post.poll, post.event, post.place),
        post.sensitive,
    )
    return blake2b(_encode(seen), digest_size=16).hexdigest()


def _is_made_summary(post: Post) -> bool:
    """Whether the text alone says what the summary says; a given one mostly begins with another letter."""
    if post.summary and not post.content_text.lstrip().startswith(post.summary[0]):
        return False
    return post.summary == made_summary(post.content_text)


def _unfollowed(text: str) -> str:
    """`text` with the addresses that it shows less their tracking parameters."""
    return _SHOWN.sub(lambda shown: without_tracking(shown[0]), text) if "?" in text and "://" in text else text


def lasting_address(url: str) -> str:
    """What stays of a picture's address for as long as it is the same picture."""
    if "/file/" in url and _SEALED.match(url):
        return SEALED
    if "?" not in url:
        return url
    # Edge servers sign by the query alone, whatever the file is called.
    file = url.partition("?")[0] if _EDGES.match(url) else _PICTURE.sub(r"https://\2\3", url)
    return _EDGES.sub(r"https://\1/", file)
