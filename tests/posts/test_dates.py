"""Dates as the world writes them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from itertools import product
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedhub.posts.dates import read_date

# Files of rows: what is written = when it is, in RFC 3339; "unknown" where nothing may be invented.
TABLES = Path(__file__).parent / "dates"


def rows(name):
    lines = (TABLES / name).read_text("utf-8").splitlines()
    return [line.rsplit(" = ", 1) for line in lines if not line.startswith("#")]


def written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "unknown"


@pytest.mark.parametrize(("text", "when"), rows("in_utc.txt"))
def test_date_is_read_or_unknown(text, when):
    assert written(read_date(text)) == when


@pytest.mark.parametrize(("text", "when"), rows("in_jakarta.txt"))
def test_date_without_zone_is_in_the_given_one(text, when):
    assert written(read_date(text, zone=ZoneInfo("Asia/Jakarta"))) == when


def test_white_space_and_invisible_marks_around_a_date_do_not_matter():
    for text in ("\n\t2025-01-06T10:00:00Z\n", "\ufeff2025-01-06T10:00:00Z", "Mon,\u00a006\u202fJan 2025 10:00:00 Z"):
        assert written(read_date(text)) == "2025-01-06T10:00:00+00:00"


MONTHS = """Januari Jan January|Februari Feb Peb Pebruari February|Maret Mar March|April Apr|Mei May|Juni Jun June|
Juli Jul July|Agustus Agu Ags Agt Agust August Aug|September Sep Sept|Oktober Okt October Oct|
November Nov Nop Nopember|Desember Des December Dec"""
WEEKDAYS = "Senin Sen Selasa Sel Rabu Rab Kamis Kam Jumat Jum'at Jum Sabtu Sab Minggu Min Mon Tuesday"


def test_every_name_of_a_month_is_known_in_every_form():
    for number, names in enumerate(MONTHS.split("|"), 1):
        for name, weekday in product(names.split(), WEEKDAYS.split()):
            expected = datetime(2025, number, 6, 10, tzinfo=timezone(timedelta(hours=7)))
            for text in (f"{weekday}, 06 {name} 2025 10:00:00 +0700", f"{weekday} 6 {name.upper()} 2025 10.00 WIB"):
                assert read_date(text) == expected, text


moments = st.integers(86_400, 4_133_800_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moments, offsets)
def test_what_programs_write_is_read_back(moment, offset):
    there = moment.astimezone(offset)
    for text in (there.isoformat(), there.isoformat(" "), format_datetime(there), there.strftime("%Y%m%dT%H%M%S%z")):
        assert read_date(text) == moment


@given(st.text(max_size=200))
@example("9" * 128)
@example("(" * 128)
@example("1:00" * 32)
@example("\ud800")
@example("10:00 +99:99 1 Jan 2025")
def test_nothing_makes_it_raise(text):
    check(text)


pieces = st.lists(
    st.sampled_from(
        [
            *sorted({piece for text, _ in rows("in_utc.txt") for piece in re.findall(r"\w+|\W", text)}),
            *("@", "²", "١", "\x00", "am", "m08", "99999", "+24"),
        ]
    ),
    max_size=12,
)


@given(pieces, st.sampled_from(["", " "]))
def test_nothing_date_like_makes_it_raise(pieces, between):
    check(between.join(pieces))


def check(text):
    moment = read_date(text)
    assert moment is None or (moment.tzinfo is not None and 1970 <= moment.year <= 2100)


def test_what_is_too_long_is_unknown_at_once():
    started = perf_counter()
    for text in ("(" * 10_000_000, "1" * 10_000_000, " " * 10_000_000 + "x", "2025-01-06" + " " * 200 + "10:00"):
        assert read_date(text) is None
    for character in "(1: .-@amZ+\\":
        for _ in range(50):
            read_date(character * 128)
            read_date("6 Jan 2025 " + character * 110)
    assert perf_counter() - started < 2


def recorded_dates() -> Iterator[str]:
    folder = Path(__file__).parents[3] / "shared/payloads/feeds/real"
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            text = path.read_bytes()[:2_000_000].decode("utf-8", "replace")
            for found in re.finditer(r"<(pubDate|dc:date|published|updated)>([^<]{1,100})</", text):
                yield found[2]


def test_recorded_dates_are_nearly_all_read():
    dates = list(recorded_dates())
    print(f"{len(dates)} recorded dates")  # noqa: T201  says what was read where the recordings are absent
    unread = {text for text in dates if text.strip() and read_date(text) is None}
    assert len(unread) <= len(dates) / 100, sorted(unread)
