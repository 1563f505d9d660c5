"""One Chromium and one served city for each process of the tests, and one event loop for all that they do."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from browser.chromium import launched
from browser.found import NO_CHROMIUM, chromium_path
from browser.served_city import City, served_city

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a browser test, and shares the loop in which its Chromium lives."""
    for one in items:
        if HERE in one.path.parents:
            one.add_marker(pytest.mark.browser)
            if pytest_asyncio.is_async_test(one):
                one.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, or a skip that says how to get it."""
    path = chromium_path()
    if path is None:
        pytest.skip(NO_CHROMIUM)
    async with async_playwright() as playwright:
        browser = await launched(playwright, path)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The city that speaks Indonesian; its pages in English are under `/en`."""
    yield from _city(sqlite_template, tmp_path_factory, "id")


@pytest.fixture(scope="session")
def english_city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The same city, speaking English; its pages in Indonesian are under `/id`."""
    yield from _city(sqlite_template, tmp_path_factory, "en")


def _city(template: Path, folders: pytest.TempPathFactory, language: str) -> Iterator[City]:
    database = folders.mktemp("city") / "city.sqlite"
    shutil.copy(template, database)
    with served_city(database, language=language) as served:
        yield served
