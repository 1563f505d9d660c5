"""Every recorded document, served as a register of accounts, is collected whole and once."""

from pathlib import Path

import feedparser
import pytest

from feedhub.store.clock import clock_now
from standins import Asked, answer, standin
from walked import keep, posts_in, register_of, states, walk, webfeed

_FOLDERS = [Path(__file__).parents[2].parent / "shared/payloads/feeds" / name for name in ("real", "live")]
_DOCUMENTS = sorted(path for folder in _FOLDERS if folder.is_dir() for path in folder.iterdir())


async def test_real_documents_are_collected_whole_and_once(store):
    if not _DOCUMENTS:
        pytest.skip("39 recorded documents were not read: ../shared/payloads is absent")
    bodies = {f"/{path.name}": path.read_bytes() for path in _DOCUMENTS}

    tail = b""

    def serve(asked: Asked) -> bytes:
        return answer(body=bodies[asked.path] + tail, fields={"Content-Type": "text/html"})

    async with standin(serve) as base:
        accounts = {path: webfeed(base + path) for path in bodies}
        await keep(store, register_of(accounts.values()))
        first = await walk(store, *accounts.values())
        assert {report.outcome for report in first.values()} == {"ok"}, first
        counts = {url: state.posts for url, state in (await states(store)).items()}
        for path, body in bodies.items():
            parsed = feedparser.parse(body)
            if not parsed.bozo:
                ids = {entry.get("id") or entry.get("link") for entry in parsed.entries}
                assert counts[base + path] == len(ids), path
        number, posts = await store.read(clock_now), await posts_in(store)
        again = await walk(store, *accounts.values())
        assert {(report.outcome, report.new, report.edited) for report in again.values()} == {("not_modified", 0, 0)}
        tail = b"\n"  # another document of the same items
        thrice = await walk(store, *accounts.values())
        assert {(report.outcome, report.new, report.edited) for report in thrice.values()} == {("ok", 0, 0)}
        assert await store.read(clock_now) == number
        assert await posts_in(store) == posts
