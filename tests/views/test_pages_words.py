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
from feedhub.posts.acts import DESK, OPERATOR, ActKind
from feedhub.posts.kept import NoticeKind
from feedhub.posts.verdict import Problem
from feedhub.store.mail_links import MailAct
from feedhub.store.mail_lists import Cadence
from feedhub.views import messages
from feedhub.views.messages import LANGUAGES, catalog, speaker
from feedhub.views.page_outcomes import outcome_words
from feedhub.views.page_status import Delivery
from feedhub.views.page_template import static_file
from feedhub.views.page_times import shown_day, shown_time
from feedhub.views.versions import COMPARED
from feedhub.views.widget_list import Layout, Theme

VIEWS = Path(messages.__file__).parent


def every_outcome(of=VisitFailed):
    yield of.outcome
    for below in of.__subclasses__():
        yield from every_outcome(below)


SNIPPETS = ("csp", "element", "iframe", "include", "joomla", "own", "pinned", "style", "wordpress")
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
    | {f"verify_{one}_{what}" for one in Problem for what in ("problem", "remedy")}
    | {f"outcome_{one}" for one in sorted({*every_outcome(), "never", "ok", "not_modified"})}
    | {f"outcome_{one}_remedy" for one in sorted({*every_outcome(), "never"})}
    | {f"act_{see}{one}" for one in ActKind for see in ("", "see_")}
    | {f"log_by_{one}" for one in (OPERATOR, DESK, "department")}
    | {f"telling_do_{one}" for one in set(ActKind) - {ActKind.REINSTATEMENT, ActKind.LIFT}}
    | {f"language_{one}" for one in LANGUAGES}
    | {f"widget_layout_{one}" for one in Layout}
    | {f"widget_theme_{one or 'none'}" for one in Theme}
    | {f"widget_colour_{one}" for one in ("accent", "background", "border", "surface", "text")}
    | {f"widget_{one}{end}" for one in SNIPPETS for end in ("", "_how")}
    | {"connect_" + one for one in ("lead", "reads", "reads_posts", "reads_name", "never", "title")}
    | {f"version_{one}" for one in COMPARED}
    | {f"mail_{one}" for one in Cadence}
    | {f"mail_{one}_{what}" for one in MailAct for what in ("title", "ask", "button", "note", "done", "done_text")}
    | {"connect_" + one for one in ("never_posts", "never_reads", "button", "hint")}
)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def forms(language: str) -> dict[str, tuple[str, ...]]:
    """What a catalogue says under each key, in every plural form."""
    said = {}
    for message in catalog(language):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            said[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return said


SAID = {language: forms(language) for language in LANGUAGES}
KEYS = set(SAID["id"])


def test_both_catalogues_have_the_same_keys():
    assert set(SAID["id"]) == set(SAID["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_doubtful_or_untranslated(language):
    assert [message.id for message in catalog(language) if message.id and message.fuzzy] == []
    assert [key for key, said in SAID[language].items() if not all(form.strip() for form in said)] == []
    assert all(len(said) in (1, catalog(language).num_plurals) for said in SAID[language].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice_in_a_catalogue(language):
    text = (VIEWS / "locale" / f"{language}.po").read_text()
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("key", sorted(KEYS))
def test_both_languages_say_the_same_things(key):
    asked = {frozenset(places(form)) for language in LANGUAGES for form in SAID[language][key]}
    assert len(asked) == 1


def test_every_message_is_used_and_every_used_one_exists():
    written = "\n".join(
        path.read_text()
        for path in [
            *VIEWS.glob("*.py"),
            *(file for part in ("web", "wires") for file in (VIEWS.parent / part).glob("*.py")),
            *VIEWS.glob("templates/*"),
        ]
    )
    said = set(re.findall(r"""\b(?:t|say)\(\s*["']([a-z0-9_]+)["']\s*[,)]""", written))
    listed = set(re.findall(r"""["']([a-z0-9_]+)["']""", written)) & KEYS
    assert said - KEYS == set()
    assert set() == MADE - KEYS
    assert KEYS - said - listed - MADE == set()


# Text that is the same in every language: names of formats and platforms, and punctuation.
NAMES = {"Telegram", "oEmbed", "WordPress", "Joomla", "RSS", "Atom", "JSON", "OPML", "CSV", "FeedHub", "WhatsApp", "QR"}


# The API's own page is English like the API.
TRANSLATED = [path for path in sorted((VIEWS / "templates").glob("*.html")) if path.name != "docs.html"]


@pytest.mark.parametrize("path", TRANSLATED, ids=lambda path: path.name)
def test_templates_hold_no_untranslated_words(path):
    # What is set at the top of a macro are attributes for several of its elements.
    text = re.sub(r"\{% set \w+ %\}.*?\{% endset %\}", "", path.read_text())
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "\x00", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style|code)\b.*?</\1>", "\x00", text, flags=re.DOTALL)
    spoken = re.findall(r"""\b(?:alt|title|aria-label|placeholder|content)="([^"]*)\"""", text)
    spoken += re.split(r"<[^>]*>", text)
    words = {word for run in spoken for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", run))}
    assert words - NAMES - SETTINGS_OF_BROWSERS == set()


# What stands in <meta content>: no words for people.
SETTINGS_OF_BROWSERS = {"width", "device", "initial", "scale", "light", "dark", "same", "origin", "no", "referrer"} | {
    "noindex",
    "article",
    "website",
}


@pytest.mark.parametrize("outcome", sorted({*every_outcome(), "never", "ok", "not_modified"}))
def test_every_outcome_has_words_for_people(outcome):
    indonesian, english = outcome_words(outcome, "id"), outcome_words(outcome, "en")
    assert indonesian.why != english.why
    assert indonesian.why.endswith(".")
    assert bool(indonesian.remedy) == bool(english.remedy) == (outcome not in ("ok", "not_modified"))


def test_messages_are_said_in_the_language_asked_for():
    assert speaker("en")("version_short", n=3) == "Version 3"
    assert speaker("id")("version_short", n=3) == "Versi 3"
    with pytest.raises(KeyError):
        speaker("id")("no_such_message")


@pytest.mark.parametrize(
    ("language", "number", "begins"),
    [("en", 1, "1 post was"), ("en", 2, "2 posts were"), ("en", 0, "0 posts were"), ("id", 1, "1 kiriman ditarik")],
)
def test_numbers_take_the_plural_form_of_their_language(language, number, begins):
    assert speaker(language)("stop_stopped_text", n=number).startswith(begins)


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
