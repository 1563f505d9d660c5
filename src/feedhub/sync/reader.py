"""A reading child: takes documents apart where a hostile one can be stopped.

Run as `python -m feedhub.sync.reader SECONDS BYTES`; speaks length-prefixed MessagePack on
its standard input and output, and ends when its parent does.
"""

from dataclasses import replace

from feedhub.accounts.account import Via
from feedhub.connectors import CONNECTORS
from feedhub.connectors.contract import Connector
from feedhub.errors import ItemUnreadable, PostRefused
from feedhub.failures import Unreadable, VisitFailed
from feedhub.payloads.payload import Payload
from feedhub.posts.normal import by_bridge, with_kinds
from feedhub.posts.seen import seen_post
from feedhub.sync.child import serve_tasks
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


def main() -> None:
    """Serve tasks until the parent closes the pipe."""
    serve_tasks(_ready, lambda task: ENCODER.encode(carry_out(task)))


def _ready(task: bytes) -> Task:
    decoded = TASK_DECODER.decode(task)
    CONNECTORS.get(decoded.platform)  # importing it is no work of the document's
    return decoded


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


if __name__ == "__main__":
    main()
