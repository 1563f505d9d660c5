"""The widget's list as the server writes it: the frame and the fragment, with the posts that the element shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from urllib.parse import quote

from feedhub.accounts.account import Platform
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import KeptPost, NoticeKind
from feedhub.posts.post import Event, MediaType, Post
from feedhub.views.channel import shown_content
from feedhub.views.messages import speaker
from feedhub.views.page_cards import LONGEST_TITLE, cards_of, other_language, shortened
from feedhub.views.page_site import Site
from feedhub.views.page_times import ShownTime, clock_words, shown_day, shown_time
from feedhub.views.pictures import Picture, first_picture

# How long an event lasts that does not say when it ends; the element counts the same.
_USUALLY, _ALL_DAY = timedelta(hours=2), timedelta(days=1)


class Layout(StrEnum):
    """How the posts stand; `alert` and `agenda` show some of them only."""

    LIST = "list"
    GRID = "grid"
    HEADLINES = "headlines"
    AGENDA = "agenda"
    ALERT = "alert"


class Theme(StrEnum):
    """The colours' ground; NONE = those of the page around it."""

    NONE = ""
    LIGHT = "light"
    DARK = "dark"
    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a list is wanted, beside which posts. `days` an emergency is shown."""

    layout: Layout = Layout.LIST
    theme: Theme = Theme.NONE
    heading_level: int = 3
    days: int = 3
    hide_empty: bool = False

    @property
    def is_brief(self) -> bool:
        return self.layout in (Layout.HEADLINES, Layout.AGENDA)


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetCard:
    """A post with what people need to trust it. `day` is its event's, in the layout of days."""

    href: str
    title: str
    summary: str
    language: str | None
    department: str
    kinds: tuple[Kind, ...]
    time: ShownTime
    picture: Picture | None
    is_film: bool
    is_corrected: bool
    verify_href: str | None
    platform: Platform
    source_url: str | None
    day: ShownTime | None
    hours: ShownTime | None
    place: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetList:
    """What the templates are given. `groups` are the days of an agenda, elsewhere one without a day."""

    wanted: Wanted
    label: str
    empty: str
    groups: tuple[tuple[ShownTime | None, tuple[WidgetCard, ...]], ...]
    all_url: str


def picked(posts: Iterable[KeptPost], wanted: Wanted, *, limit: int, now: datetime) -> tuple[KeptPost, ...]:
    """What a layout shows of the posts: emergencies of the last days, events that are not over, by their beginning."""
    match wanted.layout:
        case Layout.ALERT:
            since = now - timedelta(days=wanted.days)
            return tuple(one for one in posts if one.published_at >= since)[:limit]
        case Layout.AGENDA:
            ahead = [(event, one) for one in posts if (event := _event(one)) and _ends(event) > now]
            return tuple(one for _, one in sorted(ahead, key=lambda pair: pair[0].starts_at))[:limit]
        case _:
            return tuple(posts)[:limit]


def widget_list(site: Site, posts: tuple[KeptPost, ...], wanted: Wanted, *, all_path: str) -> WidgetList:
    """`posts` as they were picked. `all_path` is the page for people that shows them all."""
    say, layout = speaker(site.language), wanted.layout
    cards = tuple(_card(site, kept, post, layout) for kept in posts if (post := shown_content(kept)) is not None)
    groups = tuple((day, tuple(held)) for day, held in groupby(cards, key=lambda card: card.day))
    special = {Layout.ALERT: ("emergency", "widget_calm"), Layout.AGENDA: ("event", "widget_no_events")}
    label, empty = special.get(layout, ("latest_title", "no_posts"))
    return WidgetList(wanted=wanted, label=say(label), empty=say(empty), groups=groups, all_url=site.url(all_path))


def _card(site: Site, kept: KeptPost, post: Post, layout: Layout) -> WidgetCard:
    (shown,) = cards_of((kept,), site)
    event = post.event if layout is Layout.AGENDA else None
    account = kept.account
    is_known = account.verified_at is not None and account.url
    return WidgetCard(
        href=site.url(f"/posts/{kept.id}"),
        title=shortened((event.name if event else None) or post.title, LONGEST_TITLE),
        summary="".join(piece.text for piece in shown.summary),
        language=other_language(post, site),
        department=kept.department.name,
        kinds=post.kinds,
        time=shown_time(kept.published_at, site.zone, site.language),
        picture=_own_picture(kept, post, site) if layout in (Layout.LIST, Layout.GRID) else None,
        is_film=any(medium.type is MediaType.VIDEO for medium in post.media[:1]),
        is_corrected=kept.notice is not None and kept.notice.kind is NoticeKind.CORRECTION,
        verify_href=site.url(f"/verify?url={quote(account.url or '', safe='')}") if is_known else None,
        platform=account.platform,
        source_url=post.source_url,
        day=shown_day(event.starts_at, site.zone, site.language) if event else None,
        hours=_hours(event, site) if event else None,
        place=event.location if event else None,
    )


def _own_picture(kept: KeptPost, post: Post, site: Site) -> Picture | None:
    """Our copy, or none: on other people's sites no platform is ever asked."""
    picture = first_picture(kept, post, site)
    return picture if picture and picture.jpeg else None


def _hours(event: Event, site: Site) -> ShownTime:
    if event.all_day:
        return ShownTime(
            shown_day(event.starts_at, site.zone, site.language).machine, speaker(site.language)("all_day")
        )
    words = clock_words(event.starts_at, site.zone, site.language)
    return ShownTime(shown_time(event.starts_at, site.zone, site.language).machine, words)


def _event(kept: KeptPost) -> Event | None:
    post = shown_content(kept)
    return post.event if post else None


def _ends(event: Event) -> datetime:
    return event.ends_at or event.starts_at + (_ALL_DAY if event.all_day else _USUALLY)
