"""What hostile things did in a page: scripts that marked themselves, requests, moves, windows; and what provokes them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Frame, Page, Request

from browser.hostile_code import STRANGER

_SHOWN = (200, 410)  # what is withdrawn has a page too
# In every frame before anything else. The console is heard from frames of any origin.
_MARKING = """(() => {
  const told = console.log.bind(console);
  const marked = n => { told('marked ' + n); };
  for (const name of ['marked', 'alert', 'confirm', 'prompt', 'print'])
    Object.defineProperty(window, name, { value: marked });
})()"""

# Whatever fires by itself gets time; everything else is fired, in open shadow roots and frames too.
# Links that are no scripts are not followed. Says what could act, whether or not it did.
_TOUCH = """async () => {
  const get = Element.prototype.getAttribute, has = Element.prototype.matches, names = Element.prototype.getAttributeNames;
  const isScript = url => /^[\\u0000-\\u0020]*(j[\\s]*a[\\s]*v[\\s]*a|vb|live)[\\s]*s[\\s]*c[\\s]*r[\\s]*i[\\s]*p[\\s]*t[\\s]*:|^data:text/i.test(url || '');
  const wait = ms => new Promise(done => setTimeout(done, ms));
  const armed = [];
  const hold = view => {
    view.addEventListener('submit', e => {
      const to = (e.submitter && get.call(e.submitter, 'formaction')) || get.call(e.target, 'action');
      if (!isScript(to)) e.preventDefault();
    }, true);
    view.addEventListener('click', e => {
      const link = e.composedPath().find(one => one instanceof view.Element && has.call(one, 'a, area'));
      if (link && !isScript(get.call(link, 'href') || get.call(link, 'xlink:href') || link.href?.baseVal || link.href?.animVal)) e.preventDefault();
    }, true);
  };
  const touch = (root, view) => {
    hold(view);
    visit([...Document.prototype.querySelectorAll.call(root, '*')], view);
  };
  const fire = (one, view, type) => one.dispatchEvent(new view.MouseEvent(type, { bubbles: type === 'click', composed: true, cancelable: true }));
  const visit = (all, view) => {
    for (const one of all) {
      try {
        for (const name of names.call(one)) {
          if (/^on/i.test(name)) { armed.push(`${one.localName} ${name}`); fire(one, view, name.slice(2).toLowerCase()); }
          else if (/^(href|src|action|formaction|data|xlink:href|srcdoc|srcset|poster|background|to|values)$/i.test(name) && isScript(get.call(one, name))) armed.push(`${one.localName} ${name}`);
        }
        // Handlers are attributes, and were fired; of all others those act that a reader can press.
        if (has.call(one, 'a, area, button, input, summary, [popovertarget], math, math *')) fire(one, view, 'click');
        if (has.call(one, 'svg *')) for (const type of ['mouseover', 'click']) fire(one, view, type);
        if (has.call(one, '[autofocus], [tabindex], [contenteditable]')) view.HTMLElement.prototype.focus.call(one, { preventScroll: true });
        if (one.shadowRoot) visit([...one.shadowRoot.querySelectorAll('*')], view);
        if (one.localName === 'iframe' && one.contentDocument) touch(one.contentDocument, one.contentWindow);
      } catch (fault) { if (!/frame|Illegal|null/.test(fault)) console.debug('untouched ' + one.localName + ': ' + fault); }
    }
  };
  await wait(30);
  touch(document, window);
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) { scrollTo(0, y); if (y / innerHeight > 40) break; }
  location.hash = 'touched';
  await wait(60);
  return [...new Set(armed)];
}"""


@dataclass
class Done:
    """What was done in the pages of one visit."""

    marks: set[int] = field(default_factory=set)
    strangers: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    windows: int = 0
    armed: list[str] = field(default_factory=list)  # what could have acted
    said: list[str] = field(default_factory=list)  # uncaught errors
    own: tuple[str, ...] = ()

    @property
    def faults(self) -> list[str]:
        """Empty where nothing was done and nothing could have been."""
        marks = [f"vector {mark} ran" for mark in sorted(self.marks)]
        asked = [f"asked {url}" for url in dict.fromkeys(self.strangers)]
        moved = [f"moved to {url}" for url in dict.fromkeys(self.moves)]
        windows = [f"{self.windows} windows"] if self.windows else []
        return [*marks, *asked, *moved, *windows, *dict.fromkeys(self.armed), *dict.fromkeys(self.said)]

    def hear(self, message: ConsoleMessage) -> None:
        word, _, number = message.text.partition(" ")
        if word == "marked":
            self.marks.add(int(number) if number.isdigit() else -1)

    def note(self, request: Request) -> None:
        if not request.url.startswith((*self.own, "data:", "blob:", "about:")):
            self.strangers.append(request.url)
            if f".{STRANGER}" in request.url:
                number = request.url.partition("//v")[2].partition(".")[0]
                self.marks.add(int(number) if number.isdigit() else -1)


@asynccontextmanager
async def watching(browser: Browser, *own: str, width: int = 1280) -> AsyncIterator[tuple[BrowserContext, Done]]:
    """A context in which every act is noted; `own` are the addresses that may be asked."""
    context = await browser.new_context(viewport={"width": width, "height": 800}, service_workers="block")
    done = Done(own=own)
    context.on("console", done.hear)
    context.on("request", done.note)
    context.on("weberror", lambda found: done.said.append(f"uncaught: {str(found.error)[:200]}"))
    await context.add_init_script(_MARKING)
    try:
        yield context, done
    finally:
        await context.close()


async def provoke(tab: Page, done: Done, address: str, *, until: str = "") -> None:
    """Open a page, wait for `until` (a script), and touch everything in it."""

    def opened(_: Page) -> None:
        done.windows += 1

    def moved(frame: Frame) -> None:
        if frame is tab.main_frame and frame.url != "about:blank" and _page(frame.url) != _page(address):
            done.moves.append(f"{frame.url} from {address}")

    async def dismiss(dialog: Dialog) -> None:
        done.marks.add(-1)
        await dialog.dismiss()

    await tab.goto("about:blank")  # the page before may still be writing its own address
    tab.on("framenavigated", moved)
    tab.on("dialog", dismiss)
    tab.on("popup", opened)
    answer = await tab.goto(address)
    assert answer is not None, address
    assert answer.status in _SHOWN, f"{address}: {answer.status}"
    if until:
        await tab.wait_for_function(until)
    done.armed += [f"{one} in {address}" for one in await tab.evaluate(_TOUCH)]
    tab.remove_listener("framenavigated", moved)
    tab.remove_listener("dialog", dismiss)
    tab.remove_listener("popup", opened)


def _page(url: str) -> str:
    """The address without what a page's own script may change in it."""
    return url.partition("#")[0].partition("?")[0]
