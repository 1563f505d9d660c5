"""The keyboard alone reaches everything, in order, and shows where it is."""

import pytest

from browser.focus import walked_stops, wanted_stops
from browser.inventory import PAGES
from browser.visits import every_other, opened

# One of each template: the others of a route differ in their posts alone.
_FIRST = list({page.route: pytest.param(page, id=page.name) for page in reversed(PAGES)}.values())
# The viewer of the API's description has a frame of its own.
_IN_OUR_FRAME = [param for param in _FIRST if not param.values[0].is_framed and param.id != "docs"]


@pytest.mark.parametrize("page", every_other(_FIRST, first=1))
@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.long)])
async def test_tab_stops_at_everything_in_order_and_is_seen(chromium, city, page, width):
    async with opened(chromium, city, page, width=width) as (tab, _):
        wanted, walked = await wanted_stops(tab), await walked_stops(tab)
        numbers = [stop.number for stop in walked if stop.number is not None]
        assert [wanted[number] for number in range(len(wanted)) if number not in numbers] == []
        assert numbers == sorted(numbers)
        assert [stop.name for stop in walked if not stop.is_ringed] == []
        assert [stop.name for stop in walked if not stop.is_seen] == []


@pytest.mark.parametrize("page", every_other(_IN_OUR_FRAME, first=0))
async def test_first_stop_skips_to_what_the_page_is_about(chromium, city, page):
    async with opened(chromium, city, page, width=360) as (tab, _):
        await tab.keyboard.press("Tab")
        skip = tab.locator(":focus")
        assert (await skip.get_attribute("href") or "").endswith("#content")
        assert await skip.is_visible()
        await tab.keyboard.press("Enter")
        assert await tab.evaluate("document.activeElement.closest('main') !== null")
        await tab.keyboard.press("Tab")
        assert await tab.evaluate("document.querySelector('main').contains(document.activeElement)") or (
            await tab.locator("main a, main button, main input").count() == 0
        )


async def test_what_opens_by_keyboard_closes_by_keyboard(chromium, city):
    opened_some = False
    for page in PAGES:
        if page.name in {"home", "post-corrected", "post-sensitive", "search"}:
            async with opened(chromium, city, page, width=360) as (tab, _):
                for summary in await tab.locator("summary:visible").all():
                    details = summary.locator("xpath=..")
                    was = await details.get_attribute("open")
                    await summary.focus()
                    await tab.keyboard.press("Enter")
                    assert await details.get_attribute("open") != was
                    await tab.keyboard.press("Space")
                    assert await details.get_attribute("open") == was
                    opened_some = True
    assert opened_some
