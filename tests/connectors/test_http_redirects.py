"""Redirects are followed by hand: few, judged, and telling nobody what is not theirs."""

from datetime import UTC, datetime

import pytest

from feedhub import failures
from feedhub.connectors.http import Http
from standins import answer, redirect, standin, start

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
FEED = b"<rss version='2.0'/>"
PRIVATE = {
    "Authorization": "Bearer secret",
    "Cookie": "session=secret",
    "X-Api-Key": "secret",
    "If-None-Match": '"v1"',
    "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT",
}


async def everywhere(host, port):
    return ["127.0.0.1"]


def client(**options):
    return Http(
        contact="", public_url="https://kabar.example", allow="127.0.0.0/8", timeout=5, resolver=everywhere, **options
    )


async def failure(talk, path="/1"):
    async with standin(talk) as base, client() as http:
        with pytest.raises(failures.VisitFailed) as caught:
            await http.get(base + path, now=NOW)
        return caught.value, base


@pytest.mark.parametrize("statuses", [(301,), (308,), (301, 308, 301), (302,), (303,), (307,), (301, 302), (302, 301)])
async def test_only_redirects_that_are_all_permanent_move_an_account(statuses):
    hops = {f"/{n}": redirect(f"{n + 1}?a=b#c", status) for n, status in enumerate(statuses, 1)}
    last = f"/{len(statuses) + 1}?a=b"
    talk = {path + ("?a=b" if path != "/1" else ""): said for path, said in hops.items()} | {last: answer(body=FEED)}
    async with standin(talk) as base, client() as http:
        came = await http.get(base + "/1", now=NOW)
    assert came.url == base + last
    assert came.moved_to == (base + last if {301, 308}.issuperset(statuses) else None)


async def test_a_redirect_to_the_same_origin_needs_no_new_connection():
    talk = {"/1": answer(301, body=b"<p>Moved.", fields={"Location": "/2"}), "/2": answer(body=FEED)}
    async with standin(talk) as base, client() as http:
        await http.get(base + "/1", now=NOW)
    assert base.connections == 1


async def test_five_redirects_are_followed_and_six_are_not():
    def talk(asked):
        number = int(asked.path[1:])
        return redirect(f"/{number + 1}") if number < 7 else answer(body=FEED)

    async with standin(talk) as base, client() as http:
        assert (await http.get(base + "/2", now=NOW)).url == base + "/7"
        with pytest.raises(failures.TooManyRedirects, match="more than 5 redirects"):
            await http.get(base + "/1", now=NOW)
    assert len(base.asked) == 6 + 6


@pytest.mark.parametrize(("talk", "requests"), [(redirect("/1"), 1), ({"/1": redirect("2"), "/2": redirect("1")}, 2)])
async def test_a_circle_ends_when_it_closes(talk, requests):
    error, base = await failure(talk)
    assert type(error) is failures.TooManyRedirects
    assert "circle" in str(error)
    assert len(base.asked) == requests


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "gopher://x/",
        "data:,x",
        "javascript:1",
        "ftp://x/",
        "http://u:p@x.example/",
        "http://",
        "",
    ],
)
async def test_a_redirect_to_no_web_address_is_refused(location):
    error, base = await failure(redirect(location))
    assert type(error) is failures.AddressRefused
    assert len(base.asked) == 1


async def test_another_port_is_another_origin_and_learns_nothing_private():
    async with standin(answer(body=FEED)) as other, standin(redirect(f"{other}/feed")) as first, client() as http:
        await http.get(first + "/", headers=PRIVATE, now=NOW)
    assert PRIVATE.items() <= {name: first.asked[0].fields.get(name.lower()) for name in PRIVATE}.items()
    assert not {name.lower() for name in PRIVATE} & other.asked[0].fields.keys()


async def test_whoever_sends_us_back_gets_nothing_private_sent_either():
    bases = []
    async with standin(lambda _: redirect(f"{bases[0]}/2")) as other:
        talk = {"/1": lambda _: redirect(f"{other}/"), "/2": answer(body=FEED)}
        async with standin(talk) as first, client() as http:
            bases.append(first)
            await http.get(first + "/1", headers=PRIVATE, now=NOW)
    assert "authorization" in first.asked[0].fields
    assert first.asked[1].path == "/2"
    assert not {name.lower() for name in PRIVATE} & first.asked[1].fields.keys()


async def test_the_same_origin_keeps_what_it_was_told():
    async with standin({"/1": redirect("/2"), "/2": answer(body=FEED)}) as base, client() as http:
        await http.get(base + "/1", headers=PRIVATE, now=NOW)
    assert base.asked[1].fields["authorization"] == "Bearer secret"


async def test_another_name_on_the_same_server_is_another_origin():
    talk = {"/1": lambda _: redirect(f"//other.example:{base.port}/2"), "/2": answer(body=FEED)}
    async with standin(talk) as base, client() as http:
        await http.get(f"http://first.example:{base.port}/1", headers=PRIVATE, now=NOW)
    assert "authorization" not in base.asked[1].fields
    assert base.asked[1].fields["host"] == f"other.example:{base.port}"


async def test_nothing_new_elsewhere_is_a_lie_when_the_validators_stayed_at_home():
    async with standin(start(304, {})) as other, standin(redirect(f"{other}/")) as first, client() as http:
        with pytest.raises(failures.BadAnswer, match="nothing changed"):
            await http.get(first, headers=PRIVATE, now=NOW)


async def test_a_caller_cannot_set_what_belongs_to_the_connection():
    mine = {"Host": "evil.example", "Content-Length": "7", "Transfer-Encoding": "chunked", "Accept-Encoding": "br"}
    async with standin(answer(body=FEED)) as base, client() as http:
        await http.get(base, headers=mine | {"User-Agent": "curl", "Accept": "text/x"}, now=NOW)
    fields = base.asked[0].fields
    assert fields["host"] == f"127.0.0.1:{base.port}"
    assert fields["accept"] == "text/x"
    assert fields["user-agent"].startswith("FeedHub/")
    assert fields["accept-encoding"] == "gzip, deflate, zstd"
    assert not {"content-length", "transfer-encoding"} & fields.keys()


@pytest.mark.parametrize("headers", [{"X-A": "a\r\nX-B: b"}, {"X-A": "\u2603"}, {"X A": "b"}, {"X-\u2603": "b"}])
async def test_fields_that_cannot_be_sent_are_a_named_outcome(headers):
    async with standin(answer(body=FEED)) as base, client() as http:
        with pytest.raises(failures.BadAnswer):
            await http.get(base, headers=headers, now=NOW)
    assert base.asked == []


@pytest.mark.parametrize("location", ["/é?ü=ö", b"/\xe9".decode("latin-1")])
async def test_a_location_beyond_ascii_is_read_as_browsers_do(location):
    said = redirect(location.encode().decode("latin-1") if "?" in location else location)
    async with standin(lambda asked: said if asked.path == "/1" else answer(body=FEED)) as base, client() as http:
        came = await http.get(base + "/1", now=NOW)
    assert came.url == base + ("/%C3%A9?%C3%BC=%C3%B6" if "?" in location else "/%C3%A9")
