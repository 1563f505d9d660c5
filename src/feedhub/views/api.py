"""Posts in the JSON API, as the public contract has them: every key always there, in its order."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson

from feedhub.accounts.account import Account, Department, Publisher
from feedhub.posts.kept import KeptPost, Notice
from feedhub.posts.picture_copies import WIDTHS, copied_url
from feedhub.posts.post import Event, Media, Place, Poll, Post
from feedhub.views.api_shapes import (
    AccountBrief,
    Belongings,
    DepartmentBrief,
    EventJson,
    MediaJson,
    NoticeJson,
    PlaceJson,
    PollJson,
    PostJson,
)
from feedhub.views.channel import rfc3339, shown_content, urn
from feedhub.views.entries import written
from feedhub.views.terms import attribution, restrictions

_PREVIEW_WIDTH = WIDTHS[1]
# Stands in for content that may not be shown, so that no key is ever missing.
_NOTHING = Post(native_id="-", title="", content_text="", content_html="")


def post_json(kept: KeptPost, *, publisher: Publisher, public_url: str) -> PostJson:
    """One post, or one version of it, in the contract's shape."""
    zone = ZoneInfo(publisher.time_zone)
    shown = shown_content(kept)
    post = shown or _NOTHING
    return {
        "id": str(kept.id),
        "uri": urn(kept.id),
        "url": f"{public_url}/posts/{kept.id}",
        "source_url": post.source_url,
        "change": kept.change,
        "version": kept.version,
        "status": kept.status.value,
        "backfill": kept.backfill,
        "department": department_brief(kept.department),
        "account": account_brief(kept.account),
        "via": post.via.value if shown else None,
        "type": post.type.value if shown else None,
        "title": post.title,
        "title_is_made": post.title_is_made,
        "content_text": post.content_text,
        "content_html": post.content_html,
        "summary": post.summary,
        "language": post.language,
        "published_at": rfc3339(kept.published_at, zone),
        "published_is_made": kept.published_is_made,
        "edited_at": _moment(post.edited_at, zone),
        "collected_at": rfc3339(kept.collected_at, zone),
        "updated_at": rfc3339(kept.updated_at, zone),
        **_belongings(kept, post, zone, public_url),
        "notice": notice_json(kept.notice, zone),
        "license": publisher.license,
        "attribution": attribution(kept, publisher),
        "restrictions": restrictions(kept, publisher),
    }


def _belongings(kept: KeptPost, post: Post, zone: ZoneInfo, public_url: str) -> Belongings:
    """What a post carries with it: media, links, words to find it by, what it answers."""
    previews = {copy.source: public_url + copy.path_near(_PREVIEW_WIDTH) for copy in kept.pictures}
    return {
        "media": [_media_json(medium, previews) for medium in post.media],
        "links": list(post.links),
        "tags": list(post.tags),
        "mentions": list(post.mentions),
        "kinds": [kind.value for kind in post.kinds],
        "in_reply_to": post.in_reply_to,
        "repost_of": post.repost_of,
        "thread": urn(kept.thread) if kept.thread else post.thread,
        "poll": _poll_json(post.poll, zone),
        "event": _event_json(post.event, zone),
        "place": _place_json(post.place),
        "counts": post.counts or {},
        "sensitive": post.sensitive,
    }


def post_document(kept: KeptPost, *, publisher: Publisher, public_url: str) -> bytes:
    """`/api/v1/posts/{id}`: one post."""
    return orjson.dumps(post_json(kept, publisher=publisher, public_url=public_url))


class Fragments:
    """Posts as JSON, written once for each change: a new page costs its new posts only.

    A fragment is good while all that it was made of is the very same: the post, its pictures,
    account and department, the publisher.
    """

    __slots__ = ("_written",)

    _MOST = 4_096  # about 6 KB each

    def __init__(self) -> None:
        self._written: dict[int, tuple[tuple[object, ...], bytes]] = {}

    def document(self, kept: KeptPost, *, publisher: Publisher, public_url: str) -> bytes:
        """The same as `post_document`."""
        # No copies are one and the same empty tuple, others are those of one unpacking.
        parts = (kept.post, kept.pictures, kept.account, kept.department, publisher)
        known, fragment = self._written.get(kept.change, ((), b""))
        if len(known) == len(parts) and all(one is other for one, other in zip(known, parts, strict=True)):
            return fragment
        fragment = post_document(kept, publisher=publisher, public_url=public_url)
        if len(self._written) >= self._MOST:
            self._written = {}
        self._written[kept.change] = parts, fragment
        return fragment


def posts_page(
    posts: Iterable[KeptPost],
    *,
    publisher: Publisher,
    public_url: str,
    next_url: str | None = None,
    fragments: Fragments | None = None,
) -> bytes:
    """`{"posts": […], "next": …}`: a page of posts, or all versions of one, newest first.

    A post that can't be written is left out and logged. `fragments` spares writing again
    what this process has written before.
    """
    document = fragments.document if fragments else post_document

    def write(kept: KeptPost) -> orjson.Fragment:
        return orjson.Fragment(document(kept, publisher=publisher, public_url=public_url))

    return orjson.dumps({"posts": list(written(posts, write, format="api")), "next": next_url})


def department_brief(department: Department) -> DepartmentBrief:
    """A department as it stands beside what it owns."""
    return {"slug": department.slug, "name": department.name, "url": department.url}


def account_brief(account: Account) -> AccountBrief:
    """An account as it stands beside what it said."""
    return {
        "id": str(account.id),
        "platform": account.platform.value,
        "handle": account.handle,
        "url": account.url,
        "verified_at": account.verified_at.isoformat() if account.verified_at else None,
    }


def notice_json(notice: Notice | None, zone: ZoneInfo) -> NoticeJson | None:
    """What the city says about its post."""
    if notice is None:
        return None
    return {"kind": notice.kind.value, "reason": notice.reason, "at": rfc3339(notice.at, zone)}


def _moment(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else rfc3339(at, zone)


def _media_json(medium: Media, previews: Mapping[str, str]) -> MediaJson:
    """A medium; what it looks like is our copy where there is one, so that no reader's browser calls a platform."""
    return {
        "type": medium.type.value,
        "url": medium.url,
        "preview_url": previews.get(copied_url(medium) or "", medium.preview_url),
        "mime_type": medium.mime_type,
        "width": medium.width,
        "height": medium.height,
        "bytes": medium.bytes,
        "duration_seconds": medium.duration_seconds,
        "alt": medium.alt,
    }


def _poll_json(poll: Poll | None, zone: ZoneInfo) -> PollJson | None:
    if poll is None:
        return None
    return {"options": list(poll.options), "closes_at": _moment(poll.closes_at, zone)}


def _event_json(event: Event | None, zone: ZoneInfo) -> EventJson | None:
    if event is None:
        return None
    return {
        "starts_at": rfc3339(event.starts_at, zone),
        "ends_at": _moment(event.ends_at, zone),
        "all_day": event.all_day,
        "location": event.location,
        "name": event.name,
    }


def _place_json(place: Place | None) -> PlaceJson | None:
    if place is None:
        return None
    return {"name": place.name, "latitude": place.latitude, "longitude": place.longitude}
