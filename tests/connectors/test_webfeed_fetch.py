"""How a feed is asked for: conditionally, and at the address where it lives now."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from httpx import Headers

from feedhub.accounts.account import Account, Platform
from feedhub.connectors.exchange import Answer
from feedhub.connectors.feed_visit import MOVES_TO_BELIEVE, next_hint
from feedhub.connectors.webfeed import connector
from feedhub.failures import BadAnswer, NotAFeed, NotFound

HOME, NEW = "https://dinas.example/feed/", "https://baru.example/feed/"
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)


class Site:
    """Stands where the fetcher stands: answers by address, remembers what it was asked."""

    def __init__(self, **answers):
        self.answers = answers
        self.asked = []

    async def get(self, url, *, headers, now):
        assert now >= NOW
        self.asked.append((url, dict(headers)))
        answer = self.answers["new" if url == NEW else "home"]
        if isinstance(answer, Exception):
            raise answer
        return answer


def answered(body=b"<rss/>", status=200, url=HOME, moved_to=None, **headers):
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, url=url, headers=Headers(fields, encoding="latin-1"), body=body, moved_to=moved_to)


def visit(site, cursor=None, url=HOME, now=NOW):
    account = Account(key="k", platform=Platform.WEBFEED, department="dinas", url=url)
    return asyncio.run(connector.fetch(site, account, cursor or {}, credential=None, now=now))


def test_first_visit_brings_the_document_and_remembers_validators_byte_for_byte():
    site = Site(
        home=answered(etag=' W/"a b\xe9"', last_modified="Fri, 20 nov 2026 00:00:00 +0000", content_type="text/html")
    )
    batch = visit(site, url=HOME + "#terbaru")
    assert site.asked == [(HOME, {})]
    [document] = batch.documents
    assert (document.url, document.body, document.fetched_at, document.content_type) == (
        HOME,
        b"<rss/>",
        NOW,
        "text/html",
    )
    assert batch.cursor["etag"] == ' W/"a b\xe9"'
    assert batch.cursor["last_modified"] == "Fri, 20 nov 2026 00:00:00 +0000"


def test_next_visit_asks_for_what_is_newer_and_keeps_its_validators():
    cursor = visit(Site(home=answered(etag='"1"', last_modified="x"))).cursor
    site = Site(home=answered(b"", status=304))
    batch = visit(site, cursor)
    assert site.asked == [(HOME, {"If-None-Match": '"1"', "If-Modified-Since": "x"})]
    assert batch.not_modified
    assert batch.documents == ()
    assert batch.cursor == cursor


def test_same_body_is_not_modified_though_the_site_says_200():
    cursor = visit(Site(home=answered())).cursor
    assert visit(Site(home=answered(etag='"2"')), cursor).not_modified
    assert not visit(Site(home=answered(b"<rss />")), cursor).not_modified


def test_once_a_day_the_whole_feed_is_asked_for():
    """WordPress says that nothing changed when a post was deleted."""
    cursor = visit(Site(home=answered(etag='"1"'))).cursor
    later = visit(Site(home=answered(b"", status=304)), cursor, now=NOW + timedelta(hours=23))
    assert later.not_modified
    site = Site(home=answered(etag='"1"'))
    assert visit(site, later.cursor, now=NOW + timedelta(hours=24)).not_modified
    assert site.asked == [(HOME, {})]


def test_not_modified_without_a_question_is_a_wrong_answer():
    with pytest.raises(BadAnswer):
        visit(Site(home=answered(b"", status=304)))


def test_validators_of_another_address_are_forgotten():
    cursor = visit(Site(home=answered(etag='"1"'))).cursor
    site = Site(home=answered())
    visit(site, cursor, url="https://dinas.example/rss")
    assert site.asked == [("https://dinas.example/rss", {})]


def test_move_is_believed_after_it_held_ten_times_in_a_row():
    cursor = {}
    for n in range(MOVES_TO_BELIEVE):
        site = Site(home=answered(str(n).encode(), url=NEW, moved_to=NEW), new=answered(url=NEW))
        batch = visit(site, cursor)
        assert site.asked[0][0] == HOME
        assert batch.moved_to == (NEW if n == MOVES_TO_BELIEVE - 1 else None)
        cursor = batch.cursor
    site = Site(home=answered(), new=answered(url=NEW))
    batch = visit(site, cursor)
    assert [url for url, _ in site.asked] == [NEW]
    assert batch.moved_to == NEW
    assert visit(site, batch.cursor).moved_to == NEW


def test_move_that_does_not_hold_is_forgotten():
    cursor = visit(Site(home=answered(url=NEW, moved_to=NEW))).cursor
    assert cursor["moves"] == "1"
    cursor = visit(Site(home=answered(b"2")), cursor).cursor
    assert "moves" not in cursor
    cursor = visit(Site(home=answered(b"3", url=NEW, moved_to=NEW)), cursor).cursor
    cursor = visit(Site(home=answered(b"4", url=HOME + "2", moved_to=HOME + "2")), cursor).cursor
    assert (cursor["moved_to"], cursor["moves"]) == (HOME + "2", "1")


def test_old_home_is_asked_again_when_the_new_one_is_gone():
    cursor = {"url": HOME, "moved_to": NEW, "moves": "10", "etag": '"1"'}
    site = Site(home=answered(), new=NotFound("gone"))
    batch = visit(site, cursor)
    assert [url for url, _ in site.asked] == [NEW, HOME]
    assert len(batch.documents) == 1
    assert "moved_to" not in batch.cursor


def test_failure_of_a_home_that_never_moved_is_told():
    with pytest.raises(NotFound):
        visit(Site(home=NotFound("not there")))


def test_account_without_an_address_is_told():
    with pytest.raises(NotAFeed):
        visit(Site(), url=None)


HINTS = {
    "max-age": ({"cache_control": "public, max-age=600"}, 600),
    "quoted": ({"cache_control": 'max-age="60"'}, 60),
    "max-age before Expires": ({"cache_control": "max-age=60", "expires": "Fri, 20 Nov 2026 02:00:00 GMT"}, 60),
    "s-maxage is for others": ({"cache_control": "s-maxage=60"}, None),
    "no time at all": ({"cache_control": "max-age=0, must-revalidate"}, None),
    "Expires": ({"expires": "Fri, 20 Nov 2026 02:00:00 GMT"}, 3600),
    "Expires by the site's clock": (
        {"expires": "Fri, 20 Nov 2026 02:00:00 GMT", "date": "Fri, 20 Nov 2026 01:30:00 GMT"},
        1800,
    ),
    "Expires in the past": ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
    "Expires that is no date": ({"expires": "0"}, None),
    "beyond a year": ({"cache_control": "max-age=999999999"}, 366 * 86400),
    "nothing": ({}, None),
}


@pytest.mark.parametrize(("headers", "seconds"), HINTS.values(), ids=HINTS)
def test_site_says_how_long_to_stay_away(headers, seconds):
    assert next_hint(answered(**headers), NOW) == (timedelta(seconds=seconds) if seconds else None)
