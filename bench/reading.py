"""Reading the recorded feeds: FeedHub's connector beside feedparser, in one process, by CPU time."""

import asyncio
import os
import resource
import time
from pathlib import Path
from statistics import median

import feedparser

from bench.made_feeds import made_feed
from feedhub.accounts.account import Account, Platform
from feedhub.connectors.feed_forms import item_draft
from feedhub.connectors.webfeed import connector
from feedhub.payloads.payload import Document
from feedhub.posts.seen import seen_post
from feedhub.sync.reading import Reading
from feedhub.sync.serving import now

FEEDS = Path(__file__).parents[1].parent / "shared/payloads/feeds/real"
_ROUNDS = 5


def compare_reading() -> None:
    """Print documents per CPU second of each, and the ratios."""
    documents = [
        Document(url=f"https://example.org/{path.name}", body=path.read_bytes(), fetched_at=now())
        for path in sorted(FEEDS.glob("*"))
    ]
    if not documents:
        print("reading: not measured, ../shared/payloads/feeds/real is absent")
        return
    ways = {
        "feedparser (as it comes)": lambda document: feedparser.parse(document.body),
        "feedparser (no sanitizing, no relative urls)": lambda document: feedparser.parse(
            document.body, sanitize_html=False, resolve_relative_uris=False
        ),
        "feedhub split (items cut out, identities)": connector.split,
        "feedhub split + fields (what feedparser gives, nothing cleaned)": _fields,
        "feedhub split + read (posts: clean HTML, text, titles, language)": _read,
        "feedhub split + read + document, fingerprint, words": _seen,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            started = time.process_time()
            for document in documents:
                way(document)
            times[name].append(time.process_time() - started)
    slowest = median(times["feedparser (as it comes)"])
    for name, taken in times.items():
        seconds = median(taken)
        print(f"reading  {name:66} {len(documents) / seconds:8.0f} documents/s  {slowest / seconds:5.1f}x feedparser")


def compare_children() -> None:
    """Print what reading in a child that can be stopped costs above reading in the process itself."""
    account = Account(key="a", platform=Platform.WEBFEED, department="d", url="https://example.org/feed")
    documents = [
        Document(url="https://example.org/feed", body=made_feed(number), fetched_at=now()) for number in range(60)
    ]
    inside, outside = [], []

    async def read_all() -> None:
        async with Reading(children=1) as reading:
            await reading.split(account, documents[0])  # the child's start is paid once a process
            for _ in range(_ROUNDS + 4):
                started = _spent()
                for document in documents:
                    _seen(document)
                inside.append(_spent() - started)
                started = _spent() + _child_spent(reading)
                for document in documents:
                    split = await reading.split(account, document)
                    await reading.read(account, split.payloads, ())
                outside.append(_spent() + _child_spent(reading) - started)

    asyncio.run(read_all())
    each = 1000 / len(documents)
    ratio = median(child / process for child, process in zip(outside, inside, strict=True))
    print(
        f"reading  documents of 20 entries: in the process {median(inside) * each:.2f} ms,"
        f" in a child {median(outside) * each:.2f} ms, {ratio:.2f}x"
    )


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _child_spent(reading: Reading) -> float:
    """CPU seconds of the one running child, from the kernel's table of processes."""
    (child,) = reading._children
    fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _fields(document: Document) -> None:
    for payload in connector.split(document).payloads:
        context = payload.context
        item_draft(payload.body, payload.form, base=context.get("base"), language=context.get("language"))


def _read(document: Document) -> None:
    for payload in connector.split(document).payloads:
        connector.read(payload)


def _seen(document: Document) -> None:
    for payload in connector.split(document).payloads:
        seen_post(connector.read(payload), payload=payload.fingerprint)
