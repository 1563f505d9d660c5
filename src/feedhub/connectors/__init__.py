"""How we ask: one file a platform, each with fetch, split and read."""

from feedhub.accounts.account import Platform
from feedhub.connectors.contract import Connector
from feedhub.connectors.webfeed import connector as webfeed

CONNECTORS: dict[Platform, Connector] = {connector.platform: connector for connector in (webfeed,)}
