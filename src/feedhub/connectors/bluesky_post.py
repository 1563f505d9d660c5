"""What one Bluesky record says: text with facets, embeds, labels, relations.

Lexicons app.bsky.feed.post, app.bsky.richtext.facet and app.bsky.embed.*; docs.bsky.app/docs/advanced-guides/posts.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from feedhub.accounts.account import Via
from feedhub.connectors.loose import number_in, record_in, records_in, text_in, texts_in
from feedhub.errors import ItemUnreadable
from feedhub.posts.dates import read_date
from feedhub.posts.html import text_of
from feedhub.posts.normal import normal_post
from feedhub.posts.post import Media, MediaType, Post, PostType

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"

_AT_URI = re.compile(r"at://([^/\s]+)/([A-Za-z0-9.-]+)/([^/?#\s]+)").fullmatch
# Where people see a record. The DID never changes, a handle does.
_PLACES = {
    POST: "https://bsky.app/profile/{}/post/{}",
    "app.bsky.feed.generator": "https://bsky.app/profile/{}/feed/{}",
    "app.bsky.graph.list": "https://bsky.app/profile/{}/lists/{}",
    "app.bsky.graph.starterpack": "https://bsky.app/starter-pack/{}/{}",
}
_CDN = "https://cdn.bsky.app/img/{}/plain/{}/{}@jpeg"
_VIDEOS = "https://video.bsky.app/watch/{}/{}/{}"
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_REASON_REPOST = "app.bsky.feed.defs#reasonRepost"
# The client writes createdAt, and may write anything. Before 2023 there were no posts but imported ones.
_FIRST = datetime(2023, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=1)
# aspectRatio may be pixels or a mere ratio like 4:3, which is no size.
_LEAST_PIXELS = 32
_COUNTS = {"replies": "replyCount", "reposts": "repostCount", "likes": "likeCount", "quotes": "quoteCount"}

Json = dict[str, Any]


def post_of(item: Json) -> Post:
    """The post that one item of a feed makes. A bare repost carries the address of what it repeats, and no text.

    Raises:
        ItemUnreadable: it has no uri, or is no post.
        PostRefused: what it says breaks an invariant of the normal form.
    """
    view, reason = record_in(item, "post"), record_in(item, "reason")
    uri, record = text_in(view, "uri"), record_in(view, "record")
    if not uri:
        raise ItemUnreadable("The post has no uri.")
    if is_repost(reason):
        by = text_in(record_in(reason, "by"), "did")
        return _repost(text_in(reason, "uri") or f"{uri}?repost-by={by}", uri, moment_of(item))
    kind = text_in(record, "$type") or POST
    if kind == REPOST:
        return _repost(uri, text_in(record_in(record, "subject"), "uri"), moment_of(item))
    if kind != POST:
        raise ItemUnreadable(f"The record {uri} is a {kind}, not a post.")
    return _post(view, record, uri, moment_of(item))


def is_repost(reason: Json) -> bool:
    return text_in(reason, "$type") == _REASON_REPOST


def author_of(item: Json) -> Json:
    """Who said it, or passed it on."""
    reason = record_in(item, "reason")
    return record_in(reason, "by") if is_repost(reason) else record_in(item, "post", "author")


def moment_of(item: Json) -> datetime | None:
    """When it was said: by the author's clock where that can be true, else when the network first saw it."""
    view, reason = record_in(item, "post"), record_in(item, "reason")
    if is_repost(reason):
        return read_date(text_in(reason, "indexedAt"))
    created = read_date(text_in(record_in(view, "record"), "createdAt"))
    indexed = read_date(text_in(view, "indexedAt"))
    if created is None or created < _FIRST or (indexed and created > indexed + _AHEAD):
        return indexed
    return created


def own_words(item: Json) -> Json:
    """An item less what others said in it: of what is repeated, quoted or answered only the address stays.

    The same post, asked for alone or in a feed, pinned or not, leaves the same words.
    """
    view, reason = record_in(item, "post"), record_in(item, "reason")
    if is_repost(reason):
        return {"post": {"uri": text_in(view, "uri")}, "reason": reason}
    kept = {name: value for name, value in view.items() if name not in {"viewer", "threadgate", "debug"}}
    embed = record_in(view, "embed")
    if "record" in embed:
        kept["embed"] = embed | {"record": {"uri": _quoted(embed)}}
    return {"post": kept}


def web_address(uri: str) -> str | None:
    """Where people see the record of an at-uri.

    >>> web_address("at://did:plc:abc/app.bsky.feed.post/3k2y")
    'https://bsky.app/profile/did:plc:abc/post/3k2y'
    """
    found = _AT_URI(uri)
    place = found and _PLACES.get(found[2])
    return place.format(found[1], found[3]) if found and place else None


def _post(view: Json, record: Json, uri: str, moment: datetime | None) -> Post:
    author = record_in(view, "author")
    did = text_in(author, "did") or uri.removeprefix("at://").partition("/")[0]
    embed = record_in(view, "embed") or record_in(record, "embed")
    text, quoted = text_in(record, "text"), _quoted(record_in(record, "embed")) or _quoted(embed)
    html, spans = _marked(text, records_in(record, "facets"))
    cards = _card(embed)
    is_quote = bool(quoted) and f"/{POST}/" in quoted
    return normal_post(
        native_id=uri,
        html=f"{html}{cards}" if spans or cards else None,
        text=text or text_of(cards),
        source_url=web_address(uri),
        media=_media(embed, did),
        links=[address] if quoted and (address := web_address(quoted)) else [],
        tags=[*_features(spans, "tag"), *texts_in(record, "tags")],
        mentions=[shown.lstrip("@") for shown, feature in spans if text_in(feature, "did")],
        language=next(iter(texts_in(record, "langs")), None),
        published_at=moment,
        via=Via.API,
        repost_of=quoted if is_quote else None,
        counts={name: count for name, key in _COUNTS.items() if (count := number_in(view, key)) is not None} or None,
        sensitive=_is_labelled(view) or _is_labelled(record),
        **_relation(record, (did, text_in(author, "handle")), is_quote=is_quote),
    )


def _repost(native_id: str, original: str, moment: datetime | None) -> Post:
    address = web_address(original)
    return normal_post(
        native_id=native_id,
        source_url=address,
        links=[address] if address else [],
        published_at=moment,
        via=Via.API,
        type=PostType.REPOST,
        repost_of=original,
    )


def _relation(record: Json, own: tuple[str, str], *, is_quote: bool) -> dict[str, Any]:
    """An answer to itself continues a thread; whose an at-uri is, its first part says."""
    parent = text_in(record_in(record, "reply", "parent"), "uri")
    if not parent:
        return {"type": PostType.QUOTE} if is_quote else {}
    is_own = parent.removeprefix("at://").partition("/")[0] in own
    return {"type": PostType.THREAD if is_own else PostType.REPLY, "in_reply_to": parent}


def _quoted(embed: Json) -> str:
    """The at-uri in an embed, in its record's form or as viewed, alone or beside media; whether it can be seen or not."""
    for _ in range(3):
        embed = record_in(embed, "record")
        if uri := text_in(embed, "uri"):
            return uri
    return ""


def _is_labelled(said: Json) -> bool:
    """Labels of moderators (a list) and the author's own (values). `!no-` labels ask for discretion, they warn of nothing."""
    labels = records_in(said, "labels") + records_in(record_in(said, "labels"), "values")
    return any(
        text_in(label, "val") and not text_in(label, "val").startswith("!no-") and label.get("neg") is not True
        for label in labels
    )


def _marked(text: str, facets: list[Json]) -> tuple[str, list[tuple[str, Json]]]:
    """Text as HTML with its facets as links, and what each shows and means. Facets count UTF-8 bytes."""
    raw = text.encode("utf-8", "replace")
    spans = list(_spans(raw, facets))
    pieces, found = [], []
    for (_, before, _), (start, end, feature) in pairwise([(0, 0, {}), *spans]):
        shown = raw[start:end].decode("utf-8", "replace").replace("\n", " ")
        pieces += [escape(raw[before:start].decode("utf-8", "replace"), quote=False)]
        pieces += [f'<a href="{escape(_target(feature))}">{escape(shown, quote=False)}</a>']
        found.append((shown, feature))
    rest = raw[spans[-1][1] if spans else 0 :]
    pieces.append(escape(rest.decode("utf-8", "replace"), quote=False))
    paragraphs = _PARAGRAPHS.split("".join(pieces).strip())
    html = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)
    return html.replace("\n", "<br>"), found


def _spans(raw: bytes, facets: list[Json]) -> Iterator[tuple[int, int, Json]]:
    """Facets that can be shown, in their order; of two that overlap the first."""
    at = 0
    placed = [(number_in(record_in(facet, "index"), "byteStart"), facet) for facet in facets]
    for start, facet in sorted(
        ((start, facet) for start, facet in placed if start is not None), key=lambda one: one[0]
    ):
        end = number_in(record_in(facet, "index"), "byteEnd") or 0
        feature = next((one for one in records_in(facet, "features") if _target(one)), None)
        if feature is None or not at <= start < end <= len(raw) or _is_within(raw, start) or _is_within(raw, end):
            continue
        yield start, end, feature
        at = end


def _is_within(raw: bytes, place: int) -> bool:
    """Whether a place is inside a character: its next byte continues one."""
    return place < len(raw) and raw[place] & 0xC0 == 0x80  # noqa: PLR2004 - UTF-8's own mark


def _target(feature: Json) -> str:
    if uri := text_in(feature, "uri"):
        return uri
    if did := text_in(feature, "did"):
        return f"https://bsky.app/profile/{quote(did, safe=':')}"
    tag = text_in(feature, "tag")
    return f"https://bsky.app/hashtag/{quote(tag, safe='')}" if tag else ""


def _features(spans: list[tuple[str, Json]], name: str) -> list[str]:
    return [found for _, feature in spans if (found := text_in(feature, name))]


def _card(embed: Json) -> str:
    """A link card as a paragraph; its picture belongs to the page that it leads to."""
    external = record_in(embed, "external") or record_in(embed, "media", "external")
    uri = text_in(external, "uri")
    if not uri:
        return ""
    return f'<p><a href="{escape(uri)}">{escape(text_in(external, "title") or uri, quote=False)}</a></p>'


def _media(embed: Json, did: str) -> list[Media]:
    """Pictures and films, as the AppView shows them or as the record names them by their blobs."""
    inner = record_in(embed, "media") or embed
    pictures = records_in(inner, "images") + records_in(inner, "items")
    found = [_picture(one, did) for one in pictures]
    if text_in(inner, "$type").startswith("app.bsky.embed.video"):
        blob = text_in(record_in(inner, "video", "ref"), "$link")
        playlist = text_in(inner, "playlist") or (_VIDEOS.format(quote(did), blob, "playlist.m3u8") if blob else "")
        thumbnail = text_in(inner, "thumbnail") or (_VIDEOS.format(quote(did), blob, "thumbnail.jpg") if blob else "")
        found.append(_medium(inner, MediaType.VIDEO, playlist, thumbnail, mime_type="application/vnd.apple.mpegurl"))
    return [medium for medium in found if medium.url.startswith("http")]


def _picture(one: Json, did: str) -> Media:
    blob = text_in(record_in(one, "image", "ref"), "$link")
    whole, small = (_CDN.format(size, did, blob) if blob else "" for size in ("feed_fullsize", "feed_thumbnail"))
    preview = text_in(one, "thumb") or text_in(one, "thumbnail") or small
    return _medium(one, MediaType.IMAGE, text_in(one, "fullsize") or whole, preview)


def _medium(one: Json, type: MediaType, url: str, preview: str, *, mime_type: str | None = None) -> Media:
    """The app writes an empty alt where its user wrote none, so empty says nothing about decoration."""
    ratio = record_in(one, "aspectRatio")
    width, height = number_in(ratio, "width") or 0, number_in(ratio, "height") or 0
    is_size = min(width, height) >= _LEAST_PIXELS
    return Media(
        type=type,
        url=url,
        preview_url=preview or None,
        mime_type=mime_type,
        width=width if is_size else None,
        height=height if is_size else None,
        alt=text_in(one, "alt") or None,
    )
