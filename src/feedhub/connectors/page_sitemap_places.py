"""Looking for the sitemap of a site: what its robots.txt names, else the usual place."""

from datetime import datetime

from feedhub.connectors.exchange import origin_of
from feedhub.connectors.http import Http
from feedhub.connectors.page_sitemap import Sitemap, named_sitemaps, sitemap_in
from feedhub.failures import VisitFailed

MOST_ASKED = 5  # robots.txt included
_OK = range(200, 300)
_ROBOTS_BYTES = 512_000  # RFC 9309 section 2.5


async def find_sitemap(http: Http, home: str, *, now: datetime) -> str:
    """The address of the sitemap that tells what is new: of news, else the freshest one with dates; "" if there is none."""
    root = f"{origin_of(home)}/"
    robots = await _body(http, f"{root}robots.txt", now)
    named = named_sitemaps(robots[:_ROBOTS_BYTES].decode("utf-8", "replace"), root)
    waiting = list(dict.fromkeys((*named, f"{root}sitemap.xml")))
    asked, dated = set[str](), ""
    while waiting and len(asked) < MOST_ASKED - 1:
        place = waiting.pop(0)
        if place in asked or origin_of(place) != origin_of(home):
            continue
        asked.add(place)
        sitemap = sitemap_in(await _body(http, place, now)) or Sitemap()
        if sitemap.is_news:
            return place
        if sitemap.pages and sitemap.is_dated:
            dated = dated or place
        waiting = [one.url for one in sitemap.maps] + waiting
    return dated


async def _body(http: Http, url: str, now: datetime) -> bytes:
    """What stands at an address; nothing where it can't be had, for a sitemap is a help and no need."""
    try:
        answer = await http.ask(url, now=now)
    except VisitFailed:
        return b""
    return answer.body if answer.status in _OK else b""
