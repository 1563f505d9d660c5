"""Narrow windows, large text and spaced text cut nothing off and need no scrolling sideways."""

import pytest

from browser.measures import cut, moving, scroll_to_end, small_targets, space_text, sticking_out
from browser.visits import HEIGHT, LANGUAGES, SHOWN, opened

NARROWEST = 320
WIDTHS = (NARROWEST, 360, 640, 768, 1280)


@pytest.mark.parametrize("page", SHOWN)
@pytest.mark.parametrize("language", [LANGUAGES[0], pytest.param(LANGUAGES[1], marks=pytest.mark.long)])
async def test_page_fits_every_window_with_its_text_spaced_or_not(chromium, city, page, language):
    if not page.speaks and language != LANGUAGES[0]:
        pytest.skip("it speaks one language")
    async with opened(chromium, city, page, language=language, width=NARROWEST) as (tab, _):
        await _fits(tab)
        await space_text(tab)
        await _fits(tab)


async def _fits(tab):
    for width in WIDTHS:
        await tab.set_viewport_size({"width": width, "height": HEIGHT})
        wide, short = await sticking_out(tab), await cut(tab)
        assert not wide + short, f"at {width} px: {wide} stick out, {short} are cut"


@pytest.mark.parametrize("page", SHOWN)
async def test_page_at_twice_its_size_scrolls_one_way(chromium, city, page):
    async with opened(chromium, city, page, width=640, device_scale_factor=2) as (tab, _):
        wide, short = await sticking_out(tab), await cut(tab)
        assert not wide + short, f"{wide} stick out, {short} are cut"


@pytest.mark.parametrize("page", SHOWN)
async def test_targets_are_large_or_apart(chromium, city, page):
    async with opened(chromium, city, page, width=360, has_touch=True, is_mobile=True) as (tab, _):
        small = await small_targets(tab)
        assert not small, small


@pytest.mark.parametrize("page", SHOWN)
async def test_nothing_moves_for_who_wants_no_motion(chromium, city, page):
    async with opened(chromium, city, page, width=360, reduced_motion="reduce") as (tab, _):
        await scroll_to_end(tab)
        moved = await moving(tab)
        assert not moved, moved
