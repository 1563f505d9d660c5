"""A real WordPress shows our posts: an address pasted into a post becomes a frame of the right height with live links."""

import pytest
from playwright.async_api import async_playwright

from browser.chromium import launched
from browser.found import NO_CHROMIUM, chromium_path
from servers.wordpress_site import wordpress_site
from web.pages_served import served

pytestmark = [pytest.mark.servers, pytest.mark.long]

# A site of its own asks public addresses at usual ports only; ours are on loopback.
_LOOPBACK = """<?php
add_filter('http_request_host_is_external', '__return_true');
add_filter('http_allowed_safe_ports', fn($ports) => [...$ports, {port}]);
"""


async def test_a_pasted_address_and_a_custom_html_block_show_the_same_posts(tmp_path, sqlite_url):
    if (path := chromium_path()) is None:
        pytest.skip(NO_CHROMIUM)
    async with served(sqlite_url) as city, wordpress_site(tmp_path / "wp") as site:
        port = city.url.rpartition(":")[2]
        (site.folder / "site/wp-content/mu-plugins/loopback.php").write_text(_LOOPBACK.replace("{port}", port))
        pasted = await site.post("Tempel", f"{city.url}/departments/dinkes\n")
        script = f'<script src="{city.url}/widget/v1/feedhub.js" async></script>'
        block = f'<!-- wp:html -->{script}<feedhub-feed department="dinkes" limit="5"></feedhub-feed><!-- /wp:html -->'
        held = await site.post("Blok", block)
        posts = (await city.get("/api/v1/posts?department=dinkes&limit=5")).json()["posts"]
        expected = [post["id"] for post in posts]
        async with async_playwright() as playwright:
            browser = await launched(playwright, path)
            await _shows_a_frame(await browser.new_page(), pasted["link"], city, expected)
            await _shows_the_element(await browser.new_page(), held["link"], expected)
            await browser.close()


async def _shows_a_frame(page, url, city, expected):
    await page.goto(url)
    frame = page.locator("iframe.wp-embedded-content")
    await page.wait_for_function("document.querySelector('iframe.wp-embedded-content')?.height > 0")
    await page.wait_for_timeout(500)
    inner = next(one for one in page.frames if one.url.startswith(f"{city.url}/embed"))
    links = inner.locator(".heading a")
    assert [(await one.get_attribute("href")).rpartition("/")[2] for one in await links.all()] == expected
    wanted = await inner.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
    assert abs((await frame.bounding_box())["height"] - min(wanted, 1000)) <= 2  # WordPress allows 1,000 px at most
    assert await frame.is_visible()
    await links.first.click()
    await page.wait_for_url(f"{city.url}/posts/{expected[0]}")


async def _shows_the_element(page, url, expected):
    await page.goto(url)
    await page.wait_for_function("document.querySelector('feedhub-feed')?.shadowRoot?.querySelector('article')")
    shown = "[...document.querySelector('feedhub-feed').shadowRoot.querySelectorAll('.heading a')].map(a => a.href.split('/').pop())"
    assert await page.evaluate(shown) == expected
