"""The calendar that people see."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import lxml.html
import pytest

from feedhub.accounts.kinds import Kind
from feedhub.posts.filters import Filters
from feedhub.posts.post import Event
from feedhub.views.page_calendar import EventList, calendar_page, when_words
from views.made_pages import DEPARTMENTS, ENGLISH, RELIEF_SITE, SITE, ZALGO, kept, made_post
from views.page_rules import faults

HOST = "kabar.tirtasari.example"
TODAY = date(2026, 11, 27)
MIDNIGHT = datetime(2026, 11, 26, 17, tzinfo=UTC)  # of the 27th in Jakarta


def an_event(name, days=0, hours=9.0, length=0.0, *, all_day=False, account=None, **how):
    starts = MIDNIGHT + timedelta(days=days, hours=0 if all_day else hours)
    ends = starts + timedelta(hours=length) if length else None
    event = Event(starts_at=starts, ends_at=ends, all_day=all_day, location=how.pop("location", None))
    more = {"account": account} if account else {}
    return kept(made_post(name, name, event=event, native_id=name or "x", **how), **more)


FAIR = an_event("Festival", -2, all_day=True, length=96)
DONOR = an_event("Donor darah", 0, 9, 3, location="Balai Kota")
DRILL = an_event("Simulasi", 0, 13, account=RELIEF_SITE, kinds=(Kind.EVENT,), language="en")
NEXT_MONTH = an_event("Pasar murah", 8, 7, 3)
EVENTS = (FAIR, DONOR, DRILL, NEXT_MONTH)
HOSTILE = (
    an_event("W" * 10_000, 0, location="x" * 5_000),
    an_event("<script>alert(1)</script>", 1, location='"><svg onload=alert(1)>'),
    an_event("\u202ereversed", 2, location="\u2067never closed"),
    an_event(ZALGO, 3, location=ZALGO),
    an_event("", 4),
)


def page_of(*posts, site=SITE, filters=None, **how):
    given = EventList(posts=posts, filters=filters or Filters(), today=TODAY, **how)
    return calendar_page(site, given, DEPARTMENTS)


def tree_of(*posts, **how):
    return lxml.html.document_fromstring(page_of(*posts, **how))


def words(element):
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("site", [SITE, ENGLISH], ids=["id", "en"])
@pytest.mark.parametrize("posts", [EVENTS, HOSTILE, ()], ids=["ordinary", "hostile", "none"])
@pytest.mark.parametrize("month", [None, date(2026, 11, 1)], ids=["upcoming", "month"])
def test_calendar_keeps_every_rule(site, posts, month):
    sought = Filters(departments=("dinkes", "bpbd"), kinds=(Kind.EVENT,), areas=("Melati",))
    for filters in (Filters(), sought):
        html = page_of(*posts, site=site, filters=filters, month=month, has_more=True)
        assert faults(html, host=HOST) == []


def test_days_stand_under_their_month_and_today_is_marked():
    page = tree_of(*EVENTS)
    assert [words(one) for one in page.xpath("//section[@class='agenda-month']/h2")] == [
        "Sedang berlangsung",
        "November 2026",
        "Desember 2026",
    ]
    days = page.xpath("//h3[@class='day-block']")
    assert [words(one) for one in days] == ["Jumat 27 November 2026 Hari ini", "Sabtu 5 Desember 2026"]
    assert [words(one) for one in page.xpath("//div[contains(@class, 'is-today')]//h4")] == ["Donor darah", "Simulasi"]


def test_event_says_when_where_who_and_leads_on():
    event = tree_of(DONOR).xpath("//article[@class='event']")[0]
    assert words(event.xpath(".//p[@class='event-when']")[0]) == "09.00–12.00 WIB · Balai Kota"
    assert event.xpath(".//time/@datetime") == ["2026-11-27T09:00:00+07:00"]
    post = f"/posts/{DONOR.id}"
    assert event.xpath(".//a/@href") == [post, "/departments/dinkes", f"{post}/event.ics"]


def test_title_in_another_language_says_so():
    assert tree_of(DRILL).xpath("//h4[@lang]/@lang") == ["en"]


@pytest.mark.parametrize(
    ("site", "days", "hours", "length", "all_day", "said"),
    [
        (SITE, 0, 9, 3, False, "09.00–12.00 WIB"),
        (ENGLISH, 0, 9, 1.5, False, "09:00–10:30 WIB"),
        (SITE, 0, 9, 0, False, "09.00 WIB"),
        (SITE, 0, 22, 4, False, "27 November 2026, 22.00 WIB sampai 28 November 2026, 02.00 WIB"),
        (SITE, 0, 0, 0, True, "Sepanjang hari"),
        (ENGLISH, 0, 0, 0, True, "All day"),
        (SITE, 0, 0, 48, True, "27–29 Nov 2026"),
    ],
)
def test_times_are_said_as_people_say_them(site, days, hours, length, all_day, said):
    event = an_event("x", days, hours, length, all_day=all_day).post.event
    assert when_words(site, event) == said


def test_months_are_plain_links_that_keep_the_choice():
    filters = Filters(kinds=(Kind.SERVICE,))
    upcoming = tree_of(filters=filters).xpath("//nav[contains(@class, 'month-nav')]/a/@href")
    assert upcoming == ["/calendar?kind=service&month=2026-11", "/calendar?kind=service&month=2026-12"]
    december = tree_of(filters=filters, month=date(2026, 12, 1)).xpath("//nav[contains(@class, 'month-nav')]/a/@href")
    assert december == [
        "/calendar?kind=service&month=2026-11",
        "/calendar?kind=service",
        "/calendar?kind=service&month=2027-01",
    ]
    assert len(tree_of(month=date(2099, 12, 1)).xpath("//nav[contains(@class, 'month-nav')]/a")) == 2


def test_month_shows_what_was_and_what_came_over_from_before():
    page = tree_of(*EVENTS[:3], month=date(2026, 11, 1))
    assert [words(one) for one in page.xpath("//h1 | //section[@class='agenda-month']/h2")] == [
        "Agenda November 2026",
        "November 2026",
    ]
    earlier = tree_of(an_event("Pameran", -40, length=24 * 60), month=date(2026, 11, 1))
    assert words(earlier.xpath("//section[@class='agenda-month']/h2")[0]) == "Berlanjut dari bulan sebelumnya"


def test_calendar_of_the_same_choice_is_offered_to_programs():
    page = tree_of(filters=Filters(departments=("dinkes",)))
    address = f"{HOST}/departments/dinkes/events.ics"
    assert page.xpath("//a[contains(@class, 'is-main')]/@href") == [f"webcal://{address}"]
    assert page.xpath("//link[@type='text/calendar']/@href") == [f"https://{address}"]


def test_choice_is_links_that_add_and_take_off():
    page = tree_of(filters=Filters(departments=("bpbd",), kinds=(Kind.EVENT,)))
    links = {words(one): one for one in page.xpath("//nav[@class='kind-nav']//a")}
    assert links["Agenda"].get("href") == "/calendar?department=bpbd"
    assert links["Agenda"].get("aria-current") == "true"
    assert links["Layanan"].get("href") == "/calendar?department=bpbd&kind=service,event"
    assert links["Dinas Sosial"].get("href") == "/calendar?department=bpbd,dinsos&kind=event"
    assert links["Melati"].get("href") == "/calendar?department=bpbd&area=Melati&kind=event"


def test_empty_months_are_not_for_search_engines():
    assert tree_of().xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert tree_of(DONOR).xpath("//meta[@name='robots']") == []


def test_long_day_off_the_clock_is_the_publishers_day():
    late = an_event("Malam", 0, 23.5)
    assert words(tree_of(late).xpath("//h3[@class='day-block']")[0]).startswith("Jumat 27")
    eastern = replace(SITE, publisher=replace(SITE.publisher, time_zone="Asia/Jayapura"))
    assert words(tree_of(late, site=eastern).xpath("//h3[@class='day-block']")[0]).startswith("Sabtu 28")
