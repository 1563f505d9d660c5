"""With scripts off, every page says what it says and does what it shows."""

import pytest

from browser.measures import sticking_out
from browser.visits import SHOWN, every_other, opened

# Buttons that no form sends do nothing by themselves.
_DEAD = """() => [...document.querySelectorAll('button')]
  .filter(e => e.checkVisibility() && !(e.form && e.type === 'submit') && !e.popoverTargetElement).map(e => e.outerHTML.slice(0, 120))"""
_WORDS = "() => document.body.innerText.split(/\\s+/).length"


# The API's description has a viewer, which is a script; /openapi.json is its text.
@pytest.mark.parametrize("page", every_other([param for param in SHOWN if param.id != "docs"], first=0))
async def test_page_says_as_much_without_scripts(chromium, city, page):
    async with opened(chromium, city, page, width=360, java_script_enabled=False) as (tab, _):
        without = await tab.evaluate(_WORDS)
        assert await tab.locator("h1, [role=heading], h2").count() > 0 or page.is_framed
        faults = await sticking_out(tab) + await tab.evaluate(_DEAD)
        assert not faults, faults
        has_scripts = await tab.locator("script:not([type='application/ld+json'])").count() > 0
    if not has_scripts:
        return
    async with opened(chromium, city, page, width=360) as (tab, _):
        assert without >= 0.8 * await tab.evaluate(_WORDS)


async def test_links_and_forms_lead_on_without_scripts(chromium, city):
    async with opened(chromium, city, SHOWN[0].values[0], java_script_enabled=False) as (tab, _):
        await tab.locator("main a[href*='/posts/']").first.click()
        assert "/posts/" in tab.url
        await tab.goto(city.url + "/search")
        await tab.locator("main input[name=q]").fill("puskesmas")
        await tab.locator("main input[name=q]").press("Enter")
        await tab.wait_for_url("**/search?*q=puskesmas*")
        assert await tab.locator("main a[href*='/posts/']").count() > 0
