"""Keys that readers show in order to ask more; the store is not asked for each question."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum
from time import monotonic

from starlette.types import Scope

from feedhub.errors import FeedHubError
from feedhub.store.api_keys import READ, digest_of, key_named, note_use
from feedhub.web.askers import Asker
from feedhub.web.limits import Limits, policy_of
from feedhub.web.state import State

_KNOWN_FOR = 30.0  # seconds: so long a revoked key goes on raising limits, and nothing else
_MOST = 10_000
_PREFIXES = ("fh_", "fhk_")
_LONGEST = 100  # characters
_BEARER = "bearer "
# Whoever tries keys must not make the store look for each.
_TRIES = policy_of("tries", "60/minute", setting="tries")


class Showing(Enum):
    """What came of the key that somebody showed; the values are names of policies."""

    NOTHING = "anonymous"
    UNKNOWN = "key-unknown"
    ENDED = "key-ended"
    NARROW = "key-without-read"
    GOOD = "keyed"


class KnownKeys:
    """What was found for each key lately."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._found: dict[str, tuple[int | None, Showing, float]] = {}
        self._noting: set[asyncio.Task[None]] = set()

    async def of(self, scope: Scope, here: State, asker: Asker) -> tuple[int | None, Showing]:
        """The id of the key by which a reader may ask more, and what came of the one that was shown."""
        shown = shown_key(scope["headers"])
        if shown is None:
            return None, Showing.NOTHING
        if not shown.startswith(_PREFIXES) or len(shown) > _LONGEST:
            return None, Showing.UNKNOWN
        digest = digest_of(shown)
        key, showing, until = self._found.get(digest, (None, Showing.UNKNOWN, 0.0))
        if monotonic() > until:
            if (await self._limits.take(_TRIES, asker.name)).is_over and not asker.is_near:
                return None, Showing.UNKNOWN
            key, showing = await self._looked_up(shown, here)
            if len(self._found) >= _MOST:
                self._found.clear()
            self._found[digest] = key, showing, monotonic() + _KNOWN_FOR
        return key, showing

    async def _looked_up(self, shown: str, here: State) -> tuple[int | None, Showing]:
        try:
            key = await here.store.read(key_named, shown)
        except FeedHubError:  # the store is out of reach; what is kept is served all the same
            return None, Showing.UNKNOWN
        if key is None:
            return None, Showing.UNKNOWN
        if not key.is_open(here.now()):
            return None, Showing.ENDED
        if READ not in key.scopes:
            return None, Showing.NARROW
        noting = asyncio.create_task(_note(here, key.id))
        self._noting.add(noting)
        noting.add_done_callback(self._noting.discard)
        return key.id, Showing.GOOD


def shown_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The key in `Authorization: Bearer` or `X-API-Key`; never one in an address, which logs keep."""
    for name, value in headers:
        if name == b"x-api-key":
            return value.decode("latin-1").strip() or None
        if name == b"authorization" and value[: len(_BEARER)].lower() == _BEARER.encode():
            return value[len(_BEARER) :].decode("latin-1").strip() or None
    return None


async def _note(here: State, key: int) -> None:
    with suppress(FeedHubError):
        await here.store.write(note_use, key, at=here.now())
