"""What can't be written costs itself, never the feed around it; and what no thread may see."""

import json
import locale
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from structlog.testing import capture_logs

from checkers import api_faults, atom_faults, jsonfeed_faults, rss_faults
from feedhub.accounts.account import Department, Publisher
from feedhub.posts.kept import KeptPost
from feedhub.posts.post import PostStatus
from feedhub.views.api import post_document, post_json, posts_page
from feedhub.views.channel import Tombstone
from feedhub.views.formats import FORMATS
from posts_made import kept_posts, made_channel, made_kept, made_post

FAULTS = {"rss": rss_faults, "atom": atom_faults, "json": jsonfeed_faults}
GOOD = made_kept()
BAD = {
    "rss": made_kept(post=made_post(native_id="2"), department=Department(slug="a", name="Dinas\x0bA")),
    "atom": made_kept(post=made_post(native_id="2"), department=Department(slug="a", name="Dinas\ufffeA")),
    "json": made_kept(post=made_post(native_id="2"), department=Department(slug="a", name="Dinas\ud800A")),
}


@pytest.mark.parametrize("name", FORMATS)
def test_entry_that_cannot_be_written_is_left_out_and_logged(name: str):
    with capture_logs() as logs:
        document = FORMATS[name].render(made_channel(BAD[name], GOOD))
    assert FAULTS[name](document) == []
    assert document == FORMATS[name].render(made_channel(GOOD))
    assert [(log["event"], log["post"], log["format"]) for log in logs] == [("entry.left_out", str(BAD[name].id), name)]


def test_post_that_cannot_be_written_is_left_out_of_the_api_and_logged():
    with capture_logs() as logs:
        page = posts_page([BAD["json"], GOOD], publisher=Publisher(), public_url="https://k.example")
    assert [post["id"] for post in json.loads(page)["posts"]] == [str(GOOD.id)]
    assert [log["event"] for log in logs] == ["entry.left_out"]


@pytest.mark.parametrize("name", FORMATS)
def test_time_at_the_end_of_the_calendar_costs_its_entry_only(name: str):
    late = made_kept(post=made_post(native_id="2"), published_at=datetime.max.replace(tzinfo=UTC))
    with capture_logs() as logs:
        document = FORMATS[name].render(made_channel(late, GOOD))
    assert document == FORMATS[name].render(made_channel(GOOD))
    assert len(logs) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_control_characters_in_a_channels_own_texts_are_cleaned(name: str):
    stone = Tombstone(id=GOOD.id, deleted_at=GOOD.updated_at, reason="Salah\x0b alamat")
    document = FORMATS[name].render(
        made_channel(
            title="Cari: \x00\x0b air",
            description="\x1b[31m",
            publisher=Publisher(name="Ko\x08ta"),
            tombstones=(stone,),
        )
    )
    assert FAULTS[name](document) == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("empty", ["", " ", "\x00", "\ufeff"])
def test_a_title_without_text_becomes_the_publishers_name(name: str, empty: str):
    named = FORMATS[name].render(made_channel(GOOD, title=empty))
    assert named == FORMATS[name].render(made_channel(GOOD, title=made_channel().publisher.name))
    nameless = FORMATS[name].render(made_channel(GOOD, title=empty, publisher=Publisher(name=empty)))
    assert FAULTS[name](nameless) == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("status", [status for status in PostStatus if status is not PostStatus.LIVE])
def test_content_that_was_not_taken_away_is_not_shown_all_the_same(name: str, status: PostStatus):
    careless = replace(made_kept(post=made_post(title="RAHASIA", content_html="RAHASIA")), status=status)
    assert b"RAHASIA" not in FORMATS[name].render(made_channel(careless))
    assert b"RAHASIA" not in post_document(careless, publisher=Publisher(), public_url="https://k.example")


@pytest.mark.parametrize("name", FORMATS)
def test_rendering_leaves_the_process_locale_alone(name: str, monkeypatch: pytest.MonkeyPatch):
    def refuse(*arguments):
        pytest.fail(f"setlocale{arguments}")

    monkeypatch.setattr(locale, "setlocale", refuse)
    FORMATS[name].render(made_channel(GOOD))


@settings(max_examples=30, deadline=None)
@given(kept=kept_posts())
def test_post_in_the_api_keeps_the_contract_whatever_it_holds(kept: KeptPost):
    publisher = Publisher(license="https://creativecommons.org/licenses/by/4.0/")
    assert api_faults(post_document(kept, publisher=publisher, public_url="https://k.example")) == []


def test_post_in_the_api_stands_in_the_publishers_offset():
    kept = made_kept(published_at=datetime(2026, 11, 20, 1, 0, 0, 999999, tzinfo=UTC))
    post = post_json(kept, publisher=Publisher(time_zone="Asia/Jayapura"), public_url="https://k.example")
    assert post["published_at"] == "2026-11-20T10:00:00+09:00"
    assert post["url"] == f"https://k.example/posts/{kept.id}"
