"""A real WordPress is collected by a real walk, edited, trashed, deleted, closed, moved, and followed."""

import struct
import time
import zlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedhub.accounts.account import HOLD_RULES, Account, Platform
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.session import open_store
from feedhub.store.tables import posts
from feedhub.sync.serving import now as clock
from servers.wordpress_site import wordpress_site
from walked import keep, register_of, walk

pytestmark = [pytest.mark.servers, pytest.mark.long]

HOUR = timedelta(hours=1, minutes=1)


def png(width=64, height=48):
    """A red picture."""
    rows = b"".join(b"\0" + b"\xff\0\0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


class Followed:
    """A site's account in a store, visited an hour later each time."""

    def __init__(self, store, url):
        self.store, self.later = store, 0 * HOUR
        # Everything here is written within seconds, which a hijacker would do; that is another test's business.
        holds = tuple((rule, 0) for rule in HOLD_RULES)
        key, platform = "wordpress:uji", Platform.WORDPRESS
        self.account = Account(key=key, platform=platform, department="dinkes", url=url, holds=holds)

    async def visit(self, *, after=HOUR):
        self.later += after
        moment = clock() + self.later
        (report,) = (await walk(self.store, self.account, clock=lambda: moment)).values()
        return report

    async def kept(self):
        rows = await self.store.read(lambda session: session.rows(select(posts)))
        return {post_from(expanded(row.document)).title: (row.status, row.version) for row in rows}

    async def post(self, title):
        rows = await self.store.read(lambda session: session.rows(select(posts)))
        return next(post for row in rows if (post := post_from(expanded(row.document))).title == title)


@pytest.fixture
async def kept_store(sqlite_url):
    opened = open_store(sqlite_url)
    yield opened
    await opened.close()


async def test_a_real_site_is_collected_and_followed(tmp_path, kept_store):
    begun = time.monotonic()
    async with wordpress_site(tmp_path / "wp") as site:
        print(f"wordpress: ready after {time.monotonic() - begun:.1f} s")  # noqa: T201 - figures for the log
        made = await written(site)
        followed = Followed(kept_store, f"{site.url}/")
        await keep(kept_store, register_of([followed.account]))
        report = await followed.visit()
        assert (report.outcome, report.new) == ("ok", 27)  # WordPress's own first post is among them
        await holds_what_was_written(followed)
        await followed.visit()
        assert (await followed.visit()).outcome == "not_modified"
        await edits_and_deletions_are_followed(site, followed, made)
        await a_closed_api_doubles_nothing(site, followed)
        await other_permalinks_change_nothing(site, followed)
        print(f"wordpress: {len(await followed.kept())} posts in {time.monotonic() - begun:.1f} s")  # noqa: T201 - the same


async def written(site):
    """Pictures, files, passwords, drafts, and more posts than a page."""
    picture = await site.upload("foto.png", png(), "image/png", alt_text="Antrean warga di puskesmas")
    paper = await site.upload("jadwal.pdf", b"%PDF-1.4\n%%EOF", "application/pdf", title="Jadwal")
    content = f'<p>Buka pukul 8 &amp; gratis.</p><p><a href="{paper["source_url"]}">Jadwal</a></p>'
    kinds = await site.category("Layanan & Info")
    more = {"featured_media": picture["id"], "categories": [kinds["id"]], "sticky": True}
    await site.post("Imunisasi “gratis” & cepat", content, **more)
    made = [await site.post(f"Kabar {number}", f"<p>Isi {number}</p>") for number in range(25)]
    await site.post("Rahasia", "<p>Rapat tertutup</p>", password="sandi")
    await site.post("Konsep", "<p>Belum</p>", status="draft")
    return made


async def edits_and_deletions_are_followed(site, followed, made):
    await site.edit(made[2]["id"], content="<p>Isi 2 (ralat)</p>")  # beyond the window of 20
    await site.edit(made[20]["id"], title="Kabar 20 (ralat)")
    await site.trash(made[21]["id"])
    await site.delete(made[3]["id"])  # beyond the window too
    report = await followed.visit()
    assert (report.edited, report.gone) == (2, 2)
    await followed.visit()
    found = await followed.kept()
    assert (found["Kabar 2"], found["Kabar 20 (ralat)"]) == (("live", 2), ("live", 2))
    assert found["Kabar 21"][0] == found["Kabar 3"][0] == "gone"
    assert sum(status == "live" for status, _ in found.values()) == 25
    await site.edit(made[21]["id"], status="publish")  # out of the trash again
    await followed.visit()
    assert (await followed.kept())["Kabar 21"][0] == "live"


async def a_closed_api_doubles_nothing(site, followed):
    site.close_api()
    before = await followed.kept()
    await followed.visit()
    await site.post("Lewat umpan", "<p>API dimatikan</p>")
    await followed.visit()
    assert await followed.kept() == before | {"Lewat umpan": ("live", 1)}
    site.close_api(closed=False)
    await followed.visit(after=timedelta(days=1))
    assert (await followed.kept()).keys() == before.keys() | {"Lewat umpan"}


async def other_permalinks_change_nothing(site, followed):
    before = await followed.kept()
    await site.run("update_option('permalink_structure', ''); flush_rewrite_rules(true);")
    await followed.visit()
    await site.post("Tautan polos", "<p>Tanpa permalink</p>")
    await followed.visit()
    assert (await followed.kept()).keys() == before.keys() | {"Tautan polos"}


async def holds_what_was_written(followed):
    post = await followed.post("Imunisasi “gratis” & cepat")
    assert [(medium.type.value, medium.alt) for medium in post.media] == [
        ("image", "Antrean warga di puskesmas"),
        ("document", None),
    ]
    assert post.tags == ("Layanan & Info",)
    assert post.content_text.startswith("Buka pukul 8 & gratis.")
    assert "Rahasia" not in await followed.kept()
    assert "Konsep" not in await followed.kept()


async def test_a_site_whose_api_was_never_open_is_collected_by_its_feed(tmp_path, kept_store):
    async with wordpress_site(tmp_path / "wp") as site:
        site.close_api()
        made = [await site.post(f"Kabar {number}", f"<p>Isi {number}</p>") for number in range(4)]
        followed = Followed(kept_store, f"{site.url}/feed/")
        await keep(kept_store, register_of([followed.account]))
        assert (await followed.visit()).new == 5
        await site.delete(made[1]["id"])
        # The feed's validators know nothing of deletions; once a day the whole feed is read.
        await followed.visit(after=timedelta(days=1))
        await followed.visit()
        assert (await followed.kept())["Kabar 1"][0] == "gone"
        site.close_api(closed=False)
        await followed.visit(after=timedelta(days=2))
        found = await followed.kept()
        assert len(found) == 5
