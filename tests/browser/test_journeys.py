"""People who want something of the city, from the first page to what they came for."""

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Locator, Page

from browser.chromium import visiting
from browser.made_city import CORRECTED
from browser.visits import HEIGHT

PHONE = {"viewport": {"width": 360, "height": HEIGHT}, "is_mobile": True, "has_touch": True}
FLOOD_TITLE = "Peringatan dini: Sungai Kedung naik"
_MOST_TABS = 300
_PATIENCE = 8_000  # milliseconds


@dataclass(frozen=True, slots=True)
class Mouse:
    """Somebody who points at things."""

    tab: Page

    async def follow(self, place: Locator) -> None:
        await place.first.click()

    async def write(self, place: Locator, text: str) -> None:
        await place.fill(text)
        await place.press("Enter")


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Somebody who has the keyboard alone."""

    tab: Page

    async def follow(self, place: Locator) -> None:
        await self._reach(place)
        await self.tab.keyboard.press("Enter")

    async def write(self, place: Locator, text: str) -> None:
        await self._reach(place)
        await self.tab.keyboard.type(text)
        await self.tab.keyboard.press("Enter")

    async def _reach(self, place: Locator) -> None:
        wanted = await place.first.element_handle()
        for _ in range(_MOST_TABS):
            await self.tab.keyboard.press("Tab")
            if await wanted.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"{_MOST_TABS} stops of the Tab key never reached {place}")


WAYS = [
    pytest.param(Mouse, PHONE, id="phone"),
    pytest.param(Keyboard, {}, id="keyboard"),
    pytest.param(Mouse, {**PHONE, "java_script_enabled": False}, id="without-scripts"),
]


@asynccontextmanager
async def somebody(chromium, city, way, how, path="/"):
    async with visiting(chromium, city.url, **how) as (tab, _):
        if how.get("java_script_enabled", True):
            await tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
        tab.set_default_timeout(_PATIENCE)
        answer = await tab.goto(city.url + path)
        assert answer.ok
        yield way(tab)


async def is_at(tab: Page, path: str, **query: str) -> None:
    def arrived(url: str) -> bool:
        parts = urlsplit(url)
        said = {name: ",".join(given) for name, given in parse_qs(parts.query).items()}
        return parts.path == path and query.items() <= said.items()

    await tab.wait_for_url(arrived)


@pytest.mark.parametrize(("way", "how"), WAYS)
async def test_citizen_hears_of_a_flood_and_follows_who_warns(chromium, city, way, how):
    async with somebody(chromium, city, way, how) as citizen:
        tab = citizen.tab
        await citizen.follow(tab.locator("main").get_by_role("link", name=FLOOD_TITLE))
        await is_at(tab, city.post("flood"))
        await citizen.follow(tab.locator("main a[href$='/departments/bpbd']"))
        await is_at(tab, "/departments/bpbd")
        await citizen.follow(tab.locator("main a[href*='/follow?department=bpbd']"))
        await is_at(tab, "/follow", department="bpbd")
        feed = tab.locator("main a[type='application/rss+xml']").first
        address = await feed.get_attribute("href")
        answer = await tab.request.get(address)
        assert answer.headers["content-type"].startswith("application/rss+xml")
        assert FLOOD_TITLE in await answer.text()
        await citizen.follow(feed)
        await tab.wait_for_url(lambda url: url.endswith("feed.rss"))
        # Browsers show it as a page, with a way back to all that follow offers.
        assert FLOOD_TITLE in (await tab.locator(":root").text_content())
        assert await tab.locator("h1").is_visible()
        assert await tab.locator("a[href*='/follow']").is_visible()


@pytest.mark.parametrize(("way", "how"), WAYS)
async def test_citizen_searches_narrows_down_and_checks_what_a_neighbour_sent(chromium, city, way, how):
    async with somebody(chromium, city, way, how, "/search") as citizen:
        tab = citizen.tab
        await citizen.write(tab.locator("main input[name=q]"), "imunisasi")
        await is_at(tab, "/search", q="imunisasi")
        await citizen.follow(tab.locator("main a[href*='q=imunisasi'][href*='kind=service']"))
        await is_at(tab, "/search", q="imunisasi", kind="service")
        await citizen.follow(tab.locator("main").get_by_role("link", name=CORRECTED.title))
        await is_at(tab, city.post("corrected"))
        assert "08.00–12.00" in await tab.locator("main").inner_text()
        permalink = tab.url
        await citizen.follow(tab.locator("a[href$='/verify'], a[href*='/verify?']"))
        for asked in (CORRECTED.source_url, permalink):
            await is_at(tab, "/verify", url=asked)
            links = [urlsplit(await link.get_attribute("href")).path for link in await tab.locator("main a").all()]
            assert city.post("corrected") in links
            if asked != permalink:
                await citizen.write(tab.locator("main input[name=url]"), permalink)


async def test_citizen_passes_a_post_on_to_a_group(chromium, city):
    async with somebody(chromium, city, Mouse, PHONE, city.post("corrected")) as citizen:
        tab = citizen.tab
        await tab.locator("main details:has([data-copy-from]) summary").click()
        await tab.locator("main [data-copy-from]").click()
        copied = await tab.evaluate("navigator.clipboard.readText()")
        assert CORRECTED.title in copied
        assert tab.url in copied
        sent = await tab.locator("main a[href*='wa.me/'], main a[href*='api.whatsapp.com/']").first.get_attribute(
            "href"
        )
        assert tab.url in parse_qs(urlsplit(sent).query)["text"][0]


async def test_editor_finds_the_addresses_for_programs_and_asks_them(chromium, city):
    async with somebody(chromium, city, Mouse, {}) as editor:
        tab = editor.tab
        await editor.follow(tab.locator("a[href$='/newsrooms']"))
        await is_at(tab, "/newsrooms")
        assert await tab.locator("main a[href$='/docs']").count() > 0
        await tab.goto(city.url + city.post("flood"))
        await editor.follow(tab.locator("main a[href*='/api/v1/posts/']"))
        post = json.loads(await tab.locator("pre").first.inner_text())
        assert post["title"].startswith(FLOOD_TITLE)
        answer = await tab.request.get(f"{city.url}/api/v1/posts/{post['id']}/versions")
        assert [one["version"] for one in (await answer.json())["posts"]] == [1]


@pytest.mark.parametrize(("way", "how"), WAYS)
async def test_editor_sees_what_was_corrected_and_when(chromium, city, way, how):
    async with somebody(chromium, city, way, how, "/corrections") as editor:
        tab = editor.tab
        await editor.follow(tab.locator(f"main a[href$='{city.post('corrected')}']"))
        await is_at(tab, city.post("corrected"))
        notice = tab.locator("main aside", has_text="Jam layanan yang benar")
        assert await notice.is_visible()
        await editor.follow(tab.locator("main summary", has_text="versi"))
        assert await tab.locator("main details[open] time").count() >= 2
