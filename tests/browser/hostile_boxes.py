"""Boxes of the cards in a list where every third post is hostile, held against a list where none is."""

from dataclasses import dataclass

from playwright.async_api import Page

# Each card's box, which of the ordinary ones cannot be touched at their middle, which two lie on each other.
_MEASURE = """([hostile, deep]) => {
  const places = deep ? [...document.querySelectorAll('feedhub-feed')].map(one => one.shadowRoot) : [document];
  return places.map(place => {
    const cards = [...place.querySelectorAll(deep ? 'article' : 'article.card, article.post, article.feedhub-post')];
    const box = card => { const r = card.getBoundingClientRect(); return [r.x, r.y + scrollY, r.width, r.height]; };
    const ordinary = cards.map(card => ![...card.querySelectorAll('a[href*="/posts/"]')].some(link => hostile.includes(link.getAttribute('href').split('/').pop())));
    const boxes = cards.map(box), covered = [], crossing = [];
    cards.forEach((card, at) => {
      if (!ordinary[at]) return;
      card.scrollIntoView({ block: 'center', behavior: 'instant' });
      const r = card.getBoundingClientRect();
      const found = place.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
      if (!found || found.closest('article') !== card) covered.push(at);
    });
    boxes.forEach(([x, y, w, h], one) => boxes.slice(one + 1).forEach(([a, b, c, d], more) => {
      if (Math.min(x + w, a + c) - Math.max(x, a) > 1 && Math.min(y + h, b + d) - Math.max(y, b) > 1) crossing.push([one, one + 1 + more]);
    }));
    return { boxes, ordinary, covered, crossing, wide: document.documentElement.scrollWidth, window: innerWidth };
  });
}"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One list in a page."""

    boxes: list[tuple[float, float, float, float]]
    ordinary: list[bool]
    covered: list[int]
    crossing: list[tuple[int, int]]
    wide: int
    window: int


async def measured(tab: Page, hostile: list[str], *, is_element: bool = False) -> list[Measured]:
    """Every list of a page; `hostile` are ids of posts."""
    return [Measured(**one) for one in await tab.evaluate(_MEASURE, [hostile, is_element])]


def differences(found: Measured, usual: Measured, *, has_rows: bool = False) -> list[str]:
    """What hostile posts changed for the others. In a grid the cards of a row are as high as the highest."""
    told = []
    if found.wide > found.window:
        told.append(f"{found.wide} px wide in a window of {found.window}")
    if len(found.boxes) != len(usual.boxes):
        told.append(f"{len(found.boxes)} cards instead of {len(usual.boxes)}")
    told += [f"card {at} is covered" for at in found.covered]
    told += [f"cards {one} and {other} lie on each other" for one, other in found.crossing]
    for at, (box, before) in enumerate(zip(found.boxes, usual.boxes, strict=False)):
        (x, _, width, height), (was_x, _, was_width, was_height) = box, before
        if abs(x - was_x) > 0.5 or abs(width - was_width) > 0.5:
            told.append(
                f"card {at} stands at {x:.0f}, {width:.0f} wide, instead of at {was_x:.0f}, {was_width:.0f} wide"
            )
        elif found.ordinary[at] and not has_rows and abs(height - was_height) > 0.5:
            told.append(f"card {at} is {height:.0f} high instead of {was_height:.0f}")
    return told
