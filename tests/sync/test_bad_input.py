"""Whatever one account sends, it gets a named outcome, and every other account's posts arrive."""

import asyncio
import re
import resource
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bad_documents import GOOD, bad_documents
from standins import answer, standin
from walked import OPTIONS, keep, posts_in, register_of, states, walk, webfeed

QUICK = replace(OPTIONS, fetch_timeout=2.0)
MEGABYTES = 1024  # in the KiB of ru_maxrss


def _closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@asynccontextmanager
async def _plain_port() -> AsyncIterator[int]:
    """Answers whatever comes, even TLS, in plain text."""

    async def answer_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(answer_plainly, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_bad_input_is_named_and_costs_its_own_account_only(store):
    bad = bad_documents()
    talks = {f"/{name}": one.talk for name, one in bad.items()}
    talks |= {f"/good/{number}": answer(body=GOOD) for number in range(10)}
    async with standin(talks) as base, _plain_port() as plain:
        odd = {f"{base}/{name}": (one.outcome, one.posts) for name, one in bad.items()}
        odd |= {
            f"https://127.0.0.1:{plain}/": ("tls", 0),
            f"http://127.0.0.1:{_closed_port()}/": ("unreachable", 0),
        }
        odd |= {"http://[::1]/feed": ("address_refused", 0), "http://tidak-ada.invalid/feed": ("dns", 0)}
        good = [f"{base}/good/{number}" for number in range(10)]
        await keep(store, register_of(webfeed(url) for url in [*odd, *good]))
        memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
        reports = await walk(store, options=QUICK)
        took = time.monotonic() - began
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    known = await states(store)
    found = {url: (known[url].outcome, known[url].posts) for url in odd}
    assert {url: (came, known[url].reason) for url, came in found.items() if came != odd[url]} == {}
    assert {url: report.outcome for url, report in reports.items()} == {
        url: state.outcome for url, state in known.items()
    }
    for state in known.values():
        for sentence in (state.reason, state.remedy) if state.failures else ():
            assert re.fullmatch(r"\S.*\.", sentence), (state.account.url, sentence)
            assert sentence.isprintable()
    assert {url: known[url].posts for url in good} == dict.fromkeys(good, 2)
    assert grown < 150 * MEGABYTES
    assert took < 60
    shown = {f"{base}/{name}": one.marks for name, one in bad.items()}
    for kept in await posts_in(store):
        said = f"{kept.post.title} {kept.post.content_html} {kept.post.content_text}"
        assert not [mark for mark in shown.get(kept.account.url, ()) if mark in said], kept.account.url
