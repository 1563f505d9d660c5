"""The first page: what the city says now, emergencies first, then the newest, then what helps and what is on."""

from dataclasses import dataclass
from datetime import date

from feedhub.accounts.account import Department
from feedhub.accounts.kinds import Kind
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Event, Post
from feedhub.views.channel import shown_content
from feedhub.views.messages import speaker
from feedhub.views.page_cards import LONGEST_TITLE, Card, cards_of, other_language, shortened
from feedhub.views.page_head import home_card
from feedhub.views.page_lists import PostList, shown_list
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import clock_words, day_words, short_month

# Cards beside the first one.
_BESIDE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What the first page shows besides the newest posts, each newest first; `events` by their beginning."""

    emergencies: tuple[KeptPost, ...] = ()
    services: tuple[KeptPost, ...] = ()
    assistance: tuple[KeptPost, ...] = ()
    events: tuple[KeptPost, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One event to come: its date as a block, its time and place as words."""

    href: str
    title: str
    language: str | None
    day: int
    month: str
    machine: str
    when: str
    department: Department


@dataclass(frozen=True, slots=True, kw_only=True)
class KindColumn:
    """The newest posts of one kind, and where the others are."""

    kind: Kind
    cards: tuple[Card, ...]
    href: str


def home_page(site: Site, given: PostList, front: Front | None, departments: tuple[Department, ...]) -> str:
    """The first page, or, where `front` is None, the newest posts of a filter or an older page of them."""
    shown = shown_list(site, given)
    if front is None:
        title = _list_title(site, given)
        return rendered("posts.html", site, shown=shown, departments=departments, list_title=title)
    emergencies = cards_of(front.emergencies, site)
    on_top = {one.id for one in emergencies}
    lead, beside, rest = _arranged(tuple(card for card in shown.cards if card.id not in on_top))
    return rendered(
        "home.html",
        site,
        link_card=home_card(site, shown.canonical),
        shown=shown,
        departments=departments,
        emergencies=emergencies,
        lead=lead,
        beside=beside,
        rest=rest,
        columns=(
            _column(site, Kind.SERVICE, front.services),
            _column(site, Kind.ASSISTANCE, front.assistance),
        ),
        events=tuple(
            _event_line(site, kept, post, post.event)
            for kept in front.events
            if (post := shown_content(kept)) is not None and post.event is not None
        ),
    )


def _arranged(cards: tuple[Card, ...]) -> tuple[Card | None, tuple[Card, ...], tuple[Card, ...]]:
    """The newest with a picture leads, if there is one that is not tall; the others keep their order."""
    newest = cards[: _BESIDE + 1]
    wide = next((card for card in newest if card.picture and not card.picture.is_tall), None)
    lead = wide or next((card for card in newest if card.picture), cards[0] if cards else None)
    others = tuple(card for card in cards if card is not lead)
    return lead, others[:_BESIDE], others[_BESIDE:]


def _list_title(site: Site, given: PostList) -> str:
    say = speaker(site.language)
    return ", ".join(say(kind.value) for kind in given.filters.kinds) or say("latest_title")


def _column(site: Site, kind: Kind, posts: tuple[KeptPost, ...]) -> KindColumn:
    return KindColumn(kind=kind, cards=cards_of(posts, site), href=site.path(f"/?kind={kind}"))


def _event_line(site: Site, kept: KeptPost, post: Post, event: Event) -> EventLine:
    local = event.starts_at.astimezone(site.zone)
    return EventLine(
        href=site.path(f"/posts/{kept.id}"),
        title=shortened(event.name or post.title, LONGEST_TITLE) or speaker(site.language)("no_title"),
        language=other_language(post, site),
        day=local.day,
        month=short_month(local.date(), site.language),
        machine=local.date().isoformat() if event.all_day else local.replace(microsecond=0).isoformat(),
        when=_when(site, local.date(), event),
        department=kept.department,
    )


def _when(site: Site, day: date, event: Event) -> str:
    said = [day_words(day, site.language)]
    if not event.all_day:
        said.append(clock_words(event.starts_at, site.zone, site.language))
    return ", ".join(said + ([event.location] if event.location else []))
