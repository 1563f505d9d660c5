"""The whole pipe beside `reader`: fetch, read, clean, keep, index feeds of 20 entries, by CPU time.

FeedHub's time includes its reading children and its full-text index; `reader` is measured
without and with its own search index.
"""

import asyncio
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.made_feeds import made_feed
from bench.walked import made_store, walk_options

if TYPE_CHECKING:
    from reader import Reader

FEEDS = 300
# Visited first and not counted: imports, children and prepared statements are paid once a process.
WARM = 16


def compare_pipe() -> None:
    """Print CPU milliseconds a feed of each, and the ratios."""
    print(
        f"pipe     {FEEDS} feeds of 20 entries, {len(made_feed(1)) // 1000} KB each; CPU time of all processes but the server's, once warm"
    )
    with _server() as base:
        urls = [f"{base}/{number}" for number in range(WARM + FEEDS)]
        ways: dict[str, Callable[[list[str], str], None]] = {
            "reader": _reader,
            "reader with its search index": _reader_with_search,
            "feedhub, index included": _feedhub,
        }
        times = {name: _cpu(way, urls) for name, way in ways.items()}
    for name, seconds in times.items():
        ratios = f"{times['reader'] / seconds:5.1f}x reader  {times['reader with its search index'] / seconds:5.1f}x reader with index"
        print(f"pipe     {name:32} {seconds * 1000 / FEEDS:8.2f} ms/feed  {ratios}")


def _pinned(core: int) -> list[str]:
    """The words that keep a command on one core: two that share one would each seem slower."""
    taskset = shutil.which("taskset")
    return [taskset, "-c", str(core)] if taskset and (os.cpu_count() or 1) > 1 else []


def _cpu(way: Callable[[list[str], str], None], urls: list[str]) -> float:
    """CPU seconds of a fresh process that runs `way`, its children included."""
    with tempfile.TemporaryDirectory() as folder:
        return float(
            subprocess.run(
                [*_pinned(0), sys.executable, "-m", "bench.pipe", way.__name__, folder, urls[0].rpartition("/")[0]],
                check=True,
                stdout=subprocess.PIPE,
            ).stdout
        )


def _reader(urls: list[str], folder: str) -> None:
    from reader import make_reader

    reader = make_reader(f"{folder}/reader.sqlite", feed_root=None)
    _warm(reader, urls)
    _measure(lambda: reader.update_feeds(workers=1, new=True))
    assert reader.get_entry_counts().total == 20 * len(urls)


def _warm(reader: "Reader", urls: list[str]) -> None:
    for url in urls[:WARM]:
        reader.add_feed(url)
    reader.update_feeds(workers=1)
    for url in urls[WARM:]:
        reader.add_feed(url)


def _reader_with_search(urls: list[str], folder: str) -> None:
    from reader import make_reader

    reader = make_reader(f"{folder}/reader.sqlite", feed_root=None)
    reader.enable_search()
    _warm(reader, urls)
    reader.update_search()

    def both() -> None:
        reader.update_feeds(workers=1, new=True)
        reader.update_search()

    _measure(both)
    assert reader.get_entry_counts().total == 20 * len(urls)


def _feedhub(urls: list[str], folder: str) -> None:
    from feedhub.running import run
    from feedhub.store.visits import account_states
    from feedhub.sync.serving import walking

    store, accounts = made_store(urls, folder)
    warm = [account.id for account in accounts[:WARM]]

    async def walk() -> None:
        async with walking(store, walk_options(visits=8)) as walker:
            await walker.once(asyncio.Event(), only=warm)
            children = [child.pid for child in walker.means.reading._children]
            before = _spent() + sum(map(_spent_by, children))
            await walker.once(asyncio.Event())
            print(_spent() + sum(map(_spent_by, children)) - before)

    run(walk())
    assert sum(state.posts for state in store.read_now(account_states)) == 20 * len(urls)
    store.close_now()


def _measure(act: Callable[[], object]) -> None:
    before = _spent()
    act()
    print(_spent() - before)


def _spent_by(child: int) -> float:
    """CPU seconds of a running child, from the kernel's table of processes."""
    fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _spent() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@contextmanager
def _server() -> Iterator[str]:
    server = subprocess.Popen(
        [*_pinned(1), sys.executable, "-m", "bench.made_feeds"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert server.stdout
    try:
        yield f"http://127.0.0.1:{int(server.stdout.readline())}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    {"_reader": _reader, "_reader_with_search": _reader_with_search, "_feedhub": _feedhub}[sys.argv[1]](
        [f"{sys.argv[3]}/{number}" for number in range(WARM + FEEDS)], sys.argv[2]
    )
