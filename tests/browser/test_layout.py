"""Narrow windows, large text and spaced text cut nothing off and need no scrolling sideways."""

import pytest

from browser.measures import MOST_SHIFT, cut, moving, scroll_to_end, shifts, small_targets, space_text, sticking_out
from browser.visits import HEIGHT, LANGUAGES, SHOWN, every_other, opened

NARROWEST = 320
WIDTHS = (NARROWEST, 360, 640, 768, 1280)


_SPOKEN = [
    *(pytest.param(param.values[0], LANGUAGES[0], id=f"{param.id}-id", marks=param.marks) for param in SHOWN),
    *(
        pytest.param(param.values[0], LANGUAGES[1], id=f"{param.id}-en", marks=pytest.mark.long)
        for param in SHOWN
        if param.values[0].speaks
    ),
]


@pytest.mark.parametrize(("page", "language"), every_other(_SPOKEN, first=0))
async def test_page_fits_every_window_at_twice_its_size_with_its_text_spaced_or_not(chromium, city, page, language):
    # 640 px at twice the size are a window of 1280 px at 200 %.
    async with opened(chromium, city, page, language=language, width=NARROWEST, device_scale_factor=2) as (tab, _):
        await _fits(tab)
        await space_text(tab)
        await _fits(tab)


async def _fits(tab):
    for width in WIDTHS:
        await tab.set_viewport_size({"width": width, "height": HEIGHT})
        wide, short = await sticking_out(tab), await cut(tab)
        assert not wide + short, f"at {width} px: {wide} stick out, {short} are cut"


@pytest.mark.parametrize("page", every_other(SHOWN, first=1))
async def test_on_a_phone_targets_are_large_and_nothing_moves_or_shifts(chromium, city, page):
    async with opened(chromium, city, page, width=360, is_mobile=True, has_touch=True, reduced_motion="reduce") as (
        tab,
        _,
    ):
        await scroll_to_end(tab)
        small, moved, shifted = await small_targets(tab), await moving(tab), await shifts(tab)
        assert not small + moved, f"{small} are small, {moved} move"
        assert sum(shift for shift, _ in shifted) < MOST_SHIFT, shifted
