"""Engines for both databases, one to read and one to write."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from feedhub.errors import SettingRefused

_BUSY_MS = 5_000


def read_url(database_url: str) -> URL:
    """The driver's URL for a public one.

    >>> read_url("postgresql://feedhub@db/feedhub").drivername
    'postgresql+psycopg'
    """
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise SettingRefused(
            "FEEDHUB_DATABASE_URL is no address; write sqlite:///path or postgresql://user@host/name."
        ) from None
    match url.drivername:
        case "sqlite":
            return url.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
        case other:
            raise SettingRefused(
                f"FEEDHUB_DATABASE_URL names {other!r}; write sqlite:///path or postgresql://user@host/name."
            )


def open_engines(database_url: str) -> tuple[Engine, Engine]:
    """An engine that can only read, and one that writes."""
    url = read_url(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, writes=False), _sqlite(url, writes=True)
    return _postgresql(url, writes=False), _postgresql(url, writes=True)


def _sqlite(url: URL, *, writes: bool) -> Engine:
    engine = create_engine(url, pool_size=1 if writes else 4, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401  # SQLAlchemy's own untyped record
        connection.isolation_level = None  # we say BEGIN ourselves: SQLAlchemy's default opens none for reads
        for pragma in (
            f"busy_timeout={_BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            # The same index pages change with every visit: a longer log writes them back less often.
            "wal_autocheckpoint=8000",
            "foreign_keys=ON",
            "cache_size=-32768",
            "mmap_size=268435456",
            "temp_store=MEMORY",
            f"query_only={'OFF' if writes else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    # A plain BEGIN that reads and then writes fails at once with "database is locked".
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: URL, *, writes: bool) -> Engine:
    # Who waits for the clock of a stuck writer gives up as on SQLite, and comes again.
    role = f" -c lock_timeout={_BUSY_MS}" if writes else " -c default_transaction_read_only=on -c jit=off"
    return create_engine(
        url,
        pool_size=1 if writes else 4,
        max_overflow=4,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
        connect_args={"options": "-c timezone=UTC" + role, "connect_timeout": 5},
    )
