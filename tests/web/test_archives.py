"""Archives: a reader who knows RFC 5005 and nothing of us ends with every post (RFC 5005 section 4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
import pytest_asyncio
from lxml import etree

from checkers import ATOM, atom_faults, rss_faults
from feedhub.accounts.kinds import Kind
from posts_made import made_post
from web.newsroom import NOW, PUBLIC_URL, RESCUE

FAULTS = {"rss": rss_faults, "atom": atom_faults}


def dated(name: str, at: datetime, *kinds: Kind):
    return made_post(native_id=name, title=name, published_at=at, kinds=kinds)


def series(name: str, count: int, first: datetime, step: timedelta, *kinds: Kind):
    return [dated(f"{name}-{number}", first + number * step, *kinds) for number in range(count)]


SPRING = series("musim", 3, datetime(2026, 5, 30, 20, tzinfo=UTC), timedelta(hours=15), Kind.NEWS)
# The last of these is of September in Probolinggo and of August in Greenwich.
SUMMER = series("kemarau", 2, datetime(2026, 8, 31, 17, tzinfo=UTC) - timedelta(hours=1), timedelta(hours=1))
CROWDED = series("padat", 202, datetime(2026, 10, 3, tzinfo=UTC), timedelta(hours=2), Kind.NEWS)
RUSH = series("ramai", 202, datetime(2026, 11, 5, 2, tzinfo=UTC), timedelta(seconds=90))
EARLIER = series("kemarin", 40, NOW - timedelta(days=2), timedelta(minutes=1))
TODAY = series("kini", 60, NOW - timedelta(minutes=59), timedelta(seconds=30))


async def settled(room):
    await room.publish(*SPRING, *SUMMER, *CROWDED, *RUSH, *EARLIER, *TODAY)
    await room.publish(*series("siaga", 12, NOW - timedelta(days=40), timedelta(days=1)), account=RESCUE)
    await room.until("/feed.atom", lambda answer: "kini-59" in answer.text)
    return room


@pytest_asyncio.fixture
async def town(room):
    """On one database; the questions are the same on both."""
    return await settled(room)


def read_by_feedparser_and_judged(document: bytes, format: str):
    assert FAULTS[format](document) == []
    read = feedparser.parse(document)
    return [entry.id for entry in read.entries], {link.rel: link.href for link in read.feed.links}


def read_quickly(document: bytes, format: str):
    assert format == "atom"
    root = etree.fromstring(document)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    return [each.text for each in root.findall(f"{ATOM}entry/{ATOM}id")], links


async def followed(room, path: str, rel: str = "prev-archive", known: frozenset[str] = frozenset(), read=read_quickly):
    """What a follower reads from `path` on, newest document first: ids, and the documents' addresses."""
    ids, addresses, address = list[str](), list[str](), path
    while address and address not in known:
        assert address not in addresses
        answer = await room.get(address)
        assert answer.status_code == 200, address
        found, links = read(answer.content, path.partition("?")[0].rpartition(".")[2])
        addresses.append(address)
        ids += found
        assert len(addresses) == 1 or links["self"] == PUBLIC_URL + address
        address = links.get(rel, "").removeprefix(PUBLIC_URL)
    return ids, addresses


async def every_live_post(room, question: str = "") -> set[str]:
    ids, target = set(), f"/api/v1/posts?limit=200{question}"
    while target:
        page = (await room.get(target)).json()
        ids |= {post["uri"] for post in page["posts"]}
        target = (page["next"] or "").removeprefix(PUBLIC_URL)
    return ids


FOLLOWED = {
    "/feed.atom": "",
    "/departments/bpbd/feed.atom": "&department=bpbd",
    "/kinds/news/feed.rss": "&kind=news",
}


async def test_a_follower_of_documents_and_archives_ends_with_every_post(newsroom):
    town = await settled(newsroom)
    for path, question in FOLLOWED.items():
        ids, addresses = await followed(town, path, read=read_by_feedparser_and_judged)
        assert set(ids) == await every_live_post(town, question)
        assert len(ids) - len(set(ids)) <= 100  # what the document shares with archives
        assert all(address.partition("?")[0].endswith(path[-4:]) for address in addresses)


async def test_archives_are_a_chain_that_leads_back(town):
    _, back = await followed(town, "/feed.atom")
    assert [address for address in back if "before" not in address] == [
        "/feed.atom",
        "/feed/archive/2026-10.atom",
        "/feed/archive/2026-09.atom",
        "/feed/archive/2026-08.atom",
        "/feed/archive/2026-06.atom",
        "/feed/archive/2026-05.atom",
    ]
    ids, forth = await followed(town, back[-1], rel="next-archive")
    assert forth[:4] == back[:-5:-1]
    newest, _ = await followed(town, "/feed.atom", known=frozenset(forth))
    assert set(ids) | set(newest) == await every_live_post(town)


async def test_who_knows_an_archive_by_its_address_misses_nothing_later(town):
    ids, known = await followed(town, "/feed.atom")
    late = dated("terlambat", NOW - timedelta(days=1))
    await town.publish(late, *series("baru", 55, NOW + timedelta(minutes=1), timedelta(seconds=1)))
    await town.until("/feed.atom", lambda answer: "baru-54" in answer.text)
    more, fresh = await followed(town, "/feed.atom", known=frozenset(known[1:]))
    assert set(ids) | set(more) == await every_live_post(town)
    assert len(fresh) < len(known)


async def test_an_archive_says_what_it_is_and_where_its_feed_is(town):
    for format in ("rss", "atom"):
        answer = await town.get(f"/departments/dinkes/feed/archive/2026-10.{format}")
        read = feedparser.parse(answer.content)
        assert read.namespaces["fh"] == "http://purl.org/syndication/history/1.0"
        assert b"<fh:archive/>" in answer.content
        links = {link.rel: link.href for link in read.feed.links}
        assert links["current"] == f"{PUBLIC_URL}/departments/dinkes/feed.{format}"
        feed = await town.get(f"/departments/dinkes/feed.{format}")
        assert b"<fh:archive/>" not in feed.content
        assert feedparser.parse(feed.content).feed.get("id") == read.feed.get("id")
        again = await town.get(
            f"/departments/dinkes/feed/archive/2026-10.{format}", if_none_match=answer.headers["etag"]
        )
        assert again.status_code == 304


async def test_corrections_and_withdrawals_change_the_archive_and_stand_in_the_document(town):
    archive, feed = "/feed/archive/2026-10.atom", "/feed.atom"
    before = await town.get(archive)
    await town.publish(replace(CROWDED[201], title="Tanggal baru"))
    changed = await town.until(archive, lambda answer: "Tanggal baru" in answer.text)
    assert changed.headers["etag"] != before.headers["etag"]
    assert "Tanggal baru" in (await town.get(feed)).text
    gone = await town.withdraw(CROWDED[200])
    emptied = await town.until(archive, lambda answer: "padat-200" not in answer.text)
    for text in (emptied.text, (await town.get(feed)).text):
        assert f'ref="urn:uuid:{gone}"' in text
        assert atom_faults(text.encode()) == []


@pytest.mark.parametrize(
    ("target", "status", "leads_to"),
    [
        ("/feed.atom/archive/2026-10.atom", 308, "/feed/archive/2026-10.atom"),
        ("/departments/dinkes/feed.rss/archive/2026-10.rss", 308, "/departments/dinkes/feed/archive/2026-10.rss"),
        ("/kinds/news/feed.rss/archive/2026-10.rss?before=7", 308, "/kinds/news/feed/archive/2026-10.rss?before=7"),
        (
            "/departments/dinas-kesehatan/feed/archive/2026-10.atom",
            308,
            "/departments/dinkes/feed/archive/2026-10.atom",
        ),
        ("/kinds/berita/feed/archive/2026-10.atom", 308, "/kinds/news/feed/archive/2026-10.atom"),
        ("/feed/archive/2026-07.atom", 200, None),  # complete, and nothing was said
        ("/feed/archive/2199-11.atom", 404, None),
        ("/feed/archive/2026-13.atom", 404, None),
        ("/feed/archive/2026-10.json", 404, None),
        ("/departments/nobody/feed/archive/2026-10.atom", 404, None),
        ("/feed/archive/2026-10.atom?before=soon", 422, None),
        ("/feed/archive/2026-10.atom?before=9999999999999999999", 422, None),
        ("/feed/archive/2026-10.atom?before=7", 404, None),
        ("/feed/archive/2026-10.atom?limit=7", 422, None),
    ],
)
async def test_an_archive_has_one_address_and_only_complete_ones_are_there(room, target, status, leads_to):
    answer = await room.get(target)
    assert answer.status_code == status
    assert answer.headers.get("location") == (leads_to and PUBLIC_URL + leads_to)
