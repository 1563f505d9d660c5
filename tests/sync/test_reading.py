"""Documents are read in children that can be stopped, and no child outlives its parent."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from dataclasses import replace
from pathlib import Path

import pytest

from bad_documents import GOOD
from feedhub.accounts.account import Via
from feedhub.accounts.kinds import Kind, KindRule
from feedhub.failures import ReadingStopped
from feedhub.payloads.payload import Document
from feedhub.posts.seen import post_from
from feedhub.sync.reading import Reading
from feedhub.sync.serving import now
from feedhub.sync.tasks import Misread, Readable
from walked import webfeed

ACCOUNT = webfeed("http://a.example/feed")
ITEM = "<item><guid>{0}</guid><title>Kabar {0}</title><description>{1}</description></item>"
LARGE = ("<rss><channel>" + "".join(ITEM.format(n, "isi " * 1_500) for n in range(1_000)) + "</channel></rss>").encode()
WIDE = b"<rss " + b" ".join(b"xmlns:n%d='urn:%d'" % (n, n) for n in range(20_000)) + LARGE.removeprefix(b"<rss")

# Broken, so that every way of mending it is tried, each with another copy.
GREEDY = b"<rss>&<channel>" + b"<item><title>x</title></item>" * 560_000 + b"</channel></rss>"


def document(body: bytes) -> Document:
    return Document(url="http://a.example/feed", body=body, fetched_at=now(), content_type="text/xml")


def children(of: int) -> list[int]:
    """The reading children of a process, by Linux's own table."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == of and b"feedhub.sync.reader" in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except (OSError, IndexError):
                continue
    return found


def is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def ended(processes: list[int]) -> None:
    """Wait until they are gone, and this process has heard of it."""
    async with asyncio.timeout(20):
        while any(is_there(process) for process in processes):  # noqa: ASYNC110  # other processes set no events
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("body", "seconds", "most_bytes"), [(WIDE, 0.02, 1 << 30), (GREEDY, 60.0, 300 << 20)], ids=["spinning", "greedy"]
)
async def test_a_document_that_takes_too_much_is_stopped_and_the_next_is_read(body, seconds, most_bytes):
    async with Reading(children=1, seconds=seconds, most_bytes=most_bytes) as reading:
        with pytest.raises(ReadingStopped) as stopped:
            await reading.split(ACCOUNT, document(body))
        assert stopped.value.reason
        assert stopped.value.remedy
        assert len((await reading.split(ACCOUNT, document(GOOD))).payloads) == 2


async def test_a_stopped_batch_is_read_item_by_item_and_gives_up_on_a_hostile_document():
    async with Reading(children=1) as reading:
        payloads = (await reading.split(ACCOUNT, document(LARGE))).payloads
    async with Reading(children=1, seconds=0.1) as reading:
        found = await reading.read(ACCOUNT, payloads, ())
        assert len(found) == len(payloads)
        assert all(isinstance(answer, Readable) for answer in found)
    async with Reading(children=1, seconds=0.000_01) as reading:
        found = await reading.read(ACCOUNT, payloads[:50], ())
    assert len(found) == 50
    assert all(isinstance(answer, Misread) for answer in found)


async def test_a_child_killed_from_outside_costs_at_most_the_document_it_reads():
    async with Reading(children=1) as reading:
        assert len((await reading.split(ACCOUNT, document(GOOD))).payloads) == 2
        (idle,) = children(os.getpid())
        os.kill(idle, signal.SIGTERM)  # which may go to a whole group: the parent says when its children end
        assert len((await reading.split(ACCOUNT, document(GOOD))).payloads) == 2
        os.kill(idle, signal.SIGKILL)
        await ended([idle])
        assert len((await reading.split(ACCOUNT, document(GOOD))).payloads) == 2
        (busy,) = children(os.getpid())
        os.kill(busy, signal.SIGSTOP)
        task = asyncio.create_task(reading.split(ACCOUNT, document(GOOD)))
        await asyncio.sleep(0.1)
        os.kill(busy, signal.SIGKILL)
        with pytest.raises(ReadingStopped):
            await task
        assert len((await reading.split(ACCOUNT, document(GOOD))).payloads) == 2


async def test_a_cancelled_task_leaves_no_answer_for_the_next():
    other = GOOD.replace(b"Vaksin", b"Banjir").replace(b"<item>", b"<item><guid>x</guid></item><item>", 1)
    async with Reading(children=1) as reading:
        for wait in (0.0, 0.001, 0.01, 0.4):
            task = asyncio.create_task(reading.split(ACCOUNT, document(LARGE)))
            await asyncio.sleep(wait)
            task.cancel()
            await asyncio.wait([task])
            found = await reading.split(ACCOUNT, document(other))
            assert len(found.payloads) == 3
    assert children(os.getpid()) == []


_PARENT = """
import asyncio, sys
from feedhub.posts.seen import post_from
from feedhub.sync.reading import Reading
from feedhub.sync.serving import now
sys.path.insert(0, sys.argv[1])
from test_reading import ACCOUNT, GOOD, LARGE, document
async def main():
    async with Reading(children=2) as reading:
        await asyncio.gather(*(reading.split(ACCOUNT, document(GOOD)) for _ in range(2)))
        print("reading", flush=True)
        while True:
            await asyncio.gather(reading.split(ACCOUNT, document(LARGE)), asyncio.sleep(0.1))
asyncio.run(main())
"""


async def test_children_end_by_themselves_when_their_parent_is_killed():
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PARENT, str(Path(__file__).parent), stdout=PIPE, env=environment
    )
    assert parent.stdout
    assert await parent.stdout.readline() == b"reading\n"
    found = children(parent.pid)
    assert found
    parent.kill()
    await parent.wait()
    await ended(found)


async def test_what_a_bridge_brings_is_marked_and_never_an_emergency():
    rules = (KindRule(kind=Kind.EMERGENCY, words=("banjir",)), KindRule(kind=Kind.SERVICE, words=("posko",)))
    body = b"<rss><channel><item><guid>1</guid><title>Banjir: posko dibuka</title></item></channel></rss>"
    async with Reading() as reading:
        split = await reading.split(ACCOUNT, document(body))
        for via, kinds in ((None, (Kind.EMERGENCY, Kind.SERVICE)), (Via.BRIDGE, (Kind.SERVICE,))):
            (found,) = await reading.read(replace(ACCOUNT, via=via), split.payloads, rules)
            post = post_from(found.seen.document)
            assert (post.via, post.kinds) == (via or Via.FEED, kinds)
