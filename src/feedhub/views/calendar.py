"""iCalendar (RFC 5545, with RFC 7986's words for calendars that are subscribed to)."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

from icalendar import Calendar, Event

from feedhub.posts.hidden_event import HiddenEvent
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import Event as PostEvent
from feedhub.posts.post import Post
from feedhub.views.channel import Channel, legal, shown_content, shown_title, text_with_notice, urn
from feedhub.views.entries import written
from feedhub.views.messages import language_of_pages, speaker

MEDIA_TYPE = "text/calendar"
# How often programs may look again: a city's events are not news of the minute.
LOOK_AGAIN, _LOOK_AGAIN_TEXT = timedelta(hours=1), "PT1H"
_MADE_BY = "-//FeedHub//Events//EN"
_LONGEST_TEXT = 2000  # characters; the link leads to the rest
_DAY = timedelta(days=1)
_LARGEST = 2**31 - 1  # what the standard lets an integer be


def render_calendar(channel: Channel, hidden: tuple[HiddenEvent, ...] = ()) -> bytes:
    """The events of the channel's posts as a calendar to subscribe to. The same channel gives the same bytes."""
    channel = legal(channel)
    calendar = _calendar()
    calendar.add("uid", channel.id)
    calendar.add("last-modified", channel.updated_at.astimezone(UTC))
    for name in ("name", "x-wr-calname"):
        calendar.add(name, channel.title)
    for name in ("description", "x-wr-caldesc"):
        calendar.add(name, _line(channel.description))
    calendar.add("x-wr-timezone", channel.publisher.time_zone)
    calendar.add("url", channel.page_url)
    calendar.add("source", channel.self_url, parameters={"VALUE": "URI"})
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _LOOK_AGAIN_TEXT)
    _add_events(calendar, channel)
    for one in hidden:
        calendar.add_component(_called_off(channel, one))
    return bytes(calendar.to_ical())


def render_event(channel: Channel) -> bytes:
    """The events alone, to be put into a calendar that somebody has already."""
    calendar = _calendar()
    _add_events(calendar, legal(channel))
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _add_events(calendar: Calendar, channel: Channel) -> None:
    for event in written(channel.posts, partial(_event, channel), format="ics"):
        calendar.add_component(event)


def _event(channel: Channel, kept: KeptPost) -> Event | None:
    post = shown_content(kept)
    if post is None or post.event is None:
        return None
    event, say = Event(), speaker(language_of_pages(channel.publisher.language))
    event.add("uid", urn(kept.id))
    event.add("dtstamp", kept.updated_at.astimezone(UTC))
    event.add("created", kept.collected_at.astimezone(UTC))
    event.add("last-modified", kept.updated_at.astimezone(UTC))
    event.add("sequence", _sequence(kept.change))
    event.add("summary", _line(post.event.name or shown_title(kept, post)))
    event.add("description", _described(channel, kept, post))
    if post.event.location:
        event.add("location", _line(post.event.location))
    event.add("url", channel.post_url(kept))
    event.add("categories", [say(kind.value) for kind in post.kinds] or [say("event")])
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # that the city invites makes nobody busy
    _add_times(event, post.event, channel)
    return event


def _called_off(channel: Channel, hidden: HiddenEvent) -> Event:
    """Without content: who has the event in a calendar sees it struck out there."""
    event, say = Event(), speaker(language_of_pages(channel.publisher.language))
    event.add("uid", urn(hidden.id))
    event.add("dtstamp", hidden.hidden_at.astimezone(UTC))
    event.add("last-modified", hidden.hidden_at.astimezone(UTC))
    event.add("sequence", _sequence(hidden.change))
    event.add("summary", say("calendar_called_off"))
    event.add("url", f"{channel.public_url}/posts/{hidden.id}")
    event.add("status", "CANCELLED")
    event.add("transp", "TRANSPARENT")
    event.add("dtstart", _day(hidden.starts_at, channel) if hidden.all_day else hidden.starts_at.astimezone(UTC))
    return event


def _sequence(change: int) -> int:
    """A number that grows whatever becomes of a post: versions stay where it is withdrawn or comes back."""
    return min(change, _LARGEST)


def _add_times(event: Event, times: PostEvent, channel: Channel) -> None:
    """In UTC: what takes place once needs no rules of a time zone, and no program can read these wrong."""
    if times.all_day:
        event.add("dtstart", _day(times.starts_at, channel))
        # The end of a day is the beginning of the next one here.
        event.add("dtend", _day(times.ends_at or times.starts_at, channel) + _DAY)
        return
    event.add("dtstart", times.starts_at.astimezone(UTC))
    if times.ends_at and times.ends_at > times.starts_at:
        event.add("dtend", times.ends_at.astimezone(UTC))


def _day(moment: datetime, channel: Channel) -> date:
    return moment.astimezone(channel.zone).date()


def _described(channel: Channel, kept: KeptPost, post: Post) -> str:
    """The text, and its address once more: many calendars show no URL of its own."""
    text = "\n".join(text_with_notice(kept, post, channel.publisher).splitlines()).strip()
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT].rstrip() + "…"
    return "\n\n".join(part for part in (text, kept.department.name, channel.post_url(kept)) if part)


def _line(text: str) -> str:
    return " ".join(text.split())
