"""Keys on the command line: made, listed, ended, rotated."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from feedhub.cli import app
from feedhub.errors import FeedHubError


@pytest.fixture
def keys(sqlite_url):
    return lambda *words: CliRunner().invoke(app, ["keys", *words, "--database", sqlite_url])


def listed(keys) -> list[dict]:
    return json.loads(keys("list", "--json").stdout)["keys"]


def test_a_key_has_scopes_a_contact_and_an_end(keys):
    scopes = ("--scope", "read", "--scope", "webhooks")
    made = keys("add", "Redaksi", *scopes, "--contact", "redaksi@harian.example", "--expires", "30")
    assert made.exit_code == 0
    assert "fh_" in made.stdout
    (one,) = listed(keys)
    assert (one["scopes"], one["contact"], one["state"]) == (["read", "webhooks"], "redaksi@harian.example", "open")
    left = datetime.fromisoformat(one["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    line = keys("list").stdout
    assert "redaksi@harian.example" in line
    assert f"until {one['expires_at'][:10]}" in line


def test_a_date_is_the_last_day_in_the_city(keys):
    keys("add", "Redaksi", "--expires", "2099-06-30")
    assert listed(keys)[0]["expires_at"] == "2099-06-30T17:00:00+00:00"


def test_rotation_makes_one_that_follows_and_ends_the_other(keys):
    keys("add", "Redaksi", "--scope", "read", "--signed", "--expires", "90")
    new = json.loads(keys("rotate", "1", "--overlap", "48", "--json").stdout)
    old, made = listed(keys)
    assert new["signing_secret"].startswith("whsec_")
    assert (made["id"], made["follows"], made["scopes"], made["signed"]) == (new["id"], 1, ["read"], True)
    for key, length in ((old, timedelta(hours=48)), (made, timedelta(days=90))):
        left = datetime.fromisoformat(key["expires_at"]) - datetime.now(UTC)
        assert timedelta() <= length - left < timedelta(minutes=1)
    again = keys("rotate", "1")
    assert isinstance(again.exception, FeedHubError)
    assert f"replaced by key {new['id']}" in str(again.exception)
    keys("rotate", str(new["id"]), "--overlap", "0")
    assert [key["state"] for key in listed(keys)] == ["open", "ended", "open"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "X", "--contact", "nobody"), "no mail address"),
        (("add", "X", "--contact", "a@b.example\nBcc: c@d.example"), "no mail address"),
        (("add", "X", "--expires", "soon"), "neither a number of days nor a date"),
        (("add", "X", "--expires", "0"), "neither a number of days nor a date"),
        (("add", "X", "--expires", "2020-01-01"), "is over"),
        (("rotate", "7"), "no key '7'"),
    ],
)
def test_a_wrong_word_is_named(keys, words, says):
    refused = keys(*words)
    assert refused.exit_code != 0
    assert says in " ".join(refused.output.replace("│", " ").split()) + str(refused.exception)
