"""Nothing that people see goes unvisited."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from browser.inventory import NO_PAGES, PAGES, routes_in_html
from browser.made_verdicts import ASKED_ABOUT
from feedhub.posts.verdict import Problem, verdict
from feedhub.store.session import open_store
from feedhub.store.verifying import findings


def test_every_route_in_html_is_visited(city):
    named = {page.route for page in PAGES}
    unvisited = routes_in_html(city.app) - named - NO_PAGES.keys()
    assert unvisited == set(), "give each a Page in browser/inventory.py"
    assert not named & NO_PAGES.keys()


def test_names_of_pages_are_their_own():
    assert len({page.name for page in PAGES}) == len(PAGES)


async def test_every_verdict_is_visited(city):
    assert set(ASKED_ABOUT) == set(Problem)
    pages = {page.name: page for page in PAGES}
    store, told = open_store(city.database_url), {}
    for problem in Problem:
        page = pages[f"verify-{problem.replace('_', '-')}"]
        (address,) = parse_qs(urlsplit(page.at(city)).query)["url"]
        found = await store.read(findings, address, public_url=city.url)
        told[problem] = verdict(found, now=datetime.now(UTC)).problem
    await store.close()
    assert told == {problem: problem for problem in Problem}
