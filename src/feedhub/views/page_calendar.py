"""The calendar: what takes place, by month and day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from feedhub.accounts.account import Department
from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Event, Post
from feedhub.views.channel import shown_content
from feedhub.views.messages import speaker
from feedhub.views.page_cards import LONGEST_TITLE, other_language, shortened
from feedhub.views.page_choices import choices_of, chosen_words
from feedhub.views.page_links import calendar_path, page_path, webcal
from feedhub.views.page_site import Site
from feedhub.views.page_template import rendered
from feedhub.views.page_times import clock_words, day_words, days_words, month_words, weekday_words

# The months that the pages lead to; what is further away is a slip of somebody's pen.
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True, kw_only=True)
class EventList:
    """Posts with an event for the calendar, by their beginning.

    `month` is the first day of the month that is shown, None = all that is to come from `today`
    on. `has_more`: there are more than are given.
    """

    posts: tuple[KeptPost, ...]
    filters: Filters
    today: date
    month: date | None = None
    has_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEvent:
    """One line of the agenda. `language` is None where the post speaks the page's language."""

    id: str
    title: str
    language: str | None
    href: str
    ics: str
    when: str
    machine: str
    place: str | None
    department: Department
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day's block; `day` None = what goes on since before the first day that is shown."""

    day: date | None
    weekday: str
    is_today: bool
    events: tuple[ShownEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The days of one month that have events, under its name."""

    name: str
    key: str
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLink:
    """A month before or after the one that is shown."""

    name: str
    href: str


def calendar_page(site: Site, given: EventList, departments: tuple[Department, ...]) -> str:
    """The agenda with its choices, and how to have it in one's own calendar."""
    months = () if given.month is None else (("month", f"{given.month:%Y-%m}"),)
    asked = site.path(page_path("/calendar", given.filters))
    address = calendar_path(given.filters)
    return rendered(
        "calendar.html",
        site,
        chosen=chosen_words(site, given.filters, departments),
        canonical=site.url(page_path("/calendar", given.filters, *months)),
        choices=choices_of(site, "/calendar", given.filters, departments, *months),
        going_on=_going_on(site, given),
        months=tuple(_months(site, given)),
        month_name=month_words(given.month, site.language) if given.month else None,
        before=_month_link(site, given, -1),
        after=_month_link(site, given, 1),
        upcoming=asked if given.month else None,
        today=day_words(given.today, site.language),
        has_more=given.has_more,
        ics=site.url(address),
        webcal=webcal(site.url(address)),
        follow=site.path(page_path("/follow", given.filters)),
    )


def _going_on(site: Site, given: EventList) -> tuple[ShownEvent, ...]:
    """What began before the first day that is shown."""
    return tuple(
        _shown(site, kept, post, event) for kept, post, event in _events(given) if _is_before(site, given, event)
    )


def _months(site: Site, given: EventList) -> Iterator[Month]:
    starting = [one for one in _events(given) if not _is_before(site, given, one[2])]

    def day_of(one: tuple[KeptPost, Post, Event]) -> date:
        return _day(site, one[2].starts_at)

    for month, in_month in groupby(starting, key=lambda one: day_of(one).replace(day=1)):
        days = tuple(
            Day(
                day=day,
                weekday=weekday_words(day, site.language),
                is_today=day == given.today,
                events=tuple(_shown(site, *one) for one in on_day),
            )
            for day, on_day in groupby(in_month, key=day_of)
        )
        yield Month(name=month_words(month, site.language), key=f"{month:%Y-%m}", days=days)


def _events(given: EventList) -> Iterator[tuple[KeptPost, Post, Event]]:
    for kept in given.posts:
        post = shown_content(kept)
        if post is not None and post.event is not None:
            yield kept, post, post.event


def _is_before(site: Site, given: EventList, event: Event) -> bool:
    return _day(site, event.starts_at) < (given.month or given.today)


def _shown(site: Site, kept: KeptPost, post: Post, event: Event) -> ShownEvent:
    title = shortened(" ".join((event.name or post.title).split()), LONGEST_TITLE)
    return ShownEvent(
        id=str(kept.id),
        title=title or speaker(site.language)("no_title"),
        language=other_language(post, site),
        href=site.path(f"/posts/{kept.id}"),
        ics=site.path(f"/posts/{kept.id}/event.ics"),
        when=when_words(site, event),
        machine=_machine(site, event),
        place=" ".join(event.location.split()) if event.location else None,
        department=kept.department,
        kinds=tuple(kind for kind in post.kinds if kind is not Kind.EVENT),
    )


def when_words(site: Site, event: Event) -> str:
    """When it takes place, beside the day on which it begins: hours, and the last day where that is another."""
    say = speaker(site.language)
    first, last = (_day(site, moment) for moment in (event.starts_at, event.ends_at or event.starts_at))
    if event.all_day:
        if first == last:
            return say("calendar_all_day")
        return days_words(first, last, site.language)
    starts = clock_words(event.starts_at, site.zone, site.language)
    if event.ends_at is None or event.ends_at == event.starts_at:
        return starts
    ends = clock_words(event.ends_at, site.zone, site.language)
    if first == last:
        return say("calendar_hours", starts=starts.rpartition(" ")[0], ends=ends)
    return say(
        "calendar_days",
        first=f"{day_words(first, site.language)}, {starts}",
        last=f"{day_words(last, site.language)}, {ends}",
    )


def _machine(site: Site, event: Event) -> str:
    if event.all_day:
        return _day(site, event.starts_at).isoformat()
    return event.starts_at.astimezone(site.zone).replace(microsecond=0).isoformat()


def _day(site: Site, moment: datetime) -> date:
    return moment.astimezone(site.zone).date()


def _month_link(site: Site, given: EventList, step: int) -> MonthLink | None:
    """The month before or after; beside what is to come stand this month, and the one after today's."""
    here = given.month or given.today.replace(day=1)
    number = here.year * 12 + here.month - 1 + (0 if given.month is None and step < 0 else step)
    month = date(number // 12, number % 12 + 1, 1)
    if not FIRST_YEAR <= month.year <= LAST_YEAR:
        return None
    href = site.path(page_path("/calendar", given.filters, ("month", f"{month:%Y-%m}")))
    return MonthLink(name=month_words(month, site.language), href=href)
