"""What makes an item of a feed the same item tomorrow."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from hashlib import blake2b

from feedhub.posts.dates import read_date
from feedhub.posts.text import one_line


class Identity(StrEnum):
    """By what the items of one document are told apart."""

    ID = "id"
    LINK_AND_DATE = "link+date"
    FINGERPRINT = "fingerprint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What tells one item from others: all as it stands in the feed, trimmed."""

    id: str
    link: str
    date: str
    title: str
    content: str


def native_id(marks: Marks, identity: Identity = Identity.ID) -> str:
    """The id of an item within its account: the feed's own, else the link, else a fingerprint.

    >>> native_id(Marks(id=" ", link="https://x.example/1", date="", title="", content=""))
    'https://x.example/1'
    """
    match identity:
        case Identity.ID if own := one_line(marks.id) or one_line(marks.link):
            return own
        case Identity.LINK_AND_DATE if marks.link or marks.date:
            return f"{marks.link} {_moment(marks.date)}".strip()
        case _:
            return _fingerprint(marks.title, marks.content, _moment(marks.date))


def chosen_identity(items: Sequence[Marks], site: str) -> Identity:
    """How the items of one document are to be told apart.

    Ids are not believed when more than half of the items share theirs with another item, or
    name the site itself. The same link and title under the same id is one item listed twice.

    >>> mark = lambda id, link: Marks(id=id, link=link, date="2026-01-01", title=link, content="")
    >>> chosen_identity([mark("1", "a"), mark("1", "b"), mark("2", "c")], "").value
    'link+date'
    >>> chosen_identity([mark("1", "a"), mark("2", "b"), mark("2", "b")], "").value
    'id'
    """
    for identity in (Identity.ID, Identity.LINK_AND_DATE):
        if _colliding(items, identity, site) * 2 <= len(items):
            return identity
    return Identity.FINGERPRINT


def _colliding(items: Sequence[Marks], identity: Identity, site: str) -> int:
    sharing = defaultdict[str, list[tuple[str, str]]](list)
    for marks in items:
        sharing[native_id(marks, identity)].append((marks.link, marks.title))
    return sum(len(same) for name, same in sharing.items() if len(set(same)) > 1 or (len(items) > 1 and name == site))


def _moment(date: str) -> str:
    """The date in one spelling, so that another time zone or format is no other item."""
    moment = read_date(date) if date else None
    return moment.astimezone(UTC).isoformat() if moment else date


def _fingerprint(*parts: str) -> str:
    text = "\0".join(" ".join(part.split()) for part in parts)
    return f"fingerprint:{blake2b(text.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"
