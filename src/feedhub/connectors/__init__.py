"""How we ask: one file a platform, each with fetch, split and read."""

from feedhub.accounts.account import Platform
from feedhub.connectors import (
    activitypub,
    bluesky,
    facebook,
    inbox,
    instagram,
    linkedin,
    mastodon,
    telegram,
    threads,
    tiktok,
    webfeed,
    webpage,
    wordpress,
    x,
    youtube,
)
from feedhub.connectors.contract import Connector, Need

CONNECTORS: dict[Platform, Connector] = {
    one.connector.platform: one.connector
    for one in (
        webfeed,
        mastodon,
        inbox,
        bluesky,
        telegram,
        wordpress,
        x,
        youtube,
        instagram,
        facebook,
        threads,
        webpage,
        tiktok,
        linkedin,
        activitypub,
    )
}

# Where one credential lets us in at every account.
SHARED: frozenset[Platform] = frozenset(
    platform for platform, one in CONNECTORS.items() if one.need in {Need.PLATFORM, Need.OPTIONAL}
)
