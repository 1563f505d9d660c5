"""IPTC ninjs 1.6: posts as the systems of newsrooms read them (iptc.org/std/ninjs, names in lower case).

Superdesk reads these files without code of its own: it takes times in UTC only, a picture's alt text from
`body_text`, and its renditions by the names below, the first of them as the picture itself.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Final
from uuid import uuid5
from zoneinfo import ZoneInfo

import orjson

from feedhub.accounts.account import Publisher
from feedhub.accounts.kinds import Kind
from feedhub.posts.compare import lasting_address
from feedhub.posts.kept import KeptPost
from feedhub.posts.picture_copies import PictureCopy, copied_url
from feedhub.posts.post import Event, Media, MediaType, Place, Post, PostStatus
from feedhub.views.channel import account_title, language_tag, rfc3339, shown_content, shown_title, urn
from feedhub.views.media import mime_type_of
from feedhub.views.messages import language_of_pages, speaker
from feedhub.views.terms import usage_terms

Document = dict[str, object]

_STANDARD: Final = {
    "name": "ninjs",
    "version": "1.6",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_1.6.json",
}
_STATUS: Final = {
    PostStatus.LIVE: "usable",
    PostStatus.HELD: "withheld",
    PostStatus.WITHDRAWN: "canceled",
    PostStatus.GONE: "canceled",
}
_TYPES: Final = {
    MediaType.IMAGE: "picture",
    MediaType.VIDEO: "video",
    MediaType.AUDIO: "audio",
}
# Our copies' widths, by the names that Superdesk gives to its own. `baseImage` is what it takes as the object
# itself, so a film has none.
_COPIES: Final = {"baseImage": 1280, "viewImage": 640, "thumbnail": 320}
_URGENT, _USUAL = 1, 5  # of 9
_DAY = len("2026-11-20")

_CODES: Final = "http://cv.iptc.org/newscodes"
# Kinds that IPTC's subjects have a word for (Media Topics).
_TOPICS: Final = {
    Kind.EMERGENCY: ("03000000", "disaster, accident and emergency incident"),
    Kind.ASSISTANCE: ("20000817", "welfare"),
}


def ninjs_document(kept: KeptPost, *, publisher: Publisher, public_url: str) -> bytes:
    """One post as ninjs; one that may not be shown as a stub that cancels or withholds it."""
    return orjson.dumps(ninjs_json(kept, publisher=publisher, public_url=public_url))


def ninjs_json(kept: KeptPost, *, publisher: Publisher, public_url: str) -> Document:
    """The same, before it is written."""
    post = shown_content(kept)
    document: Document = {
        "uri": urn(kept.id),
        "type": "text",
        "representationtype": "complete" if post else "incomplete",
        "version": str(kept.version),
        "versioncreated": _utc(kept.updated_at),
        "pubstatus": _STATUS[kept.status],
        "copyrightholder": publisher.name,
        "$standard": _STANDARD,
    }
    also = _shown(kept, post, publisher, public_url) if post else {"altids": _names(kept, None, public_url)}
    return document | _known({"ednote": _note(kept, publisher), **also})


def _shown(kept: KeptPost, post: Post, publisher: Publisher, public_url: str) -> Document:
    """What only a live post says."""
    return {
        "firstcreated": _utc(kept.published_at),
        "urgency": _URGENT if Kind.EMERGENCY in post.kinds and not kept.backfill else _USUAL,
        "language": language_tag(post),
        "headline": shown_title(kept, post),
        "byline": kept.department.name,
        "located": publisher.name,
        "description_text": post.summary,
        "description_event": _event_text(post.event, ZoneInfo(publisher.time_zone)),
        "body_text": post.content_text,
        "body_html": post.content_html + _documents(post),
        "charcount": len(post.content_text),
        "wordcount": len(post.content_text.split()),
        "usageterms": usage_terms(kept, publisher),
        "rightsinfo": {"linkedrights": publisher.license} if publisher.license else None,
        "subject": _subjects(post, public_url),
        "event": [{"name": post.event.name or shown_title(kept, post)}] if post.event else None,
        "place": _places(post.place),
        "infosource": _sources(kept, public_url),
        "trustindicator": _trust(public_url),
        "associations": {
            f"media{number}": _association(kept, medium, number, public_url)
            for number, medium in enumerate(post.media, 1)
            if medium.type in _TYPES
        },
        "altids": _names(kept, post, public_url),
    }


def _documents(post: Post) -> str:
    """Links to what is neither seen nor heard: newsroom systems take every rendition for a picture or a film."""
    documents = [medium for medium in post.media if medium.type is MediaType.DOCUMENT]
    return "".join(f'<p><a href="{escape(one.url)}">{escape(one.alt or one.url)}</a></p>' for one in documents)


def _note(kept: KeptPost, publisher: Publisher) -> str | None:
    """What editors must know: the notice, else why there is nothing to read."""
    say = speaker(language_of_pages(publisher.language))
    if kept.notice is not None:
        return f"{say(kept.notice.kind.value)}: {kept.notice.reason}"
    return say("gone_source") if kept.status is PostStatus.GONE else None


def _subjects(post: Post, public_url: str) -> list[Document]:
    ours: list[Document] = [
        {"name": kind.value, "scheme": f"{public_url}/kinds/", "code": kind.value} for kind in post.kinds
    ]
    topics: list[Document] = [
        {"name": name, "scheme": f"{_CODES}/mediatopic/", "code": code}
        for kind, (code, name) in _TOPICS.items()
        if kind in post.kinds
    ]
    tags: list[Document] = [{"name": tag, "scheme": f"{public_url}/search?tag=", "code": tag} for tag in post.tags]
    return ours + topics + tags


def _event_text(event: Event | None, zone: ZoneInfo) -> str | None:
    """1.6 has no fields for when an event is: a line of text."""
    if event is None:
        return None
    moments = [event.starts_at, *([event.ends_at] if event.ends_at else [])]
    said = "/".join(rfc3339(at, zone)[: _DAY if event.all_day else None] for at in moments)
    return ", ".join(filter(None, [said, event.location]))


def _places(place: Place | None) -> list[Document] | None:
    if place is None:
        return None
    there = _known({"name": place.name, "code": place.name})
    if place.latitude is not None and place.longitude is not None:
        there["geometry_geojson"] = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
    return [there] if there else None


def _sources(kept: KeptPost, public_url: str) -> list[Document]:
    """The account that it was said on, and the department whose account that is."""
    account: Document = {"name": account_title(kept), "scheme": f"{public_url}/accounts/", "code": str(kept.account.id)}
    if kept.account.url:
        account["contactinfo"] = [{"type": "web", "value": kept.account.url}]
    department: Document = {"name": kept.department.name, "scheme": f"{public_url}/departments/"}
    return [department | {"code": kept.department.slug}, account]


def _trust(public_url: str) -> list[Document]:
    scheme = f"{_CODES}/trustindicator/"
    return [
        {"scheme": scheme, "code": "ethics-policy", "title": "Ethics", "href": f"{public_url}/ethics"},
        {"scheme": scheme, "code": "correctionsPolicy", "title": "Corrections", "href": f"{public_url}/corrections"},
    ]


def _names(kept: KeptPost, post: Post | None, public_url: str) -> Document:
    """What else the post is called, and what it belongs to; an association would become an empty item of its own."""
    thread = urn(kept.thread) if kept.thread else None
    names: Document = {"permalink": f"{public_url}/posts/{kept.id}", "change": str(kept.change)}
    if post is not None:
        names |= {"source": post.source_url, "thread": thread or post.thread, "in_reply_to": post.in_reply_to}
    return _known(names)


def _association(kept: KeptPost, medium: Media, number: int, public_url: str) -> Document:
    """A medium as a news object of its own. Its address may be signed anew at every visit, its identity stays."""
    identity = uuid5(kept.id, f"media {number} {lasting_address(medium.url)}")
    copy = next((one for one in kept.pictures if one.source == copied_url(medium)), None)
    return _known(
        {
            "uri": urn(identity),
            "type": _TYPES[medium.type],
            "mimetype": mime_type_of(medium),
            "version": str(kept.version),
            "versioncreated": _utc(kept.updated_at),
            "pubstatus": "usable",
            "headline": kept.post and shown_title(kept, kept.post),
            "byline": kept.department.name,
            "description_text": medium.alt,
            "body_text": medium.alt,
            "renditions": _renditions(medium, copy, public_url),
        }
    )


def _renditions(medium: Media, copy: PictureCopy | None, public_url: str) -> Document:
    original = {
        "href": medium.url,
        "mimetype": mime_type_of(medium),
        "width": medium.width,
        "height": medium.height,
        "sizeinbytes": medium.bytes,
        "duration": medium.duration_seconds,
    }
    renditions: Document = {"original": _known(original)}
    for name, wanted in _COPIES.items():
        if copy is None or (name == "baseImage" and medium.type is not MediaType.IMAGE):
            continue
        width = max([one for one in copy.widths if one <= wanted], default=copy.widths[0])
        height = max(1, round(copy.height * width / copy.width))
        href = public_url + copy.path(width, "jpg")
        renditions[name] = {"href": href, "mimetype": "image/jpeg", "width": width, "height": height}
    return renditions


def _utc(at: datetime) -> str:
    """Superdesk reads no other offset.

    >>> _utc(datetime(2026, 11, 20, 1, tzinfo=UTC))
    '2026-11-20T01:00:00Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _known(members: Mapping[str, object]) -> Document:
    """Without what nobody knows: the schema has no nulls, and nothing empty says anything."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}
