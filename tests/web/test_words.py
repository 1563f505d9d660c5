"""The pages that explain and the lists of acts, over HTTP; the example for newsrooms against the real feed."""

import asyncio
import csv
import io
import json
import re
import sys

import lxml.html
import pytest

from feedhub.store.desk import withdraw_post
from feedhub.store.session import open_store
from views.made_pages import FLOOD, GONE, HOSTILE, POSTS
from web.newsroom import numbered
from web.pages_served import served

PATHS = ("/about", "/ethics", "/privacy", "/newsrooms", "/webmasters", "/corrections", "/log")


@pytest.mark.parametrize("path", PATHS)
async def test_pages_that_explain_speak_both_languages(room, path):
    for prefix, language in (("", "id"), ("/en", "en")):
        answer = await room.get(prefix + path)
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text


async def test_corrections_page_through_what_was_withdrawn(newsroom):
    for number in range(3):
        await newsroom.withdraw(numbered(number), reason=f"Alasan {number}.")
    page = await newsroom.until("/corrections", lambda answer: "Alasan 2." in answer.text)
    assert page.text.index("Alasan 2.") < page.text.index("Alasan 0.")
    assert "Kabar 2" not in page.text
    older = await newsroom.get("/corrections?before=1")
    assert "Alasan" not in older.text
    assert "Alasan 0." in (await newsroom.get("/log")).text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "1.5"])
async def test_odd_cursors_are_refused_in_words(room, before):
    answer = await room.get(f"/corrections?before={before}")
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")


async def test_ethics_counts_from_the_store(newsroom):
    await newsroom.withdraw(numbered(1))
    page = await newsroom.until("/ethics", lambda answer: "penarikan 1" in answer.text)
    assert "Sudah diperiksa: 0 dari 2 akun." in page.text


async def test_the_example_for_newsrooms_follows_every_change(sqlite_url, tmp_path):
    """The very program that the page shows, asking once."""
    async with served(sqlite_url) as city:
        page = lxml.html.document_fromstring((await city.get("/newsrooms")).text)
        program = page.xpath("//pre[@aria-labelledby='with-python']")[0].text_content()
        program, endless = re.subn(r"while True:.*", "follow()", program, flags=re.DOTALL)
        assert endless == 1

        async def followed():
            run = await asyncio.create_subprocess_exec(sys.executable, "-c", program, cwd=tmp_path)
            assert await asyncio.wait_for(run.wait(), 30) == 0
            return json.loads((tmp_path / "feedhub.json").read_text())["posts"].keys()

        every = {str(one.id) for one in (*POSTS, *HOSTILE)}
        assert await followed() == every
        store = open_store(sqlite_url)
        await store.write(withdraw_post, FLOOD.id, notice=GONE.notice)
        await store.close()
        await asyncio.sleep(1.5)  # at most so long the server holds an older answer
        assert await followed() == every - {str(FLOOD.id)}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?state=waiting", 2),
        ("?state=failing,silent", 0),
        ("?platform=mastodon", 1),
        ("?department=dinkes", 1),
    ],
)
async def test_status_is_a_page_and_a_table_of_the_same_accounts(newsroom, query, count):
    page, table = await newsroom.get("/status" + query), await newsroom.get("/status.csv" + query)
    assert table.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert len(list(csv.DictReader(io.StringIO(table.text)))) == count
    links = lxml.html.document_fromstring(page.text).xpath("//table//a[starts-with(@href, '/accounts/')]")
    assert len(links) == count


@pytest.mark.parametrize("path", ["/status?state=sleeping", "/status.csv?state=sleeping", "/status?platform=gosip"])
async def test_states_and_platforms_that_nobody_knows_are_named(room, path):
    answer = await room.get(path)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem" if "csv" in path else "text/html")


async def test_an_address_is_found_in_the_message_that_was_pasted(room):
    page = await room.get("/verify?url=Apakah+ini+benar%3F+https://dinkes.example/feed.+Tolong+dicek")
    plain = await room.get("/verify?url=https://dinkes.example/feed")
    verdicts = [lxml.html.document_fromstring(one.text).get_element_by_id("verdict") for one in (page, plain)]
    assert len({lxml.html.tostring(one.getparent()) for one in verdicts}) == 1
    assert "Dinas Kesehatan" in page.text
