"""Every page in the other language, at an address of its own."""

import lxml.html
import pytest
import pytest_asyncio

from views.made_pages import VACCINES
from web.pages_served import served


@pytest_asyncio.fixture
async def city(sqlite_url):
    async with served(sqlite_url) as running:
        yield running


def links(answer):
    return lxml.html.document_fromstring(answer.text).xpath("//a/@href")


async def test_the_address_says_the_language_and_links_stay_in_it(city):
    answer = await city.get("/en/departments")
    assert 'lang="en"' in answer.text
    own = [link for link in links(answer) if link.startswith("/") and "." not in link.rpartition("/")[2]]
    assert {link.split("/")[1] for link in own} <= {"en", "departments", "docs"}
    assert [link for link in own if link.split("/")[1] == "departments"] == ["/departments"]  # the way back


async def test_pages_without_a_language_speak_the_publishers(city):
    answer = await city.get("/departments")
    assert 'lang="id"' in answer.text
    assert "/en/departments" in links(answer)


@pytest.mark.parametrize("path", ["/en", "/en/"])
async def test_home_has_its_language_with_and_without_a_slash(city, path):
    assert 'lang="en"' in (await city.get(path)).text


async def test_the_other_language_keeps_the_question(city):
    assert "/en/search?q=imunisasi" in links(await city.get("/search?q=imunisasi"))


@pytest.mark.parametrize("path", ["/en/feed.rss", "/en/api/v1/posts", "/en/static/feedhub.css", "/xx/search"])
async def test_what_speaks_no_language_has_one_address_only(city, path):
    assert (await city.client.get(city.url + path)).status_code == 404


async def test_errors_speak_the_language_of_their_address(city):
    answer = await city.client.get(f"{city.url}/en/posts/nothing")
    assert answer.status_code == 404
    assert 'lang="en"' in answer.text


async def test_a_slash_too_many_keeps_the_language(city):
    answer = await city.client.get(f"{city.url}/en/search/", follow_redirects=False)
    assert answer.headers["location"] == f"{city.url}/en/search"


async def test_each_language_names_the_others_to_search_engines(city):
    for path in ("", "/en"):
        page = lxml.html.document_fromstring((await city.get(f"{path}/posts/{VACCINES.id}")).text)
        named = {one.get("hreflang"): one.get("href") for one in page.xpath("//link[@rel='alternate'][@hreflang]")}
        assert named == {
            "id": f"{city.url}/posts/{VACCINES.id}",
            "en": f"{city.url}/en/posts/{VACCINES.id}",
            "x-default": f"{city.url}/posts/{VACCINES.id}",
        }
