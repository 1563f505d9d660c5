"""The desk's commands on posts, what waits for a second person, and the log of it all."""

import pytest
from sqlalchemy import create_engine, text

from feedhub.store.engines import read_url
from standins import answer
from test_cli import NOBODY, feedhub_on_sqlite, standing_in  # noqa: F401 - the fixture
from walked import rss

BODY = rss(("b", "Vaksin", "Gratis."), ("a", "Bansos", "Cair."))


@pytest.fixture
def city(feedhub_on_sqlite):  # noqa: F811 - the fixture
    """A department with two posts; the ids of them."""
    feedhub = feedhub_on_sqlite
    with standing_in(lambda _asked: answer(body=BODY)) as base:
        feedhub("register", "import", feedhub.write(base + "/feed"))
        feedhub("sync", "--once")
    engine = create_engine(read_url(feedhub.settings["database_url"]))
    with engine.connect() as connection:
        ids = [row.id for row in connection.execute(text("SELECT id FROM post ORDER BY order_key"))]
    engine.dispose()
    return feedhub, [f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}" for id in ids]


def test_posts_are_withdrawn_reinstated_corrected_and_erased_and_the_log_tells_it(city):
    feedhub, (first, second) = city
    assert feedhub("log").out == "The log is empty.\n"
    for command, more in (("withdraw", []), ("reinstate", []), ("correct", ["--redact"]), ("erase", [])):
        done = feedhub(command, first, "--reason", "Jadwalnya keliru.", *more)
        assert (done.code, "of the log" in done.out) == (0, True), done
        again = feedhub(command, first, "--reason", "Jadwalnya keliru.", *more)
        assert (again.code, "it was so already" in again.out) == (0, True), again
    told = feedhub("log", "--json", "--limit", "3").json
    assert [one["kind"] for one in told["entries"]] == ["erasure", "redaction", "reinstatement"]
    assert told["head"] == {"number": 4, "hash": told["entries"][0]["hash"]}
    assert {one["actor"] for one in told["entries"]} == {"operator"}
    assert "Jadwalnya keliru." in feedhub("log").out
    feedhub("correct", first, "--reason", "x").refuses(1, "withdrawn")
    feedhub("reinstate", first, "--reason", "x").refuses(1, "erased")
    feedhub("erase", NOBODY, "--reason", "x").refuses(1, NOBODY)
    assert feedhub("withdraw", second, "--reason", "x" * 501).code == 2


def test_the_chain_is_verified_and_the_broken_entry_named(city):
    feedhub, (first, second) = city
    for post in (first, second):
        feedhub("withdraw", post, "--reason", "Keliru.")
    head = feedhub("log", "--json").json["head"]["hash"]
    assert feedhub("log", "verify").out == f"The log is whole: 2 entries, newest hash {head}.\n"
    assert feedhub("log", "verify", "--head", head).code == 0
    feedhub("log", "verify", "--head", "f" * 64).refuses(1, "does not hold that hash")
    engine = create_engine(read_url(feedhub.settings["database_url"]))
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER act_no_update"))
        connection.execute(text("UPDATE act SET reason = 'Lain.' WHERE number = 1"))
    engine.dispose()
    feedhub("log", "verify").refuses(1, "entry 1 was changed")


def test_programs_are_told_what_became_of_an_act(city):
    feedhub, (first, second) = city
    done = feedhub("withdraw", first, "--reason", "Keliru.", "--json").json
    assert (done["state"], done["entry"]["kind"], done["entry"]["subject"]) == ("done", "withdrawal", first)
    for command, more in (("reinstate", []), ("correct", ["--redact"]), ("erase", [])):
        assert feedhub(command, first, "--reason", "Keliru.", "--json", *more).json["state"] == "done"
    assert feedhub("erase", first, "--reason", "Keliru.", "--json").json["state"] == "unchanged"
    head = feedhub("log", "--json").json["head"]
    assert feedhub("log", "verify", "--json").json == {"head": head}
    careful = {"four_eyes": "withdraw,stop"}
    waits = feedhub("withdraw", second, "--reason", "Keliru.", "--json", **careful).json
    assert waits == {"state": "proposed", "entry": None, "proposal": 1}
    account = feedhub("accounts", "status", "--json").json["accounts"][0]["id"]
    stop = ("accounts", "stop", account, "--since", "2026-01-01", "--reason", "Diretas.", "--json")
    assert feedhub(*stop, **careful).json == {"state": "proposed", "entry": None, "proposal": 2}
    rejected = {"state": "rejected", "entry": None, "proposal": 2}
    assert feedhub("proposals", "reject", 2, "--json").json == rejected


def test_acts_that_two_people_must_want_wait_for_somebody_with_a_key(city):
    feedhub, (first, _) = city
    careful = {"four_eyes": "withdraw,stop"}
    assert "Proposal 1" in feedhub("withdraw", first, "--reason", "Keliru.", **careful).out
    account = feedhub("accounts", "status", "--json").json["accounts"][0]["id"]
    stopped = feedhub("accounts", "stop", account, "--since", "2026-01-01", "--reason", "Diretas.", **careful)
    assert (stopped.code, "Proposal 2" in stopped.out) == (0, True)
    assert [(one["id"], one["act"]) for one in feedhub("proposals", "list", "--json").json["proposals"]] == [
        (1, "withdraw"),
        (2, "stop"),
    ]
    feedhub("proposals", "confirm", 1).refuses(1, "another person")
    assert feedhub("proposals", "reject", 2).out == "Proposal 2 is rejected.\n"
    feedhub("proposals", "confirm", 2).refuses(1, "2")
    assert first in feedhub("proposals", "list").out
    assert feedhub("log").out == "The log is empty.\n"
    feedhub("withdraw", first, "--reason", "x", four_eyes="conquer").refuses(1, "FEEDHUB_FOUR_EYES")
