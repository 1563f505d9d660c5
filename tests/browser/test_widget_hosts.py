"""The element on pages of other sites, kind and hostile: the same posts, no stranger asked, nothing broken."""

import asyncio
import json

import httpx
import lxml.html
import pytest

from browser.chromium import visiting
from browser.host_site import HostPage, host_site

SHOWN = "document.querySelectorAll('feedhub-feed').length && [...document.querySelectorAll('feedhub-feed')].every(e => e.shadowRoot?.querySelector('section'))"
POSTS = "[...document.querySelectorAll('feedhub-feed')].map(e => [...e.shadowRoot.querySelectorAll('.heading a')].map(a => a.href.split('/').pop()))"
LINKS = "//article//*[self::h2 or self::h3 or self::h4]/a/@href"
SHIFT = "window.shifted = 0; new PerformanceObserver(list => { for (const one of list.getEntries()) window.shifted += one.value }).observe({ type: 'layout-shift', buffered: true })"
# What sticks out of its card, and cards out of the element.
BROKEN = """[...document.querySelectorAll('feedhub-feed')].flatMap(e => { const room = e.getBoundingClientRect();
  return [...e.shadowRoot.querySelectorAll('article')].filter(card => { const box = card.getBoundingClientRect();
    return box.height < 30 || box.left < room.left - 1 || box.right > room.right + 1 || getComputedStyle(card).visibility !== 'visible'; })
    .map(card => card.textContent.slice(0, 40)) })"""

POLICY = "default-src 'none'; script-src {hub}; connect-src {hub}; img-src {hub}; style-src 'self'; base-uri 'none'"
SCRIPT = '<script src="{hub}/widget/v1/feedhub.js"></script>'
ELEMENT = '<feedhub-feed department="dinkes,bpbd" limit="4"><a href="{hub}/">Semua kabar</a></feedhub-feed>'
PLAIN = '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Situs</title>' + SCRIPT
BODY = "</head><body><h1>Situs</h1>" + ELEMENT + "<p>Di bawah</p></body></html>"

UGLY = """<style>* { all: unset !important } html { font-size: 40px } body { font-size: 60px; letter-spacing: 1em; text-transform: uppercase; line-height: 0 }
ul, li, p, h3, a { position: fixed !important; float: left !important; width: 5000px !important } feedhub-feed { display: none !important; visibility: hidden }</style>"""
OLD_SCRIPTS = """<script>Array.prototype.each = function () {}; Array.prototype.toJSON = function () { return "broken" };
Object.prototype.extended = function () {}; String.prototype.startsWith = String.prototype.startsWith;
var native = window.fetch; window.fetch = function () { return native.apply(this, arguments).then(function (answer) { return answer }) };
JSON.parse = function () { throw new Error("old JSON") }; window.$ = window.jQuery = function () { return { ready: function () {} } }; Element.prototype.remove = undefined;</script>"""
XHTML = (
    '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="id" xml:lang="id">'
    "<head><title>Situs</title>" + SCRIPT + "</head><body><h1>Situs</h1>" + ELEMENT + "</body></html>"
)
LATE = BODY.replace(
    "</body>",
    "<script>Object.defineProperty(window, 'customElements', { value: { get() {}, define() { throw new Error('late') } } })</script></body>",
)

HOSTS = {
    "strict-csp": HostPage(html=PLAIN + BODY, policy=POLICY),
    "trusted-types": HostPage(
        html=PLAIN + BODY, policy=POLICY + "; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "ugly-css": HostPage(html=PLAIN + UGLY + BODY),
    "old-scripts": HostPage(
        html=PLAIN.replace("<script", OLD_SCRIPTS.replace("{", "{{").replace("}", "}}") + "<script", 1) + BODY
    ),
    "rtl": HostPage(html=(PLAIN + BODY).replace('lang="id"', 'lang="ar" dir="rtl"')),
    "quirks": HostPage(html=(PLAIN + BODY).removeprefix("<!doctype html>")),
    "xhtml": HostPage(html=XHTML, mime_type="application/xhtml+xml"),
    "late-registry": HostPage(
        html=PLAIN
        + LATE.replace(
            "{ value: { get() {}, define() { throw new Error('late') } } }",
            "{{ value: {{ get() {{}}, define() {{ throw new Error('late') }} }} }}",
        )
    ),
    "narrow": HostPage(html=PLAIN + "<style>body {{ width: 200px }}</style>" + BODY),
    "dark": HostPage(
        html=PLAIN
        + "<style>body {{ background: #111; color: #eee }}</style>"
        + BODY.replace('limit="4"', 'limit="4" theme="dark"')
    ),
    "twice": HostPage(html=PLAIN + SCRIPT + BODY.replace("<p>Di bawah</p>", ELEMENT + SCRIPT)),
    "base-href": HostPage(
        html=PLAIN.replace("<script", '<base href="https://elsewhere.example/deep/"><script', 1) + BODY
    ),
}


@pytest.fixture(scope="module")
def host():
    with host_site() as site:
        yield site


def _published(host, name, page, city):
    filled = page.html.replace("{hub}", city.url).replace("{{", "{").replace("}}", "}")
    policy = page.policy.replace("{hub}", city.url) if page.policy else None
    return host.put(f"/{name}", HostPage(html=filled, policy=policy, mime_type=page.mime_type))


async def _told(city, query):
    async with httpx.AsyncClient() as client:
        return [post["id"] for post in (await client.get(f"{city.url}/api/v1/posts?{query}")).json()["posts"]]


async def _until(page, claim):
    """Wait without the page's own eval, which a strict policy forbids."""
    for _ in range(200):
        if await page.evaluate(claim):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(claim)


async def _quiet(chromium, url, city, **how):
    """A page of a fresh visitor, whose requests to the hub are no strangers."""
    context = await chromium.new_context(**how)
    strangers, said = [], []
    hosts = (city.url, url.rpartition("/")[0], "data:", "about:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(hosts) else strangers.append(request.url))
    context.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    context.on("weberror", lambda found: said.append(str(found.error)))
    page = await context.new_page()
    await page.add_init_script(SHIFT)
    return context, page, strangers, said


@pytest.mark.parametrize("name", HOSTS)
async def test_any_host_shows_the_same_posts_and_stays_whole(chromium, city, host, name):
    url = _published(host, name, HOSTS[name], city)
    context, page, strangers, said = await _quiet(chromium, url, city, viewport={"width": 900, "height": 700})
    try:
        await page.goto(url)
        await _until(page, SHOWN)
        await page.wait_for_timeout(200)
        posts = await _told(city, "department=bpbd,dinkes&limit=4")
        assert all(one == posts for one in await page.evaluate(POSTS))
        assert await page.evaluate(BROKEN) == []
        assert await page.evaluate("window.shifted") < 0.02
        assert (strangers, said) == ([], [])
    finally:
        await context.close()


@pytest.mark.parametrize("layout", ["list", "grid", "headlines", "agenda", "alert"])
async def test_element_frame_and_fragment_show_the_same_posts_in_every_layout(chromium, city, host, layout):
    html = PLAIN + BODY.replace('department="dinkes,bpbd" limit="4"', f'layout="{layout}" limit="6"')
    url = _published(host, f"layout-{layout}", HostPage(html=html, policy=POLICY), city)
    context, page, strangers, said = await _quiet(chromium, url, city)
    await page.goto(url)
    await _until(page, SHOWN)
    (shown,) = await page.evaluate(POSTS)
    await context.close()
    assert shown
    async with httpx.AsyncClient() as client:
        for way in ("embed", "fragment"):
            answer = await client.get(f"{city.url}/{way}?layout={layout}&limit=6")
            links = lxml.html.fromstring(f"<div>{answer.text}</div>").xpath(LINKS)
            assert [link.rpartition("/")[2] for link in links] == shown
    assert (strangers, said) == ([], [])


async def test_a_sandboxed_frame_without_an_origin_shows_them_too(chromium, city, host):
    _published(host, "inner", HOSTS["strict-csp"], city)
    url = host.put(
        "/outer",
        HostPage(
            html='<!doctype html><title>Luar</title><iframe src="/inner" sandbox="allow-scripts" width="600" height="600"></iframe>'
        ),
    )
    context, page, strangers, said = await _quiet(chromium, url, city)
    try:
        await page.goto(url)
        frame = page.frame(url=host.url + "/inner")
        await _until(frame, SHOWN)
        assert await frame.evaluate(POSTS) == [await _told(city, "department=bpbd,dinkes&limit=4")]
        assert (strangers, said) == ([], [])
    finally:
        await context.close()


async def test_it_prints_its_cards_and_no_buttons(chromium, city, host):
    url = _published(host, "printed", HOSTS["strict-csp"], city)
    context, page, _, _ = await _quiet(chromium, url, city)
    try:
        await page.goto(url)
        await _until(page, SHOWN)
        await page.emulate_media(media="print")
        assert await page.locator("feedhub-feed .more").is_hidden()
        assert await page.locator("feedhub-feed article").first.is_visible()
    finally:
        await context.close()


def _answer(posts, following=None):
    return {
        "status": 200,
        "content_type": "application/json",
        "headers": {"access-control-allow-origin": "*"},
        "body": json.dumps({"posts": posts, "next": following}),
    }


class Hub:
    """Answers of a hub that a test decides: its posts, or that it is away."""

    def __init__(self, posts):
        self.posts, self.away, self.asked = posts, False, 0

    async def answer(self, route):
        self.asked += 1
        if self.away:
            await route.abort()
        else:
            limit = int(route.request.url.partition("limit=")[2].partition("&")[0] or 50)
            following = (
                "https://hub.example/api/v1/posts?cursor=older&limit=50"
                if len(self.posts) > limit and "cursor" not in route.request.url
                else None
            )
            posts = self.posts[4:] if "cursor" in route.request.url else self.posts[:limit]
            await route.fulfill(**_answer(posts, following))


@pytest.fixture
async def real_posts(city):
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{city.url}/api/v1/posts?limit=12")).json()["posts"]


async def _opened(chromium, city, host, hub):
    url = _published(host, "moving", HOSTS["strict-csp"], city)
    context, page, _, _ = await _quiet(chromium, url, city, viewport={"width": 700, "height": 900})
    await page.route("**/api/v1/posts*", hub.answer)
    await page.goto(url)
    await _until(page, SHOWN)
    return context, page


REFRESH = "() => document.querySelector('feedhub-feed').refresh()"


async def test_posts_stay_when_the_hub_goes_away_and_it_says_since_when(chromium, city, host, real_posts):
    hub = Hub(real_posts)
    context, page = await _opened(chromium, city, host, hub)
    before = await page.evaluate(POSTS)
    hub.away = True
    await page.evaluate(REFRESH)
    assert "Terakhir diperbarui" in await page.locator("feedhub-feed .state").inner_text()
    assert await page.evaluate(POSTS) == before
    hub.away = False
    await page.evaluate(REFRESH)
    assert await page.locator("feedhub-feed .state").inner_text() == ""
    await context.close()


async def test_links_of_the_page_stay_when_the_hub_was_never_there(chromium, city, host):
    hub = Hub([])
    hub.away = True
    url = _published(host, "never", HOSTS["strict-csp"], city)
    context, page, _, _ = await _quiet(chromium, url, city)
    await page.route("**/api/v1/posts*", hub.answer)
    await page.goto(url)
    async with asyncio.timeout(20):
        while not hub.asked:  # noqa: ASYNC110  # a route's call is no event
            await asyncio.sleep(0.05)
    assert await page.get_by_role("link", name="Semua kabar").is_visible()
    await context.close()


async def test_new_posts_wait_for_a_button_and_move_nothing(chromium, city, host, real_posts):
    hub = Hub(real_posts[2:8])
    context, page = await _opened(chromium, city, host, hub)
    before, place = await page.evaluate(POSTS), await page.locator("feedhub-feed article").first.bounding_box()
    hub.posts = real_posts[:8]
    await page.evaluate(REFRESH)
    assert await page.evaluate(POSTS) == before
    assert await page.locator("feedhub-feed article").first.bounding_box() == place
    button = page.get_by_role("button", name="2 kabar baru")
    await button.click()
    assert (await page.evaluate(POSTS))[0][:2] == [post["id"] for post in real_posts[:2]]
    assert (await page.evaluate(POSTS))[0][2:] == before[0]
    focused = "document.querySelector('feedhub-feed').shadowRoot.activeElement.href.split('/').pop()"
    assert await page.evaluate(focused) == real_posts[0]["id"]
    await context.close()


async def test_what_was_withdrawn_leaves_without_moving_what_is_read(chromium, city, host, real_posts):
    hub = Hub(real_posts[:8])
    context, page = await _opened(chromium, city, host, hub)
    last = page.locator("feedhub-feed article").nth(3)
    place = await last.bounding_box()
    gone = hub.posts.pop(1)
    await page.evaluate(REFRESH)
    assert gone["id"] not in (await page.evaluate(POSTS))[0]
    assert gone["title"] not in await page.locator("feedhub-feed").inner_text()
    assert abs((await page.locator("feedhub-feed article").nth(2).bounding_box())["y"] - place["y"]) < 2
    await context.close()


async def test_an_edited_post_says_its_new_words(chromium, city, host, real_posts):
    hub = Hub([dict(post) for post in real_posts[:6]])
    context, page = await _opened(chromium, city, host, hub)
    hub.posts[1] |= {"title": "Judul yang diralat", "change": hub.posts[1]["change"] + 1000, "title_is_made": False}
    await page.evaluate(REFRESH)
    assert await page.locator("feedhub-feed .heading").nth(1).inner_text() == "Judul yang diralat"
    await context.close()


async def test_older_posts_come_by_a_button(chromium, city, host, real_posts):
    hub = Hub(real_posts)
    context, page = await _opened(chromium, city, host, hub)
    await page.get_by_role("button", name="Muat lebih banyak").click()
    await _until(page, "document.querySelector('feedhub-feed').shadowRoot.querySelectorAll('article').length > 4")
    assert (await page.evaluate(POSTS))[0] == [post["id"] for post in real_posts]
    assert await page.locator("feedhub-feed .more").count() == 0
    await context.close()


async def test_a_widget_asks_again_after_some_minutes_but_only_while_somebody_looks(chromium, city, host, real_posts):
    hub = Hub(real_posts)
    url = _published(host, "clock", HOSTS["strict-csp"], city)
    context, page, _, _ = await _quiet(chromium, url, city)
    await page.clock.install()
    await page.route("**/api/v1/posts*", hub.answer)
    await page.goto(url)
    await _until(page, SHOWN)
    assert hub.asked == 1
    async with page.expect_request("**/api/v1/posts*"):
        await page.clock.fast_forward("06:00")
    await page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })")
    asked = hub.asked
    await page.clock.fast_forward("30:00")
    await page.wait_for_timeout(200)
    assert hub.asked == asked
    await context.close()


async def test_nothing_is_kept_in_the_browser(chromium, city, host):
    url = _published(host, "private", HOSTS["strict-csp"], city)
    context, page, _, _ = await _quiet(chromium, url, city)
    sent = []
    page.on("request", lambda request: sent.append(request) if request.url.startswith(f"{city.url}/api") else None)
    await page.goto(url)
    await _until(page, SHOWN)
    assert len(sent) == 1
    headers = await sent[0].all_headers()
    assert "referer" not in headers
    assert "cookie" not in headers
    assert await context.cookies() == []
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
    await context.close()


async def test_a_builders_snippet_shows_the_same_posts_on_a_strict_page(chromium, city, host):
    async with visiting(chromium, city.url) as (page, _):
        await page.goto(f"{city.url}/widget")
        await page.get_by_label("BPBD", exact=False).or_(page.get_by_label("Badan Penanggulangan")).first.check()
        await page.get_by_label("Tata letak").select_option("grid")
        await _until(page, "document.querySelector('pre[aria-labelledby=pinned]').textContent.includes('bpbd')")
        await _until(page, "document.querySelector('pre[aria-labelledby=pinned]').textContent.includes('grid')")
        snippet = await page.locator("pre[aria-labelledby=pinned]").inner_text()
        policy = await page.locator("pre[aria-labelledby=csp]").inner_text()
    url = host.put(
        "/built",
        HostPage(
            html=f"<!doctype html><html lang=id><title>Situs</title><body>{snippet}",
            policy=f"default-src 'none'; {policy}",
        ),
    )
    context, tab, strangers, said = await _quiet(chromium, url, city)
    await tab.goto(url)
    await _until(tab, SHOWN)
    assert await tab.evaluate(POSTS) == [await _told(city, "department=bpbd&limit=5")]
    assert (strangers, said) == ([], [])
    await context.close()
