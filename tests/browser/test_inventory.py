"""Nothing that people see goes unvisited."""

from browser.inventory import NO_PAGES, PAGES, routes_in_html


def test_every_route_in_html_is_visited(city):
    named = {page.route for page in PAGES}
    unvisited = routes_in_html(city.app) - named - NO_PAGES.keys()
    assert unvisited == set(), "give each a Page in browser/inventory.py"
    assert not named & NO_PAGES.keys()


def test_names_of_pages_are_their_own():
    assert len({page.name for page in PAGES}) == len(PAGES)
