"""What it costs to ask 2,000 accounts on 2,000 hosts that have nothing new (304), by CPU time.

Beside it: `reader`, and httpx that asks the same addresses with a client each time and
keeps nothing, as the least that asking costs.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bench.pipe import _measure, _pinned, _spent, _spent_by
from bench.unchanged_site import addresses
from bench.walked import made_store, walk_options

ACCOUNTS = 2_000
PASSES = 3  # the cheapest counts: what comes between on a shared machine is nobody's cost


def compare_unchanged() -> None:
    """Print CPU milliseconds an account of each, and the ratios; each on one core, the server on another."""
    print(
        f"304      {ACCOUNTS} accounts on as many hosts answer 304; CPU time of all processes but the server's, one core"
    )
    with _site() as port:
        times = {
            name: _cpu(way, port)
            for name, way in {"httpx alone": "_httpx", "reader": "_reader", "feedhub": "_feedhub"}.items()
        }
    for name, seconds in times.items():
        print(
            f"304      {name:32} {seconds * 1000 / ACCOUNTS:8.2f} ms/account  {times['reader'] / seconds:5.1f}x reader"
        )


def _cpu(way: str, port: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        words = [*_pinned(0), sys.executable, "-m", "bench.unchanged", way, folder, str(port)]
        done = subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout
    return min(float(line) for line in done.split())


def _urls(port: int) -> list[str]:
    return [f"http://{address}:{port}/feed" for address in addresses(ACCOUNTS)]


def _httpx(port: int, _folder: str) -> None:
    import httpx

    async def ask() -> None:
        async with httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0)) as client:
            for url in _urls(port):
                assert (await client.get(url, headers={"If-None-Match": "x"})).status_code == 304

    for _ in range(PASSES):
        _measure(lambda: asyncio.run(ask()))


def _reader(port: int, folder: str) -> None:
    from reader import make_reader

    reader = make_reader(f"{folder}/reader.sqlite", feed_root=None)
    for url in _urls(port):
        reader.add_feed(url)
    reader.update_feeds(workers=1)
    for _ in range(PASSES):
        _measure(lambda: reader.update_feeds(workers=1, scheduled=False))


def _feedhub(port: int, folder: str) -> None:
    from feedhub.running import run
    from feedhub.sync.means import VisitReport
    from feedhub.sync.serving import now, walking

    store, _ = made_store(_urls(port), folder)
    reports: list[VisitReport] = []
    later = timedelta()

    async def walk() -> None:
        nonlocal later
        options = walk_options(visits=16)
        async with walking(store, options, report=reports.append, clock=lambda: now() + later) as walker:
            await walker.once(asyncio.Event())
            for _ in range(PASSES):
                later += timedelta(hours=2)
                reports.clear()
                children = [child.pid for child in walker.means.reading._children]
                before = _spent() + sum(map(_spent_by, children))
                await walker.once(asyncio.Event())
                print(_spent() + sum(map(_spent_by, children)) - before)
                assert [report.outcome for report in reports] == ["not_modified"] * ACCOUNTS

    run(walk())
    store.close_now()


@contextmanager
def _site() -> Iterator[int]:
    words = [*_pinned(1), sys.executable, "-m", "bench.unchanged_site", str(ACCOUNTS)]
    server = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout
    try:
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    {"_httpx": _httpx, "_reader": _reader, "_feedhub": _feedhub}[sys.argv[1]](int(sys.argv[3]), sys.argv[2])
