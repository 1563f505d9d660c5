"""Takes the pictures of the README: `python tests/browser/take_pictures.py PORT` beside a running demo city."""

import asyncio
import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
# name: path, width and height of the window, colours, how much larger than that it is drawn
SHOTS = {
    "front-page": ("/", 1280, 1500, "light", 1),
    "front-page-phone": ("/en/", 390, 1500, "dark", 1.5),
    "department": ("/departments/dinkes", 1280, 1100, "light", 1),
    "calendar": ("/calendar", 1280, 1100, "light", 1),
    "follow": ("/follow?kind=emergency", 1280, 1100, "light", 1),
    "status": ("/status", 1280, 1100, "dark", 1),
    "widget": ("/widget", 1280, 1500, "light", 1),
}


async def main(port: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        for name, (path, width, height, scheme, scale) in SHOTS.items():
            taken = await shot(browser, f"http://127.0.0.1:{port}{path}", width, height, scheme, scale)
            Image.open(io.BytesIO(taken)).convert("RGB").save(PICTURES / f"{name}.webp", quality=82, method=6)
        await browser.close()


async def shot(browser: Browser, url: str, width: int, height: int, scheme: str, scale: float) -> bytes:
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=scale
    )
    page = await context.new_page()
    await page.goto(url, wait_until="networkidle")
    taken = await page.screenshot()
    await context.close()
    return taken


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
