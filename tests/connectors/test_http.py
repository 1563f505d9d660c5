"""What the fetcher brings home, and what it calls each way of failing."""

import asyncio
import gzip
import socket
import zlib
from datetime import UTC, datetime

import pytest
import zstandard

from feedhub import failures
from feedhub.connectors.exchange import user_agent
from feedhub.connectors.http import Http
from standins import answer, dripping, flooding, hanging_up, redirect, silence, standin, start

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><title>Dinas Kesehatan</title></channel></rss>"
PAGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"


def client(**options):
    return Http(
        **{"contact": "it@kota.example", "public_url": "https://kabar.example", "allow": "127.0.0.0/8, ::1/128"}
        | {"timeout": 5.0, "max_bytes": 200_000}
        | options
    )


async def fetched(talk, path="/feed", *, headers=None, **options):
    async with standin(talk) as base, client(**options) as http:
        return await http.get(base + path, headers=headers or {}, now=NOW), base


async def failure(talk, path="/feed", *, headers=None, **options):
    with pytest.raises(failures.VisitFailed) as caught:
        await fetched(talk, path, headers=headers, **options)
    return caught.value


async def test_a_feed_comes_whole_with_its_fields():
    came, base = await fetched(answer(body=FEED, fields={"ETag": '"v1"'}))
    assert (came.status, came.body, came.url) == (200, FEED, base + "/feed")
    assert came.headers["etag"] == came.headers["ETAG"] == '"v1"'
    assert (came.moved_to, came.retry_at) == (None, None)


async def test_the_fetcher_says_honestly_who_it_is():
    _, base = await fetched(answer(body=FEED))
    fields = base.asked[0].fields
    assert fields["user-agent"].startswith("FeedHub/0.1")
    assert "(+https://kabar.example; it@kota.example)" in fields["user-agent"]
    assert fields["accept-encoding"] == "gzip, deflate, zstd"
    assert fields["accept"].startswith("application/atom+xml")
    assert fields["host"] == base.removeprefix("http://")
    assert "cookie" not in fields


def test_a_contact_cannot_add_fields_of_its_own():
    said = user_agent("a\r\nX-Evil: 1 (ü)", "https://kabar.example/\n")
    assert said.endswith(b"(+https://kabar.example/; aX-Evil: 1 )")


async def test_cookies_are_never_sent_back():
    talk = {"/feed": answer(302, fields={"Location": "/b", "Set-Cookie": "a=b; Path=/"}), "/b": answer(body=FEED)}
    _, base = await fetched(talk)
    assert all("cookie" not in asked.fields for asked in base.asked)


@pytest.mark.parametrize(
    "etag", ['"v1"', 'W/"v1"', '""', "unquoted", '"ä"', '"a""b"', '"Ã¤"', '"gzip-v1-gzip"', '"a b"', '"\xff\x80"']
)
async def test_validators_go_back_byte_for_byte(etag):
    def talk(asked):
        if asked.fields.get("if-none-match") == etag:
            return start(304, {"ETag": etag})
        return answer(body=FEED, fields={"ETag": etag, "Last-Modified": "Kamis, 1 Jan"})

    async with standin(talk) as base, client() as http:
        came = await http.get(base, now=NOW)
        held = {"If-None-Match": came.headers["etag"], "If-Modified-Since": came.headers["last-modified"]}
        again = await http.get(base, headers=held, now=NOW)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert base.asked[1].fields["if-modified-since"] == "Kamis, 1 Jan"


async def test_the_path_is_asked_exactly_as_a_browser_would():
    _, base = await fetched(answer(body=FEED), "/a%2fb|c/?q={x}&b=[1]&é='~#top")
    assert base.asked[0].path == "/a%2fb|c/?q={x}&b=[1]&%C3%A9=%27~"


async def test_a_connection_is_kept_for_the_next_fetch():
    async with standin(answer(body=FEED)) as base, client() as http:
        for _ in range(3):
            await http.get(base, now=NOW)
    assert base.connections == 1


async def test_a_kept_connection_that_the_site_closed_is_nobodys_failure():
    async def talk(asked, writer):
        if asked.path == "/second" and asked.connection == 1:
            writer.close()
        else:
            writer.write(answer(body=FEED))

    async with standin(talk) as base, client() as http:
        await http.get(base, now=NOW)
        assert (await http.get(base + "/second", now=NOW)).body == FEED
    assert base.connections == 2


async def test_an_ipv6_site_is_fetched():
    async with standin(answer(body=FEED), host="::1") as base, client() as http:
        assert (await http.get(base + "/feed", now=NOW)).url == base + "/feed"
    assert base.asked[0].fields["host"] == base.removeprefix("http://")


async def test_the_next_address_is_tried_when_the_first_is_dead():
    async def resolver(host, port):
        return ["127.0.0.2", "127.0.0.3", "127.0.0.1"]

    async with standin(answer(body=FEED)) as base, client(resolver=resolver) as http:
        assert (await http.get(f"http://dinkes.example:{base.port}/", now=NOW)).body == FEED


async def test_fetches_at_once_through_one_client_are_counted_apart():
    async with standin(answer(body=b"<rss>" + b"x" * 90_000)) as base, client() as http:
        came = await asyncio.gather(*(http.get(f"{base}/{number}", now=NOW) for number in range(9)))
    assert {len(one.body) for one in came} == {90_005}


# Every named outcome, through a real connection.

STATUSES = {
    300: failures.StatusRefused,
    305: failures.StatusRefused,
    400: failures.StatusRefused,
    401: failures.Unauthorized,
    402: failures.StatusRefused,
    403: failures.Forbidden,
    404: failures.NotFound,
    406: failures.StatusRefused,
    410: failures.AccountGone,
    418: failures.StatusRefused,
    429: failures.RateLimited,
    451: failures.StatusRefused,
    500: failures.ServerFailed,
    503: failures.ServerFailed,
    521: failures.ServerFailed,
    599: failures.ServerFailed,
    600: failures.StatusRefused,
    999: failures.StatusRefused,
}


@pytest.mark.parametrize(("status", "outcome"), STATUSES.items())
async def test_a_status_that_is_no_answer_is_named(status, outcome):
    error = await failure(answer(status, body=FEED))
    assert type(error) is outcome
    assert str(error).startswith(f"127.0.0.1 answered {status}")
    assert error.remedy


ODD_ANSWERS = {
    "silent hang-up": (hanging_up(), failures.Unreachable),
    "not HTTP": (hanging_up(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), failures.BadAnswer),
    "HTTP 0.9": (hanging_up(b"<rss/>"), failures.BadAnswer),
    "half a head": (hanging_up(b"HTTP/1.1 200 OK\r\nContent-Le"), failures.BadAnswer),
    "half a body": (hanging_up(answer(body=FEED, length=9_999)), failures.BadAnswer),
    "negative length": (answer(body=FEED, length=-1), failures.BadAnswer),
    "two lengths": (answer(body=FEED, fields={"content-length": "5"}), failures.BadAnswer),
    "broken chunk": (start(200, {"Transfer-Encoding": "chunked"}) + b"zz\r\nhello\r\n", failures.BadAnswer),
    "endless chunk length": (start(200, {"Transfer-Encoding": "chunked"}) + b"f" * 99 + b"\r\n", failures.BadAnswer),
    "half a chunk": (hanging_up(start(200, {"Transfer-Encoding": "chunked"}) + b"9\r\nhell"), failures.BadAnswer),
    "unknown transfer coding": (start(200, {"Transfer-Encoding": "gzip"}), failures.BadAnswer),
    "101": (start(101, {"Upgrade": "websocket", "Connection": "Upgrade"}), failures.BadAnswer),
    "304 unasked": (start(304, {}), failures.BadAnswer),
    "empty": (answer(), failures.EmptyDocument),
    "white space": (answer(body=b" \r\n\t"), failures.EmptyDocument),
    "empty gzip": (answer(fields={"Content-Encoding": "gzip"}), failures.EmptyDocument),
    "204": (start(204, {}), failures.EmptyDocument),
    "too many fields": (answer(body=FEED, fields={f"X-{n}": "y" for n in range(300)}), failures.BadAnswer),
    "field flood": (flooding(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 1000), failures.BadAnswer),
    "one endless field": (flooding(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 9000), failures.BadAnswer),
    "100 flood": (flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), failures.TooLarge),
    "103 flood": (flooding(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 99), failures.TooLarge),
    "redirect to nowhere": (start(301, {"Content-Length": "0"}), failures.BadAnswer),
    "redirect to two places": (answer(301, fields={"Location": "/a", "location": "/b"}), failures.BadAnswer),
    "announces too much": (flooding(answer(length=100_001), b"a"), failures.TooLarge),
    "announces absurdly much": (answer(length=10**15), failures.TooLarge),
    "endless body": (flooding(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 9000), failures.TooLarge),
    "endless chunks": (
        flooding(start(200, {"Transfer-Encoding": "chunked"}), b"5\r\nhello\r\n" * 99),
        failures.TooLarge,
    ),
    "endless trailers": (
        flooding(start(200, {"Transfer-Encoding": "chunked"}) + b"0\r\n", b"X: y\r\n" * 999),
        failures.BadAnswer,
    ),
    "twice packed": (answer(body=FEED, fields={"Content-Encoding": "gzip, gzip"}), failures.BadAnswer),
    "unasked coding": (answer(body=FEED, fields={"Content-Encoding": "br"}), failures.BadAnswer),
    "lie about gzip": (answer(body=FEED, fields={"Content-Encoding": "gzip"}), failures.BadAnswer),
    "bomb": (answer(body=gzip.compress(bytes(10**7)), fields={"Content-Encoding": "gzip"}), failures.TooLarge),
    "gate at 200": (answer(body=PAGE), failures.Challenged),
    "gate at 403": (answer(403, body=PAGE), failures.Challenged),
    "gate at 503, packed": (
        answer(503, body=gzip.compress(PAGE), fields={"Content-Encoding": "gzip"}),
        failures.Challenged,
    ),
}


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
async def test_the_wire_may_carry_half_of_what_a_body_may_have(framing):
    def framed(size):
        if framing == "length":
            return answer(body=b"x" * size)
        if framing == "chunked":
            return start(200, {"Transfer-Encoding": "chunked"}) + f"{size:x}\r\n{'x' * size}\r\n0\r\n\r\n".encode()
        return hanging_up(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * size)

    came, _ = await fetched(framed(100_000), max_bytes=200_000)
    assert len(came.body) == 100_000
    assert type(await failure(framed(100_001), max_bytes=200_000)) is failures.TooLarge


@pytest.mark.parametrize("name", ODD_ANSWERS)
async def test_an_odd_answer_is_a_named_outcome(name):
    talk, outcome = ODD_ANSWERS[name]
    error = await failure(talk)
    assert type(error) is outcome, error
    assert "127.0.0.1" in str(error) or "answer" in str(error)


async def test_a_closed_port_is_unreachable():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        async with client() as http:
            with pytest.raises(failures.Unreachable, match=r"127\.0\.0\.1 could not be read: connection refused"):
                await http.get(f"http://127.0.0.1:{held.getsockname()[1]}/", now=NOW)


async def test_a_name_without_address_is_a_dns_failure():
    async def resolver(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with client(resolver=resolver) as http:
        with pytest.raises(
            failures.DnsFailed, match=r"dinkes\.example can't be looked up: Name or service not known\."
        ):
            await http.get("https://dinkes.example/", now=NOW)


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".example", ".", "-"])
async def test_a_name_that_cannot_be_asked_for_has_a_named_outcome(name):
    async with client() as http:
        with pytest.raises((failures.DnsFailed, failures.AddressRefused)):
            await http.get(f"http://{name}/", now=NOW)


SLOW = {
    "silence": silence,
    "dripped head": dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
    "dripped field": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"y"),
    "dripped body": dripping(answer(length=5000), b"y"),
    "dripped chunks": dripping(start(200, {"Transfer-Encoding": "chunked"}), b"1\r\ny\r\n"),
    "dripped 100s": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "dripped redirect body, then silence": {"/feed": redirect("/b"), "/b": silence},
}


@pytest.mark.parametrize("name", SLOW)
async def test_whatever_is_slow_ends_at_the_one_deadline(name):
    began = asyncio.get_running_loop().time()
    error = await failure(SLOW[name], timeout=0.3)
    assert type(error) is failures.TimedOut, error
    assert "127.0.0.1 did not finish its answer within 0.3 seconds" in str(error)
    assert asyncio.get_running_loop().time() - began < 1.5


async def test_a_slow_name_server_ends_at_the_deadline():
    async def resolver(host, port):
        await asyncio.Event().wait()

    async with client(resolver=resolver, timeout=0.2) as http:
        with pytest.raises(failures.TimedOut, match="its name was still being looked up"):
            await http.get("https://dinkes.example/", now=NOW)


async def test_a_dripped_page_of_refusal_does_not_hide_its_status():
    error = await failure(dripping(answer(404, length=5000), b"y"), timeout=8)
    assert type(error) is failures.NotFound


async def test_a_flood_of_tiny_chunks_is_cut_off():
    chunks = start(200, {"Transfer-Encoding": "chunked"}) + b"1\r\ny\r\n" * 110_000 + b"0\r\n\r\n"
    error = await failure(chunks, max_bytes=4_000_000, timeout=20)
    assert type(error) is failures.BadAnswer
    assert "pieces" in str(error)


PACKED = {
    "gzip": gzip.compress(FEED),
    "x-gzip": gzip.compress(FEED),
    "deflate": zlib.compress(FEED),
    "zstd": zstandard.compress(FEED),
    "GZIP , identity": gzip.compress(FEED),
    "utf-8": FEED,
}


@pytest.mark.parametrize("coding", PACKED)
async def test_packed_bodies_are_unpacked(coding):
    came, _ = await fetched(answer(body=PACKED[coding], fields={"Content-Encoding": coding}))
    assert came.body == FEED
