"""Reading the recorded feeds: FeedHub's connector beside feedparser, in one process, by CPU time."""

import time
from pathlib import Path
from statistics import median

import feedparser

from feedhub.connectors.webfeed import connector
from feedhub.payloads.payload import Document
from feedhub.posts.seen import seen_post
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


def _read(document: Document) -> None:
    for payload in connector.split(document).payloads:
        connector.read(payload)


def _seen(document: Document) -> None:
    for payload in connector.split(document).payloads:
        seen_post(connector.read(payload), payload=payload.fingerprint)
