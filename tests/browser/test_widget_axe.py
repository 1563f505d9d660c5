"""axe finds nothing in the element and the frame, in any layout and theme."""

import pytest

from browser.axe import axe_results, violations
from browser.chromium import visiting

LAYOUTS = ("list", "grid", "headlines", "agenda", "alert")


@pytest.mark.parametrize("theme", ["light", *(pytest.param(one, marks=pytest.mark.long) for one in ("", "dark"))])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("path", ["/widget/preview", "/en/embed"])
async def test_axe_finds_nothing(chromium, city, path, layout, theme):
    async with visiting(chromium, city.url, viewport={"width": 700, "height": 900}) as (page, _):
        await page.goto(f"{city.url}{path}?layout={layout}&theme={theme}&limit=8")
        if path == "/widget/preview":
            await page.wait_for_selector("feedhub-feed section", state="attached")
        assert violations(await axe_results(page)) == []
