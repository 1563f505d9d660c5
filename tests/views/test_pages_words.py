"""The messages, the times and the colours of the pages."""

import re
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from feedhub.accounts.account import AccountStatus, Platform
from feedhub.accounts.kinds import Kind
from feedhub.failures import VisitFailed
from feedhub.posts.kept import NoticeKind
from feedhub.views import messages
from feedhub.views.messages import MESSAGES, Words, speaker
from feedhub.views.page_outcomes import OUTCOMES
from feedhub.views.page_status import Delivery
from feedhub.views.page_template import static_file
from feedhub.views.page_times import shown_day, shown_time

VIEWS = Path(messages.__file__).parent
# Keys that are put together from a word of the program and a value of one of its lists.
MADE = (
    {f"platform_{one}" for one in Platform}
    | {kind.value for kind in Kind}
    | {kind.value for kind in NoticeKind}
    | {f"status_{one}" for one in Delivery}
    | {f"status_{one}" for one in AccountStatus if one is not AccountStatus.ACTIVE}
    | {f"error_{code}{tail}" for code in (404, 410, 422, 429, 500, 503) for tail in ("", "_text")}
    | {f"media_{one}" for one in ("video", "audio", "document")}
    | {"search_since", "search_until"}
    | {f"widget_{one}" for one in ("department", "kind", "limit", "language", "heading_level")}
)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", MESSAGES)
def test_both_languages_say_the_same_things(key):
    words = MESSAGES[key]
    assert words.id.strip()
    assert words.en.strip()
    assert places(words.id) == places(words.en)


def test_every_message_is_used_and_every_used_one_exists():
    written = "\n".join(
        path.read_text()
        for path in [*VIEWS.glob("*.py"), *(VIEWS.parent / "web").glob("*.py"), *VIEWS.glob("templates/*")]
        if path.name != "messages.py"
    )
    said = set(re.findall(r"""\b(?:t|say)\(\s*["']([a-z0-9_]+)["']\s*[,)]""", written))
    listed = set(re.findall(r"""["']([a-z_]+)["']""", written)) & MESSAGES.keys()
    assert said - MESSAGES.keys() == set()
    assert MADE - MESSAGES.keys() == set()
    assert MESSAGES.keys() - said - listed - MADE == set()


def every_outcome(of=VisitFailed):
    yield of.outcome
    for below in of.__subclasses__():
        yield from every_outcome(below)


@pytest.mark.parametrize("outcome", sorted({*every_outcome(), "never", "ok", "not_modified"}))
def test_every_outcome_has_words_for_people(outcome):
    why, remedy = OUTCOMES[outcome]
    assert why.id != why.en
    assert why.id.endswith(".")
    assert bool(remedy.id) == bool(remedy.en) == (outcome not in ("ok", "not_modified"))


def test_messages_are_said_in_the_language_asked_for():
    assert speaker("en")("version_short", n=3) == "Version 3"
    assert speaker("id")("version_short", n=3) == "Versi 3"
    assert Words("a", "b").en == "b"


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("Asia/Jakarta", "id", "1 Januari 2027, 00.30 WIB"),
        ("Asia/Makassar", "id", "1 Januari 2027, 01.30 WITA"),
        ("Asia/Jayapura", "en", "1 January 2027, 02:30 WIT"),
        ("Asia/Kolkata", "en", "31 December 2026, 23:00 IST"),
        ("America/Sao_Paulo", "en", "31 December 2026, 14:30 UTC-03:00"),
    ],
)
def test_times_are_told_in_the_publishers_zone(zone, language, words):
    at = datetime(2026, 12, 31, 17, 30, 0, 999, tzinfo=UTC)
    assert shown_time(at, ZoneInfo(zone), language).words == words


def test_days_have_their_names():
    at = datetime(2026, 8, 16, 18, tzinfo=UTC)
    assert shown_day(at, ZoneInfo("Asia/Jakarta"), "id").words == "Senin, 17 Agustus 2026"
    assert shown_day(at, ZoneInfo("UTC"), "en").machine == "2026-08-16"


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


SCHEMES = re.findall(r":root \{(.*?)\n\s*\}", static_file("feedhub.css").decode(), re.DOTALL)
TEXTS = ("ink", "quiet", "accent", "emergency", "service", "assistance", "event", "announcement", "news", "yes")
PAIRS = [(text, ground) for text in TEXTS for ground in ("surface", "ground")] + [
    ("on-accent", "accent"),
    ("surface", "ink"),
    ("surface", "emergency"),
    ("ink", "accent-soft"),
    ("ink", "mark"),
]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(scheme):
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", SCHEMES[scheme]))
    weak = {pair: ratio for pair in PAIRS if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 4.5}
    assert weak == {}
