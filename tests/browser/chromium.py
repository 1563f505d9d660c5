"""Debian's Chromium, cut off from every network but loopback, and pages that remember what went wrong in them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

_FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    # Names lead nowhere, so that nothing can be asked but what is served here.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
# What a page that is refused an address says about it; the tests of statuses expect it.
_SAID_OF_STATUS = "Failed to load resource: the server responded with a status of"
_SAID_OF_WORKER = "Service Worker registration blocked by Playwright"  # as `opened` asks it to


async def launched(playwright: Playwright, path: str) -> Browser:
    """A new Chromium with a user folder of its own; whoever asked closes it."""
    return await playwright.chromium.launch(executable_path=path, args=list(_FLAGS), ignore_default_args=["--headless"])


@dataclass  # Playwright writes attributes of its own beside bound methods
class Watch:
    """What happened in the pages of one context, beyond what a page should do."""

    origin: str
    strangers: list[str] = field(default_factory=list)  # addresses asked for outside the origin
    said: list[str] = field(default_factory=list)  # errors and warnings of the console, uncaught errors

    def faults(self) -> list[str]:
        return [f"asked {url}" for url in dict.fromkeys(self.strangers)] + list(dict.fromkeys(self.said))

    def note_request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:", "about:")):
            self.strangers.append(request.url)

    def note_message(self, message: ConsoleMessage) -> None:
        # A stranger that nobody can reach is told already by its address.
        is_stranger = bool(message.location["url"]) and not message.location["url"].startswith(self.origin)
        is_status = message.text.startswith((_SAID_OF_STATUS, _SAID_OF_WORKER))
        if message.type in {"error", "warning"} and not (is_stranger or is_status):
            self.said.append(f"console {message.type}: {message.text[:300]}")

    def note_error(self, error: Any) -> None:
        self.said.append(f"uncaught: {str(error)[:300]}")


@asynccontextmanager
async def visiting(browser: Browser, url: str, **how: Any) -> AsyncIterator[tuple[Page, Watch]]:
    """A page of a fresh visitor (`how` as in `Browser.new_context`) and what is noted of it.

    The visit fails at its end where anything left the origin of `url` or the console complained.
    """
    parts = urlsplit(url)
    async with visitor(browser, f"{parts.scheme}://{parts.netloc}", **how) as (context, watch):
        yield await context.new_page(), watch
    assert not watch.faults(), watch.faults()


@asynccontextmanager
async def visitor(browser: Browser, origin: str, **how: Any) -> AsyncIterator[tuple[BrowserContext, Watch]]:
    """The same as a context, for more than one page; its end asserts nothing."""
    context = await browser.new_context(**how)
    watch = Watch(origin)
    context.on("request", watch.note_request)
    context.on("console", watch.note_message)
    context.on("weberror", lambda found: watch.note_error(found.error))
    try:
        yield context, watch
    finally:
        await context.close()
