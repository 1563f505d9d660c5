"""Chromium's own trace of the first page, held against what the page's observers say of it."""

import json

import pytest

from browser.inventory import PAGES
from browser.measures import MOST_SHIFT, largest_paint, shifts
from browser.visits import opened, tell

_CATEGORIES = ["loading", "devtools.timeline", "blink.user_timing"]
# Seconds between two clocks that read the same frame: on a busy machine one of them reads it several frames later.
_APART = 0.25
_PUSH = "() => { const box = document.createElement('div'); box.style.height = '300px'; document.body.prepend(box); }"


@pytest.mark.parametrize("is_pushed", [False, True], ids=["as-it-is", "pushed-down"])
async def test_trace_and_observers_tell_the_same_paint_and_shift(chromium, city, is_pushed):
    async with opened(chromium, city, PAGES[0], width=360) as (tab, _):
        await chromium.start_tracing(page=tab, categories=_CATEGORIES)
        await tab.reload(wait_until="networkidle")
        if is_pushed:
            await tab.evaluate(_PUSH)
        await tab.wait_for_timeout(300)
        observed_paint = await largest_paint(tab)
        observed_shift = sum(shift for shift, _ in await shifts(tab))
        paint, shift = _traced(json.loads(await chromium.stop_tracing())["traceEvents"])
    tell(
        f"first page{', pushed down' if is_pushed else ''}: traced paint {paint:.2f} s, observed {observed_paint:.2f} s"
    )
    assert paint == pytest.approx(observed_paint, abs=_APART)
    assert shift == pytest.approx(observed_shift, abs=0.001)
    assert (shift > MOST_SHIFT) is is_pushed


def _traced(events):
    """Seconds from the beginning of the visit to its largest paint, and how much shifted without anybody's touch."""
    paints = [event for event in events if event["name"] == "largestContentfulPaint::Candidate"]
    last = max(paints, key=lambda event: event["ts"])
    begun = max(
        event["ts"]
        for event in events
        if event["name"] == "navigationStart" and event["pid"] == last["pid"] and event["ts"] <= last["ts"]
    )
    moved = [event["args"]["data"] for event in events if event["name"] == "LayoutShift" and event["ts"] >= begun]
    return (last["ts"] - begun) / 1e6, sum(one["score"] for one in moved if not one["had_recent_input"])
