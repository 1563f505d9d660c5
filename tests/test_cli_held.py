"""The desk's commands: what is held, released, dropped; an account stopped and lifted."""

import pytest

from standins import answer
from test_cli import NOBODY, feedhub, standing_in  # noqa: F401 - the fixture

OLD = "2026-10-01T00:00:00Z"


def atom(*entries: tuple[str, str, str]) -> bytes:
    written = "".join(
        f"<entry><id>{id}</id><title>{id}</title><updated>{at}</updated><published>{at}</published>"
        f"<content type='text'>{text}</content></entry>"
        for id, text, at in entries
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Berita</title>{written}</feed>".encode()


PAST = tuple((f"lama-{place}", "Jadwal puskesmas.", f"2026-10-{place + 1:02}T00:00:00Z") for place in range(12))


@pytest.fixture
def hijacked(feedhub):  # noqa: F811 - the fixture
    """A department whose site suddenly leads to a stranger; the account's id."""
    body = [atom(*PAST)]
    with standing_in(lambda _asked: answer(body=body[0])) as base:
        feedhub("register", "import", feedhub.write(base + "/feed"))
        feedhub("sync", "--once")
        body[0] = atom(
            *PAST, ("baik", "Kabar baik.", "2026-11-01T00:00:00Z"), ("judi", "Buka slot77.xyz", "2026-11-02T00:00:00Z")
        )
        feedhub("sync", "--all")
        yield feedhub, feedhub("accounts", "status", "--json").json["accounts"][0]["id"]


def test_what_is_held_is_listed_released_and_dropped(hijacked):
    feedhub, account = hijacked  # noqa: F811 - the fixture
    listed = feedhub("held", "list", "--json").json
    [post] = listed["posts"]
    assert set(post) == {
        "id",
        "account",
        "department",
        "what",
        "rule",
        "reason",
        "since",
        "title",
        "source_url",
    }
    assert (listed["accounts"], post["account"], post["what"], post["rule"]) == ([], account, "post", "links")
    assert "slot77.xyz" in feedhub("held", "list").out
    assert "1 for links" in feedhub("accounts", "status").out
    assert feedhub("held", "drop", post["id"], "--json").json == {"dropped": 1}
    assert feedhub("held", "list").out == "Nothing is held.\n"
    assert feedhub("held", "release", post["id"], "--json").json == {"posts": 1, "edits": 0, "deletions": 0}
    assert feedhub("held", "release", account).out == "Released 0 posts, 0 edits and 0 deletions.\n"
    feedhub("held", "release", NOBODY).refuses(1, NOBODY)
    feedhub("held", "list", "--account", NOBODY).refuses(1, NOBODY)


def test_an_account_is_stopped_and_lifted(hijacked):
    feedhub, account = hijacked  # noqa: F811 - the fixture
    told = ("accounts", "stop", account, "--reason", "Akun diretas.", "--since")
    feedhub(*told, "kemarin").refuses(1, "kemarin")
    stopped = feedhub(*told, "2026-10-31T00:00", "--json").json
    assert stopped == {"account": account, "since": "2026-10-30T17:00:00Z", "withdrawn": 1}
    assert feedhub(*told, "2026-10-31T00:00").out == f"Account {account} is stopped; 0 posts are withdrawn.\n"
    feedhub("accounts", "resume", account).refuses(1, "lift")
    feedhub("accounts", "pause", account).refuses(1, "lift")
    assert "stopped by the desk" in feedhub("accounts", "status").out
    lifted = feedhub("accounts", "lift", account, "--reason", "Sandinya diganti.", "--json").json
    assert feedhub("log", "--json").json["entries"][0]["reason"] == "Sandinya diganti."
    assert lifted == {"account": account, "revived": 1, "released": 0, "edits": 0, "held": 0}
    assert "0 posts live again" in feedhub("accounts", "lift", account).out
    feedhub("accounts", "lift", NOBODY).refuses(1, NOBODY)
