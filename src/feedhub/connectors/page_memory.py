"""What is remembered of a site's article pages between visits, within a cursor."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from feedhub.connectors.contract import Cursor
from feedhub.connectors.exchange import Answer

MOST_PAGES = 60  # of one site, the newest
NEWEST = 4  # pages that are read again at each visit
IN_TURN = 2  # older ones that are read again, each in its turn
OUTLIVED = 4  # that the site's list shows no more, while it shows older ones
NEW = 10  # pages that are read for the first time in one visit
TRIES = 3  # before an address that never answered is left alone

_PREFIX = "page "
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class _Written(msgspec.Struct, array_like=True, omit_defaults=True):
    read_at: datetime | None = None
    tries: int = 0
    body: str = ""
    etag: str = ""
    last_modified: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPage:
    """An address, when it was read last (None = never), and by what a change shows."""

    url: str
    read_at: datetime | None = None
    tries: int = 0
    body: str = ""
    etag: str = ""
    last_modified: str = ""
    changed_at: datetime | None = None
    wants_reading: bool = False

    @property
    def conditions(self) -> dict[str, str]:
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value and not self.wants_reading}

    def listed(self, changed_at: datetime | None) -> "KnownPage":
        """The page as the site's list tells of it now."""
        is_changed = changed_at is not None and changed_at != self.changed_at and self.read_at is not None
        return replace(self, changed_at=changed_at or self.changed_at, wants_reading=is_changed)

    def tried(self) -> "KnownPage":
        return replace(self, tries=self.tries + 1)

    def answered(self, answer: Answer, *, now: datetime) -> "KnownPage":
        """The page after it came."""
        return replace(
            self,
            read_at=now,
            tries=0,
            body=body_hash(answer),
            etag=answer.headers.get("etag") or "",
            last_modified=answer.headers.get("last-modified") or "",
        )


def body_hash(answer: Answer) -> str:
    return blake2b(answer.body, digest_size=8).hexdigest()


def pages_in(cursor: Cursor) -> dict[str, KnownPage]:
    """The pages that a cursor holds, by address, the newest first."""
    found = {}
    for name, value in cursor.items():
        if name.startswith(_PREFIX):
            written = msgspec.json.decode(value, type=_Written)
            url = name.removeprefix(_PREFIX)
            found[url] = KnownPage(url=url, **msgspec.structs.asdict(written))
    return found


def not_listed(memory: Mapping[str, KnownPage], listed: Collection[str]) -> list[KnownPage]:
    """Known pages that the site's list does not show now, in their order.

    Some that older pages outlived there are looked at in this visit, the longest unread
    first: they may have been taken away.
    """
    known = list(memory.values())
    last = max((place for place, page in enumerate(known) if page.url in listed), default=0)
    outlived = [page for page in known[:last] if page.url not in listed and page.read_at is not None]
    looked_at = {page.url for page in sorted(outlived, key=lambda page: page.read_at or _LONG_AGO)[:OUTLIVED]}
    return [replace(page, wants_reading=page.url in looked_at) for page in known if page.url not in listed]


def cursor_of(pages: Iterable[KnownPage]) -> Cursor:
    """The pages as a cursor holds them."""
    return {
        f"{_PREFIX}{page.url}": msgspec.json.encode(
            _Written(page.read_at, page.tries, page.body, page.etag, page.last_modified, page.changed_at)
        ).decode()
        for page in list(pages)[:MOST_PAGES]
    }


def to_ask(pages: Iterable[KnownPage]) -> list[KnownPage]:
    """What one visit asks for: pages never read, the oldest first; changed ones; the newest; some others in turn."""
    every = list(pages)
    unread = [page for page in reversed(every) if page.read_at is None and page.tries < TRIES]
    read = [page for page in every if page.read_at is not None]
    changed = [page for page in read if page.wants_reading][:NEW]
    newest = [page for page in read[:NEWEST] if page not in changed]
    others = [page for page in read[NEWEST:] if page not in changed]
    in_turn = sorted(others, key=lambda page: page.read_at or _LONG_AGO)[:IN_TURN]
    return [*sorted(unread, key=lambda page: page.tries)[:NEW], *changed, *newest, *in_turn]
