"""What is asked of a loaded page: does it overflow, is anything cut, where is the focus, what moves."""

from playwright.async_api import Page

MOST_SHIFT = 0.02  # of layout, summed over a visit
_TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }
"""

# Elements that stick out of the window and are in no box that scrolls by itself.
_STICKING_OUT = """() => {
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.classList.length ? '.' + [...e.classList].join('.') : '');
  const sticks = e => { const r = e.getBoundingClientRect(); return r.width && (r.right > innerWidth + 1 || r.left < -1); };
  const scrolls = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== 'visible' && !sticks(p)) return true; return false; };
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const out = [...document.body.querySelectorAll('*')].filter(e => sticks(e) && !scrolls(e) && ![...e.children].some(sticks));
  return [`${document.documentElement.scrollWidth} px wide`, ...new Set(out.map(name))].slice(0, 8);
}"""

# Boxes that hide a part of their words, unless they say so themselves by an ellipsis.
_CUT = """() => {
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.classList.length ? '.' + [...e.classList].join('.') : '');
  const hides = v => v === 'hidden' || v === 'clip';
  return [...new Set([...document.body.querySelectorAll('*')].filter(e => {
    if (!e.innerText || !e.innerText.trim() || !e.checkVisibility()) return false;
    const s = getComputedStyle(e);
    if (e.clientWidth <= 1 || e.clientHeight <= 1 || s.webkitLineClamp !== 'none' || s.textOverflow === 'ellipsis') return false;
    return (hides(s.overflowX) && e.scrollWidth > e.clientWidth + 2) || (hides(s.overflowY) && e.scrollHeight > e.clientHeight + 2);
  }).map(name))].slice(0, 8);
}"""

# Targets smaller than 24 px that stand neither in a sentence nor apart from others (WCAG 2.5.8).
_SMALL = """() => {
  const boxes = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(e => e.checkVisibility()).map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width > 1 && r.height > 1);
  const inline = e => getComputedStyle(e).display === 'inline'
    && [...e.parentElement.childNodes].some(n => n.nodeType === 3 && n.textContent.trim().length > 1);
  const centre = r => [r.x + r.width / 2, r.y + r.height / 2];
  const near = (e, r) => boxes.some(([o, b]) => { if (o === e || o.contains(e) || e.contains(o)) return false;
    const [x, y] = centre(r), dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom);
    return Math.hypot(dx, dy) < 12; });
  return boxes.filter(([e, r]) => (r.width < 24 || r.height < 24) && !inline(e) && near(e, r))
    .map(([e, r]) => `${e.tagName.toLowerCase()}.${e.className} "${e.innerText.trim().slice(0, 30)}" ${Math.round(r.width)}x${Math.round(r.height)}`).slice(0, 8);
}"""

_MOVING = """() => {
  const seconds = s => Math.max(...s.split(',').map(parseFloat));
  const name = e => e.tagName.toLowerCase() + '.' + [...e.classList].join('.');
  const running = document.getAnimations().filter(a => a.effect.getComputedTiming().activeDuration > 10).map(a => a.animationName || a.transitionProperty);
  const would = [...document.querySelectorAll('*')].filter(e => { const s = getComputedStyle(e);
    return seconds(s.transitionDuration) > 0.01 || (s.animationName !== 'none' && seconds(s.animationDuration) > 0.01); }).map(name);
  const smooth = getComputedStyle(document.documentElement).scrollBehavior === 'smooth' ? ['smooth scrolling'] : [];
  return [...new Set([...running, ...would, ...smooth])].slice(0, 8);
}"""

# Chromium keeps what was painted and what moved for observers that come later; two frames bring all of it.
_OBSERVED = """async ([type, told]) => {
  const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)));
  const seen = [], name = n => n && n.nodeType === 1 ? n.tagName.toLowerCase() + '.' + n.className : '?';
  const tell = {
    paint: e => e.startTime / 1000,
    shift: e => [e.hadRecentInput ? 0 : e.value, e.sources.map(s => name(s.node)).join(' ')],
  };
  const watch = new PerformanceObserver(list => seen.push(...list.getEntries().map(tell[told])));
  watch.observe({type, buffered: true});
  await frame(); await frame(); watch.disconnect();
  return seen;
}"""


async def largest_paint(page: Page) -> float:
    """Seconds from the beginning of the visit to its largest paint so far."""
    return max(await page.evaluate(_OBSERVED, ["largest-contentful-paint", "paint"]))


async def shifts(page: Page) -> list[tuple[float, str]]:
    """How far what moved by itself, and its names."""
    return [(far, what) for far, what in await page.evaluate(_OBSERVED, ["layout-shift", "shift"]) if far]


async def sticking_out(page: Page) -> list[str]:
    """What makes the page wider than its window."""
    return await page.evaluate(_STICKING_OUT)


async def cut(page: Page) -> list[str]:
    """What shows only a part of its words."""
    return await page.evaluate(_CUT)


async def small_targets(page: Page) -> list[str]:
    """What is too small to be hit, and too near to others."""
    return await page.evaluate(_SMALL)


async def moving(page: Page) -> list[str]:
    """What moves, or would move when touched."""
    return await page.evaluate(_MOVING)


async def space_text(page: Page) -> None:
    """Space the text as WCAG 1.4.12 says that readers may; a style sheet of our own, which no policy of the page refuses."""
    await page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet] }",
        _TEXT_SPACING,
    )


async def scroll_to_end(page: Page) -> None:
    """Scroll as a reader does, so that whatever is lazy wakes up; then back."""
    await page.evaluate(
        """async () => {
          const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)));
          for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight * 0.8) { scrollTo({top: y, behavior: 'instant'}); await frame(); }
          await frame(); scrollTo({top: 0, behavior: 'instant'}); await frame();
        }"""
    )
