"""What pages gain by their script, and what a phone keeps of them, in a real Chromium."""

import asyncio
import json
import shutil
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from gzip import compress

import pytest_asyncio
import uvicorn

from browser.made_city import city_posts, now_in_city
from browser.served_city import _fill
from feedhub.posts.decisions import post_id
from feedhub.posts.kept import Notice, NoticeKind
from feedhub.settings import Settings
from feedhub.store.desk import withdraw_post
from feedhub.store.session import open_store
from feedhub.views.page_template import static_file
from feedhub.web.app import create_app

PREFIX = "/kabar"
TYPED = b"; require-trusted-types-for 'script'; trusted-types feedhub"
REGISTERED = "async () => (await navigator.serviceWorker.ready).active.state"
KEPT = """async () => {
  const all = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    all[name] = (await cache.keys()).map((one) => new URL(one.url).pathname);
  }
  return all;
}"""


@dataclass
class Phone:
    """A city below a path, whose network can be cut and whose worker can be taken away."""

    url: str
    settings: Settings
    gone: set[str] = field(default_factory=set)
    server: uvicorn.Server | None = None
    task: asyncio.Task | None = None
    port: int = 0

    async def start(self):
        front = create_app(self.settings)
        self.server = uvicorn.Server(
            uvicorn.Config(
                self._wrapped(front), log_config=None, lifespan="on", port=self.port, timeout_graceful_shutdown=1
            )
        )
        self.task = asyncio.create_task(self.server.serve())
        while not self.server.started:  # noqa: ASYNC110  # uvicorn says it by a flag alone
            await asyncio.sleep(0.01)

    async def stop(self):
        self.server.should_exit = True
        await self.task

    def _wrapped(self, front):
        async def app(scope, receive, send):
            path = scope.get("path", "")
            if path in self.gone:
                await send({"type": "http.response.start", "status": 410, "headers": []})
                await send({"type": "http.response.body", "body": b""})
                return
            await front(scope, receive, self._typed(send))

        return app

    def _typed(self, send):
        """The policy of pages with Trusted Types on top."""

        async def typed(message):
            if message["type"] == "http.response.start":
                headers = [(n, v + TYPED if n == b"content-security-policy" else v) for n, v in message["headers"]]
                message = {**message, "headers": headers}
            await send(message)

        return typed


@pytest_asyncio.fixture(loop_scope="session")
async def phone(sqlite_template, tmp_path):
    database = tmp_path / "phone.sqlite"
    shutil.copy(sqlite_template, database)
    with socket.socket(proto=socket.IPPROTO_TCP) as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    url = f"http://127.0.0.1:{port}{PREFIX}"
    settings = Settings(_env_file=None, database_url=f"sqlite:///{database}", public_url=url)
    await asyncio.to_thread(lambda: asyncio.run(_fill(settings, "id", now_in_city())))
    city = Phone(url, settings, port=port)
    await city.start()
    yield city
    await city.stop()


@asynccontextmanager
async def opened(chromium, **how):
    context = await chromium.new_context(service_workers="allow", locale="id-ID", **how)
    said = []
    page = await context.new_page()
    page.on("console", lambda one: said.append(one.text) if "Failed to load resource" not in one.text else None)
    page.on("pageerror", lambda one: said.append(str(one)))
    try:
        yield page
        assert said == []
    finally:
        await context.close()


async def installed(page, phone):
    """Home, opened so often that its worker is at work and has seen it."""
    await page.goto(phone.url + "/")
    assert await page.evaluate(REGISTERED) in {"activated", "activating"}
    await until(page, "() => navigator.serviceWorker.controller !== null")
    await page.goto(phone.url + "/")


async def until(page, claim):
    """Wait for a claim; Playwright's own way evaluates strings, which the pages' policy forbids."""
    for _ in range(100):
        if await page.evaluate(claim):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(claim)


def a_post(name="flood"):
    return next(
        post_id(account.id, post.native_id) for account, post in city_posts(now_in_city()) if post.native_id == name
    )


def test_script_is_small():
    assert len(compress(static_file("site.js"), 9, mtime=0)) <= 3 * 1024


async def test_home_lives_on_without_a_network_and_says_of_when_it_is(chromium, phone):
    async with opened(chromium) as page:
        await installed(page, phone)
        titles = await page.locator("h3").all_inner_texts()
        assert not await page.locator("[data-offline]").is_visible()
        await phone.stop()
        await page.goto(phone.url + "/")
        line = page.locator("[data-offline]")
        assert await line.is_visible()
        assert "Ini salinan dari" in await line.inner_text()
        assert str(now_in_city().year) in await line.inner_text()
        assert await page.locator("h3").all_inner_texts() == titles
        await phone.start()
        await page.goto(phone.url + "/")
        assert not await line.is_visible()


async def test_no_post_lives_on_without_a_network(chromium, phone):
    async with opened(chromium) as page:
        await installed(page, phone)
        id = a_post()
        for path in (
            f"/posts/{id}",
            "/search?q=banjir",
            "/departments/dinkes",
            "/?kind=service",
            "/en/posts/" + str(id),
        ):
            await page.goto(phone.url + path)
        await page.evaluate("fetch('feed.json')")
        kept = await page.evaluate(KEPT)
        await phone.stop()
        told = set()
        for path in (f"/posts/{id}", "/search?q=banjir", "/departments/dinkes", "/?kind=service"):
            await page.goto(phone.url + path)
            told.add(await page.locator("h1").inner_text())
        assert told == {"Anda sedang luring"}
        await page.goto(f"{phone.url}/en/posts/{id}")
        assert await page.locator("h1").inner_text() == "You are offline"
        await phone.start()
    names = sorted(kept)
    assert [name.split(" ")[:3] for name in names] == [
        ["feedhub", f"{PREFIX}/", "home"],
        ["feedhub", f"{PREFIX}/", "shell"],
    ]
    paths = {path.removeprefix(PREFIX) for all_of in kept.values() for path in all_of}
    assert paths == {"/", "/offline", "/en/offline", "/static/feedhub.css", "/static/site.js", "/static/favicon.svg"}


async def test_withdrawn_post_leaves_the_phone_with_the_next_visit(chromium, phone):
    async with opened(chromium) as page:
        await installed(page, phone)
        id = a_post()
        holds = f"async () => {{ for (const name of await caches.keys()) for (const one of await (await caches.open(name)).matchAll()) if ((await one.text()).includes('{id}')) return true; return false; }}"
        assert await page.evaluate(holds)
        account = next(one for one, post in city_posts(now_in_city()) if post.native_id == "flood")
        store = open_store(phone.settings.database_url)
        notice = Notice(kind=NoticeKind.WITHDRAWAL, reason="Keliru.", at=now_in_city())
        await store.write(withdraw_post, post_id(account.id, "flood"), notice=notice)
        await store.close()
        await asyncio.sleep(2)
        await page.goto(phone.url + "/")
        await until(page, f"async () => !(await ({holds})())")
        answer = await page.request.get(f"{phone.url}/posts/{id}/card.png")
        assert answer.status == 410


async def test_copy_of_home_is_forgotten_after_a_day(chromium, phone):
    async with opened(chromium) as page:
        await installed(page, phone)
        await page.evaluate(
            """async (age) => {
              const name = (await caches.keys()).find((one) => one.endsWith(" home"));
              const cache = await caches.open(name);
              for (const request of await cache.keys()) {
                const copy = await cache.match(request);
                const headers = new Headers(copy.headers);
                headers.set("feedhub-copied-at", String(Date.now() - age));
                await cache.put(request, new Response(await copy.text(), { headers }));
              }
            }""",
            timedelta(hours=24).total_seconds() * 1000,
        )
        await phone.stop()
        await page.goto(phone.url + "/")
        assert await page.locator("h1").inner_text() == "Anda sedang luring"
        kept = await page.evaluate(KEPT)
        assert [paths for name, paths in kept.items() if name.endswith(" home")] == [[]]
        await phone.start()


async def test_worker_that_is_gone_takes_everything_with_it(chromium, phone):
    async with opened(chromium) as page:
        await installed(page, phone)
        phone.gone.add(f"{PREFIX}/sw.js")
        await page.goto(phone.url + "/")
        await until(page, "async () => (await navigator.serviceWorker.getRegistrations()).length === 0")
        await until(page, "async () => (await caches.keys()).length === 0")


async def test_site_can_be_installed(chromium, phone):
    async with opened(chromium) as page:
        await installed(page, phone)
        session = await page.context.new_cdp_session(page)
        told = await session.send("Page.getAppManifest")
        faults = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
        # Playwright's contexts are all private windows; a private window installs nothing.
        assert [one["errorId"] for one in faults if one["errorId"] != "in-incognito"] == []
        assert told["errors"] == []
        document = json.loads(told["data"])
        assert (document["start_url"], document["scope"], document["lang"]) == (f"{PREFIX}/", f"{PREFIX}/", "id")
        for icon in document["icons"]:
            answer = await page.request.get(f"{phone.url}{icon['src'].removeprefix(PREFIX)}")
            assert (answer.status, answer.headers["content-type"]) == (200, icon["type"])
        await page.goto(phone.url + "/en/")
        session = await page.context.new_cdp_session(page)
        spoken = json.loads((await session.send("Page.getAppManifest"))["data"])
        assert (spoken["start_url"], spoken["scope"], spoken["lang"]) == (f"{PREFIX}/en/", f"{PREFIX}/", "en")


async def test_young_times_are_told_relatively_in_boxes_that_stay(chromium, phone):
    boxes = "all => all.map((one) => { const box = one.getBoundingClientRect(); return [box.x, box.y, box.width, box.height].map(Math.round); })"
    for width in (320, 768):
        for language, ago in (("", "yang lalu"), ("/en", "ago")):
            size = {"width": width, "height": 800}
            async with opened(chromium, viewport=size, java_script_enabled=False) as plain:
                await plain.goto(f"{phone.url}{language}/")
                before = await plain.locator("time, h2, h3, main").evaluate_all(boxes)
                absolute = await plain.locator("time.when").first.inner_text()
            async with opened(chromium, viewport=size) as page:
                await page.goto(f"{phone.url}{language}/")
                first = page.locator("time.when").first
                assert ago in await first.inner_text()
                assert await first.get_attribute("title") == absolute
                assert await page.locator("time, h2, h3, main").evaluate_all(boxes) == before


async def test_post_can_be_copied_and_says_so(chromium, phone):
    async with opened(chromium, permissions=["clipboard-read", "clipboard-write"]) as page:
        await page.goto(f"{phone.url}/posts/{a_post()}")
        await page.locator("[data-copy]").first.click()
        assert await page.evaluate("navigator.clipboard.readText()") == f"{phone.url}/posts/{a_post()}"
        assert await page.locator("[data-said]").inner_text() == "Tersalin"
        await page.locator(".share-group summary").click()
        await page.locator("[data-copy-from]").click()
        told = await page.evaluate("navigator.clipboard.readText()")
        assert told == await page.locator("#group-text").evaluate("one => one.textContent")
        assert told.startswith("*")


async def test_buttons_that_need_a_script_are_not_shown_without(chromium, phone):
    async with opened(chromium, java_script_enabled=False) as page:
        await page.goto(f"{phone.url}/posts/{a_post()}")
        assert not [
            one
            for one in await page.locator("[data-copy], [data-copy-from], [data-share]").all()
            if await one.is_visible()
        ]
        assert await page.locator("a[href^='https://wa.me/']").is_visible()


async def test_facts_for_search_engines_are_read_and_not_run(chromium, phone):
    async with opened(chromium) as page:
        await page.goto(f"{phone.url}/posts/{a_post()}")
        facts = json.loads(await page.locator("script[type='application/ld+json']").inner_text())
        assert facts["@graph"][0]["url"] == f"{phone.url}/posts/{a_post()}"
        shown = await page.locator("meta[property='og:image']").get_attribute("content")
        answer = await page.request.get(shown)
        assert answer.status == 200
        assert answer.headers["content-type"] == await page.locator("meta[property='og:image:type']").get_attribute(
            "content"
        )
