"""A change in the API: the post as it is now, or none of it."""

from datetime import UTC, datetime

import orjson
import pytest

from feedhub.accounts.account import Publisher
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.posts.post import PostStatus
from feedhub.views.api import post_json
from feedhub.views.api_changes import change_json
from posts_made import made_kept

PUBLISHER = Publisher(name="Kota Probolinggo")
NOTICE = Notice(kind=NoticeKind.WITHDRAWAL, reason="Jadwal keliru.", at=datetime(2026, 11, 20, 3, tzinfo=UTC))
CONTRACT = ["change", "state", "id", "status", "version", "backfill", "at", "post", "notice"]


def change(**changes):
    kept = made_kept(**changes)
    return kept, change_json(kept, publisher=PUBLISHER, public_url="https://kabar.example")


def test_a_change_has_the_contracts_keys_and_the_very_post_of_the_api():
    kept, told = change(version=2, change=1204)
    assert list(told) == CONTRACT
    assert told["post"] == post_json(kept, publisher=PUBLISHER, public_url="https://kabar.example")
    assert (told["change"], told["state"], told["version"]) == (1204, "updated", 2)
    assert told["at"] == "2026-11-20T08:00:00+07:00"


@pytest.mark.parametrize("status", [status for status in PostStatus if status is not PostStatus.LIVE])
def test_a_deleted_post_says_why_and_nothing_that_it_said(status):
    _, told = change(status=status, notice=NOTICE)
    assert list(told) == CONTRACT
    assert (told["state"], told["status"], told["post"]) == ("deleted", status.value, None)
    assert told["notice"] == {"kind": "withdrawal", "reason": "Jadwal keliru.", "at": "2026-11-20T10:00:00+07:00"}
    assert b"Imunisasi" not in orjson.dumps(told)
