"""Replays a recorded week of an invented city as FeedHub's change feed, so that importers can be tried against it.

    python3 replay.py                  a week in ten minutes on http://127.0.0.1:8900
    python3 replay.py --speed 60       a minute a second
    python3 replay.py --chaos          drops lines, cuts answers short and says 503 now and then

One file, Python 3.9 or newer, nothing else; FeedHub need not be installed. It answers
/api/v1/changes (after, limit, wait, department, account, platform), /api/v1/stream and
/api/v1/posts/ID as FeedHub does, and / with how far the week is.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

WEEK = Path(__file__).with_name("week") / "changes.ndjson.gz"
NARROWING = ("department", "account", "platform")
MOST, USUAL, LONGEST_WAIT = 1_000, 50, 25  # changes, changes, seconds
SILENCE, LIFE = 15, 15 * 60  # seconds
DIGITS, RETRY_MS = 19, 500
NEVER = float("inf")

# How often, with --chaos, an answer is refused, not given, or cut; and a stream breaks after an event.
REFUSED, DROPPED, CUT, BROKEN = 0.1, 0.1, 0.1, 0.05


class Asked(Exception):
    """What can't be answered as asked: a status and a sentence."""

    def __init__(self, status: int, title: str, detail: str, **more: object) -> None:
        super().__init__(detail)
        self.status = status
        self.told = {"title": title, "status": status, "detail": detail, **more}


class Week:
    """The recorded changes, as far as they have happened. Each post stands once, at its newest change."""

    def __init__(self, file: Path, speed: float) -> None:
        body = file.read_bytes()
        lines = (gzip.decompress(body) if file.suffix == ".gz" else body).splitlines()
        self.changes: list[dict[str, Any]] = [json.loads(line) for line in lines]
        self.speed = speed
        self.begin = datetime.fromisoformat(self.changes[0]["at"])
        self.moments: list[float] = []  # seconds after the beginning
        for change in self.changes:
            after = (datetime.fromisoformat(change["at"]) - self.begin).total_seconds()
            # A renewed picture's address leaves `at` as it was: it comes with the change before it.
            self.moments.append(max(after, self.moments[-1] if self.moments else 0.0))
        self._started, self._lock = time.monotonic(), threading.Lock()
        self._happened = 0
        self._newest: dict[str, dict[str, Any]] = {}
        self._whose: dict[str, dict[str, Any]] = {}  # a post of each id, as it was last seen

    @property
    def is_over(self) -> bool:
        return self._elapsed() >= self.moments[-1]

    @property
    def now(self) -> datetime:
        """The moment in the week."""
        return self.begin + timedelta(seconds=min(self._elapsed(), self.moments[-1]))

    def seconds_left(self) -> float:
        """Until the next change happens; for ever, once the week is over."""
        with self._lock:
            left = self.moments[self._happened :]
        return max(0.0, (left[0] - self._elapsed()) / self.speed) if left else NEVER

    def newest(self) -> tuple[list[dict[str, Any]], int]:
        """Every post's newest change in order, and the newest number."""
        with self._lock:
            elapsed = self._elapsed()
            while self._happened < len(self.changes) and self.moments[self._happened] <= elapsed:
                change = self.changes[self._happened]
                self._newest.pop(change["id"], None)  # it moves to the end
                self._newest[change["id"]] = change
                if change["post"]:
                    self._whose[change["id"]] = change["post"]
                self._happened += 1
            found = list(self._newest.values())
        return found, found[-1]["change"] if found else 0

    def is_of(self, change: dict[str, Any], wanted: dict[str, list[str]]) -> bool:
        """Whether a change is one of those departments', accounts' and platforms'; of what is deleted that is still known."""
        post = self._whose[change["id"]]
        said = {
            "department": post["department"]["slug"],
            "account": post["account"]["id"],
            "platform": post["account"]["platform"],
        }
        return all(said[name] in values for name, values in wanted.items())

    def _elapsed(self) -> float:
        return (time.monotonic() - self._started) * self.speed


class Place:
    """Where a follower stands, read from what it asked."""

    def __init__(self, query: str, allowed: tuple[str, ...]) -> None:
        self.said = parse_qs(query, keep_blank_values=True)
        for name in self.said:
            if name not in allowed:
                raise refused(name, f"{name} is not known here; use {', '.join(allowed)}.")
        self.wanted = {
            name: ",".join(self.said[name]).split(",") for name in NARROWING if name in allowed and name in self.said
        }
        self.after = self.number("after", usual=0, most=2**62)
        self.limit = self.number("limit", usual=USUAL, least=1, most=MOST)
        self.wait = self.number("wait", usual=0, most=LONGEST_WAIT)

    def number(self, name: str, *, usual: int, least: int = 0, most: int) -> int:
        text = self.said.get(name, [str(usual)])[0]
        if not (is_number(text) and least <= int(text) <= most):
            raise refused(name, f"{name} must be one whole number from {least} to {most}, not {text[:80]!r}.")
        return int(text)

    def query(self, after: int) -> str:
        return urlencode(
            {"after": after, **{name: ",".join(said) for name, said in self.said.items() if name != "after"}}
        )


def written(told: dict[str, Any]) -> str:
    """As FeedHub writes it: no spaces."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS


def refused(parameter: str, detail: str) -> Asked:
    return Asked(422, "The question can't be answered", detail, parameter=parameter)


class Chaos:
    """What goes wrong, by chance; without it nothing does."""

    def __init__(self, seed: int | None) -> None:
        self._chance = None if seed is None else random.Random(seed)  # noqa: S311  # chance in a rehearsal needs no secrecy
        self._lock = threading.Lock()

    def strikes(self, share: float) -> bool:
        if self._chance is None:
            return False
        with self._lock:
            return self._chance.random() < share


class Door(BaseHTTPRequestHandler):
    """Answers one line's requests."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        chaos = self.server.chaos
        if path != "/" and chaos.strikes(REFUSED):
            return self.say(
                503, {"title": "Too busy", "status": 503, "detail": "Chaos: ask again."}, ("Retry-After", "1")
            )
        if path != "/" and chaos.strikes(DROPPED):
            return self.hang_up()
        try:
            return self.answer(path, query)
        except Asked as fault:
            return self.say(fault.status, fault.told)
        except (BrokenPipeError, ConnectionResetError):
            return self.hang_up()

    def answer(self, path: str, query: str) -> None:
        week = self.server.week
        if path == "/":
            _, latest = week.newest()
            told = {"at": week.now.isoformat(), "over": week.is_over, "latest": latest, "speed": week.speed}
            return self.say(200, told)
        if path == "/api/v1/changes":
            return self.changes(Place(query, ("after", "limit", "wait", *NARROWING)))
        if path == "/api/v1/stream":
            return self.stream(Place(query, ("after", *NARROWING)))
        if path.startswith("/api/v1/posts/"):
            return self.post(path.rpartition("/")[2])
        raise Asked(404, "Nothing is here", f"There is no {path} in this replay.")

    def changes(self, place: Place) -> None:
        self.refuse_ahead(place.after)
        until = time.monotonic() + place.wait
        found, through, latest = self.found(place, place.after)
        while not found and through >= latest and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, self.server.week.seconds_left()))
            found, through, latest = self.found(place, place.after)
        next_url = f"{self.server.url}/api/v1/changes?{place.query(through)}"
        self.say(200, {"changes": found, "next": next_url, "latest": latest})

    def found(self, place: Place, after: int) -> tuple[list[dict[str, Any]], int, int]:
        """The next changes, the number up to which everything was looked at, and the newest."""
        every, latest = self.server.week.newest()
        fitting = [one for one in every if one["change"] > after and self.server.week.is_of(one, place.wanted)]
        found = fitting[: place.limit]
        return found, found[-1]["change"] if len(fitting) > len(found) else max(latest, after), latest

    def stream(self, place: Place) -> None:
        _, latest = self.server.week.newest()
        after = place.after if "after" in place.said else latest
        last = (self.headers.get("Last-Event-ID") or "").strip()
        after = int(last) if is_number(last) else after
        self.refuse_ahead(after)
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Connection", "close")
        self.end_headers()
        self.send(f"retry: {RETRY_MS}\nid: {after}\n\n")
        for event in self.events(place, after):
            if self.server.chaos.strikes(BROKEN):
                return self.send(event[: len(event) // 2])  # and the line ends in the middle of it
            self.send(event)
        return None

    def events(self, place: Place, after: int) -> Iterator[str]:
        """Changes as they happen, or that nothing does; for a quarter of an hour."""
        end, told = time.monotonic() + LIFE, after
        while time.monotonic() < end:
            found, after, _ = self.found(place, after)
            for change in found:
                told = change["change"]
                yield f"id: {told}\nevent: change\ndata: {written(change)}\n\n"
            if not found:
                if told != after:
                    told = after
                    yield f"id: {after}\n\n"
                left = self.server.week.seconds_left()
                time.sleep(min(left, SILENCE))
                if left > SILENCE:
                    yield ":\n\n"
        yield f"id: {after}\nevent: end\ndata: {written({'next': f'{self.server.url}/api/v1/stream?{place.query(after)}'})}\n\n"

    def post(self, id: str) -> None:
        every, _ = self.server.week.newest()
        change = next((one for one in every if one["id"] == id), None)
        if change is None:
            raise Asked(404, "There is no such post", f"No post {id} has been told of yet.")
        if change["post"] is None:
            reason = (change["notice"] or {}).get("reason")
            told = {"id": id, "post_status": change["status"], "reason": reason, "notice": change["notice"]}
            raise Asked(410, "This post is no longer public", reason or "It is gone from its source.", **told)
        return self.say(200, change["post"])

    def refuse_ahead(self, after: int) -> None:
        """A number from an earlier replay, or another FeedHub."""
        if after > self.server.week.newest()[1]:
            raise Asked(410, "There is no such change yet", "This replay begins anew: start again from 0.")

    def say(self, status: int, told: dict[str, Any], *headers: tuple[str, str]) -> None:
        body = written(told).encode()
        self.send_response(status)
        kind = "application/json" if status == HTTPStatus.OK else "application/problem+json"
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        if status == HTTPStatus.OK and self.path != "/" and self.server.chaos.strikes(CUT):
            self.wfile.write(body[: len(body) // 2])
            return self.hang_up()
        self.wfile.write(body)
        return None

    def send(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing of single requests."""


class Server(ThreadingHTTPServer):
    """On loopback only."""

    daemon_threads = True

    def __init__(self, port: int, week: Week, chaos: Chaos) -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.week, self.chaos = week, chaos

    def handle_error(self, *_: object) -> None:
        """Whoever hangs up on us is no fault of ours."""


def main(say: Callable[..., None] = print) -> None:
    asked = argparse.ArgumentParser(description="Replay a recorded week of an invented city as FeedHub's change feed.")
    asked.add_argument("file", nargs="?", type=Path, default=WEEK, help="changes as lines of JSON; a recorded week")
    asked.add_argument("--port", type=int, default=8900, help="on 127.0.0.1; 0 takes a free one")
    asked.add_argument("--speed", type=float, default=1_000, help="how many seconds of the week pass in one; 1000")
    asked.add_argument("--chaos", action="store_true", help="break lines and refuse now and then")
    asked.add_argument("--seed", type=int, default=1, help="of the chaos")
    given = asked.parse_args()
    if not 0 < given.speed < NEVER:
        asked.error("--speed must be a number above 0")
    server = Server(given.port, Week(given.file, given.speed), Chaos(given.seed if given.chaos else None))
    minutes = server.week.moments[-1] / given.speed / 60
    say(f"{server.url}/api/v1/changes?after=0", flush=True)
    say(
        f"{len(server.week.changes)} changes in {minutes:.1f} minutes, then it stays as it is; Ctrl-C ends it",
        flush=True,
    )
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
