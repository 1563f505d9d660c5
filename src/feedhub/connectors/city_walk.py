"""Reads a city's site for its departments' accounts: politely, and a bounded number of pages."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from feedhub.accounts.department_names import city_domain
from feedhub.accounts.proposals import Lead, Page, Proposals, leads, proposals
from feedhub.connectors.city_pages import page_in
from feedhub.connectors.exchange import Answer
from feedhub.connectors.http import Http
from feedhub.failures import AddressRefused, VisitFailed
from feedhub.posts.urls import canonical_url

MOST_PAGES = 60
MOST_INDEXES = 8  # of them, pages that list departments
_AGENT = "FeedHub"


@dataclass(slots=True)
class _Walk:
    http: Http
    now: datetime
    pause: float
    report: Callable[[str], None]
    asked: set[str] = field(default_factory=set)
    pages: list[Page] = field(default_factory=list)
    robots: dict[str, RobotFileParser] = field(default_factory=dict)

    async def read(self, lead: Lead) -> Page | None:
        """The page of a lead, once; None where it can't or must not be had."""
        key = _key(lead.url)
        if key in self.asked or len(self.pages) >= MOST_PAGES:
            return None
        self.asked.add(key)
        if not await self._is_allowed(lead.url):
            self.report(f"{lead.url}: its robots.txt asks us to stay away")
            return None
        try:
            answer = await self._get(lead.url)
        except VisitFailed as failure:
            self.report(f"{lead.url}: {failure.reason}")
            return None
        if _key(answer.url) in {_key(page.url) for page in self.pages}:
            return None
        self.asked.add(_key(answer.url))
        page = page_in(answer, name=lead.name or None, is_department=lead.name is not None)
        self.pages.append(page)
        self.report(f"{page.url}: {len(page.links)} links")
        return page

    async def _get(self, url: str) -> Answer:
        if self.pages:
            await asyncio.sleep(self.pause)
        return await self.http.get(url, now=self.now)

    async def _is_allowed(self, url: str) -> bool:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.robots:
            rules = RobotFileParser()
            try:
                answer = await self.http.get(f"{origin}/robots.txt", now=self.now)
                rules.parse(answer.body[:65_536].decode("utf-8", "replace").splitlines())
            except VisitFailed:
                rules.parse([])
            self.robots[origin] = rules
        return self.robots[origin].can_fetch(_AGENT, url)


async def discover_city(
    http: Http, url: str, *, now: datetime, pause: float = 1.0, report: Callable[[str], None] = lambda _: None
) -> Proposals:
    """Departments and accounts of the city whose front page is at `url`; nobody has checked them.

    Reads the front page, pages that list departments, and the front page of each department: at
    most 60, one at a time, `pause` seconds apart. `report` is told of each.

    Raises:
        VisitFailed: the front page can't be read.
    """
    start = canonical_url(url if "://" in url else f"https://{url}")
    if start is None:
        raise AddressRefused(f"{url!r} is not an address that can be fetched.")
    front = page_in(await http.get(start, now=now), name=None, is_department=False)
    report(f"{front.url}: {len(front.links)} links")
    walk = _Walk(http, now, pause, report, asked={_key(start), _key(front.url)}, pages=[front])
    base = city_domain(urlsplit(front.url).hostname or "")
    found = list(leads(front, base))
    for lead in [each for each in found if each.name is None][:MOST_INDEXES]:
        if page := await walk.read(lead):
            found += [each for each in leads(page, base) if each.name is not None]
    for lead in found:
        if lead.name is not None:
            await walk.read(lead)
    return proposals(walk.pages)


def _key(url: str) -> str:
    """One page is one, whatever its scheme and its last slash."""
    parts = urlsplit(url)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
