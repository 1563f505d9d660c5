"""How we ask: one file a platform, each with fetch, split and read."""

from feedhub.accounts.account import Platform
from feedhub.connectors import (
    bluesky,
    inbox,
    mastodon,
    webfeed,
)
from feedhub.connectors.contract import Connector

CONNECTORS: dict[Platform, Connector] = {
    one.connector.platform: one.connector
    for one in (
        webfeed,
        mastodon,
        inbox,
        bluesky,
    )
}
