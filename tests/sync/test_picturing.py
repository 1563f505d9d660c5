"""Copies of pictures: made through the guard, in a child, once; gone with their post."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import select

from feedhub.connectors.http import Http
from feedhub.posts.decisions import post_id
from feedhub.posts.filters import Filters
from feedhub.posts.picture_copies import wanted_pictures
from feedhub.posts.post import Media, MediaType
from feedhub.store.clock import clock_now
from feedhub.store.lists import kept_post, latest_posts
from feedhub.store.picture_files import PictureFiles
from feedhub.store.pictures import LEASE, claim_picture, picture_states, want_pictures
from feedhub.store.tables import pictures
from feedhub.sync.picturing import WAITS, Picturing
from posts_made import made_post
from standins import answer, dripping, redirect, standin
from web.newsroom import CLINIC, NOW, Newsroom, open_newsroom

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def picture(color="red", size=(800, 600)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, color).save(file, "JPEG")
    return file.getvalue()


def shown(*urls: str, name="a", **changes):
    media = tuple(Media(type=MediaType.IMAGE, url=url) for url in urls)
    return made_post(native_id=name, media=media, published_at=NOW, **changes)


class Clock:
    """A time that tests move on."""

    def __init__(self) -> None:
        self.at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


class Copier:
    """A copier over a store, and what the store then says."""

    def __init__(self, store, folder, clock):
        self.store, self.clock = store, clock
        self.files = PictureFiles(str(folder))
        self.made = Picturing(
            store=store,
            files=self.files,
            new_http=lambda: Http(contact="", public_url="", allow="127.0.0.0/8", timeout=1.0, max_bytes=1 << 20),
            now=clock,
            spacing=0.0,
            is_exempt=lambda _host: True,
        )

    async def copy(self):
        await self.made.once(asyncio.Event(), seconds=20)

    async def rows(self):
        rows = await self.store.read(lambda session: session.rows(select(pictures).order_by(pictures.c.source)))
        return {row.source.rpartition("/")[2]: row for row in rows}

    async def kept(self, name="a"):
        return await self.store.read(kept_post, post_id(CLINIC.id, name))


@pytest.fixture
async def room(store):
    await open_newsroom(store)
    return Newsroom(store, client=None)


@pytest.fixture
def copier(store, tmp_path):
    return Copier(store, tmp_path / "pictures", Clock())


async def test_pictures_of_a_post_are_copied_and_shown_at_once(room, copier):
    async with standin({"/a.jpg": answer(body=picture()), "/b.png": answer(body=picture("blue", (300, 200)))}) as base:
        html = f'<p><img src="{base}/b.png" alt="x"></p>'
        await room.publish(shown(f"{base}/a.jpg", content_html=html))
        before = await copier.kept()
        await copier.store.read(latest_posts, Filters())
        number = (await copier.store.read(clock_now)).number
        await copier.copy()
    after = await copier.kept()
    assert before.pictures == ()
    assert [(one.source, one.width, one.height) for one in after.pictures] == [
        (f"{base}/a.jpg", 800, 600),
        (f"{base}/b.png", 300, 200),
    ]
    assert after.pictures[0].color == "#fe0000"
    assert (after.version, after.change) == (before.version, before.change), "it is no version"
    assert (await copier.store.read(clock_now)).number > number, "every copy of a page is made anew"
    [listed] = await copier.store.read(latest_posts, Filters())
    assert listed.pictures == after.pictures, "lists that this process had unpacked before show them too"
    for copy in after.pictures:
        for width in copy.widths:
            for format in ("jpg", "webp"):
                content = copier.files.read(copy.id, f"{width}.{format}")
                assert Image.open(BytesIO(content)).size[0] == width
    assert base.asked[0].fields["accept"].startswith("image/webp")


FAILING = {
    "missing": (answer(404), "wanted"),
    "unchanged": (answer(304), "wanted"),
    "slow": (dripping(answer(body=b"", length=100_000), b"x"), "wanted"),
    "broken": (answer(500), "wanted"),
    "too large": (answer(body=b"x", length=600_000), "refused"),
    "forbidden": (redirect("http://10.0.0.1/a.jpg"), "refused"),
    "metadata": (redirect("http://169.254.169.254/latest/meta-data"), "refused"),
    "svg": (answer(body=SVG, fields={"Content-Type": "image/png"}), "refused"),
    "page": (answer(body=b"<!doctype html><title>Masuk</title>", fields={"Content-Type": "image/jpeg"}), "refused"),
    "cut": (answer(body=picture()[:900]), "refused"),
}


async def test_what_cannot_be_copied_is_named_and_harms_no_neighbour(room, copier):
    talk = {f"/{name.replace(' ', '-')}.jpg": said for name, (said, _) in FAILING.items()}
    async with standin({**talk, "/good.jpg": answer(body=picture())}) as base:
        await room.publish(shown(*(base + path for path in talk), base + "/good.jpg"))
        await copier.copy()
    rows = await copier.rows()
    for name, (_, state) in FAILING.items():
        row = rows[f"{name.replace(' ', '-')}.jpg"]
        assert (row.state, bool(row.reason)) == (state, True), name
    assert rows["good.jpg"].state == "shown"
    assert [one.source for one in (await copier.kept()).pictures] == [base + "/good.jpg"]


async def test_failing_picture_is_tried_ever_later_and_then_refused(room, copier):
    async with standin({"/a.jpg": answer(404)}) as base:
        await room.publish(shown(base + "/a.jpg"))
        for tried in range(len(WAITS) + 1):
            await copier.copy()
            await copier.copy()
            row = (await copier.rows())["a.jpg"]
            assert len(base.asked) == tried + 1, "not again before its time"
            if tried < len(WAITS):
                assert row.state == "wanted"
                copier.clock.at += WAITS[tried]
    assert row.state == "refused"
    assert "404" in row.reason


async def test_retry_after_is_kept_to(room, copier):
    async with standin({"/a.jpg": answer(429, fields={"Retry-After": "7200"})}) as base:
        await room.publish(shown(base + "/a.jpg"))
        await copier.copy()
        copier.clock.at += timedelta(hours=1)
        await copier.copy()
        assert len(base.asked) == 1


async def test_fresh_address_of_the_same_picture_makes_no_second_copy(room, copier):
    async with standin(lambda asked: answer(body=picture()) if "new" not in asked.path else answer(403)) as base:
        await room.publish(shown(base + "/a.jpg?sig=old"))
        await copier.copy()
        first = await copier.kept()
        await room.publish(shown(base + "/a.jpg?sig=new", title="Judul baru"))
        renewed = await copier.kept()
        await copier.copy()
        assert len(base.asked) == 1
    assert renewed.version == 2
    assert renewed.pictures == (replace(first.pictures[0], source=base + "/a.jpg?sig=new"),)


async def test_refused_picture_is_wanted_again_at_a_fresh_address(room, copier):
    async with standin(lambda asked: answer(body=picture() if "new" in asked.path else SVG)) as base:
        await room.publish(shown(base + "/a.jpg?sig=old"))
        await copier.copy()
        await room.publish(shown(base + "/a.jpg?sig=new", title="Judul baru"))
        await copier.copy()
    assert len((await copier.kept()).pictures) == 1


async def test_pictures_go_with_what_showed_them(room, copier):
    async with standin(answer(body=picture())) as base:
        edited, withdrawn = shown(base + "/a.jpg", base + "/b.jpg"), shown(base + "/c.jpg", name="c")
        await room.publish(edited, withdrawn)
        await copier.copy()
        ids = {name: row.id for name, row in (await copier.rows()).items()}
        await room.publish(shown(base + "/a.jpg"))
        await room.withdraw(withdrawn)
        assert [one.id for one in (await copier.kept()).pictures] == [ids["a.jpg"]]
        await copier.copy()
    assert set(await copier.rows()) == {"a.jpg"}
    assert [name for name, id in ids.items() if copier.files.read(id, "320.jpg")] == ["a.jpg"]


async def test_nothing_is_shown_of_a_post_that_was_withdrawn_while_its_picture_was_copied(room, copier):
    published = []

    async def withdraw_first(_asked, writer):
        await room.withdraw(published[0])
        writer.write(answer(body=picture()))

    async with standin(withdraw_first) as base:
        published.append(shown(base + "/a.jpg"))
        await room.publish(*published)
        await copier.copy()
        await copier.copy()
    kept = await copier.kept()
    assert (kept.status.value, kept.pictures) == ("withdrawn", ())
    assert await copier.rows() == {}


async def test_newest_posts_get_theirs_first_and_a_killed_copier_leaves_its_picture_to_others(room, copier):
    older = replace(shown("https://a.example/old.jpg", name="old"), published_at=NOW - timedelta(days=9))
    await room.publish(older, shown("https://a.example/new.jpg"), shown("https://b.example/b.jpg", name="b"))
    await copier.store.write(want_pictures)

    async def claim(at, *resting):
        found = await copier.store.write(claim_picture, now=at, resting=list(resting))
        return found and found.source.rpartition("/")[2]

    assert await claim(NOW, "b.example") == "new.jpg"
    assert await claim(NOW, "b.example") == "old.jpg"
    assert await claim(NOW, "b.example") is None
    assert await claim(NOW + LEASE, "b.example") == "new.jpg"


async def test_picture_that_kills_whoever_decodes_it_is_put_off(room, copier):
    copier.made.child_seconds = 0.0001
    async with standin(answer(body=picture(size=(3000, 3000)))) as base:
        await room.publish(shown(base + "/a.jpg"))
        await copier.copy()
    row = (await copier.rows())["a.jpg"]
    assert row.state == "wanted"
    assert "stopped" in row.reason


async def test_host_is_asked_for_one_picture_at_a_time_and_rests(room, copier):
    copier.made.is_exempt, copier.made.spacing = (lambda _host: False), 0.4
    times: list[float] = []

    def said(_asked):
        times.append(asyncio.get_running_loop().time())
        return answer(body=picture(size=(50, 50)))

    async with standin(said) as base:
        await room.publish(shown(base + "/a.jpg", base + "/b.jpg", base + "/c.jpg"))
        await copier.copy()
    assert len(times) == 3
    assert all(later - earlier >= 0.4 for earlier, later in pairwise(times))


async def test_states_are_counted(room, copier):
    async with standin({"/a.jpg": answer(body=picture()), "/b.jpg": answer(body=SVG)}) as base:
        await room.publish(shown(base + "/a.jpg", base + "/b.jpg"))
        await copier.copy()
    counted = await copier.store.read(picture_states)
    assert {state: count for state, (count, _) in counted.items()} == {"shown": 1, "refused": 1}
    assert counted["shown"][1] > 1000


def test_ids_are_derived():
    post = shown("https://scontent-a.fbcdn.net/x/1.jpg?oh=1", "https://cdn4.telesco.pe/file/abc.jpg")
    again = shown("https://scontent-b.fbcdn.net/x/1.jpg?oh=2", "https://cdn4.telesco.pe/file/xyz.jpg")
    first, second = wanted_pictures(post, id=UUID(int=1), version=1), wanted_pictures(again, id=UUID(int=1), version=1)
    assert list(first) == list(second)
    third = wanted_pictures(again, id=UUID(int=1), version=2)
    assert next(iter(third)) == next(iter(first))
    assert list(third)[1] != list(first)[1], "a sealed address does not say which picture it is"
