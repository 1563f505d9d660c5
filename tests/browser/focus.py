"""Where the keyboard goes: every stop of the Tab key, how the focus shows there, and what should have been a stop."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Frame, Page

_MOST_STOPS = 400
_FRAMES_LATE = 10  # a frame's own page scrolls into sight after it has the focus

# Numbers every element that people operate, in the order of the document, and says which there are.
_STOPS = """() => {
  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, audio[controls], video[controls], [tabindex]';
  const chosen = e => e.type !== 'radio' || e.checked || ![...document.getElementsByName(e.name)].some(o => o.checked)
    && document.getElementsByName(e.name)[0] === e;
  const within = root => [...root.querySelectorAll('*')].flatMap(e => [...(e.matches(all) ? [e] : []), ...(e.shadowRoot ? within(e.shadowRoot) : [])]);
  return within(document)
    .filter(e => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}) && chosen(e))
    .map((e, n) => { e.dataset.stop = n; return `${e.tagName.toLowerCase()} ${(e.innerText || e.name || '').trim().slice(0, 40)}`; });
}"""

# Of the element that has the focus: its number, how it differs from before, and whether it can be seen.
_FOCUSED = """() => {
  let e = document.activeElement;
  while (e && e.shadowRoot && e.shadowRoot.activeElement) e = e.shadowRoot.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const name = `${e.tagName.toLowerCase()}.${e.className} "${(e.innerText || e.name || '').trim().slice(0, 40)}"`;
  const outlined = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
  const rings = [e, e.labels && e.labels[0]].filter(Boolean)
    .flatMap(o => [getComputedStyle(o), getComputedStyle(o, '::before'), getComputedStyle(o, '::after')]);
  const around = []; for (let o = e.parentElement; o && o.tagName !== 'MAIN'; o = o.parentElement) around.push(o);
  const ringed = rings.some(s => outlined(s) || s.boxShadow !== 'none') || around.some(o => outlined(getComputedStyle(o)));
  const boxes = [...(e.labels && e.getBoundingClientRect().width < 3 ? e.labels[0] : e).getClientRects()].filter(r => r.width > 1 && r.height > 1);
  const inside = r => r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;
  const free = r => [[.5, .5], [.1, .5], [.9, .5], [.5, .2], [.5, .8]].some(([x, y]) => {
    const hit = e.getRootNode().elementFromPoint(r.left + r.width * x, r.top + r.height * y);
    return hit && (e.contains(hit) || hit.contains(e) && hit !== document.body && hit !== document.documentElement); });
  const middle = r => [r.left + r.width / 2, r.top + r.height / 2];
  return {middle: boxes.length ? middle(boxes[0]) : null, stop: e.dataset.stop === undefined ? null : +e.dataset.stop, name, ringed,
    seen: boxes.some(r => inside(r) && free(r))};
}"""

# Whether a point of the frame that has the focus can be seen in the page around it.
_SHOWS = """([x, y]) => {
  const e = document.activeElement, r = e.getBoundingClientRect();
  return document.elementFromPoint(r.left + e.clientLeft + x, r.top + e.clientTop + y) === e;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A place at which the focus stood; `number` is its place in the document, None where it is a box that scrolls."""

    number: int | None
    name: str
    is_ringed: bool
    is_seen: bool


async def wanted_stops(page: Page) -> list[str]:
    """Everything that people operate, in the document's order; of frames, the frame."""
    if await page.locator("feedhub-feed").count():
        await page.wait_for_selector("feedhub-feed section", state="attached")
    return await page.evaluate(_STOPS)


async def walked_stops(page: Page) -> list[Stop]:
    """Every place at which Tab stops, from the beginning of the page to where it leaves it."""
    stops: list[Stop] = []
    for _ in range(_MOST_STOPS):
        await page.keyboard.press("Tab")
        found = await _focused(page.main_frame)
        if found is None:
            return stops
        stop = Stop(number=found["stop"], name=found["name"], is_ringed=found["ringed"], is_seen=found["seen"])
        if stops and stops[0].number is not None and stop.number == stops[0].number:
            return stops
        if not stops or (stop.number, stop.name) != (stops[-1].number, stops[-1].name):  # a film has several stops
            stops.append(stop)
    raise AssertionError(f"the focus never left the page; it stood last on {stops[-1].name}")


async def _focused(frame: Frame) -> dict[str, Any] | None:
    """What has the focus, in whichever frame; its number is that of the outermost one."""
    found = await _focused_now(frame)
    for _ in range(_FRAMES_LATE):
        if found is None or found["seen"]:
            break
        await frame.page.wait_for_timeout(50)
        found = await _focused_now(frame)
    return found


async def _focused_now(frame: Frame) -> dict[str, Any] | None:
    found = await frame.evaluate(_FOCUSED)
    if found is None or not found["name"].startswith("iframe"):
        return found
    element = (await frame.evaluate_handle("document.activeElement")).as_element()
    inside = await element.content_frame() if element else None
    inner = await _focused_now(inside) if inside else None
    if inner is None:
        return found
    is_seen = inner["seen"] and await frame.evaluate(_SHOWS, inner["middle"])
    return {**inner, "stop": found["stop"], "seen": is_seen}
