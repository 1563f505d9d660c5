"""What axe-core finds in a real browser: nothing, on any page."""

import pytest

from browser.axe import axe_results, undecided, violations
from browser.inventory import PAGES
from browser.visits import combinations, opened, tell


@pytest.mark.parametrize(("page", "language", "theme", "width"), combinations(PAGES))
async def test_axe_finds_nothing(chromium, city, page, language, theme, width):
    async with opened(chromium, city, page, language=language, width=width, color_scheme=theme) as (tab, _):
        results = await axe_results(tab)
        found = violations(results)
        assert not found, "\n".join(found)
    if unsure := undecided(results, "color-contrast"):
        tell(f"axe is unsure of {unsure} contrasts: {page.name}, {language}, {theme}, {width} px")


async def test_axe_finds_nothing_where_the_publisher_speaks_english(chromium, english_city):
    for page in PAGES:
        if page.name in {"home", "department", "post-corrected", "search-hits", "calendar", "not-found"}:
            for language, width in (("en", 360), ("id", 1280)):
                async with opened(chromium, english_city, page, language=language, width=width) as (tab, _):
                    assert await tab.locator("html").get_attribute("lang") == language
                    assert violations(await axe_results(tab)) == []


async def test_axe_finds_what_is_wrong(chromium):
    tab = await chromium.new_page()
    await tab.set_content("<p style='color:#ccc'>pale</p><img src='data:,'><a href='#x'></a>")
    found = {line.partition(":")[0] for line in violations(await axe_results(tab))}
    assert {"color-contrast", "image-alt", "link-name", "html-has-lang", "document-title"} <= found
    await tab.close()
