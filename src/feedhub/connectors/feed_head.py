"""What a feed says about itself that its items inherit, and how often it wants to be asked."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

from lxml.etree import _Element as Element

from feedhub.connectors.contract import Push
from feedhub.connectors.feed_json import JsonObject
from feedhub.connectors.feed_media import number
from feedhub.connectors.feed_modules import base_in, language_in
from feedhub.connectors.feed_names import ATOM, DC, RSS, SYNDICATION, tags
from feedhub.connectors.feed_xml import text_in

# RSS 1.0 syndication module.
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST = 366 * 24 * 60  # minutes
_CHANNEL = tags(RSS, "channel")
_WORDS = {
    tag: word
    for spaces, word in (
        (RSS, "language"),
        (DC, "language"),
        (RSS, "ttl"),
        (SYNDICATION, "updatePeriod"),
        (SYNDICATION, "updateFrequency"),
        (RSS, "link"),
    )
    for tag in tags(spaces, word)
}
_LINKS = tags(("", *ATOM), "link")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHead:
    """`base` and `language` are inherited by items; `site` is the feed's own page, "" if unknown."""

    base: str
    language: str | None = None
    site: str = ""
    next_hint: timedelta | None = None
    push: Push | None = None

    @property
    def context(self) -> dict[str, str]:
        """What an item needs to be read without its document."""
        return {"base": self.base, "via": "feed"} | ({"language": self.language} if self.language else {})


def head_of(root: Element, url: str) -> FeedHead:
    """What the elements beside the items say; `url` is where the document came from."""
    channel = next(root.iterchildren(*_CHANNEL), None)
    outer = root if channel is None else channel
    said: dict[str, str] = {}
    for element in outer:
        word = _WORDS.get(element.tag)
        if word and word not in said:
            said[word] = text_in(element)
    base = base_in(root, url) or url
    return FeedHead(
        base=(base_in(channel, base) if channel is not None else base) or base,
        language=language_in(outer) or language_in(root) or said.get("language") or None,
        site=said.get("link") or _alternate(outer),
        next_hint=_next_hint(said),
        push=_push(outer, url),
    )


def json_head(feed: JsonObject, url: str) -> FeedHead:
    """The same for a JSON Feed."""
    language, site = feed.get("language"), feed.get("home_page_url")
    return FeedHead(
        base=url,
        language=language if isinstance(language, str) else None,
        site=site.strip() if isinstance(site, str) else "",
        push=_json_push(feed, url),
    )


def _push(outer: Element, url: str) -> Push | None:
    """The hub that the feed names (WebSub section 4), and the topic: the feed's own address."""
    links = [(link.get("rel") or "", (link.get("href") or "").strip()) for link in outer.iterchildren(*_LINKS)]
    hub = next((href for rel, href in links if rel == "hub" and href), None)
    topic = next((href for rel, href in links if rel == "self" and href), url)
    return Push(hub=urljoin(url, hub), topic=urljoin(url, topic)) if hub else None


def _json_push(feed: JsonObject, url: str) -> Push | None:
    """JSON Feed 1.1 `hubs` of the type WebSub."""
    hubs = feed.get("hubs")
    for hub in hubs if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and str(hub.get("type")).lower() == "websub" and isinstance(hub.get("url"), str):
            topic = feed.get("feed_url")
            return Push(hub=urljoin(url, hub["url"]), topic=urljoin(url, topic if isinstance(topic, str) else ""))
    return None


def _alternate(outer: Element) -> str:
    for link in outer.iterchildren(*_LINKS):
        if (link.get("rel") or "alternate") == "alternate":
            return (link.get("href") or "").strip()
    return ""


def _next_hint(said: dict[str, str]) -> timedelta | None:
    """`ttl` in minutes, else the syndication module's period by its frequency."""
    ttl = _whole(said.get("ttl", ""))
    if ttl:
        return timedelta(minutes=min(ttl, _LONGEST))
    period = _PERIODS.get(said.get("updatePeriod", "").lower())
    return period / (_whole(said.get("updateFrequency", "")) or 1) if period else None


def _whole(text: str) -> int:
    return number(text) or 0
