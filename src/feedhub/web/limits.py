"""How much one asker may ask within a minute or so, told as draft-ietf-httpapi-ratelimit-headers has it."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from time import monotonic
from typing import NamedTuple, cast

import limits
from limits.aio.storage import SlidingWindowCounterSupport
from limits.aio.storage import Storage as SharedStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter as SharedLimiter
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string

from feedhub.errors import SettingRefused
from feedhub.logs import logger
from feedhub.web.counts import Counts, Window
from feedhub.web.headers import Headers

IN_MEMORY = "memory://"
_PATIENCE = 0.25  # seconds for the shared store; it must never be what readers wait for
_TOLD_EVERY = 60.0  # seconds between two log lines about a shared store that is out of reach


@dataclass(frozen=True, slots=True)
class Policy:
    """So many units a window for everybody whom it fits."""

    name: str
    item: limits.RateLimitItem

    @property
    def header(self) -> bytes:
        """What the header RateLimit-Policy says of it."""
        return f'"{self.name}";q={self.item.amount};w={self.item.get_expiry()}'.encode()


class Standing(NamedTuple):
    """Where an asker stands; `is_over`: it had too few units left for the ones that it wanted."""

    policy: Policy
    is_over: bool
    window: Window
    units: int

    @property
    def left(self) -> int:
        """Units that may be taken now."""
        before, weighs, count, _ = self.window
        return max(0, self.policy.item.amount - floor(before * weighs / self.policy.item.get_expiry() + count))

    @property
    def wait(self) -> int:
        """Seconds until there are enough; for whom there are, until the window ends."""
        before, weighs, count, kept = self.window
        span = self.policy.item.get_expiry()
        rest = kept % span or span
        room = self.policy.item.amount - self.units
        return max(1, ceil(_wait(before, weighs, count, rest, span=span, room=room) if self.is_over else rest))

    @property
    def headers(self) -> Headers:
        """Both headers, for an answer of the API."""
        said = f'"{self.policy.name}";r={self.left};t={self.wait}'.encode()
        return [(b"ratelimit-policy", self.policy.header), (b"ratelimit", said)]


def policy_of(name: str, rate: str, *, setting: str) -> Policy:
    """The policy that a setting such as `6000/minute` names.

    >>> policy_of("anonymous", "6000 per minute", setting="X").header
    b'"anonymous";q=6000;w=60'

    Raises:
        SettingRefused: it is none.
    """
    try:
        return Policy(name, limits.parse(rate))
    except ValueError:
        raise SettingRefused(f"{setting} must be a number and a time such as 6000/minute, not {rate!r}.") from None


class Limits:
    """Counts what askers take: in this process, or in a store that processes share."""

    def __init__(self, store: str = IN_MEMORY) -> None:
        self._counts = Counts()
        self._shared = None if store == IN_MEMORY else SharedLimiter(_shared_storage(store))
        self._failed_at = float("-inf")

    @property
    def is_shared(self) -> bool:
        """Whether processes count together."""
        return self._shared is not None

    async def take(self, policy: Policy, asker: str, units: int = 1) -> Standing:
        """Take units, where there are as many. A shared store that fails leaves this process's own counts."""
        item, wanted = policy.item, min(units, policy.item.amount)
        if self._shared is not None:
            try:
                async with asyncio.timeout(_PATIENCE):
                    taken = await self._shared.hit(item, asker, cost=wanted)
                    counts = cast("SlidingWindowCounterSupport", self._shared.storage)
                    window = await counts.get_sliding_window(item.key_for(asker), item.get_expiry())
                    return Standing(policy, not taken, window, wanted)
            except (StorageError, TimeoutError) as error:
                self._note(error)
        return self.take_own(policy, asker, units)

    def take_own(self, policy: Policy, asker: str, units: int) -> Standing:
        """The same by this process's own counts, which is what each reader of a kept answer pays."""
        item = policy.item
        wanted = min(units, item.amount)
        taken, window = self._counts.take(_key_for(item, asker), item.amount, item.get_expiry(), wanted)
        return Standing(policy, not taken, window, wanted)

    def _note(self, error: Exception) -> None:
        if monotonic() - self._failed_at > _TOLD_EVERY:
            self._failed_at = monotonic()
            logger().warning("limits.unshared", reason=str(error) or "It did not answer in time.")


def _shared_storage(store: str) -> SharedStorage:
    clients: dict[str, str] = {}
    if store.startswith(("redis", "valkey")):
        clients["implementation"] = "valkey" if store.startswith("valkey") else "redispy"
    try:
        storage = storage_from_string(f"async+{store.removeprefix('async+')}", wrap_exceptions=True, **clients)
    except (ConfigurationError, ValueError) as error:
        raise SettingRefused(
            f"FEEDHUB_LIMITS_STORE can't be used: {str(error).rstrip('.')}. It is memory:// or an address that the"
            " limits library knows, such as redis://host:6379, with that store's Python client installed."
        ) from None
    if not isinstance(storage, SharedStorage) or not hasattr(storage, "get_sliding_window"):
        raise SettingRefused("FEEDHUB_LIMITS_STORE must be a store that can count within sliding windows.")
    return storage


@lru_cache(maxsize=10_000)
def _key_for(item: limits.RateLimitItem, asker: str) -> str:
    return item.key_for(asker)


def _wait(before: int, weighs: float, count: int, rest: float, *, span: int, room: int) -> float:
    """Seconds until what is counted is no more than `room`: both windows weigh less as time goes by."""
    over = before * weighs / span + count - room
    if before and over * span / before <= rest:
        return over * span / before
    return rest + max(0.0, span * (1 - room / count) if count else 0.0)
