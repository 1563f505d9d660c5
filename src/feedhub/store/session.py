"""Two sessions, read and write, on both databases.

A question is a plain function of a session. It runs in one thread hop as one transaction,
so nobody can touch the network while holding the clock, and a statement costs no hop of
its own (docs/decisions/0006).
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Connection, CursorResult, Engine, Executable, Row
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from feedhub.accounts.account import Account, Department, Register
from feedhub.errors import StoreBusy
from feedhub.posts.kept import KeptPost
from feedhub.store.engines import open_engines
from feedhub.store.writing import Writer

P = ParamSpec("P")
R = TypeVar("R")

# Reads in flight at once; more wait their turn.
_READERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCopy:
    """The register as last read, good while `number` is the clock's register number."""

    number: int = -1
    register: Register = field(default_factory=Register)
    accounts: dict[UUID, Account] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    department_ids: dict[str, int] = field(default_factory=dict)


# Posts that a process keeps unpacked; about 10 KB each.
_MOST_UNPACKED = 4_096


class Copies:
    """What this process has read and need not read again.

    The register: each session takes the newest copy and stays with it. Live posts by change
    number, since what a number made public never changes; they name their account and
    department, so they are good for one copy of the register only.
    """

    __slots__ = ("_posts", "newest", "with_pictures")

    def __init__(self, *, with_pictures: bool) -> None:
        self.with_pictures = with_pictures
        self.newest = RegisterCopy()
        self._posts: tuple[RegisterCopy, dict[int, KeptPost]] = (self.newest, {})

    def posts(self, register: RegisterCopy) -> dict[int, KeptPost]:
        """Unpacked posts by change number; new ones may be put in."""
        kept_for, posts = self._posts
        if kept_for is not register or len(posts) >= _MOST_UNPACKED:
            posts = {}
            self._posts = (register, posts)
        return posts


class ReadSession:
    """One consistent view of the store; can't write."""

    def __init__(self, connection: Connection, copies: Copies) -> None:
        self._connection = connection
        self.copies = copies
        self.register_copy: RegisterCopy | None = None
        self.is_sqlite = connection.dialect.name == "sqlite"

    def rows(self, question: Executable, values: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
        """Every row of the answer."""
        return self._connection.execute(question, values or {}).all()

    def row(self, question: Executable, values: dict[str, Any] | None = None) -> Row[Any] | None:
        """The first row of the answer, if there is one."""
        return self._connection.execute(question, values or {}).first()


class DriverAct:
    """A statement as the drivers take it, `?` for each value: a fifth of Core's cost for many rows.

    >>> DriverAct("INSERT INTO host (name) VALUES (?)").for_postgresql
    'INSERT INTO host (name) VALUES (%s)'
    """

    __slots__ = ("for_postgresql", "for_sqlite")

    def __init__(self, statement: str) -> None:
        self.for_sqlite = statement
        self.for_postgresql = statement.replace("?", "%s")


class WriteSession(ReadSession):
    """One transaction that may change things; commits when its act returns, all or nothing."""

    def run(
        self, act: Executable, values: dict[str, Any] | Sequence[dict[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Carry out one statement; a list of values carries it out for each."""
        return self._connection.execute(act, values or {})

    def run_many(self, act: DriverAct, rows: Sequence[tuple[Any, ...]]) -> None:
        """Carry out a driver's own statement for every row; ids go through `driver_id`."""
        if rows:
            statement = act.for_sqlite if self.is_sqlite else act.for_postgresql
            self._connection.exec_driver_sql(statement, list(rows))

    def driver_id(self, id: UUID) -> str | UUID:
        """An id as the driver takes it."""
        return id.hex if self.is_sqlite else id


class Store:
    """Where everything is kept. Thread-safe; close it when done.

    `copies`: whether posts come with our copies of their pictures; not where they are not to be shown.
    """

    def __init__(self, database_url: str, *, copies: bool = True) -> None:
        self.database_url = database_url
        self._readable, self._writable = open_engines(database_url)
        self._readers = ThreadPoolExecutor(_READERS, "feedhub-read")
        self._writer = Writer(self._transact, batches=self._writable.dialect.name == "sqlite")
        self._copies = Copies(with_pictures=copies)

    async def read(self, question: Callable[Concatenate[ReadSession, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Answer a question.

        Raises:
            StoreBusy: the database can't be reached.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, lambda: self.read_now(question, *args, **kwargs)
        )

    async def write(self, act: Callable[Concatenate[WriteSession, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Carry out an act in one transaction.

        Raises:
            StoreBusy: the database can't be reached, or stayed locked for 5 s. Nothing was written.
        """
        return await asyncio.wrap_future(
            self._writer.submit(lambda connection: act(WriteSession(connection, self._copies), *args, **kwargs))
        )

    def read_now(self, question: Callable[Concatenate[ReadSession, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Answer a question in this thread."""
        with _transaction(self._readable) as connection:
            return question(ReadSession(connection, self._copies), *args, **kwargs)

    def write_now(self, act: Callable[Concatenate[WriteSession, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Carry out an act in this thread."""
        with _transaction(self._writable) as connection:
            return act(WriteSession(connection, self._copies), *args, **kwargs)

    def _transact(self, act: Callable[[Connection], Any]) -> Any:  # noqa: ANN401  # whatever the act returns
        with _transaction(self._writable) as connection:
            return act(connection)

    async def close(self) -> None:
        """Let running questions end, then give the connections back."""
        await asyncio.get_running_loop().run_in_executor(None, self.close_now)

    def close_now(self) -> None:
        """The same, in this thread."""
        self._readers.shutdown()
        self._writer.close()
        self._readable.dispose()
        self._writable.dispose()


def open_store(database_url: str, *, copies: bool = True) -> Store:
    """The store at `sqlite:///path` or `postgresql://…`; its schema must be up to date."""
    return Store(database_url, copies=copies)


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except (OperationalError, InterfaceError) as error:
        raise StoreBusy(f"The database can't be used just now: {_first_line(error)}") from error


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0].rstrip(".") + "."
