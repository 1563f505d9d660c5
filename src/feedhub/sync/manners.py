"""How the walk treats hosts, and how it tells their trouble from ours."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from feedhub.failures import DnsFailed, TimedOut, Unreachable, VisitFailed
from feedhub.store.times import to_ms

# A host whose accounts fail for a reason of ours is not offended by the next one.
_OUTAGE_HOSTS = 4
_CONNECTION = (DnsFailed, Unreachable, TimedOut)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How the walk treats hosts. `is_exempt` hosts (our own networks) need no politeness."""

    visits: int = 16
    host_visits: int = 2
    spacing: float = 1.0
    is_exempt: Callable[[str], bool] = lambda _host: False


@dataclass(slots=True, kw_only=True)
class Rest:
    """How long a host rests after we walked it; `asked_for` where it said so itself (Retry-After)."""

    at: int = 0
    asked_for: datetime | None = None

    def until(self, moment: datetime) -> None:
        """Rest until then at least."""
        self.at = max(self.at, to_ms(moment))


class Outage:
    """Whether it is we who are offline: every one of the last hosts failed to connect."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, None] = OrderedDict()

    def answered(self) -> None:
        """A host answered, so we are online."""
        self._failed.clear()

    def is_ours(self, host: str, failure: VisitFailed) -> bool:
        """Take note of a failure; True where at least four hosts in a row can't be reached."""
        if not isinstance(failure, _CONNECTION):
            self.answered()
            return False
        self._failed[host] = None
        return len(self._failed) >= _OUTAGE_HOSTS
