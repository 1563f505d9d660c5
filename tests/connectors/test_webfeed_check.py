from datetime import UTC, datetime

import pytest

from feedhub.accounts.account import Account, Platform, Via
from feedhub.connectors.contract import Suspect
from feedhub.connectors.http import Http
from feedhub.connectors.webfeed import connector
from feedhub.failures import VisitFailed
from feedhub.payloads.payload import Document
from standins import answer, hanging_up, redirect, standin

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
ITEM = "<item><guid>{0}</guid><title>Kabar {0}</title><link>https://a.example/{0}</link><pubDate>{1}</pubDate></item>"


def rss(*dates: str) -> bytes:
    items = "".join(ITEM.format(number, date) for number, date in enumerate(dates))
    return f"<rss><channel><title>Dinas</title>{items}</channel></rss>".encode()


async def gone(pages, *, via=None, sibling="/ada", suspects=("/hilang",)):
    async with (
        standin(pages) as base,
        Http(contact="it@kota.example", public_url="http://127.0.0.1", allow="127.0.0.0/8") as http,
    ):
        account = Account(key="k", platform=Platform.WEBFEED, department="d", url=f"{base}/feed", via=via)
        asked = [
            Suspect(
                native_id=path,
                source_url=f"{base}{path}",
                sibling=sibling and (sibling if "://" in sibling else f"{base}{sibling}"),
            )
            for path in suspects
        ]
        assert connector.check
        batch = await connector.check(http, account, asked, credential=None, now=NOW)
        assert batch.documents == ()
        return batch.gone, [one.path for one in base.asked]


PAGE = answer(body=b"<html><p>Ada</p></html>", fields={"Content-Type": "text/html"})


@pytest.mark.parametrize("status", [404, 410])
async def test_a_page_that_is_no_more_beside_one_that_is_there_is_gone(status):
    assert await gone({"/hilang": answer(status), "/ada": PAGE}) == (("/hilang",), ["/hilang", "/ada"])


@pytest.mark.parametrize(
    "pages",
    [
        {"/hilang": answer(404), "/ada": answer(404)},  # the whole site has a fault
        {"/hilang": answer(404), "/ada": answer(503)},
        {"/hilang": PAGE, "/ada": PAGE},  # it is there, or only looks so: soft 404s are not believed
        {"/hilang": answer(403), "/ada": PAGE},
        {"/hilang": answer(500), "/ada": PAGE},
        {"/hilang": redirect("/"), "/": PAGE, "/ada": PAGE},
    ],
    ids=["both 404", "sibling 503", "200", "403", "500", "to the front page"],
)
async def test_doubt_is_no_word(pages):
    assert (await gone(pages))[0] == ()


async def test_a_sibling_is_asked_once_and_only_for_something():
    pages = {"/satu": answer(404), "/dua": answer(410), "/ada": PAGE}
    assert await gone(pages, suspects=("/satu", "/dua")) == (("/satu", "/dua"), ["/satu", "/ada", "/dua"])
    assert (await gone(pages, sibling=None))[1] == []
    assert (await gone(pages, sibling="https://b.example/ada"))[1] == []
    assert (await gone(pages, sibling="/satu", suspects=("/satu",)))[1] == []


async def test_pages_behind_a_bridge_are_left_alone():
    assert await gone({"/hilang": answer(404), "/ada": PAGE}, via=Via.BRIDGE) == ((), [])


async def test_a_broken_site_fails_the_check_and_says_nothing():
    with pytest.raises(VisitFailed):
        await gone({"/hilang": hanging_up(), "/ada": PAGE})


@pytest.mark.parametrize(
    ("dates", "since"),
    [
        (("Mon, 02 Nov 2026 08:00:00 GMT", "Sun, 01 Nov 2026 08:00:00 GMT"), "2026-11-01T08:00:01+00:00"),
        (("2026-11-02T08:00:00Z", "Minggu, 1 November 2026 10.00 WIB"), "2026-11-01T10:00:01+07:00"),
        (("Sun, 01 Nov 2026 08:00:00 GMT", "Mon, 02 Nov 2026 08:00:00 GMT"), None),  # another order
        (("Mon, 02 Nov 2026 08:00:00 GMT", ""), None),
        (("Mon, 02 Nov 2026 08:00:00 GMT", "kemarin"), None),
        ((), None),
    ],
)
def test_a_feed_covers_the_time_since_its_oldest_item(dates, since):
    split = connector.split(Document(url="https://a.example/feed", body=rss(*dates), fetched_at=NOW))
    assert (split.covers_since and split.covers_since.isoformat()) == since
    assert len(split.payloads) == len(dates)


@pytest.mark.parametrize(
    "body",
    [
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><updated>2026-11-02T08:00:00Z</updated>'
            b"<published>2026-11-01T08:00:00Z</published><title>A</title></entry></feed>"
        ),
        (
            b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"a","title":"A",'
            b'"date_modified":"2026-11-02T08:00:00Z","date_published":"2026-11-01T08:00:00Z"}]}'
        ),
        (
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
            b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item rdf:about="https://a.example/a">'
            b"<title>A</title><dc:date>2026-11-01T08:00:00Z</dc:date></item></rdf:RDF>"
        ),
    ],
    ids=["atom", "json", "rdf"],
)
def test_every_form_says_since_when(body):
    split = connector.split(Document(url="https://a.example/feed", body=body, fetched_at=NOW))
    assert split.covers_since == datetime(2026, 11, 1, 8, 0, 1, tzinfo=UTC)
