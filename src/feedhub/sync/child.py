"""What every child that can be stopped does: it takes tasks from its parent within limits, and ends when that does."""

import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from feedhub.sync.children import LENGTH

T = TypeVar("T")


def serve_tasks(ready: Callable[[bytes], T], carry_out: Callable[[T], bytes]) -> None:
    """Carry out tasks until the parent closes the pipe. `ready` makes one of what came, off the clock.

    The limits of a task are the command's arguments: SECONDS BYTES.
    """
    seconds, most_bytes = float(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent's to handle: it finishes its visits first
        signal.signal(number, signal.SIG_IGN)
    tasks, answers = sys.stdin.buffer, sys.stdout.buffer
    while (header := tasks.read(LENGTH.size)) and len(header) == LENGTH.size:
        task = ready(tasks.read(LENGTH.unpack(header)[0]))
        # The default action of SIGALRM ends this process, even in the middle of a C call
        # and even when nobody is left to kill it.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            done = carry_out(task)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _answer(answers, done)
        except MemoryError:
            os._exit(1)  # no room is left to say anything; the parent knows what that means


def _answer(answers: BinaryIO, done: bytes) -> None:
    answers.write(LENGTH.pack(len(done)) + done)  # in one piece: each piece wakes the parent
    answers.flush()
