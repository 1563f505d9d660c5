"""What a calendar program finds in our iCalendar, by parsers that are not ours."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from feedhub.accounts.account import Publisher
from feedhub.accounts.kinds import Kind
from feedhub.posts.hidden_event import HiddenEvent
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import Event, PostStatus
from feedhub.views.calendar import render_calendar, render_event
from judges import read_by_ical
from posts_made import channels, made_channel, made_kept, made_post

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
FOLDED = 75  # bytes of a line, RFC 5545 section 3.1
HIDDEN = HiddenEvent(id=made_kept().id, change=9, starts_at=AT, all_day=False, hidden_at=AT - timedelta(days=2))


def kept_event(starts_at=AT, ends_at=None, **how):
    changes = {name: how.pop(name) for name in ("version", "updated_at", "notice", "status") if name in how}
    fields = {name: how.pop(name) for name in ("title", "content_text", "kinds") if name in how}
    event = Event(starts_at=starts_at, ends_at=ends_at, **how)
    return made_kept(post=made_post(event=event, **fields), **changes)


def read(document: bytes) -> Calendar:
    """Read by the library's own parser, and after a look at the lines themselves."""
    assert document.endswith(b"\r\n")
    for line in document.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= FOLDED
        assert b"\n" not in line
        assert b"\r" not in line
    calendar = Calendar.from_ical(document)
    assert not calendar.errors
    return calendar


def events_in(*posts, hidden=(), **how):
    document = render_calendar(made_channel(*posts, **how), hidden)
    events = read(document).walk("VEVENT")
    found = {str(one["UID"]): (str(one["STATUS"]), str(one["SUMMARY"]), one["SEQUENCE"]) for one in events}
    assert read_by_ical(document) == found
    return events


def test_calendar_says_whose_it_is_and_when_to_look_again():
    calendar = read(render_calendar(made_channel(kept_event(), self_url="https://kabar.example/events.ics")))
    told = {name: str(calendar[name]) for name in ("VERSION", "NAME", "X-WR-CALNAME", "SOURCE", "X-PUBLISHED-TTL")}
    assert told == {
        "VERSION": "2.0",
        "NAME": "Kota Contoh",
        "X-WR-CALNAME": "Kota Contoh",
        "SOURCE": "https://kabar.example/events.ics",
        "X-PUBLISHED-TTL": "PT1H",
    }
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"


def test_event_says_what_a_person_needs():
    kept = kept_event(
        ends_at=AT + timedelta(hours=4),
        name="Donor darah; gratis, di balai",
        location="Balai Kota,\nlantai 2",
        kinds=(Kind.SERVICE, Kind.EVENT),
        version=3,
        updated_at=AT - timedelta(days=3),
    )
    (event,) = events_in(kept)
    assert event["UID"] == f"urn:uuid:{kept.id}"
    assert (event["SUMMARY"], event["LOCATION"]) == ("Donor darah; gratis, di balai", "Balai Kota, lantai 2")
    assert (event["SEQUENCE"], event["STATUS"], event["TRANSP"]) == (kept.change, "CONFIRMED", "TRANSPARENT")
    assert [str(one) for one in event["CATEGORIES"].cats] == ["Layanan", "Agenda"]
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == kept.updated_at
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (AT, AT + timedelta(hours=4))
    assert str(event["URL"]) == f"https://kabar.example/posts/{kept.id}"
    assert str(event["DESCRIPTION"]).endswith(f"\n\nDinas Kesehatan\n\n{event['URL']}")


MIDNIGHT = datetime(2026, 11, 22, 17, tzinfo=UTC)  # of the 23rd in Jakarta


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "all_day", "expected"),
    [
        (MIDNIGHT, None, True, (date(2026, 11, 23), date(2026, 11, 24))),
        (MIDNIGHT, MIDNIGHT + timedelta(days=2), True, (date(2026, 11, 23), date(2026, 11, 26))),
        (AT, None, False, (AT, None)),
        (AT, AT, False, (AT, None)),
        (AT, AT + timedelta(days=1), False, (AT, AT + timedelta(days=1))),
    ],
)
def test_times_are_those_of_the_event(starts_at, ends_at, all_day, expected):
    (event,) = events_in(kept_event(starts_at, ends_at, all_day=all_day))
    assert (event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None) == expected


def test_correction_stands_before_the_text():
    notice = Notice(kind=NoticeKind.CORRECTION, reason="Pukul 09.00.", at=AT)
    (event,) = events_in(kept_event(notice=notice, content_text="Teks\r\nbaris"))
    assert str(event["DESCRIPTION"]).startswith("Ralat: Pukul 09.00.\n\nTeks\nbaris")


def test_what_is_no_event_or_not_live_is_left_out():
    assert events_in(made_kept(), kept_event(status=PostStatus.WITHDRAWN)) == []


def test_hidden_event_is_called_off_and_says_nothing_more():
    (event,) = events_in(hidden=(HIDDEN,))
    assert (event["UID"], event["STATUS"], event["SEQUENCE"]) == (f"urn:uuid:{HIDDEN.id}", "CANCELLED", 9)
    assert event["DTSTART"].dt == AT
    assert str(event["SUMMARY"]) == "Batal: pemberitahuan ini sudah ditarik"
    assert not {"DESCRIPTION", "LOCATION", "CATEGORIES", "DTEND"} & set(event)
    (all_day,) = events_in(hidden=(replace(HIDDEN, starts_at=MIDNIGHT, all_day=True),))
    assert all_day["DTSTART"].dt == date(2026, 11, 23)


def test_words_are_the_publishers():
    english = Publisher(name="Town", language="en")
    (event,) = events_in(kept_event(kinds=(Kind.ASSISTANCE,)), publisher=english)
    assert [str(one) for one in event["CATEGORIES"].cats] == ["Assistance"]
    (gone,) = events_in(hidden=(HIDDEN,), publisher=english)
    assert str(gone["SUMMARY"]).startswith("Called off")


def test_single_event_makes_no_calendar_of_its_own():
    calendar = read(render_event(made_channel(kept_event())))
    assert len(calendar.walk("VEVENT")) == 1
    assert not {"NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "SOURCE", "METHOD"} & set(calendar)


def test_the_same_posts_make_the_same_bytes():
    channel = made_channel(kept_event(), kept_event(name="b"))
    assert render_calendar(channel, (HIDDEN,)) == render_calendar(channel, (HIDDEN,))


@given(channels(max_posts=2), st.booleans())
def test_any_legal_event_can_be_read_again(channel, is_single):
    told = [kept for kept in channel.posts if kept.post and kept.post.event]
    document = render_event(channel) if is_single else render_calendar(channel)
    found = read(document).walk("VEVENT")
    assert [event["UID"] for event in found] == [f"urn:uuid:{kept.id}" for kept in told]
    for event, kept in zip(found, told, strict=True):
        title = kept.post.event.name or kept.post.title.strip() or kept.department.name
        assert str(event["SUMMARY"]) == " ".join(title.split())
        assert str(event["URL"]) == channel.post_url(kept)
        assert re.search(r"DTSTART(;VALUE=DATE)?:\d{8}", document.decode())
