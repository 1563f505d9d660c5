"""Thousands of odd documents at once: each account ends with a name for what came, the good ones deliver."""

import random
import re
from pathlib import Path

import pytest

from bad_documents import GOOD
from feedhub.failures import VisitFailed
from feedhub.logs import set_up_logs
from standins import Asked, answer, standin
from walked import keep, register_of, states, walk, webfeed

_RECORDED = Path(__file__).parents[2].parent / "shared/payloads/feeds"
_ATOM = (
    b"<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Kota</title>"
    b"<entry><id>tag:a.example,2026:1</id><title type='html'>Kabar &lt;b&gt;baik&lt;/b&gt;</title>"
    b"<updated>2026-11-20T08:00:00+07:00</updated><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
    b"<p>Isi</p></div></content><link href='/1'/></entry></feed>"
)
_JSON = (
    b'{"version":"https://jsonfeed.org/version/1.1","title":"Kota","items":[{"id":"1","content_html":"<p>Isi</p>",'
    b'"date_published":"2026-11-20T08:00:00+07:00"},{"id":2,"title":"Dua","tags":["a"]}]}'
)
_TAG = re.compile(rb"<[^<>]{1,200}>")
_CHARSETS = (b"utf-8", b"utf-16", b"iso-8859-1", b"windows-1252", b"gb2312", b"utf-7", b"x", b"")
_NAMED = {failure.outcome for failure in VisitFailed.__subclasses__()} | {"ok"}


def _seeds() -> list[bytes]:
    recorded = sorted(_RECORDED.rglob("*")) if _RECORDED.is_dir() else []
    read = [path.read_bytes() for path in recorded if path.is_file() and path.stat().st_size < 100_000]
    if not read:
        print("the recorded documents were not read: ../shared/payloads is absent")  # noqa: T201  # says what was left out
    return [GOOD, _ATOM, _JSON, *read]


def _cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _flip(body: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(body)
    for _ in range(chance.randrange(1, 20)):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def _swap_tags(body: bytes, chance: random.Random) -> bytes:
    places = [found.span() for found in _TAG.finditer(body)]
    if len(places) < 2:
        return body
    (a, b), (c, d) = sorted(chance.sample(places, 2))
    return body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:]


def _double_attribute(body: bytes, chance: random.Random) -> bytes:
    return re.sub(rb"<(\w+)", rb"<\1 a='1' a='2'", body, count=chance.randrange(1, 5))


def _claim_charset(body: bytes, chance: random.Random) -> bytes:
    return b"<?xml version='1.0' encoding='%s'?>" % chance.choice(_CHARSETS) + re.sub(rb"^<\?xml.*?\?>", b"", body)


def _repeat(body: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(body))
    piece = body[start : start + chance.randrange(1, 400)]
    return body[:start] + piece * chance.randrange(2, 100) + body[start:]


def _insert(body: bytes, chance: random.Random) -> bytes:
    odd = (
        b"\0",
        b"\xed\xa0\x80",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"&#0;",
        b"&#xD800;",
        b"&x;",
        b"\xff\xfe",
        b"<",
        b"\x1b[31m",
    )
    place = chance.randrange(len(body) + 1)
    return body[:place] + chance.choice(odd) + body[place:]


_MUTATIONS = (_cut, _flip, _swap_tags, _double_attribute, _claim_charset, _repeat, _insert)


def _odd(number: int, seeds: list[bytes]) -> bytes:
    chance = random.Random(number)
    body = chance.choice(seeds)
    for _ in range(chance.randrange(1, 4)):
        body = chance.choice(_MUTATIONS)(body, chance) if body else body
    return body


async def _walk_odd_documents(store, *, many: int, good: int) -> None:
    set_up_logs("console")
    seeds = _seeds()

    def serve(asked: Asked) -> bytes:
        number = int(asked.path[1:])
        kind = random.Random(number).choice(("text/xml", "text/xml; charset=utf-8", "text/html; charset=latin-1", "x"))
        return answer(body=_odd(number, seeds) if number < many else GOOD, fields={"Content-Type": kind})

    async with standin(serve) as base:
        await keep(store, register_of(webfeed(f"{base}/{number}") for number in range(many + good)))
        reports = await walk(store)
    assert len(reports) == many + good
    odd = {url: report for url, report in reports.items() if report.outcome not in _NAMED}
    assert {url: (report.outcome, report.reason) for url, report in odd.items()} == {}
    known = await states(store)
    assert {url: known[url].outcome for url, report in reports.items() if known[url].outcome != report.outcome} == {}
    assert [known[f"{base}/{number}"].posts for number in range(many, many + good)] == [2] * good


async def test_400_odd_documents_at_once_are_each_named(store):
    await _walk_odd_documents(store, many=400, good=20)


@pytest.mark.long
async def test_3000_odd_documents_at_once_are_each_named(store):
    await _walk_odd_documents(store, many=3_000, good=50)
