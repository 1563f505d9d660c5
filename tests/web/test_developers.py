"""Every program on the page for developers is run as it stands, against a real server on loopback."""

import asyncio
import io
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
from asyncio.subprocess import DEVNULL, STDOUT
from contextlib import asynccontextmanager, closing
from pathlib import Path
from zipfile import ZipFile

import lxml.html
import pytest
import pytest_asyncio

from feedhub.store.session import open_store
from feedhub.views.kit import kit_archive
from web.newsroom import RESCUE, Newsroom, numbered, open_newsroom, serving
from wires.hooked import key_for

DOCS = Path(__file__).parents[2] / "docs"
KIT = Path(__file__).parents[2] / "kit"
TASKS = ("newest", "follow", "listen", "receive", "prove", "ask")
RUN = {
    "curl": (shutil.which("curl") and "sh", "sh"),
    "python": (sys.executable, "py"),
    "javascript": (shutil.which("node"), "mjs"),
    "php": (shutil.which("php"), "php"),
}
FIRST = RESCUE.department  # the one that the page takes for its examples
SOON = 30.0  # seconds after which a program that still says nothing is broken


@pytest_asyncio.fixture
async def here(sqlite_url):
    """A FeedHub that is known by the address at which it stands, as one on the net is."""
    store = open_store(sqlite_url)
    await open_newsroom(store)
    async with serving(sqlite_url, public_url=None) as client:
        room = Newsroom(store, client)
        await room.publish(*(numbered(number) for number in range(6)))
        await room.publish(*(numbered(number) for number in range(3)), account=RESCUE)
        newest = f"/api/v1/posts?department={FIRST}"
        await room.until(newest, lambda answer: len(answer.json()["posts"]) == 3)
        yield room
    await store.close()


async def shown(room: Newsroom, path: str = "/developers") -> dict[str, str]:
    """The programs as the page has them, by task and language."""
    page = lxml.html.document_fromstring((await room.get(path)).text)
    return {one.get("id"): one.text_content() + "\n" for one in page.xpath("//pre[@id]")}


@asynccontextmanager
async def running(language: str, code: str, folder: Path):
    """A program in a process of its own; what it says goes to the file `said`."""
    program, suffix = RUN[language]
    copy_into(folder, f"copied.{suffix}", code)
    words = (program, *(("-u", "-W", "ignore") if language == "python" else ()), f"copied.{suffix}")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    with (folder / "said").open("ab") as said:
        run = await asyncio.create_subprocess_exec(
            *words, cwd=folder, env=environment, stdout=said, stderr=STDOUT, stdin=DEVNULL, start_new_session=True
        )
    try:
        yield run
    finally:
        if run.returncode is None:
            os.killpg(run.pid, signal.SIGKILL)  # a shell's curl, too
        await run.wait()


def copy_into(folder: Path, name: str, code: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(code, encoding="utf-8")


async def printed(language: str, code: str, folder: Path) -> str:
    """What a program says that ends by itself, and well."""
    (folder / "said").unlink(missing_ok=True)
    async with running(language, code, folder) as run:
        await asyncio.wait_for(run.wait(), SOON)
    said = (folder / "said").read_text()
    assert run.returncode == 0, said
    return said


async def test_the_page_has_every_task_in_every_language_and_the_same_code_in_both_tongues(here):
    programs = await shown(here)
    assert set(programs) == {f"{task}-{language}" for task in TASKS for language in RUN}
    assert programs == await shown(here, "/en/developers")
    page = lxml.html.document_fromstring((await here.get("/developers")).text)
    assert {one.get("data-copy-from").removeprefix("#") for one in page.xpath("//button[@data-copy-from]")} >= set(
        programs
    )
    links = set(page.xpath("//main//a/@href"))
    assert links >= {"/developers/kit.zip", "/schemas/change.json", "/openapi.json", "/docs"}
    for link in links:
        assert (await here.get(link)).status_code == 200, link


async def test_receivers_and_the_check_of_a_proof_are_those_of_the_docs(here):
    """Which are run where webhooks and proofs are tested."""
    programs = await shown(here)
    webhooks, proofs = (DOCS / "webhooks.md").read_text(), (DOCS / "proofs.md").read_text()
    for language in ("python", "javascript", "php"):
        assert f"```{language}\n{programs[f'receive-{language}']}```" in webhooks
    assert f"```python\n{programs['prove-python']}```" in proofs


async def test_programs_that_are_shown_do_what_they_say(here, tmp_path):
    programs, key = await shown(here), await key_for(here.store, "read", "webhooks")
    newest = (await here.get(f"/api/v1/posts?department={FIRST}&limit=5")).json()["posts"]
    every = {one["id"] for one in (await here.get("/api/v1/posts")).json()["posts"]}
    saving = programs["prove-curl"].replace("/ID/", f"/{newest[0]['id']}/")
    languages = [language for language, (program, _) in RUN.items() if program]
    together = asyncio.Barrier(len(languages))
    async with asyncio.TaskGroup() as group:
        for language in languages:
            (folder := tmp_path / language).mkdir()
            of = {task: programs[f"{task}-{language}"].replace("fh_…", key.key) for task in TASKS}
            group.create_task(listed(language, of["newest"], folder / "newest", newest))
            group.create_task(asked(language, of["ask"], folder / "ask"))
            group.create_task(followed(here, language, of, folder, every, together))
            if language == "curl":
                group.create_task(made(of["receive"], folder / "receive"))
            else:
                group.create_task(proved(language, saving, of["prove"], folder))
    if missing := RUN.keys() - languages:
        pytest.skip(f"not installed here: {', '.join(missing)}")


async def listed(language: str, code: str, folder: Path, newest: list[dict]) -> None:
    said = await printed(language, code, folder)
    assert len(newest) == 3
    assert all(one["title"] in said and one["url"] in said for one in newest)


async def asked(language: str, code: str, folder: Path) -> None:
    said = await printed(language, code, folder)
    assert re.search(r";r=\d+;t=\d+", said), said


async def made(code: str, folder: Path) -> None:
    said = await printed("curl", code, folder)
    assert '"secret":"whsec_' in said, said


async def proved(language: str, saving: str, code: str, folder: Path) -> None:
    saved, altered = folder / "saved", folder / "altered"
    await printed("curl", saving, saved)
    said = await printed(language, code, saved)
    assert said.strip() == ("" if language == "python" else "Kabar 0")
    copy_into(altered, "feedhub-keys.json", (saved / "feedhub-keys.json").read_text())
    copy_into(altered, "saved.json", (saved / "saved.json").read_text().replace("Kabar 0", "Kabar 9"))
    with pytest.raises(AssertionError, match="InvalidSignature"):
        await printed(language, code, altered)


async def followed(
    here: Newsroom, language: str, of: dict[str, str], folder: Path, every: set[str], together: asyncio.Barrier
) -> None:
    """Both programs that go on for ever learn of a withdrawal, and one that was killed goes on where it was.

    What happens happens for all languages at once; twice does nothing more.
    """
    copy, ear = folder / "follow", folder / "listen"
    async with running(language, of["listen"], ear):
        async with running(language, of["follow"], copy):
            await until(lambda: kept(language, copy) == every)
            await together.wait()
            gone = await here.withdraw(numbered(2))
            await until(lambda: kept(language, copy) == every - {gone})
        await together.wait()
        await here.publish(numbered(-1))
        async with running(language, of["follow"], copy):
            await until(lambda: len(kept(language, copy)) == len(every) and kept(language, copy) > every - {gone})
        await until(lambda: len(heard(ear)) == len(every) + 2)
    told = heard(ear)
    assert ("deleted", gone) in told
    assert {id for state, id in told if state == "updated"} > every


def kept(language: str, folder: Path) -> set[str]:
    """The posts that a program holds; of the shell's, what one holds who does as its pages say."""
    if language == "python":
        with closing(sqlite3.connect(f"file:{folder}/feedhub.sqlite?mode=ro", uri=True)) as copy:
            return {id for (id,) in copy.execute("SELECT id FROM post")}
    if language != "curl":
        return set(json.loads((folder / "feedhub.json").read_text())["posts"])
    states: dict[str, str] = {}
    for line in (folder / "said").read_text().splitlines():
        states |= {one["id"]: one["state"] for one in json.loads(line)["changes"]}
    return {id for id, state in states.items() if state == "updated"}


def heard(folder: Path) -> list[tuple[str, str]]:
    """What a program said of the stream: its own words, or curl's, which are the stream's."""
    said = (folder / "said").read_text()
    return re.findall(r'(updated|deleted)(?: |","id":")([0-9a-f-]{36})', said)


async def until(is_so) -> None:
    async with asyncio.timeout(SOON):
        while True:
            try:
                if is_so():
                    return
            except (OSError, ValueError, sqlite3.Error):  # nothing is kept yet, or half a line
                pass
            await asyncio.sleep(0.1)


async def test_the_kit_to_take_along_is_whole_and_the_same_each_time(here):
    answer = await here.get("/developers/kit.zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    held = ZipFile(io.BytesIO(answer.content))
    wanted = {f"feedhub-kit/{file.relative_to(KIT).as_posix()}" for file in KIT.rglob("*.*") if file.suffix != ".pyc"}
    assert wanted < set(held.namelist())
    assert "feedhub-kit/examples/change-withdrawn.json" in held.namelist()
    assert held.testzip() is None
    kit_archive.cache_clear()
    assert kit_archive() == answer.content
