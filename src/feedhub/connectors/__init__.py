"""How we ask: one file a platform, each with fetch, split and read."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from feedhub.accounts.account import Platform
from feedhub.accounts.credential import Need
from feedhub.accounts.recognition import NEEDS
from feedhub.connectors.contract import Connector

# The table: a platform's module is called like the platform.
_TABLE = (
    Platform.WEBFEED,
    Platform.WORDPRESS,
    Platform.YOUTUBE,
    Platform.INSTAGRAM,
    Platform.FACEBOOK,
    Platform.THREADS,
    Platform.X,
    Platform.TIKTOK,
    Platform.TELEGRAM,
    Platform.MASTODON,
    Platform.BLUESKY,
    Platform.ACTIVITYPUB,
    Platform.LINKEDIN,
    Platform.WEBPAGE,
    Platform.INBOX,
)

# Where one credential lets us in at every account.
SHARED: frozenset[Platform] = frozenset(
    platform for platform, need in NEEDS.items() if need in {Need.PLATFORM, Need.OPTIONAL}
)


class _Connectors(Mapping[Platform, Connector]):
    """The connectors, each imported when it is first asked for: a reading child needs one or two of them."""

    def __init__(self) -> None:
        self._known: dict[Platform, Connector] = {}

    def __getitem__(self, platform: Platform) -> Connector:
        if platform not in self._known:
            if platform not in _TABLE:
                raise KeyError(platform)
            self._known[platform] = import_module(f"{__name__}.{platform.value}").connector
        return self._known[platform]

    def __iter__(self) -> Iterator[Platform]:
        return iter(_TABLE)

    def __len__(self) -> int:
        return len(_TABLE)


CONNECTORS: Mapping[Platform, Connector] = _Connectors()
