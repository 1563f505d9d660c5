"""A reading child: takes documents apart where a hostile one can be stopped.

Run as `python -m feedhub.sync.reader SECONDS BYTES`; speaks length-prefixed MessagePack on
its standard input and output, and ends when its parent does.
"""

import os
import resource
import signal
import struct
import sys
from dataclasses import replace
from typing import BinaryIO

from feedhub.accounts.account import Via
from feedhub.connectors import CONNECTORS
from feedhub.connectors.contract import Connector
from feedhub.errors import ItemUnreadable, PostRefused
from feedhub.failures import Unreadable, VisitFailed
from feedhub.payloads.payload import Payload
from feedhub.posts.normal import by_bridge, with_kinds
from feedhub.posts.seen import seen_post
from feedhub.sync.tasks import (
    ENCODER,
    TASK_DECODER,
    Done,
    Misread,
    Readable,
    ReadDone,
    ReadTask,
    Refused,
    SplitDone,
    SplitTask,
    Task,
)

LENGTH = struct.Struct(">I")


def main() -> None:
    """Serve tasks until the parent closes the pipe."""
    seconds, most_bytes = float(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent's to handle: it finishes its visits first
        signal.signal(number, signal.SIG_IGN)
    tasks, answers = sys.stdin.buffer, sys.stdout.buffer
    while (header := tasks.read(LENGTH.size)) and len(header) == LENGTH.size:
        task = TASK_DECODER.decode(tasks.read(LENGTH.unpack(header)[0]))
        CONNECTORS.get(task.platform)  # importing it is no work of the document's
        # The default action of SIGALRM ends this process, even in the middle of a C call
        # and even when nobody is left to kill it.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            done = carry_out(task)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _answer(answers, done)
        except MemoryError:
            os._exit(1)  # no room is left to say anything; the parent knows what that means


def carry_out(task: Task) -> Done:
    """Do one task. Whatever a document makes our reading raise is the document's fault; MemoryError ends the child."""
    connector = CONNECTORS[task.platform]
    match task:
        case SplitTask():
            return _split(connector, task)
        case ReadTask():
            return ReadDone(tuple(_read(connector, payload, task) for payload in task.payloads))


def _split(connector: Connector, task: SplitTask) -> SplitDone | Refused:
    try:
        return SplitDone(connector.split(task.document))
    except VisitFailed as failure:
        return Refused(failure.outcome, _sendable(failure.reason), _sendable(failure.remedy))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a parser may raise anything; this child goes on
        reason = f"The document at {task.document.url} can't be read ({type(error).__name__})."
        return Refused(Unreadable.outcome, reason, Unreadable.remedy)


def _read(connector: Connector, payload: Payload, task: ReadTask) -> Readable | Misread:
    try:
        post = connector.read(payload)
        if not post.kinds:  # what a department names itself goes before the rules
            post = with_kinds(post, task.rules, task.kind)
        if task.via is not None:
            post = by_bridge(post) if task.via is Via.BRIDGE else replace(post, via=task.via)
        return Readable(seen_post(post, payload=payload.fingerprint))
    except (ItemUnreadable, PostRefused) as error:
        return Misread(_sendable(str(error)))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # the same: its neighbours are read all the same
        return Misread(_sendable(f"The item can't be read ({type(error).__name__}: {error})."))


def _sendable(text: str) -> str:
    """Without the half characters that a broken document can put into an error's words."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _answer(answers: BinaryIO, done: Done) -> None:
    body = ENCODER.encode(done)
    answers.write(LENGTH.pack(len(body)) + body)  # in one piece: each piece wakes the parent
    answers.flush()


if __name__ == "__main__":
    main()
