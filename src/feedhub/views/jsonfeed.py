"""JSON Feed 1.1 (jsonfeed.org/version/1.1), with what it has no words for under `_feedhub`."""

from collections.abc import Mapping
from functools import partial

import orjson

from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Media, Post
from feedhub.views.api import notice_json
from feedhub.views.channel import (
    Channel,
    Tombstone,
    epitaph,
    html_with_notice,
    language_tag,
    legal,
    rfc3339,
    shown_content,
    shown_title,
    text_with_notice,
    urn,
)
from feedhub.views.entries import written
from feedhub.views.media import first_image, mime_type_of
from feedhub.views.terms import attribution, restrictions

MEDIA_TYPE = "application/feed+json"


def render_jsonfeed(channel: Channel) -> bytes:
    """The channel as JSON Feed 1.1, UTF-8; posts first, then stubs for deleted ones."""
    channel = legal(channel)
    items = [*written(channel.posts, partial(_item, channel), format="json")]
    items += [orjson.Fragment(orjson.dumps(_stub(channel, stone))) for stone in channel.graves()]
    return orjson.dumps(
        _without_none(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": channel.title,
                "description": channel.description or None,
                "home_page_url": channel.page_url,
                "feed_url": channel.self_url,
                "next_url": channel.next_url,
                "hubs": [{"type": "WebSub", "url": channel.hub_url}],
                "language": channel.publisher.language,
                "authors": [_without_none({"name": channel.publisher.name, "url": channel.publisher.url})],
                "_feedhub": _without_none(
                    {
                        "about": f"{channel.public_url}/about",
                        "id": channel.id,
                        "updated_at": rfc3339(channel.updated_at, channel.zone),
                        "license": channel.publisher.license,
                    }
                ),
                "items": items,
            }
        )
    )


def _without_none(members: Mapping[str, object]) -> dict[str, object]:
    """JSON Feed leaves out what it does not know; it has no nulls."""
    return {name: value for name, value in members.items() if value is not None}


def _item(channel: Channel, kept: KeptPost) -> orjson.Fragment | None:
    """Written by itself, so that an item that can't be written is found alone."""
    post = shown_content(kept)
    if post is None:
        return None
    item = {
        "id": urn(kept.id),
        "url": channel.post_url(kept),
        "external_url": post.source_url,
        "title": shown_title(kept, post),
        "content_html": html_with_notice(kept, post, channel.publisher),
        "content_text": text_with_notice(kept, post, channel.publisher),
        "summary": post.summary or None,
        "image": first_image(post.media),
        "date_published": rfc3339(kept.published_at, channel.zone),
        "date_modified": rfc3339(kept.updated_at, channel.zone),
        "authors": [_without_none({"name": kept.department.name, "url": kept.department.url})],
        "tags": list(post.tags),
        "language": language_tag(post),
        "attachments": [_attachment(medium) for medium in post.media],
        "_feedhub": _ours(channel, kept, post),
    }
    return orjson.Fragment(orjson.dumps(_without_none(item)))


def _attachment(medium: Media) -> dict[str, object]:
    """No `title`: two attachments with one title are renditions of one thing, and alt texts repeat."""
    return _without_none(
        {
            "url": medium.url,
            "mime_type": mime_type_of(medium),
            "size_in_bytes": medium.bytes,
            # Strict readers (atoma) take whole seconds only.
            "duration_in_seconds": None if medium.duration_seconds is None else round(medium.duration_seconds),
            "_feedhub": {
                "type": medium.type.value,
                "alt": medium.alt,
                "width": medium.width,
                "height": medium.height,
                "preview_url": medium.preview_url,
            },
        }
    )


def _ours(channel: Channel, kept: KeptPost, post: Post) -> dict[str, object]:
    """What a program may need and the standard has no word for; names as in the API."""
    account, department = kept.account, kept.department
    return {
        "status": kept.status.value,
        "version": kept.version,
        "change": kept.change,
        "backfill": kept.backfill,
        "department": {"slug": department.slug, "name": department.name, "url": department.url},
        "platform": account.platform.value,
        "account": {"id": str(account.id), "handle": account.handle, "url": account.url},
        "via": post.via.value,
        "type": post.type.value,
        "kinds": [kind.value for kind in post.kinds],
        "title_is_made": post.title_is_made,
        "published_is_made": kept.published_is_made,
        "source_url": post.source_url,
        "sensitive": post.sensitive,
        "license": channel.publisher.license,
        "attribution": attribution(kept, channel.publisher),
        "restrictions": restrictions(kept, channel.publisher),
        "notice": notice_json(kept.notice, channel.zone),
    }


def _stub(channel: Channel, stone: Tombstone) -> dict[str, object]:
    """The standard has no tombstones: an item without the post's content takes its place."""
    at = rfc3339(stone.deleted_at, channel.zone)
    return {
        "id": urn(stone.id),
        "url": f"{channel.public_url}/posts/{stone.id}",
        "content_text": epitaph(stone, channel.publisher),
        "date_modified": at,
        "_feedhub": {"status": "deleted", "deleted_at": at, "reason": stone.reason},
    }
