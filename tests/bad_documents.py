"""What a city's websites really send, and what an enemy would: each with the outcome that names it."""

import gzip
import json
import random
import zlib
from dataclasses import dataclass, field

from standins import Talk, answer, dripping, hanging_up, redirect, silence, start
from walked import rss

GOOD = rss(("b", "Vaksin", "Gratis."), ("a", "Bansos", "Cair."))
_HEAD = b"<rss version='2.0'><channel><title>K</title>"
_ITEM = b"<item><guid>1</guid><title>Kabar</title></item>"
_TAIL = b"</channel></rss>"
_BOMB = (
    b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><rss version='2.0'><channel><title>&j;</title><item><guid>1</guid><title>&j;</title></item></channel></rss>"
)
_FILE_ENTITY = (
    b"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel>"
    b"<item><guid>1</guid><title>root &x;</title></item></channel></rss>"
)


@dataclass(frozen=True)
class Bad:
    """How a server misbehaves, what that is called, and how many posts come of it all the same."""

    talk: Talk
    outcome: str
    posts: int = 0
    marks: tuple[str, ...] = field(default=())  # must not be found in any post


def _squeezed(body: bytes, times: int = 1) -> Talk:
    for _ in range(times):
        body = gzip.compress(body, 9)
    return answer(body=body, fields={"Content-Encoding": ", ".join(["gzip"] * times)})


def _feed(inside: bytes) -> Talk:
    return answer(body=_HEAD + inside + _TAIL)


def _zeros(megabytes: int) -> bytes:
    """Gzip of that much white space, made without ever having it in memory."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [squeezer.compress(b" " * (1 << 20)) for _ in range(megabytes)]
    return b"".join([*pieces, squeezer.flush()])


def bad_documents() -> dict[str, Bad]:
    """By path."""
    greeting = b"220 surat.example ESMTP\r\n\r\n"
    return {
        "control": Bad(_feed(b"<item><guid>1</guid><title>Ada \x00\x08\x1b kabar</title></item>"), "ok", 1, ("\x08",)),
        "entities": Bad(answer(body=_BOMB), "ok", 1, ("aaaa",)),
        "files": Bad(answer(body=_FILE_ENTITY), "ok", 1, ("/bin/",)),
        "gzip": Bad(answer(body=_zeros(300), fields={"Content-Encoding": "gzip"}), "too_large"),
        "gzips": Bad(answer(body=gzip.compress(_zeros(300)), fields={"Content-Encoding": "gzip, gzip"}), "bad_answer"),
        "gzip-lie": Bad(answer(body=GOOD, fields={"Content-Encoding": "gzip"}), "bad_answer"),
        "gzip-honest": Bad(_squeezed(GOOD), "ok", 2),
        "drip": Bad(dripping(start(200, {"Content-Type": "text/xml"}) + _HEAD, b" ", every=0.2), "timeout"),
        "silence": Bad(silence, "timeout"),
        "hang-up": Bad(hanging_up(), "unreachable"),
        "half": Bad(hanging_up(answer(body=GOOD, length=len(GOOD) + 10)), "bad_answer"),
        "script": Bad(
            _feed(
                b"<item><guid>1</guid><title>Kabar</title><description>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x"
                b" onerror=alert(1)&gt;&lt;a href='javascript:alert(1)'&gt;x&lt;/a&gt;</description></item>"
            ),
            "ok",
            1,
            ("alert", "<script", "onerror", "javascript:"),
        ),
        "type": Bad(answer(body=GOOD, fields={"Content-Type": "image/png"}), "ok", 2),
        "html": Bad(
            answer(body=b"<!doctype html><html><head><title>x</title></head><body>x</body></html>"), "not_a_feed"
        ),
        "empty": Bad(answer(body=b""), "empty"),
        "blank": Bad(answer(body=b" \n\t"), "empty"),
        "401": Bad(answer(401), "unauthorized"),
        "403": Bad(answer(403), "forbidden"),
        "404": Bad(answer(404), "not_found"),
        "410": Bad(answer(410), "gone"),
        "418": Bad(answer(418), "bad_status"),
        "429": Bad(answer(429, fields={"Retry-After": "7200"}), "rate_limited"),
        "500": Bad(answer(500), "server_error"),
        "503": Bad(answer(503, fields={"Retry-After": "Mon, 01 Jan 2046 00:00:00 GMT"}), "server_error"),
        "304": Bad(answer(304), "bad_answer"),
        "noise": Bad(answer(body=random.Random(1).randbytes(50_000)), "not_a_feed"),
        "no-http": Bad(greeting, "bad_answer"),
        "loop": Bad(redirect("/loop"), "redirects"),
        "private": Bad(redirect("http://10.0.0.1/feed"), "address_refused"),
        "metadata": Bad(redirect("http://169.254.169.254/latest/meta-data/"), "address_refused"),
        "file": Bad(redirect("file:///etc/passwd"), "address_refused"),
        "json": Bad(answer(body=json.dumps({"a": [1, 2, 3]}).encode()), "not_a_feed"),
        "json-deep": Bad(answer(body=b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * 100_000), "ok"),
        "cut": Bad(answer(body=_HEAD + _ITEM + b"<item><guid>2</guid><tit"), "ok", 1),
        "attributes": Bad(
            _feed(
                b"<item "
                + b" ".join(b"a%d='1'" % n for n in range(200_000))
                + b"><guid>1</guid><title>x</title></item>"
            ),
            "ok",
            1,
        ),
        "namespaces": Bad(
            answer(
                body=b"<rss version='2.0' "
                + b" ".join(b"xmlns:n%d='urn:%d'" % (n, n) for n in range(20_000))
                + b"><channel>"
                + b"".join(b"<item><guid>%d</guid><title>x</title></item>" % n for n in range(2_000))
                + _TAIL
            ),
            "reading_stopped",
        ),
        "deep": Bad(
            _feed(b"<item><guid>1</guid><title>x</title>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</item>"), "ok", 1
        ),
        "deep-html": Bad(
            _feed(
                b"<item><guid>1</guid><title>x</title><description>" + b"&lt;b&gt;" * 60_000 + b"</description></item>"
            ),
            "ok",
            1,
        ),
        "large": Bad(answer(body=_HEAD + b" " * (17 << 20) + _TAIL), "too_large"),
        "charset": Bad(
            answer(
                body=b"<?xml version='1.0' encoding='utf-8'?>" + rss(("a", "Caf\u00e9", "x")).decode().encode("latin-1")
            ),
            "ok",
            1,
        ),
        "charset-odd": Bad(answer(body=b"<?xml version='1.0' encoding='x-nobody'?>" + GOOD), "ok", 2),
        "utf-16": Bad(answer(body=GOOD.decode().encode("utf-16")), "ok", 2),
        "dates": Bad(
            _feed(
                b"".join(
                    b"<item><guid>%d</guid><title>x</title><pubDate>%s</pubDate></item>" % (number, date)
                    for number, date in enumerate(
                        (
                            b"Thu, 01 Jan 1970 00:00:00 +0700",
                            b"Mon, 01 Jan 0001 00:00:00 GMT",
                            b"9999-12-31T23:59:59Z",
                            b"-1",
                        )
                    )
                )
            ),
            "ok",
            4,
        ),
        "words": Bad(
            _feed(
                b"<item><guid>1</guid><title>x</title><description>"
                + " ".join("\U00010330" * 60 + str(n) for n in range(1_000)).encode()
                + b"</description></item>"
            ),
            "ok",
            1,
        ),
        "words-grown": Bad(
            _feed(
                b"<item><guid>1</guid><title>x</title><description>"
                + " ".join("\u3316" * 10 + str(n) for n in range(6_000)).encode()
                + b"</description></item>"
            ),
            "ok",
            1,
        ),
        "twins": Bad(answer(body=_HEAD + _ITEM * 3_000 + _TAIL), "ok", 1),
        "many": Bad(
            answer(
                body=_HEAD + b"".join(b"<item><guid>%d</guid><title>x</title></item>" % n for n in range(5_000)) + _TAIL
            ),
            "ok",
            2_000,
        ),
        "etag": Bad(answer(body=GOOD, fields={"ETag": '"\xff\x01\xe9"', "Last-Modified": "kemarin"}), "ok", 2),
    }
