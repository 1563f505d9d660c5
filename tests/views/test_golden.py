"""Golden pairs: a folder of one input and the documents that each view makes of it.

A new case is a folder with `channel.json` or `register.json`; FEEDHUB_WRITE_GOLDEN=1 writes the
expected documents anew, to be read before they are committed.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from checkers import api_faults, atom_faults, ics_faults, jsonfeed_faults, opml_faults, rss_faults
from feedhub.accounts.account import Register
from feedhub.posts.hidden_event import HiddenEvent
from feedhub.views.api import posts_page
from feedhub.views.api_register import accounts_page, departments_page, kinds_page
from feedhub.views.atom import render_atom
from feedhub.views.calendar import render_calendar
from feedhub.views.channel import Channel
from feedhub.views.jsonfeed import render_jsonfeed
from feedhub.views.opml import render_opml
from feedhub.views.rss import render_rss

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("FEEDHUB_WRITE_GOLDEN") == "1"
PUBLIC_URL = "https://kabar.example"


def _posts(channel: Channel) -> bytes:
    return posts_page(
        channel.posts, publisher=channel.publisher, public_url=channel.public_url, next_url=channel.next_url
    )


def _calendar(channel: Channel) -> bytes:
    """Tombstones stand for events that were taken back."""
    hidden = tuple(
        HiddenEvent(id=stone.id, change=2, starts_at=stone.deleted_at, all_day=False, hidden_at=stone.deleted_at)
        for stone in channel.graves()
    )
    return render_calendar(channel, hidden)


def _opml(register: Register) -> bytes:
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    return render_opml(register.publisher, register.departments, public_url=PUBLIC_URL, updated_at=at)


CHANNEL_VIEWS: dict[str, tuple[Callable[[Channel], bytes], Callable[[bytes], list[str]]]] = {
    "feed.rss": (render_rss, rss_faults),
    "feed.atom": (render_atom, atom_faults),
    "feed.json": (render_jsonfeed, jsonfeed_faults),
    "events.ics": (_calendar, ics_faults),
    "posts.json": (_posts, lambda document: api_faults(document, "posts_page")),
}
REGISTER_VIEWS: dict[str, tuple[Callable[[Register], bytes], Callable[[bytes], list[str]]]] = {
    "feeds.opml": (_opml, opml_faults),
    "departments.json": (
        lambda register: departments_page(register, public_url=PUBLIC_URL),
        lambda document: api_faults(document, "departments_page"),
    ),
    "accounts.json": (
        lambda register: accounts_page(register, public_url=PUBLIC_URL),
        lambda document: api_faults(document, "accounts_page"),
    ),
    "kinds.json": (
        lambda register: kinds_page(register, public_url=PUBLIC_URL),
        lambda document: api_faults(document, "kinds_page"),
    ),
}
INPUTS = {"channel.json": (Channel, CHANNEL_VIEWS), "register.json": (Register, REGISTER_VIEWS)}


def _pairs() -> list[tuple[Path, str]]:
    """Every input with every view of its kind."""
    return [
        (source, name)
        for source in sorted(GOLDEN.glob("*/*.json"))
        if source.name in INPUTS
        for name in INPUTS[source.name][1]
    ]


def _rendered(source: Path, name: str) -> bytes:
    shape, views = INPUTS[source.name]
    return views[name][0](msgspec.json.decode(source.read_bytes(), type=shape))


def _readable(name: str, document: bytes) -> str:
    """JSON on many lines, so that a difference can be read; the order of keys stays."""
    if not name.endswith(".json"):
        return document.decode()
    return json.dumps(json.loads(document), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("source", "name"), _pairs(), ids=lambda part: part if isinstance(part, str) else part.parent.name
)
def test_view_is_as_expected(source: Path, name: str):
    made = _readable(name, _rendered(source, name))
    expected = source.with_name(name)
    if WRITE:
        expected.write_bytes(made.encode())
    assert made == expected.read_bytes().decode()  # to the byte: lines end as the format wants


@pytest.mark.parametrize(
    ("source", "name"), _pairs(), ids=lambda part: part if isinstance(part, str) else part.parent.name
)
def test_expected_document_is_valid(source: Path, name: str):
    assert INPUTS[source.name][1][name][1](_rendered(source, name)) == []


def test_no_golden_stands_without_its_partner():
    folders = [folder for folder in GOLDEN.iterdir() if folder.is_dir()]
    assert folders
    for folder in folders:
        names = {file.name for file in folder.iterdir()}
        sources = names & set(INPUTS)
        (source,) = sources
        assert names == {source, *INPUTS[source][1]}, folder


@pytest.mark.parametrize("name", CHANNEL_VIEWS)
def test_what_is_not_live_says_nothing_of_its_content(name: str):
    source = GOLDEN / "hidden" / "channel.json"
    assert b"RAHASIA" in source.read_bytes()
    assert "rahasia" not in _rendered(source, name).decode().lower()


def test_private_contacts_are_nowhere():
    source = GOLDEN / "register" / "register.json"
    assert b"rahasia@" in source.read_bytes()
    assert not any(b"rahasia@" in _rendered(source, name) for name in REGISTER_VIEWS)
