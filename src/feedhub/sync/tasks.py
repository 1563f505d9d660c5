"""What the walk asks of a reading child, and what it answers. Travels as MessagePack."""

import msgspec

from feedhub.accounts.account import Platform, Via
from feedhub.accounts.kinds import Kind, KindRule
from feedhub.connectors.contract import Split
from feedhub.payloads.payload import Document, Payload
from feedhub.posts.picture_copies import Thumbnails, Unusable
from feedhub.posts.seen import Seen


class SplitTask(msgspec.Struct, frozen=True, tag=True):
    """Take a document apart."""

    platform: Platform
    document: Document


class ReadTask(msgspec.Struct, frozen=True, tag=True):
    """Read items, with the register's rules for their kinds."""

    platform: Platform
    payloads: tuple[Payload, ...]
    rules: tuple[KindRule, ...]
    kind: Kind | None
    via: Via | None


class SplitDone(msgspec.Struct, frozen=True, tag=True):
    """A document, taken apart."""

    split: Split


class Misread(msgspec.Struct, frozen=True, tag=True):
    """An item that no post can be made of, and why."""

    fault: str


class Readable(msgspec.Struct, frozen=True, tag=True):
    """An item that became a post."""

    seen: Seen


class ReadDone(msgspec.Struct, frozen=True, tag=True):
    """One answer an item, in order."""

    found: tuple[Readable | Misread, ...]


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The document as a whole can't be read; `outcome` names the error."""

    outcome: str
    reason: str
    remedy: str


class PictureDone(msgspec.Struct, frozen=True):
    """What became of a picture: exactly one of the two."""

    made: Thumbnails | None = None
    refused: Unusable | None = None


Task = SplitTask | ReadTask
Done = SplitDone | ReadDone | Refused

ENCODER = msgspec.msgpack.Encoder()
TASK_DECODER: msgspec.msgpack.Decoder[Task] = msgspec.msgpack.Decoder(Task)
DONE_DECODER: msgspec.msgpack.Decoder[Done] = msgspec.msgpack.Decoder(Done)
PICTURE_DECODER: msgspec.msgpack.Decoder[PictureDone] = msgspec.msgpack.Decoder(PictureDone)
