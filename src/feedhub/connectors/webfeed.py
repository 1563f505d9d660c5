"""Feeds of every format at one address: RSS, RDF, Atom, JSON Feed."""

from feedhub.accounts.account import Platform
from feedhub.connectors.contract import Connector
from feedhub.connectors.feed_reading import read, split
from feedhub.connectors.feed_visit import fetch
from feedhub.connectors.permalinks import check

# A page each: sites are asked politely, and few items leave the middle of a feed.
_MOST_CHECKED = 5

connector = Connector(
    platform=Platform.WEBFEED, fetch=fetch, split=split, read=read, check=check, most_checked=_MOST_CHECKED
)
