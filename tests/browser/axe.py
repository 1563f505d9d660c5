"""axe-core in a page: what it finds against WCAG 2.2 AA and good practice."""

from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.async_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_OPTIONS = {
    "runOnly": {"type": "tag", "values": list(TAGS)},
    "resultTypes": ["violations", "incomplete"],
    "preload": False,  # it would ask for films
}


async def axe_results(page: Page) -> dict[str, Any]:
    """axe's answer for the page and every frame in it."""
    for frame in page.frames:
        await frame.evaluate(_source())
    return await page.evaluate("options => axe.run(document, options)", _OPTIONS)


def violations(results: dict[str, Any]) -> list[str]:
    """One line for each element that breaks a rule."""
    return [
        f"{found['id']}: {' '.join(map(str, node['target']))}: {_why(node)}"
        for found in results["violations"]
        for node in found["nodes"]
    ]


def undecided(results: dict[str, Any], rule: str) -> int:
    """How many elements axe could not decide on by itself."""
    return sum(len(found["nodes"]) for found in results["incomplete"] if found["id"] == rule)


def _why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(check["message"] for check in checks)[:200]


@cache
def _source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
