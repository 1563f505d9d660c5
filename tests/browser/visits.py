"""Visits to the pages of the inventory, as tests are given them."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import product
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from browser import inventory
from browser.chromium import Watch, visiting
from browser.served_city import City

LANGUAGES, THEMES, WIDTHS = ("id", "en"), ("light", "dark"), (360, 1280)
HEIGHT = 800
SHOWN = [pytest.param(page, id=page.name, marks=pytest.mark.long if page.is_alike else ()) for page in inventory.PAGES]


def every_other(params: Sequence[Any], *, first: int) -> list[Any]:
    """The same, every second one `long`: what holds for a template shows on its neighbours too."""
    return [
        param if place % 2 == first else pytest.param(*param.values, id=param.id, marks=pytest.mark.long)
        for place, param in enumerate(params)
    ]


def combinations(pages: Iterable[inventory.Page]) -> list[Any]:
    """Every page in every language, theme and width; all but one of each, in turn, are `long`."""
    every = list(product(LANGUAGES, THEMES, WIDTHS))
    params = []
    for number, page in enumerate(pages):
        brief = number % len(every) if page.speaks else number % (len(every) // len(LANGUAGES))
        for place, (language, theme, width) in enumerate(every):
            marks = () if place == brief else (pytest.mark.long,)
            if page.speaks or language == LANGUAGES[0]:
                name = f"{page.name}-{language}-{theme}-{width}"
                params.append(pytest.param(page, language, theme, width, id=name, marks=marks))
    return params


@asynccontextmanager
async def opened(
    chromium: Browser,
    city: City,
    page: inventory.Page,
    *,
    language: str = "id",
    width: int = 1280,
    **how: Any,
) -> AsyncIterator[tuple[Page, Watch]]:
    """A page of the inventory, open and loaded; its end is that of `visiting`."""
    url = page.at(city, language)
    how.setdefault("service_workers", "block")  # as on a first visit; it speaks up after the page is there
    async with visiting(chromium, url, viewport={"width": width, "height": HEIGHT}, **how) as (tab, watch):
        answer = await tab.goto(url)
        assert answer is not None
        assert answer.status == page.status
        yield tab, watch


def tell(figure: str) -> None:
    """Show a figure at the end of the run; it is the test's claim."""
    print(figure)  # noqa: T201  # pytest keeps it for the section of figures
