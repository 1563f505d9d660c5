"""One thread that writes, and takes whatever waits into one transaction.

A commit costs a flush to disk and, on SQLite, a segment of the full-text index: ten visits
that end together pay it once. Each act is still all or nothing: when one of a batch fails,
the whole batch is rolled back and every act is carried out again alone.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection

Act = Callable[[Connection], Any]

# More would keep readers of the newest change waiting.
_MOST = 16


class Writer:
    """Carries out acts in the order in which they come. `batches`: whether to join what waits."""

    def __init__(self, transact: Callable[[Act], Any], *, batches: bool) -> None:
        self._transact = transact
        self._most = _MOST if batches else 1
        self._waiting: SimpleQueue[tuple[Act, Future[Any]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="feedhub-write", daemon=True)
        self._thread.start()

    def submit(self, act: Act) -> Future[Any]:
        """Have an act carried out; its result or its error comes by the future."""
        future: Future[Any] = Future()
        self._waiting.put((act, future))
        return future

    def close(self) -> None:
        """Carry out what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _serve(self) -> None:
        is_open = True
        while is_open:
            batch = []
            next_one = self._waiting.get()
            while next_one is not None:
                if next_one[1].set_running_or_notify_cancel():
                    batch.append(next_one)
                if len(batch) >= self._most or self._waiting.empty():
                    break
                next_one = self._waiting.get()
            is_open = next_one is not None
            self._carry_out(batch)

    def _carry_out(self, batch: Sequence[tuple[Act, Future[Any]]]) -> None:
        if len(batch) > 1:
            try:
                results = self._transact(lambda connection: [act(connection) for act, _ in batch])
            except Exception:  # noqa: BLE001, S110  # whose it was shows below, where each is alone
                pass
            else:
                for (_, future), result in zip(batch, results, strict=True):
                    future.set_result(result)
                return
        for act, future in batch:
            try:
                future.set_result(self._transact(act))
            except BaseException as error:  # noqa: BLE001  # it belongs to who asked
                future.set_exception(error)
