"""What developers take with them: the recorded week is the contract's, and whoever follows it ends with its truth."""

import asyncio
import gzip
import json
import sys
import time
import urllib.error
import urllib.request
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import cache
from http.client import HTTPException
from random import Random

import jsonschema

from checkers import api_faults
from feedhub.client import Client
from feedhub.web.schemas import schema_document
from week_made import DAYS, FILE, HERE, written_week

REPLAY = FILE.parents[1] / "replay.py"
CHANGES = "/api/v1/changes"
QUICK = ("--speed", "300000")  # the week in two seconds
TIRED = 30.0  # seconds after which whoever follows two seconds is stuck


@cache
def week() -> list[dict]:
    return [json.loads(line) for line in gzip.decompress(FILE.read_bytes()).splitlines()]


def truth() -> dict[str, tuple]:
    """How each post is in the end."""
    return {one["id"]: said_of(one) for one in week()}


def said_of(change: dict) -> tuple:
    return change["change"], change["state"], change["version"], change["post"] and change["post"]["content_html"]


@asynccontextmanager
async def replayed(*words: str) -> AsyncIterator[str]:
    running = await asyncio.create_subprocess_exec(sys.executable, REPLAY, "--port", "0", *words, stdout=PIPE)
    try:
        yield (await running.stdout.readline()).decode().partition("/api/")[0]
    finally:
        running.terminate()
        await running.wait()


def asked(url: str, **headers: str) -> tuple[int, dict]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=TIRED) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


# The file


def test_the_week_is_what_the_script_writes(sqlite_url):
    written = written_week(sqlite_url).splitlines()
    held = gzip.decompress(FILE.read_bytes()).splitlines()
    differing = [number for number, pair in enumerate(zip(written, held, strict=False), 1) if pair[0] != pair[1]]
    assert (len(written), differing[:3]) == (len(held), []), "if this is meant: make contract"


def test_every_line_of_the_week_keeps_the_contract():
    served = jsonschema.Draft202012Validator(schema_document("change", HERE))
    for change in week():
        assert [fault.message for fault in served.iter_errors(change)] == []
        assert change["post"] is None or api_faults(change["post"]) == []


def test_the_week_is_small_and_has_everything_that_goes_wrong():
    changes = week()
    assert FILE.stat().st_size < 400_000
    assert 300 <= len(changes) <= 600
    numbers = [change["change"] for change in changes]
    assert numbers == sorted(set(numbers))
    assert len({change["at"][:10] for change in changes}) == DAYS
    shown = [change["post"] for change in changes if change["post"]]
    assert {change["status"] for change in changes} == {"live", "held", "gone", "withdrawn"}
    assert {(change["notice"] or {}).get("kind") for change in changes} == {None, "correction", "withdrawal"}
    assert {post["type"] for post in shown} == {"original", "thread", "reply", "repost"}
    assert {kind for post in shown for kind in post["kinds"]} >= {"emergency", "event", "service", "assistance"}
    assert {medium["type"] for post in shown for medium in post["media"]} >= {"image", "video", "audio"}
    assert any(change["backfill"] for change in changes)
    assert all(post["url"].startswith(HERE) for post in shown)
    assert Counter(steps()).keys() == {"new", "edited", "corrected", "deleted", "deleted again", "back", "renewed"}


def steps() -> Iterator[str]:
    """What each change does to what was known of its post."""
    known: dict[str, dict] = {}
    for change in week():
        before, known[change["id"]] = known.get(change["id"]), change
        if change["state"] == "deleted":
            yield "deleted again" if before["state"] == "deleted" else "deleted"
        elif before is None:
            yield "new"
        elif before["state"] == "deleted":
            yield "back"
        elif change["version"] > before["version"]:
            yield "edited"
        else:
            yield "corrected" if change["notice"] != before["notice"] else "renewed"


# The replay


class Importer:
    """Follows as the plugin for WordPress does: a run ends at the first bad answer, the next one goes on."""

    def __init__(self, url: str) -> None:
        self.url, self.after, self.runs = url, 0, 0
        self.kept: dict[str, tuple] = {}

    def run(self) -> None:
        self.runs += 1
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}{CHANGES}?after={self.after}&limit=20", timeout=TIRED) as said:
                    page = json.load(said)
            except (OSError, HTTPException) as fault:  # refused, hung up, cut short
                if getattr(fault, "code", None) == 410:
                    self.after = 0
                return
            for change in page["changes"]:
                if change["change"] > self.kept.get(change["id"], (0,))[0]:
                    self.kept[change["id"]] = said_of(change)
                self.after = change["change"]
            if not page["changes"]:
                return

    def follow(self) -> None:
        end = time.monotonic() + TIRED
        while self.kept != truth() and time.monotonic() < end:
            self.run()
            time.sleep(0.1)


def followed(url: str, way: str) -> dict[str, tuple]:
    """What our client has once the newest number came; it is as patient as ever, and sleeps less."""
    kept: dict[str, tuple] = {}
    newest = week()[-1]["change"]
    with Client(url, chance=Random(7), sleep=lambda seconds: time.sleep(seconds / 20)) as hub:
        changes = hub.stream(0) if way == "stream" else hub.changes(forever=True)
        for change in changes:
            kept[change["id"]] = said_of(change)
            if change["change"] == newest:
                return kept
    raise AssertionError("it ended")


async def test_whoever_follows_through_chaos_ends_with_the_weeks_truth():
    async with replayed("--chaos", *QUICK) as url, asyncio.timeout(TIRED):
        importer = Importer(url)
        by_changes, by_stream, _ = await asyncio.gather(
            asyncio.to_thread(followed, url, "changes"),
            asyncio.to_thread(followed, url, "stream"),
            asyncio.to_thread(importer.follow),
        )
    assert by_changes == by_stream == importer.kept == truth()
    assert importer.runs > 3


async def test_the_replay_answers_as_the_contract_says():
    def look(url: str) -> None:
        while not asked(url)[1]["over"]:
            time.sleep(0.02)
        _, page = asked(f"{url}{CHANGES}?limit=1000")
        assert {one["id"]: said_of(one) for one in page["changes"]} == truth()
        assert page["next"] == f"{url}{CHANGES}?after={page['latest']}&limit=1000"
        with urllib.request.urlopen(f"{url}{CHANGES}", timeout=TIRED) as answer:
            assert b'"next":"http' in answer.read()  # without spaces, as FeedHub writes: shells look for it
        rescue = asked(f"{url}{CHANGES}?department=bpbd&limit=1000")[1]["changes"]
        assert {one["post"]["department"]["slug"] for one in rescue if one["post"]} == {"bpbd"}
        for change in page["changes"]:
            status, said = asked(f"{url}/api/v1/posts/{change['id']}")
            assert (status, said if status == 200 else None) == (200 if change["post"] else 410, change["post"])
        assert [asked(f"{url}{path}")[0] for path in REFUSED] == [*REFUSED.values()]
        since = time.monotonic()
        assert asked(f"{url}{CHANGES}?after={page['latest']}&wait=1")[1]["changes"] == []
        assert 1 <= time.monotonic() - since < 5

    async with replayed("--speed", "1e9") as url:
        await asyncio.to_thread(look, url)


REFUSED = {
    f"{CHANGES}?after=100000": 410,
    "/api/v1/stream?after=100000": 410,
    f"{CHANGES}?after=x": 422,
    f"{CHANGES}?limit=0": 422,
    f"{CHANGES}?kind=news": 422,
    "/api/v1/posts/x": 404,
    "/feed.rss": 404,
}
