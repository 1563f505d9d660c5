"""Posts as the fediverse reads them: Notes, and the activities that bring, change and remove them.

ActivityStreams 2.0 as Mastodon understands it. An activity's id is made of the post and the change,
so whatever is sent twice is the same activity.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import KeptPost
from feedhub.posts.picture_copies import PictureCopy, copied_url
from feedhub.posts.post import Event, Media, MediaType, Post
from feedhub.views.activity_actor import ACTIVITY_STREAMS, CITY, actor_url
from feedhub.views.channel import html_with_notice, language_tag, shown_content
from feedhub.views.messages import language_of_pages, speaker
from feedhub.views.page_cards import shortened
from feedhub.views.page_times import shown_day, shown_time

PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT: Final = (ACTIVITY_STREAMS, {"Hashtag": "as:Hashtag", "sensitive": "as:sensitive"})

_IMAGE = re.compile(r"<img [^<>]*>")  # the sanitizer writes every picture so
_HASHTAG = re.compile(r"\w*[^\W\d_]\w*")  # Mastodon's: word characters, not all of them digits
_MOST_PICTURES = 16
# Other servers refuse an activity of a megabyte, and nobody reads a book in a timeline.
_LONGEST_HTML, _LONGEST_CUT = 50_000, 2_000  # characters

Activity = dict[str, Any]


def note_url(kept: KeptPost, public_url: str) -> str:
    """The id of a post as a Note; its page for people is another address."""
    return f"{public_url}/ap/posts/{kept.id}"


def note(kept: KeptPost, *, publisher: Publisher, public_url: str) -> Activity:
    """A post as a Note, or its tombstone where it may not be shown."""
    post = shown_content(kept)
    if post is None:
        return tombstone(kept, public_url=public_url)
    author = actor_url(public_url, kept.department.slug)
    content, language = _content(kept, post, publisher, public_url), language_tag(post)
    told: Activity = {
        "id": note_url(kept, public_url),
        "type": "Note",
        "attributedTo": author,
        "to": [PUBLIC],
        "cc": [f"{author}/followers"],
        "published": _moment(kept.published_at),
        "url": f"{public_url}/posts/{kept.id}",
        "content": content,
        "sensitive": post.sensitive,
        "tag": list(_hashtags(post, public_url)),
        "attachment": list(_attachments(kept, post, public_url)),
    }
    if language:
        told["contentMap"] = {language: content}
    if kept.version > 1 or kept.notice:
        told["updated"] = _moment(kept.updated_at)
    if kept.thread and kept.thread != kept.id:
        told["inReplyTo"] = f"{public_url}/ap/posts/{kept.thread}"
    return told


def tombstone(kept: KeptPost, *, public_url: str) -> Activity:
    """What stands where a post stood; nothing of what it said."""
    return {"id": note_url(kept, public_url), "type": "Tombstone", "deleted": _moment(kept.updated_at)}


def creation(kept: KeptPost, *, publisher: Publisher, public_url: str) -> Activity:
    """`Create`: a department says it."""
    told = note(kept, publisher=publisher, public_url=public_url)
    return _activity("Create", told, suffix="create", at=told.get("published", _moment(kept.published_at)))


def renewal(kept: KeptPost, *, publisher: Publisher, public_url: str) -> Activity:
    """`Update`: what was said reads otherwise now."""
    told = note(kept, publisher=publisher, public_url=public_url)
    told["updated"] = _moment(kept.updated_at)  # without it, servers take the old text for the newer one
    return _activity("Update", told, suffix=f"update-{kept.change}", at=_moment(kept.updated_at))


def removal(kept: KeptPost, *, public_url: str) -> Activity:
    """`Delete`: it is said no longer."""
    stone = tombstone(kept, public_url=public_url)
    author = actor_url(public_url, kept.department.slug)
    told = {"attributedTo": author, "to": [PUBLIC], "cc": [f"{author}/followers"]}
    whole = _activity("Delete", stone | told, suffix=f"delete-{kept.change}", at=_moment(kept.updated_at))
    return whole | {"object": stone}


def announcement(kept: KeptPost, *, public_url: str) -> Activity:
    """`Announce`: the city passes on what one of its departments says."""
    city = actor_url(public_url, CITY)
    return {
        "id": f"{note_url(kept, public_url)}#announce",
        "type": "Announce",
        "actor": city,
        "published": _moment(kept.published_at),
        "to": [PUBLIC],
        "cc": [actor_url(public_url, kept.department.slug), f"{city}/followers"],
        "object": note_url(kept, public_url),
    }


def acceptance(follow: Mapping[str, Any], *, actor: str) -> Activity:
    """`Accept`: who asked to follow does so now."""
    return {
        "@context": ACTIVITY_STREAMS,
        "id": f"{actor}#accept-{quote(str(follow.get('id') or follow.get('actor')), safe='')}",
        "type": "Accept",
        "actor": actor,
        "to": [follow.get("actor")],
        "object": follow,
    }


def move(*, before: str, after: str) -> Activity:
    """`Move`: a department has another name now, and asks its followers to follow that."""
    return {
        "@context": ACTIVITY_STREAMS,
        "id": f"{before}#move-{quote(after, safe='')}",
        "type": "Move",
        "actor": before,
        "object": before,
        "target": after,
        "to": [f"{before}/followers"],
    }


def in_context(activity: Activity) -> Activity:
    """An activity or a Note that stands by itself."""
    return {"@context": CONTEXT, **activity}


def _activity(type: str, told: Activity, *, suffix: str, at: str) -> Activity:
    return {
        "id": f"{told['id']}#{suffix}",
        "type": type,
        "actor": told.get("attributedTo"),
        "published": at,
        "to": told.get("to"),
        "cc": told.get("cc"),
        "object": told,
    }


def _content(kept: KeptPost, post: Post, publisher: Publisher, public_url: str) -> str:
    """The post as a timeline shows it, where a Note has neither a title nor pictures in its text."""
    html = _IMAGE.sub("", post.content_html)
    if len(html) > _LONGEST_HTML:
        page = f"{public_url}/posts/{kept.id}"
        cut = escape(shortened(" ".join(post.content_text.split()), _LONGEST_CUT))
        html = f'<p>{cut}</p><p><a href="{page}">{page}</a></p>'
    title = "" if post.title_is_made or not post.title.strip() else f"<p><strong>{escape(post.title)}</strong></p>"
    notice = html_with_notice(kept, post, publisher).removesuffix(post.content_html)
    return "".join([notice, title, html, *_event(post.event, publisher), *_links(post, publisher)])


def _event(event: Event | None, publisher: Publisher) -> Iterator[str]:
    """When and where, in words: Mastodon shows an Event as its name and a link alone."""
    if event is None:
        return
    language, zone = language_of_pages(publisher.language), ZoneInfo(publisher.time_zone)
    say, shown = speaker(language), shown_day if event.all_day else shown_time
    until = f" – {shown(event.ends_at, zone, language).words}" if event.ends_at else ""
    yield f"<p>{say('event_when')}: {escape(shown(event.starts_at, zone, language).words + until)}"
    yield f"<br>{say('event_where')}: {escape(event.location)}</p>" if event.location else "</p>"


def _links(post: Post, publisher: Publisher) -> Iterator[str]:
    """Films, sounds and documents stay where they are."""
    say = speaker(language_of_pages(publisher.language))
    for medium in post.media:
        if medium.type is MediaType.IMAGE:
            continue
        url = post.source_url or medium.url if medium.type is MediaType.VIDEO else medium.url
        yield f'<p><a href="{escape(url)}">{escape(_label(medium, say(f"media_{medium.type.value}")))}</a></p>'


def _label(medium: Media, name: str) -> str:
    return f"{name}: {medium.alt}" if medium.alt and medium.type is MediaType.DOCUMENT else name


def _hashtags(post: Post, public_url: str) -> Iterator[dict[str, str]]:
    for tag in post.tags:
        words = tag.split()
        name = words[0] if len(words) == 1 else "".join(word[:1].upper() + word[1:] for word in words)
        if _HASHTAG.fullmatch(name):
            yield {"type": "Hashtag", "name": f"#{name}", "href": f"{public_url}/search?tag={quote(tag)}"}


def _attachments(kept: KeptPost, post: Post, public_url: str) -> Iterator[Activity]:
    """Our copies: no reader's server or app calls a platform."""
    alts = {copied_url(medium): medium.alt for medium in post.media}
    for copy in kept.pictures[:_MOST_PICTURES]:
        yield _picture(copy, alts.get(copy.source), public_url)


def _picture(copy: PictureCopy, alt: str | None, public_url: str) -> Activity:
    width = copy.widths[-1]
    return {
        "type": "Image",
        "mediaType": "image/jpeg",
        "url": public_url + copy.path(width, "jpg"),
        "name": alt,
        "width": width,
        "height": max(1, round(copy.height * width / copy.width)),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
