"""The command line as interface.md promises it: JSON to the letter, exit codes, one sentence for a fault."""

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine, text

from feedhub.store.engines import read_url
from standins import answer, standin
from walked import rss

BODY = rss(("b", "Vaksin", "Gratis."), ("a", "Bansos", "Cair."))
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    errors: str

    @property
    def json(self):
        return json.loads(self.out)

    def refuses(self, code: int, *words: str) -> None:
        """One plain sentence on stderr that says all of `words`, nothing on stdout."""
        assert (self.code, self.out) == (code, ""), self
        assert self.errors.count("\n") == 1, self.errors
        assert self.errors.endswith(".\n"), self.errors
        assert "Traceback" not in self.errors
        assert not [word for word in words if word not in self.errors], self.errors


class CommandLine:
    """`feedhub` in a folder of its own with its own database."""

    def __init__(self, folder, database_url: str) -> None:
        self.folder, self.database_url = folder, database_url

    async def __call__(self, *words: object, **settings: str) -> Ended:
        environment = {name: told for name, told in os.environ.items() if not name.startswith("FEEDHUB_")}
        environment |= {"FEEDHUB_DATABASE_URL": self.database_url, "FEEDHUB_FETCH_ALLOW": "127.0.0.0/8"}
        environment |= {f"FEEDHUB_{name.upper()}": told for name, told in settings.items()}
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "feedhub",
            *map(str, words),
            cwd=self.folder,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
        )
        async with asyncio.timeout(60):
            out, errors = await child.communicate()
        assert child.returncode is not None
        return Ended(child.returncode, out.decode(), errors.decode())

    def write(self, *urls: str, name: str = "register.toml", slug: str = "dinkes") -> str:
        accounts = "".join(f'[[departments.accounts]]\nplatform = "webfeed"\nurl = "{url}"\n' for url in urls)
        publisher = '[publisher]\nname = "Kota Contoh"\nlanguage = "id"\ntime_zone = "Asia/Jakarta"\n'
        said = f'{publisher}[[departments]]\nslug = "{slug}"\nname = "Dinas Kesehatan"\n{accounts}'
        (self.folder / name).write_text(said, encoding="utf-8")
        return name


@pytest.fixture
def feedhub(tmp_path, database_url):
    return CommandLine(tmp_path, database_url)


@pytest.fixture
def feedhub_on_sqlite(tmp_path, sqlite_url):
    return CommandLine(tmp_path, sqlite_url)


async def test_a_register_is_imported_walked_shown_and_exported(feedhub):
    async with standin({"/good": answer(body=BODY), "/bad": answer(404)}) as base:
        file = feedhub.write(base + "/good", base + "/bad")
        tried = await feedhub("register", "import", file, "--dry-run", "--json")
        assert tried.json["counts"]["accounts_added"] == 2
        assert (await feedhub("accounts", "list", "--json")).json == {"accounts": []}
        assert (await feedhub("register", "import", file, "--json")).json == tried.json
        again = (await feedhub("register", "import", file, "--json")).json
        assert set(again["counts"].values()) == {0}

        walked = await feedhub("sync", "--once", "--json")
        assert (walked.code, walked.errors) == (3, "")
        counts = {name: count for name, count in walked.json.items() if name != "accounts"}
        assert counts == {"visited": 2, "succeeded": 1, "failed": 1, "new": 2, "edited": 0, "gone": 0}
        shown = {one["url"]: one for one in (await feedhub("accounts", "status", "--json")).json["accounts"]}
    assert set(shown[base + "/good"]) == {
        "id",
        "key",
        "department",
        "platform",
        "handle",
        "url",
        "status",
        "delivering",
        "outcome",
        "reason",
        "remedy",
        "last_visit_at",
        "last_success_at",
        "next_visit_at",
        "posts",
    }
    good, bad = shown[base + "/good"], shown[base + "/bad"]
    assert (good["outcome"], good["delivering"], good["posts"], good["reason"]) == ("ok", True, 2, None)
    assert (bad["outcome"], bad["delivering"], bad["posts"], bad["last_success_at"]) == ("not_found", False, 0, None)
    assert bad["reason"]
    assert bad["remedy"]
    listed = {one["id"]: one["outcome"] for one in walked.json["accounts"]}
    assert listed == {good["id"]: "ok", bad["id"]: "not_found"}
    assert all(set(one) == {"id", "url", "outcome", "reason"} for one in walked.json["accounts"])

    assert (await feedhub("register", "export", "out.toml")).code == 0
    assert (await feedhub("register", "export")).out == (feedhub.folder / "out.toml").read_text(encoding="utf-8")
    assert set((await feedhub("register", "import", "out.toml", "--json")).json["counts"].values()) == {0}
    assert (await feedhub("reread", "--json")).json == {"read": 2, "changed": 0}


async def test_named_accounts_and_all_are_visited_due_or_not(feedhub_on_sqlite):
    feedhub = feedhub_on_sqlite
    async with standin(answer(body=BODY)) as base:
        await feedhub("register", "import", feedhub.write(base + "/a", base + "/b"))
        first = await feedhub("sync", "--once")
        assert (first.code, first.errors) == (0, "")  # the progress bar is for terminals
        assert "2 visited" in first.out
        one, two = (await feedhub("accounts", "list", "--json")).json["accounts"]
        assert (await feedhub("sync", "--once", "--json")).json["visited"] == 0
        assert (await feedhub("sync", "--all", "--json")).json["visited"] == 2
        named = await feedhub("sync", "--account", one["id"], "--json")
        assert [found["id"] for found in named.json["accounts"]] == [one["id"]]
        (await feedhub("sync", "--account", NOBODY)).refuses(1, NOBODY)
        (await feedhub("sync", "--account", one["id"], "--account", NOBODY, "--json")).refuses(1, NOBODY)
        (await feedhub("reread", "--account", NOBODY)).refuses(1, NOBODY)
        assert (await feedhub("accounts", "pause", two["id"])).code == 0
        (await feedhub("sync", "--account", two["id"])).refuses(1, "paused")
        assert (await feedhub("sync", "--all", "--json")).json["visited"] == 1
        for act in ("pause", "resume"):
            (await feedhub("accounts", act, NOBODY)).refuses(1, NOBODY)
        (await feedhub("withdraw", NOBODY, "--reason", "Keliru.")).refuses(1, NOBODY)


async def test_faults_are_one_sentence_and_an_exit_code(feedhub_on_sqlite):
    feedhub = feedhub_on_sqlite
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        closed = listener.getsockname()[1]
    (await feedhub("accounts", "list", "--database", "mysql://x")).refuses(1, "mysql")
    (await feedhub("accounts", "list", "--database", "nonsense")).refuses(1, "FEEDHUB_DATABASE_URL")
    (await feedhub("accounts", "list", "--database", f"postgresql://x@127.0.0.1:{closed}/x")).refuses(1, "database")
    (await feedhub("accounts", "list", "--database", "sqlite:////no/such/folder/x.sqlite")).refuses(1, "database")
    (feedhub.folder / "text.sqlite").write_bytes(b"not a database" * 500)
    (await feedhub("accounts", "list", "--database", "sqlite:///text.sqlite")).refuses(1, "database")
    (await feedhub("sync", "--once", host_spacing="-1")).refuses(1, "FEEDHUB_HOST_SPACING")
    (await feedhub("sync", "--once", max_interval="inf")).refuses(1, "FEEDHUB_MAX_INTERVAL")
    (await feedhub("sync", "--once", fetch_allow="nonsense")).refuses(1, "FEEDHUB_FETCH_ALLOW")
    (await feedhub("register", "import", "nowhere.toml")).refuses(1, "nowhere.toml")
    (feedhub.folder / "odd.toml").write_bytes(b"\xff\xfe")
    (await feedhub("register", "check", "odd.toml")).refuses(1, "odd.toml")
    (feedhub.folder / "bad.toml").write_text('[[departments]]\nslug = "A B"\n', encoding="utf-8")
    bad = await feedhub("register", "import", "bad.toml")
    assert (bad.code, bad.out) == (1, "")
    assert all(line.startswith("bad.toml:") for line in bad.errors.splitlines())
    (await feedhub("register", "export", "/no/such/folder/x")).refuses(1, "/no/such/folder/x")
    for words in (("sync", "--nonsense"), ("nonsense",), ("accounts", "pause", "nonsense"), ("sync", "--account", "x")):
        used = await feedhub(*words)
        assert (used.code, used.out) == (2, ""), words
        assert "Traceback" not in used.errors


COMMANDS = [
    ("sync", "--once"),
    ("sync",),
    ("serve", "--port", "0"),
    ("serve", "--no-sync", "--port", "0"),
    ("accounts", "list"),
    ("register", "export"),
    ("reread",),
    ("withdraw", NOBODY, "--reason", "x"),
]


async def test_an_older_schema_is_refused_by_every_command(feedhub):
    engine = create_engine(read_url(feedhub.database_url))
    with engine.begin() as connection:
        head = connection.execute(
            text("UPDATE alembic_version SET version_num = 'zzzz' RETURNING version_num")
        ).scalar()
    engine.dispose()
    assert head == "zzzz"
    for words in COMMANDS:
        (await feedhub(*words)).refuses(4)


async def test_an_empty_database_is_made_ready_on_first_use(tmp_path):
    feedhub = CommandLine(tmp_path, f"sqlite:///{tmp_path}/new.sqlite")
    assert (await feedhub("accounts", "list", "--json")).json == {"accounts": []}
    assert (await feedhub("migrate")).code == 0
