"""A feed is a feed to programs and a page to people."""

import pytest

FEEDS = [("/feed.rss", "application/rss+xml"), ("/departments/dinkes/feed.atom", "application/atom+xml")]


@pytest.mark.parametrize(("path", "own"), FEEDS)
async def test_browser_gets_a_feed_under_a_type_that_it_shows(room, path, own):
    program = await room.get(path)
    person = await room.get(path, sec_fetch_dest="document")
    script = await room.get(path, sec_fetch_dest="empty")
    assert program.headers["content-type"] == script.headers["content-type"] == f"{own}; charset=utf-8"
    assert person.headers["content-type"] == "application/xml; charset=utf-8"
    assert person.content == program.content
    assert {one.headers["vary"] for one in (program, person, script)} == {"Accept-Encoding, Sec-Fetch-Dest"}


async def test_feed_names_its_style_and_leads_to_the_ways_to_follow_it(room):
    text = (await room.get("/departments/dinkes/feed.rss")).text
    style = text.split('type="text/css" href="')[1].split('"')[0]
    answer = await room.get(style)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["cache-control"]
    assert 'href="https://kabar.example/follow?department=dinkes"' in text
    assert (await room.get("/follow?department=dinkes")).status_code == 200


async def test_other_answers_stay_as_they_are(room):
    for path in ("/feed.json", "/", "/feed.rss?kind=gossip"):
        plain, opened = await room.get(path), await room.get(path, sec_fetch_dest="document")
        assert plain.headers["content-type"] == opened.headers["content-type"], path
