"""One post as its page shows it."""

from dataclasses import dataclass
from html import escape

from feedhub.posts.kept import KeptPost
from feedhub.posts.picture_copies import PictureMode
from feedhub.posts.post import Event, Media, MediaType, Post
from feedhub.views.messages import speaker
from feedhub.views.page_cards import other_language, shortened
from feedhub.views.page_site import Site
from feedhub.views.page_times import ShownTime, shown_day, shown_time
from feedhub.views.pictures import Picture, first_picture, picture_of, shown_html
from feedhub.views.terms import attribution, restrictions

# Characters of what other sites show when somebody shares a post.
LONGEST_SHARED = 200
# Of a heading; who calls a whole article its title has it in the text as well.
LONGEST_HEADING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A medium below the text. `plays` = the browser itself can play what `url` names."""

    type: MediaType
    url: str
    preview: Picture | None
    mime_type: str | None
    alt: str | None
    plays: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEvent:
    """When and where, in words."""

    name: str | None
    starts: ShownTime
    ends: ShownTime | None
    all_day: bool
    location: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One line of a post's history."""

    number: int
    time: ShownTime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPart:
    """One part of a department's own thread; `is_here` on its own page."""

    path: str
    text: str
    language: str | None
    picture: Picture | None
    time: ShownTime
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPost:
    """What the template is given of a live post."""

    title: str
    canonical: str
    html: str
    language: str | None
    shared_text: str
    picture: Picture | None
    published: ShownTime
    edited: ShownTime | None
    updated: ShownTime | None
    attachments: tuple[Attachment, ...]
    event: ShownEvent | None
    versions: tuple[Version, ...]
    attribution: str
    restrictions: str | None
    thread: tuple[ThreadPart, ...] = ()


def shown_post(
    site: Site, kept: KeptPost, post: Post, versions: tuple[KeptPost, ...], thread: tuple[KeptPost, ...] = ()
) -> ShownPost:
    return ShownPost(
        title=shortened(post.title, LONGEST_HEADING) or speaker(site.language)("no_title"),
        canonical=site.url(f"/posts/{kept.id}"),
        html=shown_html(
            kept, post.content_html, site, no_alt=speaker(site.language)("no_alt", department=kept.department.name)
        ),
        language=other_language(post, site),
        shared_text=shortened(" ".join((post.summary or post.content_text).split()), LONGEST_SHARED),
        picture=first_picture(kept, post, site),
        published=shown_time(kept.published_at, site.zone, site.language, with_day=True),
        edited=shown_time(post.edited_at, site.zone, site.language) if post.edited_at else None,
        updated=shown_time(kept.updated_at, site.zone, site.language) if kept.version > 1 else None,
        attachments=tuple(
            _attachment(kept, medium, site) for medium in post.media if not _stands_in(medium, post.content_html)
        ),
        event=_shown_event(post.event, site) if post.event else None,
        versions=tuple(
            Version(number=one.version, time=shown_time(one.updated_at, site.zone, site.language)) for one in versions
        ),
        attribution=attribution(kept, site.publisher),
        restrictions=restrictions(kept, site.publisher, language=site.language),
        thread=tuple(_thread_part(site, kept, part, part.post) for part in thread if part.post is not None),
    )


def _thread_part(site: Site, kept: KeptPost, part: KeptPost, post: Post) -> ThreadPart:
    return ThreadPart(
        path=site.path(f"/posts/{part.id}"),
        text=post.content_text or post.title,
        language=other_language(post, site),
        picture=first_picture(part, post, site),
        time=shown_time(part.published_at, site.zone, site.language),
        is_here=part.id == kept.id,
    )


def _stands_in(medium: Media, html: str) -> bool:
    """Whether the text shows this picture already, so that nobody sees or hears it twice."""
    return medium.type is MediaType.IMAGE and escape(medium.url) in html


def _attachment(kept: KeptPost, medium: Media, site: Site) -> Attachment:
    is_film = medium.type in (MediaType.VIDEO, MediaType.AUDIO)
    # A player loads from the platform: only where browsers may ask it.
    plays = site.pictures is PictureMode.LINKS and is_film and (medium.mime_type or "").startswith(f"{medium.type}/")
    preview = picture_of(kept, medium, site)
    return Attachment(
        type=medium.type, url=medium.url, preview=preview, mime_type=medium.mime_type, alt=medium.alt, plays=plays
    )


def _shown_event(event: Event, site: Site) -> ShownEvent:
    shown = shown_day if event.all_day else shown_time
    return ShownEvent(
        name=event.name,
        starts=shown(event.starts_at, site.zone, site.language),
        ends=shown(event.ends_at, site.zone, site.language) if event.ends_at else None,
        all_day=event.all_day,
        location=event.location,
    )
