"""The schema and its migrations, which are part of the installed package."""

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.exc import DBAPIError

import feedhub
from feedhub.errors import SchemaBehind, StoreBusy
from feedhub.store.engines import read_url


class SchemaState(StrEnum):
    """How a database's schema stands to this program."""

    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    UNKNOWN = "unknown"  # made by a newer FeedHub, or by somebody else


def migrations_folder() -> Path:
    """In an installed package beside this file; in a checkout at its top."""
    packaged = Path(__file__).with_name("alembic")
    return packaged if packaged.is_dir() else Path(feedhub.__file__).parents[2] / "alembic"


def schema_state(database_url: str) -> SchemaState:
    """Compare the database with the newest migration.

    Raises:
        StoreBusy: the database can't be reached.
    """
    with _connected(database_url) as connection:
        return _state(connection)


def migrate(database_url: str, *, revision: str = "head") -> None:
    """Bring the schema to `revision` (up or down).

    Raises:
        StoreBusy: the database can't be reached.
    """
    with _connected(database_url) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        config = _config(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        if revision == "head" or _is_upgrade(config, current, revision):
            command.upgrade(config, revision)
        else:
            command.downgrade(config, revision)
        connection.commit()


def check_drift(database_url: str) -> None:
    """Fail where the tables in code and the migrations disagree (alembic check)."""
    with _connected(database_url) as connection:
        command.check(_config(connection))


def ready_schema(database_url: str) -> None:
    """Migrate an empty database; refuse one that is behind or unknown.

    Raises:
        SchemaBehind: `feedhub migrate` has to be run first.
    """
    match schema_state(database_url):
        case SchemaState.EMPTY:
            migrate(database_url)
        case SchemaState.BEHIND:
            raise SchemaBehind("The database was made by an older FeedHub; run `feedhub migrate`, then start again.")
        case SchemaState.UNKNOWN:
            raise SchemaBehind("The database was made by a newer FeedHub, or is not FeedHub's; update FeedHub.")
        case SchemaState.CURRENT:
            pass


def _state(connection: Connection) -> SchemaState:
    current = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(_config(connection))
    if current is None:
        return SchemaState.UNKNOWN if inspect(connection).has_table("post") else SchemaState.EMPTY
    if current == scripts.get_current_head():
        return SchemaState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState.BEHIND if current in known else SchemaState.UNKNOWN


def _is_upgrade(config: Config, current: str | None, revision: str) -> bool:
    if revision == "base" or current is None:
        return current is None and revision != "base"
    order = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    return order.index(revision) < order.index(current)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


class _connected:  # noqa: N801  # a context manager, read as a word
    """A connection of its own, whose trouble is a StoreBusy."""

    def __init__(self, database_url: str) -> None:
        self._engine = create_engine(read_url(database_url))

    def __enter__(self) -> Connection:
        try:
            self._connection = self._engine.connect()
        except DBAPIError as error:
            raise _trouble(error) from error
        return self._connection

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._connection.close()
        self._engine.dispose()
        if isinstance(error, DBAPIError):  # a file that is no database shows only when it is asked
            raise _trouble(error) from error


def _trouble(error: DBAPIError) -> StoreBusy:
    fault = str(error.orig).partition("\n")[0].rstrip(".")
    return StoreBusy(f"The database can't be used: {fault}. Check FEEDHUB_DATABASE_URL.")
