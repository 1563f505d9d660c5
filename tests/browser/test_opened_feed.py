"""A feed that somebody opens in a real browser is a page that leads on."""

import pytest

# What is drawn: a heading, the links, and of each entry no more than title, date and link.
_SHOWN = """() => {
  const seen = e => e.getBoundingClientRect().height > 0;
  const named = name => [...document.getElementsByTagNameNS('*', name)].filter(seen);
  return {
    type: document.contentType,
    heading: named('h1').map(e => e.textContent),
    links: named('a').map(e => e.href),
    titles: named('title').map(e => e.textContent),
    dates: named('pubDate').length + named('published').length,
    hidden: ['content', 'encoded', 'description', 'summary', 'guid', 'id', 'category'].flatMap(named).length,
    wide: document.documentElement.scrollWidth - innerWidth,
    ground: getComputedStyle(document.documentElement).backgroundColor,
  };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/feed.rss", "/departments/dinkes/feed.atom"])
async def test_opened_feed_shows_titles_and_leads_on(chromium, city, path, width, scheme):
    context = await chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        tab = await context.new_page()
        await tab.goto(city.url + path)
        shown = await tab.evaluate(_SHOWN)
        assert shown["type"] == "application/xml"
        assert len(shown["heading"]) == 1
        follow, page, *posts = shown["links"]
        assert follow.startswith(f"{city.url}/follow")
        assert len(posts) == len(shown["titles"]) == shown["dates"] > 0
        assert shown["hidden"] == 0
        assert shown["wide"] <= 0
        assert shown["ground"] == ("rgb(244, 246, 248)" if scheme == "light" else "rgb(16, 22, 29)")
        for address in (follow, page, posts[0]):
            assert (await tab.goto(address)).status == 200
    finally:
        await context.close()
