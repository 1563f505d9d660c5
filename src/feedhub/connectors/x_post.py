"""What one post of X says, read from either of its two generations of names.

docs.x.com/x-api/fundamentals/data-dictionary; what was `tweet` in a name is `post` since openapi 2.167.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from feedhub.accounts.account import Via
from feedhub.connectors.api import json_in, payloads_of, said_in
from feedhub.connectors.contract import Split
from feedhub.errors import ItemUnreadable
from feedhub.failures import Unreadable
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.dates import read_date
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Place, Poll, Post, PostType

Json = dict[str, Any]

CLOCK_SHIFT = 22  # bits of an id below its milliseconds

_FIRST_MOMENT = 1_288_834_974_657  # milliseconds; ids count from here since November 2010
_FIRST_TIMED_ID = 1 << 40  # earlier ids were only counted up
_DIGITS = re.compile(r"\d{1,19}", re.ASCII)
_LEADING_MENTIONS = re.compile(r"(?:@\w+\s+)+")
_OWN_PICTURE = re.compile(r"https?://(?:\w+\.)?(?:x|twitter)\.com/\w+/status/\d+/(?:photo|video)/\d+")
_STATUS = re.compile(r"https?://(?:\w+\.)?(?:x|twitter)\.com/\w+/(?:web/)?(?:status|article)/(\d+)")
_UNNAMED_LANGUAGE = re.compile(r"q[a-t][a-z]|art|und|zxx", re.IGNORECASE)
_COUNTS = {
    "replies": ("reply_count",),
    "reposts": ("repost_count", "retweet_count"),
    "likes": ("like_count",),
    "quotes": ("quote_count",),
    "bookmarks": ("bookmark_count",),
    "views": ("impression_count",),
}


def split(document: Document) -> Split:
    """A page of posts, a lookup of several, or one: each with those media, polls and places that it names.

    Raises:
        Unreadable: something else.
    """
    value = as_object(json_in(document))
    if not value.keys() & {"data", "meta", "errors"}:
        raise Unreadable("X answered with something that is not a list of posts.")
    posts = posts_in(value)
    includes = as_object(value.get("includes"))
    found = payloads_of((_cut_out(post, includes) for post in posts), form="x", context=document.context)
    withheld = sum(1 for post in posts if post.get("withheld"))
    notes = (f"{withheld} of its posts are withheld by X in some countries or for copyright.",) if withheld else ()
    return Split(payloads=found.payloads, notes=found.notes + notes)


def read(payload: Payload) -> Post:
    """The post that one item makes; a bare repost carries the address of what it repeats, and none of its text.

    Raises:
        ItemUnreadable: it has no id, or is no post at all.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    cut = as_object(said_in(payload))
    post, includes = as_object(cut.get("data")), as_object(cut.get("includes"))
    history = history_of(post)
    if not history or not isinstance(post.get("text"), str):
        raise ItemUnreadable("X sent something that is no post: it has no id or no text.")
    shared: Json = {
        "native_id": history[0],
        "aliases": history[1:],
        "published_at": _published(post, history),
        "edited_at": moment_of(str(post["id"])) if len(history) > 1 else None,
        "via": Via.API,
    }
    references = _references(post)
    if repeated := references.get("retweeted"):
        address = _address(repeated)
        return normal_post(**shared, source_url=address, links=[address], type=PostType.REPOST, repost_of=address)
    text, mentioned = _text(post, references.get("quoted"))
    article = as_object(post.get("article") or post.get("article_title"))
    return normal_post(
        **shared,
        title=_words(article.get("title")),
        text=_words(article.get("plain_text")) or text,
        source_url=_own_address(post, payload.context),
        media=[medium for one in objects_in(includes.get("media")) if (medium := _medium(one))],
        links=[_address(references["quoted"])] if "quoted" in references else [],
        tags=_named(post, "hashtags", "tag"),
        mentions=mentioned,
        language=_language(post.get("lang")),
        poll=_poll(includes),
        place=_place(post, includes),
        counts=_counts(post),
        sensitive=post.get("possibly_sensitive") is True,
        **_relation(post, references),
    )


def posts_in(value: Json) -> list[Json]:
    """The posts of an answer that holds several or one."""
    data = value.get("data")
    return [post for post in (data if isinstance(data, list) else [data]) if isinstance(post, dict)]


def history_of(post: Json) -> tuple[str, ...]:
    """The ids of all versions of a post, oldest first; the first one never changes, so it is the native id.

    >>> history_of({"id": "7", "edit_history_tweet_ids": ["5", "7"]}), history_of({"id": "7"}), history_of({})
    (('5', '7'), ('7',), ())
    """
    said = post.get("edit_history_post_ids") or post.get("edit_history_tweet_ids")
    ids = [*(said if isinstance(said, list) else ()), post.get("id")]
    return tuple(dict.fromkeys(str(id) for id in ids if isinstance(id, str | int) and _DIGITS.fullmatch(str(id))))


def moment_of(id: str) -> datetime | None:
    """When an id was given out; ids from before November 2010 don't tell.

    >>> moment_of("1577730467436138524").isoformat()
    '2022-10-05T18:40:30.908000+00:00'
    """
    if not _DIGITS.fullmatch(id) or int(id) < _FIRST_TIMED_ID:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(int(id) >> CLOCK_SHIFT) + _FIRST_MOMENT)


def as_object(value: object) -> Json:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects_in(value: object) -> list[Json]:
    """The JSON objects of a JSON array; none where there is no array."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _cut_out(post: Json, includes: Json) -> Json:
    """A post alone with what it names. Posts and people that the answer includes beside it are others' words."""
    attachments, place = as_object(post.get("attachments")), as_object(post.get("geo")).get("place_id")
    wanted = (
        ("media", "media_key", _texts(attachments.get("media_keys"))),
        ("polls", "id", _texts(attachments.get("poll_ids"))),
        ("places", "id", [place] if isinstance(place, str) else []),
    )
    own = {
        kind: found
        for kind, key, ids in wanted
        if (found := [one for id in ids for one in objects_in(includes.get(kind)) if one.get(key) == id])
    }
    return {"data": post, "includes": own} if own else {"data": post}


def _published(post: Json, history: tuple[str, ...]) -> datetime | None:
    """Each version has its own time; the first id tells when the post was first said."""
    first = moment_of(history[0]) if len(history) > 1 else None
    return first or read_date(str(post.get("created_at") or "")) or moment_of(history[0])


def _references(post: Json) -> dict[str, str]:
    """Ids of what it answers, quotes or repeats, by X's word for it; the first of each kind."""
    found: dict[str, str] = {}
    for one in objects_in(post.get("referenced_posts") or post.get("referenced_tweets")):
        kind, id = {"reposted": "retweeted"}.get(str(one.get("type")), str(one.get("type"))), one.get("id")
        if isinstance(id, str) and _DIGITS.fullmatch(id):
            found.setdefault(kind, id)
    return found


def _relation(post: Json, references: dict[str, str]) -> Json:
    answered, answers_whom = references.get("replied_to"), post.get("in_reply_to_user_id")
    quoted = {"repost_of": _address(references["quoted"])} if "quoted" in references else {}
    if answered and answers_whom and answers_whom == post.get("author_id"):
        return {"type": PostType.THREAD, "in_reply_to": answered, **quoted}
    if answered or answers_whom:
        return {"type": PostType.REPLY, "in_reply_to": _address(answered) if answered else None, **quoted}
    return {"type": PostType.QUOTE, **quoted} if quoted else {}


def _text(post: Json, quoted: str | None) -> tuple[str, list[str]]:
    """What was written, with the addresses that were meant, and who is mentioned in it.

    Addresses are found by their t.co form and not by offsets, which count code points in some
    texts and escaped ones in others. Left out: the addresses of the post's own pictures and
    of what it quotes, and whom an answer names only because it answers (`display_text_range`).
    """
    note = as_object(post.get("note_post") or post.get("note_tweet"))
    is_long = isinstance(note.get("text"), str)
    text = note["text"] if is_long else post["text"]
    entities = as_object(note.get("entities") if is_long else post.get("entities"))
    text, dropped = _without_answered(text, post)
    for url in objects_in(entities.get("urls")):
        short = url.get("url")
        if isinstance(short, str) and short:
            text = text.replace(short, _meant(url, quoted))
    mentioned = [str(one.get("username")) for one in objects_in(entities.get("mentions")) if one.get("username")]
    # The one escaping that X does: & < >. Twice unescaped would be another text.
    return unescape(text).strip(), [name for name in mentioned if name.lower() not in dropped]


def _without_answered(text: str, post: Json) -> tuple[str, set[str]]:
    """A text without the names that X put before it, and those names: citizens' mostly, who are nobody's business."""
    shown, leading = post.get("display_text_range"), _LEADING_MENTIONS.match(text)
    if not post.get("in_reply_to_user_id") or leading is None or (isinstance(shown, list) and shown[:1] == [0]):
        return text, set()
    start = shown[0] if isinstance(shown, list) and shown and isinstance(shown[0], int) else leading.end()
    if not _LEADING_MENTIONS.fullmatch(text[:start]):
        start = leading.end()
    return text[start:], set(text[:start].lower().replace("@", "").split())


def _meant(url: Json, quoted: str | None) -> str:
    meant = next((said for key in ("unwound_url", "expanded_url", "url") if isinstance(said := url.get(key), str)), "")
    is_own_picture = _OWN_PICTURE.fullmatch(str(url.get("expanded_url")))
    status = _STATUS.match(meant)
    return "" if is_own_picture or (quoted and status and status[1] == quoted) else meant


def _medium(said: Json) -> Media | None:
    """A photo, or a film by its best MP4; a film without one is shown by its preview."""
    preview, alt = _words(said.get("preview_image_url")), said.get("alt_text")
    film = max(
        (one for one in objects_in(said.get("variants")) if one.get("content_type") == "video/mp4" and one.get("url")),
        key=lambda one: _number(one.get("bit_rate")) or 0,
        default=None,
    )
    url = _words(film["url"]) if film else _words(said.get("url")) or preview
    if not url:
        return None
    milliseconds = _number(said.get("duration_ms"))
    return Media(
        type=MediaType.VIDEO if film else MediaType.IMAGE,
        url=url,
        preview_url=preview if film else None,
        mime_type="video/mp4" if film else None,
        width=_number(said.get("width")),
        height=_number(said.get("height")),
        duration_seconds=milliseconds / 1000 if film and milliseconds else None,
        alt=alt if isinstance(alt, str) else None,
    )


def _poll(includes: Json) -> Poll | None:
    for poll in objects_in(includes.get("polls")):
        options = sorted(objects_in(poll.get("options")), key=lambda option: _number(option.get("position")) or 0)
        labels = tuple(label for option in options if (label := _words(option.get("label"))))
        return Poll(options=labels, closes_at=read_date(str(poll.get("end_datetime") or "")))
    return None


def _place(post: Json, includes: Json) -> Place | None:
    point = as_object(as_object(post.get("geo")).get("coordinates")).get("coordinates")
    place = next(iter(objects_in(includes.get("places"))), {})
    name = _words(place.get("full_name")) or _words(place.get("name"))
    match point:
        case [float() | int() as longitude, float() | int() as latitude]:
            return Place(name=name, latitude=float(latitude), longitude=float(longitude))
    return Place(name=name) if name else None


def _counts(post: Json) -> dict[str, int]:
    said = as_object(post.get("public_metrics"))
    found = {name: next((_number(said[key]) for key in keys if key in said), None) for name, keys in _COUNTS.items()}
    return {name: count for name, count in found.items() if count is not None}


def _own_address(post: Json, context: dict[str, str]) -> str:
    """With the name that the account had when it was looked up: a new name is no edit of old posts."""
    return f"https://x.com/{context.get('handle') or 'i'}/status/{post['id']}"


def _address(id: str) -> str:
    """The address of anybody's post, for which X needs no name."""
    return f"https://x.com/i/status/{id}"


def _language(said: object) -> str | None:
    """X writes `und` and its own codes (`qme` only media, `qht` only hashtags, …) where there is no language."""
    return said if isinstance(said, str) and not _UNNAMED_LANGUAGE.fullmatch(said) else None


def _named(post: Json, kind: str, key: str) -> list[str]:
    note = as_object(as_object(post.get("note_post") or post.get("note_tweet")).get("entities"))
    entities = note or as_object(post.get("entities"))
    return [name for one in objects_in(entities.get(kind)) if (name := _words(one.get(key)))]


def _texts(value: object) -> Iterable[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
