"""The calendar and its programs' form, over HTTP, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import lxml.html
import pytest
from icalendar import Calendar

from feedhub.accounts.kinds import Kind
from feedhub.posts.post import Event
from posts_made import made_post
from web.newsroom import NOW, PUBLIC_URL, RESCUE

# The page says what is to come from the day on which it is asked.
SOON = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=2)


def told(name, starts_at, **changes):
    event = Event(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), location="Balai Kota")
    return made_post(native_id=name, title=name, event=event, published_at=NOW, kinds=(Kind.EVENT,), **changes)


FAIR, DRILL = told("Pasar murah", SOON), told("Simulasi", SOON + timedelta(days=1))
OLD = told("Lomba", NOW - timedelta(days=3))
LONG_AGO = told("Lomba lama", datetime(2024, 2, 28, 2, tzinfo=UTC))


@pytest.fixture
async def town(newsroom):
    await newsroom.publish(FAIR, OLD, LONG_AGO)
    await newsroom.publish(DRILL, account=RESCUE)
    await newsroom.until("/calendar", lambda answer: "Simulasi" in answer.text)
    return newsroom


def titles(answer):
    assert answer.status_code == 200
    return lxml.html.document_fromstring(answer.text).xpath("//*[@class='event-title']/a/text()")


def summaries(answer):
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]


async def test_page_shows_what_is_to_come_and_older_months_what_was(town):
    assert titles(await town.get("/calendar")) == ["Pasar murah", "Simulasi"]
    assert titles(await town.get("/calendar?department=bpbd")) == ["Simulasi"]
    assert titles(await town.get("/calendar?kind=layanan")) == []
    assert titles(await town.get("/calendar?month=2024-02")) == ["Lomba lama"]
    assert titles(await town.get("/calendar?month=2024-03")) == []
    for month in ("2026", "2026-13", "1999-12", "2100-01", "x", "2026-11-01"):
        assert (await town.get(f"/calendar?month={month}")).status_code == 422, month


async def test_calendar_has_one_address_for_each_choice(town):
    answer = await town.get("/departments/dinkes/events.ics")
    assert summaries(answer) == ["Lomba", "Pasar murah"]
    assert answer.headers["link"] == f'<{PUBLIC_URL}/departments/dinkes/events.ics>; rel="self"'
    for target, leads_to in (
        ("/events.ics?department=dinkes", "/departments/dinkes/events.ics"),
        ("/departments/dinas-kesehatan/events.ics", "/departments/dinkes/events.ics"),
    ):
        moved = await town.get(target)
        assert (moved.status_code, moved.headers["location"]) == (308, PUBLIC_URL + leads_to)
    assert summaries(await town.get("/events.ics")) == ["Lomba", "Pasar murah", "Simulasi"]
    assert summaries(await town.get("/events.ics?area=Mayangan&kind=agenda")) == ["Simulasi"]
    assert summaries(await town.get("/events.ics?limit=2")) == ["Pasar murah", "Simulasi"]  # what is to come goes first


@pytest.mark.parametrize("target", ["/events.ics?month=2026-11", "/events.ics?kind=gossip", "/events.ics?limit=0"])
async def test_programs_are_told_what_does_not_work(town, target):
    answer = await town.get(target)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_calendar_is_sent_once_and_again_when_an_event_changes(town):
    first = await town.get("/events.ics")
    (before,) = [one for one in Calendar.from_ical(first.content).walk("VEVENT") if one["SUMMARY"] == "Pasar murah"]
    again = await town.get("/events.ics", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    moved = replace(FAIR, event=replace(FAIR.event, starts_at=SOON + timedelta(hours=1)))
    await town.publish(moved)
    changed = await town.until("/events.ics", lambda answer: answer.headers["etag"] != first.headers["etag"])
    (event,) = [one for one in Calendar.from_ical(changed.content).walk("VEVENT") if one["SUMMARY"] == "Pasar murah"]
    assert event["DTSTART"].dt == SOON + timedelta(hours=1)
    assert event["SEQUENCE"] > before["SEQUENCE"]


async def test_withdrawn_event_is_called_off_without_its_content(town):
    before = {one["UID"]: one for one in Calendar.from_ical((await town.get("/events.ics")).content).walk("VEVENT")}
    gone = await town.withdraw(FAIR)
    answer = await town.until("/events.ics", lambda answer: "Pasar murah" not in answer.text)
    (event,) = [one for one in Calendar.from_ical(answer.content).walk("VEVENT") if one["STATUS"] == "CANCELLED"]
    assert event["UID"] == f"urn:uuid:{gone}"
    assert event["SEQUENCE"] > before[event["UID"]]["SEQUENCE"]
    assert "Balai Kota" not in str(event)
    assert titles(await town.until("/calendar", lambda page: "Pasar murah" not in page.text)) == ["Simulasi"]
    assert (await town.get(f"/posts/{gone}/event.ics")).status_code == 404


async def test_one_event_can_be_put_into_ones_own_calendar(town):
    page = lxml.html.document_fromstring((await town.get("/calendar")).text)
    path = page.xpath("//a[@class='event-add']/@href")[0]
    answer = await town.get(path)
    assert summaries(answer) == ["Pasar murah"]
    assert answer.headers["content-disposition"].startswith('inline; filename="dinkes-')
    plain = (await town.get("/api/v1/posts?limit=1&q=kabar")).json()["posts"][0]["id"]
    for missing in (f"/posts/{plain}/event.ics", "/posts/x/event.ics"):
        assert (await town.get(missing)).status_code == 404
