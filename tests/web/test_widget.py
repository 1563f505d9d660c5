"""What other sites load: the element's script, the frame."""

import gzip
import re
import shutil
import subprocess
from urllib.parse import urlsplit

import lxml.html
import pytest
import pytest_asyncio

from feedhub.views.page_template import static_file
from feedhub.views.widget_versions import NEWEST, RELEASED, integrity, lean, released_script
from views.page_rules import faults
from web.pages_served import served

SOURCE = static_file("feedhub.js").decode()
SCRIPT = lean(SOURCE)


@pytest_asyncio.fixture
async def city(sqlite_url):
    async with served(sqlite_url) as running:
        yield running


async def test_script_is_for_every_site(city):
    answer = await city.get("/widget/v1/feedhub.js", Origin="https://rw03.example")
    assert answer.status_code == 200
    assert answer.text == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "etag" in answer.headers


async def test_a_released_script_never_changes_its_address_or_bytes(city):
    for version, pinned in RELEASED.items():
        answer = await city.get(f"/widget/{version}/feedhub.js")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert integrity(answer.content) == pinned


def test_what_moves_is_the_newest_release_and_the_source_differs_from_it_by_comments_only():
    newest = released_script(NEWEST).decode()
    assert newest == SCRIPT, f"feedhub.js changed: give it a new version; its row is {integrity(SCRIPT.encode())!r}"


async def test_an_unknown_release_is_answered_with_the_newest(city):
    answer = await city.get("/widget/0.9.9/feedhub.js")
    assert answer.status_code == 404
    assert NEWEST in answer.json()["detail"]
    assert (await city.get("/widget/v2/feedhub.js")).status_code == 404


async def test_frame_shows_the_filtered_posts_in_any_site_without_script(city):
    answer = await city.get("/embed?department=dinkes&kind=service&limit=1&nonsense=1")
    page = lxml.html.document_fromstring(answer.text)
    assert answer.status_code == 200
    assert faults(answer.text, host=urlsplit(city.url).netloc) == []
    assert len(page.xpath("//article")) == 1
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in (await city.get("/")).headers["content-security-policy"]
    assert not page.xpath("//script[not(@src)]")
    assert page.xpath("//a/@href")[-1] == f"{city.url}/search?department=dinkes&kind=service"


async def test_frame_shows_five_posts_unless_told_otherwise(city):
    page = lxml.html.document_fromstring((await city.get("/embed")).text)
    assert len(page.xpath("//article")) == 5


async def test_snippets_on_the_widget_page_work_as_they_stand(city):
    page = lxml.html.document_fromstring((await city.get("/widget")).text)
    snippets = {one.get("aria-labelledby"): one.text_content() for one in page.xpath("//pre")}
    element, frame = snippets["element"], snippets["iframe"]
    script = re.search(r'src="([^"]+)"', element)[1]
    assert (await city.client.get(script)).text == SCRIPT
    framed = lxml.html.fromstring(frame).get("src")
    assert (await city.client.get(framed)).status_code == 200


async def test_the_scripts_own_question_is_answered(city):
    answer = await city.get("/api/v1/posts?department=dinkes&limit=5", Origin="https://rw03.example")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert {"url", "title", "summary", "kinds", "published_at", "department", "media", "notice"} <= answer.json()[
        "posts"
    ][0].keys()


def test_script_is_small():
    assert len(gzip.compress(SCRIPT.encode(), 9)) <= 10 * 1024


@pytest.mark.parametrize(
    "word",
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "localStorage",
        "sessionStorage",
        "document.cookie",
        ".style.",
        'setAttribute("style"',
        "import(",
        "XMLHttpRequest",
    ],
)
def test_script_does_without(word):
    assert word not in SCRIPT


def test_script_names_no_host():
    assert set(re.findall(r"https?://[a-z][^\"]*", SCRIPT)) == {"http://www.w3.org/2000/svg"}  # a name, no address


@pytest.mark.skipif(shutil.which("node") is None, reason="no JavaScript engine to read the script with")
def test_script_can_be_read_by_an_engine():
    read = subprocess.run(["node", "--check", "-"], input=SCRIPT, text=True, capture_output=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")


BUILT = "/widget?department=dinkes&kind=service&layout=grid&limit=3&accent=777777"


async def test_builder_keeps_every_rule_of_pages_in_both_languages(city):
    for path in (BUILT, f"/en{BUILT}"):
        answer = await city.get(path)
        allowed = {"<script>", "<iframe>"}  # its own script, and the previews
        assert set(faults(answer.text, host=urlsplit(city.url).netloc)) <= allowed
        page = lxml.html.document_fromstring(answer.text)
        assert page.xpath("//input[@checked]/@value") == ["dinkes", "service"]
        assert "4.5" in page.text_content() or "4,5" in page.text_content()  # the accent is hard to read


async def test_builders_frames_and_files_are_there(city):
    page = lxml.html.document_fromstring((await city.get(BUILT)).text)
    for address in {*page.xpath("//iframe/@src"), *page.xpath("//a[@download]/@href"), *page.xpath("//script/@src")}:
        assert (await city.get(address)).status_code == 200
    sheet = await city.get("/widget/frame.css?accent=00529b&text=red%7D")
    assert "--feedhub-accent: #00529b" in sheet.text
    assert "red}" not in sheet.text


async def test_pinned_snippet_pins_what_it_names(city):
    page = lxml.html.document_fromstring((await city.get("/widget")).text)
    pinned = page.xpath("//pre[@aria-labelledby='pinned']")[0].text_content()
    script = lxml.html.fragment_fromstring(pinned, create_parent=True).xpath(".//script")[0]
    answer = await city.client.get(script.get("src"))
    assert integrity(answer.content) == script.get("integrity")
