"""The command line as interface.md promises it: JSON to the letter, exit codes, one sentence for a fault."""

import asyncio
import json
import os
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine, text

from feedhub.cli import main
from feedhub.cli_options import opened_store, read_reason, telling_of
from feedhub.settings import Settings
from feedhub.store.engines import read_url
from standins import Talk, answer, standin
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
    """`feedhub` in a folder of its own with its own database, run in this process: starting one costs a second."""

    def __init__(self, folder, database_url: str, monkeypatch, capsys) -> None:
        self.folder, self._monkeypatch, self._capsys = folder, monkeypatch, capsys
        monkeypatch.chdir(folder)
        for name in [name for name in os.environ if name.startswith("FEEDHUB_")]:
            monkeypatch.delenv(name)
        self.settings = {"database_url": database_url, "fetch_allow": "127.0.0.0/8"}

    def __call__(self, *words: object, **settings: str) -> Ended:
        with self._monkeypatch.context() as patch:
            for name, told in {**self.settings, **settings}.items():
                patch.setenv(f"FEEDHUB_{name.upper()}", told)
            patch.setattr(sys, "argv", ["feedhub", *map(str, words)])
            with pytest.raises(SystemExit) as ended:
                main()
        told = self._capsys.readouterr()
        return Ended(int(ended.value.code or 0), told.out, told.err)

    def write(self, *urls: str, name: str = "register.toml", slug: str = "dinkes") -> str:
        accounts = "".join(f'[[departments.accounts]]\nplatform = "webfeed"\nurl = "{url}"\n' for url in urls)
        publisher = '[publisher]\nname = "Kota Contoh"\nlanguage = "id"\ntime_zone = "Asia/Jakarta"\n'
        said = f'{publisher}[[departments]]\nslug = "{slug}"\nname = "Dinas Kesehatan"\n{accounts}'
        (self.folder / name).write_text(said, encoding="utf-8")
        return name


@pytest.fixture
def feedhub(tmp_path, database_url, monkeypatch, capsys):
    return CommandLine(tmp_path, database_url, monkeypatch, capsys)


@pytest.fixture
def feedhub_on_sqlite(tmp_path, sqlite_url, monkeypatch, capsys):
    return CommandLine(tmp_path, sqlite_url, monkeypatch, capsys)


@contextmanager
def standing_in(talk: Talk | Mapping[str, Talk]) -> Iterator[str]:
    """A stand-in in a thread: commands bring a loop of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = standin(talk)
    try:
        yield asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_a_register_is_imported_walked_shown_and_exported(feedhub):
    with standing_in({"/good": answer(body=BODY), "/bad": answer(404)}) as base:
        file = feedhub.write(base + "/good", base + "/bad")
        tried = feedhub("register", "import", file, "--dry-run", "--json")
        assert tried.json["counts"]["accounts_added"] == 2
        assert feedhub("accounts", "list", "--json").json == {"accounts": [], "waiting": []}
        assert feedhub("register", "import", file, "--json").json == tried.json
        again = feedhub("register", "import", file, "--json").json
        assert set(again["counts"].values()) == {0}

        walked = feedhub("sync", "--once", "--json")
        assert (walked.code, walked.errors) == (3, "")
        counts = {name: count for name, count in walked.json.items() if name != "accounts"}
        assert counts == {"visited": 2, "succeeded": 1, "failed": 1, "new": 2, "edited": 0, "gone": 0}
        shown = {one["url"]: one for one in feedhub("accounts", "status", "--json").json["accounts"]}
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
        "credential_ends_at",
        "held",
        "held_for",
    }
    good, bad = shown[base + "/good"], shown[base + "/bad"]
    assert (good["outcome"], good["delivering"], good["posts"], good["reason"]) == ("ok", True, 2, None)
    assert (bad["outcome"], bad["delivering"], bad["posts"], bad["last_success_at"]) == ("not_found", False, 0, None)
    assert bad["reason"]
    assert bad["remedy"]
    listed = {one["id"]: one["outcome"] for one in walked.json["accounts"]}
    assert listed == {good["id"]: "ok", bad["id"]: "not_found"}
    assert all(set(one) == {"id", "url", "outcome", "reason"} for one in walked.json["accounts"])

    assert feedhub("register", "export", "out.toml").code == 0
    assert feedhub("register", "export").out == (feedhub.folder / "out.toml").read_text(encoding="utf-8")
    assert set(feedhub("register", "import", "out.toml", "--json").json["counts"].values()) == {0}
    assert feedhub("reread", "--json").json == {"read": 2, "changed": 0}


def test_named_accounts_and_all_are_visited_due_or_not(feedhub_on_sqlite):
    feedhub = feedhub_on_sqlite
    with standing_in(answer(body=BODY)) as base:
        feedhub("register", "import", feedhub.write(base + "/a", base + "/b"))
        first = feedhub("sync", "--once")
        assert (first.code, first.errors) == (0, "")  # the progress bar is for terminals
        assert "2 visited" in first.out
        one, two = feedhub("accounts", "list", "--json").json["accounts"]
        assert feedhub("sync", "--once", "--json").json["visited"] == 0
        assert feedhub("sync", "--all", "--json").json["visited"] == 2
        named = feedhub("sync", "--account", one["id"], "--json")
        assert [found["id"] for found in named.json["accounts"]] == [one["id"]]
        feedhub("sync", "--account", NOBODY).refuses(1, NOBODY)
        feedhub("sync", "--account", one["id"], "--account", NOBODY, "--json").refuses(1, NOBODY)
        feedhub("reread", "--account", NOBODY).refuses(1, NOBODY)
        assert feedhub("accounts", "pause", two["id"]).code == 0
        feedhub("sync", "--account", two["id"]).refuses(1, "paused")
        assert feedhub("sync", "--all", "--json").json["visited"] == 1
        for act in ("pause", "resume"):
            feedhub("accounts", act, NOBODY).refuses(1, NOBODY)
        feedhub("withdraw", NOBODY, "--reason", "Keliru.").refuses(1, NOBODY)


def test_faults_are_one_sentence_and_an_exit_code(feedhub_on_sqlite):
    feedhub = feedhub_on_sqlite
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        closed = listener.getsockname()[1]
    feedhub("accounts", "list", "--database", "mysql://x").refuses(1, "mysql")
    feedhub("accounts", "list", "--database", "nonsense").refuses(1, "FEEDHUB_DATABASE_URL")
    feedhub("accounts", "list", "--database", f"postgresql://x@127.0.0.1:{closed}/x").refuses(1, "database")
    feedhub("accounts", "list", "--database", "sqlite:////no/such/folder/x.sqlite").refuses(1, "database")
    (feedhub.folder / "text.sqlite").write_bytes(b"not a database" * 500)
    feedhub("accounts", "list", "--database", "sqlite:///text.sqlite").refuses(1, "database")
    feedhub("sync", "--once", host_spacing="-1").refuses(1, "FEEDHUB_HOST_SPACING")
    feedhub("sync", "--once", max_interval="inf").refuses(1, "FEEDHUB_MAX_INTERVAL")
    feedhub("sync", "--once", fetch_allow="nonsense").refuses(1, "FEEDHUB_FETCH_ALLOW")
    feedhub("register", "import", "nowhere.toml").refuses(1, "nowhere.toml")
    (feedhub.folder / "odd.toml").write_bytes(b"\xff\xfe")
    feedhub("register", "check", "odd.toml").refuses(1, "odd.toml")
    (feedhub.folder / "bad.toml").write_text('[[departments]]\nslug = "A B"\n', encoding="utf-8")
    bad = feedhub("register", "import", "bad.toml")
    assert (bad.code, bad.out) == (1, "")
    assert all(line.startswith("bad.toml:") for line in bad.errors.splitlines())
    feedhub("register", "export", "/no/such/folder/x").refuses(1, "/no/such/folder/x")
    for words in (("sync", "--nonsense"), ("nonsense",), ("accounts", "pause", "nonsense"), ("sync", "--account", "x")):
        used = feedhub(*words)
        assert (used.code, used.out) == (2, ""), words
        assert "Traceback" not in used.errors


def test_a_public_reason_is_a_sentence(feedhub):
    for words in (("withdraw", NOBODY), ("accounts", "stop", NOBODY, "--since", "2026-11-27")):
        for empty in ("", " \n", "\x00"):
            used = feedhub(*words, "--reason", empty)
            assert used.code == 2
            assert "can't be empty" in " ".join(used.errors.replace("│", " ").split())


def test_a_public_reason_holds_no_signs_that_xml_forbids():
    assert read_reason("Salah\x0b tulis.\nDiralat.") == "Salah tulis. Diralat."


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


def test_strangers_are_told_nowhere_that_only_the_walk_may_go(tmp_path):
    url = f"sqlite:///{tmp_path}/feedhub.sqlite"
    settings = Settings(_env_file=None, database_url=url, fetch_allow="10.0.0.0/8")
    with opened_store(settings) as store:
        options = telling_of(store, settings).options
    refused = [new().guard.refusal("10.1.2.3", 80) is not None for new in (options.new_http, options.new_platform_http)]
    assert refused == [True, False]


def test_an_older_schema_is_refused_by_every_command(feedhub):
    engine = create_engine(read_url(feedhub.settings["database_url"]))
    with engine.begin() as connection:
        head = connection.execute(
            text("UPDATE alembic_version SET version_num = 'zzzz' RETURNING version_num")
        ).scalar()
    engine.dispose()
    assert head == "zzzz"
    for words in COMMANDS:
        feedhub(*words).refuses(4)


def test_an_empty_database_is_made_ready_on_first_use(tmp_path, monkeypatch, capsys):
    feedhub = CommandLine(tmp_path, f"sqlite:///{tmp_path}/new.sqlite", monkeypatch, capsys)
    assert feedhub("accounts", "list", "--json").json == {"accounts": [], "waiting": []}
    assert feedhub("migrate").code == 0
