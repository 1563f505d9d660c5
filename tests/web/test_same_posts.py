"""Element, frame, fragment and oEmbed's frame: one answer to one question."""

import json
from urllib.parse import quote

import lxml.html
import pytest
import pytest_asyncio
from lxml import etree

from web.pages_served import WITHDRAWN, served

QUESTIONS = [
    "",
    "department=dinkes",
    "department=dinkes,bpbd&limit=3",
    "kind=service",
    "kind=news&limit=2",
    "department=dinkes&kind=service&limit=1",
    "q=gratis",
    "tag=imunisasi",
    "platform=instagram",
    "type=original&limit=20",
    "language=en",
    "q=nothing-says-this",
]


@pytest_asyncio.fixture
async def city(sqlite_url):
    async with served(sqlite_url) as running:
        yield running


def _posts_in(html):
    return [
        link.rpartition("/")[2]
        for link in lxml.html.fromstring(html).xpath("//article//*[self::h2 or self::h3]/a/@href")
    ]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("layout", ["list", "grid", "headlines"])
async def test_every_way_shows_the_same_posts(city, question, layout):
    limited = question if "limit=" in question else f"{question}&limit=5".lstrip("&")
    posts = [post["id"] for post in (await city.get(f"/api/v1/posts?{limited}")).json()["posts"]]
    framed = await city.get(f"/embed?{question}&layout={layout}")
    included = await city.get(f"/fragment?{question}&layout={layout}")
    told = (await city.get(f"/oembed?url={quote(f'{city.url}/embed?{question}&layout={layout}', safe='')}")).json()
    source = lxml.html.fromstring(f"<div>{told['html']}</div>").xpath("//iframe/@src")[0]
    assert _posts_in(framed.text) == posts
    assert _posts_in(f"<div>{included.text}</div>") == posts
    assert _posts_in((await city.client.get(source)).text) == posts


async def test_a_fragment_is_no_page_and_clashes_with_none(city):
    html = (await city.get("/fragment?limit=3")).text
    assert "<html" not in html
    tree = lxml.html.fragment_fromstring(html)
    assert tree.xpath("//@id | //@style | //script | //style") == []
    classes = {name for each in tree.xpath("//@class") for name in each.split()}
    assert all(name.startswith("feedhub-") for name in classes)


async def _oembed(city, path, **also):
    more = "".join(f"&{name}={value}" for name, value in also.items())
    return await city.get(f"/oembed?url={quote(city.url + path, safe='')}{more}")


async def _first(city):
    return (await city.get("/api/v1/posts?department=dinkes&limit=1")).json()["posts"][0]


async def test_a_post_is_embedded_alone(city):
    post = await _first(city)
    told = (await _oembed(city, f"/posts/{post['id']}")).json()
    assert (told["type"], told["version"]) == ("rich", "1.0")
    assert post["title"].startswith(told["title"].rstrip("…"))
    assert told["author_name"] == post["department"]["name"]
    source = lxml.html.fromstring(f"<div>{told['html']}</div>").xpath("//iframe/@src")[0]
    assert _posts_in((await city.client.get(source)).text) == [post["id"]]


@pytest.mark.parametrize(
    "path",
    ["/", "/departments/dinkes", "/departments/dinkes-lama", "/search?kind=news", "/calendar", "/embed?layout=alert"],
)
async def test_pages_of_lists_can_be_embedded_within_the_room_there_is(city, path):
    told = (await _oembed(city, path, maxwidth=320, maxheight=200)).json()
    assert (told["width"], told["height"]) == (320, 200)
    source = lxml.html.fromstring(f"<div>{told['html']}</div>").xpath("//iframe")[0]
    assert (source.get("width"), source.get("height")) == ("320", "200")
    assert source.get("sandbox") == "allow-scripts allow-popups allow-popups-to-escape-sandbox"
    assert (await city.client.get(source.get("src"))).status_code == 200


async def test_xml_says_what_json_says(city):
    answer = await _oembed(city, "/departments/dinkes", format="xml")
    said = {one.tag: one.text for one in etree.fromstring(answer.content)}
    assert said == {name: str(value) for name, value in (await _oembed(city, "/departments/dinkes")).json().items()}


@pytest.mark.parametrize(
    ("path", "also", "status"),
    [
        ("/status", {}, 404),
        ("/departments/nobody", {}, 404),
        ("/posts/00000000-0000-4000-8000-000000000000", {}, 404),
        ("/search?kind=nothing", {}, 422),
        ("/", {"format": "yaml"}, 501),
        ("/", {"maxwidth": "wide"}, 422),
        (f"/posts/{WITHDRAWN.id}", {}, 410),
    ],
)
async def test_what_cannot_be_embedded_is_refused_by_its_status(city, path, also, status):
    answer = await _oembed(city, path, **also)
    assert answer.status_code == status
    assert "rahasia" not in json.dumps(answer.json())


async def test_other_sites_are_none_of_our_business(city):
    assert (await city.get("/oembed?url=https%3A%2F%2Fother.example%2F")).status_code == 404


async def test_an_alert_says_that_all_is_calm_or_nothing_at_all(city):
    page = (await city.get("/embed?layout=alert&department=dinsos")).text
    assert "keadaan darurat" in page
    assert "<article" not in page
    assert "<section" not in (await city.get("/embed?layout=alert&hide-empty=1&department=dinsos")).text


async def test_a_layout_that_nobody_drew_is_refused(city):
    assert (await city.get("/embed?layout=carousel")).status_code == 422
